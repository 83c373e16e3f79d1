"""Areas of a result as a small map: classes in their colours, with legend and scale bar."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.words import _
from zsgis.charts import ResultMap
from zsgis.reports.charts.look import LINE, MUTED, NO_CLASS, TEXT, font

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.path import Path

_EDGE_WIDTH = 0.2
_OUTLINE_WIDTH = 1.4
# with more areas than this their edges would be all one sees
_MOST_EDGED = 3_000


def draw_map(axes: Axes, chart: ResultMap) -> None:
    """Draw a result's areas into axes, each class in its colour, north up, both directions at one scale."""
    from matplotlib.collections import PathCollection
    from matplotlib.patches import Patch

    values = np.array([str(value) for value in chart.columns[chart.color_by]], dtype=object)
    known = {entry.value for entry in chart.classes}
    groups = [(entry.title, entry.color, values == entry.value) for entry in chart.classes]
    groups.append((_("Other"), NO_CLASS, np.array([value not in known for value in values], dtype=bool)))
    width = _EDGE_WIDTH if len(values) <= _MOST_EDGED else 0.0
    handles: list[Artist] = []
    for title, color, mine in groups:
        if not mine.any():
            continue
        paths = [path for shape in chart.geometry[mine] if (path := _path(shape)) is not None]
        axes.add_collection(PathCollection(paths, facecolor=color, edgecolor="#FFFFFF", linewidth=width))
        handles.append(Patch(facecolor=color, edgecolor=LINE, label=title))
    if chart.outline is not None:
        handles.append(_outline(axes, chart))
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
            labelcolor=TEXT,
        )
    _scale_bar(axes, chart)


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


def _scale_bar(axes: Axes, chart: ResultMap) -> None:
    """Draw a bar of a round length; a map in degrees has no one scale and gets none."""
    west, east = axes.get_xlim()
    if chart.crs.is_geographic or not east > west:
        return
    wanted = (east - west) / 5
    step = 10.0 ** math.floor(math.log10(wanted))
    length = max(factor * step for factor in (1, 2, 5) if factor * step <= wanted)
    south, north = axes.get_ylim()
    bottom = south - 0.03 * (north - south)
    axes.plot([west, west + length], [bottom, bottom], color=TEXT, linewidth=1.2, solid_capstyle="butt")
    text = f"{length / 1000:,g} km" if length >= 1000 else f"{length:,g} m"
    axes.text(west, bottom, text, va="top", ha="left", color=MUTED, fontproperties=font(8))
