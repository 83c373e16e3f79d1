"""A layer's look as a QGIS style (QML), so that a project opens in QGIS with the symbols it has here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from layers.kind import Field, FieldType, GeometryType
from layers.style.model import ClassRule, LabelStyle, Style
from layers.style.qml_symbols import Levels, color_text, number_text, symbol_element
from layers.words import _

QGIS_VERSION = "3.22.0"
_GEOMETRY_NUMBERS = {GeometryType.POINT: "0", GeometryType.LINE: "1", GeometryType.POLYGON: "2"}
# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How QGIS is to place labels: around the point in the order of its list, or level at the middle.
_AROUND_POINT, _LEVEL = "6", "4"


def qml(style: Style, geometry: GeometryType, *, fields: Sequence[Field] = (), opacity: float = 1.0) -> str:
    """Return a style as the text of a QGIS style file, for QGIS 3.22 and later.

    Parameters
    ----------
    fields : sequence of Field
        The attributes of the layer; their aliases go into the style. Classes and labels taken from a
        field that is not among them are left out, as they are on our maps.
    opacity : float
        Of the whole layer, 0 to 1.
    """
    known = {field.name: field for field in fields if _holds(field.name)}
    label = style.label if style.label is not None and style.label.field in known else None
    root = Element("qgis", {"version": QGIS_VERSION, "labelsEnabled": "1" if label else "0"})
    root.append(_renderer(style, geometry, known))
    if label:
        root.append(_labeling(label, geometry, opacity))
    SubElement(root, "layerOpacity").text = number_text(opacity)
    aliases = SubElement(root, "aliases")
    for name, field in known.items():
        alias = _clean(field.alias)
        if alias and alias != name:
            SubElement(aliases, "alias", {"field": name, "name": alias})
    SubElement(root, "layerGeometryType").text = _GEOMETRY_NUMBERS[geometry]
    return tostring(root, encoding="unicode")


def _renderer(style: Style, geometry: GeometryType, fields: Mapping[str, Field]) -> Element:
    field = fields.get(style.class_field)
    rules = _rules(style.rules, field) if field else {}
    levels = {"symbollevels": "1" if geometry is GeometryType.POLYGON or rules else "0"}
    if not rules:
        renderer = Element("renderer-v2", {"type": "singleSymbol", **levels})
        symbols = SubElement(renderer, "symbols")
        symbols.append(symbol_element(style.symbol, geometry, "0", Levels()))
        return renderer
    renderer = Element("renderer-v2", {"type": "categorizedSymbol", "attr": style.class_field, **levels})
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    # QGIS gives the features that no rule names to the category without a value; it is drawn first
    listed = [(value, _clean(rule.title) or value, rule.symbol) for value, rule in rules.items()]
    listed.append(("", _("Other classes"), style.symbol))
    for number, (value, title, symbol) in enumerate(listed):
        name = str(number)
        values = {"value": value, "type": "string", "label": title, "symbol": name, "render": "true"}
        SubElement(categories, "category", values)
        place = (number + 1) % len(listed)
        symbols.append(symbol_element(symbol, geometry, name, Levels(place, len(listed))))
    return renderer


def _rules(rules: Sequence[ClassRule], field: Field) -> dict[str, ClassRule]:
    """Return the rules by the text under which QGIS meets their values; the last of several counts.

    The empty value stands for "all others" in QGIS, so a rule for empty text cannot be told there.
    """
    found = {rule.value: rule for rule in rules if rule.value and _holds(rule.value)}
    return {_value_text(value, field.type): rule for value, rule in found.items()}


def _value_text(value: str, kind: FieldType) -> str:
    """Return a class value as QGIS turns it into text."""
    if kind is FieldType.BOOLEAN:
        return value.lower()
    if kind is FieldType.NUMBER:
        return value.removesuffix(".0")
    return value


def _labeling(label: LabelStyle, geometry: GeometryType, opacity: float) -> Element:
    labeling = Element("labeling", {"type": "simple"})
    settings = SubElement(labeling, "settings", {"calloutType": "simple"})
    text = {
        "fieldName": label.field,
        "isExpression": "0",
        "fontSize": number_text(label.size_mm),
        "fontSizeUnit": "MM",
        "fontWeight": "75" if label.bold else "50",
        "textColor": color_text(label.color),
        "textOpacity": number_text(opacity),  # QGIS does not apply the layer's to its labels
    }
    # no font is named: the one QGIS itself uses on that computer can show Chinese
    halo = {
        "bufferDraw": "1" if label.halo and label.halo_mm > 0 else "0",
        "bufferSize": number_text(label.halo_mm),
        "bufferSizeUnits": "MM",
        "bufferColor": color_text(label.halo or "#FFFFFF"),
        "bufferOpacity": number_text(opacity),
        "bufferNoFill": "1",
        "bufferJoinStyle": "128",
    }
    SubElement(SubElement(settings, "text-style", text), "text-buffer", halo)
    around = geometry is GeometryType.POINT
    place = {"placement": _AROUND_POINT if around else _LEVEL, "dist": "0.5", "distUnits": "MM"}
    # larger words have their turn first; the distance counts from the symbol's edge
    place |= {"priority": str(min(round(2 * label.size_mm), 10)), "offsetType": "1" if around else "0"}
    SubElement(settings, "placement", place)
    limit = label.max_scale_denominator
    scale = {"scaleVisibility": "0" if limit is None else "1", "scaleMax": number_text(limit or 0.0)}
    # areas keep no other layer's labels away: they lie under all of the map
    obstacle = {"obstacle": "1" if around else "0"}
    SubElement(settings, "rendering", {**scale, **obstacle, "scaleMin": "0", "drawLabels": "1"})
    return labeling


def _holds(text: str) -> bool:
    """Tell whether XML can hold a text as it is."""
    return _NOT_XML.search(text) is None


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
