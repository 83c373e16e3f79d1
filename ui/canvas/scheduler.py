"""Who draws what next: the wanted pictures in their order, handed to idle drawing processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QImage

from layers.pictures.drawn import DrawnPicture
from layers.words import _
from ui.canvas.frames import Frames
from ui.canvas.links import Answer, WorkerLink
from ui.canvas.outbox import Topic
from ui.painting.drawing_messages import (
    BYTES_PER_PIXEL,
    GROUND,
    LayerFiles,
    job_message,
    layers_message,
    selection_message,
)
from ui.painting.rings import IntArray
from ui.painting.view import MapView

WORKERS = 2
# So many pictures are asked of a process at a time: while one travels, the next is drawn.
_MOST_UNDERWAY = 2
# A picture that ends the process that draws it is tried once more, then left blank and said.
_MOST_TRIES = 2


@dataclass(frozen=True)
class Job:
    """A picture that is wanted.

    Attributes
    ----------
    key : hashable
        Names the picture; the one who asked knows what it means.
    what : str
        ``GROUND``, ``ABOVE`` or ``SELECTED`` of :mod:`ui.painting.drawing_messages`.
    ahead : bool
        Nobody looks there yet: it is given to a process only when that has nothing else to do.
    """

    key: Hashable
    what: str
    view: MapView
    ahead: bool = False


@dataclass(frozen=True)
class _Task:
    """A picture that is being drawn, and the shared memory it goes into."""

    number: int
    job: Job
    frame: str


class DrawingScheduler(QObject):
    """Hands out work to drawing processes and takes in their pictures."""

    drawn = pyqtSignal(object, QImage, object)
    """A job's key, its picture, and what is still to be fetched for it (keys by a picture's uid)."""
    failed = pyqtSignal(object, str)
    """A job's key and what went wrong, as a sentence."""
    trouble = pyqtSignal(str)
    """Something the user should know that concerns no single picture."""
    files_lost = pyqtSignal(str)
    """The folder of a layer's arrays, which a drawing process could not read."""

    def __init__(self, ground: str, *, workers: int = WORKERS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ground = ground
        self._layers = layers_message([])
        self._folders: dict[str, str] = {}
        self._selection = selection_message({})
        self._waiting: list[Job] = []
        self._underway: dict[WorkerLink, list[_Task]] = {}
        self._arrived: deque[tuple[_Task, Answer]] = deque()
        self._taking = QTimer(self)
        self._taking.setSingleShot(True)
        self._taking.timeout.connect(self._take_in)
        self._frames = Frames()
        self._tries: dict[Hashable, int] = {}
        self._number = 0
        self._reported: set[str] = set()
        self._links = [WorkerLink(self) for _number in range(workers)]
        for link in self._links:
            link.ready.connect(self._on_ready)
            link.answered.connect(self._on_answered)
            link.died.connect(self._on_died)
            link.given_up.connect(self._on_given_up)
        self._started = False

    def start(self) -> None:
        """Start the processes; may be called again."""
        if not self._started:
            self._started = True
            for link in self._links:
                link.start()

    def set_layers(self, layers: Sequence[LayerFiles | DrawnPicture]) -> None:
        """Say which layers and pictures there are, top first; what was asked for before is not wanted now."""
        self._layers = layers_message(list(layers))
        self._folders = {one.newest: one.folder for one in layers if isinstance(one, LayerFiles)}
        self._waiting.clear()
        self._tries.clear()
        self._reported.clear()
        for link in self._links:
            link.send(Topic.LAYERS, self._layers)

    def set_selection(self, rows: Mapping[str, IntArray]) -> None:
        """Say what is selected: ascending rows by the layer's uid."""
        self._selection = selection_message(rows)
        for link in self._links:
            link.send(Topic.SELECTION, self._selection)

    def want(self, jobs: Sequence[Job]) -> None:
        """Replace the list of wanted pictures, most urgent first."""
        busy = {task.job.key for tasks in self._underway.values() for task in tasks}
        busy |= {task.job.key for task, _answer in self._arrived}
        self._waiting = [job for job in jobs if job.key not in busy]
        self._hand_out()

    @property
    def process_ids(self) -> list[int]:
        """The drawing processes that live now."""
        return [link.process_id for link in self._links if link.process_id is not None]

    def shut_down(self) -> None:
        """End all processes and threads; may be called twice."""
        links, self._links = self._links, []
        for link in links:
            link.tell_to_stop()
        for link in links:
            link.wait()
        self._taking.stop()
        self._arrived.clear()
        self._underway.clear()
        self._waiting.clear()
        self._frames.close()

    def _hand_out(self) -> None:
        """Give each process something to do, the one with the least first."""
        while self._waiting and self._underway:
            link = min(self._underway, key=lambda link: len(self._underway[link]))
            most = 1 if self._waiting[0].ahead else _MOST_UNDERWAY
            if len(self._underway[link]) >= most:
                return
            job = self._waiting.pop(0)
            task = self._task(job)
            if task is None:
                continue
            message = job_message(task.number, job.what, job.view, ground=self._ground, frame=task.frame)
            if link.send(Topic.PICTURE, message):
                self._underway[link].append(task)
            else:
                # the process just died; another one will say it is ready
                self._frames.give_back(task.frame)
                self._waiting.insert(0, job)
                self._take_back(link)

    def _task(self, job: Job) -> _Task | None:
        """Return a job with memory to draw into; None, and said, when there is none."""
        size = round(job.view.width_px) * round(job.view.height_px) * BYTES_PER_PIXEL
        try:
            frame = self._frames.take(size)
        except OSError as error:
            self._fail(job, str(error))
            return None
        self._number += 1
        return _Task(self._number, job, frame)

    def _on_ready(self, link: WorkerLink) -> None:
        if link in self._links and link.send(Topic.LAYERS, self._layers):
            link.send(Topic.SELECTION, self._selection)
            self._underway[link] = []
            self._hand_out()

    def _on_answered(self, link: WorkerLink, answer: Answer) -> None:
        tasks = self._underway.get(link)
        if tasks is None:
            return
        self._report_unreadable(answer.unreadable)
        self._report(answer.troubles)
        task = next((task for task in tasks if task.number == answer.number), None)
        if task is not None:
            tasks.remove(task)
            if any(folder not in self._folders for folder in answer.unreadable):
                self._ask_again(task)
                return
            self._arrived.append((task, answer))
            self._taking.start()
            self._hand_out()  # the process is not to wait while its picture is taken in

    def _take_in(self) -> None:
        """Take in one picture; between two of them the window comes round."""
        task, answer = self._arrived.popleft()
        if self._arrived:
            self._taking.start()
        self._pass_on(task, answer)
        self._frames.give_back(task.frame)
        self._hand_out()

    def _pass_on(self, task: _Task, answer: Answer) -> None:
        if answer.error:
            self._fail(task.job, answer.error)
            return
        width, height = round(task.job.view.width_px), round(task.job.view.height_px)
        opaque = task.job.what == GROUND  # put on the screen by copying, not by blending
        memory: Any = sip.voidptr(self._frames.memory(task.frame), width * height * BYTES_PER_PIXEL)
        image = QImage(
            memory,
            width,
            height,
            width * BYTES_PER_PIXEL,
            QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied,
        )
        # the memory is used again: Qt must own what it keeps
        self.drawn.emit(task.job.key, image.copy(), answer.missing)

    def _fail(self, job: Job, why: str) -> None:
        self.failed.emit(job.key, _("A part of the map could not be drawn: {why}").format(why=why))

    def _on_died(self, link: WorkerLink) -> None:
        for place, task in enumerate(self._take_back(link)):
            # only the first was being drawn; the others waited behind it
            tries = self._tries.get(task.job.key, 0) + (1 if place == 0 else 0)
            self._tries[task.job.key] = tries
            if tries < _MOST_TRIES:
                self._waiting.insert(0, task.job)
            else:
                self.failed.emit(
                    task.job.key, _("A part of the map could not be drawn: its drawing process ended.")
                )
        self._hand_out()

    def _take_back(self, link: WorkerLink) -> list[_Task]:
        """Return what a process that is gone had to do; its memory is free again."""
        tasks = self._underway.pop(link, [])
        for task in tasks:
            self._frames.give_back(task.frame)
        return tasks

    def _on_given_up(self, link: WorkerLink) -> None:
        self._on_died(link)
        self.trouble.emit(
            _("A drawing process cannot be started. Close other programs and open the project again.")
        )

    def _ask_again(self, task: _Task) -> None:
        """Have a picture drawn once more: it came of edits whose files newer ones have replaced."""
        self._frames.give_back(task.frame)
        if task.job not in self._waiting:
            self._waiting.insert(0, task.job)
        self._hand_out()

    def _report_unreadable(self, folders: Sequence[str]) -> None:
        """Tell of layers whose files are gone; those of a state that is shown no more are nobody's loss."""
        for folder in folders:
            arrays = self._folders.get(folder)
            if arrays is not None and arrays not in self._reported:
                self._reported.add(arrays)
                self.files_lost.emit(arrays)

    def _report(self, sentences: Sequence[str]) -> None:
        """Say each once."""
        for sentence in sentences:
            if sentence not in self._reported:
                self._reported.add(sentence)
                self.trouble.emit(sentence)
