"""The classes of a style in the words of QGIS: its ``<renderer-v2>`` element.

QGIS knows single symbols, categories and ranges; everything that depends on the scale, and ranges beside
features that no range holds, are rules there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from layers.kind import Field, FieldType, GeometryType
from layers.style.model import ClassRule, Style, Symbol
from layers.style.qml_filters import class_filters, number_expression
from layers.style.qml_symbols import Levels, number_text, symbol_element
from layers.style.qml_texts import clean, holds
from layers.style.ranges import bounds_of
from layers.style.scales import spans
from layers.words import _

# QGIS reads no infinity
_ENDLESS = 1e300


@dataclass(frozen=True)
class _Entry:
    """One entry of a renderer."""

    title: str
    symbol: Symbol
    visible: bool = True
    value: str = ""
    bounds: tuple[float, float] = (0.0, 0.0)
    filter: str = ""
    scales: tuple[float | None, float | None] = (None, None)


def renderer(style: Style, geometry: GeometryType, fields: Mapping[str, Field]) -> Element:
    """Return the element; classes of a field that is not among the layer's are left out."""
    field = fields.get(style.class_field)
    rules = tuple(rule for rule in style.rules if holds(rule.value)) if field else ()
    if _needs_rules(style, rules, bool(field)):
        return _by_rules(style, rules, field, geometry)
    if field is None or not rules:
        element = Element(
            "renderer-v2", {"type": "singleSymbol", **_levels(geometry is GeometryType.POLYGON)}
        )
        SubElement(element, "symbols").append(symbol_element(style.symbol, geometry, "0", Levels()))
        return element
    if style.numeric:
        return _by_ranges(rules, field, geometry)
    return _by_values(style, rules, field, geometry)


def _needs_rules(style: Style, rules: Sequence[ClassRule], has_field: bool) -> bool:
    if style.other_scales or (not style.rest_visible and not rules):
        return True
    limited = any(
        rule.other_scales or rule.min_denominator is not None or rule.max_denominator is not None
        for rule in rules
    )
    return limited or (has_field and bool(rules) and style.numeric and style.rest_visible)


def _by_values(style: Style, rules: Sequence[ClassRule], field: Field, geometry: GeometryType) -> Element:
    entries = [
        _Entry(clean(rule.title) or value, rule.symbol, rule.visible, value)
        for value, rule in _told_by_value(rules, field).items()
    ]
    # QGIS gives the features that no rule names to the category without a value
    if style.rest_visible:
        entries.append(_Entry(_("Other classes"), style.symbol))
    element = Element(
        "renderer-v2", {"type": "categorizedSymbol", "attr": style.class_field, **_levels(True)}
    )
    categories = SubElement(element, "categories")
    for number, entry in enumerate(entries):
        values = {"value": entry.value, "type": "string", "label": entry.title, "symbol": str(number)}
        SubElement(categories, "category", {**values, "render": _truth(entry.visible)})
    element.append(_symbols(entries, geometry, rest_first=style.rest_visible))
    return element


def _by_ranges(rules: Sequence[ClassRule], field: Field, geometry: GeometryType) -> Element:
    attributes = {"type": "graduatedSymbol", "attr": number_expression(field), **_levels(True)}
    element = Element("renderer-v2", {**attributes, "graduatedMethod": "GraduatedColor"})
    ranges = SubElement(element, "ranges")
    entries = [_Entry(clean(rule.title), rule.symbol, rule.visible, bounds=bounds_of(rule)) for rule in rules]
    for number, entry in enumerate(entries):
        low, high = (repr(min(max(bound, -_ENDLESS), _ENDLESS)) for bound in entry.bounds)
        values = {"lower": low, "upper": high, "label": entry.title, "symbol": str(number)}
        SubElement(ranges, "range", {**values, "render": _truth(entry.visible)})
    element.append(_symbols(entries, geometry, rest_first=False))
    return element


def _by_rules(
    style: Style, rules: Sequence[ClassRule], field: Field | None, geometry: GeometryType
) -> Element:
    filters = class_filters(rules, field, numeric=style.numeric) if field and rules else ("",)
    entries = [
        _Entry(
            clean(rule.title) or rule.value,
            span.symbol,
            rule.visible,
            "",
            (0, 0),
            text,
            (span.low, span.high),
        )
        for rule, text in zip(rules, filters, strict=False)
        for span in spans(rule)
    ]
    scaled = style.model_copy(
        update={"min_denominator": None, "max_denominator": None}
    )  # the layer has these
    title = _("Other classes") if rules else ""
    entries[:0] = [
        _Entry(title, span.symbol, style.rest_visible, "", (0, 0), filters[-1], (span.low, span.high))
        for span in spans(scaled)
    ]
    element = Element("renderer-v2", {"type": "RuleRenderer", **_levels(True)})
    root = SubElement(element, "rules", {"key": "{zsgis}"})
    for number, entry in enumerate(entries):
        values = {"key": f"{{zsgis-{number}}}", "symbol": str(number), "label": entry.title}
        if entry.filter:
            values["filter"] = entry.filter
        for name, limit in zip(("scalemindenom", "scalemaxdenom"), entry.scales, strict=True):
            if limit is not None:
                values[name] = number_text(limit)
        if not entry.visible:
            values["checkstate"] = "0"
        SubElement(root, "rule", values)
    element.append(_symbols(entries, geometry, rest_first=False))
    return element


def _symbols(entries: Sequence[_Entry], geometry: GeometryType, *, rest_first: bool) -> Element:
    """Return the symbols of entries; what stands last is drawn first where it stands for all others."""
    symbols = Element("symbols")
    for number, entry in enumerate(entries):
        place = (number + 1) % len(entries) if rest_first else number
        symbols.append(symbol_element(entry.symbol, geometry, str(number), Levels(place, len(entries))))
    return symbols


def _told_by_value(rules: Sequence[ClassRule], field: Field) -> dict[str, ClassRule]:
    """Return the rules by the text under which QGIS meets their values; the last of several counts.

    The empty value stands for "all others" in QGIS, so a rule for empty text cannot be told there.
    """
    found = {rule.value: rule for rule in rules if rule.value}
    return {_value_text(value, field.type): rule for value, rule in found.items()}


def _value_text(value: str, kind: FieldType) -> str:
    """Return a class value as QGIS turns it into text."""
    if kind is FieldType.BOOLEAN:
        return value.lower()
    if kind is FieldType.NUMBER:
        return value.removesuffix(".0")
    return value


def _levels(used: bool) -> dict[str, str]:
    return {"symbollevels": _truth(used, "1", "0")}


def _truth(value: bool, yes: str = "true", no: str = "false") -> str:
    return yes if value else no
