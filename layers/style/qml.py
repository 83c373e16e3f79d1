"""A layer's look as a QGIS style (QML), so that a project opens in QGIS with the symbols it has here."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from layers.kind import Field, GeometryType
from layers.style.model import LabelStyle, ScaleLimited, Style
from layers.style.qml_renderers import renderer
from layers.style.qml_symbols import color_text, number_text
from layers.style.qml_texts import clean, holds

QGIS_VERSION = "3.22.0"
_GEOMETRY_NUMBERS = {GeometryType.POINT: "0", GeometryType.LINE: "1", GeometryType.POLYGON: "2"}
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
    known = {field.name: field for field in fields if holds(field.name)}
    label = style.label if style.label is not None and style.label.field in known else None
    head = {"version": QGIS_VERSION, "labelsEnabled": "1" if label else "0", **_scales(style)}
    root = Element("qgis", head)
    root.append(renderer(style, geometry, known))
    if label:
        root.append(_labeling(label, geometry, opacity))
    SubElement(root, "layerOpacity").text = number_text(opacity)
    aliases = SubElement(root, "aliases")
    for name, field in known.items():
        alias = clean(field.alias)
        if alias and alias != name:
            SubElement(aliases, "alias", {"field": name, "name": alias})
    SubElement(root, "layerGeometryType").text = _GEOMETRY_NUMBERS[geometry]
    return tostring(root, encoding="unicode")


def _scales(limited: ScaleLimited) -> dict[str, str]:
    """Return the scales at which the whole layer is shown; the minimum of QGIS is the farther bound."""
    low, high = limited.min_denominator, limited.max_denominator
    if low is None and high is None:
        return {"hasScaleBasedVisibilityFlag": "0"}
    return {
        "hasScaleBasedVisibilityFlag": "1",
        "minScale": number_text(high or 0.0),
        "maxScale": number_text(low or 0.0),
    }


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
    # the distance counts from the symbol's edge
    place |= {"priority": str(label.priority), "offsetType": "1" if around else "0"}
    SubElement(settings, "placement", place)
    least, most = label.min_scale_denominator, label.max_scale_denominator
    # QGIS calls the range's smaller scale its minimum and writes it as scaleMax
    scale = {
        "scaleVisibility": "0" if least is None and most is None else "1",
        "scaleMin": number_text(least or 0.0),
        "scaleMax": number_text(most or 0.0),
    }
    # areas keep no other layer's labels away: they lie under all of the map
    obstacle = {"obstacle": "1" if around else "0"}
    SubElement(settings, "rendering", {**scale, **obstacle, "drawLabels": "1"})
    return labeling
