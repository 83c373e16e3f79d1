"""The tab that edits one symbol: fill, hatch, line, marker; only what the layer's shapes have."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QLineEdit, QWidget

from layers.kind import GeometryType
from layers.style import Marker, Symbol
from layers.style.model import Hatch
from layers.words import N_, _
from ui.dialogs.style.line_choices import line_choices
from ui.dialogs.style.widgets import (
    AskColor,
    ColorButton,
    LengthBox,
    RowSwitch,
    WholeBox,
    in_row,
    line_icon,
    line_icon_size,
    marker_icon,
)
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX, Colors

_HATCHES = (
    (None, N_("No hatch")),
    (Hatch.FORWARD, N_("Slanting up")),
    (Hatch.BACKWARD, N_("Slanting down")),
    (Hatch.CROSS, N_("Grid")),
    (Hatch.DIAGONAL_CROSS, N_("Slanting grid")),
)
_MARKERS = (
    (Marker.CIRCLE, N_("Circle")),
    (Marker.SQUARE, N_("Square")),
    (Marker.TRIANGLE, N_("Triangle")),
    (Marker.INVERTED_TRIANGLE, N_("Triangle upside down")),
    (Marker.DIAMOND, N_("Diamond")),
    (Marker.PENTAGON, N_("Pentagon")),
    (Marker.STAR, N_("Star")),
    (Marker.CROSS, N_("Upright cross")),
    (Marker.SALTIRE, N_("Slanting cross")),
    (Marker.RING, N_("Dot in a ring")),
    (Marker.FRAMED_SQUARE, N_("Square in a frame")),
)
_MOST_DASHES = 20


class SymbolPage(QWidget):
    """Edits a symbol; ``edited`` says that :meth:`value` is another one."""

    edited = pyqtSignal()

    def __init__(self, geometry: GeometryType, ask_color: AskColor, colors: Colors) -> None:
        super().__init__()
        self._geometry = geometry
        self._symbol = Symbol()
        self._showing = False
        self.filled = RowSwitch(_("Fill"))
        self.fill = ColorButton(_("Fill colour"), ask_color)
        self.opacity = WholeBox(_("Opacity of the fill"), 0, 100, " %")
        self.hatch = CalmComboBox()
        for hatch, title in _HATCHES:
            self.hatch.addItem(_(title), hatch)
        self.hatch_color = ColorButton(_("Hatch colour"), ask_color)
        self.hatch_spacing = LengthBox(_("Spacing of the hatch"), most=20, least=0.4)
        self.stroked = RowSwitch(_("Outline or line"))
        self.stroke = ColorButton(_("Line colour"), ask_color)
        self.stroke_width = LengthBox(_("Line width"), most=10, step=0.05)
        self.line = CalmComboBox()
        self._choices = line_choices()
        self._fill_lines()
        self.dash = QLineEdit()
        self.dash.setAccessibleName(_("Dashes in millimetres"))
        self.dash.setPlaceholderText(_("on and off, for example 4 1.5 1 1.5"))
        self.band = LengthBox(_("Band along the outside"), most=10)
        self.marker = CalmComboBox()
        for marker, title in _MARKERS:
            self.marker.addItem(marker_icon(marker, colors.text), _(title), marker)
        self.marker_size = LengthBox(_("Size of the symbol"), most=30, least=0.5)
        self._lay_out()
        self._connect()

    def value(self) -> Symbol:
        """Return the symbol as it is now."""
        return self._symbol

    def show_symbol(self, symbol: Symbol) -> None:
        """Show a symbol to be edited."""
        self._showing = True
        self._symbol = symbol
        self.filled.setChecked(symbol.fill is not None)
        self.fill.set_value(symbol.fill or "#D9D9D9")
        self.opacity.setValue(round(symbol.fill_opacity * 100))
        self.hatch.setCurrentIndex(self.hatch.findData(symbol.hatch))
        self.hatch_color.set_value(symbol.hatch_color)
        self.hatch_spacing.setValue(symbol.hatch_spacing_mm)
        self.stroked.setChecked(symbol.stroke is not None and symbol.stroke_mm > 0)
        self.stroke.set_value(symbol.stroke or "#606060")
        self.stroke_width.setValue(symbol.stroke_mm)
        self.dash.setText(" ".join(f"{length:g}" for length in symbol.dash))
        self._show_wrong_dash(False)
        self._show_line(symbol)
        self.band.setValue(symbol.tint_mm)
        self.marker.setCurrentIndex(self.marker.findData(symbol.marker))
        self.marker_size.setValue(symbol.marker_mm)
        self._enable()
        self._showing = False

    def _fill_lines(self) -> None:
        self.line.setIconSize(line_icon_size())
        self.line.setAccessibleName(_("Kind of line"))
        sample = Symbol(stroke="#303030", stroke_mm=0.35)
        for place, choice in enumerate(self._choices):
            self.line.addItem(line_icon(choice.drawn(sample)), choice.title, place)
            if choice.note:
                self.line.setItemData(place, choice.note, Qt.ItemDataRole.ToolTipRole)
        self.line.addItem(_("Own dashes"), -1)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(GRID_PX * 2, GRID_PX * 2, GRID_PX * 2, GRID_PX)
        form.setVerticalSpacing(GRID_PX)
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        is_area, is_point = self._geometry is GeometryType.POLYGON, self._geometry is GeometryType.POINT
        if is_point:
            form.addRow(_("Shape"), self.marker)
            form.addRow(_("Symbol size"), self.marker_size)
        if self._geometry is not GeometryType.LINE:
            form.addRow(self.filled, in_row(self.fill, self.opacity))
        if is_area:
            form.addRow(_("Hatch"), self.hatch)
            form.addRow("", in_row(self.hatch_color, self.hatch_spacing))
        form.addRow(self.stroked, in_row(self.stroke, self.stroke_width))
        if not is_point:
            form.addRow(_("Kind of line"), self.line)
            form.addRow(_("Dashes (mm)"), self.dash)
        if is_area:
            form.addRow(_("Band outside"), self.band)

    def _connect(self) -> None:
        for button in (self.fill, self.hatch_color, self.stroke):
            button.edited.connect(self._take)
        for box in (self.filled, self.stroked):
            box.toggled.connect(self._take)
        for number in (self.hatch_spacing, self.stroke_width, self.band, self.marker_size):
            number.valueChanged.connect(self._take)
        self.opacity.valueChanged.connect(self._take)
        self.hatch.currentIndexChanged.connect(self._take)
        self.marker.currentIndexChanged.connect(self._take)
        self.line.activated.connect(self._take_line)
        self.dash.editingFinished.connect(self._take_dash)

    def _take(self, *_state: object) -> None:
        """Read what stands in the widgets; what a widget rounds stays as it was until it is changed."""
        if self._showing:
            return
        changes: dict[str, Any] = {
            "fill": self.fill.value() if self.filled.isChecked() else None,
            "hatch": self.hatch.currentData(),
            "hatch_color": self.hatch_color.value(),
            "stroke": self.stroke.value() if self.stroked.isChecked() else None,
            "marker": self.marker.currentData(),
        }
        old = self._symbol
        for name, number, before in (
            ("fill_opacity", self.opacity.value() / 100, round(old.fill_opacity * 100) / 100),
            ("hatch_spacing_mm", self.hatch_spacing.value(), round(old.hatch_spacing_mm, 2)),
            ("stroke_mm", self.stroke_width.value(), round(old.stroke_mm, 2)),
            ("tint_mm", self.band.value(), round(old.tint_mm, 2)),
            ("marker_mm", self.marker_size.value(), round(old.marker_mm, 2)),
        ):
            if abs(number - before) > 1e-9:
                changes[name] = number
        if changes["stroke"] is not None and not changes.get("stroke_mm", old.stroke_mm):
            changes["stroke_mm"] = 0.2
        self._change(changes)

    def _take_line(self, _place: int) -> None:
        place = self.line.currentData()
        if place >= 0:
            self._change(self._choices[place].parts)

    def _take_dash(self) -> None:
        dash = parsed_dash(self.dash.text())
        self._show_wrong_dash(dash is None)
        if dash is not None and dash != self._symbol.dash:
            self._change({"dash": dash, "dash_start_mm": 0.0, "lines_over": ()})

    def _change(self, changes: dict[str, Any]) -> None:
        changed = self._symbol.model_copy(update=changes)
        if changed != self._symbol:
            self.show_symbol(changed)
            self.edited.emit()

    def _show_line(self, symbol: Symbol) -> None:
        fitting = [place for place, choice in enumerate(self._choices) if choice.fits(symbol)]
        # a boundary of the same dashes says more than plain dashes
        self.line.setCurrentIndex(fitting[-1] if fitting else self.line.count() - 1)

    def _show_wrong_dash(self, wrong: bool) -> None:
        self.dash.setProperty("wrong", wrong)
        style = self.dash.style()
        if style is not None:
            style.polish(self.dash)

    def _enable(self) -> None:
        parts: tuple[tuple[bool, tuple[QWidget, ...]], ...] = (
            (self.filled.isChecked(), (self.fill, self.opacity)),
            (self.hatch.currentData() is not None, (self.hatch_color, self.hatch_spacing)),
            (self.stroked.isChecked(), (self.stroke, self.stroke_width, self.line, self.dash, self.band)),
        )
        for usable, widgets in parts:
            for widget in widgets:
                widget.setEnabled(usable)


def parsed_dash(text: str) -> tuple[float, ...] | None:
    """Return lengths in millimetres from text; None where it is none, empty for a solid line."""
    try:
        lengths = tuple(float(part) for part in text.replace(",", " ").replace("，", " ").split())
    except ValueError:
        return None
    fits = len(lengths) <= _MOST_DASHES and all(0 < length <= 1000 for length in lengths)
    return lengths if fits else None
