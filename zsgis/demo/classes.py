"""Land classes of the demonstration (用地用海分类 2023): what lies between plots, and on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.lattice import Lattice
from zsgis.demo.layout import Layout
from zsgis.demo.partition import Faces
from zsgis.demo.zones import BUILT, Use

STANDARD = "yd2023"
STREETS, TRACKS, VILLAGE_ROADS, DITCHES, RESERVOIR = "1207", "060102", "060101", "1705", "1703"

# Classes of plots and their weights, per use of the cell.
_MIXES: dict[Use, dict[str, float]] = {
    Use.CORE: {
        "070102": 46,
        "0702": 4,
        "0801": 4,
        "080302": 2,
        "080403": 6,
        "080404": 2,
        "080501": 1,
        "080601": 3,
        "090101": 9,
        "0902": 8,
        "120803": 2,
        "1312": 1,
        "1401": 9,
        "1403": 2,
        "1503": 1,
    },
    Use.MIDDLE: {
        "070101": 7,
        "070102": 38,
        "070302": 17,
        "080403": 5,
        "080602": 1,
        "0807": 1,
        "090101": 6,
        "090102": 2,
        "110101": 5,
        "120802": 2,
        "1303": 2,
        "1401": 8,
        "1402": 2,
        "2301": 2,
        "1704": 2,
    },
    Use.EDGE: {
        "070102": 19,
        "070302": 31,
        "080403": 3,
        "090102": 3,
        "110101": 9,
        "1301": 1,
        "1302": 1,
        "1303": 2,
        "1401": 5,
        "1402": 5,
        "2301": 5,
        "0102": 5,
        "0201": 5,
        "1704": 6,
    },
    Use.VILLAGE: {
        "070301": 34,
        "0704": 3,
        "060201": 3,
        "0101": 22,
        "0102": 18,
        "0201": 8,
        "1704": 12,
    },
    Use.FIELDS: {"0101": 58, "0102": 26, "0103": 5, "060201": 4, "1704": 7},
    Use.PONDS: {"1704": 80, "0101": 8, "0201": 5, "060203": 5, "0102": 2},
    Use.ORCHARDS: {"0201": 60, "0205": 12, "0102": 12, "1704": 8, "0304": 8},
    Use.SHORE: {"0505": 40, "0507": 18, "1704": 42},
    Use.INDUSTRY: {"100101": 34, "100102": 62, "100103": 4},
    Use.RESEARCH: {"0802": 1},
}
_FOREST = (("0301", 0.62), ("0303", 0.76), ("0302", 0.88), ("0304", 1.0))


def ground_classes(lattice: Lattice, use: NDArray[np.int64], seed: int) -> NDArray[np.object_]:
    """Return the class of what lies between a cell's plots, or of the whole cell where it has none."""
    ground = np.full(use.size, TRACKS, dtype=object)
    ground[np.isin(use, BUILT)] = STREETS
    ground[use == Use.VILLAGE] = VILLAGE_ROADS
    ground[np.isin(use, (Use.PONDS, Use.SHORE))] = DITCHES
    ground[use == Use.RESERVOIR] = RESERVOIR
    east, north = lattice.centers.T
    kinds = smooth_noise(seed, "forest kinds", east, north, 1600.0)
    rank = np.empty(use.size)
    rank[np.argsort(kinds, kind="stable")] = np.arange(use.size) / use.size
    for code, below in _FOREST[::-1]:
        ground[(use == Use.FOREST) & (rank < below)] = code
    return ground


def face_classes(faces: Faces, layout: Layout, ground: NDArray[np.object_], seed: int) -> NDArray[np.object_]:
    """Return the land class of every face."""
    codes: NDArray[np.object_] = ground[faces.cell].copy()
    chance = stream(seed, "classes").random(faces.cell.size)
    plot_use = np.where(faces.block >= 0, layout.use[layout.cell[faces.block]], -1)
    for use, mix in _MIXES.items():
        plots = np.flatnonzero(plot_use == use)
        weight = np.cumsum(list(mix.values()))
        names = np.array(list(mix), dtype=object)
        codes[plots] = names[np.searchsorted(weight / weight[-1], chance[plots], side="right")]
    in_band = faces.band != ""
    codes[in_band] = faces.band[in_band]
    return codes
