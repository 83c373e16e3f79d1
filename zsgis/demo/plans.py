"""What plans say of the city: planned land use, the detailed plan, control zones of the former land plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.classification import standard
from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.city import City
from zsgis.demo.classes import STANDARD
from zsgis.demo.controls import dissolved, ecology_cells, growth_cells
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.joining import join_groups
from zsgis.demo.land import class_names
from zsgis.demo.shapes import polygons
from zsgis.demo.zones import BUILT, COUNTRY, Use

PLOT_STANDARD = "gb50137"
ALLOWED, CONDITIONAL, LIMITED, FORBIDDEN = "允许建设区", "有条件建设区", "限制建设区", "禁止建设区"
_ZONE_CODES = {ALLOWED: "010", CONDITIONAL: "020", LIMITED: "030", FORBIDDEN: "040"}
_FIELDS, _WATER = "E2", "E1"
_OLD_MAP_OFF_M = np.array([24.0, -17.0])

# What a plot of a land class is called in GB 50137-2011.
PLOT_CODES = {
    "070101": "R1",
    "070102": "R2",
    "070302": "H14",
    "0702": "R22",
    "0801": "A1",
    "0802": "A35",
    "080302": "A22",
    "080403": "A33",
    "080404": "R22",
    "080501": "A41",
    "080601": "A51",
    "080602": "A5",
    "0807": "A6",
    "090101": "B11",
    "090102": "B12",
    "0902": "B2",
    "100101": "M1",
    "100102": "M2",
    "100103": "M3",
    "110101": "W1",
    "120802": "S41",
    "120803": "S42",
    "1301": "U11",
    "1302": "U21",
    "1303": "U12",
    "1312": "U9",
    "1401": "G1",
    "1402": "G2",
    "1403": "G3",
    "1503": "A9",
    "1704": _WATER,
    "0102": _FIELDS,
    "0201": _FIELDS,
    "2301": "R2",
}

# Floor area ratio at least and at most, covered share at most, green share at least, height at most: by the
# first letter of the class, made up within what is usual.
_LIMITS = {
    "R": (1.0, 2.5, 28.0, 35.0, 80.0),
    "A": (0.6, 1.5, 35.0, 35.0, 36.0),
    "B": (1.0, 3.5, 45.0, 20.0, 100.0),
    "M": (1.5, 3.5, 60.0, 10.0, 50.0),
    "W": (1.0, 2.5, 60.0, 10.0, 40.0),
    "S": (0.0, 0.5, 30.0, 20.0, 20.0),
    "U": (0.0, 1.0, 40.0, 25.0, 24.0),
    "H": (0.5, 1.8, 40.0, 20.0, 24.0),
}


@dataclass(frozen=True)
class PlannedLand:
    """The partition as it is planned: whole blocks of one planned use, all else as it stands.

    Attributes
    ----------
    geometry : ndarray of polygons, shape (n,)
    codes : ndarray of str, shape (n,)
        Planned class.
    face : ndarray of int64, shape (n,)
        A face of the present partition within each.
    """

    geometry: NDArray[np.object_]
    codes: NDArray[np.object_]
    face: NDArray[np.int64]


def planned_land(city: City) -> PlannedLand:
    """Return the planned partition."""
    planned = _planned_codes(city)
    block = city.faces.block
    _codes, code_number = np.unique(planned.astype(str), return_inverse=True)
    # plots of one block with one planned use become one plan polygon; all else stays as it is
    single = block < 0
    key = np.where(single, -1 - np.arange(block.size), block * (code_number.max() + 1) + code_number)
    _keys, first = np.unique(key, return_index=True)
    _keys, geometry = join_groups(city.faces.geometry, key)
    return PlannedLand(geometry, planned[first], first)


def territorial_plan_layer(city: City, planned: PlannedLand) -> DemoLayer:
    """Return the planned land use: the present partition with whole blocks given another use."""
    town = city.town_names[city.face_town[planned.face]]
    columns = {
        "name": numbered("演示规划图斑", len(planned.geometry), 5),
        "class_code": planned.codes,
        "class_name": class_names(planned.codes),
        "region_name": town,
        "plan_state": np.where(planned.codes == city.class_code[planned.face], "10", "20"),
        "town": town,
    }
    frame = demo_frame(city.seed, "territorial_plan", planned.geometry, columns)
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


def detailed_plan_layer(city: City, planned: PlannedLand) -> DemoLayer:
    """Return plots of the detailed plan, older than the territorial plan and by another standard.

    It covers most of the built-up land inside the growth boundary. Most plots follow the present use, so
    that the plans differ where the newer one changes it; some are something else by this plan alone.
    """
    chosen = np.flatnonzero(_covered(city, planned))
    face = planned.face[chosen]
    codes = _plot_codes(city, face)
    table = standard(PLOT_STANDARD)
    area = np.round([shape.area for shape in planned.geometry[chosen]], 2)
    town = city.town_names[city.face_town[face]]
    limits = np.array([_LIMITS.get(code[0], (np.nan,) * 5) for code in codes])
    columns = {
        "name": numbered("演示地块", face.size, 5),
        "class_code": codes,
        "class_name": [table.name(code) for code in codes],
        "plot_area_m2": area,
        "plot_area_ha": np.round(area / 1e4, 4),
        "min_floor_area_ratio": limits[:, 0],
        "max_floor_area_ratio": limits[:, 1],
        "max_density_pct": limits[:, 2],
        "min_green_pct": limits[:, 3],
        "max_height_m": limits[:, 4],
        "plan_name": [f"演示控规（{name}）" for name in town],
        "unit_code": [f"演示单元{number:02d}" for number in (city.face_town[face] + 1).tolist()],
        "town": town,
    }
    frame = demo_frame(city.seed, "detailed_plan", planned.geometry[chosen], columns)
    return DemoLayer("控规地块", "detailed_plan", frame, standard=PLOT_STANDARD, visible=False)


def _covered(city: City, planned: PlannedLand) -> NDArray[np.bool_]:
    cell = city.faces.cell[planned.face]
    east, north = city.lattice.centers[cell].T
    reached = smooth_noise(city.seed, "detailed plan", east, north, 3600.0) > 0.22
    plot = (city.faces.block[planned.face] >= 0) & np.isin(city.layout.use[cell], BUILT)
    covered: NDArray[np.bool_] = plot & reached & growth_cells(city)[cell]
    return covered


def _plot_codes(city: City, face: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the planned class of plots by one of their faces: one draw for all plots of a block."""
    draw = stream(city.seed, "detailed plan").random(len(city.layout.cell))[city.faces.block[face]]
    codes = np.array([PLOT_CODES[code] for code in city.class_code[face]], dtype=object)
    works = np.char.startswith(codes.astype(str), "M")
    for code, below in ((_FIELDS, 0.11), ("G1", 0.09), ("A35", 0.07), ("B2", 0.06), ("R2", 0.03)):
        codes[works & (draw < below)] = code
    return codes


def old_plan_zones_layer(city: City) -> DemoLayer:
    """Return the four control zones of the former land plan; they do not lie over each other.

    They were drawn on an older base map and lie some metres off, so that they cut parcels.
    """
    zone = _old_zone_cells(city)
    quads = polygons(city.lattice.quads + _OLD_MAP_OFF_M)
    parts = [(name, *dissolved(quads, zone == name, city.lattice.town)) for name in _ZONE_CODES]
    kinds = np.concatenate([np.full(len(town), name, dtype=object) for name, town, _shape in parts])
    geometry = np.concatenate([shape for _name, _town, shape in parts])
    columns = {
        "name": numbered("演示管制区", len(geometry), 4),
        "zone_type": kinds,
        "zone_type_code": [_ZONE_CODES[name] for name in kinds],
    }
    frame = demo_frame(city.seed, "old_plan_zones", geometry, columns)
    return DemoLayer("土规管制区", "old_plan_zones", frame, visible=False)


def _old_zone_cells(city: City) -> NDArray[np.object_]:
    """Return the control zone of every cell: today's growth boundary as it was seen before, with gaps."""
    growth, use = growth_cells(city), city.layout.use
    east, north = city.lattice.centers.T
    seen = smooth_noise(city.seed, "old plan", east, north, 1900.0)
    draw = stream(city.seed, "old plan").random(use.size)
    built = np.isin(use, BUILT)
    zone = np.full(use.size, LIMITED, dtype=object)
    zone[growth & built & (draw >= 0.03) & (seen > 0.2)] = ALLOWED
    zone[growth & built & (draw >= 0.03) & (seen > 0.13) & (seen <= 0.2)] = CONDITIONAL
    # what grew after that plan, and what that plan meant to build and nobody did
    zone[growth & ~built] = CONDITIONAL
    zone[~growth & np.isin(use, COUNTRY) & (seen > 0.86)] = ALLOWED
    zone[ecology_cells(city, growth)] = FORBIDDEN
    return zone
