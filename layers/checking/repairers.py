"""What repairs a finding of each rule that can be repaired safely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from layers.checking.areas import whole_cents
from layers.checking.classes import class_names
from layers.checking.edges import GRAIN_M
from layers.checking.model import Hits
from layers.checking.neighbours import areas_of
from layers.checking.overlaps import mean_width
from layers.checking.repairs import Bench, NotSafeError, Repairer
from layers.checking.ring_repairs import repeated, spike_at, without_vertices
from layers.field_terms import FEATURE_ID
from layers.kinds import kind
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
    factors = bench.source.factors
    chooser = spike_at(rules[hits.rule], near, hits.places[place] * np.array(factors))
    after = without_vertices(before, chooser, factors)
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
    if shapely.is_valid(shape):
        bench.settle(row, number)
        return
    _flat(shape)
    valid = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    bench.take_shape(row, areas_of(valid), number)


def _tiny_hole(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    box, reach = hits.boxes[place], GRAIN_M / min(bench.source.factors)
    kept, filled = [], False
    for part in shapely.get_parts(bench.shape(row)):
        outer, *holes = shapely.get_rings(part)
        inside = [hole for hole in holes if (np.abs(shapely.bounds(hole) - box) <= reach).all()]
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
    size = float(np.prod(bench.source.factors))
    if row < 0 or hits.shapes is None:
        raise NotSafeError(_("No feature runs along the gap."))
    gap = hits.shapes[place]
    if float(mean_width(np.array([_in_metres(bench, gap)]))[0]) > rule.number("fill_width_m"):
        raise NotSafeError(
            _("The gap is wider than {width} m: a feature may be missing there.").format(
                width=f"{rule.number('fill_width_m'):g}"
            )
        )
    shape = bench.shape(row)
    _flat(shape)
    if any(_shared(gap, other) * size >= rule.number("area_m2") for other in bench.others_near(gap, row)):
        raise NotSafeError(_("Another feature lies in the gap now."))
    if (gap.area - _shared(gap, shape)) * size < rule.number("area_m2"):
        raise NotSafeError(_("The fault is no longer there."))
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
    least = bench.report.rules[hits.rule].number("area_m2")
    if _shared(shape, bench.shape(other)) * float(np.prod(bench.source.factors)) < least:
        raise NotSafeError(_("The fault is no longer there."))
    after = areas_of(shapely.difference(shape, bench.shape(other)))
    if after.is_empty:
        raise NotSafeError(_("Nothing would be left of the shape."))
    if shapely.get_num_geometries(after) > shapely.get_num_geometries(shape):
        raise NotSafeError(_("The feature would fall into pieces."))
    if shapely.get_num_geometries(after) < shapely.get_num_geometries(shape):
        raise NotSafeError(_("The feature would lose a part."))
    bench.take_shape(row, after, number)


def _identical(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row, other = int(hits.rows[place]), int(hits.others[place])
    if not shapely.equals(bench.shape(row), bench.shape(other)):
        raise NotSafeError(_("The fault is no longer there."))
    own, kept = bench.features[row].values, bench.features[other].values
    differing = [
        name
        for name, value in own.items()
        if value is not None and value != kept.get(name) and name != FEATURE_ID.name
    ]
    if differing:
        names = "、".join(bench.report.aliases.get(name, name) for name in differing)
        raise NotSafeError(
            _("Other values stand in: {fields}. Deleting it would lose them.").format(fields=names)
        )
    bench.remove(row, other, number)


def _sliver(bench: Bench, hits: Hits, place: int, number: int) -> None:
    """Let the neighbour with the longest edge along a sliver take it in."""
    row = int(hits.rows[place])
    sliver = bench.shape(row)
    _flat(sliver)
    if float(mean_width(np.array([_in_metres(bench, sliver)]))[0]) >= bench.report.rules[hits.rule].number(
        "width_m"
    ):
        raise NotSafeError(_("The fault is no longer there."))
    edge = shapely.boundary(sliver)
    lengths = {
        uid: float(shapely.length(shapely.intersection(edge, shapely.boundary(other))))
        for uid, other in bench.named_near(sliver, row).items()
        if shapely.is_valid(other)
    }
    best = max(lengths, key=lambda uid: lengths[uid], default="")
    if not best or lengths[best] <= 0:
        raise NotSafeError(_("No neighbour has an edge along the sliver."))
    taker = bench.row_of(best)
    before = bench.shape(taker)
    _flat(before)
    after = shapely.union(before, sliver)
    if shapely.get_num_geometries(after) > shapely.get_num_geometries(before):
        raise NotSafeError(_("The sliver does not join its neighbour along an edge."))
    bench.take_shape(taker, after, number)
    bench.remove(row, taker, number)


def _in_metres(bench: Bench, shape: Any) -> Any:
    return shapely.transform(shape, lambda coords: coords * np.array(bench.source.factors))


def _flat(shape: Any) -> None:
    if shapely.has_z(shape):
        raise NotSafeError(_("The shape has heights, which a repair would lose."))


def _shared(one: Any, other: Any) -> float:
    """Return the area two shapes have in common, in the layer's own units."""
    if not shapely.is_valid(other):
        other = shapely.make_valid(other, method="structure", keep_collapsed=False)
    return float(shapely.intersection(one, other).area)


def _blank_ends(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    value = bench.value(row, hits.field)
    if not isinstance(value, str) or value == value.strip():
        raise NotSafeError(_("The value was changed meanwhile."))
    bench.take_value(row, hits.field, value.strip(), number)


def _code(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    stood, wanted = _told(hits, place)
    if str(bench.checked_value(row, hits.field)) != stood:
        raise NotSafeError(_("The value was changed meanwhile."))
    if bench.value(row, hits.field) == wanted:
        bench.settle(row, number)
        return
    bench.take_value(row, hits.field, wanted, number)


def _class_name(bench: Bench, hits: Hits, place: int, number: int) -> None:
    row = int(hits.rows[place])
    stood, wanted = _told(hits, place)
    code, name = (
        bench.checked_value(row, field) for field in (kind(bench.report.kind).class_field, hits.field)
    )
    if f"{code} {name}" != stood:
        raise NotSafeError(_("The value was changed meanwhile."))
    if str(name).strip() in class_names():
        raise NotSafeError(_("The name is that of another class: the code may be what is wrong."))
    bench.take_value(row, hits.field, wanted, number)


def _told(hits: Hits, place: int) -> tuple[str, str]:
    """Return what stood there when it was checked, and what should."""
    wanted = "" if hits.wanted is None else hits.wanted[place]
    if hits.values is None or not wanted:
        raise NotSafeError(_("Nothing tells what should stand there."))
    return hits.values[place], wanted


def _sum(bench: Bench, hits: Hits, place: int, number: int) -> None:
    """Reckon the deduction anew and what is left after it; both from the feature as it stands now."""
    row = int(hits.rows[place])
    if _area_is_off(bench, row):
        raise NotSafeError(_("The area itself differs from what is measured; decide that first."))
    names = ("survey_area_m2", "deducted_share", "deducted_area_m2", "net_class_area_m2")
    whole, share, taken, net = (_number(bench.value(row, name)) for name in names)
    if np.isnan(whole):
        raise NotSafeError(_("The value was changed meanwhile."))
    least = bench.report.rules[hits.rule].number("absolute_m2") + 1e-6
    changed = False
    if hits.field == "deducted_area_m2":
        wanted = _cents(whole * np.nan_to_num(share))
        if abs(np.nan_to_num(taken) - wanted) > least:
            bench.take_value(row, hits.field, wanted, number)
            taken, changed = wanted, True
    wanted = _cents(whole - float(np.nan_to_num(taken)))
    if abs(net - wanted) > least:
        bench.take_value(row, "net_class_area_m2", wanted, number)
        changed = True
    if not changed:
        bench.settle(row, number)


def _area_is_off(bench: Bench, row: int) -> bool:
    return any((one.rows == row).any() for one in bench.report.hits if one.rule == "area.recorded")


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _cents(area: float) -> float:
    return float(whole_cents(np.array([area]))[0])


REPAIRERS: Mapping[str, Repairer] = {
    "attribute.blank_ends": _blank_ends,
    "class.lost_zero": _code,
    "class.written_otherwise": _code,
    "class.name_differs": _class_name,
    "area.deducted": _sum,
    "area.net": _sum,
    "geometry.invalid": _invalid,
    "geometry.repeated_vertex": _repeated_vertices,
    "geometry.spike": _spike,
    "geometry.tiny_hole": _tiny_hole,
    "geometry.sliver": _sliver,
    "topology.identical": _identical,
    "topology.overlap": _overlap,
    "topology.gap": _gap,
}
"""By the key of the rule; what is not here is left to a person."""
