"""An edit thought out aside, handed in, and told of."""

from __future__ import annotations

from collections.abc import Callable

from layers.edits import EditRecord
from layers.errors import InputError
from layers.progress import Progress
from ui.bench import Bench
from zsgis.editing.splitting_edits import Thought

_LANE = "editing"

Refused = Callable[[BaseException | None], object]
"""Told why nothing came of it (None where whoever waited stopped it); True means it has been said already."""


class Thinking:
    """One way for every edit of shapes: nothing is worked out on the window's thread."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._waiting: dict[int, Refused] = {}
        bench.editing.refused.connect(self._take_refused)

    def think(
        self,
        title: str,
        work: Callable[[Progress], Thought],
        done: Callable[[EditRecord], object] | None = None,
        refused: Refused | None = None,
    ) -> None:
        """Think an edit out and hand it in."""
        self._desk.jobs.start(
            title,
            work,
            done=lambda thought: self.submit(thought, done, refused),
            failed=lambda error: self._refuse(error, refused),
            cancelled=lambda: refused(None) if refused is not None else None,
            lane=_LANE,
            quiet=True,
        )

    def submit(
        self,
        thought: Thought,
        done: Callable[[EditRecord], object] | None = None,
        refused: Refused | None = None,
    ) -> None:
        """Hand an edit in, and say what is to be said of it once it is on disk."""
        key = id(thought.edit)
        if refused is not None:
            self._waiting[key] = refused

        def written(record: EditRecord) -> None:
            self._waiting.pop(key, None)
            if thought.notes:
                self._desk.notice(" ".join(thought.notes), None)
            if done is not None:
                done(record)

        self._bench.editing.submit(thought.edit, written)

    def _refuse(self, error: BaseException, refused: Refused | None) -> None:
        if refused is not None and refused(error) is True:
            return
        if isinstance(error, InputError):
            self._desk.notice(str(error), None)
        else:
            self._desk.dialogs.show_error(error)

    def _take_refused(self, edit: object, error: BaseException) -> None:
        refused = self._waiting.pop(id(edit), None)
        if refused is not None:
            refused(error)
