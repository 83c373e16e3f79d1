"""Following the boundaries of neighbours while drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from layers.progress import Progress
from layers.words import _
from ui.bench import Bench
from ui.flows.editing_vertices.aiming import Aimer
from zsgis.editing.drawing import Vertex
from zsgis.editing.segments import Segments
from zsgis.editing.tracing import BoundaryNetwork, Ways

_LANE = "tracing"
_HINT = "tracing"
_AT_ONCE = 5_000  # nodes among which a way is found within a frame
OtherWay = tuple[int, list[int]]
"""Its end, and its nodes."""
MOST_TRACED = 5_000
"""Corners that are followed at once."""


class Tracer(QObject):
    """Knows the neighbours' boundaries near the view as a network, and the ways along it."""

    switched = pyqtSignal(bool)
    """Neighbours are followed from now on, or no longer."""
    ready = pyqtSignal()
    """The network is there."""

    def __init__(self, bench: Bench, aimer: Aimer) -> None:
        super().__init__(bench.window)
        self._panel = bench.window.map_panel
        self._jobs = bench.desk.jobs
        self._aimer = aimer
        self._on = self._other = False
        self._segments: Segments | None = None
        self._network: BoundaryNetwork | None = None
        self._ways: Ways | None = None
        self._others: OtherWay | None = None
        self._asked: tuple[int, ...] = ()
        aimer.ready.connect(self._renew)
        aimer.settings_changed.connect(self._say)

    @property
    def on(self) -> bool:
        """Whether neighbours are followed."""
        return self._on

    @property
    def network(self) -> BoundaryNetwork | None:
        """The boundaries near the view, once they are known."""
        return self._network

    def switch(self, on: bool | None = None) -> None:
        """Follow neighbours, or no longer."""
        self._on = not self._on if on is None else on
        self._other = False
        self._renew()
        self._say()
        self.switched.emit(self._on)

    def go_other_way(self) -> None:
        """Go round the other side from now on, or back."""
        self._other = not self._other
        self._others = None
        self._say()

    def corners(self, start: Vertex, end: Vertex) -> Sequence[Vertex]:
        """Return the corners between two on their way along boundaries; none where no way is known."""
        network, systems = self._network, self._aimer.systems
        if not self._on or network is None or systems is None or start.own is None or end.own is None:
            return ()
        first, last = network.nearest(*start.own, 0.0), network.nearest(*end.own, 0.0)
        if first is None or last is None or first == last:
            return ()
        way = self._way(network, first, last)
        if not 2 < len(way) <= MOST_TRACED:
            return ()
        places = network.corners[list(way[1:-1])]
        on_map = systems.to_map(places)
        return [
            Vertex(x, y, (east, north))
            for (x, y), (east, north) in zip(on_map.tolist(), places.tolist(), strict=True)
        ]

    def _way(self, network: BoundaryNetwork, start: int, end: int) -> Sequence[int]:
        """Return the way between two nodes; of a large network none until it has been looked for aside."""
        if self._ways is None or self._ways.start != start:
            self._find(network, (start,), partial(network.ways_from, start))
        if self._ways is None or self._ways.start != start:
            return ()
        if not self._other:
            return list(self._ways.shortest(end, MOST_TRACED).tolist())
        if self._others is None or self._others[0] != end:
            self._find(network, (start, end), partial(_other_way, self._ways, end))
        return self._others[1] if self._others is not None and self._others[0] == end else ()

    def _find(
        self, network: BoundaryNetwork, asked: tuple[int, ...], find: Callable[[], Ways | OtherWay]
    ) -> None:
        if asked == self._asked:
            return
        self._asked = asked
        if len(network) <= _AT_ONCE:
            self._found(network, find())
            return
        self._jobs.start(
            _("Looking"),
            lambda _progress: find(),
            done=lambda found: self._tell(network, found),
            lane=_LANE,
            quiet=True,
        )

    def _tell(self, network: BoundaryNetwork, found: Ways | OtherWay) -> None:
        self._found(network, found)
        self.ready.emit()

    def _found(self, network: BoundaryNetwork, found: Ways | OtherWay) -> None:
        self._asked = ()
        if network is not self._network:
            return
        if isinstance(found, Ways):
            self._ways, self._others = found, None
        else:
            self._others = found

    def _renew(self) -> None:
        """Make the network of what lies near the view, aside, unless it is known."""
        index = self._aimer.index
        if not self._on or index is None or index.segments is self._segments:
            return
        self._segments = index.segments
        self._jobs.start(
            _("Looking"),
            partial(_network, index.segments),
            done=partial(self._take, index.segments),
            lane=_LANE,
            quiet=True,
        )

    def _take(self, segments: Segments, network: BoundaryNetwork) -> None:
        if segments is self._segments:
            self._network, self._ways, self._others, self._asked = network, None, None, ()
            self.ready.emit()

    def _say(self) -> None:
        self._panel.set_hint(_HINT, self._text())

    def _text(self) -> str:
        if not self._on:
            return ""
        if not self._aimer.settings.snapping.on:
            return _("Neighbours can be followed only while snapping is switched on.")
        if self._other:
            return _("Following neighbours, the other way round (R: the short way, T: no longer).")
        return _("Following neighbours, the short way (R: the other way, T: no longer).")


def _other_way(ways: Ways, end: int) -> OtherWay:
    return end, ways.other(end).tolist()


def _network(segments: Segments, _progress: Progress) -> BoundaryNetwork:
    return BoundaryNetwork.of_segments(segments.coords, segments.begins_edge)
