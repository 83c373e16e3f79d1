"""Landscape metrics against FRAGSTATS' own print, a grid computed by hand, and slow plain ways."""

from __future__ import annotations

import csv
from collections import deque
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import InputError
from layers.progress import NoProgress
from zsgis.analysis.landscape.grid import ClassGrid, class_grid
from zsgis.analysis.landscape.patches import Patches, find_patches, least_perimeter
from zsgis.analysis.landscape.runs import filled, joined_runs, meetings_of, runs_of
from zsgis.analysis.landscape.summaries import Summaries, summarise

GRID = [
    [1, 1, 2, 2, 2, 2],
    [1, 1, 2, 2, 1, 1],
    [2, 2, 2, 2, 1, 1],
    [2, 1, 2, 2, 2, 2],
    [2, 2, 2, 1, 1, 2],
    [2, 2, 2, 1, 2, 2],
]


def computed(cells: object, cell_m: float = 1.0) -> tuple[ClassGrid, Patches, Summaries]:
    grid = class_grid(np.asarray(cells), cell_m)
    patches = find_patches(grid, NoProgress())
    return grid, patches, summarise(grid, patches)


def printed(value: float) -> float:
    """Return a number as FRAGSTATS prints it: four digits, halves up."""
    return float(np.floor(value * 1e4 + 0.5) / 1e4)


def rows(folder: Path, level: str) -> list[dict[str, str]]:
    with (folder / f"fragstats_{level}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def fragstats(shared_data: Path) -> Path:
    return shared_data / "fragstats"


@pytest.fixture(scope="module")
def landscape(fragstats: Path) -> tuple[ClassGrid, Patches, Summaries]:
    import rasterio

    with rasterio.open(fragstats / "landscape.tif") as file:
        return computed(file.read(1))


# FRAGSTATS measures the radius of gyration from a point it does not publish; see find_patches
GYRATE_APART = 0.02


@pytest.mark.real_data
def test_every_patch_metric_is_what_fragstats_prints(
    fragstats: Path, landscape: tuple[ClassGrid, Patches, Summaries]
) -> None:
    patches = landscape[1]
    table = rows(fragstats, "patch")
    assert len(table) == len(patches.cells) == 28
    compared = 0
    for row in table:
        place = int(float(row["PID"])) - 1
        for name in set(row) - {"LID", "PID", "TYPE", "GYRATE"}:
            assert printed(patches.metrics[name][place]) == float(row[name]), (row["PID"], name)
            compared += 1
        assert patches.metrics["GYRATE"][place] == pytest.approx(float(row["GYRATE"]), abs=GYRATE_APART)
    assert compared == 28 * 11


@pytest.mark.real_data
def test_every_class_metric_is_what_fragstats_prints(
    fragstats: Path, landscape: tuple[ClassGrid, Patches, Summaries]
) -> None:
    grid, _patches, summaries = landscape
    for row in rows(fragstats, "class"):
        place = grid.values.index(int(row["TYPE"].strip().removeprefix("cls_")))
        compared = compare(summaries.classes[place], row)
        assert compared == 52


@pytest.mark.real_data
def test_every_landscape_metric_is_what_fragstats_prints(
    fragstats: Path, landscape: tuple[ClassGrid, Patches, Summaries]
) -> None:
    (row,) = rows(fragstats, "landscape")
    assert compare(landscape[2].landscape, row) == 57


def compare(ours: object, row: dict[str, str]) -> int:
    compared = 0
    for name, text in row.items():
        if name in ("LID", "TYPE") or name.startswith("GYRATE"):
            continue
        value = ours[name]  # type: ignore[index]
        if text == "":
            assert np.isnan(value), name
        else:
            assert printed(value) == float(text), name
        compared += 1
    assert ours["GYRATE_MN"] == pytest.approx(float(row["GYRATE_MN"]), abs=GYRATE_APART)  # type: ignore[index]
    return compared


@pytest.mark.parametrize(
    ("name", "class1", "class2"),
    [
        # pylandstats 3.1.0 on this grid of 10 m cells
        ("NP", 4, 1),
        ("PD", 1111.111111, 277.777778),
        ("LPI", 11.111111, 66.666667),
        ("AREA_MN", 0.03, 0.24),
        ("AREA_AM", 0.035, 0.24),
        ("MESH", 0.011667, 0.16),
        ("ED", 583.333333, 583.333333),
        ("TE", 210, 210),
        ("LSI", 2.0, 1.9),
        ("ENN_MN", 20, np.nan),
        ("SHAPE_AM", 1.0, 1.9),
        # the formulas of landscapemetrics, computed apart
        ("SHAPE_SQ_AM", 1.038675, 1.939179),
        ("COHESION", 52.606454, 95.505103),
        ("AI", 58.823529, 76.315789),
    ],
)
def test_the_grid_of_the_standards(name: str, class1: float, class2: float) -> None:
    classes = computed(GRID, 10.0)[2].classes
    assert [found[name] for found in classes] == pytest.approx([class1, class2], abs=5e-7, nan_ok=True)


def test_three_patches_by_hand() -> None:
    # 1 1 2 2   three patches of 3, 4 and 1 cells; the single cell (1,3) touches the first class nowhere
    # 1 2 2 1   cells of 2 m: 4 m2
    _grid, patches, summaries = computed([[1, 1, 2, 2], [1, 2, 2, 1]], 2.0)
    assert patches.cells.tolist() == [3, 4, 1]
    # 4 sides a cell less 2 for each of 2, 3 and 0 pairs
    assert patches.perimeter.tolist() == [8, 10, 4]
    assert patches.metrics["AREA"].tolist() == pytest.approx([12e-4, 16e-4, 4e-4])
    # least sides of 3 cells: 8, of 4: 8, of 1: 4
    assert patches.metrics["SHAPE"].tolist() == pytest.approx([1, 10 / 8, 1])
    # 2 ln(0.25 x 16) / ln 12, 2 ln(0.25 x 20) / ln 16, 2 ln(0.25 x 8) / ln 4
    assert patches.metrics["FRAC"].tolist() == pytest.approx([1.115772, 1.160964, 1.0], abs=1e-6)
    # template sums 1+2+2, 1+2+1, 1+2+1 of 3 cells: (13 / 3 - 1) / 12; 6, 4, 4, 6 of 4: (20 / 4 - 1) / 12
    assert patches.metrics["CONTIG"].tolist() == pytest.approx([10 / 36, 1 / 3, 0])
    # nearest of class 1: from (0,1) to (1,3), sqrt 5 cells of 2 m
    assert patches.metrics["ENN"].tolist() == pytest.approx([2 * 5**0.5, np.nan, 2 * 5**0.5], nan_ok=True)
    one = summaries.classes[0]
    # unlike pairs: (0,1)-(0,2) (1,0)-(1,1) (1,2)-(1,3) across, (0,1)-(1,1) (0,3)-(1,3) down: 5 of 2 m
    assert one["TE"] == 10
    assert one["PLAND"] == pytest.approx(50)
    # MESH: (12^2 + 4^2) / 32 m2 = 5 m2
    assert one["MESH"] == pytest.approx(5e-4)
    assert summaries.landscape["NP"] == 3
    assert summaries.landscape["SHDI"] == pytest.approx(np.log(2))


def test_cells_without_data_lie_outside() -> None:
    cells = np.array([[1.0, np.nan, 1.0], [1.0, np.nan, 2.0]])
    _grid, patches, summaries = computed(cells)
    assert patches.cells.tolist() == [2, 1, 1]
    assert summaries.landscape["TA"] == pytest.approx(4e-4)
    # the one pair of unlike cells is (0,2)-(1,2); sides towards cells without data are no edge
    assert summaries.landscape["TE"] == 1
    assert patches.perimeter.tolist() == [6, 4, 4]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (np.full((2, 2), np.nan), "没有有数据的像元"),
        (np.array([[1.0, 1.5]]), "不是分类栅格"),
        (np.arange(1002).reshape(2, -1), "不是分类栅格"),
        (np.array([[1e300, 1.0]]), "不是分类栅格"),
    ],
)
def test_what_is_no_raster_of_classes_is_refused(cells: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match=said):
        class_grid(cells, 1.0, where="a.tif")


def test_one_class_alone_leaves_open_what_needs_two() -> None:
    _grid, _patches, summaries = computed(np.ones((3, 4), dtype=int))
    for name in ("SHEI", "SIEI", "MSIEI", "CONTAG", "IJI"):
        assert np.isnan(summaries.landscape[name]), name
    only = summaries.classes[0]
    assert (only["PLAND"], only["AI"], only["LSI"], only["TE"]) == (100, 100, 1, 0)
    assert np.isnan(only["CLUMPY"])


def test_a_patch_of_one_square_metre_with_a_longer_edge_has_no_fractal_dimension() -> None:
    patches = computed([[1, 1, 1, 1], [2, 2, 2, 2]], 0.5)[1]
    assert np.isnan(patches.metrics["FRAC"]).all()


def test_least_perimeter_of_few_cells() -> None:
    # drawn: 1, 2, 3 (an L), 4 (a square), 5, 6 (2 x 3), 7, 8, 9 (3 x 3), 10, 12 (3 x 4), 13
    cells = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13])
    assert least_perimeter(cells).tolist() == [4, 6, 8, 8, 10, 10, 12, 12, 12, 14, 14, 16]


small_grids = arrays(
    np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.sampled_from([1, 1, 2, 2, 3])
)


def flooded(cells: np.ndarray, *, corners: bool) -> np.ndarray:
    """Return patches by flooding cell by cell."""
    found = np.full(cells.shape, -1)
    steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a or b) and (corners or not (a and b))]
    number = 0
    for start in np.ndindex(*cells.shape):
        if found[start] >= 0:
            continue
        queue = deque([start])
        found[start] = number
        while queue:
            row, column = queue.popleft()
            for down, right in steps:
                there = (row + down, column + right)
                if not (0 <= there[0] < cells.shape[0] and 0 <= there[1] < cells.shape[1]):
                    continue
                if found[there] < 0 and cells[there] == cells[start]:
                    found[there] = number
                    queue.append(there)
        number += 1
    return found


@settings(max_examples=40)
@given(small_grids, st.booleans())
def test_patches_are_those_of_a_flood(cells: np.ndarray, corners: bool) -> None:
    runs = runs_of(cells.astype(np.int32))
    patch = joined_runs(runs, meetings_of(runs), corners=corners)
    assert (filled(runs, patch, len(cells)) == flooded(cells, corners=corners)).all()


@settings(max_examples=25)
@given(small_grids)
def test_distances_and_widths_are_those_of_all_pairs(cells: np.ndarray) -> None:
    grid, patches, _summaries = computed(cells)
    image = flooded(cells, corners=True)
    where = [np.argwhere(image == number) for number in range(len(patches.cells))]
    for number, own in enumerate(where):
        others = [where[i] for i in range(len(where)) if i != number]
        others = [o for o in others if cells[tuple(o[0])] == cells[tuple(own[0])]]
        apart = [np.hypot(*(a - b)) for o in others for a in own for b in o]
        assert patches.metrics["ENN"][number] == pytest.approx(min(apart, default=np.nan), nan_ok=True)
        corners = [cell + np.array(c) for cell in own for c in ((0, 0), (0, 1), (1, 0), (1, 1))]
        width = max(np.hypot(*(a - b)) for a, b in combinations(corners, 2))
        share = 0.0 if len(own) == 1 else 1 - len(own) / (3.1415 * width**2 / 4)
        assert patches.metrics["CIRCLE"][number] == pytest.approx(share)
        centre = own.mean(axis=0)
        spread = 0.5 if len(own) == 1 else np.hypot(*(own - centre).T).mean()
        assert patches.metrics["GYRATE"][number] == pytest.approx(spread)
    assert grid.values == tuple(np.unique(cells).tolist())


@settings(max_examples=25)
@given(small_grids)
def test_turning_and_mirroring_change_nothing(cells: np.ndarray) -> None:
    straight = computed(cells)[2]
    for other in (cells.T, cells[::-1], np.rot90(cells)):
        turned = computed(other)[2]
        assert turned.landscape == pytest.approx(straight.landscape, nan_ok=True)
        for mine, theirs in zip(straight.classes, turned.classes, strict=True):
            assert theirs == pytest.approx(mine, nan_ok=True)


@settings(max_examples=40)
@given(small_grids)
def test_classes_add_up_to_the_landscape(cells: np.ndarray) -> None:
    grid, _patches, summaries = computed(cells, 3.0)
    whole = summaries.landscape
    assert sum(found["CA"] for found in summaries.classes) == pytest.approx(whole["TA"])
    assert sum(found["NP"] for found in summaries.classes) == whole["NP"]
    assert sum(found["TE"] for found in summaries.classes) == pytest.approx(2 * whole["TE"])
    assert sum(found["TCA"] for found in summaries.classes) == pytest.approx(whole["TCA"])
    assert whole["PR"] == len(grid.values)
