"""The map as a picture: to the clipboard, or as a file. What is secret goes to neither."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QGuiApplication, QImage

from layers.errors import InputError, ZsgisError
from layers.pictures.drawn import DrawnPicture
from layers.secrecy import highest, rank, require_exportable
from layers.words import N_, _
from ui.actions import EDIT, FILE, ActionSpec
from ui.bench import Bench
from ui.canvas.snapshot import snapshot
from ui.dialogs.port import SHEET_FILES

_PNG = SHEET_FILES[1]
# a map that is not drawn by then is taken as it is, and that is said
_PATIENCE_MS = 10_000
_MARKED_FROM = rank("内部")

_SPECS = (
    ActionSpec("copy_picture", N_("Copy the picture of the map"), EDIT, "copy", "Ctrl+Shift+C", "project", 3),
    ActionSpec("save_picture", N_("Save the picture of the map…"), FILE, "", "Ctrl+Shift+S", "project", 1),
)

Take = Callable[[QImage, bool], None]


class MapPictures:
    """Takes the picture once the map is drawn."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._canvas = bench.window.canvas
        self._waiting: Take | None = None
        self._patience = QTimer(bench.window)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._hand_over)
        self._canvas.picture_complete.connect(self._hand_over)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"copy_picture": self.copy, "save_picture": self.save}

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        if self._may_leave(_("the clipboard")):
            self._when_drawn(self._copy)

    def save(self) -> None:
        """Ask for a place and write the picture there."""
        if not self._may_leave(_("a picture file")):
            return
        path = self._desk.dialogs.save_file(_("Save the picture of the map"), _("map.png"), (_PNG,))
        if path is not None:
            self._when_drawn(partial(self._save, path))

    def _copy(self, image: QImage, whole: bool) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setImage(image)
            size = {"width": image.width(), "height": image.height()}
            text = _("The picture of the map is on the clipboard ({width} × {height}).").format(**size)
            self._desk.notice(text if whole else _unfinished(text), None)

    def _save(self, path: Path, image: QImage, whole: bool) -> None:
        text = _("The picture of the map was saved.")
        self._desk.jobs.start(
            _("Saving the picture"),
            lambda _progress: write_picture(image, path),
            done=lambda _nothing: self._desk.notice(text if whole else _unfinished(text), path),
            failed=lambda error: self._desk.offer_place(error, path, self.save),
            quiet=True,
        )

    def _when_drawn(self, take: Take) -> None:
        self._waiting = take
        if self._canvas.is_complete:
            self._hand_over()
        else:
            self._patience.start()

    def _hand_over(self) -> None:
        take, self._waiting = self._waiting, None
        self._patience.stop()
        if take is not None and self._may_leave(_("a picture")):
            image = snapshot(self._canvas, mark=self._mark())
            take(image, self._canvas.is_complete)

    def _secrecies(self) -> list[tuple[str, str]]:
        """Return name and secrecy of everything on the map."""
        layers = [(layer.name, layer.secrecy) for layer in self._desk.session.shown_layers()]
        pictures = [(drawn.title, drawn.picture.secrecy) for drawn in self._drawn_pictures()]
        return [*layers, *pictures]

    def _drawn_pictures(self) -> list[DrawnPicture]:
        return [layer for layer in self._canvas.layers if isinstance(layer, DrawnPicture)]

    def _may_leave(self, target: str) -> bool:
        """Refuse where something secret is on the map."""
        try:
            for name, secrecy in self._secrecies():
                require_exportable(secrecy, layer=name, target=target)
        except ZsgisError as error:
            self._desk.dialogs.show_error(error)
            return False
        return True

    def _mark(self) -> str:
        top = highest(*(secrecy for _name, secrecy in self._secrecies()))
        return top if rank(top) >= _MARKED_FROM else ""


def write_picture(image: QImage, path: Path) -> None:
    """Write a picture as PNG, all of it or nothing.

    Raises
    ------
    InputError
        When the place cannot be written.
    """
    draft = path.with_name(f".{path.stem}.{os.getpid()}.png")
    try:
        if not image.save(str(draft), "PNG"):
            raise InputError(
                _("The picture cannot be written."),
                where=str(path),
                remedy=_("Choose another place, or free some space there."),
            )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _unfinished(text: str) -> str:
    return _("{text} Parts of the map were still being drawn.").format(text=text)
