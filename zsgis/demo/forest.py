"""Forest stands, as a forest map draws them: mostly the forest of the survey, here and there other land."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.city import City
from zsgis.demo.controls import dissolved
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.shapes import polygons
from zsgis.demo.zones import Use

# Upper limit of the draw, species, origin.
_SPECIES = ((0.35, "马占相思", "人工"), (0.6, "阔叶混", "天然"), (0.85, "桉", "人工"), (1.1, "竹", "人工"))
# Lower limit of the hill's height, level of protection, category.
_LEVELS = (
    (0.6, "Ⅰ级", "公益林"),
    (0.3, "Ⅱ级", "公益林"),
    (0.12, "Ⅲ级", "商品林"),
    (-np.inf, "Ⅳ级", "商品林"),
)


def forest_stands_layer(city: City) -> DemoLayer:
    """Return stands of one town, level of protection and species each; every cell belongs to one at most."""
    cells = _forest_cells(city)
    east, north = city.lattice.centers.T
    level = np.argmax([city.zones.hill >= low for low, _name, _kind in _LEVELS], axis=0)
    drawn = smooth_noise(city.seed, "stands", east, north, 900.0)
    species = np.searchsorted([below for below, _name, _origin in _SPECIES], drawn, side="right")
    group = (city.lattice.town * len(_LEVELS) + level) * len(_SPECIES) + species
    group_of, geometry = dissolved(polygons(city.lattice.quads), cells, group)
    town_of, rest = np.divmod(group_of, len(_LEVELS) * len(_SPECIES))
    level_of, species_of = np.divmod(rest, len(_SPECIES))
    town = city.town_names[town_of]
    columns = {
        "name": numbered("演示小班", len(geometry), 4),
        "village": [f"演示林班（{name}）" for name in town],
        "land_type": "乔木林地",
        "forest_type": [_LEVELS[k][2] for k in level_of.tolist()],
        "protection_level": [_LEVELS[k][1] for k in level_of.tolist()],
        "origin": [_SPECIES[k][2] for k in species_of.tolist()],
        "dominant_species": [_SPECIES[k][1] for k in species_of.tolist()],
        "recorded_area_ha": np.round(shapely.area(geometry) / 1e4, 2),
        "town": town,
    }
    frame = demo_frame(city.seed, "forest_stands", geometry, columns)
    return DemoLayer("林地图斑", "forest_stands", frame, visible=False)


def _forest_cells(city: City) -> NDArray[np.bool_]:
    """Tell which cells are stands: most forest, some orchards, and works that grew into the forest's edge."""
    use = city.layout.use
    draw = stream(city.seed, "stands").random(use.size)
    foot = (city.zones.hill > -0.15) & np.isin(use, (Use.INDUSTRY, Use.EDGE, Use.RESEARCH))
    stands: NDArray[np.bool_] = (
        ((use == Use.FOREST) & (draw < 0.93))
        | ((use == Use.ORCHARDS) & (draw < 0.1))
        | (foot & (draw < 0.25))
    )
    return stands
