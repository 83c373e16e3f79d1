"""Measuring on the map: lengths and areas on both bases, kept until cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from layers.words import N_, _
from ui.actions import VIEW, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.measure import Figure, Figures, MeasureAreaTool, MeasureLengthTool
from ui.flows.tools import HAND
from ui.panels.measure_card import MeasureCard
from zsgis.map_crs import map_crs
from zsgis.measuring_words import as_table
from zsgis.session import Change

_SPECS = (
    ActionSpec(
        "tool_measure_length",
        N_("Measure length"),
        VIEW,
        "measure_length",
        "F6",
        "project",
        -1,
        tool=True,
        mode=HAND,
    ),
    ActionSpec(
        "tool_measure_area",
        N_("Measure area"),
        VIEW,
        "measure_area",
        "Shift+F6",
        "project",
        -1,
        tool=True,
        mode=HAND,
    ),
    ActionSpec("clear_measures", N_("Clear what was measured"), VIEW, "", "Ctrl+Shift+F6", "project", -1),
)


class Measuring:
    """The two tools, what they measured, and the card that says it."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._canvas = bench.window.canvas
        self._panel = bench.window.map_panel
        self._figures = Figures()
        self._card = MeasureCard(bench.colors, bench.window.map_panel)
        self._card.copy_asked.connect(self._copy)
        self._card.clear_asked.connect(self.clear)
        self._length = self._make(MeasureLengthTool)
        self._area = self._make(MeasureAreaTool)
        self._canvas.add_overlay(self._figures)
        self._canvas.pointer_moved.connect(self._keep_clear)
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            "tool_measure_length": lambda: self._canvas.take_tool(self._length),
            "tool_measure_area": lambda: self._canvas.take_tool(self._area),
            "clear_measures": self.clear,
        }

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What was measured and not cleared, oldest first."""
        return self._figures.shown

    def clear(self) -> None:
        """Take everything measured off the map."""
        self._figures.clear()
        self._show(None)

    def _make(
        self, kind: type[MeasureLengthTool] | type[MeasureAreaTool]
    ) -> MeasureLengthTool | MeasureAreaTool:
        return kind(self._canvas, crs=lambda: map_crs(self._desk.session), show=self._show, take=self._take)

    def _take(self, figure: Figure) -> None:
        self._figures.add(figure)
        self._show(None)

    def _show(self, figure: Figure | None) -> None:
        """Show a figure under way, or the last one measured.

        While one draws, what lies under the card is the map's: it goes aside and takes no click.
        """
        self._card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, figure is not None)
        kept = self._figures.shown
        shown = figure or (kept[-1] if kept else None)
        if shown is None:
            self._panel.set_card(None)
        else:
            self._card.show_measures(shown.measures, closed=shown.closed)
            self._panel.set_card(self._card)
        self._canvas.update()

    def _keep_clear(self, x: float, y: float) -> None:
        if self._card.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
            self._panel.keep_clear(*self._canvas.view.to_pixel(x, y))

    def _copy(self) -> None:
        shown, clipboard = self._card.shown, QGuiApplication.clipboard()
        if shown is not None and clipboard is not None:
            measures, closed = shown
            clipboard.setText(as_table(measures, closed=closed))
            self._desk.notice(_("What was measured is on the clipboard."), None)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT or change.value == "crs":
            self.clear()
