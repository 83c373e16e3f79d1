"""Edits that the project file does not take: said above the map until they are written or given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QTimer

from layers.errors import InputError
from layers.words import _
from ui.actions import ActionSpec
from ui.bench import Bench
from ui.dialogs.port import Verb

_AGAIN_AFTER_MS = 15_000


class UnsavedEdits:
    """Says what waits and why, tries again by itself and when asked."""

    specs: Sequence[ActionSpec] = ()

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._editing = bench.editing
        self._bar = bench.window.unsaved_bar
        self._timer = QTimer(bench.window)
        self._timer.setInterval(_AGAIN_AFTER_MS)
        self._timer.timeout.connect(self._editing.retry)
        self._bar.chosen.connect(self._do)
        self._editing.stuck.connect(self._show)
        self._editing.waiting_changed.connect(lambda _count: self._show(self._editing.trouble))

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing: it has no commands of its own."""
        return {}

    def _show(self, error: object) -> None:
        count = len(self._editing.waiting)
        if not isinstance(error, InputError) or not count:
            self._timer.stop()
            self._bar.say("")
            return
        text = _("{count} edits are not in the project file, they are kept on this computer: {why}")
        verbs = (("retry", _("Try again")), ("why", _("What to do…")), ("drop", _("Give them up…")))
        self._bar.say(text.format(count=count, why=error.what), verbs)
        if not self._timer.isActive():
            self._timer.start()

    def _do(self, key: str) -> None:
        error = self._editing.trouble
        if key == "retry":
            self._editing.retry()
        elif key == "why" and error is not None:
            self._bench.desk.dialogs.show_error(error)
        elif key == "drop" and self._wants_to_drop():
            self._editing.give_up()

    def _wants_to_drop(self) -> bool:
        verb = self._bench.desk.dialogs.choose(
            _("{count} edits would be lost.").format(count=len(self._editing.waiting)),
            _("Once the file can be written again they are written by themselves."),
            (Verb("stay", _("Keep them")), Verb("drop", _("Give them up"))),
        )
        return verb == "drop"
