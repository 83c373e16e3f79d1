"""The red-line check as a bureau files it: 用地红线核查表, 界址点坐标成果表, 土地分类面积表."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from layers.crs import describe_crs
from layers.kind import AreaBasis
from layers.words import N_, _
from zsgis.analysis.zone_names import total_name
from zsgis.printed_balance import printed_unit
from zsgis.redline.land_tables import land_tables
from zsgis.redline.model import Line, LineRole, Outcome, RedlineReport, Section
from zsgis.redline.overlay_map import overlay_map
from zsgis.redline.printing import SHARE_DIGITS
from zsgis.redline.rules import Effect
from zsgis.result import Adjustment, Column, Result, Row, RowRole, Table

CHECK, POINTS = "redline_check", "redline_points"
"""Keys of the first two tables; those of land classes are called ``redline_land_1`` and so on."""

_BASES = {AreaBasis.PLANAR: N_("Planar"), AreaBasis.ELLIPSOIDAL: N_("Ellipsoidal")}
_EFFECTS = {Effect.INFO: Outcome.INFO, Effect.WARN: Outcome.WARN, Effect.FORBIDDEN: Outcome.FORBIDDEN}
_PARAMETERS = {
    "boundary": N_("Red line"),
    "layer": N_("Layer"),
    "place": N_("Feature of the file"),
    "taken_as": N_("Coordinates taken as"),
    "sliver_m2": N_("Sliver: smaller than (m²)"),
    "sliver_width_m": N_("Sliver: thinner than (m)"),
    "coordinate_digits": N_("Decimals of coordinates"),
    "side_digits": N_("Decimals of sides"),
    "ha_digits": N_("Decimals of hectares"),
    "zone_prefix": N_("Zone number before Y"),
    "boundary_layers": N_("Names of red-line layers"),
    "recorded_share": N_("Recorded area told from a share of"),
}


def report_result(report: RedlineReport) -> Result:
    """Return a report as tables with findings, the run and what balancing moved, for every kind of writer."""
    parameters = {
        _(_PARAMETERS.get(name, name)): "、".join(value) if isinstance(value, list) else value
        for name, value in report.run.parameters.items()
    }
    return Result(
        capability=report.run.capability,
        title=_("Red-line check: {name}").format(name=report.boundary.name),
        tables=(check_table(report), points_table(report), *land_tables(report, _notes(report))),
        findings=report.findings,
        adjustments=tuple(_adjustments(report)),
        run=dataclasses.replace(report.run, parameters=parameters),
        facts=report.facts,
        maps=(overlay_map(report),),
        demo=report.demo,
        schematic=report.schematic,
        secrecy=report.secrecy,
    )


def check_table(report: RedlineReport) -> Table:
    """Return 用地红线核查表: every section with its lines, its total and what it came to."""
    digits = report.rules.settings.ha_digits
    columns = (
        Column("number", _("Serial number")),
        Column("section", _("Checked")),
        Column("basis", _("Area basis")),
        Column("class", _("Class or item")),
        Column("ownership", _("Ownership")),
        Column("m2", _("Area"), _("m²"), 2),
        Column("ha", _("Area"), printed_unit("ha").title, digits),
        Column("percent", _("Share of the red line"), "%", SHARE_DIGITS),
        Column("count", _("Features"), "", 0),
        Column("outcome", _("Conclusion")),
        Column("source", _("Basis and remarks")),
    )
    rows = [
        row
        for number, section in enumerate(report.sections, start=1)
        for row in _section_rows(number, section, section_name(report, section), digits)
    ]
    return Table(CHECK, _("Red-line check of land"), columns, tuple(rows), _notes(report), whole=True)


def _section_rows(number: int, section: Section, name: str, digits: int) -> Iterator[Row]:
    head = {
        "number": str(number),
        "section": name,
        "basis": _(_BASES[section.basis]) if section.basis is not None else "",
        "source": "；".join(
            text.rstrip("。.") for text in (section.reason, section.clause, section.source) if text
        ),
    }
    if not section.checked or section.outcome is Outcome.CLEAR:
        # nothing lies there: the whole red line under “not touched” would read as a hit
        none = {} if not section.checked else {"m2": 0.0, "ha": 0.0, "percent": 0.0, "count": 0}
        words = {"class": "", "ownership": "", "outcome": section.outcome.words}
        yield Row({**head, **words, **none}, sources=_sources(section, ()))
        return
    for place, line in enumerate(section.lines):
        yield Row({**(head if place == 0 else {}), **_line_values(line)}, sources=_sources(section, [line]))
    if len(section.lines) > 1:
        lines = section.lines
        total = {
            "class": total_name(),
            "ownership": "",
            "m2": section.total_cents / 100,
            "ha": round(sum(line.ha for line in lines), digits),
            "percent": round(sum(line.percent for line in lines), SHARE_DIGITS),
            "count": len({uid for line in lines for uid in line.uids}),
            "outcome": section.outcome.words,
        }
        yield Row(total, RowRole.SUBTOTAL, _sources(section, lines))


def section_name(report: RedlineReport, section: Section) -> str:
    """Return a section's title, with its layer's name where several layers make such a section."""
    several = sum(each.key == section.key for each in report.sections) > 1
    return f"{section.title}（{section.layer.name}）" if several and section.layer else section.title


def _line_values(line: Line) -> dict[str, object]:
    return {
        "class": line.key.label,
        "ownership": line.ownership_words,
        "m2": line.m2,
        "ha": line.ha,
        "percent": line.percent,
        "count": line.count if line.role is LineRole.CLASS else None,
        "outcome": _line_outcome(line),
    }


def _line_outcome(line: Line) -> str:
    if line.sliver:
        return _("Sliver")
    if line.role is LineRole.CLASS or line.effect is not Effect.INFO:
        return _EFFECTS[line.effect].words
    return ""


def _sources(section: Section, lines: Sequence[Line]) -> dict[str, tuple[str, ...]]:
    if section.layer is None:
        return {}
    return {section.layer.uid: tuple(dict.fromkeys(uid for line in lines for uid in line.uids))}


def points_table(report: RedlineReport) -> Table:
    """Return 界址点坐标成果表: X north, Y east, sides from the printed points, each ring closed."""
    settings = report.rules.settings
    columns = (
        Column("ring", _("Ring")),
        Column("label", _("Point")),
        Column("x", _("X (north)"), _("m"), settings.coordinate_digits),
        Column("y", _("Y (east)"), _("m"), settings.coordinate_digits),
        Column("side", _("Side length"), _("m"), settings.side_digits),
    )
    rows: list[Row] = []
    for ring in report.rings:
        name = _("{number} (hole)").format(number=ring.number) if ring.hole else str(ring.number)
        for place, point in enumerate(ring.points):
            values: dict[str, object] = {
                "label": point.label,
                "x": point.x_north,
                "y": point.y_east,
                "side": point.side_m,
            }
            rows.append(Row({"ring": name, **values} if place == 0 else values))
        rows.append(Row({"label": _("Perimeter"), "side": ring.length_m}, RowRole.SUBTOTAL))
    notes = (
        _("Coordinate system: {crs}.").format(crs=describe_crs(report.points_crs)),
        *_area_notes(report),
        _("A side is the distance of its two points as printed; a ring ends with its first point."),
    )
    return Table(POINTS, _("Table of boundary points"), columns, tuple(rows), notes, whole=True)


def _notes(report: RedlineReport) -> tuple[str, ...]:
    source, settings = report.boundary.source, report.rules.settings
    file = f"{source.file} {source.layer}".strip() or _("drawn in the program")
    return (
        _("Red line: {name} ({file}).").format(name=report.boundary.name, file=file),
        *_area_notes(report),
        _("Rules: {title} {version} ({status}).").format(
            title=report.rules.title, version=report.rules.version, status=report.rules.status
        ),
        _("Pieces under {m2:g} m² and {metres:g} m wide are slivers: counted, no hit.").format(
            m2=settings.sliver_m2, metres=settings.sliver_width_m
        ),
    )


def _area_notes(report: RedlineReport) -> Iterator[str]:
    ha = printed_unit("ha", report.rules.settings.ha_digits)
    for basis, cents in (
        (AreaBasis.PLANAR, report.planar_cents),
        (AreaBasis.ELLIPSOIDAL, report.ellipsoidal_cents),
    ):
        yield _("Area of the red line, {basis}: {m2} m² ({ha} ha).").format(
            basis=_(_BASES[basis]),
            m2=f"{cents / 100:,.2f}",
            ha=f"{_alone(cents, ha.digits):.{ha.digits}f}",
        )


def _alone(cents: int, digits: int) -> float:
    """Return an area in hectares as it is rounded by itself."""
    import numpy as np

    unit = printed_unit("ha", digits)
    return unit.value(int(unit.half_up(np.array([cents], dtype=np.int64))[0]))


def _adjustments(report: RedlineReport) -> Iterator[Adjustment]:
    """Yield who got what: areas forced to the red line's own, then hectares moved so that they add up."""
    unit = printed_unit("ha", report.rules.settings.ha_digits)
    for section in report.sections:
        name = section_name(report, section)
        if abs(section.correction_m2) >= 0.005:
            whole = section.total_cents / 100
            before = round(whole - section.correction_m2, 4)
            yield Adjustment(CHECK, name, _("m²"), before, whole)
        for line in section.lines:
            alone = _alone(line.cents, unit.digits)
            if alone != line.ha:
                words = " · ".join(text for text in (name, line.key.label, line.ownership_words) if text)
                yield Adjustment(CHECK, words, unit.title, alone, line.ha)
