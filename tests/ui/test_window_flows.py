"""The morning's flows in the window, by mouse and key, on real projects; answers come prepared."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot
from shapely import box

from layers.errors import ProjectFileError, SecrecyError
from layers.progress import Progress
from layers.store import NewLayer, Project
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, PLATFORM, WEST, make_project, write_zones
from ui.dialogs.port import NewProjectAnswer
from ui.flows import imports
from ui.flows.projects import DEMO_FILE
from ui.layer_menu import layer_menu
from ui.pending_writes import PROJECT_LANE
from zsgis.webmap import write_webmap


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


@pytest.fixture
def opened(desk: Desk, qtbot: QtBot, tmp_path: Path) -> Desk:
    """Return a desk with the small project open and drawn."""
    open_sample(desk, qtbot, tmp_path)
    return desk


def click_map(desk: Desk, qtbot: QtBot, east: float, north: float) -> None:
    x, y = desk.window.canvas.view.to_pixel(500_000 + east, 2_490_000 + north)
    place = QPointF(x, y).toPoint()
    qtbot.mouseClick(desk.window.canvas, Qt.MouseButton.LeftButton, pos=place)


def test_a_project_in_degrees_states_its_scale_in_metres(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    with Project.create(tmp_path / "degrees.gpkg", 4490) as project:
        square = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[box(113.3, 22.5, 113.4, 22.6)], crs=4490)
        project.add_layer(NewLayer("范围", "zones", project.crs), square)
    desk.bench.projects.open_path(tmp_path / "degrees.gpkg")
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    # a tenth of a degree is about 11 km; on a screen of some 20 cm that is about 1:50,000, never 1:1
    assert 20_000 < desk.window.canvas.view.scale_denominator < 500_000


def test_the_first_start_offers_three_ways_and_no_empty_window(desk: Desk) -> None:
    assert set(desk.window.start_page.cards) == {"open_demo", "new_project", "open_project"}
    assert desk.window.start_page.isVisible()
    assert not desk.window.canvas.isVisible()
    assert not desk.bench.actions["import_file"].isEnabled()


def test_the_demonstration_opens_with_one_click_and_carries_its_watermark(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "demo").mkdir()
    make_project(tmp_path / "demo" / DEMO_FILE).close()
    qtbot.mouseClick(desk.window.start_page.cards["open_demo"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.session.project is not None, timeout=WAIT_MS)
    assert desk.window.canvas.isVisible()
    assert desk.preferences.current.recent[0].name == DEMO_FILE


def test_a_recent_project_is_one_click_away_after_the_next_start(
    opened: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.bench.actions["close_project"].trigger()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    assert opened.session.project is None
    (button,) = opened.window.start_page.recent_buttons
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.session.project is not None, timeout=WAIT_MS)
    assert opened.session.project.path == tmp_path / "work.gpkg"


def test_a_new_project_takes_in_a_file_that_is_dropped(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    dialogs = desk.dialogs
    dialogs.project = NewProjectAnswer(tmp_path / "new.gpkg", "new", "4547")
    dialogs.importing = lambda offer: replace(
        offer.request, kind="zones", name="范围", crs="4547", mapping={"name": offer.columns[0]}
    )
    qtbot.mouseClick(desk.window.start_page.cards["new_project"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.session.project is not None, timeout=WAIT_MS)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(write_zones(tmp_path / "zones.gpkg")))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(event)
    qtbot.waitUntil(lambda: bool(desk.session.layers), timeout=WAIT_MS)
    (layer,) = desk.session.layers
    assert (layer.name, layer.kind, layer.feature_count) == ("范围", "zones", 1)
    assert desk.session.project.read(layer.uid)["name"].tolist() == ["一区"]
    assert dialogs.errors == []


def test_a_file_that_is_no_map_is_refused_and_the_next_one_taken(
    opened: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    wrong = tmp_path / "text.gpkg"
    wrong.write_text("not a database")
    opened.dialogs.importing = lambda offer: replace(offer.request, kind="zones", name="范围")
    opened.bench.open_files([wrong, write_zones(tmp_path / "zones.gpkg")])
    qtbot.waitUntil(lambda: len(opened.session.layers) == 3, timeout=WAIT_MS)
    (error,) = opened.dialogs.errors
    assert str(wrong) in str(error)


def test_what_is_changed_while_a_file_is_taken_in_stays_changed(
    opened: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, take = threading.Event(), imports._import

    def slow(*given: Any) -> Any:
        gate.wait(WAIT_MS / 1000)
        return take(*given)

    monkeypatch.setattr(imports, "_import", slow)
    uid = layer_uid(opened, "platforms")
    opened.dialogs.importing = lambda offer: replace(offer.request, kind="zones", name="范围")
    opened.bench.open_files([write_zones(tmp_path / "zones.gpkg")])
    qtbot.waitUntil(
        lambda: "范围" in "".join(job.title for job in opened.bench.jobs.active()), timeout=WAIT_MS
    )
    opened.bench.edits.rename(uid, "新平台")
    opened.bench.edits.set_visible(uid, False)
    gate.set()
    qtbot.waitUntil(lambda: len(opened.session.layers) == 3, timeout=WAIT_MS)
    assert (opened.session.layer(uid).name, opened.session.layer(uid).visible) == ("新平台", False)
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    stored = opened.session.project.layer(uid)
    assert (stored.name, stored.visible) == ("新平台", False)


def test_a_project_that_is_none_is_one_readable_error(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.bench.projects.open_path(write_zones(tmp_path / "plain.gpkg"))
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    (error,) = desk.dialogs.errors
    assert isinstance(error, ProjectFileError)
    assert desk.session.project is None


def test_a_click_on_the_map_shows_the_parcel_with_its_areas(opened: Desk, qtbot: QtBot) -> None:
    click_map(opened, qtbot, 150, 50)
    qtbot.waitUntil(lambda: "地类编码" in opened.window.inspector.shown_fields, timeout=WAIT_MS)
    fields = opened.window.inspector.shown_fields
    assert fields["地类编码"].startswith("0701")
    # 100 m x 100 m are 15 亩
    assert fields["平面面积"] == "10,000.00 m² 15.00 亩"
    assert opened.session.selection == {layer_uid(opened, "land_use"): frozenset({EAST})}
    assert "15.00 亩" in opened.window.status.selection.text()


def test_a_click_beside_everything_clears_the_selection(opened: Desk, qtbot: QtBot) -> None:
    opened.session.select({layer_uid(opened, "land_use"): (WEST,)})
    click_map(opened, qtbot, -4, -4)
    qtbot.waitUntil(lambda: not opened.session.selection, timeout=WAIT_MS)
    assert opened.window.inspector.shown_fields == {}


def run_stock(desk: Desk, qtbot: QtBot) -> None:
    desk.bench.actions["stage_analysis"].trigger()
    qtbot.waitUntil(desk.window.analysis_panel.run_button.isEnabled, timeout=WAIT_MS)
    qtbot.mouseClick(desk.window.analysis_panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.session.results), timeout=WAIT_MS)
    assert desk.dialogs.errors == []


def test_the_stock_is_run_and_its_rows_select_their_parcels(opened: Desk, qtbot: QtBot) -> None:
    run_stock(opened, qtbot)
    page = opened.window.results_panel.current_page()
    view = page.views[0]
    rows = view.result_model.table.rows
    place = next(number for number, row in enumerate(rows) if (WEST,) in row.sources.values())
    view.scrollTo(view.result_model.index(place, 0))
    where = view.visualRect(view.result_model.index(place, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened.session.selection == {layer_uid(opened, "land_use"): frozenset({WEST})}


def test_a_parcel_clicked_on_the_map_marks_its_row(opened: Desk, qtbot: QtBot) -> None:
    run_stock(opened, qtbot)
    opened.session.select({layer_uid(opened, "land_use"): (EAST,)})
    view = opened.window.results_panel.current_page().views[0]
    marked = [view.result_model.table.rows[number] for number in view.chosen_rows()]
    assert marked
    assert all(EAST in uids for row in marked for uids in row.sources.values())


def test_tables_are_written_as_a_workbook_and_as_json(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    run_stock(opened, qtbot)
    for name in ("stock.xlsx", "stock.json"):
        opened.dialogs.files = [tmp_path / name]
        opened.bench.actions["export_tables"].trigger()
        qtbot.waitUntil(lambda name=name: (tmp_path / name).exists() and opened.idle(), timeout=WAIT_MS)
    document = json.loads((tmp_path / "stock.json").read_text(encoding="utf-8"))
    assert document["capability"] == "stock"
    assert (tmp_path / "stock.xlsx").read_bytes()[:2] == b"PK"
    assert "stock.json" in opened.window.status.jobs.notice_text()


def test_the_web_map_is_written(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    opened.dialogs.files = [tmp_path / "map.html"]
    opened.bench.actions["write_webmap"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "map.html").exists() and opened.idle(), timeout=WAIT_MS)
    assert "科学城" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_a_layer_is_removed_after_asking(opened: Desk, qtbot: QtBot) -> None:
    uid = layer_uid(opened, "platforms")
    opened.dialogs.verb = "keep"
    opened.bench.layers.remove(uid)
    assert len(opened.session.layers) == 2
    opened.dialogs.verb = "remove"
    opened.bench.layers.remove(uid)
    qtbot.waitUntil(lambda: len(opened.session.layers) == 1, timeout=WAIT_MS)
    assert [layer.kind for layer in opened.session.project.layers()] == ["land_use"]


def test_a_layer_gets_another_name_and_colour_and_undo_takes_both_back(opened: Desk, qtbot: QtBot) -> None:
    uid = layer_uid(opened, "platforms")
    before = opened.session.layer(uid)
    opened.dialogs.picked = "#AA0000"
    opened.bench.layers.rename(uid, "新平台")
    opened.bench.layers.recolor(uid)
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    stored = opened.session.project.layer(uid)
    assert stored.name == "新平台"
    assert stored.style != before.style
    for _step in range(2):
        opened.bench.actions["undo"].trigger()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    stored = opened.session.project.layer(uid)
    assert (stored.name, stored.style) == (before.name, before.style)


def test_a_layer_marked_secret_stays_off_the_web_map_and_undo_takes_the_mark_back(
    opened: Desk, qtbot: QtBot
) -> None:
    uid = layer_uid(opened, "platforms")
    opened.dialogs.line = "很密"
    opened.bench.layers.mark_secrecy(uid)
    assert opened.session.layer(uid).secrecy == ""
    opened.dialogs.line = "秘密★10年"
    opened.bench.layers.mark_secrecy(uid)
    menu = layer_menu(
        opened.window,
        opened.session.layer(uid),
        "",
        actions=opened.bench.actions,
        flows=opened.bench.layers,
        edits=opened.bench.edits,
    )
    statuses = next(action.menu() for action in menu.actions() if action.menu() is not None)
    next(action for action in statuses.actions() if action.text() == "待核实").trigger()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    stored = opened.session.project.layer(uid)
    assert (stored.secrecy, stored.status) == ("秘密★10年", "待核实")
    with pytest.raises(SecrecyError):
        write_webmap(opened.session.project, opened.session.project.path.with_suffix(".html"))
    for _step in range(2):
        opened.bench.actions["undo"].trigger()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    assert opened.session.project.layer(uid).secrecy == ""


def test_a_mark_of_secrecy_still_on_its_way_to_the_disk_counts_for_the_web_map(
    opened: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    gate = threading.Event()
    opened.bench.jobs.start("", lambda _progress: gate.wait(WAIT_MS / 1000), lane=PROJECT_LANE, quiet=True)
    opened.dialogs.line = "机密"
    opened.bench.layers.mark_secrecy(layer_uid(opened, "platforms"))
    opened.dialogs.files = [tmp_path / "map.html"]
    try:
        opened.bench.actions["write_webmap"].trigger()
        qtbot.waitUntil(lambda: bool(opened.dialogs.errors), timeout=WAIT_MS)
    finally:
        gate.set()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    assert [type(error) for error in opened.dialogs.errors] == [SecrecyError]
    assert not (tmp_path / "map.html").exists()


def test_places_layers_and_commands_are_found_by_a_part_of_their_name(opened: Desk, qtbot: QtBot) -> None:
    box = opened.window.search_box
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    opened.bench.actions["search"].trigger()
    box.insert("学城")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert opened.session.selection == {layer_uid(opened, "platforms"): frozenset({PLATFORM})}


def test_the_project_is_found_where_it_was_left(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    canvas = opened.window.canvas
    canvas.center_on(500_040.0, 2_490_030.0)
    canvas.set_scale(500.0)
    opened.bench.actions["close_project"].trigger()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    opened.bench.projects.open_path(tmp_path / "work.gpkg")
    qtbot.waitUntil(lambda: len(canvas.layers) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    assert canvas.view.scale_denominator == pytest.approx(500.0)
    # to a device pixel, which is 0.13 m at 1:500
    assert canvas.view.center_x == pytest.approx(500_040.0, abs=0.15)


def waiting_job(started: threading.Event) -> Callable[[Progress], None]:
    def work(progress: Progress) -> None:
        pause = threading.Event()
        while True:
            progress.step(0.3, "waiting")
            started.set()
            pause.wait(0.005)

    return work


def test_a_job_shows_in_the_status_bar_and_is_stopped_there(opened: Desk, qtbot: QtBot) -> None:
    started = threading.Event()
    uid = opened.bench.jobs.start("long work", waiting_job(started))
    bar = opened.window.status.jobs
    qtbot.waitUntil(lambda: started.is_set() and bar.running() == (uid,), timeout=WAIT_MS)
    qtbot.mouseClick(bar.stop_button(uid), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.running() == (), timeout=WAIT_MS)
    assert opened.dialogs.errors == []


def test_closing_while_a_job_runs_asks_with_verbs(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    started = threading.Event()
    opened.bench.jobs.start("long work", waiting_job(started))
    qtbot.waitUntil(started.is_set, timeout=WAIT_MS)
    opened.dialogs.verb = "stay"
    assert not opened.window.close()
    assert opened.session.project is not None
    assert "long work" in opened.dialogs.asked[-1]
    opened.dialogs.verb = "stop"
    assert opened.window.close()
    # the file was let go: another may open it and write
    with Project.open(tmp_path / "work.gpkg") as project:
        project.set_setting("test", 1)


def test_what_a_job_brings_after_its_project_closed_is_not_shown(opened: Desk, qtbot: QtBot) -> None:
    release = threading.Event()
    late: list[str] = []
    opened.bench.jobs.start(
        "slow", lambda _p: release.wait(10), done=lambda _r: late.append("shown"), quiet=True
    )
    opened.bench.actions["close_project"].trigger()
    release.set()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    assert late == []


def test_a_demonstration_that_was_stopped_leaves_no_half_project(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.mouseClick(desk.window.start_page.cards["open_demo"], Qt.MouseButton.LeftButton)
    bar = desk.window.status.jobs
    qtbot.waitUntil(lambda: len(bar.running()) == 1, timeout=WAIT_MS)
    qtbot.mouseClick(bar.stop_button(bar.running()[0]), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert list((tmp_path / "demo").glob("*")) == []
    assert desk.session.project is None
