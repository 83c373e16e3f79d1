"""The metrics of FRAGSTATS for patches of a vector layer: by outlines, or on cells where they need them."""

from __future__ import annotations

import numpy as np
import shapely

from layers.formats.raster_classes import laid_on_cells
from layers.progress import Progress
from zsgis.analysis.fragmentation.merging import nearest_other_m
from zsgis.analysis.fragmentation.model import LandPatches
from zsgis.analysis.landscape.grid import class_grid
from zsgis.analysis.landscape.patches import M2_PER_HA, find_patches
from zsgis.analysis.landscape.statistics import distribution
from zsgis.analysis.landscape.summaries import summarise
from zsgis.analysis.zoned import FloatArray, GeometryArray, IntArray

ON_CELLS = (
    "NP",
    "LSI",
    "NLSI",
    "CLUMPY",
    "PLADJ",
    "AI",
    "COHESION",
    "CONTIG_MN",
    "CONTIG_AM",
    "GYRATE_MN",
    "GYRATE_AM",
)
"""What is computed on cells: counts of sides and neighbours, and the number of patches beside it."""
_DISTRIBUTED = ("AREA", "SHAPE", "FRAC", "PARA", "CIRCLE", "ENN", "CORE", "CAI")


def outline_metrics(
    patches: LandPatches, chosen: IntArray, ground_m2: float, core_m: float
) -> dict[str, float]:
    """Return the metrics of the chosen patches by their outlines; empty where there is none.

    Parameters
    ----------
    chosen : ndarray of int64
        Patches of one row.
    ground_m2 : float
        What FRAGSTATS calls the landscape: the area of the zone.
    core_m : float
        Core is what lies further inside than this.

    Returns
    -------
    dict of str to float
        Under FRAGSTATS' names. SHAPE is p / (2 sqrt(pi a)), 1 for a circle, FRAC 2 ln p / ln a with m and m2
        (both as in the manual's vector version, so that neither equals the figure on cells); CIRCLE is one
        less the share of the smallest circle around; ENN the true distance between outlines. TE is the
        length of all outlines, those along a zone's border included, as the land beyond is not looked at.
    """
    if not len(chosen) or ground_m2 <= 0:
        return {}
    outline = patches.outline[chosen]
    area, edge = patches.planar_m2[chosen], patches.perimeter_m[chosen]
    core = shapely.area(shapely.buffer(outline, -core_m, join_style="mitre"))
    cores = shapely.get_num_geometries(shapely.buffer(outline, -core_m, join_style="mitre"))
    part = area / ground_m2
    with np.errstate(divide="ignore", invalid="ignore"):
        dimension = np.where(area > 1.0, 2.0 * np.log(edge) / np.log(area), np.nan)
    each: dict[str, FloatArray] = {
        "AREA": area / M2_PER_HA,
        "SHAPE": patches.shape[chosen],
        "FRAC": dimension,
        "PARA": edge / (area / M2_PER_HA),
        "CIRCLE": 1.0 - area / (np.pi * shapely.minimum_bounding_radius(outline) ** 2),
        "ENN": nearest_other_m(outline),
        "CORE": core / M2_PER_HA,
        "CAI": 100.0 * core / area,
    }
    ground_ha = ground_m2 / M2_PER_HA
    found = {
        "CA": float(area.sum()) / M2_PER_HA,
        "PLAND": 100.0 * float(part.sum()),
        "NP": float(len(chosen)),
        "PD": 100.0 * len(chosen) / ground_ha,
        "LPI": 100.0 * float(part.max()),
        "TE": float(edge.sum()),
        "ED": float(edge.sum()) / ground_ha,
        "TCA": float(core.sum()) / M2_PER_HA,
        "CPLAND": 100.0 * float(core.sum()) / ground_m2,
        "NDCA": float(cores[core > 0].sum()),
        "DIVISION": 1.0 - float((part**2).sum()),
        "MESH": float((part**2).sum()) * ground_ha,
        "SPLIT": 1.0 / float((part**2).sum()),
    }
    for name in _DISTRIBUTED:
        found |= distribution(name, each[name], area)
    return found


def cell_metrics(
    land: GeometryArray, ground: GeometryArray, cell_m: float, progress: Progress
) -> dict[str, float]:
    """Return the metrics :data:`ON_CELLS` of land in its ground, laid onto square cells.

    Parameters
    ----------
    land : ndarray of polygons
        What is looked at.
    ground : ndarray of polygons
        The landscape around it: the zone, or all parcels of the layer.

    Returns
    -------
    dict of str to float
        Empty where no cell's centre lies on the land.

    Raises
    ------
    InputError
        When that would be too many cells.
    """
    around = shapely.total_bounds(ground)
    if not np.isfinite(around).all():
        return {}
    # cells on round coordinates: the same zone gives the same cells whatever lies beside it
    west, south = np.floor(around[:2] / cell_m) * cell_m
    east, north = np.ceil(around[2:] / cell_m) * cell_m
    shapes = np.concatenate([ground, land])
    values = np.repeat(np.array([1, 2], dtype=np.int32), [len(ground), len(land)])
    cells = laid_on_cells(shapes, values, (west, south, east, north), cell_m)
    if not (cells == 2).any():
        return {}
    grid = class_grid(cells, cell_m, known=cells > 0)
    found = summarise(grid, find_patches(grid, progress)).classes[grid.values.index(2)]
    return {name: found[name] for name in ON_CELLS}
