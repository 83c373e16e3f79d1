"""The dialog that changes how a raster is shown; every change is on the map at once."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from layers.pictures.raster_model import RasterPicture, RasterStyle, Relief
from layers.words import N_, _
from ui.dialogs.raster_choices import band_choice, choice, number_box, ramp_choice
from ui.theme import GRID_PX

# A slider that moves asks for a new picture so often at most.
_CALM_MS = 80
_MODES = (
    ("color", N_("Colour image (three bands)")),
    ("single", N_("One band in colours")),
    ("palette", N_("The file's own colours")),
    ("hillshade", N_("Terrain in light")),
)
_STRETCHES = (
    ("none", N_("As the values stand")),
    ("minmax", N_("Least to greatest value")),
    ("percentile", N_("Without the outermost 2 % on each side")),
    ("deviation", N_("Two standard deviations around the mean")),
    ("stated", N_("Between two values")),
)


class RasterDialog(QDialog):
    """Shows a raster's style and says what it is changed to."""

    look_changed = pyqtSignal(object, float)
    """The :class:`RasterStyle` wanted now, and how much the raster hides, 0 to 1."""

    def __init__(self, picture: RasterPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._before = picture.style, picture.opacity
        self._showing = False
        self.setWindowTitle(_("Look of {name}").format(name=picture.name))
        self.setMinimumWidth(GRID_PX * 56)
        bands = picture.bands
        offered = [mode for mode in _MODES if self._can(mode[0])]
        self.mode = choice(offered)
        self.bands = tuple(band_choice(bands) for _place in range(3))
        self.band = band_choice(bands)
        self.stretch = choice(_STRETCHES)
        self.limits = QLineEdit(), QLineEdit()
        self.between = _side_by_side(self.limits)
        self.shared = QCheckBox(_("One range for all three bands"))
        self.ramp = ramp_choice()
        self.reversed = QCheckBox(_("Turn the colours round"))
        self.shaded = QCheckBox(_("Light it as terrain too"))
        self.azimuth = number_box(0, 360, "°", step=15)
        self.altitude = number_box(0, 90, "°", step=5)
        self.z_factor = number_box(0.01, 1000, "", step=0.5, decimals=2)
        self.nodata = QLineEdit()
        self.nodata.setPlaceholderText(_("none beside what the file says"))
        self.smooth = QCheckBox(_("Mix colours between cells"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.facts = QLabel()
        self.facts.setProperty("role", "muted")
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.as_before = QPushButton(_("As before"))
        self.close_button = QPushButton(_("Close"))
        self._form = QFormLayout()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CALM_MS)
        self._timer.timeout.connect(self._tell)
        self._connect()
        self.show_look(picture.style, picture.opacity)

    def show_look(self, style: RasterStyle, opacity: float) -> None:
        """Show a style without telling anybody: what undo brought back, for instance."""
        self._showing = True
        self.mode.setCurrentIndex(max(self.mode.findData(style.mode), 0))
        for place, box in enumerate(self.bands):
            number = style.bands[place] if len(style.bands) == 3 else min(place + 1, len(self._picture.bands))
            box.setCurrentIndex(number - 1)
        self.band.setCurrentIndex(style.bands[0] - 1)
        self.stretch.setCurrentIndex(self.stretch.findData(style.stretch))
        for line, limit in zip(self.limits, style.limits or ("", ""), strict=True):
            line.setText(limit if isinstance(limit, str) else f"{limit:.10g}")
        self.ramp.setCurrentIndex(self.ramp.findData(style.ramp))
        for flag, is_on in self._flags(style):
            flag.setChecked(is_on)
        self.azimuth.setValue(style.relief.azimuth)
        self.altitude.setValue(style.relief.altitude)
        self.z_factor.setValue(style.relief.z_factor)
        self.nodata.setText("" if style.nodata is None else f"{style.nodata:.10g}")
        self.opacity.setValue(round(opacity * 100))
        self._showing = False
        self._revise()

    def follow(self, style: RasterStyle, opacity: float) -> None:
        """Show what is on the map now, unless a change of one's own is on its way there."""
        now = self.wanted(), self.opacity.value()
        if not self._timer.isActive() and now != (style, round(opacity * 100)):
            self.show_look(style, opacity)

    def wanted(self) -> RasterStyle | None:
        """Return the style as chosen; None while the value without data is no number."""
        mode = self.mode.currentData()
        text = self.nodata.text().strip()
        try:
            nodata = float(text) if text else None
        except ValueError:
            return None
        if nodata is not None and not abs(nodata) < float("inf"):
            return None
        limits = self._limits()
        if limits is None and self.stretch.currentData() == "stated":
            return None
        three = tuple(box.currentIndex() + 1 for box in self.bands)
        return RasterStyle(
            mode=mode,
            bands=three if mode == "color" else (self.band.currentIndex() + 1,),
            stretch=self.stretch.currentData(),
            limits=limits,
            shared=self.shared.isChecked(),
            ramp=self.ramp.currentData(),
            reversed=self.reversed.isChecked(),
            shaded=self.shaded.isChecked(),
            relief=Relief(
                azimuth=self.azimuth.value(), altitude=self.altitude.value(), z_factor=self.z_factor.value()
            ),
            nodata=nodata,
            smooth=self.smooth.isChecked(),
        )

    def _limits(self) -> tuple[float, float] | None:
        """Return the two values of the stretch; None where they are no numbers that rise."""
        try:
            low, high = (float(line.text()) for line in self.limits)
        except ValueError:
            return None
        return (low, high) if -float("inf") < low < high < float("inf") else None

    def done(self, result: int) -> None:
        """Say what is still to be said, then close."""
        if self._timer.isActive():
            self._timer.stop()
            self._tell()
        super().done(result)

    def _can(self, mode: str) -> bool:
        bands = self._picture.bands
        return {"color": len(bands) >= 3, "palette": bands[0].meaning == "palette"}.get(mode, True)

    def _flags(self, style: RasterStyle) -> tuple[tuple[QCheckBox, bool], ...]:
        return (
            (self.shared, style.shared),
            (self.reversed, style.reversed),
            (self.shaded, style.shaded),
            (self.smooth, style.smooth),
        )

    def _lay_out(self) -> None:
        form = self._form
        form.setSpacing(GRID_PX)
        form.addRow(_("Shown as"), self.mode)
        for label, box in zip((_("Red"), _("Green"), _("Blue")), self.bands, strict=True):
            form.addRow(label, box)
        form.addRow(_("Band"), self.band)
        form.addRow(_("Values"), self.facts)
        form.addRow(_("Stretch"), self.stretch)
        form.addRow(_("From, to"), self.between)
        form.addRow("", self.shared)
        form.addRow(_("Colours"), self.ramp)
        form.addRow("", self.reversed)
        form.addRow("", self.shaded)
        form.addRow(_("Light from (clockwise from north)"), self.azimuth)
        form.addRow(_("Light above the horizon"), self.altitude)
        form.addRow(_("Heights times"), self.z_factor)
        form.addRow(_("Value without data"), self.nodata)
        form.addRow("", self.smooth)
        form.addRow(_("Opacity"), self.opacity)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addStretch(1)
        row.addWidget(self.as_before)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addWidget(self.complaint)
        column.addStretch(1)
        column.addLayout(row)

    def _connect(self) -> None:
        for box in (self.mode, *self.bands, self.band, self.stretch, self.ramp):
            box.currentIndexChanged.connect(self._change)
        for flag in (self.shared, self.reversed, self.shaded, self.smooth):
            flag.toggled.connect(self._change)
        for number in (self.azimuth, self.altitude, self.z_factor):
            number.valueChanged.connect(self._change)
        for line in (self.nodata, *self.limits):
            line.textChanged.connect(self._change)
        self.stretch.currentIndexChanged.connect(self._propose_limits)
        self.opacity.valueChanged.connect(self._change)
        self.as_before.setAutoDefault(False)
        self.as_before.clicked.connect(self._go_back)
        self.close_button.setProperty("primary", True)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)

    def _propose_limits(self, *_place: object) -> None:
        """Begin between the values that are there."""
        known = self._picture.bands[self.band.currentIndex()].statistics
        if self.stretch.currentData() == "stated" and self._limits() is None and known is not None:
            for line, limit in zip(self.limits, (known.minimum, known.maximum), strict=True):
                line.setText(f"{limit:.10g}")

    def _change(self, *_values: object) -> None:
        if not self._showing:
            self._revise()
            self._timer.start()

    def _go_back(self) -> None:
        self.show_look(*self._before)
        self._timer.start()

    def _tell(self) -> None:
        style = self.wanted()
        if style is not None:
            self.look_changed.emit(style, self.opacity.value() / 100)

    def _revise(self) -> None:
        """Show what belongs to the mode."""
        mode, form = self.mode.currentData(), self._form
        lit = mode == "hillshade" or (mode == "single" and self.shaded.isChecked())
        shown = {
            **dict.fromkeys(self.bands, mode == "color"),
            self.band: mode != "color" and len(self._picture.bands) > 1,
            self.facts: mode in ("single", "hillshade"),
            self.stretch: mode in ("color", "single"),
            self.between: mode in ("color", "single") and self.stretch.currentData() == "stated",
            self.shared: mode == "color",
            **dict.fromkeys((self.ramp, self.reversed, self.shaded), mode == "single"),
            **dict.fromkeys((self.azimuth, self.altitude, self.z_factor), lit),
            self.smooth: mode != "palette",
        }
        for widget, visible in shown.items():
            form.setRowVisible(widget, visible)
        self.facts.setText(self._facts_text())
        wrong = self.wanted() is None
        text = _("The two values of the stretch must be numbers, the first the smaller.")
        if self.stretch.currentData() != "stated" or self._limits() is not None:
            text = _("The value without data is no number.")
        self.complaint.setText(text if wrong else "")
        self.complaint.setVisible(wrong)
        self.adjustSize()

    def _facts_text(self) -> str:
        band = self._picture.bands[self.band.currentIndex()]
        known = band.statistics
        if known is None:
            return _("no cell has a value")
        return _("{low} to {high}, mean {mean} {unit}").format(
            low=f"{known.minimum:,.6g}",
            high=f"{known.maximum:,.6g}",
            mean=f"{known.mean:,.6g}",
            unit=band.unit,
        )


def _side_by_side(lines: Sequence[QLineEdit]) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX)
    for line in lines:
        row.addWidget(line)
    return whole
