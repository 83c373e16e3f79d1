"""The report on securing land from the window: a key, a place, a job; the bureau's own template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.edits import ChangeFeature, Edit
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, square
from zsgis.reports.securing.issues import issues_of
from zsgis.reports.securing.template import read_template
from zsgis.run import run_capability


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    open_sample(made, qtbot, tmp_path)
    yield made
    made.close()


def press_report(desk: Desk, qtbot: QtBot) -> None:
    """Press the key of the report and wait until nothing is under way."""
    qtbot.keyClick(desk.window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def press_template(desk: Desk, qtbot: QtBot) -> None:
    """Press the key of the template and wait until nothing is under way."""
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(desk.window, Qt.Key.Key_F9, keys)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_a_key_writes_the_report_and_tells_what_is_to_be_known(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    run_capability(desk.session.project, "intensity")
    out = tmp_path / "报告.docx"
    prepared_dialogs.files = [out]
    press_report(desk, qtbot)
    assert not prepared_dialogs.errors
    assert any(name.endswith("用地保障报告.docx") for name in prepared_dialogs.asked)
    headings = [p.text for p in docx.Document(str(out)).paragraphs if p.text.startswith("三、")]
    assert headings[-1] == "三、用地现状"
    assert [issue.file for issue in issues_of(desk.session.project)] == ["报告.docx"]
    # analyses that were not run are told, the one that was is not
    told = " ".join(prepared_dialogs.findings)
    assert "zsgis run supply" in told
    assert "zsgis run intensity" not in told


def test_leaving_the_question_writes_nothing(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs
) -> None:
    prepared_dialogs.files = [None]
    press_report(desk, qtbot)
    assert issues_of(desk.session.project) == ()


def test_a_place_that_cannot_be_written_is_told_and_another_offered(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    prepared_dialogs.files = [tmp_path / "nowhere" / "r.docx"]
    press_report(desk, qtbot)
    assert len(prepared_dialogs.errors) == 1
    assert "elsewhere" in prepared_dialogs.offered[-1]
    assert issues_of(desk.session.project) == ()


def test_the_template_is_copied_changed_and_taken(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    prepared_dialogs.verb, prepared_dialogs.files = "copy", [own]
    press_template(desk, qtbot)
    assert read_template(own) == read_template()
    own.write_text(
        own.read_text(encoding="utf-8").replace('title = "依据与口径"', 'title = "凭什么"'), encoding="utf-8"
    )
    prepared_dialogs.verb, prepared_dialogs.files = "own", [own, None]
    press_template(desk, qtbot)
    assert desk.preferences.current.report_template == own
    out = tmp_path / "r.docx"
    prepared_dialogs.verb, prepared_dialogs.files = "", [out]
    press_report(desk, qtbot)
    assert "一、凭什么" in [p.text for p in docx.Document(str(out)).paragraphs]


def test_a_template_that_is_broken_is_told_and_the_programs_own_offered(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("key = ", encoding="utf-8")
    preferences = desk.preferences
    preferences.change(preferences.current.model_copy(update={"report_template": own}))
    out = tmp_path / "r.docx"
    prepared_dialogs.remedy, prepared_dialogs.files = "shipped", [out, out]
    press_report(desk, qtbot)
    assert len(prepared_dialogs.errors) == 1
    assert desk.preferences.current.report_template is None
    assert out.exists()


def test_a_figure_whose_parcel_was_edited_in_the_window_is_not_printed_as_current(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    run_capability(desk.session.project, "intensity")
    layer = layer_uid(desk, "land_use")
    # edited and written at once: the edit may still be on its way to the file when the key is pressed
    change = ChangeFeature(layer, EAST, geometry=square(100, 0, 50))
    desk.bench.editing.submit(Edit("改形状", (change,)))
    out = tmp_path / "报告.docx"
    prepared_dialogs.files = [out]
    press_report(desk, qtbot)
    assert not prepared_dialogs.errors
    said = [paragraph.text for paragraph in docx.Document(str(out)).paragraphs]
    stale = [text for text in said if "已过时" in text]
    assert any("东地块" in text for text in stale)
    assert any("开发强度" in text for text in stale)
    assert any("开发强度" in text and "重新运行" in text for text in prepared_dialogs.findings)
