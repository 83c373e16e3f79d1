"""What window tests rely on: answers prepared in advance, and nothing left running afterwards."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawing_samples import coverage
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.map_hands import SIZE
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import Desk, open_sample
from ui.canvas import MapCanvas
from ui.painting.fonts import load_fonts
from ui.workbench import Workbench


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Let no window outlive its test: those that gather make every later one slower."""
    yield
    if isinstance(QApplication.instance(), QApplication) and QApplication.topLevelWidgets():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()


@pytest.fixture
def prepared_dialogs() -> PreparedDialogs:
    """Return dialogs that answer by themselves."""
    return PreparedDialogs()


@pytest.fixture
def nothing_left(qtbot: QtBot) -> Iterator[None]:
    """Fail a test that leaves a job thread or a window behind."""
    windows = set(QApplication.topLevelWidgets())
    yield
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("zsgis-")]
    shown = [
        widget for widget in QApplication.topLevelWidgets() if widget not in windows and widget.isVisible()
    ]
    assert threads == []
    assert shown == []


@pytest.fixture
def empty_desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    """Return the window without a project."""
    made = Desk(tmp_path, prepared_dialogs)
    yield made
    made.close()


@pytest.fixture
def desk(empty_desk: Desk, qtbot: QtBot, tmp_path: Path) -> Desk:
    """Return the window with the small project open and drawn."""
    open_sample(empty_desk, qtbot, tmp_path)
    return empty_desk


@pytest.fixture
def bench(desk: Desk) -> Workbench:
    """Return the workbench behind the window with the small project."""
    return desk.bench


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[MapCanvas]:
    """Return a map alone, with some areas on it and the keyboard."""
    load_fonts()
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show()
    qtbot.waitExposed(made)
    made.set_layers([coverage()])
    made.setFocus()
    yield made
    made.shut_down()
