"""The evidence folder from the window: a key, two questions, a job; what is secret asks on whose word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from zsgis.evidence import check_evidence
from zsgis.run import run_capability
from zsgis.run_records.exports import exports_of


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    open_sample(made, qtbot, tmp_path)
    run_capability(made.session.project, "intensity")
    yield made
    made.close()


def press(desk: Desk, qtbot: QtBot) -> None:
    """Press the key of the command and wait until nothing is under way."""
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(desk.window, Qt.Key.Key_U, keys)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_a_key_writes_a_folder_that_proves_itself(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    out = tmp_path / "证据.zip"
    prepared_dialogs.verb, prepared_dialogs.files = "again", [out]
    press(desk, qtbot)
    assert not prepared_dialogs.errors
    found = check_evidence(out, desk.session.project)
    assert (found.faults, found.changes) == ((), ())
    assert found.registered is not None
    assert any(name.startswith("证据包") and name.endswith(".zip") for name in prepared_dialogs.asked)


def test_leaving_a_question_writes_nothing(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    out = tmp_path / "e.zip"
    prepared_dialogs.verb, prepared_dialogs.files = "", [out]
    press(desk, qtbot)
    prepared_dialogs.verb, prepared_dialogs.files = "compared", [None]
    press(desk, qtbot)
    assert not out.exists()
    assert exports_of(desk.session.project) == ()


def test_something_secret_asks_who_approved_and_why(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    out = tmp_path / "e.zip"
    desk.bench.edits.set_secrecy(layer_uid(desk, "land_use"), "秘密★10年")
    prepared_dialogs.verb, prepared_dialogs.files, prepared_dialogs.line = "compared", [out], None
    press(desk, qtbot)
    assert not out.exists()
    prepared_dialogs.line = "张三"
    press(desk, qtbot)
    (entry,) = exports_of(desk.session.project)
    assert (entry.secrecy, entry.approved_by, entry.why) == ("秘密★10年", "张三", "张三")
    assert out.exists()


def test_a_place_that_cannot_be_written_is_told_and_another_offered(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    prepared_dialogs.verb, prepared_dialogs.files = "compared", [tmp_path / "nowhere" / "e.zip"]
    press(desk, qtbot)
    (error,) = prepared_dialogs.errors
    assert "elsewhere" in prepared_dialogs.offered[-1]
    assert str(tmp_path / "nowhere") in str(error)
