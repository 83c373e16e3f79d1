"""What the window offers beyond the work itself: a project for stray data, remedies, language, help, tour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import geopandas
import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QGuiApplication
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from layers.formats.direct import DirectReader
from layers.locations import cache_folder
from layers.progress import NoProgress
from layers.store import Project
from layers.store.drawing_cache import DrawingCache
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_samples import make_project, write_zones
from ui.dialogs.help_dialog import HelpDialog
from ui.dialogs.new_project import NewProjectDialog
from ui.dialogs.port import NewProjectAnswer
from ui.flows.adopting import examine
from ui.palette import colors_now
from ui.panels.tour import Tour
from ui.theme import DARK, LIGHT, wear
from ui.workbench import Surroundings, Workbench
from zsgis.intake.tools import IntakeTools
from zsgis.preferences import PreferenceStore

WAIT_MS = 60_000


@pytest.fixture
def bench(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Workbench]:
    made = Workbench(
        Surroundings(
            preferences=PreferenceStore(tmp_path / "preferences.json"),
            drawing=DrawingCache(cache_folder("drawings")),
            demo_folder=tmp_path / "demo",
            intake=IntakeTools(DirectReader(), tmp_path / "configuration"),
            rescue_folder=tmp_path / "unsaved",
            colors=LIGHT,
            dialogs=lambda _window: prepared_dialogs,
        )
    )
    made.window.resize(1366, 740)
    made.window.show()
    yield made
    prepared_dialogs.verb = "stop"
    made.window.close()
    made.window.deleteLater()


def wait_idle(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not bench.jobs.active(), timeout=WAIT_MS)


def open_small(bench: Workbench, qtbot: QtBot, folder: Path) -> Path:
    path = folder / "work.gpkg"
    make_project(path).close()
    bench.projects.open_path(path)
    qtbot.waitUntil(lambda: bench.session.project is not None, timeout=WAIT_MS)
    return path


def wait_tour(bench: Workbench, qtbot: QtBot) -> Tour:
    qtbot.waitUntil(lambda: bench.program.tour is not None, timeout=WAIT_MS)
    assert bench.program.tour is not None
    return bench.program.tour


def test_map_data_dropped_without_a_project_gets_one_in_its_own_system(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    zones = write_zones(tmp_path / "范围.gpkg")
    prepared_dialogs.verb = "new"
    prepared_dialogs.project = NewProjectAnswer(tmp_path / "new.gpkg", "new", "4547")
    prepared_dialogs.importing = lambda offer: replace(offer.request, kind="zones", name="范围", crs="4547")
    bench.open_files([zones])
    qtbot.waitUntil(lambda: bool(bench.session.layers), timeout=WAIT_MS)
    assert prepared_dialogs.proposed == ("范围", "4547")
    assert [layer.name for layer in bench.session.layers] == ["范围"]
    assert prepared_dialogs.errors == []


def test_map_data_is_left_alone_when_no_project_is_wanted(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    prepared_dialogs.verb = "leave"
    bench.open_files([write_zones(tmp_path / "zones.gpkg")])
    qtbot.waitUntil(lambda: bool(prepared_dialogs.asked), timeout=WAIT_MS)
    wait_idle(bench, qtbot)
    assert bench.session.project is None
    assert "zones.gpkg" in prepared_dialogs.asked[0]


def test_map_data_is_imported_into_a_project_chosen_for_it(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    make_project(tmp_path / "work.gpkg").close()
    prepared_dialogs.verb = "open"
    prepared_dialogs.files = [tmp_path / "work.gpkg"]
    prepared_dialogs.importing = lambda offer: replace(offer.request, kind="zones", name="范围")
    bench.open_files([write_zones(tmp_path / "zones.gpkg")])
    qtbot.waitUntil(lambda: len(bench.session.layers) == 3, timeout=WAIT_MS)


def test_a_project_that_is_dropped_is_opened(bench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "work.gpkg"
    make_project(path).close()
    bench.open_files([path])
    qtbot.waitUntil(lambda: bench.session.project is not None, timeout=WAIT_MS)


def test_degrees_are_not_proposed_for_a_project(tmp_path: Path) -> None:
    path = tmp_path / "degrees.geojson"
    frame = geopandas.GeoDataFrame({"name": ["一"]}, geometry=[shapely.Point(113.4, 22.5)], crs="EPSG:4490")
    frame.to_file(path, engine="pyogrio")
    found = examine(DirectReader(), path, NoProgress())
    assert (found.is_project, found.crs) == (False, "")


def test_a_proposed_name_and_system_stand_in_the_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = NewProjectDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.propose("a/b", "32650")
    assert dialog.answer() == NewProjectAnswer(tmp_path / "a_b.gpkg", "a_b", "32650")
    dialog.propose("", "4490")
    assert dialog.answer().crs == "4490"


def test_a_recent_project_that_is_gone_can_be_taken_off_the_list(
    bench: Workbench,
    prepared_dialogs: PreparedDialogs,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    path = open_small(bench, qtbot, tmp_path)
    bench.actions["close_project"].trigger()
    wait_idle(bench, qtbot)
    path.unlink()
    prepared_dialogs.remedy = "forget"
    (button,) = bench.window.start_page.recent_buttons
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(prepared_dialogs.errors), timeout=WAIT_MS)
    assert bench.window.start_page.recent_buttons == []
    assert PreferenceStore(tmp_path / "preferences.json").current.recent == ()


def test_a_layer_that_cannot_be_written_is_put_elsewhere(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    open_small(bench, qtbot, tmp_path)
    layer = bench.session.layers[0]
    prepared_dialogs.files = [tmp_path / "missing folder" / "a.gpkg", tmp_path / "b.gpkg"]
    prepared_dialogs.remedy = "elsewhere"
    bench.exports.ask(layer.uid)
    qtbot.waitUntil((tmp_path / "b.gpkg").exists, timeout=WAIT_MS)
    wait_idle(bench, qtbot)
    assert len(prepared_dialogs.errors) == 1


def test_an_import_that_fails_can_be_answered_anew(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    open_small(bench, qtbot, tmp_path)
    columns = iter(["no such column", "名称"])
    prepared_dialogs.importing = lambda offer: replace(
        offer.request, kind="zones", name="范围", mapping={"name": next(columns)}
    )
    prepared_dialogs.remedy = "again"
    bench.open_files([write_zones(tmp_path / "zones.gpkg")])
    qtbot.waitUntil(lambda: len(bench.session.layers) == 3, timeout=WAIT_MS)
    assert len(prepared_dialogs.errors) == 1
    assert prepared_dialogs.earlier is not None
    assert prepared_dialogs.earlier.mapping == {"name": "no such column"}


def test_another_language_is_kept_for_the_next_start(
    bench: Workbench, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    prepared_dialogs.verb = "later"
    bench.actions["language_en"].trigger()
    assert PreferenceStore(tmp_path / "preferences.json").current.language == "en"
    assert bench.actions["language_en"].isChecked()
    assert not bench.actions["language_zh_CN"].isChecked()
    assert not bench.program.restart_wanted
    assert bench.window.isVisible()


def test_starting_anew_closes_the_window_and_keeps_the_project_in_mind(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    path = open_small(bench, qtbot, tmp_path)
    wait_idle(bench, qtbot)
    prepared_dialogs.verb = "restart"
    bench.actions["language_en"].trigger()
    assert bench.program.restart_wanted
    assert bench.program.last_project == path
    assert not bench.window.isVisible()


@pytest.fixture
def look_restored() -> Iterator[None]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    palette, sheet, font = application.palette(), application.styleSheet(), application.font()
    yield
    application.setPalette(palette)
    application.setStyleSheet(sheet)
    application.setFont(font)


def ink_of(action: QAction) -> set[str]:
    """Return the colours of the pixels that an action's icon covers whole."""
    image = action.icon().pixmap(64, 64).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {color.name().upper() for color in pixels if color.alpha() == 255}


def test_another_look_is_worn_at_once_by_window_and_icons(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path, look_restored: None
) -> None:
    open_small(bench, qtbot, tmp_path)
    wait_idle(bench, qtbot)
    for colors in (DARK, LIGHT):
        bench.actions[f"theme_{colors.name}"].trigger()
        assert bench.window.palette().window().color().name().upper() == colors.window
        assert ink_of(bench.actions["zoom_full"]) == {colors.text}
        picture = bench.window.layer_tree.tree.grab().toImage()
        assert picture.pixelColor(picture.width() // 2, picture.height() - 4).name().upper() == colors.surface
    assert prepared_dialogs.asked == []
    assert PreferenceStore(tmp_path / "preferences.json").current.theme == "light"
    assert not bench.program.restart_wanted


def test_the_look_of_the_desktop_is_followed_only_where_that_was_chosen(
    bench: Workbench, look_restored: None
) -> None:
    hints = QGuiApplication.styleHints()
    assert hints is not None
    bench.actions["theme_dark"].trigger()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert colors_now() is DARK
    bench.actions["theme_system"].trigger()
    wear("dark")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert colors_now() is LIGHT


def test_the_help_lists_every_key_and_where_files_are(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot, tmp_path: Path
) -> None:
    bench.actions["help"].trigger()
    dialog = HelpDialog(prepared_dialogs.help)
    qtbot.addWidget(dialog)
    texts = dialog.texts()
    keys = [action.shortcut().toString() for action in bench.actions.values() if action.shortcut().toString()]
    assert [key for key in keys if key not in texts] == []
    assert str(tmp_path / "preferences.json") in texts
    assert str(bench.projects.demo_file) in texts


def test_the_tour_has_four_steps_and_is_shown_once(bench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    path = open_small(bench, qtbot, tmp_path)
    tour = wait_tour(bench, qtbot)
    for step in range(4):
        assert tour.place == step
        assert tour.isVisible()
        assert bench.window.rect().contains(tour.geometry())
        qtbot.mouseClick(tour.further, Qt.MouseButton.LeftButton)
    assert bench.program.tour is None
    bench.actions["close_project"].trigger()
    wait_idle(bench, qtbot)
    bench.projects.open_path(path)
    qtbot.waitUntil(lambda: bench.session.project is not None, timeout=WAIT_MS)
    wait_idle(bench, qtbot)
    qtbot.wait(200)
    assert bench.program.tour is None


def test_the_tour_is_left_at_once_with_escape(bench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    open_small(bench, qtbot, tmp_path)
    tour = wait_tour(bench, qtbot)
    qtbot.keyClick(tour, Qt.Key.Key_Escape)
    assert bench.program.tour is None
    bench.actions["tour"].trigger()
    assert bench.program.tour is not None


def test_enter_presses_the_card_that_has_the_keyboard(
    bench: Workbench, prepared_dialogs: PreparedDialogs, qtbot: QtBot
) -> None:
    card = bench.window.start_page.cards["open_project"]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert prepared_dialogs.asked


def test_a_project_without_the_right_to_write_says_so(bench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    make_project(tmp_path / "work.gpkg").close()
    project = Project.open(tmp_path / "work.gpkg", read_only=True)
    bench.session.open_project(project, project.layers(), datetime.now())
    assert bench.window.windowTitle().startswith("work（只读）")


def test_the_start_page_says_where_the_demonstration_goes(bench: Workbench) -> None:
    hints = [label.toolTip() for label in bench.window.start_page.findChildren(QLabel)]
    assert any(str(bench.projects.demo_file) in hint for hint in hints)
