"""Levels of detail: what is left out, what is never lost, and what the cells show."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drawable import DrawableLayer
from layers.errors import JobCancelled
from layers.levels.build import build_levels, wants_levels
from layers.levels.build import rings_of as proper_rings
from layers.levels.cells import make_cells
from layers.levels.files import load_levels, save_levels
from layers.levels.model import LINES_PER_BLOCK, NO_FEATURE, Level, Levels
from layers.levels.simplification import vertex_weights
from layers.progress import NoProgress
from tests.layers.level_samples import layer_of, lines_of, rings_of, signed_area, wavy_parcels


def nothing(_share: float) -> None:
    pass


@pytest.fixture(scope="module")
def parcels() -> DrawableLayer:
    return layer_of(wavy_parcels(60, 50))


@pytest.fixture(scope="module")
def levels(parcels: DrawableLayer) -> Levels:
    return build_levels(parcels, 1.0, NoProgress())


def shapes_of(level: Level, count: int) -> list[shapely.Geometry]:
    """Return the features of a level; what has no rings is empty."""
    shapes = []
    for row in range(count):
        rings = rings_of(level, row)
        shells = [ring for ring in rings if signed_area(ring) > 0]
        holes = [ring for ring in rings if signed_area(ring) < 0]
        polygons = [
            shapely.Polygon(
                shell, [hole for hole in holes if shapely.Polygon(shell).contains(shapely.Point(hole[0]))]
            )
            for shell in shells
        ]
        shapes.append(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons))
    return shapes


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=40),
    st.floats(0.3, 30),
    st.booleans(),
)
def test_weights_give_douglas_and_peuckers_line(
    places: list[tuple[int, int]], tolerance: float, closed: bool
):
    line = np.array([*places, places[0]] if closed else places, dtype=float)
    # no two vertices equally far off: which of them comes first is nobody's business
    line += np.random.default_rng(len(line)).uniform(-0.2, 0.2, line.shape)
    if closed:
        line[-1] = line[0]
    weights = vertex_weights(line, np.array([0, len(line)]), 0.0)
    expected = shapely.simplify(shapely.LineString(line), tolerance, preserve_topology=False)
    assert line[weights > tolerance].tolist() == shapely.get_coordinates(expected).tolist()


def test_a_line_that_halving_never_settles_is_kept():
    # every split takes one vertex off the end: as many rounds as vertices
    steps = np.arange(3000)
    line = np.column_stack([steps * 1.0, np.where(steps % 2, 1.0, -1.0) * 1.001**steps])
    weights = vertex_weights(line, np.array([0, len(line)]), 1e-3)
    assert np.isinf(weights[[0, -1]]).all()
    assert (weights > 0).all()


def test_coordinates_too_large_to_be_squared_do_no_harm():
    line = np.array([[0.0, 0.0], [1e200, 1.0], [1e300, -1e300], [5.0, 5.0]])
    assert (vertex_weights(line, np.array([0, 4]), 0.5) > 0.5).all()


def test_each_level_is_a_good_deal_smaller(levels: Levels, parcels: DrawableLayer):
    sizes = [len(parcels.coords), *(len(level.coords) for level in levels.levels)]
    assert len(sizes) >= 3
    assert all(small <= 0.85 * large for large, small in itertools.pairwise(sizes))
    assert [level.tolerance for level in levels.levels] == sorted(
        {level.tolerance for level in levels.levels}
    )


def test_a_level_has_neither_gaps_nor_overlaps(levels: Levels, parcels: DrawableLayer):
    for level in levels.levels:
        shapes = shapes_of(level, len(parcels))
        assert shapely.coverage_is_valid(shapes)
        assert not any(shapely.is_empty(shapes))


def test_boundaries_stay_within_the_tolerance(levels: Levels, parcels: DrawableLayer):
    own = shapely.linestrings(
        np.asarray(parcels.coords),
        indices=np.repeat(np.arange(len(parcels.ring_offsets) - 1), np.diff(parcels.ring_offsets)),
    )
    for level in levels.levels:
        rings = [shapely.LineString(rings_of(level, row)[0] + level.origin) for row in range(len(parcels))]
        distance = shapely.hausdorff_distance(np.array(rings), own)
        # four byte numbers 1.5 km from the origin are off by 0.06 mm at most
        assert distance.max() <= level.tolerance + 1e-3


def test_lines_and_rings_are_the_same_boundaries(levels: Levels, parcels: DrawableLayer):
    for level in levels.levels:
        edges: dict[tuple[float, ...], list[int]] = {}
        for row in range(len(parcels)):
            for ring in rings_of(level, row):
                for start, end in zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True):
                    edges.setdefault((*min(start, end), *max(start, end)), []).append(row)
        seen = {}
        for line, sides in zip(lines_of(level), level.line_sides.tolist(), strict=True):
            for start, end in zip(line[:-1].tolist(), line[1:].tolist(), strict=True):
                edge = (*min(start, end), *max(start, end))
                assert edge not in seen
                seen[edge] = sorted(side for side in sides if side != NO_FEATURE)
        assert seen == {edge: sorted(rows) for edge, rows in edges.items()}


def test_blocks_of_lines_know_where_they_lie(levels: Levels):
    for level in levels.levels:
        lines = lines_of(level)
        assert len(level.block_bounds) == -(-len(lines) // LINES_PER_BLOCK)
        for block, bounds in enumerate(level.block_bounds):
            vertices = np.vstack(lines[block * LINES_PER_BLOCK : (block + 1) * LINES_PER_BLOCK]).astype(float)
            low, high = vertices.min(axis=0) + level.origin, vertices.max(axis=0) + level.origin
            assert [*low, *high] == bounds.tolist()
        # in the order of the features, blocks are compact: the layer is 3 km across
        assert np.median(level.block_bounds[:, 2] - level.block_bounds[:, 0]) < 1500


def test_what_is_four_pixels_large_is_never_lost():
    # roads of 1 to 8 m between wavy parcels would vanish where a boundary may move by as much
    roads = []
    for number, width in enumerate(np.linspace(1.0, 8.0, 40)):
        x = np.linspace(0, 800, 161)
        y = number * 60.0 + 4 * np.sin(x / 25)
        roads.append(
            shapely.Polygon([*zip(x, y, strict=True), *zip(x[::-1], (y + width)[::-1], strict=True)])
        )
    around = wavy_parcels(60, 50, seed=5)
    layer = layer_of(
        [*roads, *(shapely.transform(cell, lambda xy: xy + np.array([5000.0, 0.0])) for cell in around)]
    )
    levels = build_levels(layer, 1.0, NoProgress())
    assert len(levels.levels) >= 2
    own = np.bincount(
        proper_rings(layer).features,
        [
            signed_area(np.asarray(layer.coords[a:b]))
            for a, b in zip(layer.ring_offsets[:-1], layer.ring_offsets[1:], strict=True)
        ],
    )
    for level in levels.levels:
        seen = own > 4 * (3 * level.tolerance) ** 2
        for row in np.flatnonzero(seen).tolist():
            left = sum(signed_area(ring) for ring in rings_of(level, row))
            assert left >= own[row] / 2


def _samples(layer: DrawableLayer, levels: Levels) -> None:
    shapes = [
        shapely.Polygon(np.asarray(layer.coords[a:b]))
        for a, b in zip(layer.ring_offsets[:-1], layer.ring_offsets[1:], strict=True)
    ]
    tree = shapely.STRtree(shapes)
    rng = np.random.default_rng(3)
    for cells in levels.cells:
        down, across = (rng.integers(0, size, 2000) for size in cells.rows.shape)
        middles = shapely.points(
            cells.left + (across + 0.5) * cells.size, cells.top - (down + 0.5) * cells.size
        )
        point, shape = tree.query(middles, predicate="intersects")
        expected: list[set[int]] = [set() for _ in range(2000)]
        for one, other in zip(point.tolist(), shape.tolist(), strict=True):
            expected[one].add(other)
        for found, covering in zip(cells.rows[down, across].tolist(), expected, strict=True):
            assert found in covering or (found == NO_FEATURE and not covering)


def test_cells_hold_who_covers_their_middles(levels: Levels, parcels: DrawableLayer):
    assert len(levels.cells) >= 1
    _samples(parcels, levels)
    assert sum(cells.rows.nbytes for cells in levels.cells) <= 0.5 * parcels.coords.nbytes


def test_cells_know_holes_islands_and_the_ground():
    squares = [
        shapely.box(100 * i, 100 * j, 100 * i + 80, 100 * j + 80)
        - shapely.box(100 * i + 20, 100 * j + 20, 100 * i + 60, 100 * j + 60)
        for i in range(20)
        for j in range(20)
    ]
    layer = layer_of([shapely.segmentize(square, 2.0) for square in squares])
    cells = make_cells(proper_rings(layer), layer.extent or (0, 0, 0, 0), nothing)
    finest = cells[0]
    down, across = np.indices(finest.rows.shape)
    x, y = finest.left + (across + 0.5) * finest.size, finest.top - (down + 0.5) * finest.size
    inside = ((x % 100) < 80) & ((y % 100) < 80) & (x < 1980) & (y < 1980) & (x >= 0) & (y >= 0)
    hole = ((x % 100) > 20) & ((x % 100) < 60) & ((y % 100) > 20) & ((y % 100) < 60)
    np.testing.assert_array_equal(finest.rows != NO_FEATURE, inside & ~hole)


def test_of_features_a_little_upon_each_other_the_later_row_is_seen_of_heaps_none():
    boxes = [shapely.box(10 * i, 0, 10 * i + 10.05, 400) for i in range(40)]
    layer = layer_of([shapely.segmentize(box, 1.0) for box in boxes])
    rings = proper_rings(layer)
    (finest, *_rest) = make_cells(rings, layer.extent or (0, 0, 0, 0), nothing)
    assert set(np.unique(finest.rows).tolist()) - {NO_FEATURE} == set(range(40))
    heap = layer_of([shapely.segmentize(shapely.box(i, 0, i + 10, 400), 1.0) for i in range(40)])
    assert make_cells(proper_rings(heap), heap.extent or (0, 0, 0, 0), nothing) == ()


@pytest.mark.parametrize(
    "shapes",
    [
        [],
        [None, shapely.Polygon()],
        [shapely.Polygon([(0, 0), (5, 0), (9, 0)])],
        [shapely.Polygon([(3, 3), (3, 3), (3, 3)])],
        [shapely.box(0, 0, 1e300, 1e300)],
    ],
    ids=["none", "nothing to draw", "no height", "one place", "endless"],
)
def test_layers_without_area_have_levels_without_harm(shapes: list[shapely.Geometry]):
    levels = build_levels(layer_of(shapes), 1.0, NoProgress())
    assert all(np.isfinite(level.tolerance) for level in levels.levels)


def test_a_polygon_of_a_hundred_thousand_vertices_is_simplified():
    turn = np.linspace(0, 2 * np.pi, 100_001)
    places = np.column_stack([np.cos(turn), np.sin(turn)]) * 5000
    places[-1] = places[0]
    circle = shapely.Polygon(places)
    levels = build_levels(layer_of([circle]), 1.0, NoProgress())
    first = levels.levels[0]
    # a chord over the angle a is off by r (1 - cos(a / 2)): at most 0.75 m with 182 chords, halving gives 256
    assert 182 <= len(first.coords) <= 257
    assert signed_area(first.coords) == pytest.approx(circle.area, rel=1e-3)


def test_degrees_are_measured_in_metres():
    metres = 111_319.49
    plain = wavy_parcels(50, 45)
    degrees = [shapely.transform(cell, lambda xy: xy / metres + (113.0, 22.0)) for cell in plain]
    flat = build_levels(layer_of(plain), 1.0, NoProgress())
    round_ = build_levels(layer_of(degrees), metres, NoProgress())
    assert [level.tolerance * metres for level in round_.levels] == pytest.approx(
        [level.tolerance for level in flat.levels]
    )
    assert len(round_.levels[0].coords) == pytest.approx(len(flat.levels[0].coords), rel=0.01)


def test_only_large_polygon_layers_want_levels(parcels: DrawableLayer):
    assert wants_levels(parcels)
    assert not wants_levels(layer_of([shapely.box(0, 0, 1, 1)]))


def test_building_can_be_stopped(parcels: DrawableLayer):
    shares: list[float] = []

    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            assert text == ""
            shares.append(done)
            if done > 0.5:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        build_levels(parcels, 1.0, Stopped())
    assert shares == sorted(shares)


def test_files_give_back_the_same_levels(levels: Levels, parcels: DrawableLayer, tmp_path: Path):
    save_levels(levels, tmp_path)
    found = load_levels(tmp_path, len(parcels))
    assert found is not None
    for own, read in zip(levels.levels, found.levels, strict=True):
        assert (own.tolerance, own.origin) == (read.tolerance, read.origin)
        for name in (
            "coords",
            "ring_offsets",
            "ring_starts",
            "line_coords",
            "line_offsets",
            "line_sides",
            "block_bounds",
        ):
            np.testing.assert_array_equal(getattr(own, name), getattr(read, name))
            assert isinstance(getattr(read, name).base, np.memmap)
    for mine, theirs in zip(levels.cells, found.cells, strict=True):
        assert (mine.size, mine.left, mine.top) == (theirs.size, theirs.left, theirs.top)
        np.testing.assert_array_equal(mine.rows, theirs.rows)


def test_no_levels_at_all_are_kept_as_such(tmp_path: Path):
    save_levels(Levels(), tmp_path)
    found = load_levels(tmp_path, 7)
    assert found is not None
    assert (found.levels, found.cells) == ((), ())


def test_levels_of_another_layer_are_not_taken(levels: Levels, parcels: DrawableLayer, tmp_path: Path):
    save_levels(levels, tmp_path)
    assert load_levels(tmp_path, len(parcels) + 1) is None


def test_whoever_writes_second_leaves_what_is_there(levels: Levels, tmp_path: Path):
    save_levels(levels, tmp_path)
    before = (tmp_path / "levels" / "levels.json").stat().st_mtime_ns
    save_levels(levels, tmp_path)
    assert (tmp_path / "levels" / "levels.json").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == ["levels"]


def _cut(folder: Path) -> None:
    file = folder / "coords_0.npy"
    file.write_bytes(file.read_bytes()[:-8])


def _lose(folder: Path) -> None:
    (folder / "line_sides_0.npy").unlink()


def _pickle(folder: Path) -> None:
    np.save(folder / "cells_0.npy", np.array([[{"a": 1}]], dtype=object), allow_pickle=True)


def _shorten(folder: Path) -> None:
    offsets = np.load(folder / "ring_offsets_0.npy")
    np.save(folder / "ring_offsets_0.npy", offsets[:-5])


def _half_description(folder: Path) -> None:
    file = folder / "levels.json"
    file.write_text(file.read_text("utf-8")[:30], encoding="utf-8")


def _other_make(folder: Path) -> None:
    file = folder / "levels.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": 99}), encoding="utf-8")


@pytest.mark.parametrize("harm", [_cut, _lose, _pickle, _shorten, _half_description, _other_make])
def test_damaged_levels_are_not_taken_and_written_anew(
    harm: object, levels: Levels, parcels: DrawableLayer, tmp_path: Path
):
    save_levels(levels, tmp_path)
    assert callable(harm)
    harm(tmp_path / "levels")
    assert load_levels(tmp_path, len(parcels)) is None
    save_levels(levels, tmp_path)
    assert load_levels(tmp_path, len(parcels)) is not None


@pytest.mark.real_data
def test_real_land_use_keeps_its_neighbours_together(shared_data: Path):
    frame = gpd.read_file(shared_data / "xinwu" / "xinwu_land_use.gpkg")
    assert frame.crs.is_projected
    assert shapely.coverage_is_valid(frame.geometry.array)
    layer = layer_of(list(frame.geometry.explode(ignore_index=True)))
    levels = build_levels(layer, 1.0, NoProgress())
    assert len(levels.levels) >= 3
    for level in levels.levels:
        shapes = np.array(shapes_of(level, len(layer)))
        # a strip of 2 cm is narrower than the finest detail that is told apart
        assert (~shapely.is_valid(shapes)).sum() <= 1
        # what lies upon a neighbour lay beside a gap of the data that is narrower than a pixel
        whole = shapely.area(shapely.union_all(shapely.make_valid(shapes)))
        assert shapely.area(shapes).sum() == pytest.approx(whole, rel=1e-4)
        assert whole == pytest.approx(frame.geometry.area.sum(), rel=0.01)
    # that strip lies between two of 2246 parcels; no other boundary parts from its neighbour's
    edges = shapely.coverage_invalid_edges(np.array(shapes_of(levels.levels[0], len(layer))))
    assert (~shapely.is_empty(edges)).sum() <= 2
