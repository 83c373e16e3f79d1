"""Thinking an edit out aside, and handing it in."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from layers.edits import EditRecord
from layers.errors import InputError
from layers.progress import Progress
from ui.bench import Bench
from ui.canvas.tools.draft import DraftTool
from zsgis.editing.splitting_edits import Thought

_LANE = "editing"

ThinkOut = Callable[[Progress], Thought]


class Writing(QObject):
    """One way for every edit: thought out in a job, handed in, told; what was drawn stays until then."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._desk = bench.desk
        self._editing = bench.editing
        self._underway: tuple[Thought, DraftTool | None] | None = None
        bench.editing.refused.connect(self._take_refusal)
        bench.editing.stuck.connect(self._take_trouble)

    def think(self, title: str, think: ThinkOut, tool: DraftTool | None = None) -> None:
        """Think an edit out aside and hand it in; what a tool has drawn is dropped once it is taken."""
        self._desk.jobs.start(
            title,
            think,
            done=lambda thought: self._submit(thought, tool),
            failed=lambda error: self._refuse(error, tool),
            cancelled=lambda: tool.refuse() if tool is not None else None,
            lane=_LANE,
            quiet=True,
        )

    def submit(self, thought: Thought) -> None:
        """Hand in what is thought out already."""
        self._submit(thought, None)

    def _submit(self, thought: Thought, tool: DraftTool | None) -> None:
        self._underway = (thought, tool)
        self._editing.submit(thought.edit, lambda record: self._tell(thought, record))
        if self._editing.trouble is not None:
            self._end(taken=True)  # it is kept in memory

    def _tell(self, thought: Thought, record: EditRecord) -> None:
        """Select what came about and say what is to be known of it."""
        if self._underway is not None and self._underway[0] is thought:
            self._end(taken=True)
        chosen: dict[str, set[str]] = {}
        for change in record.changes:
            if change.after is not None and (change.before is None or change.zs_uid in thought.about):
                chosen.setdefault(change.layer_uid, set()).add(change.zs_uid)
        if thought.selects:
            self._desk.session.select(chosen)
        if thought.notes:
            self._desk.notice(" ".join(thought.notes), None)

    def _take_refusal(self, edit: object, _error: object) -> None:
        if self._underway is not None and edit is self._underway[0].edit:
            self._end(taken=False)

    def _take_trouble(self, error: object) -> None:
        if error is not None:
            self._end(taken=True)  # it is kept in memory

    def _end(self, *, taken: bool) -> None:
        underway, self._underway = self._underway, None
        tool = underway[1] if underway is not None else None
        if tool is not None:
            (tool.accept if taken else tool.refuse)()

    def _refuse(self, error: BaseException, tool: DraftTool | None) -> None:
        """Say what is wrong; what was drawn is still there."""
        if tool is not None:
            tool.refuse()
        if isinstance(error, InputError):
            self._desk.notice(str(error), None)
        else:
            self._desk.dialogs.show_error(error)
