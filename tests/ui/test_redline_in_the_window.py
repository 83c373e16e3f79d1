"""The red-line check in the window: asked for, dropped, selected, shown, written, with mouse and keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas
import pytest
import shapely
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QAction, QDropEvent
from PyQt6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, WEST, square
from ui.dialogs.port import Verb
from ui.flows.redline import RedlineFlows
from ui.flows.redline_work import MOST_SHOWN

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@dataclass
class Answering(PreparedDialogs):
    """Answers each question of a kind by the next of the verbs given, and keeps what was offered."""

    verbs: list[str] = field(default_factory=list)
    verbs_offered: list[list[str]] = field(default_factory=list)

    def choose(self, question: str, explanation: str, verbs: list[Verb]) -> str:  # type: ignore[override]
        self.asked.append(question)
        self.explained.append(explanation)
        self.verbs_offered.append([verb.key for verb in verbs])
        return self.verbs.pop(0) if self.verbs else self.verb


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, nothing_left: None) -> Iterator[Desk]:
    made = Desk(tmp_path, Answering())
    open_sample(made, qtbot, tmp_path)
    yield made
    made.close()


def answers(desk: Desk) -> Answering:
    assert isinstance(desk.dialogs, Answering)
    return desk.dialogs


def flows(desk: Desk) -> RedlineFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, RedlineFlows))


def red_line(path: Path, *shapes: shapely.Polygon, crs: str | None = "EPSG:4547") -> Path:
    """Write a shapefile of red lines; by default one of 100 m x 100 m over half of each parcel."""
    lines = list(shapes) or [square(50, 0)]
    geopandas.GeoDataFrame(
        {"XMMC": [f"红线{n}" for n in range(1, len(lines) + 1)]}, geometry=lines, crs=crs
    ).to_file(path, encoding="utf-8")
    return path


def settle(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def press(desk: Desk, qtbot: QtBot, key: Qt.Key) -> None:
    desk.window.activateWindow()
    qtbot.keyClick(desk.window, key, CTRL_SHIFT)
    settle(desk, qtbot)


def drop(desk: Desk, qtbot: QtBot, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    desk.window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys))
    settle(desk, qtbot)


def test_a_red_line_is_checked_shown_and_written(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """Of 100 m x 100 m half lies in each parcel: 5,000 m2 and 5,000 m2 on the plane, 0.5 ha each in rows."""
    write = desk.window.findChild(QAction, "redline_write")
    assert write is not None
    assert not write.isEnabled()
    desk.dialogs.files = [red_line(tmp_path / "红线.shp")]
    press(desk, qtbot, Qt.Key.Key_J)
    assert desk.dialogs.errors == []
    (result,) = desk.session.results
    rows = [row for row in result.table("redline_check").rows if row.sources.get(layer_uid(desk, "land_use"))]
    assert [next(iter(row.sources.values())) for row in rows[:2]] in ([(WEST,), (EAST,)], [(EAST,), (WEST,)])
    assert [row.values["ha"] for row in rows[:2]] == pytest.approx([0.5, 0.5], abs=2e-3)
    assert write.isEnabled()
    canvas = desk.window.canvas
    px, py = canvas.view.to_pixel(500_100, 2_490_050)
    assert abs(px - canvas.width() / 2) < 2  # the red line stands in the middle of the map
    assert abs(py - canvas.height() / 2) < 2
    (ring,) = flows(desk).outlines.rings
    assert {tuple(point) for point in ring.tolist()} == {
        (500_050.0, 2_490_000.0),
        (500_150.0, 2_490_000.0),
        (500_150.0, 2_490_100.0),
        (500_050.0, 2_490_100.0),
    }
    out = tmp_path / "成果"
    out.mkdir()
    desk.dialogs.files = [out, out]
    verb = desk.window.status.jobs.findChildren(QPushButton) + desk.window.status.jobs.findChildren(
        QToolButton
    )
    (leading,) = [button for button in verb if button.text() == "写出核查表…"]
    qtbot.mouseClick(leading, Qt.MouseButton.LeftButton)
    settle(desk, qtbot)
    first = {path.name for path in out.iterdir()}
    assert {Path(name).suffix for name in first} == {".xlsx", ".docx", ".json", ".pdf"}
    press(desk, qtbot, Qt.Key.Key_W)  # once more: nothing is written over
    second = {path.name for path in out.iterdir()} - first
    assert len(second) == len(first)
    assert desk.dialogs.errors == []


def test_a_row_selects_its_features_and_closing_takes_the_line_off_the_map(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.dialogs.files = [red_line(tmp_path / "红线.shp", square(10, 10, 50))]
    press(desk, qtbot, Qt.Key.Key_J)
    page = desk.window.results_panel.current_page()
    assert page is not None
    view, uid = page.views[0], layer_uid(desk, "land_use")
    model = view.model()
    assert model is not None
    view.result_model.show_all(True)
    place = next(n for n, row in enumerate(page.result.tables[0].rows) if row.sources.get(uid) == (WEST,))
    view.scrollTo(model.index(place, 1))
    cell = view.visualRect(model.index(place, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.waitUntil(lambda: desk.session.selection == {uid: frozenset({WEST})}, timeout=WAIT_MS)
    desk.session.remove_result(page.result.run.uid)
    assert flows(desk).outlines.rings == ()
    write = desk.window.findChild(QAction, "redline_write")
    assert write is not None
    assert not write.isEnabled()


@pytest.mark.parametrize(("verb", "results", "asks"), [("check", 1, True), ("leave", 0, True), ("", 0, True)])
def test_a_dropped_red_line_is_asked_about_once(
    desk: Desk, qtbot: QtBot, tmp_path: Path, verb: str, results: int, asks: bool
) -> None:
    path = red_line(tmp_path / "红线.shp")
    desk.dialogs.verb = verb
    drop(desk, qtbot, path, path.with_suffix(".dbf"), path.with_suffix(".shx"), path.with_suffix(".prj"))
    assert len(desk.session.results) == results
    assert len(desk.session.layers) == 2
    assert answers(desk).verbs_offered == [["leave", "import", "check"]]
    assert desk.dialogs.errors == []


def test_a_dropped_file_may_become_a_layer(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    seen: list[str] = []
    desk.dialogs.importing = lambda offer: seen.append(offer.request.path.name)
    desk.dialogs.verb = "import"
    drop(desk, qtbot, red_line(tmp_path / "红线.shp"))
    qtbot.waitUntil(lambda: seen == ["红线.shp"], timeout=WAIT_MS)
    assert desk.session.results == ()


def test_other_families_are_imported_without_asking(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "范围.gpkg"
    geopandas.GeoDataFrame({"名称": ["一"]}, geometry=[square(0, 0)], crs=4547).to_file(path)
    seen: list[str] = []
    desk.dialogs.importing = lambda offer: seen.append(offer.request.path.name)
    drop(desk, qtbot, path)
    assert seen == ["范围.gpkg"]
    assert desk.dialogs.asked == []


def test_which_layer_is_asked(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "两层.gpkg"
    for name, shape in (("甲", square(10, 10, 50)), ("乙", square(110, 10, 50))):
        geopandas.GeoDataFrame({"a": [1]}, geometry=[shape], crs=4547).to_file(path, layer=name)
    desk.dialogs.files = [path]
    answers(desk).verbs = ["乙"]
    press(desk, qtbot, Qt.Key.Key_J)
    assert answers(desk).verbs_offered == [["甲", "乙"]]
    (result,) = desk.session.results
    rows = result.table("redline_check").rows
    assert (EAST,) in [row.sources.get(layer_uid(desk, "land_use")) for row in rows]
    assert desk.dialogs.errors == []


def test_what_the_coordinates_are_is_asked(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """Without a .prj, far from the project's data, the numbers may lie on several meridians."""
    path = red_line(tmp_path / "无坐标系.shp", square(30_000, 10, 50))
    path.with_suffix(".prj").unlink()
    desk.dialogs.files = [path]
    desk.dialogs.system = "4547"
    press(desk, qtbot, Qt.Key.Key_J)
    (offered,) = desk.dialogs.systems
    assert "4547" in offered
    assert len(offered) == len(set(offered))
    assert "无坐标系.shp" in desk.dialogs.asked[-1]
    assert len(desk.session.results) == 1, desk.dialogs.errors


def test_a_question_that_is_left_ends_quietly(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "两层.gpkg"
    for name in ("甲", "乙"):
        geopandas.GeoDataFrame({"a": [1]}, geometry=[square(10, 10)], crs=4547).to_file(path, layer=name)
    desk.dialogs.files = [path]
    press(desk, qtbot, Qt.Key.Key_J)
    assert desk.session.results == ()
    assert desk.dialogs.errors == []
    desk.dialogs.files = [red_line(tmp_path / "红线.shp")]
    press(desk, qtbot, Qt.Key.Key_J)  # the queue is not stuck
    assert len(desk.session.results) == 1


def test_a_refused_outline_is_told_beside_a_good_one(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    x, y = 500_000.0, 2_490_000.0
    bow = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    desk.dialogs.files = [red_line(tmp_path / "红线.shp", square(0, 0), bow)]
    press(desk, qtbot, Qt.Key.Key_J)
    assert [result.title for result in desk.session.results] == ["用地红线核查：红线1"]
    (told,) = desk.dialogs.findings
    assert told.startswith("红线2")
    assert "自相交" in told


def test_selected_shapes_are_checked_each_or_as_one(desk: Desk, qtbot: QtBot) -> None:
    uid = layer_uid(desk, "land_use")
    desk.session.select({uid: frozenset({WEST})})
    press(desk, qtbot, Qt.Key.Key_Y)
    assert desk.dialogs.asked == []
    assert [result.title for result in desk.session.results] == ["用地红线核查：西地块"]
    desk.session.select({uid: frozenset({WEST, EAST})})
    desk.dialogs.verb = "one"
    press(desk, qtbot, Qt.Key.Key_Y)
    assert len(desk.session.results) == 2
    whole = list(flows(desk)._reports.values())[-1]
    assert whole.planar_cents == 2_000_000  # 200 m x 100 m
    desk.dialogs.verb = "each"
    press(desk, qtbot, Qt.Key.Key_Y)
    assert len(desk.session.results) == 4
    desk.dialogs.verb = "leave"
    press(desk, qtbot, Qt.Key.Key_Y)
    assert len(desk.session.results) == 4


def test_a_folder_is_written_and_what_is_unusable_told(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    lines, out = tmp_path / "红线", tmp_path / "成果"
    lines.mkdir()
    out.mkdir()
    red_line(lines / "一.shp")
    (lines / "坏.txt").write_text("不是界址点", encoding="utf-8")
    desk.dialogs.files = [lines, out]
    press(desk, qtbot, Qt.Key.Key_F)
    assert len(list(out.glob("*用地红线核查.json"))) == 1
    assert (out / "用地红线核查汇总表.xlsx").is_file()
    (told,) = desk.dialogs.findings
    assert told.startswith("坏.txt")
    assert desk.session.results == ()


def test_many_red_lines_of_a_file_are_written(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    shapes = [square(10 * n, 10, 5) for n in range(MOST_SHOWN + 1)]
    out = tmp_path / "成果"
    out.mkdir()
    desk.dialogs.files = [red_line(tmp_path / "红线.shp", *shapes), out]
    desk.dialogs.verb = "write"
    press(desk, qtbot, Qt.Key.Key_J)
    assert desk.session.results == ()
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*用地红线核查.json")]
    assert len(documents) == MOST_SHOWN + 1
    assert desk.dialogs.errors == []
