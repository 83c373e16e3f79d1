"""The status bar: saved when, where in the world, at which scale, how much is selected, what is running."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLabel, QStatusBar, QWidget

from layers.words import _
from ui.panels.job_row import JobsWidget
from ui.panels.parts import ElidedLabel
from ui.panels.scale_box import Clicks, ScaleBox
from ui.theme import GRID_PX, Colors
from zsgis.inspection import SelectionSize

if TYPE_CHECKING:
    from pyproj import CRS

_MU_PER_M2 = 3.0 / 2000.0


def degrees_text(value: float) -> str:
    """Return an angle as degrees, minutes and seconds with a tenth: 22°31′12.5″."""
    tenths = round(abs(value) * 36_000)
    degrees, rest = divmod(tenths, 36_000)
    minutes, tenths = divmod(rest, 600)
    return f"{'-' if value < 0 else ''}{degrees}°{minutes:02d}′{tenths / 10:04.1f}″"


def position_text(east: float, north: float) -> str:
    """Return plane coordinates in the surveyor's order: X is north, Y is east."""
    return f"X {north:.3f}  Y {east:.3f}"


def geographic_text(longitude: float, latitude: float) -> str:
    """Return latitude and longitude, B before L."""
    north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
    return f"{degrees_text(abs(latitude))}{north}  {degrees_text(abs(longitude))}{east}"


def selection_text(size: SelectionSize) -> str:
    """Return how much is selected, in 亩 where it has an area."""
    if not size.count:
        return ""
    text = _("{count} selected").format(count=f"{size.count:,}")
    return text if size.area_m2 is None else f"{text} · {size.area_m2 * _MU_PER_M2:,.2f} 亩"


def decimal_text(longitude: float, latitude: float) -> str:
    """Return decimal degrees, B before L; the last digit is about a centimetre."""
    return f"B {latitude:.7f}°  L {longitude:.7f}°"


def coordinates_text(crs: CRS, x: float, y: float) -> str:
    """Return coordinates of a system as people write them: plane ones with X to the north, or degrees."""
    return decimal_text(x, y) if crs.is_geographic else position_text(x, y)


class WindowStatusBar(QStatusBar):
    """One line of facts, left to right; jobs on the right. The scale is typed; two facts can be clicked."""

    scale_asked = pyqtSignal(float)
    """The denominator of a scale that was typed or chosen."""
    crs_clicked = pyqtSignal()
    position_clicked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setMinimumHeight(GRID_PX * 4)
        self.saved = QLabel()
        self.crs = ElidedLabel()
        self.crs.setMinimumWidth(GRID_PX * 8)
        self.crs.setMaximumWidth(GRID_PX * 34)
        self.scale = ScaleBox()
        self.position = QLabel()
        self.position.setToolTip(_("Coordinates under the pointer; click to choose in which system"))
        self.geographic = QLabel()
        self.selection = QLabel()
        self.jobs = JobsWidget(colors)
        self.addWidget(self.saved)
        self.addWidget(self.crs, 1)
        for widget in (self.scale, self.position, self.geographic, self.selection):
            self.addWidget(widget)
        for label in (self.saved, self.crs, self.position, self.geographic, self.selection):
            label.setContentsMargins(GRID_PX, 0, GRID_PX, 0)
        self.addPermanentWidget(self.jobs)
        self.scale.asked.connect(self.scale_asked)
        Clicks(self.crs).clicked.connect(self.crs_clicked)
        Clicks(self.position).clicked.connect(self.position_clicked)
        self.clear_facts()

    def show_saved(self, moment: datetime | None) -> None:
        """Say since when everything is on disk."""
        self.saved.setText(_("Saved {time}").format(time=f"{moment:%H:%M}") if moment else "")

    def show_crs(self, text: str) -> None:
        """Say in which system the map is."""
        self.crs.set_whole_text(text)

    def show_scale(self, denominator: float) -> None:
        """Say the map's scale."""
        self.scale.show_scale(denominator)

    def show_position(self, text: str) -> None:
        """Say where the pointer is, in the chosen system."""
        self.position.setText(text)

    def show_geographic(self, text: str) -> None:
        """Say where the pointer is on the earth."""
        self.geographic.setText(text)

    def show_selection(self, size: SelectionSize) -> None:
        """Say how much is selected."""
        self.selection.setText(selection_text(size))

    def clear_facts(self) -> None:
        """Say nothing: no project is open."""
        for label in (self.saved, self.position, self.geographic, self.selection):
            label.setText("")
        self.crs.set_whole_text("")
        self.scale.clear_scale()
