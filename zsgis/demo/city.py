"""The generated city: everything that the layers of the demonstration are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.demo.classes import face_classes, ground_classes
from zsgis.demo.corridors import RIVER, lay_bands
from zsgis.demo.lattice import Lattice, lay_lattice
from zsgis.demo.layout import Layout, lay_out
from zsgis.demo.partition import Faces, make_faces
from zsgis.demo.platforms import share_tiles
from zsgis.demo.seeds import Towns, read_corridors, read_hills, read_parts, read_towns
from zsgis.demo.shapes import points
from zsgis.demo.towns import TILE_M, Tiles, lay_tiles
from zsgis.demo.zones import Zones, lay_zones
from zsgis.plan.starter import Composition, platform_compositions


@dataclass(frozen=True)
class City:
    """A made-up city.

    Attributes
    ----------
    tile_platform : ndarray of int64, shape (rows, columns)
        Index into ``compositions`` of the platform a tile belongs to, -1 for none.
    cell_platform : ndarray of int64, shape (cells,)
        The same per cell.
    class_code : ndarray of str, shape (faces,)
        Land class of every face.
    area_m2 : ndarray, shape (faces,)
        Planar area in EPSG:4547.
    """

    seed: int
    towns: Towns
    tiles: Tiles
    compositions: tuple[Composition, ...]
    tile_platform: NDArray[np.int64]
    lattice: Lattice
    cell_platform: NDArray[np.int64]
    zones: Zones
    layout: Layout
    faces: Faces
    class_code: NDArray[np.object_]
    area_m2: NDArray[np.float64]

    @property
    def face_town(self) -> NDArray[np.int64]:
        """Index of every face's town."""
        town: NDArray[np.int64] = self.lattice.town[self.faces.cell]
        return town

    @property
    def face_platform(self) -> NDArray[np.int64]:
        """Index of every face's platform, -1 for none."""
        platform: NDArray[np.int64] = self.cell_platform[self.faces.cell]
        return platform

    @property
    def face_use(self) -> NDArray[np.int64]:
        """The use of every face's cell."""
        use: NDArray[np.int64] = self.layout.use[self.faces.cell]
        return use

    @property
    def town_names(self) -> NDArray[np.object_]:
        """Names of the towns as an array to be indexed."""
        return np.array(self.towns.names, dtype=object)


def make_city(seed: int, progress: Progress | None = None) -> City:
    """Generate the city; the same seed gives the same city.

    Parameters
    ----------
    seed : int
        Not negative.
    """
    progress = progress or NoProgress()
    progress.step(0.0, _("Laying out towns and platforms"))
    towns = read_towns()
    progress.step(0.01)
    tiles = lay_tiles(towns)
    progress.step(0.02)
    compositions = platform_compositions()
    tile_platform = share_tiles(tiles, towns, compositions, read_parts())
    lattice = lay_lattice(tiles, seed)
    cell_platform = _at_cells(tile_platform, tiles, lattice)
    progress.step(0.03)
    bands = lay_bands(read_corridors())
    river = bands.bands[bands.class_codes.index(RIVER)]
    water = shapely.distance(points(lattice.centers), river)
    progress.step(0.04)
    zones = lay_zones(lattice, towns, read_hills(), water=water, seed=seed)
    progress.step(0.05, _("Drawing streets, blocks and plots"))
    progress.step(0.06)
    layout = lay_out(lattice, zones, (cell_platform >= 0).astype(np.float64), seed)
    progress.step(0.08)
    ground = ground_classes(lattice, layout.use, seed)
    faces = make_faces(
        lattice, layout, ground, bands, tiles=tiles, seed=seed, progress=ProgressPart(progress, 0.1, 1.0)
    )
    codes = face_classes(faces, layout, ground, seed)
    progress.step(1.0)
    return City(
        seed=seed,
        towns=towns,
        tiles=tiles,
        compositions=compositions,
        tile_platform=tile_platform,
        lattice=lattice,
        cell_platform=cell_platform,
        zones=zones,
        layout=layout,
        faces=faces,
        class_code=codes,
        area_m2=shapely.area(faces.geometry),
    )


def _at_cells(values: NDArray[np.int64], tiles: Tiles, lattice: Lattice) -> NDArray[np.int64]:
    # cell centres lie well inside their tiles
    east, north = lattice.centers.T
    column = ((east - tiles.west) // TILE_M).astype(np.int64)
    row = ((north - tiles.south) // TILE_M).astype(np.int64)
    at_cells: NDArray[np.int64] = values[row, column]
    return at_cells
