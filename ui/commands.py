"""The commands as the search offers them: with their keys, why some cannot be used now, the latest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtGui import QAction, QKeySequence

from layers.words import N_, _
from ui.actions import ActionSpec
from ui.panels.search_box import SearchEntry
from zsgis.finding.names import Rank
from zsgis.finding.ranking import rank_of
from zsgis.preferences import PreferenceStore

_WHY = {
    "project": N_("Open a project first"),
    "entry": N_("Choose a layer first"),
    "layer": N_("Choose a layer first"),
    "selection": N_("Select something first"),
    "result": N_("Run an analysis first"),
}
_LEFT_OUT = ("search", "palette")


class CommandList:
    """Knows every command of the window and which were used lately."""

    def __init__(
        self, specs: Sequence[ActionSpec], actions: Mapping[str, QAction], preferences: PreferenceStore
    ) -> None:
        self._specs = [spec for spec in specs if spec.key not in _LEFT_OUT]
        self._actions = actions
        self._preferences = preferences

    def find(self, word: str, *, all_of_them: bool) -> list[tuple[Rank, SearchEntry]]:
        """Return the commands that fit a word, the best and the latest used first.

        Parameters
        ----------
        all_of_them : bool
            Without it, those that cannot be used now, or only fit from afar, are left out.
        """
        recent = {key: place for place, key in enumerate(self._preferences.current.recent_commands)}
        found = []
        for number, spec in enumerate(self._specs):
            usable = self._actions[spec.key].isEnabled()
            rank = rank_of(word, _name(spec))
            if rank is None or (not all_of_them and (not usable or rank is Rank.FUZZY)):
                continue
            place = (0 if usable else 1, rank, recent.get(spec.key, len(recent)), number)
            found.append((place, rank, self._entry(spec, usable)))
        return [(rank, entry) for _place, rank, entry in sorted(found, key=lambda each: each[0])]

    def _entry(self, spec: ActionSpec, usable: bool) -> SearchEntry:
        keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        why = _(_WHY[spec.needs]) if spec.needs in _WHY else _("Not possible now")
        return SearchEntry(
            name=_name(spec),
            what=_("Commands"),
            choose=lambda: self._run(spec.key),
            detail=keys if usable else why,
            usable=usable,
        )

    def _run(self, key: str) -> None:
        self._preferences.change(self._preferences.current.with_command(key))
        self._actions[key].trigger()


def _name(spec: ActionSpec) -> str:
    return _(spec.text).replace("&", "")
