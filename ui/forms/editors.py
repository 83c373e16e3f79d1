"""The widgets that edit one value each; all speak ``value``, ``set_value`` and ``edited``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from layers.words import _
from ui.forms.fields import FieldSpec
from ui.theme import GRID_PX

if TYPE_CHECKING:
    from layers.store import LayerInfo

NO_LAYER = "-"
"""What an optional layer parameter takes for none."""

_INT_LIMIT = 2**31 - 1
_NUMBER_LIMIT = 1e12


class CalmComboBox(QComboBox):
    """A combo box that leaves the wheel to the panel it lies in, and never widens it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Pass the wheel on: scrolling a panel must not change a parameter."""
        if event is not None:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Shorten a long name in its middle: its end tells it from others as its beginning does."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        style = self.style()
        if style is not None:
            field = style.subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
            )
            room = field.width() - option.iconSize.width() * (not option.currentIcon.isNull())
            option.currentText = option.fontMetrics.elidedText(
                option.currentText, Qt.TextElideMode.ElideMiddle, room
            )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class _PlainNumber(QDoubleSpinBox):
    """Shows 0.5 as 0.5, not as 0.500000."""

    def textFromValue(self, value: float) -> str:
        """Return the shortest text of a number."""
        return f"{value:.6f}".rstrip("0").rstrip(".")

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Pass the wheel on."""
        if event is not None:
            event.ignore()


class _PlainInteger(QSpinBox):
    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Pass the wheel on."""
        if event is not None:
            event.ignore()


class Editor(QWidget):
    """Base: one widget and the unit behind it."""

    edited = pyqtSignal()

    def __init__(self, spec: FieldSpec, widget: QWidget) -> None:
        super().__init__()
        self.spec = spec
        self.widget = widget
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(widget, 1)
        if spec.unit:
            unit = QLabel(spec.unit)
            unit.setProperty("role", "unit")
            row.addWidget(unit)
        widget.setObjectName(spec.name)
        widget.setAccessibleName(spec.title)
        widget.setToolTip(spec.help)

    def value(self) -> Any:
        """Return the value as it stands."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError


class TextEditor(Editor):
    """One line of text."""

    def __init__(self, spec: FieldSpec) -> None:
        self._line = QLineEdit()
        super().__init__(spec, self._line)
        self._line.textEdited.connect(self.edited)

    def value(self) -> str:
        """Return the text."""
        return self._line.text().strip()

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self._line.setText("" if value is None else str(value))


class ComparisonsEditor(TextEditor):
    """Comparisons in pairs as text, and the button that shows them as a matrix."""

    asked = pyqtSignal()

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.button = QPushButton(_("As a matrix…"))
        self.button.setAccessibleName(_("Edit the comparisons as a matrix"))
        self.button.clicked.connect(lambda _checked: self.asked.emit())
        row = self.layout()
        if row is not None:
            row.addWidget(self.button)


class FlagEditor(Editor):
    """Yes or no."""

    def __init__(self, spec: FieldSpec) -> None:
        self._box = QCheckBox(spec.title)
        super().__init__(spec, self._box)
        self._box.toggled.connect(self.edited)

    def value(self) -> bool:
        """Return whether it is ticked."""
        return self._box.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick or untick."""
        self._box.setChecked(bool(value))


class IntegerEditor(Editor):
    """A whole number in its range; one that may stay empty says so below its range."""

    def __init__(self, spec: FieldSpec) -> None:
        self._spin = _PlainInteger()
        low = int(spec.low) if spec.low is not None else -_INT_LIMIT + 1
        self._empty = low - 1
        if spec.optional:
            self._spin.setSpecialValueText(_("as usual"))
        self._spin.setRange(
            self._empty if spec.optional else low, int(spec.high) if spec.high is not None else _INT_LIMIT
        )
        super().__init__(spec, self._spin)
        self._spin.valueChanged.connect(self.edited)

    def value(self) -> int | None:
        """Return the number; None where it stays empty."""
        number = self._spin.value()
        return None if self.spec.optional and number == self._empty else number

    def set_value(self, value: Any) -> None:
        """Show a number; None where it stays empty."""
        self._spin.setValue(self._empty if value is None and self.spec.optional else int(value or 0))


class NumberEditor(Editor):
    """A number in its range; one that may stay empty says so below its range."""

    def __init__(self, spec: FieldSpec) -> None:
        self._spin = _PlainNumber()
        self._spin.setDecimals(6)
        low = spec.low if spec.low is not None else -_NUMBER_LIMIT + 1
        self._empty = low - 1
        if spec.optional:
            self._spin.setSpecialValueText(_("not given"))
        self._spin.setRange(
            self._empty if spec.optional else low, spec.high if spec.high is not None else _NUMBER_LIMIT
        )
        super().__init__(spec, self._spin)
        self._spin.valueChanged.connect(self.edited)

    def value(self) -> float | None:
        """Return the number; None where it stays empty."""
        number = self._spin.value()
        return None if self.spec.optional and number == self._empty else number

    def set_value(self, value: Any) -> None:
        """Show a number; None where it stays empty."""
        self._spin.setValue(self._empty if value is None and self.spec.optional else float(value or 0.0))


class ChoiceEditor(Editor):
    """One of the values allowed."""

    def __init__(self, spec: FieldSpec) -> None:
        self._combo = CalmComboBox()
        for value, title in spec.choices:
            self._combo.addItem(title, value)
        super().__init__(spec, self._combo)
        self._combo.currentIndexChanged.connect(self.edited)

    def value(self) -> Any:
        """Return the value chosen."""
        return self._combo.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value."""
        self._combo.setCurrentIndex(max(self._combo.findData(getattr(value, "value", value)), 0))


class LayerEditor(Editor):
    """One of the project's layers of the kinds that fit."""

    def __init__(self, spec: FieldSpec) -> None:
        self._combo = CalmComboBox()
        self._offered = False
        super().__init__(spec, self._combo)
        self._combo.currentIndexChanged.connect(self.edited)

    def set_layers(self, layers: Sequence[LayerInfo]) -> None:
        """Offer these layers, kinds in the declared order; what was chosen stays chosen."""
        # what stood there while nothing fitted was nobody's choice
        chosen = self._combo.currentData() if self._offered else None
        rank = {kind: number for number, kind in enumerate(self.spec.kinds)}
        fitting = sorted((la for la in layers if la.kind in rank), key=lambda la: (rank[la.kind], la.order))
        self._offered = bool(fitting)
        self._combo.blockSignals(True)
        self._combo.clear()
        for layer in fitting:
            self._combo.addItem(layer.name, layer.uid)
        if self.spec.optional:
            self._combo.addItem(_("(none: everything as a whole)"), NO_LAYER)
        elif not fitting:
            self._combo.addItem(_("(no layer of this kind yet)"), "")
        self._combo.setCurrentIndex(max(self._combo.findData(chosen), 0))
        self._combo.setEnabled(self._combo.count() > 1 or bool(fitting))
        self._combo.blockSignals(False)
        self.edited.emit()

    def value(self) -> str:
        """Return the chosen layer's uid; empty where none fits."""
        return str(self._combo.currentData() or "")

    def set_value(self, value: Any) -> None:
        """Choose a layer by its uid."""
        self._combo.setCurrentIndex(max(self._combo.findData(value), 0))
