"""Thinking an edit out aside, and handing it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PyQt6.QtCore import QObject, QTimer

from layers.edits import EditRecord
from layers.errors import InputError
from layers.progress import Progress
from ui.bench import Bench
from zsgis.editing.splitting_edits import Thought

_LANE = "editing"
_HINT = "refused"
_SHOWN_MS = 12_000

ThinkOut = Callable[[Progress], Thought]


class Holder(Protocol):
    """Whoever keeps what a person drew or typed until it is on disk."""

    def accept(self) -> None:
        """Forget it: it has been taken."""
        ...

    def refuse(self, reason: str = "") -> None:
        """Keep it: it was not taken."""
        ...


class Writing(QObject):
    """One way for every edit: thought out in a job, handed in, told; what was drawn stays until then."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._desk = bench.desk
        self._editing = bench.editing
        self._panel = bench.window.map_panel
        self._underway: tuple[Thought, Holder | None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(lambda: self._panel.set_hint(_HINT, ""))
        bench.editing.refused.connect(self._take_refusal)
        bench.editing.stuck.connect(self._take_trouble)

    def think(self, title: str, think: ThinkOut, holder: Holder | None = None) -> None:
        """Think an edit out aside and hand it in; what ``holder`` keeps is dropped once it is taken."""
        self._say("")
        self._desk.jobs.start(
            title,
            think,
            done=lambda thought: self._submit(thought, holder),
            failed=lambda error: self._refuse(error, holder),
            cancelled=lambda: holder.refuse() if holder is not None else None,
            lane=_LANE,
            quiet=True,
        )

    def _submit(self, thought: Thought, holder: Holder | None) -> None:
        self._underway = (thought, holder)
        self._editing.submit(thought.edit, lambda record: self._tell(thought, record))
        if self._editing.trouble is not None:
            self._accept()  # it is kept in memory

    def _tell(self, thought: Thought, record: EditRecord) -> None:
        """Select what came about and say what is to be known of it."""
        if self._underway is not None and self._underway[0] is thought:
            self._accept()
        chosen: dict[str, set[str]] = {}
        for change in record.changes:
            if change.after is not None and (change.before is None or change.zs_uid in thought.about):
                chosen.setdefault(change.layer_uid, set()).add(change.zs_uid)
        if thought.selects:
            self._desk.session.select(chosen)
        if thought.notes:
            self._desk.notice(" ".join(thought.notes), None)

    def _take_refusal(self, edit: object, error: object) -> None:
        underway = self._underway
        if underway is not None and edit is underway[0].edit:
            self._underway = None
            if underway[1] is not None:
                underway[1].refuse(str(error))

    def _take_trouble(self, error: object) -> None:
        if error is not None:
            self._accept()  # it is kept in memory

    def _accept(self) -> None:
        underway, self._underway = self._underway, None
        if underway is not None and underway[1] is not None:
            underway[1].accept()

    def _refuse(self, error: BaseException, holder: Holder | None) -> None:
        """Say what is wrong; what was drawn is still there."""
        if holder is not None:
            holder.refuse(str(error))
        if isinstance(error, InputError):
            self._say(str(error))
            self._desk.notice(str(error), None)
        else:
            self._desk.dialogs.show_error(error)

    def _say(self, text: str) -> None:
        """Say over the map why something was not done."""
        self._panel.set_hint(_HINT, text)
        if text:
            self._timer.start()
