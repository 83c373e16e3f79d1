"""What an officer chooses for the red-line check: the coordinate system, the rules, and to stop it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from layers.locations import resource_path
from tests.ui.test_redline_in_the_window import Answering, drop, press, red_line, settle
from tests.ui.window_desk import WAIT_MS, Desk, open_sample
from tests.ui.window_samples import square
from ui.dialogs.port import SystemOffer
from ui.dialogs.redline_system import RedlineSystemDialog
from zsgis.preferences import PreferenceStore

OFFERED = (
    SystemOffer("4547", "2000国家大地坐标系 3°带 中央经线114°", "与工程数据相邻"),
    SystemOffer("4526", "2000国家大地坐标系 3°带 38带"),
)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, nothing_left: None) -> Iterator[Desk]:
    made = Desk(tmp_path, Answering())
    open_sample(made, qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    """The program's rules under the bureau's title, in force, with land classes only."""
    text = resource_path("rules", "redline.toml").read_text(encoding="utf-8")
    head, *sections = text.split("[[sections]]")
    head = head.replace('title = "用地红线核查规则"', 'title = "本局核查细则"')
    head = head.replace('version = "2026-01"', 'version = "2026-11-20"')
    head = head.replace('status = "待核实"', 'status = "现行"')
    (land,) = [section for section in sections if 'key = "land_use"' in section]
    path = tmp_path / "本局.toml"
    path.write_text(f"{head}[[sections]]{land}", encoding="utf-8")
    return path


def shown(qtbot: QtBot, *offered: SystemOffer) -> RedlineSystemDialog:
    dialog = RedlineSystemDialog("“红线.txt”是什么坐标系？", "文件中没有坐标系信息。", offered)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_what_the_file_hints_at_is_one_key_away(qtbot: QtBot) -> None:
    dialog = shown(qtbot, *OFFERED)
    assert "与工程数据相邻" in dialog.report.text()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.result() == RedlineSystemDialog.DialogCode.Accepted
    assert dialog.value() == "4547"


def test_nothing_is_chosen_where_nothing_is_hinted_at(qtbot: QtBot) -> None:
    dialog = shown(qtbot, OFFERED[1])
    dialog.list.setFocus()
    dialog.list.setCurrentItem(dialog.list.item(0), QItemSelectionModel.SelectionFlag.NoUpdate)
    assert dialog.value() == ""
    assert not dialog.verb.isEnabled()
    place = dialog.list.visualItemRect(dialog.list.item(0)).center()
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.value() == "4526"
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)
    assert dialog.result() == RedlineSystemDialog.DialogCode.Accepted


def test_a_typed_code_is_what_is_chosen(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    qtbot.keyClicks(dialog.own, "454")
    assert not dialog.verb.isEnabled()
    qtbot.keyClicks(dialog.own, "7+swapped")
    assert dialog.value() == "4547+swapped"
    assert "114" in dialog.report.text()
    qtbot.keyClick(dialog.own, Qt.Key.Key_Return)
    assert dialog.result() == RedlineSystemDialog.DialogCode.Accepted


def test_a_central_meridian_is_what_is_chosen(qtbot: QtBot) -> None:
    dialog = shown(qtbot, *OFFERED)
    dialog.meridian.selectAll()
    qtbot.keyClicks(dialog.meridian, "113.35")
    qtbot.keyClick(dialog.meridian, Qt.Key.Key_Tab)
    assert dialog.value() == "gk:113.35"
    assert dialog.verb.isEnabled()


def test_a_file_of_local_numbers_is_asked_about(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """Without a .prj, 400 km off every system of the region: the officer types what the numbers are."""
    local = shapely.transform(square(50, 0), lambda xy: xy - (400_000.0, 2_400_000.0))
    path = red_line(tmp_path / "独立坐标.shp", local)
    path.with_suffix(".prj").unlink()
    desk.dialogs.files = [path]
    desk.dialogs.system = "4547+offset:400000:2400000"
    press(desk, qtbot, Qt.Key.Key_J)
    assert "独立坐标.shp" in desk.dialogs.asked[-1]
    assert desk.dialogs.systems
    (result,) = desk.session.results
    assert result.facts["planar_m2"] == pytest.approx(10_000.0, abs=0.01)
    assert desk.dialogs.errors == []


def test_the_question_of_coordinates_may_be_left(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = red_line(tmp_path / "无坐标系.shp", square(30_000, 10, 50))
    path.with_suffix(".prj").unlink()
    desk.dialogs.files = [path]
    press(desk, qtbot, Qt.Key.Key_J)
    assert desk.dialogs.systems
    assert desk.session.results == ()
    assert desk.dialogs.errors == []


def ask_rules(desk: Desk, qtbot: QtBot) -> None:
    keys = (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.ShiftModifier
    )
    desk.window.activateWindow()
    qtbot.keyClick(desk.window, Qt.Key.Key_Y, keys)
    settle(desk, qtbot)


def test_the_rules_of_the_bureau_are_remembered(
    desk: Desk, qtbot: QtBot, tmp_path: Path, own_rules: Path
) -> None:
    desk.dialogs.verb, desk.dialogs.files = "own", [own_rules]
    ask_rules(desk, qtbot)
    assert "用地红线核查规则" in desk.dialogs.asked[0]
    assert "2026-01" in desk.dialogs.explained[0]
    assert "待核实" in desk.dialogs.explained[0]
    assert PreferenceStore(tmp_path / "preferences.json").current.redline_rules == own_rules
    desk.dialogs.files = [red_line(tmp_path / "红线.shp")]
    press(desk, qtbot, Qt.Key.Key_J)
    (result,) = desk.session.results
    assert {
        row.values["section"] for row in result.table("redline_check").rows if "section" in row.values
    } == {"土地利用现状"}
    assert "本局核查细则 2026-11-20（现行）" in " ".join(result.table("redline_check").notes)
    desk.dialogs.verb = "shipped"
    ask_rules(desk, qtbot)
    assert str(own_rules) in desk.dialogs.explained[-1]
    assert desk.preferences.current.redline_rules is None


def test_a_file_that_is_no_rule_file_is_not_taken(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    wrong = tmp_path / "不是规则.toml"
    wrong.write_bytes("title = '本局'".encode("gbk"))
    desk.dialogs.verb, desk.dialogs.files = "own", [wrong]
    ask_rules(desk, qtbot)
    (error,) = desk.dialogs.errors
    assert "UTF-8" in str(error)
    assert desk.preferences.current.redline_rules is None


def test_rules_that_are_gone_are_told_and_the_check_goes_on(
    desk: Desk, qtbot: QtBot, tmp_path: Path, own_rules: Path
) -> None:
    desk.dialogs.verb, desk.dialogs.files = "own", [own_rules]
    ask_rules(desk, qtbot)
    own_rules.unlink()
    desk.dialogs.files = [red_line(tmp_path / "红线.shp")]
    desk.dialogs.remedy = "shipped"
    press(desk, qtbot, Qt.Key.Key_J)
    (error,) = desk.dialogs.errors
    assert str(own_rules) in str(error)
    assert desk.dialogs.offered == [["shipped", "own"]]
    assert len(desk.session.results) == 1


def test_a_folder_is_stopped_by_its_button(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """Of 40 red lines those written before the button was pressed are whole, with a list of them."""
    lines, out = tmp_path / "红线", tmp_path / "成果"
    lines.mkdir()
    out.mkdir()
    for number in range(40):
        red_line(lines / f"{number:02d}.shp", square(number, 0))
    desk.dialogs.files = [lines, out]
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(desk.window, Qt.Key.Key_F, keys)
    qtbot.waitUntil(lambda: any(out.glob("*.docx")), timeout=WAIT_MS)
    (stop,) = [
        button
        for button in desk.window.status.jobs.findChildren(QToolButton)
        if button.isVisible() and button.toolTip() == "停止这项工作"
    ]
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    settle(desk, qtbot)
    qtbot.waitUntil((out / "用地红线核查汇总表.xlsx").exists, timeout=WAIT_MS)
    written = sorted(path.name for path in out.iterdir())
    stems = {name.rsplit(".", 1)[0] for name in written if not name.endswith("汇总表.xlsx")}
    assert 0 < len(stems) < 40
    assert written == sorted(
        [f"{stem}.{ending}" for stem in stems for ending in ("docx", "json", "pdf", "xlsx")]
        + ["用地红线核查汇总表.xlsx"]
    )
    assert desk.dialogs.errors == []


def test_a_red_line_dropped_on_the_map_answers_at_once(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.dialogs.verb = "check"
    drop(desk, qtbot, red_line(tmp_path / "红线.shp"))
    assert len(desk.session.results) == 1
    told = " ".join(label.text() for label in desk.window.status.jobs.findChildren(QLabel))
    assert "红线" in told
