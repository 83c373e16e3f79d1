"""Selecting features by an area drawn on the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import N_, _
from ui.actions import SELECT, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.bands import MapPoint
from ui.canvas.tools.select import SelectBoxTool, SelectPolygonTool
from ui.flows.tools import HAND, check
from zsgis.map_crs import map_crs
from zsgis.selection.by_area import AreaRelation, MapArea, select_in
from zsgis.selection.combining import Combination, combined
from zsgis.session import Change, Selection

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

# so many features in a layer, and the work is told in the status bar
_TOLD_FEATURES = 50_000

_SPECS = (
    ActionSpec(
        "tool_select_box",
        N_("Select by box"),
        SELECT,
        "select_box",
        "Ctrl+Shift+R",
        "project",
        tool=True,
        mode=HAND,
    ),
    ActionSpec(
        "tool_select_polygon",
        N_("Select by polygon"),
        SELECT,
        "select_polygon",
        "Ctrl+Shift+L",
        "project",
        tool=True,
        mode=HAND,
    ),
    ActionSpec(
        "select_touching",
        N_("What the area touches"),
        SELECT,
        "",
        "Ctrl+Alt+1",
        "project",
        1,
        mode="relation",
    ),
    ActionSpec(
        "select_inside",
        N_("What lies wholly inside"),
        SELECT,
        "",
        "Ctrl+Alt+2",
        "project",
        1,
        mode="relation",
    ),
    ActionSpec(
        "select_all_layers", N_("In all visible layers"), SELECT, "", "Ctrl+Alt+3", "project", 2, mode="where"
    ),
    ActionSpec(
        "select_one_layer", N_("In the chosen layer"), SELECT, "", "Ctrl+Alt+4", "project", 2, mode="where"
    ),
)


class AreaSelecting:
    """Box and polygon, which layers they reach, and what counts as reached."""

    def __init__(self, bench: Bench) -> None:
        self._window = bench.window
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._notice = bench.desk.notice
        self._relation = AreaRelation.TOUCHING
        self._one_layer = False
        self._running: int | None = None
        given = (bench.window.canvas, self.take, lambda: self._relation is AreaRelation.TOUCHING)
        self._box = SelectBoxTool(*given)
        self._polygon = SelectPolygonTool(*given)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            "tool_select_box": lambda: self._window.canvas.take_tool(self._box),
            "tool_select_polygon": lambda: self._window.canvas.take_tool(self._polygon),
            "select_touching": partial(self._relate, AreaRelation.TOUCHING),
            "select_inside": partial(self._relate, AreaRelation.INSIDE),
            "select_all_layers": partial(self._reach, False),
            "select_one_layer": partial(self._reach, True),
        }

    def take(self, points: Sequence[MapPoint], how: Combination) -> None:
        """Select what an area of the map takes in; the newest area wins."""
        project, crs = self._session.project, map_crs(self._session)
        if project is None or crs is None:
            return
        area = MapArea.through(points, crs, self._window.canvas.view.scale_denominator)
        if area is None:
            self._notice(_("The outline has no area."), None)
            return
        layers = self._layers()
        if not layers:
            self._notice(_("No visible layer is chosen in the list."), None)
            return
        if self._running is not None:
            self._jobs.cancel(self._running)
        work = partial(_select, project, layers, area, self._relation, self._session.selection, how)
        self._running = self._jobs.start(
            _("Selecting"),
            work,
            done=self._session.select,
            lane="selecting",
            quiet=max(layer.feature_count for layer in layers) < _TOLD_FEATURES,
        )

    def _layers(self) -> tuple[LayerInfo, ...]:
        visible = self._session.shown_layers(self._window.canvas.view.scale_denominator)
        chosen = self._window.layer_tree.current_layer()
        return tuple(layer for layer in visible if layer.uid == chosen) if self._one_layer else visible

    def _relate(self, relation: AreaRelation) -> None:
        self._relation = relation

    def _reach(self, one_layer: bool) -> None:
        self._one_layer = one_layer

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            check(self._window, f"select_{self._relation.value}", True)
            check(self._window, "select_one_layer" if self._one_layer else "select_all_layers", True)


def _select(
    project: Project,
    layers: Sequence[LayerInfo],
    area: MapArea,
    relation: AreaRelation,
    before: Selection,
    how: Combination,
    progress: Progress,
) -> dict[str, frozenset[str]]:
    return combined(before, select_in(project, layers, area, relation, progress), how)
