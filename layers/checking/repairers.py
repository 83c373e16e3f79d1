"""What repairs a finding of each rule that can be repaired safely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from layers.checking.edges import GRAIN_M
from layers.checking.model import Hits
from layers.checking.neighbours import areas_of
from layers.checking.overlaps import mean_width
from layers.checking.repairs import Bench, NotSafeError, Repairer
from layers.checking.ring_repairs import repeated, spikes, without_vertices
from layers.words import _


def _repeated_vertices(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    rule = bench.report.rules[hits.rule]
    bench.take_shape(row, without_vertices(bench.shape(row), repeated(rule), bench.source.factors), number)


def _spike(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    rules = bench.report.rules
    near = rules["geometry.repeated_vertex"].number("distance_m")
    before = bench.shape(row)
    after = without_vertices(before, spikes(rules[hits.rule], near), bench.source.factors)
    if after is not None and not _free_to_change(bench, row, before, after):
        raise NotSafeError(_("A neighbour runs along the spike: a gap or an overlap would come about."))
    bench.take_shape(row, after, number)


def _free_to_change(bench: Bench, row: int, before: Any, after: Any) -> bool:
    """Tell whether no neighbour shares a vertex that goes."""
    gone = np.array(
        sorted(
            set(map(tuple, shapely.get_coordinates(before))) - set(map(tuple, shapely.get_coordinates(after)))
        )
    )
    if not len(gone):
        return True
    points = np.atleast_1d(np.asarray(shapely.points(gone)))
    reach = GRAIN_M / min(bench.source.factors)
    for other in bench.others_near(shapely.multipoints(points), row):
        if (shapely.distance(points, other) <= reach).any():
            return False
    return True


def _invalid(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    shape = bench.shape(row)
    if shapely.has_z(shape):
        raise NotSafeError(_("The shape has heights, which a repair would lose."))
    bench.take_shape(
        row, areas_of(shapely.make_valid(shape, method="structure", keep_collapsed=False)), number
    )


def _tiny_hole(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    box = shapely.box(*hits.boxes[place])
    kept, filled = [], False
    for part in shapely.get_parts(bench.shape(row)):
        outer, *holes = shapely.get_rings(part)
        inside = [hole for hole in holes if shapely.covers(box, hole)]
        for hole in inside:
            ground = shapely.Polygon(hole)
            if any(
                shapely.relate_pattern(ground, other, "T********") for other in bench.others_near(hole, row)
            ):
                raise NotSafeError(_("Another feature lies in the hole."))
        filled |= bool(inside)
        kept.append(shapely.Polygon(outer, [hole for hole in holes if hole not in inside]))
    if not filled:
        raise NotSafeError(_("The hole is no longer there."))
    bench.take_shape(row, kept[0] if len(kept) == 1 else shapely.multipolygons(kept), number)


def _gap(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    rule = bench.report.rules[hits.rule]
    if row < 0 or hits.shapes is None:
        raise NotSafeError(_("No feature runs along the gap."))
    gap = hits.shapes[place]
    grounds = shapely.transform(gap, lambda coords: coords * np.array(bench.source.factors))
    if float(mean_width(np.array([grounds]))[0]) > rule.number("fill_width_m"):
        raise NotSafeError(
            _("The gap is wider than {width} m: a feature may be missing there.").format(
                width=f"{rule.number('fill_width_m'):g}"
            )
        )
    shape = bench.shape(row)
    _flat(shape)
    after = shapely.union(shape, gap)
    if shapely.get_num_geometries(after) > shapely.get_num_geometries(shape):
        raise NotSafeError(_("The gap does not join the feature along an edge."))
    bench.take_shape(row, after, number)


def _overlap(bench: Bench, hits: Hits, place: int, number: int) -> None:
    rows = [int(hits.rows[place]), int(hits.others[place])]
    areas = [bench.shape(row).area for row in rows]
    cut = int(np.argmax(areas)) if bench.choices.cut_larger else int(np.argmin(areas))
    row, other = rows[cut], rows[1 - cut]
    shape = bench.shape(row)
    _flat(shape)
    if not (shapely.is_valid(shape) and shapely.is_valid(bench.shape(other))):
        raise NotSafeError(_("One of the shapes is invalid; repair that first."))
    after = areas_of(shapely.difference(shape, bench.shape(other)))
    if shapely.get_num_geometries(after) > shapely.get_num_geometries(shape):
        raise NotSafeError(_("The feature would fall into pieces."))
    bench.take_shape(row, after, number)


def _flat(shape: Any) -> None:
    if shapely.has_z(shape):
        raise NotSafeError(_("The shape has heights, which a repair would lose."))


def _blank_ends(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    value = bench.value(row, hits.field)
    if not isinstance(value, str) or value == value.strip():
        raise NotSafeError(_("The value was changed meanwhile."))
    bench.take_value(row, hits.field, value.strip(), number)


def _as_wanted(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    value = bench.value(row, hits.field)
    wanted = "" if hits.wanted is None else hits.wanted[place]
    if not wanted:
        raise NotSafeError(_("Nothing tells what should stand there."))
    if value is not None and str(value) == wanted:
        raise NotSafeError(_("The value was changed meanwhile."))
    bench.take_value(row, hits.field, wanted, number)


def _sum(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    bench.value(row, hits.field)
    if hits.wanted is None:
        raise NotSafeError(_("Nothing tells what should stand there."))
    bench.take_value(row, hits.field, float(hits.wanted[place]), number)


REPAIRERS: Mapping[str, Repairer] = {
    "attribute.blank_ends": _blank_ends,
    "class.lost_zero": _as_wanted,
    "class.written_otherwise": _as_wanted,
    "class.name_differs": _as_wanted,
    "area.deducted": _sum,
    "area.net": _sum,
    "geometry.invalid": _invalid,
    "geometry.repeated_vertex": _repeated_vertices,
    "geometry.spike": _spike,
    "geometry.tiny_hole": _tiny_hole,
    "topology.overlap": _overlap,
    "topology.gap": _gap,
}
"""By the key of the rule; what is not here is left to a person."""
