"""The three control lines and the planned land use, which differs from the present one here and there."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.city import City
from zsgis.demo.classes import STANDARD
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.joining import join_groups
from zsgis.demo.land import class_names
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


def control_lines_layer(city: City) -> DemoLayer:
    """Return 永久基本农田, 生态保护红线 and 城镇开发边界; the three do not lie over each other."""
    growth = growth_cells(city)
    ecology = ~growth & np.isin(city.layout.use, (Use.FOREST, Use.RESERVOIR)) & (city.zones.hill > 0.12)
    quads = polygons(city.lattice.quads)
    parts = [
        (GROWTH, *_dissolved(quads, growth, city.lattice.town)),
        (ECOLOGY, *_dissolved(quads, ecology, city.lattice.town)),
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


def _dissolved(
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


def territorial_plan_layer(city: City) -> DemoLayer:
    """Return the planned land use: the present partition with whole blocks given another use."""
    planned = _planned_codes(city)
    block = city.faces.block
    _codes, code_number = np.unique(planned.astype(str), return_inverse=True)
    # plots of one block with one planned use become one plan polygon; all else stays as it is
    single = block < 0
    key = np.where(single, -1 - np.arange(block.size), block * (code_number.max() + 1) + code_number)
    _keys, first = np.unique(key, return_index=True)
    _keys, geometry = join_groups(city.faces.geometry, key)
    codes = planned[first]
    columns = {
        "name": numbered("演示规划图斑", len(geometry), 5),
        "class_code": codes,
        "class_name": class_names(codes),
        "region_name": city.town_names[city.face_town[first]],
        "plan_state": np.where(codes == city.class_code[first], "10", "20"),
        "town": city.town_names[city.face_town[first]],
    }
    frame = demo_frame(city.seed, "territorial_plan", geometry, columns)
    return DemoLayer("国土空间规划用地", "territorial_plan", frame, standard=STANDARD, visible=False)


def _planned_codes(city: City) -> NDArray[np.object_]:
    """Return the planned class of every face."""
    planned = city.class_code.copy()
    blocks = len(city.layout.cell)
    draw = stream(city.seed, "planned blocks").random(blocks)
    target = np.full(blocks, "", dtype=object)
    use = city.layout.use[city.layout.cell]
    growth = growth_cells(city)[city.layout.cell]
    old_industry = (use == Use.INDUSTRY) & (city.layout.plot_m2 < 8000.0)
    for mask, shares in (
        (old_industry, (("070102", 0.08), ("0802", 0.13), ("090101", 0.17), ("1401", 0.22))),
        (growth & np.isin(use, COUNTRY), (("100102", 0.45), ("070102", 0.7), ("0802", 0.78), ("1401", 0.92))),
        (growth & (use == Use.EDGE), (("100102", 0.12), ("070102", 0.26), ("1402", 0.3))),
        (~growth & np.isin(use, BUILT), (("0102", 0.3), ("1402", 0.45))),
    ):
        for code, below in shares[::-1]:
            target[mask & (draw < below)] = code
    plot = city.faces.block >= 0
    changed = np.flatnonzero(plot)[target[city.faces.block[plot]] != ""]
    planned[changed] = target[city.faces.block[changed]]
    return planned
