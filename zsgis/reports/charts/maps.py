"""Areas or cells of a result as a small map: classes in their colours, with legend and scale bar."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.words import _
from zsgis.charts import AreaLook, MapClass, ResultGrid, ResultMap
from zsgis.reports.charts.look import MM_PER_INCH, Look, font

if TYPE_CHECKING:
    import pyproj
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.patches import Patch
    from matplotlib.path import Path

_EDGE_WIDTH, _SEEN_WIDTH = 0.2, 0.5
_OUTLINE_WIDTH = 1.4
_HATCH, _OVER_WIDTH = "///", 0.8
# with more areas than this their edges would be all one sees
_MOST_EDGED = 3_000
# what is drawn smaller than this is not seen: a mark of this size stands for it
_LEAST_MM = 1.2
# what of a figure's width and height is left to a map beside its legend
_MAP_SHARE = (0.72, 0.85)
_CELLS_DRAWN = 1_500


def draw_map(axes: Axes, chart: ResultMap, look: Look) -> None:
    """Draw a result's areas into axes, each class in its colour, north up, both directions at one scale.

    An area too small to be seen at this size has a mark in its colour over it; where such areas are very
    many, all areas have a line in their colour instead.
    """
    values = np.array([str(value) for value in chart.columns[chart.color_by]], dtype=object)
    known = {entry.value for entry in chart.classes}
    groups = [(entry, values == entry.value) for entry in chart.classes]
    other = np.array([value not in known for value in values], dtype=bool)
    groups.append((MapClass("", _("Other"), look.no_class), other))
    small = _too_small(axes, chart.geometry)
    marked = 0 < int(small.sum()) <= _MOST_EDGED
    few = len(values) <= _MOST_EDGED
    width = _EDGE_WIDTH if few else _SEEN_WIDTH * bool(small.any())
    handles: list[Artist] = []
    for entry, mine in groups:
        if not mine.any():
            continue
        edge = look.ground if few else entry.color
        axes.add_collection(_areas(chart.geometry[mine], entry, edge, width))
        if marked and (mine & small).any():
            _mark(axes, chart.geometry[mine & small], entry.color)
        handles.append(_key(entry, look))
    if chart.outline is not None:
        handles.append(_outline(axes, chart))
    _finish(axes, handles, chart.crs, look)
    if marked:
        note = _("Squares stand for areas too small to be seen.")
        axes.text(
            1.0,
            -0.02,
            note,
            transform=axes.transAxes,
            ha="right",
            va="top",
            color=look.muted,
            fontproperties=font(7),
        )


def _areas(
    shapes: np.ndarray[Any, np.dtype[np.object_]], entry: MapClass, edge: str, width: float
) -> PathCollection:
    from matplotlib.collections import PathCollection

    paths = [path for shape in shapes if (path := _path(shape)) is not None]
    if entry.look is AreaLook.FILLED:
        return PathCollection(paths, facecolor=entry.color, edgecolor=edge, linewidth=width)
    return PathCollection(
        paths, facecolor="none", edgecolor=entry.color, linewidth=_OVER_WIDTH, hatch=_hatch(entry)
    )


def _key(entry: MapClass, look: Look) -> Patch:
    from matplotlib.patches import Patch

    if entry.look is AreaLook.FILLED:
        return Patch(facecolor=entry.color, edgecolor=look.line, label=entry.title)
    return Patch(facecolor="none", edgecolor=entry.color, hatch=_hatch(entry), label=entry.title)


def _hatch(entry: MapClass) -> str | None:
    return _HATCH if entry.look is AreaLook.HATCHED else None


def draw_grid(axes: Axes, chart: ResultGrid, look: Look) -> None:
    """Draw a result's cells into axes, each class in its colour; every n-th cell of a large grid."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    rows, columns = chart.cells.shape
    step = max(math.ceil(max(rows, columns) / _CELLS_DRAWN), 1)
    cells = chart.cells[::step, ::step]
    lows = np.array([float(entry.value) for entry in chart.classes])
    place = np.searchsorted(lows, np.nan_to_num(cells, nan=lows[0]), side="right") - 1
    classes = np.ma.masked_array(np.clip(place, 0, None), mask=np.isnan(cells))
    side, _b, west, _d, down, north = chart.transform
    axes.imshow(
        classes,
        cmap=ListedColormap([entry.color for entry in chart.classes]),
        vmin=-0.5,
        vmax=len(chart.classes) - 0.5,
        interpolation="nearest",
        extent=(west, west + columns * side, north + rows * down, north),
    )
    present = set(np.unique(classes.compressed()).tolist())
    handles: list[Artist] = [
        Patch(facecolor=entry.color, edgecolor=look.line, label=entry.title)
        for number, entry in enumerate(chart.classes)
        if number in present
    ]
    _finish(axes, handles, chart.crs, look)


def _finish(axes: Axes, handles: list[Artist], crs: pyproj.CRS, look: Look) -> None:
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()
    if handles:
        axes.legend(
            handles=handles,
            prop=font(8),
            frameon=False,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            labelcolor=look.text,
        )
    _scale_bar(axes, crs, look)


def _too_small(
    axes: Axes, geometry: np.ndarray[Any, np.dtype[np.object_]]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which areas are drawn smaller than can be seen, shape (n,)."""
    bounds = shapely.bounds(geometry)
    west, south, east, north = shapely.total_bounds(geometry)
    if not max(east - west, north - south) > 0:
        return np.zeros(len(geometry), dtype=bool)
    figure = axes.get_figure(root=True)
    across, up = figure.get_size_inches() * MM_PER_INCH * _MAP_SHARE if figure else (0.0, 0.0)
    with np.errstate(divide="ignore"):
        mm_per_unit = min(np.divide(across, east - west), np.divide(up, north - south))
    longest = np.nan_to_num((bounds[:, 2:] - bounds[:, :2]).max(axis=1))
    small: np.ndarray[Any, np.dtype[np.bool_]] = (longest * mm_per_unit < _LEAST_MM) & (longest > 0)
    return small


def _mark(axes: Axes, geometry: np.ndarray[Any, np.dtype[np.object_]], color: str) -> None:
    at = shapely.get_coordinates(shapely.point_on_surface(geometry))
    size_pt = _LEAST_MM / MM_PER_INCH * 72.0
    axes.scatter(at[:, 0], at[:, 1], s=size_pt**2, marker="s", color=color, linewidths=0.0, zorder=2.5)


def _outline(axes: Axes, chart: ResultMap) -> Artist:
    """Draw the map's outline over its areas and return what stands for it in the legend."""
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D

    path = _path(chart.outline)
    if path is not None:
        axes.add_collection(
            PathCollection([path], facecolor="none", edgecolor=chart.outline_color, linewidth=_OUTLINE_WIDTH)
        )
    return Line2D([], [], color=chart.outline_color, linewidth=_OUTLINE_WIDTH, label=chart.outline_title)


def _path(shape: Any) -> Path | None:
    """Return a polygon with its holes as one path; None for a shape without area."""
    from matplotlib.path import Path

    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        if shapely.get_type_id(part) == shapely.GeometryType.POLYGON and not part.is_empty
        for ring in shapely.get_rings(shapely.orient_polygons(part))
    ]
    if not rings:
        return None
    codes = [_codes(len(ring)) for ring in rings]
    return Path(np.concatenate(rings), np.concatenate(codes))


def _codes(count: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    from matplotlib.path import Path

    codes = np.full(count, Path.LINETO, dtype=np.uint8)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return codes


def _scale_bar(axes: Axes, crs: pyproj.CRS, look: Look) -> None:
    """Draw a bar of a round length; a map in degrees has no one scale and gets none."""
    west, east = axes.get_xlim()
    if crs.is_geographic or not east > west:
        return
    wanted = (east - west) / 5
    step = 10.0 ** math.floor(math.log10(wanted))
    length = max(factor * step for factor in (1, 2, 5) if factor * step <= wanted)
    south, north = axes.get_ylim()
    bottom = south - 0.03 * (north - south)
    axes.plot([west, west + length], [bottom, bottom], color=look.text, linewidth=1.2, solid_capstyle="butt")
    text = f"{length / 1000:,g} km" if length >= 1000 else f"{length:,g} m"
    axes.text(west, bottom, text, va="top", ha="left", color=look.muted, fontproperties=font(8))
