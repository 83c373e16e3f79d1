"""The zones of an overlay, found by box, by ring and by segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.overlay.contacts import CLEAR_M
from zsgis.overlay.cutting import Inputs
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray
from zsgis.overlay.rings import Rings, extent
from zsgis.overlay.segment_grid import SegmentGrid


@dataclass(frozen=True)
class RingBoxes:
    """The rings of those areas that have several, by their boxes."""

    rings: Rings
    boxes: FloatArray
    chosen: IndexArray
    tree: shapely.STRtree

    @staticmethod
    def of(rings: Rings, areas: int) -> RingBoxes:
        """Return the boxes of the rings of ``areas`` areas."""
        boxes = rings.boxes()
        chosen = np.flatnonzero(rings.several(areas)[rings.owner])
        return RingBoxes(rings, boxes, chosen, built_tree(framed(boxes[chosen])))

    def inside(self, frames: FloatArray) -> tuple[IndexArray, IndexArray]:
        """Return (frame, owner) for every such ring whose box is within a frame."""
        frame, found = self.tree.query(framed(frames))
        ring = self.chosen[found]
        kept = box_within(self.boxes[ring], frames[frame])
        return frame[kept], self.rings.owner[ring[kept]]


@dataclass(frozen=True)
class ZoneIndex:
    """The zones, by box, by ring and by segment.

    Attributes
    ----------
    origin : ndarray of float64, shape (2,)
        Whole metres; all boxes and rings are relative to it.
    boxes : ndarray of float64, shape (zones, 4)
    tree : STRtree
        Of the zones themselves, not relative.
    grid : SegmentGrid
    ring_boxes : RingBoxes
    several : ndarray of bool, shape (zones,)
        The zone has several rings.
    """

    origin: FloatArray
    boxes: FloatArray
    tree: shapely.STRtree
    grid: SegmentGrid
    ring_boxes: RingBoxes
    several: NDArray[np.bool_]

    @staticmethod
    def of(inputs: Inputs) -> ZoneIndex:
        """Return the index of the zones, as fine as the features need."""
        here, there = extent(inputs.features), extent(inputs.zones)
        frame = np.concatenate([np.fmax(here[:2], there[:2]), np.fmin(here[2:], there[2:])])
        # where one side is empty, or both are apart, a frame of nothing does as well as any
        frame = np.nan_to_num(frame)
        origin = np.floor(frame[:2])
        rings = Rings.of(inputs.zones, origin)
        vertices = int(shapely.get_num_coordinates(inputs.features).sum())
        usual_m = max(
            float(inputs.feature_m.sum()) / max(vertices, 1),
            float(shapely.length(inputs.zones).sum()) / max(len(rings.xy), 1),
        )
        grid = SegmentGrid.of(rings, frame - np.tile(origin, 2), usual_m, vertices + len(rings.xy), CLEAR_M)
        return ZoneIndex(
            origin,
            relative_boxes(inputs.zones, origin),
            built_tree(inputs.zones),
            grid,
            RingBoxes.of(rings, len(inputs.zones)),
            rings.several(len(inputs.zones)),
        )


def framed(boxes: FloatArray) -> GeometryArray:
    """Return boxes (west, south, east, north) as polygons."""
    return np.asarray(shapely.box(*boxes.T), dtype=object)


def built_tree(geometry: GeometryArray) -> shapely.STRtree:
    """Return the tree of these shapes, built: left to the first query, two threads would build it at once."""
    tree = shapely.STRtree(geometry)
    tree.query(shapely.Point(0.0, 0.0))
    return tree


def relative_boxes(geometry: GeometryArray, origin: FloatArray) -> FloatArray:
    """Return west, south, east, north of each shape from ``origin``; of an empty one, what meets nothing."""
    boxes = shapely.bounds(geometry) - np.tile(origin, 2)
    boxes[np.isnan(boxes[:, 0])] = (np.inf, np.inf, -np.inf, -np.inf)
    return np.asarray(boxes, dtype=np.float64)


def box_within(inner: FloatArray, outer: FloatArray) -> NDArray[np.bool_]:
    """Tell for each pair of boxes whether the one lies in the other, edges shared or not."""
    within = (inner[:, :2] >= outer[:, :2]).all(axis=1) & (inner[:, 2:] <= outer[:, 2:]).all(axis=1)
    return np.asarray(within, dtype=np.bool_)
