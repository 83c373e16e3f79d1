"""The area of a selection: on the basis of the kind, measured once for all who ask, and only what is new."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from layers.crs import parse_crs
from layers.errors import JobCancelled
from layers.kind import AreaBasis
from layers.kinds import KINDS
from layers.store import LayerInfo, NewLayer, Project
from zsgis import selected_areas
from zsgis.inspection import selection_size
from zsgis.selected_areas import SelectedAreas, basis_of, recorded_field

COUNT = 9
CRS = parse_crs("4547")


class Plots:
    """Squares of 10 m, 11 m, ... in a layer whose planar area counts, and which of them were read when."""

    def __init__(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        shapes = [
            shapely.box(500_000 + 30 * n, 2_490_000, 500_010 + 31 * n, 2_490_010 + n) for n in range(COUNT)
        ]
        frame = geopandas.GeoDataFrame({"name": [str(n) for n in range(COUNT)]}, geometry=shapes, crs=CRS)
        self.project = project
        self.layer: LayerInfo = project.add_layer(NewLayer("批地", "approved", CRS), frame)
        self.uids: tuple[str, ...] = tuple(project.read(self.layer.uid).index)
        self.read: list[str] = []
        really = Project.read

        def noting(project: Project, uid: str, *, uids: Collection[str], **wanted: Any) -> Any:
            self.read += uids
            return really(project, uid, uids=uids, **wanted)

        monkeypatch.setattr(Project, "read", noting)
        monkeypatch.setattr(selected_areas, "_PORTION", 2)

    def chosen(self, *numbers: int) -> frozenset[str]:
        return frozenset(self.uids[number] for number in numbers)


@pytest.fixture
def plots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plots]:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        yield Plots(project, monkeypatch)


class StopsAt:
    """A progress at which someone asks to stop at the n-th step."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, _done: float, _text: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise JobCancelled


def test_areas_are_summed_on_the_basis_of_the_kind(plots: Plots) -> None:
    found = SelectedAreas().of(plots.project, plots.layer, plots.chosen(0, 2, 5))
    # 10 x 10 + 12 x 12 + 15 x 15 on the plane
    assert (found.basis, found.area_m2) == (AreaBasis.PLANAR, 469.0)
    assert (found.unmeasured, found.without_area) == (0, 0)
    assert found.area_ha == pytest.approx(0.0469)
    assert found.area_mu == pytest.approx(469 * 3 / 2000)


def test_what_was_asked_before_is_not_measured_again(plots: Plots) -> None:
    areas, chosen = SelectedAreas(), plots.chosen(*range(COUNT))
    first = areas.of(plots.project, plots.layer, chosen)
    assert sorted(plots.read) == sorted(plots.uids)
    assert areas.of(plots.project, plots.layer, chosen) == first
    assert len(plots.read) == COUNT
    # the panel that sums the selection of all layers asks at the same place
    size = selection_size(plots.project, [plots.layer], {plots.layer.uid: chosen}, areas=areas)
    assert (size.count, size.area_m2) == (COUNT, first.area_m2)
    assert len(plots.read) == COUNT


@pytest.mark.parametrize(
    "numbers", [(0, 1, 2, 3, 4, 5, 6, 8), (0, 1, 2, 3, 4, 5, 7), (1, 2, 3, 4, 5, 6, 7, 8)]
)
def test_of_a_selection_that_changed_a_little_the_change_alone_is_measured(
    plots: Plots, numbers: tuple[int, ...]
) -> None:
    areas, before, now = SelectedAreas(), plots.chosen(*range(7)), plots.chosen(*numbers)
    areas.of(plots.project, plots.layer, before)
    plots.read.clear()
    found = areas.of(plots.project, plots.layer, now)
    assert set(plots.read) == before ^ now
    assert found.area_m2 == sum((10.0 + number) ** 2 for number in numbers)


def test_another_selection_and_a_changed_layer_are_measured_whole(plots: Plots) -> None:
    areas, few = SelectedAreas(), plots.chosen(7, 8)
    areas.of(plots.project, plots.layer, plots.chosen(*range(7)))
    plots.read.clear()
    assert areas.of(plots.project, plots.layer, few).area_m2 == 17.0**2 + 18.0**2
    assert set(plots.read) == few
    plots.read.clear()
    edited = replace(plots.layer, version=plots.layer.version + 1)
    assert areas.of(plots.project, edited, few).area_m2 == 17.0**2 + 18.0**2
    assert set(plots.read) == few


def test_a_sum_that_was_stopped_goes_on_where_it_was(plots: Plots) -> None:
    areas, chosen = SelectedAreas(), plots.chosen(*range(COUNT))
    with pytest.raises(JobCancelled):
        areas.of(plots.project, plots.layer, chosen, StopsAt(2))
    # two portions of two were read before the third step
    assert len(plots.read) == 4
    found = areas.of(plots.project, plots.layer, chosen)
    assert found.area_m2 == sum((10.0 + number) ** 2 for number in range(COUNT))
    assert sorted(plots.read) == sorted(plots.uids)


def test_two_who_ask_at_once_have_it_measured_once(plots: Plots) -> None:
    areas, chosen = SelectedAreas(), plots.chosen(*range(COUNT))
    reached, go_on, waits = threading.Event(), threading.Event(), threading.Event()

    class Halting:
        def step(self, done: float, _text: str = "") -> None:
            if done > 0:
                reached.set()
                assert go_on.wait(60)

    class Waiting:
        def step(self, done: float, _text: str = "") -> None:
            if done > 0:
                waits.set()

    found: list[float] = []

    def ask(progress: Any) -> None:
        found.append(areas.of(plots.project, plots.layer, chosen, progress).area_m2)

    first, second = (threading.Thread(target=ask, args=(progress,)) for progress in (Halting(), Waiting()))
    first.start()
    assert reached.wait(60)
    second.start()
    # it is told how far the other is
    assert waits.wait(60)
    with pytest.raises(JobCancelled):  # who waits may stop waiting
        areas.of(plots.project, plots.layer, chosen, StopsAt(0))
    go_on.set()
    first.join(60)
    second.join(60)
    assert found == [sum((10.0 + number) ** 2 for number in range(COUNT))] * 2
    assert sorted(plots.read) == sorted(plots.uids)


def test_what_has_no_shape_or_a_broken_one_is_counted_beside_the_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        plots = Plots(project, monkeypatch)
        with project._database.writing() as connection:
            connection.execute("UPDATE 批地 SET geom = NULL WHERE zs_uid = ?", (plots.uids[1],))
            connection.execute("UPDATE 批地 SET geom = x'4750' WHERE zs_uid = ?", (plots.uids[4],))
        found = SelectedAreas().of(project, plots.layer, plots.chosen(0, 1, 4, 8))
    assert (found.area_m2, found.unmeasured, found.without_area) == (100.0 + 324.0, 1, 1)


def test_recorded_areas_come_from_their_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # a bureau may let the contract count
    declared = replace(KINDS["supplied"], area_basis=AreaBasis.RECORDED)
    monkeypatch.setattr(selected_areas, "KINDS", {**KINDS, "supplied": declared})
    shapes = [shapely.box(500_000 + 20 * n, 2_490_000, 500_010 + 20 * n, 2_490_010) for n in range(3)]
    data = geopandas.GeoDataFrame({"contract_area_m2": [666.67, np.nan, 100.0]}, geometry=shapes, crs=CRS)
    with Project.create(tmp_path / "x.gpkg", CRS) as project:
        layer = project.add_layer(NewLayer("供地", "supplied", CRS), data)
        assert recorded_field(layer) == "contract_area_m2"
        found = SelectedAreas().of(project, layer, frozenset(project.read(layer.uid).index))
    assert (found.basis, found.area_m2, found.without_area) == (AreaBasis.RECORDED, 766.67, 1)


def test_points_have_no_area(tmp_path: Path) -> None:
    data = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.Point(500_000, 2_490_000)], crs=CRS)
    with Project.create(tmp_path / "x.gpkg", CRS) as project:
        layer = project.add_layer(NewLayer("载体", "carriers", CRS), data)
        assert basis_of(layer) is AreaBasis.NONE
        found = SelectedAreas().of(project, layer, frozenset(project.read(layer.uid).index))
        size = selection_size(project, [layer], {layer.uid: frozenset(project.read(layer.uid).index)})
    assert (found.basis, found.cents) == (AreaBasis.NONE, 0)
    assert (size.count, size.area_m2) == (1, None)
