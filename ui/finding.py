"""What the search box finds: places by coordinates, features by name and code, layers, commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import _
from ui.commands import CommandList
from ui.jobs import JobBridge
from ui.panels.search_box import COMMANDS, SearchBox, SearchEntry
from zsgis.finding.names import NameColumn, NameHit, Rank, read_names
from zsgis.finding.ranking import rank_of
from zsgis.session import Session

if TYPE_CHECKING:
    from layers.coordinates import Place
    from layers.store import LayerInfo, Project

_MOST = 50
_MOST_OF_A_SORT = 12
# names of small layers are read when the project opens, of large ones when somebody searches
_SMALL = 20_000
_LANE = "names"
_Found = list[tuple[Rank, SearchEntry]]


@dataclass(frozen=True)
class Ways:
    """What choosing something found does: select and show features, show a layer, look at a place."""

    features: Callable[[str, tuple[str, ...]], object]
    layer: Callable[[str], object]
    place: Callable[[Place], object]


class Finding:
    """Knows what can be found in the open project; answers at every key."""

    def __init__(
        self, box: SearchBox, *, session: Session, jobs: JobBridge, commands: CommandList, ways: Ways
    ) -> None:
        self._box = box
        self._session = session
        self._jobs = jobs
        self._commands = commands
        self._ways = ways
        self._names: dict[str, tuple[int, tuple[NameColumn, ...]]] = {}
        self._asked: dict[str, int] = {}
        self._project_uid = ""
        box.entered.connect(partial(self._read, None))
        box.typed.connect(self._search)

    def begin(self) -> None:
        """Take note of other layers; what was known of those that are gone is forgotten."""
        project = self._session.project
        uid = project.uid if project is not None else ""
        if uid != self._project_uid:
            self._project_uid, self._names, self._asked = uid, {}, {}
        known = {layer.uid for layer in self._session.layers}
        self._names = {uid: names for uid, names in self._names.items() if uid in known}

    def read_small(self) -> None:
        """Read the names of small layers aside, before anybody searches."""
        self._read(_SMALL)

    def entries(self, text: str) -> list[SearchEntry]:
        """Return what fits what is typed, at most fifty, grouped by what it is, the best group first."""
        typed = text.strip()
        if typed.startswith(COMMANDS):
            word = typed.removeprefix(COMMANDS).strip()
            return [entry for _rank, entry in self._commands.find(word, all_of_them=True)]
        if not typed:
            return []
        found: _Found = [*self._places(typed), *self._features(typed), *self._layers(typed)]
        found += self._commands.find(typed, all_of_them=False)
        return _grouped(found)

    def _search(self, text: str) -> None:
        self._box.show_entries(self.entries(text))

    def _places(self, typed: str) -> _Found:
        from layers.coordinates import places_of

        return [
            (
                Rank.EXACT,
                SearchEntry(typed, _("Coordinates"), partial(self._ways.place, place), place.description),
            )
            for place in places_of(typed, self._session.map_crs)
        ]

    def _features(self, typed: str) -> _Found:
        hits = [
            hit
            for _version, columns in self._names.values()
            for each in columns
            for hit in each.find(typed, _MOST)
        ]
        hits.sort(key=lambda hit: (hit.rank, len(hit.text), hit.text))
        return [(hit.rank, self._feature(hit)) for hit in hits[: _MOST * 4]]

    def _feature(self, hit: NameHit) -> SearchEntry:
        layer = self._session.layer(hit.column.layer_uid)
        detail = f"{layer.name if layer is not None else ''} · {hit.column.alias}"
        if hit.count > 1:
            detail = _("{layer}, {count} features").format(layer=detail, count=f"{hit.count:,}")
        return SearchEntry(hit.text, _(hit.column.kind), partial(self._show_features, hit), detail)

    def _show_features(self, hit: NameHit) -> None:
        self._ways.features(hit.column.layer_uid, hit.uids)

    def _layers(self, typed: str) -> _Found:
        found = [(rank_of(typed, layer.name), layer) for layer in self._session.layers]
        return [
            (rank, SearchEntry(layer.name, _("Layers"), partial(self._ways.layer, layer.uid)))
            for rank, layer in found
            if rank is not None and rank is not Rank.FUZZY
        ]

    def _read(self, most: int | None) -> None:
        """Read the names of layers that are new or changed; of those up to ``most`` features only."""
        project = self._session.project
        if project is None:
            return
        stale = [
            layer
            for layer in sorted(self._session.layers, key=lambda layer: layer.feature_count)
            if (most is None or layer.feature_count <= most)
            and layer.version not in (self._asked.get(layer.uid), self._names.get(layer.uid, (-1, ()))[0])
        ]
        if not stale:
            return
        self._asked |= {layer.uid: layer.version for layer in stale}
        self._jobs.start(
            _("Reading names"),
            partial(self._read_aside, project, stale),
            failed=lambda _error: None,
            lane=_LANE,
            quiet=True,
        )

    def _read_aside(self, project: Project, layers: list[LayerInfo], progress: Progress) -> None:
        for layer in layers:
            names = read_names(project, layer, progress)
            self._jobs.post(partial(self._take, project.uid, layer, names))

    def _take(self, project_uid: str, layer: LayerInfo, names: tuple[NameColumn, ...]) -> None:
        if project_uid == self._project_uid:
            self._asked.pop(layer.uid, None)
            self._names[layer.uid] = layer.version, names
            self._box.refresh()


def _grouped(found: _Found) -> list[SearchEntry]:
    best: dict[str, Rank] = {}
    for rank, entry in found:
        best[entry.what] = min(rank, best.get(entry.what, rank))
    sorts = list(dict.fromkeys(entry.what for _rank, entry in found))
    found.sort(key=lambda each: (best[each[1].what], sorts.index(each[1].what), each[0]))
    most = _MOST if len(sorts) == 1 else _MOST_OF_A_SORT
    entries: list[SearchEntry] = []
    for _what, members in groupby(found, key=lambda each: each[1].what):
        entries += [entry for _rank, entry in members][:most]
    return entries[:_MOST]
