"""Who draws what next: the wanted pictures in their order, handed to idle drawing processes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QImage

from layers.words import _
from ui.canvas.links import Answer, WorkerLink
from ui.canvas.outbox import Topic
from ui.painting.rings import IntArray
from ui.painting.tile_worker import (
    BYTES_PER_PIXEL,
    LayerFiles,
    job_message,
    layers_message,
    selection_message,
)
from ui.painting.view import MapView

WORKERS = 2
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
        ``GROUND``, ``ABOVE`` or ``SELECTED`` of :mod:`ui.painting.tile_worker`.
    """

    key: Hashable
    what: str
    view: MapView


@dataclass
class _Underway:
    number: int
    job: Job


class DrawingScheduler(QObject):
    """Hands out work to drawing processes and takes in their pictures."""

    drawn = pyqtSignal(object, QImage)
    """A job's key and its picture."""
    failed = pyqtSignal(object, str)
    """A job's key and what went wrong, as a sentence."""
    trouble = pyqtSignal(str)
    """Something the user should know that concerns no single picture."""

    def __init__(self, ground: str, *, workers: int = WORKERS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ground = ground
        self._layers = layers_message([])
        self._selection = selection_message({})
        self._waiting: list[Job] = []
        self._underway: dict[WorkerLink, _Underway] = {}
        self._idle: list[WorkerLink] = []
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

    def set_layers(self, layers: Sequence[LayerFiles]) -> None:
        """Say which layers there are, top first. Pictures asked for before are no longer wanted."""
        self._layers = layers_message(list(layers))
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
        busy = {task.job.key for task in self._underway.values()}
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
        self._idle.clear()
        self._underway.clear()
        self._waiting.clear()

    def _hand_out(self) -> None:
        while self._idle and self._waiting:
            link, job = self._idle.pop(), self._waiting.pop(0)
            self._number += 1
            message = job_message(self._number, job.what, job.view, self._ground)
            if link.send(Topic.PICTURE, message):
                self._underway[link] = _Underway(self._number, job)
            else:
                self._waiting.insert(0, job)  # the process just died; another one will say it is ready

    def _on_ready(self, link: WorkerLink) -> None:
        if link in self._links and link.send(Topic.LAYERS, self._layers):
            link.send(Topic.SELECTION, self._selection)
            self._idle.append(link)
            self._hand_out()

    def _on_answered(self, link: WorkerLink, answer: Answer) -> None:
        task = self._underway.pop(link, None)
        if link not in self._links:
            return
        self._idle.append(link)
        self._report_unreadable(answer.unreadable)
        if task is not None and task.number == answer.number:
            self._pass_on(task.job, answer)
        self._hand_out()

    def _pass_on(self, job: Job, answer: Answer) -> None:
        if answer.error:
            self.failed.emit(
                job.key, _("A part of the map could not be drawn: {why}").format(why=answer.error)
            )
            return
        image = QImage(
            answer.pixels,
            answer.width,
            answer.height,
            answer.width * BYTES_PER_PIXEL,
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        # the bytes belong to Python: Qt must own what it keeps
        self.drawn.emit(job.key, image.copy())

    def _on_died(self, link: WorkerLink) -> None:
        if link in self._idle:
            self._idle.remove(link)
        task = self._underway.pop(link, None)
        if task is None:
            return
        tries = self._tries.get(task.job.key, 0) + 1
        self._tries[task.job.key] = tries
        if tries < _MOST_TRIES:
            self._waiting.insert(0, task.job)
            self._hand_out()
        else:
            self.failed.emit(
                task.job.key, _("A part of the map could not be drawn: its drawing process ended.")
            )

    def _on_given_up(self, link: WorkerLink) -> None:
        self._on_died(link)
        self.trouble.emit(
            _("A drawing process cannot be started. Close other programs and open the project again.")
        )

    def _report_unreadable(self, titles: Sequence[str]) -> None:
        for title in titles:
            if title not in self._reported:
                self._reported.add(title)
                self.trouble.emit(
                    _("The drawing data of layer “{name}” cannot be read; open the project again.").format(
                        name=title
                    )
                )
