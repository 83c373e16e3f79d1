"""Places of the map in words: in the usual systems, and where typed coordinates are expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.coordinates import ZHONGSHAN, Region
from layers.crs import (
    GEOGRAPHIC_CGCS2000,
    coordinate_change,
    describe_crs,
    parse_crs,
    transform_points,
)
from layers.errors import CrsError
from layers.words import _

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.store import LayerInfo

_PAD_DEG = 0.02


def place_in(crs: CRS, x: float, y: float, target: CRS) -> tuple[float, float] | None:
    """Return a place in another system; None where it has none there, or only by guessing."""
    try:
        east, north = transform_points([x], [y], crs, target)
    except CrsError:
        return None
    return float(east[0]), float(north[0])


def expected_regions(layers: Sequence[LayerInfo]) -> tuple[Region, ...]:
    """Return where typed coordinates are expected, in degrees: Zhongshan, and where the layers lie."""
    degrees = parse_crs(GEOGRAPHIC_CGCS2000)
    regions = [ZHONGSHAN]
    for layer in layers:
        if layer.bounds is None:
            continue
        west, south, east, north = layer.bounds
        try:
            xs, ys = transform_points(
                [west, west, east, east], [south, north, south, north], layer.crs, degrees
            )
        except CrsError:
            continue
        regions.append(
            (
                float(xs.min()) - _PAD_DEG,
                float(ys.min()) - _PAD_DEG,
                float(xs.max()) + _PAD_DEG,
                float(ys.max()) + _PAD_DEG,
            )
        )
    return tuple(dict.fromkeys(regions))


def way_onto_map(crs: CRS, project_crs: CRS, layers: Sequence[LayerInfo]) -> tuple[str, bool]:
    """Return what happens to coordinates when the map is shown in a system, and whether it can be.

    It can where the project's own system leads there without guessing; layers that do not are named.
    """
    code = crs.to_epsg(min_confidence=100)
    head = f"{describe_crs(crs)}（EPSG {code}）" if code else describe_crs(crs)
    try:
        way = coordinate_change(project_crs, crs).description
    except CrsError as error:
        return f"{head}\n{error}", False
    lines = [head, way, _("Only the map is shown in it: layers keep their coordinates.")]
    if crs.is_geographic:
        lines.append(_("In degrees the map is stretched from east to west; measure in a plane system."))
    left = [layer.name for layer in layers if not _leads_to(layer.crs, crs)]
    if left:
        lines.append(_("These layers cannot be shown in it: {names}").format(names="、".join(left)))
    return "\n".join(lines), True


def _leads_to(source: CRS, target: CRS) -> bool:
    try:
        coordinate_change(source, target)
    except CrsError:
        return False
    return True
