"""The drawing process: maps a layer's arrays into memory and paints the pictures it is asked for.

Messages are JSON (:mod:`ui.painting.drawing_messages`); pixels go into memory shared with the window.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication, QImage, QPainter

from layers.drawable import DrawableLayer
from layers.drawable_edit_files import load_edits
from layers.drawable_edits import as_drawn
from layers.drawable_files import UnreadableFiles, load_drawable
from layers.pictures.drawn import DrawnPicture
from layers.style import Style
from ui.painting.drawing_messages import (
    GROUND,
    SELECTED,
    LayerFiles,
    selection_from_json,
    shown_from_json,
)
from ui.painting.fonts import load_fonts
from ui.painting.label_places import SCREEN_MARGIN_PX
from ui.painting.labels import paint_labels
from ui.painting.layers import Missing, Shown, paint_ground, paint_symbols
from ui.painting.pictures import PicturePainter
from ui.painting.rings import IntArray
from ui.painting.selection import paint_selection
from ui.painting.view import MapView

# Where processors are few the window goes first.
_NICE = 10


@dataclass(frozen=True)
class _Known:
    """What was said about a layer, and what has been made of it: its arrays, and what is drawn."""

    said: LayerFiles | DrawnPicture
    base: DrawableLayer | PicturePainter
    made: Shown


class _Painter:
    """What a drawing process knows."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._unreadable: list[str] = []
        self._selected: dict[str, IntArray] = {}
        self._application: QGuiApplication | None = None

    def learn(self, shown: Sequence[LayerFiles | DrawnPicture]) -> None:
        """Map the files of layers, open pictures; what is known stays as it is."""
        known, self._known = self._known, {}
        self._unreadable = []
        for said in shown:
            name = said.folder if isinstance(said, LayerFiles) else said.uid
            before = known.get(name)
            try:
                self._known[name] = _known(said, before)
            except UnreadableFiles:
                self._unreadable.append(said.newest if isinstance(said, LayerFiles) else name)
                if before is not None:
                    self._known[name] = before

    def select(self, rows: dict[str, IntArray]) -> None:
        """Take note of what is selected."""
        self._selected = rows

    def paint(self, image: QImage, what: str, view: MapView, ground: str) -> Missing:
        """Paint the view; return what of its pictures is still to be fetched."""
        image.fill(QColor(ground) if what == GROUND else Qt.GlobalColor.transparent)
        shown = [known.made for known in self._known.values()]
        layers = [item for item in shown if not isinstance(item, PicturePainter)]
        painter = QPainter(image)
        try:
            if what == GROUND:
                return paint_ground(painter, shown, view, at_once=True)
            if what == SELECTED:
                paint_selection(painter, layers, self._selected, view)
            else:
                self._need_fonts()
                paint_symbols(painter, layers, view)
                family = load_fonts().screen
                paint_labels(painter, layers, view, family=family, margin_px=SCREEN_MARGIN_PX)
            return {}
        finally:
            painter.end()

    @property
    def unreadable(self) -> list[str]:
        """The newest folder of each layer whose files could not be mapped."""
        return self._unreadable

    @property
    def troubles(self) -> list[str]:
        """Why pictures show nothing, as sentences."""
        painters = (known.made for known in self._known.values())
        return [made.trouble for made in painters if isinstance(made, PicturePainter) and made.trouble]

    def _need_fonts(self) -> None:
        if QGuiApplication.instance() is None:
            self._application = QGuiApplication(["zsgis-drawing"])


def _known(said: LayerFiles | DrawnPicture, known: _Known | None) -> _Known:
    """Return a layer as it is drawn now; what is mapped stays mapped, what is open stays open."""
    if known is not None and known.said == said:
        return known
    if isinstance(said, DrawnPicture):
        painter = PicturePainter(said)
        return _Known(said, painter, painter)
    base = _arrays(said, known)
    edited = as_drawn(load_edits(base, Path(said.edits))) if said.edits else base
    return _Known(said, base, edited)


def _arrays(said: LayerFiles, known: _Known | None) -> DrawableLayer:
    if known is not None and isinstance(known.base, DrawableLayer) and isinstance(known.said, LayerFiles):
        before = known.said
        if (before.style, before.state) == (said.style, said.state):
            # the same arrays keep what was found out about them
            same = before.opacity == said.opacity
            return known.base if same else replace(known.base, opacity=said.opacity)
    style = Style.model_validate_json(said.style)
    return load_drawable(Path(said.folder), style=style, opacity=said.opacity, title=said.title)


class _FramesAttached:
    """The window's shared memory as this process sees it."""

    def __init__(self) -> None:
        self._frames: dict[str, SharedMemory] = {}

    def fill(self, name: str, image: QImage) -> None:
        """Put an image's pixels into a frame."""
        if name not in self._frames:
            self._frames[name] = SharedMemory(name=name)
        size = image.sizeInBytes()
        bits: Any = image.constBits()
        bits.setsize(size)
        memory: Any = self._frames[name].buf
        memory[:size] = bits


def _answer(worker: _Painter, frames: _FramesAttached, message: dict[str, Any]) -> dict[str, Any]:
    head: dict[str, Any] = {"number": message["number"], "unreadable": worker.unreadable}
    try:
        view = MapView(**message["view"])
        image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_ARGB32_Premultiplied)
        missing = worker.paint(image, message["what"], view, message["ground"])
        frames.fill(message["frame"], image)
    except Exception as error:  # one picture fails; the process and the window go on
        return head | {"error": f"{type(error).__name__}: {error}"}
    fetched_later = {uid: list(keys) for uid, keys in missing.items()}
    return head | {"missing": fetched_later, "troubles": worker.troubles}


def serve(connection: Connection, environment: Mapping[str, str]) -> None:
    """Answer until the other side hangs up: the main function of a drawing process.

    Parameters
    ----------
    connection : multiprocessing.connection.Connection
        To the window.
    environment : mapping of str to str
        The window's environment variables now; this process may have older ones.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the window's to answer
    if sys.platform != "win32":
        os.nice(_NICE)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    worker, frames = _Painter(), _FramesAttached()
    try:
        while True:
            message = json.loads(connection.recv_bytes())
            if message["do"] == "layers":
                worker.learn([shown_from_json(item) for item in message["layers"]])
            elif message["do"] == "select":
                worker.select(selection_from_json(message["bits"]))
            else:
                connection.send_bytes(json.dumps(_answer(worker, frames, message)).encode())
    except (EOFError, OSError):
        return  # the window is gone
