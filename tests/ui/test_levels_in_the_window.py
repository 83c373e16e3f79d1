"""Coarser levels arrive in the background: the map is there before, and nobody is asked about them."""

from __future__ import annotations

import time
from pathlib import Path

import geopandas as gpd
import pytest
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.drawable import DrawableLayer
from layers.errors import InputError
from layers.levels.builder import LevelsBuilder
from layers.progress import Progress
from layers.store import NewLayer, Project
from tests.layers.level_samples import wavy_parcels
from tests.ui.window_desk import WAIT_MS, Desk

TITLE = "Preparing coarser levels"


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


@pytest.fixture
def large(tmp_path: Path) -> Path:
    crs = parse_crs("4547")
    cells = wavy_parcels(50, 45)
    frame = gpd.GeoDataFrame({"name": [""] * len(cells)}, geometry=cells, crs=crs)
    frame.geometry = frame.geometry.translate(440_000, 2_490_000)
    path = tmp_path / "large.gpkg"
    with Project.create(path, crs) as project:
        project.add_layer(NewLayer(name="分区", kind="zones", crs=crs), frame)
    return path


def only_layer(desk: Desk) -> DrawableLayer:
    (layer,) = desk.window.canvas.layers
    assert isinstance(layer, DrawableLayer)
    return layer


def has_levels(desk: Desk) -> bool:
    return len(desk.window.canvas.layers) == 1 and only_layer(desk).levels is not None


def titles(desk: Desk) -> list[str]:
    return [status.title for status in desk.bench.jobs.active()]


def shown(desk: Desk, qtbot: QtBot, path: Path) -> None:
    desk.bench.projects.open_path(path)
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 1, timeout=WAIT_MS)


def waits_for_ever(self: LevelsBuilder, progress: Progress) -> None:
    assert self.process_id is None
    while True:
        progress.step(0.5)
        time.sleep(0.01)


def test_the_map_is_shown_first_and_gets_its_levels_later(desk: Desk, qtbot: QtBot, large: Path):
    shown(desk, qtbot, large)
    first = only_layer(desk)
    assert first.levels is None
    qtbot.waitUntil(lambda: has_levels(desk), timeout=WAIT_MS)
    levels = only_layer(desk).levels
    assert levels is not None
    assert len(levels.levels) > 0
    # the next time they are there at once
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    shown(desk, qtbot, large)
    assert only_layer(desk).levels is not None


def test_closing_stops_them_and_asks_nobody(
    desk: Desk, qtbot: QtBot, large: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(LevelsBuilder, "run", waits_for_ever)
    shown(desk, qtbot, large)
    qtbot.waitUntil(lambda: TITLE in titles(desk) or "正在生成概略显示数据" in titles(desk), timeout=WAIT_MS)
    assert desk.bench.jobs.visible() == ()
    assert desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project is None


def test_a_new_state_of_the_layer_gives_up_the_old_ones_levels(
    desk: Desk, qtbot: QtBot, large: Path, monkeypatch: pytest.MonkeyPatch
):
    real = LevelsBuilder.run
    monkeypatch.setattr(LevelsBuilder, "run", waits_for_ever)
    shown(desk, qtbot, large)
    qtbot.waitUntil(lambda: len(titles(desk)) == 1, timeout=WAIT_MS)
    monkeypatch.setattr(LevelsBuilder, "run", real)
    (info,) = desk.session.layers
    labelled = info.style.model_copy(update={"class_field": "name"})
    project = desk.session.project
    project.update_layer(info.uid, style=labelled)
    desk.session.set_layers(project.layers())
    qtbot.waitUntil(
        lambda: [layer.style.class_field for layer in desk.window.canvas.layers] == ["name"], timeout=WAIT_MS
    )
    qtbot.waitUntil(lambda: has_levels(desk), timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.troubles == {}


def test_what_goes_wrong_is_said_at_the_layer(
    desk: Desk, qtbot: QtBot, large: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(self: LevelsBuilder, progress: Progress) -> None:
        assert self.process_id is None
        progress.step(0.1)
        raise InputError("no levels", remedy="look again")

    monkeypatch.setattr(LevelsBuilder, "run", broken)
    shown(desk, qtbot, large)
    uid = only_layer(desk).uid
    qtbot.waitUntil(lambda: desk.session.troubles.get(uid) == "no levels look again", timeout=WAIT_MS)
    assert only_layer(desk).levels is None
