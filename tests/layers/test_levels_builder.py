"""Levels made in a process of their own: kept, stopped, broken off, made twice at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from layers.drawable import DrawableLayer
from layers.drawable_files import load_drawable, save_drawable
from layers.errors import InputError, JobCancelled
from layers.levels.build import build_levels
from layers.levels.builder import LevelsBuilder
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from layers.store.drawing_cache import DrawingCache
from layers.style import Style
from tests.layers.level_samples import layer_of, wavy_parcels


@pytest.fixture(scope="module")
def parcels() -> DrawableLayer:
    return layer_of(wavy_parcels(50, 45))


@pytest.fixture
def folder(parcels: DrawableLayer, tmp_path: Path) -> Path:
    save_drawable(parcels, tmp_path, {})
    return tmp_path


def loaded(folder: Path) -> DrawableLayer:
    return load_drawable(folder, style=Style(), opacity=1.0)


def test_another_process_makes_the_very_same_levels(folder: Path, parcels: DrawableLayer):
    shares: list[float] = []

    class Telling:
        def step(self, done: float, text: str = "") -> None:
            assert text == ""
            shares.append(done)

    LevelsBuilder(folder, 1.0).run(Telling())
    levels, own = loaded(folder).levels, build_levels(parcels, 1.0, NoProgress())
    assert levels is not None
    assert len(levels.levels) == len(own.levels) > 0
    for one, other in zip(levels.levels, own.levels, strict=True):
        np.testing.assert_array_equal(one.coords, other.coords)
        np.testing.assert_array_equal(one.line_sides, other.line_sides)
    for one_grid, other_grid in zip(levels.cells, own.cells, strict=True):
        np.testing.assert_array_equal(one_grid.rows, other_grid.rows)
    assert shares == sorted(shares)


def test_stopping_ends_the_process_and_leaves_nothing(folder: Path):
    builder = LevelsBuilder(folder, 1.0)
    before = sorted(path.name for path in folder.iterdir())

    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            assert (done, text) is not None
            if builder.process_id is not None:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        builder.run(Stopped())
    assert builder.process_id is not None
    with pytest.raises(ProcessLookupError):
        os.kill(builder.process_id, 0)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_process_that_is_killed_is_told_of_and_does_no_harm(folder: Path):
    builder = LevelsBuilder(folder, 1.0)

    class Killing:
        def step(self, done: float, text: str = "") -> None:
            assert (done, text) is not None
            if builder.process_id is not None:
                os.kill(builder.process_id, signal.SIGKILL)

    with pytest.raises(InputError) as caught:
        builder.run(Killing())
    assert caught.value.remedy
    assert loaded(folder).levels is None
    LevelsBuilder(folder, 1.0).run(NoProgress())
    assert loaded(folder).levels is not None


def test_files_that_are_gone_are_told_of(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        LevelsBuilder(tmp_path / "nowhere", 1.0).run(NoProgress())
    assert "UnreadableFiles" in caught.value.details


def test_two_programs_at_once_do_each_other_no_harm(folder: Path):
    failures: list[BaseException] = []

    def run() -> None:
        try:
            LevelsBuilder(folder, 1.0).run(NoProgress())
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert loaded(folder).levels is not None
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "levels.gpkg", "4547") as made:
        yield made


@pytest.fixture
def zones(project: Project) -> LayerInfo:
    cells = wavy_parcels(50, 45)
    frame = gpd.GeoDataFrame({"name": [""] * len(cells)}, geometry=cells, crs=4547)
    frame.geometry = frame.geometry.translate(440_000, 2_490_000)
    return project.add_layer(NewLayer(name="分区", kind="zones", crs=project.crs), frame)


def test_the_cache_keeps_levels_with_the_layer(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    layer = cache.get(project, zones, project.crs)
    assert layer.levels is None
    assert cache.wants_levels(layer)
    coarser = cache.with_levels(layer, project.crs, NoProgress())
    assert coarser.levels is not None
    assert len(coarser.levels.levels) > 0
    again = cache.get(project, zones, project.crs)
    assert again.levels is not None
    assert not cache.wants_levels(again)


def test_small_layers_and_layers_without_files_want_none(tmp_path: Path, parcels: DrawableLayer):
    cache = DrawingCache(tmp_path)
    assert not cache.wants_levels(parcels)
    small = layer_of(wavy_parcels(3, 3))
    save_drawable(small, tmp_path, {})
    assert not cache.wants_levels(loaded(tmp_path))
