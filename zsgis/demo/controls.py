"""The three control lines: protected farmland, ecological red line, growth boundary."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.city import City
from zsgis.demo.frames import DemoLayer, demo_frame
from zsgis.demo.joining import join_groups
from zsgis.demo.shapes import polygons
from zsgis.demo.towns import TILE_M
from zsgis.demo.zones import BUILT, COUNTRY, Use

FARMLAND, ECOLOGY, GROWTH = "永久基本农田", "生态保护红线", "城镇开发边界"
_FARMED = ("0101", "0102", "0103")


def growth_cells(city: City) -> NDArray[np.bool_]:
    """Tell which cells lie inside the growth boundary: most built-up ones, and some country beside them.

    A few built-up cells stay outside, so that there is something for a conformity check to find.
    """
    lattice = city.lattice
    chance = stream(city.seed, "growth").random(lattice.town.size)
    built = np.isin(city.layout.use, BUILT)
    framed = np.pad(np.where(lattice.number >= 0, built[lattice.number], False), 1)
    r, c = lattice.row + 1, lattice.column + 1
    beside = framed[r - 1, c].astype(int) + framed[r + 1, c] + framed[r, c - 1] + framed[r, c + 1]
    country = np.isin(city.layout.use, COUNTRY)
    lonely = built & (beside <= 1)
    grown: NDArray[np.bool_] = (built & ~(lonely & (chance < 0.75))) | (
        country & (beside >= 2) & (chance < 0.55)
    )
    return grown


def ecology_cells(city: City, growth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which cells lie inside the ecological red line: the heart of the hills and water among them."""
    high = city.zones.hill > 0.12
    ecology: NDArray[np.bool_] = ~growth & np.isin(city.layout.use, (Use.FOREST, Use.RESERVOIR)) & high
    return ecology


def control_lines_layer(city: City) -> DemoLayer:
    """Return 永久基本农田, 生态保护红线 and 城镇开发边界; the three do not lie over each other."""
    growth = growth_cells(city)
    ecology = ecology_cells(city, growth)
    quads = polygons(city.lattice.quads)
    parts = [
        (GROWTH, *dissolved(quads, growth, city.lattice.town)),
        (ECOLOGY, *dissolved(quads, ecology, city.lattice.town)),
        (FARMLAND, *_farmland(city, growth, ecology)),
    ]
    line = np.concatenate([np.full(len(town), name, dtype=object) for name, town, _shape in parts])
    columns = {
        "line_type": line,
        "name": [
            f"演示{name}{number:03d}" for name, town, _shape in parts for number in range(1, len(town) + 1)
        ],
        "region_name": city.town_names[np.concatenate([town for _name, town, _shape in parts])],
    }
    geometry = np.concatenate([shape for _name, _town, shape in parts])
    frame = demo_frame(city.seed, "control_lines", geometry, columns)
    return DemoLayer("控制线", "control_lines", frame, visible=False)


def dissolved(
    shapes: NDArray[np.object_], mask: NDArray[np.bool_], town: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Join the chosen shapes per town; return the town and the polygon of every connected part."""
    keys, joined = join_groups(shapes[mask], town[mask])
    parts, owner = shapely.get_parts(joined, return_index=True)
    return keys[owner], parts


def _farmland(
    city: City, growth: NDArray[np.bool_], ecology: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return protected farmland: farmed polygons joined per tile, and a few built-up cells among them."""
    east, north = city.lattice.centers.T
    kept = ~growth & ~ecology & (smooth_noise(city.seed, "farmland", east, north, 3000.0) > 0.3)
    farmed = np.isin(city.class_code.astype(str), _FARMED) | np.isin(city.face_use, BUILT)
    mask = kept[city.faces.cell] & farmed & (city.faces.block >= 0)
    tile = _tile_number(city)[city.faces.cell]
    keys, joined = join_groups(city.faces.geometry[mask], tile[mask])
    parts, owner = shapely.get_parts(joined, return_index=True)
    town_of_tile = np.full(int(tile.max()) + 1, -1, dtype=np.int64)
    town_of_tile[tile] = city.face_town
    return town_of_tile[keys[owner]], parts


def _tile_number(city: City) -> NDArray[np.int64]:
    east, north = city.lattice.centers.T
    columns = city.tiles.town.shape[1]
    row = ((north - city.tiles.south) // TILE_M).astype(np.int64)
    column = ((east - city.tiles.west) // TILE_M).astype(np.int64)
    number: NDArray[np.int64] = row * columns + column
    return number
