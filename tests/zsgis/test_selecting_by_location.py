"""Features by where they lie: known by hand, and against every pair looked at one by one."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs, transform
from layers.errors import CrsError, InputError, JobCancelled
from layers.store import NewLayer, Project
from zsgis.selection import LocationQuestion, Relation, found_by_location

EAST, NORTH = 436_000.0, 2_491_000.0
CRS = parse_crs("4547")


def box(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def uid(number: int) -> str:
    return f"019313a0-0000-7000-8000-{number:012d}"


def add(project: Project, name: str, shapes: list[shapely.Geometry | None], *, epsg: str = "4547") -> str:
    crs = parse_crs(epsg)
    moved = transform(np.array(shapes, dtype=object), CRS, crs)
    frame = geopandas.GeoDataFrame(
        {"zs_uid": [uid(len(name) * 1000 + number) for number in range(len(shapes))]},
        geometry=list(moved),
        crs=crs,
    )
    return project.add_layer(NewLayer(name, "zones", crs), frame).uid


def found(
    project: Project,
    relation: Relation,
    layer: str,
    beside: str,
    *,
    chosen: frozenset[str] | None = None,
    distance_m: float = 0.0,
) -> list[int]:
    names = found_by_location(project, LocationQuestion(relation, layer, beside, chosen, distance_m))
    return sorted(int(name[-3:]) for name in names)


PLATFORM = box(0, 0, 100, 100)
PARCELS = [
    box(10, 10, 20, 20),  # 0 inside
    box(0, 50, 20, 20),  # 1 inside, on the edge
    box(90, 50, 40, 20),  # 2 across: a quarter of it inside
    box(60, 50, 50, 20),  # 3 across: most of it inside
    box(100, 0, 10, 10),  # 4 shares an edge
    box(100, 100, 10, 10),  # 5 shares a corner
    box(130, 0, 10, 10),  # 6 is 30 m away
    box(-50, -50, 300, 300),  # 7 has all of it
    None,  # 8 is nowhere
]


@pytest.mark.parametrize(
    ("relation", "wanted"),
    [
        (Relation.INTERSECTS, [0, 1, 2, 3, 4, 5, 7]),
        (Relation.WITHIN, [0, 1]),
        (Relation.CONTAINS, [7]),
        (Relation.TOUCHES, [4, 5]),
        (Relation.CENTROID, [0, 1, 3, 7]),
    ],
)
def test_each_relation_finds_what_lies_so(tmp_path: Path, relation: Relation, wanted: list[int]) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels, platforms = add(project, "图斑", PARCELS), add(project, "平台区", [PLATFORM, None])
        assert found(project, relation, parcels, platforms) == wanted


@pytest.mark.parametrize(("distance", "wanted"), [(29.99, []), (30.0, [6]), (0.0, [])])
def test_a_distance_is_measured_from_edge_to_edge(tmp_path: Path, distance: float, wanted: list[int]) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels, platforms = add(project, "图斑", PARCELS), add(project, "平台区", [PLATFORM])
        near = found(project, Relation.NEAR, parcels, platforms, distance_m=distance)
        assert [number for number in near if number > 5 and number != 7] == wanted
        with pytest.raises(InputError):
            found(project, Relation.NEAR, parcels, platforms, distance_m=-1.0)


@pytest.mark.parametrize("epsg", ["4526", "4490", "32649"])
def test_layers_in_different_systems_meet(tmp_path: Path, epsg: str) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels = add(project, "图斑", [*PARCELS[2:4], box(20, 20, 10, 10), box(300, 300, 10, 10)])
        platforms = add(project, "平台区", [PLATFORM], epsg=epsg)
        assert found(project, Relation.INTERSECTS, parcels, platforms) == [0, 1, 2]
        assert found(project, Relation.CENTROID, parcels, platforms) == [1, 2]
        # and the other way round, where the layer looked at has that system
        assert found(project, Relation.NEAR, platforms, parcels, distance_m=5.0) == [0]
        assert found(project, Relation.CONTAINS, platforms, parcels) == [0]


def test_systems_that_do_not_meet_are_refused(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels = add(project, "图斑", PARCELS)
        old = parse_crs("2383")
        frame = geopandas.GeoDataFrame(geometry=[PLATFORM], crs=old)
        legacy = project.add_layer(NewLayer("旧图", "zones", old), frame).uid
        with pytest.raises(CrsError):
            found(project, Relation.INTERSECTS, parcels, legacy)


def test_only_the_chosen_features_count(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels = add(project, "图斑", PARCELS)
        platforms = add(project, "平台区", [PLATFORM, box(130, 0, 10, 10)])
        only = frozenset({uid(3001)})
        assert found(project, Relation.WITHIN, parcels, platforms, chosen=only) == [6]
        assert found(project, Relation.WITHIN, parcels, platforms, chosen=frozenset()) == []
        with pytest.raises(InputError):
            found(project, Relation.WITHIN, parcels, platforms, chosen=frozenset({uid(9)}))


def test_a_ring_that_crosses_itself_is_asked_where_it_lies(tmp_path: Path) -> None:
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels, platforms = (
            add(project, "图斑", [bow, *PARCELS[:1]]),
            add(project, "平台区", [bow, PLATFORM]),
        )
        assert found(project, Relation.WITHIN, parcels, platforms) == [0, 1]


class Stop:
    def step(self, done: float, _text: str = "") -> None:
        if done > 0:
            raise JobCancelled


def test_a_search_can_be_stopped(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        parcels, platforms = add(project, "图斑", PARCELS), add(project, "平台区", [PLATFORM])
        with pytest.raises(JobCancelled):
            found_by_location(project, LocationQuestion(Relation.WITHIN, parcels, platforms), Stop())


places = st.integers(-12, 12).map(lambda n: n * 5.0)
sizes = st.integers(1, 8).map(lambda n: n * 5.0)
rectangles = st.builds(box, places, places, sizes, sizes)
triangles = st.tuples(places, places, sizes, sizes).map(
    lambda d: shapely.Polygon(
        [(EAST + d[0], NORTH + d[1]), (EAST + d[0] + d[2], NORTH + d[1]), (EAST + d[0], NORTH + d[1] + d[3])]
    )
)
points = st.tuples(places, places).map(
    lambda d: shapely.Point(EAST + d[0], NORTH + d[1]).buffer(2.5, quad_segs=1)
)
shapes = st.lists(rectangles | triangles | points, min_size=1, max_size=8)
SLOWLY = {
    Relation.INTERSECTS: lambda own, other: own.intersects(other),
    Relation.WITHIN: lambda own, other: other.covers(own),
    Relation.CONTAINS: lambda own, other: own.covers(other),
    Relation.TOUCHES: lambda own, other: own.touches(other),
    Relation.NEAR: lambda own, other: own.distance(other) <= 7.0,
    Relation.CENTROID: lambda own, other: own.centroid.intersects(other),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes, shapes)
def test_it_finds_what_looking_at_every_pair_finds(
    tmp_path_factory: pytest.TempPathFactory, own: list[shapely.Polygon], others: list[shapely.Polygon]
) -> None:
    path = tmp_path_factory.mktemp("pairs") / "p.gpkg"
    with Project.create(path, CRS) as project:
        layer, beside = add(project, "图斑", list(own)), add(project, "平台区", list(others))
        for relation, holds in SLOWLY.items():
            wanted = [n for n, shape in enumerate(own) if any(holds(shape, other) for other in others)]
            assert found(project, relation, layer, beside, distance_m=7.0) == wanted, relation
