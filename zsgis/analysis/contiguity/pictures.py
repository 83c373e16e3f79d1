"""Charts and map of contiguity: sizes as bars, groups coloured by size with the missing parcels marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.progress import Progress
from layers.words import _
from zsgis.analysis.contiguity.bridges import valid
from zsgis.analysis.contiguity.sizes import MISSING_COLOR
from zsgis.analysis.contiguity.tables import Grouped, group_name
from zsgis.analysis.uniting import united
from zsgis.charts import BarChart, Chart, MapClass, ResultMap, Series
from zsgis.overlay.chunks import run_chunks
from zsgis.result import Table

MISSING = "missing"
_BLOCK = 200


def size_charts(grouped: Grouped, sizes: Table) -> tuple[Chart, ...]:
    """Return the bars of area and number of groups by size class, as the table of sizes prints them."""
    unit = grouped.units[0]
    body = sizes.rows[: len(grouped.sizes)]
    colors = tuple(grouped.sizes.color(number) for number in range(len(grouped.sizes)))

    def bars(key: str, title: str, column: str, printed_unit: str, digits: int) -> BarChart:
        values = tuple(float(row.values[column]) for row in body)
        return BarChart(
            key=key,
            title=title,
            categories=grouped.sizes.names,
            series=(Series(title, values),),
            unit=printed_unit,
            digits=digits,
            colors=colors,
            category_title=_("Size of the group"),
        )

    return (
        bars("sizes_area", _("Land by size of its group"), f"area_{unit.key}", unit.title, unit.digits),
        bars("sizes_count", _("Number of groups by size"), "groups", "", 0),
    )


def groups_map(grouped: Grouped, plane: pyproj.CRS, progress: Progress) -> ResultMap:
    """Return the groups that count, coloured by size, and the missing parcels over them."""
    numbers = np.flatnonzero(grouped.groups.kept).tolist()
    sizes = grouped.sizes.of(grouped.groups.cents)
    unit = grouped.units[0]
    shapes = _shapes(grouped, numbers, progress)
    gaps = [each.place for each in grouped.missing]
    geometry = np.concatenate([shapes, valid(grouped.parcels.plane[gaps])])
    features = grouped.parcels.features

    def area(cents: int) -> float:
        return unit.value(int(unit.half_up(np.array([cents], dtype=np.int64))[0]))

    columns: dict[str, tuple[Any, ...]] = {
        _("Name"): (*map(group_name, numbers), *(features.names[place] for place in gaps)),
        _("Size of the group"): (*(str(sizes[n]) for n in numbers), *(MISSING for __ in gaps)),
        f"{_('Area')} ({unit.title})": (
            *(area(int(grouped.groups.cents[n])) for n in numbers),
            *(area(each.own_cents) for each in grouped.missing),
        ),
        f"{_('Gain')} ({unit.title})": (
            *(None for __ in numbers),
            *(area(each.gain_cents) for each in grouped.missing),
        ),
    }
    present = sorted({int(sizes[n]) for n in numbers})
    classes = [MapClass(str(n), grouped.sizes.names[n], grouped.sizes.color(n)) for n in present]
    if gaps:
        classes.append(MapClass(MISSING, _("Missing parcel that would join groups"), MISSING_COLOR))
    uids = features.uids
    return ResultMap(
        key="groups",
        title=_("Contiguous land"),
        crs=plane,
        geometry=geometry,
        columns=columns,
        color_by=_("Size of the group"),
        classes=tuple(classes),
        layer_uid=features.layer_uid,
        sources=(
            *(tuple(uids[p] for p in grouped.places(n).tolist()) for n in numbers),
            *((uids[place],) for place in gaps),
        ),
    )


def _shapes(grouped: Grouped, numbers: list[int], progress: Progress) -> NDArray[np.object_]:
    """Return each group as one shape."""

    def union(part: list[int]) -> list[Any]:
        return [united(valid(grouped.parcels.plane[grouped.places(number)])) for number in part]

    blocks = [numbers[start : start + _BLOCK] for start in range(0, len(numbers), _BLOCK)]
    out = np.empty(len(numbers), dtype=object)
    out[:] = [shape for block in run_chunks(union, blocks, progress) for shape in block]
    return out
