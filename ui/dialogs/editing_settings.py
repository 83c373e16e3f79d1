"""How shapes are edited: what the pointer snaps to and from how far, joined neighbours, the guard."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.editing.settings import EditSettings, GuardMode, SnapLayers, SnapSettings, SnapUnit

_WIDTH_PX = GRID_PX * 52


class EditingSettingsDialog(QDialog):
    """Every choice holds at once.

    Parameters
    ----------
    settings : EditSettings
    metres_per_px : float
        How much ground a pixel of the map shows now: each reach is told in the other unit too.
    partition : bool
        Whether the features of the layer being edited share the ground out.
    """

    changed = pyqtSignal(object)
    """The :class:`EditSettings` as chosen now."""

    def __init__(
        self, settings: EditSettings, metres_per_px: float, partition: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Snapping and joining"))
        self.setMinimumWidth(_WIDTH_PX)
        self._metres_per_px = metres_per_px
        snapping = settings.snapping
        self.on = _tick("snap_on", _("Snap"), snapping.on)
        self.vertex = _tick("snap_vertex", _("Vertices"), snapping.vertex)
        self.edge = _tick("snap_edge", _("Edges"), snapping.edge)
        self.intersection = _tick("snap_intersection", _("Where edges cross"), snapping.intersection)
        self.by_pixels, self.by_metres = QRadioButton(_("On the screen")), QRadioButton(_("On the ground"))
        self.pixels = _number("snap_pixels", snapping.pixels, (1, 100), _(" px"), 0)
        self.metres = _number("snap_metres", snapping.metres, (0.001, 1000), " m", 3)
        self.told = QLabel()
        self.told.setProperty("role", "muted")
        self.layers = CalmComboBox()
        self.layers.addItem(_("All visible layers"), SnapLayers.SHOWN)
        self.layers.addItem(_("The layer being edited"), SnapLayers.EDITED)
        self.layers.setCurrentIndex(self.layers.findData(snapping.layers))
        self.joined, self.guard = _joined_box(settings, partition), _guard_box(settings, partition)
        self.gap = _number("guard_gap", settings.gap_m, (0, 10), " m", 3)
        self._units = QButtonGroup(self)
        for button, unit in ((self.by_pixels, SnapUnit.PIXELS), (self.by_metres, SnapUnit.METRES)):
            self._units.addButton(button)
            button.setChecked(snapping.unit is unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(self._snapping_box())
        column.addWidget(self._joining_box())
        close = QPushButton(_("Close"))
        close.setDefault(True)
        close.setProperty("primary", True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        self._listen()
        self._revise()

    def chosen(self) -> EditSettings:
        """Return what is chosen now."""
        snapping = SnapSettings(
            on=self.on.isChecked(),
            vertex=self.vertex.isChecked(),
            edge=self.edge.isChecked(),
            intersection=self.intersection.isChecked(),
            unit=SnapUnit.METRES if self.by_metres.isChecked() else SnapUnit.PIXELS,
            pixels=self.pixels.value(),
            metres=self.metres.value(),
            layers=self.layers.currentData(),
        )
        return EditSettings(
            snapping=snapping,
            joined=self.joined.currentData(),
            guard=self.guard.currentData(),
            gap_m=self.gap.value(),
        )

    def _snapping_box(self) -> QGroupBox:
        box = QGroupBox(_("Snapping"))
        kinds = QHBoxLayout()
        for tick in (self.vertex, self.edge, self.intersection):
            kinds.addWidget(tick)
        kinds.addStretch(1)
        form = QFormLayout(box)
        form.setSpacing(GRID_PX)
        form.addRow(self.on)
        form.addRow(_("To"), kinds)
        form.addRow(self.by_pixels, self.pixels)
        form.addRow(self.by_metres, self.metres)
        form.addRow("", self.told)
        form.addRow(_("In"), self.layers)
        return box

    def _joining_box(self) -> QGroupBox:
        box = QGroupBox(_("Neighbours"))
        form = QFormLayout(box)
        form.setSpacing(GRID_PX)
        form.addRow(_("Kept joined"), self.joined)
        form.addRow(_("Overlaps and gaps"), self.guard)
        form.addRow(_("Gaps narrower than"), self.gap)
        form.addRow(
            text_label(
                _(
                    "Joined features of the layer share vertices within 0.0001 m; other layers are not"
                    " changed along."
                ),
                "muted",
            )
        )
        return box

    def _listen(self) -> None:
        for tick in (self.on, self.vertex, self.edge, self.intersection, self.by_metres):
            tick.toggled.connect(self._revise)
        for number in (self.pixels, self.metres, self.gap):
            number.valueChanged.connect(self._revise)
        for choice in (self.layers, self.joined, self.guard):
            choice.currentIndexChanged.connect(self._revise)

    def _revise(self, *_value: object) -> None:
        chosen = self.chosen()
        snapping = chosen.snapping
        self.pixels.setEnabled(snapping.unit is SnapUnit.PIXELS)
        self.metres.setEnabled(snapping.unit is SnapUnit.METRES)
        for widget in (self.vertex, self.edge, self.intersection, self.layers):
            widget.setEnabled(snapping.on)
        metres, pixels = snapping.reach_m(self._metres_per_px), snapping.reach_px(self._metres_per_px)
        text = _("At the scale of the map now: {pixels} px, {metres} m")
        self.told.setText(text.format(pixels=f"{pixels:,.0f}", metres=f"{metres:,.3g}"))
        self.changed.emit(chosen)


def _tick(name: str, text: str, on: bool) -> QCheckBox:
    tick = QCheckBox(text)
    tick.setObjectName(name)
    tick.setChecked(on)
    return tick


def _number(name: str, value: float, ends: tuple[float, float], unit: str, digits: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setObjectName(name)
    box.setDecimals(digits)
    box.setRange(*ends)
    box.setSuffix(unit)
    box.setValue(value)
    return box


def _joined_box(settings: EditSettings, partition: bool) -> CalmComboBox:
    box = CalmComboBox()
    box.setObjectName("joined")
    own = _("yes") if partition else _("no")
    box.addItem(_("As the layer is: {state}").format(state=own), None)
    box.addItem(_("Always"), True)
    box.addItem(_("Never"), False)
    box.setCurrentIndex(box.findData(settings.joined))
    return box


def _guard_box(settings: EditSettings, partition: bool) -> CalmComboBox:
    box = CalmComboBox()
    box.setObjectName("guard")
    names = {GuardMode.OFF: _("allow"), GuardMode.WARN: _("tell"), GuardMode.CLIP: _("cut off and close")}
    own = names[EditSettings().guards(partition=partition)]
    box.addItem(_("As the layer is: {state}").format(state=own), None)
    for mode, name in names.items():
        box.addItem(name, mode)
    box.setCurrentIndex(box.findData(settings.guard))
    return box
