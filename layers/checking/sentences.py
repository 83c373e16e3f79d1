"""What a finding says: one sentence with the feature, the figure and what should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layers.checking.model import CheckFinding, IntArray
from layers.words import N_, _

_SENTENCES = {
    "attribute.missing_field": N_("The layer has no field “{field}”, which every feature must have."),
    "attribute.required": N_("{feature}: “{field}” is empty."),
    "attribute.type": N_("{feature}: “{field}” holds “{value}”; it must be {wanted}."),
    "attribute.length": N_("{feature}: “{field}” holds “{value}”, longer than {wanted}."),
    "attribute.blank_ends": N_("{feature}: “{field}” begins or ends with a blank."),
    "attribute.domain": N_("{feature}: “{field}” holds “{value}”; allowed are {wanted}."),
    "attribute.order": N_("{feature}: “{field}” {value} comes before, or is less than, {wanted}."),
    "class.no_standard": N_("No land-class standard is named for the layer, so its codes were not checked."),
    "class.lost_zero": N_("{feature}: code “{value}” has probably lost a zero; perhaps {wanted}."),
    "class.written_otherwise": N_("{feature}: code “{value}” is written {wanted} in the standard."),
    "class.other_version": N_("{feature}: code “{value}” is not in the standard; it belongs to {wanted}."),
    "class.unknown": N_("{feature}: code “{value}” is not in the standard."),
    "class.name_differs": N_("{feature}: “{value}”; the code means {wanted}."),
    "key.duplicate": N_("{feature}: “{field}” {value} stands at {other} already."),
    "key.doubled_uid": N_("{feature}: its identifier {value} stands in layer “{wanted}” too."),
    "area.recorded": N_("{feature}: “{field}” {value} m², measured {wanted} m², {figure} m² apart."),
    "area.deducted": N_("{feature}: “{field}” {value} m²; area times share is {wanted} m²."),
    "area.net": N_("{feature}: “{field}” {value} m²; area less deduction is {wanted} m²."),
    "geometry.missing": N_("{feature} has no shape."),
    "geometry.not_finite": N_("{feature} has a coordinate that is no number."),
    "geometry.invalid": N_("{feature}: {value}."),
    "geometry.repeated_vertex": N_("{feature}: {figure} vertices are there twice."),
    "geometry.spike": N_("{feature}: a spike {figure} m wide."),
    "geometry.sliver": N_("{feature} is only {figure} m wide on average."),
    "geometry.tiny_hole": N_("{feature}: a hole of {figure} m²."),
    "geometry.multipart": N_("{feature} consists of {figure} parts."),
    "geometry.below_minimum": N_("{feature}: {figure} m², less than the {wanted} m² its class is mapped at."),
    "topology.identical": N_("{feature} has the very shape of {other}, {figure} m²."),
    "topology.overlap": N_("{feature} and {other} overlap by {figure} m²."),
    "topology.gap": N_("Between {feature} and {other} is a gap of {figure} m², {value}."),
    "topology.unmatched_vertices": N_(
        "At {figure} places neighbours differ by less than counts: a vertex of one is missing in the other."
    ),
    "topology.island_alike": N_(
        "{other} fills a hole of {feature}, {figure} m², and has the same class and owner: they may be one."
    ),
    "topology.island": N_("A hole of {feature} is filled exactly by {other}, {figure} m²."),
    "extent.city": N_("{feature} reaches beyond the city's limits."),
    "extent.boundary": N_("{feature} reaches {figure} m² beyond the boundary."),
}
_DIGITS = {"m2": 2, "m": 3, "parts": 0, "vertices": 0, "places": 0, "features": 0}
_RUNS_LISTED = 400
_LISTED_IN_TEXT = 60


def sentence(finding: CheckFinding) -> CheckFinding:
    """Return a finding with its sentence in the user's language."""
    text = _(_SENTENCES[finding.rule]).format(
        feature=called(finding.row, finding.name),
        other=called(finding.other_row, finding.other_name),
        field=finding.field,
        value=finding.value,
        wanted=finding.wanted,
        figure=figure_text(finding.figure, finding.unit),
    )
    if finding.rule == "extent.city" and finding.row < 0:
        text = _("{count} features reach beyond the city's limits: no. {rows}.").format(
            count=figure_text(finding.figure, finding.unit), rows=_cut(finding.value)
        )
    if finding.rule == "topology.island" and finding.row < 0:
        text = _("{count} holes are each filled exactly by another feature, as islands are.").format(
            count=figure_text(finding.figure, finding.unit)
        )
    if finding.rule == "topology.gap" and finding.other_row < 0:
        text = _("{feature} encloses a gap of {figure} m², {value}.").format(
            feature=called(finding.row, finding.name),
            figure=figure_text(finding.figure, finding.unit),
            value=finding.value,
        )
    if finding.rule == "class.unknown" and finding.wanted:
        text += _(" It may be read as {code}.").format(code=finding.wanted)
    if finding.rule == "class.no_standard" and finding.wanted:
        text += _(" Most of them are in {standard}.").format(standard=finding.wanted)
    return replace(finding, text=text)


def called(row: int, name: str) -> str:
    """Return what a feature is called: its name and its number, or its number alone."""
    if row < 0:
        return _("the outside")
    number = _("no. {number}").format(number=f"{row + 1}")
    return f"{name}（{number}）" if name else number


def row_list(rows: IntArray) -> str:
    """Return numbers of features, counted from 1, runs as 3-17; beyond 400 runs the others are counted.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        From 0, ascending.
    """
    starts = np.flatnonzero(np.diff(rows, prepend=rows[:1] - 2) != 1)
    ends = np.append(starts[1:], len(rows)) - 1
    firsts, lasts = (rows[starts] + 1).tolist(), (rows[ends] + 1).tolist()
    runs = [f"{one}" if one == last else f"{one}-{last}" for one, last in zip(firsts, lasts, strict=True)]
    named = "、".join(runs[:_RUNS_LISTED])
    if len(runs) <= _RUNS_LISTED:
        return named
    more = int(len(rows) - starts[_RUNS_LISTED])
    return _("{rows} and {count} more features").format(rows=named, count=f"{more:,}")


def _cut(text: str) -> str:
    """Return the beginning of a list, whole entries only."""
    if len(text) <= _LISTED_IN_TEXT:
        return text
    return f"{text[:_LISTED_IN_TEXT].rpartition('、')[0]}…"


def figure_text(figure: float | None, unit: str) -> str:
    """Return a figure with the digits of its unit; empty for none."""
    return "" if figure is None else f"{figure:,.{_DIGITS.get(unit, 2)}f}"


def unit_text(unit: str) -> str:
    """Return what a figure's unit is called."""
    return {
        "m2": _("m²"),
        "m": _("m"),
        "parts": _("parts"),
        "vertices": _("vertices"),
        "places": _("places"),
        "features": _("features"),
    }.get(unit, unit)
