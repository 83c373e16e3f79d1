"""Change between two dates: what became of every parcel, and the land that went from class to class.

How odd input is handled:

- **Land outside the other date's data** stands in a row or column of its own, on a border too: a parcel that
  crosses it is cut there.
- **Parcels of one date over each other** are named. In the matrix land counts to the parcel that came in
  first; what the other measures more stands in the row of differences.
- **Zones over each other**: the per-zone table counts land in each, the total counts it once, and a row lists
  the deduction; they are named. Empty zones stand with 0; a piece on the border of zones counts in each with
  its part.
- **A layer without its class field** is refused by name. Missing classes (None, NaN) stand as “unclassified”
  and differ from every class but that; unknown codes are kept as they stand and named.
- **Two standards**: classes are compared by the published table between them and that is said; where there is
  none, the layers are refused. Rows of the matrix stay in the earlier, columns in the later standard.
- **Geographic coordinates**: both dates are cut in the plane of the earlier layer, or in the project's.
- **Broken shapes** are repaired for the computation and named; a parcel **without a shape** has no land and
  is gone (or new), and is named. **NaN in coordinates** is refused by layer and parcel.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from layers.classification import land_class3_rules
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.change.by_zone import cut_by_zones, kind_titles, zone_lines, zones_table
from zsgis.analysis.change.classes import FULL, TwoStandards, require_comparable
from zsgis.analysis.change.matrix import matrix_chart, matrix_of, matrix_table, shown_titles
from zsgis.analysis.change.method import change_findings, facts, method, rule_versions
from zsgis.analysis.change.model import Changes, Dated
from zsgis.analysis.change.parameters import ChangeParameters
from zsgis.analysis.change.pictures import change_map, fates_chart
from zsgis.analysis.change.pieces import changes
from zsgis.analysis.change.reading import dates_finding, read_dated, two_layers
from zsgis.analysis.change.tables import construction_table, fates_table, parcels_table, transitions_table
from zsgis.analysis.classes import class_findings, class_standard
from zsgis.analysis.layers_used import unsigned_record
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import (
    Measuring,
    UsedLayer,
    Zones,
    basis_words,
    chosen_among,
    find_zones,
    measuring_of,
    read_zones,
    signed,
    zone_findings,
    zone_name_findings,
    zones_note,
)
from zsgis.capability import Capability, Parameters
from zsgis.printed_balance import Figure, PrintedTable, PrintedUnit, printed_unit
from zsgis.result import Adjustment, Finding, Result, Table

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Change of land between two dates")


def compute(
    earlier: Dated,
    later: Dated,
    zones: Zones | None,
    two: TwoStandards,
    how: Measuring,
    *,
    parameters: ChangeParameters,
    progress: Progress,
) -> Result:
    """Return what changed between two dates: matrix, fates, new construction land, by zone.

    Reads nothing and changes nothing; the run record holds method and rules, and no inputs yet.
    """
    found = changes(earlier, later, two, how, parameters.tolerance_m, ProgressPart(progress, 0.0, 0.7))
    unit = printed_unit(parameters.unit, parameters.digits)
    notes = (_("Area basis: {basis}.").format(basis=basis_words(how.basis)),)
    matrix = matrix_of(found)
    progress.step(0.72, _("Balancing the printed tables"))
    first, printed = matrix_table(found, matrix, unit, _("Transition of classes"), notes)
    fate_rows = fates_table(found, unit, _("Fate of the parcels"), notes)
    tables = [
        first,
        fate_rows,
        transitions_table(found, matrix, unit, _("Transitions, the largest first"), notes),
        construction_table(found, matrix, unit, _("New construction land"), notes),
    ]
    moved = _moved("matrix", printed, *shown_titles(found, matrix))
    of_zones: tuple[Finding, ...] = ()
    if zones is not None:
        by_zone, also_moved, of_zones = _by_zone(
            found, zones, how, unit, (*notes, zones_note()), ProgressPart(progress, 0.75, 0.97)
        )
        tables.append(by_zone)
        moved += also_moved
    tables.append(parcels_table(found, unit, parameters.listed, _("Changed parcels"), notes))
    return Result(
        capability="change",
        title=_(TITLE),
        tables=tuple(tables),
        findings=(
            *of_zones,
            *change_findings(found, parameters.listed),
            *class_findings(earlier.features, earlier.codes, two.earlier),
            *class_findings(later.features, later.codes, two.later),
        ),
        adjustments=tuple(moved),
        run=unsigned_record((), method(found, how), rule_versions(found, how)),
        facts={"area_basis": how.basis.value, **facts(found, matrix)},
        charts=(matrix_chart(found, matrix, printed, _("Transition of classes")), fates_chart(fate_rows)),
        maps=(change_map(found, how.plane, unit),),
    )


def _by_zone(
    found: Changes,
    zones: Zones,
    how: Measuring,
    unit: PrintedUnit,
    notes: tuple[str, ...],
    progress: Progress,
) -> tuple[Table, list[Adjustment], tuple[Finding, ...]]:
    measured = cut_by_zones(found, zones, how, progress)
    lines = zone_lines(found, zones, measured)
    table, printed = zones_table(found, lines, unit, _("Change by zone"), notes)
    names = (*(line.name for line in lines.lines), total_name())
    told = (*zone_name_findings(zones), *zone_findings(zones, measured))
    return table, _moved("zones", printed, names, kind_titles()), told


def _moved(
    key: str, printed: PrintedTable, rows: tuple[str, ...], columns: tuple[str, ...]
) -> list[Adjustment]:
    """Return what balance moved in a printed table."""
    out = []
    for change in printed.changed():
        item = rows[change.row] if change.row >= 0 else total_name()
        if change.figure in (Figure.CELL, Figure.COLUMN):
            item = f"{item} · {columns[change.column]}"
        unit = printed.unit
        before, after = unit.value(change.before), unit.value(change.after)
        out.append(Adjustment(key, item, unit.title, before, after))
    return out


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compare two layers of a project."""
    assert isinstance(parameters, ChangeParameters)  # noqa: S101 - the registry pairs the two
    earlier_info, later_info, by_age = two_layers(project, parameters)
    zones_info = find_zones(project, parameters.zones, (earlier_info.kind, later_info.kind))
    how = measuring_of(project, parameters, earlier_info, later_info, zones_info)
    two = TwoStandards(
        class_standard(project, earlier_info),
        class_standard(project, later_info),
        FULL if parameters.level == "full" else int(parameters.level),
        land_class3_rules(),
    )
    require_comparable(two.earlier, two.later)
    earlier = read_dated(project, earlier_info, two.earlier)
    progress.step(0.05)
    later = read_dated(project, later_info, two.later)
    zones = None if zones_info is None else read_zones(project, zones_info)
    progress.step(0.1)
    result = compute(
        earlier, later, zones, two, how, parameters=parameters, progress=ProgressPart(progress, 0.1, 0.97)
    )
    used = [UsedLayer("earlier", earlier_info, how.basis), UsedLayer("later", later_info, how.basis)]
    if zones_info is not None:
        used.insert(0, UsedLayer("zones", zones_info))
    done = signed(project, result, used, how.plane)
    chosen = [*chosen_among(project, zones_info, parameters.zones)]
    if by_age:
        chosen.insert(0, dates_finding(earlier_info, later_info))
    return dataclasses.replace(done, findings=(*chosen, *done.findings))


CAPABILITY = Capability(
    key="change",
    title=TITLE,
    summary=N_(
        "What became of every parcel between two dates, how much land went from which class to which, and "
        "how much construction land is new."
    ),
    stage="analysis",
    parameters=ChangeParameters,
    run=run,
)
