"""Choose the coordinate system of the map: a usual one, one about any meridian, or any of EPSG's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from layers.errors import CrsError
from layers.words import _
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX

if TYPE_CHECKING:
    from pyproj import CRS

_CRS = Qt.ItemDataRole.UserRole + 1
_PAUSE_MS = 200


@dataclass(frozen=True)
class SystemChoice:
    """A system that is offered: what it is called, and how it is made (reading one takes a moment)."""

    title: str
    make: Callable[[], CRS]


@dataclass(frozen=True)
class Judgement:
    """Whether the map can be shown in a system, and what happens to coordinates on the way."""

    text: str
    usable: bool


class CrsDialog(QDialog):
    """Offers systems; says of each what it is and whether the way to it is exact.

    Parameters
    ----------
    usual : sequence of SystemChoice
        Offered while nothing is looked for.
    judge : callable
        Tells whether the map can be shown in a system.
    gauss_kruger : callable
        Makes a system from central meridian, false easting, zone width and whether the zone stands before it.
    """

    search_asked = pyqtSignal(str)
    """What is to be looked for in the register."""

    def __init__(
        self,
        usual: Sequence[SystemChoice],
        judge: Callable[[CRS], Judgement],
        gauss_kruger: Callable[[float, float, int, bool], CRS],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Map coordinate system"))
        self.setMinimumSize(GRID_PX * 72, GRID_PX * 58)
        self._usual = tuple(usual)
        self._judge = judge
        self._gauss_kruger = gauss_kruger
        self._chosen: CRS | None = None
        # what stands in the list is not what was typed, until the register has answered
        self._awaits = self._takes_first = False
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("EPSG number or name, as 4547 or utm zone 49n"))
        self.systems = QListWidget()
        self.systems.setProperty("role", "popup")
        self.meridian = _number(114.0, 60.0, 150.0, 8, "°")
        self.easting = _number(500_000.0, 0.0, 999_999.999, 3, " m")
        self.width_deg = CalmComboBox()
        for degrees in (3, 6):
            self.width_deg.addItem(_("{degrees}-degree zones").format(degrees=degrees), degrees)
        self.with_zone = QCheckBox(_("Put the zone number before the easting"))
        self.pages = QTabWidget()
        self.report = QLabel()
        self.report.setWordWrap(True)
        self.report.setTextFormat(Qt.TextFormat.PlainText)
        self.report.setMinimumHeight(GRID_PX * 10)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verb = QPushButton(_("Show the map in it"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._lay_out()
        self.search.textChanged.connect(self._look)
        self.search.returnPressed.connect(self._take_what_comes)
        self.search.setFocus()
        self._timer.timeout.connect(lambda: self.search_asked.emit(self.search.text()))
        self.systems.currentItemChanged.connect(self._revise)
        self.systems.itemDoubleClicked.connect(lambda _item: self.verb.click())
        self.pages.currentChanged.connect(self._revise)
        for signal in (self.meridian.valueChanged, self.easting.valueChanged):
            signal.connect(self._revise)
        self.width_deg.currentIndexChanged.connect(self._revise)
        self.with_zone.toggled.connect(self._revise)
        self._offer(self._usual)

    def chosen(self) -> CRS | None:
        """Return the system that was chosen."""
        return self._chosen

    def show_found(self, asked: str, found: Sequence[SystemChoice]) -> None:
        """Offer what was found; an answer to what is no longer asked is passed over."""
        if asked != self.search.text() or not asked.strip():
            return
        self._awaits = False
        self._offer(found)
        if self._takes_first:
            self._takes_first = False
            self.verb.click()

    def _lay_out(self) -> None:
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.search)
        column.addWidget(self.systems, 1)
        own = QWidget()
        form = QFormLayout(own)
        form.setContentsMargins(0, GRID_PX * 2, 0, 0)
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Central meridian"), self.meridian)
        form.addRow(_("False easting"), self.easting)
        form.addRow(_("Zone width"), self.width_deg)
        form.addRow("", self.with_zone)
        self.pages.addTab(listed, _("Usual and by name"))
        self.pages.addTab(own, _("CGCS2000 about any meridian"))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(self.pages, 1)
        column.addWidget(self.report)
        column.addLayout(button_row(self, self.verb))

    def _look(self, text: str) -> None:
        self._timer.stop()
        self._takes_first = False
        self._awaits = bool(text.strip())
        if self._awaits:
            self._timer.start()
            self._revise()
        else:
            self._offer(self._usual)

    def _take_what_comes(self) -> None:
        """Let Enter, pressed before the register has answered, mean the first of the answer."""
        self._takes_first = self._awaits

    def _offer(self, choices: Sequence[SystemChoice]) -> None:
        self.systems.blockSignals(True)
        self.systems.clear()
        for choice in choices:
            item = QListWidgetItem(choice.title)
            item.setData(_CRS, choice)
            self.systems.addItem(item)
        self.systems.setCurrentRow(0 if choices else -1)
        self.systems.blockSignals(False)
        self._revise()

    def _revise(self, *_change: object) -> None:
        """Say what the chosen system is."""
        self._chosen = None
        if self._awaits and self.pages.currentIndex() == 0:
            self.verb.setEnabled(False)
            self.report.setText("")
            return
        usable, text = False, _("Nothing of this name is in the register.")
        try:
            crs = self._system()
            if crs is not None:
                judgement = self._judge(crs)
                usable, text = judgement.usable, judgement.text
                self._chosen = crs if usable else None
        except CrsError as error:
            text = str(error)
        self.verb.setEnabled(usable)
        self.report.setProperty("role", "" if usable else "danger")
        style = self.report.style()
        if style is not None:
            style.polish(self.report)
        self.report.setText(text)

    def _system(self) -> CRS | None:
        if self.pages.currentIndex() == 1:
            width = int(self.width_deg.currentData())
            return self._gauss_kruger(
                self.meridian.value(), self.easting.value(), width, self.with_zone.isChecked()
            )
        item = self.systems.currentItem()
        choice = item.data(_CRS) if item is not None else None
        return choice.make() if isinstance(choice, SystemChoice) else None


def _number(value: float, low: float, high: float, digits: int, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(digits)
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(unit)
    return box
