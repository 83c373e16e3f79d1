"""A hand at the form of features: what it sees, and what it does by mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import geopandas
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.store import NewLayer, Project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import square
from ui.flows.forms import FormFlows
from ui.forms.feature_editors import ChoiceLineEditor
from ui.forms.feature_form import FeatureForm, FeatureRow

CRS = parse_crs("4547")
UIDS = [f"019313a0-0000-7000-8000-00000000000{row}" for row in range(4)]
ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier

Part = TypeVar("Part")


def make_project(path: Path) -> None:
    """Write a project of three survey polygons of 100 m in a row, and one parcel of ownership."""
    with Project.create(path, CRS) as project:
        survey = geopandas.GeoDataFrame(
            {
                "zs_uid": UIDS[:3],
                "name": ["1", "2", "3"],
                "class_code": ["0101", "0101", "0601"],
                "class_name": ["水田", "水田", "工业用地"],
                "location_code": ["442000001001", "442000001001", "442000001002"],
                "location": ["甲村", "甲村", "乙村"],
                "survey_area_m2": [9_998.97, 9_998.97, 9_998.98],
                "deducted_share": [None, None, 0.5],
            },
            geometry=[square(100 * row, 0) for row in range(3)],
            crs=CRS,
        )
        project.add_layer(NewLayer("图斑", "land_use", CRS, standard="sandiao"), survey)
        parcel = geopandas.GeoDataFrame(
            {"zs_uid": UIDS[3:], "name": ["宗地"], "right_from": ["2020-01-02"]},
            geometry=[square(0, 200)],
            crs=CRS,
        )
        project.add_layer(NewLayer("宗地", "cadastral_parcels", CRS), parcel)


class FormHands:
    """A window with the project open."""

    def __init__(self, qtbot: QtBot, folder: Path, dialogs: PreparedDialogs) -> None:
        self.qtbot, self.dialogs = qtbot, dialogs
        self.desk = Desk(folder, dialogs)
        self.window, self.session = self.desk.window, self.desk.session
        self.desk.open(qtbot, folder / "work.gpkg", 2)
        self.rest()

    @property
    def flows(self) -> FormFlows:
        return self.part(FormFlows)

    def part(self, wanted: type[Part]) -> Part:
        (found,) = (part for part in self.desk.bench.extensions if isinstance(part, wanted))
        return found

    @property
    def editing(self) -> Any:
        return self.desk.bench.editing

    @property
    def form(self) -> FeatureForm:
        form = self.flows.panel.form
        assert form is not None
        return form

    def rest(self) -> None:
        def resting() -> bool:
            return not self.flows.is_busy and not self.editing.waiting and self.desk.idle()

        self.qtbot.waitUntil(resting, timeout=WAIT_MS)

    def layer(self, kind: str = "land_use") -> str:
        return layer_uid(self.desk, kind)

    def edit_layer(self, kind: str = "land_use") -> None:
        self.editing.set_layer(self.layer(kind))
        self.rest()

    def select(self, *rows: int, kind: str = "land_use") -> None:
        self.session.select({self.layer(kind): tuple(UIDS[row] for row in rows)} if rows else {})
        self.rest()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self.window, key, held)
        self.rest()

    def row(self, name: str) -> FeatureRow:
        return self.form.rows[name]

    def line(self, name: str) -> QLineEdit:
        return self.row(name).editor.line

    def shown(self, name: str) -> str:
        return self.line(name).text()

    def offered(self, name: str) -> list[str]:
        editor = self.row(name).editor
        assert isinstance(editor, ChoiceLineEditor)
        return editor.offered_texts

    def said(self, name: str) -> str:
        return self.row(name).said.text()

    def type(self, name: str, text: str) -> None:
        """Type a text over what stands in a line."""
        line = self.line(name)
        line.setFocus()
        line.selectAll()
        if not text:
            self.qtbot.keyClick(line, Qt.Key.Key_Delete)
        elif text.isascii():
            for sign in text:
                self.qtbot.keyClicks(self._keyboard(line), sign)
        else:
            # as an input method commits it
            line.del_()
            line.insert(text)
            line.textEdited.emit(line.text())

    def key(self, name: str, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self._keyboard(self.line(name)), key, held)

    def _keyboard(self, line: QLineEdit) -> QWidget:
        """Return what a key reaches: the list that hangs from a line, while it is open."""
        popup = QApplication.activePopupWidget()
        return popup if popup is not None else line

    def apply(self) -> None:
        self.qtbot.mouseClick(self.flows.panel.apply_button, Qt.MouseButton.LeftButton)
        self.rest()

    def stored(self, row: int, kind: str = "land_use") -> dict[str, Any]:
        project = self.session.project
        (state,) = project.states(self.layer(kind), [UIDS[row]])
        return dict(state.values)

    def focused(self) -> str:
        for name, row in self.form.rows.items():
            if row.editor.line.hasFocus():
                return name
        return ""

    def close(self) -> None:
        self.desk.close()
