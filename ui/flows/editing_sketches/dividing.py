"""Features divided by a drawn line, by a point, or by lines that are selected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import shapely

from layers.errors import InputError
from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.sketches import DIVIDE, DivideTool
from ui.flows.editing_sketches.sketching import Drawn, Sketching
from ui.flows.editing_sketches.writing import Writing
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.tools import HAND
from zsgis.editing.splitting import cutting_line
from zsgis.editing.splitting_edits import NothingDividedError, Thought, split_features
from zsgis.editing.targets import lines_of, roomy, states_near
from zsgis.session import Selection

_SPECS = (
    ActionSpec(
        DIVIDE,
        N_("Divide"),
        EDIT,
        "split",
        "Ctrl+Alt+X",
        "own",
        4,
        tip=N_("Divide features by a line that you draw; selected ones only, where some are"),
        mode=HAND,
        bar=True,
    ),
    ActionSpec(
        "divide_by_selected",
        N_("Divide by selected lines"),
        EDIT,
        "split_selected",
        "Ctrl+Alt+S",
        "own",
        4,
        tip=N_("Divide features of the layer being edited by the lines selected in other layers"),
        bar=True,
    ),
    ActionSpec(
        "apportion_recorded",
        N_("Share recorded areas out when dividing"),
        EDIT,
        "apportion",
        "Ctrl+Alt+Z",
        "own",
        9,
        tip=N_("Recorded areas are shared out in proportion to the pieces; else the pieces have none"),
        mode="apportion_recorded",
        bar=True,
    ),
)
_LEAST_REACH = 1.0


@dataclass(frozen=True)
class _Question:
    """What is to be divided."""

    layer: LayerInfo
    chosen: frozenset[str]
    apportioned: bool
    joined: bool


class Dividing:
    """The tool that divides, and the command that does so by lines of other layers."""

    def __init__(self, bench: Bench, sketching: Sketching, aimer: Aimer) -> None:
        self._canvas = bench.window.canvas
        self._session = bench.desk.session
        self._desk = bench.desk
        self._sketching = sketching
        self._aimer = aimer
        self._writing = Writing(bench)
        self._apportioned = False
        sketching.serve(DIVIDE, self._take)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            DIVIDE: self.begin,
            "divide_by_selected": self.divide_by_selected,
            "apportion_recorded": self._switch_apportioning,
        }

    def begin(self) -> None:
        """Take the tool in hand."""
        layer = self._aimer.layer
        if layer is None:
            return
        if layer.geometry is GeometryType.POINT:
            self._desk.notice(_("Points cannot be divided."), None)
            return
        self._canvas.take_tool(DivideTool(self._canvas, self._sketching, layer.geometry))

    def divide_by_selected(self) -> None:
        """Divide by the lines that are selected in other layers."""
        layer, store = self._aimer.layer, self._session.project
        if layer is None or store is None:
            return
        others = {uid: chosen for uid, chosen in self._session.selection.items() if uid != layer.uid}
        cutters = [(info, others[info.uid]) for info in self._session.layers if info.uid in others]
        if not cutters or layer.geometry is GeometryType.POINT:
            self._desk.notice(_("Select the lines to divide by, in another layer."), None)
            return
        self._writing.think(_("Dividing"), partial(_by_lines, store, self._question(layer), cutters))

    def _switch_apportioning(self) -> None:
        self._apportioned = not self._apportioned

    def _question(self, layer: LayerInfo) -> _Question:
        kind = KINDS.get(layer.kind)
        joined = self._aimer.settings.joins(partition=kind is not None and kind.partition)
        return _Question(layer, _chosen(self._session.selection, layer), self._apportioned, joined)

    def _take(self, drawn: Drawn) -> None:
        store = self._session.project
        if store is None:
            drawn.tool.refuse()
            return
        think = partial(_by_drawn, store, self._question(drawn.layer), drawn)
        self._writing.think(_("Dividing"), think, drawn.tool)


def _chosen(selection: Selection, layer: LayerInfo) -> frozenset[str]:
    return selection.get(layer.uid, frozenset())


def _by_drawn(store: Store, question: _Question, drawn: Drawn, progress: Progress) -> Thought:
    if question.layer.geometry is GeometryType.LINE and len(drawn.places) == 1:
        point = shapely.Point(drawn.places[0])
        return _at_point(store, question, point, progress)
    return _divide(store, question, cutting_line(drawn.places), progress)


def _by_lines(
    store: Store,
    question: _Question,
    cutters: Sequence[tuple[LayerInfo, Collection[str]]],
    progress: Progress,
) -> Thought:
    found = [lines_of(store, info, uids, question.layer.crs) for info, uids in cutters]
    lines = [line for line in found if line is not None]
    if not lines:
        raise InputError(
            _("What is selected has no lines to divide by."), remedy=_("Select lines or polygons.")
        )
    return _divide(store, question, shapely.union_all(lines), progress)


def _at_point(store: Store, question: _Question, point: shapely.Point, progress: Progress) -> Thought:
    """Divide the line that is nearest to a point."""
    reach = _LEAST_REACH
    west, south, east, north = point.x - reach, point.y - reach, point.x + reach, point.y + reach
    states = [
        state
        for state in states_near(store, question.layer, (west, south, east, north), question.chosen)
        if state.geometry is not None
    ]
    nearest = sorted(states, key=lambda state: float(shapely.distance(state.geometry, point)))[:1]
    with _told_of_the_selection(question):
        thought = split_features(question.layer, nearest, point, progress, apportioned=question.apportioned)
    return replace(thought, selects=bool(question.chosen))


@contextmanager
def _told_of_the_selection(question: _Question) -> Iterator[None]:
    """Say where nothing is divided because only selected features are: others are never divided instead."""
    try:
        yield
    except NothingDividedError as error:
        if not question.chosen:
            raise
        raise NothingDividedError(
            _("The line divides none of the selected features; others are left alone."),
            where=question.layer.name,
            remedy=_("Clear the selection, or select what is to be divided."),
        ) from error


def _divide(store: Store, question: _Question, cutter: Any, progress: Progress) -> Thought:
    near = states_near(store, question.layer, roomy(cutter))
    states = [state for state in near if not question.chosen or state.zs_uid in question.chosen]
    with _told_of_the_selection(question):
        thought = split_features(
            question.layer,
            states,
            cutter,
            progress,
            apportioned=question.apportioned,
            neighbours=near if question.joined else (),
        )
    # pieces that were not chosen before would go first with the next line
    return replace(thought, selects=bool(question.chosen))
