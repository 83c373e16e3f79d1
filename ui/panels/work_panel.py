"""The panel of a stage that is a series of steps: what each is for, and the commands that do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from layers.words import _
from ui.panels.parts import ScrollColumn, text_label, verb_button
from ui.theme import GRID_PX

_ACROSS = 2


@dataclass(frozen=True)
class WorkStep:
    """One step of the work of a stage; its words are message ids.

    Attributes
    ----------
    hint : str
        What the step is for.
    commands : tuple of (str, str)
        Keys of commands, and what their buttons say. A command that the window does not have has no button.
    kind : str
        Kind of the layer that the step works on; ``empty`` is shown instead of its count while there is none.
    """

    title: str
    hint: str
    commands: tuple[tuple[str, str], ...]
    kind: str = ""
    empty: str = ""


class WorkPanel(ScrollColumn):
    """Steps from above to below in the order in which the work goes."""

    def __init__(self, steps: Sequence[WorkStep], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self._said: dict[str, QLabel] = {}
        self._rows: list[QGridLayout] = []
        self.buttons: dict[str, QPushButton] = {}
        for number, step in enumerate(self._steps):
            if number:
                self.column.addSpacing(GRID_PX)
            self.column.addWidget(text_label(_(step.title), "heading"))
            said = text_label(_(step.empty or step.hint), "muted")
            self.column.addWidget(said)
            if step.kind:
                self._said[step.kind] = said
            row = QGridLayout()
            row.setHorizontalSpacing(GRID_PX)
            row.setVerticalSpacing(GRID_PX // 2)
            for place in range(_ACROSS):
                row.setColumnStretch(place, 1)
            self.column.addLayout(row)
            self._rows.append(row)
        self.column.addStretch(1)

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Give each step a button for every command of it that there is."""
        for step, row in zip(self._steps, self._rows, strict=True):
            there = [(key, text) for key, text in step.commands if key in actions]
            for place, (key, text) in enumerate(there):
                button = _command_button(actions[key], _(text))
                row.addWidget(button, place // _ACROSS, place % _ACROSS)
                self.buttons[key] = button

    def show_counts(self, counts: Mapping[str, tuple[str, int]]) -> None:
        """Say what the steps work on: name and number of features of a layer, by its kind."""
        for step in self._steps:
            if step.kind:
                name, count = counts.get(step.kind, ("", 0))
                text = _(step.empty)
                if name:
                    text = _("{layer}: {count} records").format(layer=name, count=f"{count:,}")
                self._said[step.kind].setText(text)


def _command_button(action: QAction, text: str) -> QPushButton:
    button = verb_button(text)
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())

    action.changed.connect(follow)
    return button
