"""The drawing process: maps a layer's arrays into memory and paints the pictures it is asked for.

Messages are JSON; a picture follows its message as bytes (premultiplied ARGB, row by row).
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication, QImage, QPainter

from layers.drawable import DrawableLayer
from layers.drawable_files import UnreadableFiles, load_drawable
from layers.style import Style
from ui.painting.fonts import load_fonts
from ui.painting.labels import paint_labels
from ui.painting.layers import paint_ground, paint_symbols
from ui.painting.rings import IntArray
from ui.painting.selection import paint_selection
from ui.painting.view import MapView

BYTES_PER_PIXEL = 4

# Where processors are few the window goes first.
_NICE = 5

GROUND = "ground"
ABOVE = "above"
SELECTED = "selected"


@dataclass(frozen=True)
class LayerFiles:
    """A layer as a drawing process gets to know it: the style as text, for a style has hundreds of rules."""

    folder: str
    title: str
    opacity: float
    style: str

    @classmethod
    def of(cls, layer: DrawableLayer, folder: Path) -> LayerFiles:
        """Return the message for a layer whose arrays lie in a folder."""
        return cls(str(folder), layer.title, layer.opacity, layer.style.model_dump_json())


def layers_message(layers: list[LayerFiles]) -> bytes:
    """Return the message that says which layers there are, top first."""
    return json.dumps({"do": "layers", "layers": [vars(layer) for layer in layers]}).encode()


def job_message(number: int, what: str, view: MapView, ground: str) -> bytes:
    """Return the message that asks for a picture.

    Parameters
    ----------
    what : str
        ``GROUND`` (areas, lines), ``ABOVE`` (symbols, words) or ``SELECTED``.
    ground : str
        Colour under areas and lines.
    """
    return json.dumps(
        {"do": "paint", "number": number, "what": what, "view": asdict(view), "ground": ground}
    ).encode()


def selection_message(rows: Mapping[str, IntArray]) -> bytes:
    """Return the message that says which rows of which layers are selected: a bit per row."""
    bits = {}
    for uid, chosen in rows.items():
        mask = np.zeros(int(chosen[-1]) + 1 if len(chosen) else 0, dtype=bool)
        mask[chosen] = True
        bits[uid] = base64.b64encode(np.packbits(mask).tobytes()).decode("ascii")
    return json.dumps({"do": "select", "bits": bits}).encode()


_Known = tuple[LayerFiles, DrawableLayer]


def _taken_up(files: LayerFiles, known: _Known | None) -> DrawableLayer:
    """Return a layer as it is drawn now; what is mapped stays mapped."""
    if known is not None and known[0].style == files.style:
        same = known[0].opacity == files.opacity
        return known[1] if same else replace(known[1], opacity=files.opacity)
    style = Style.model_validate_json(files.style)
    return load_drawable(Path(files.folder), style=style, opacity=files.opacity, title=files.title)


class _Painter:
    """What a drawing process knows."""

    def __init__(self) -> None:
        self._layers: list[DrawableLayer] = []
        self._known: dict[str, _Known] = {}
        self._unreadable: list[str] = []
        self._selected: dict[str, IntArray] = {}
        self._application: QGuiApplication | None = None

    def learn(self, layers: list[dict[str, Any]]) -> None:
        """Map the files of layers; what is known stays mapped."""
        known, self._known = self._known, {}
        self._unreadable = []
        for files in (LayerFiles(**given) for given in layers):
            try:
                layer = _taken_up(files, known.get(files.folder))
            except UnreadableFiles:
                self._unreadable.append(files.title)
            else:
                self._known[files.folder] = (files, layer)
        self._layers = [layer for _files, layer in self._known.values()]

    def select(self, bits: dict[str, str]) -> None:
        """Take note of what is selected."""
        self._selected = {
            uid: np.flatnonzero(np.unpackbits(np.frombuffer(base64.b64decode(text), dtype=np.uint8)))
            for uid, text in bits.items()
        }

    def paint(self, what: str, view: MapView, ground: str) -> QImage:
        """Return a picture of the view."""
        size = round(view.width_px), round(view.height_px)
        image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor(ground) if what == GROUND else Qt.GlobalColor.transparent)
        painter = QPainter(image)
        try:
            if what == GROUND:
                paint_ground(painter, self._layers, view)
            elif what == SELECTED:
                paint_selection(painter, self._layers, self._selected, view)
            else:
                self._need_fonts()
                paint_symbols(painter, self._layers, view)
                paint_labels(painter, self._layers, view, family=load_fonts().screen)
        finally:
            painter.end()
        return image

    @property
    def unreadable(self) -> list[str]:
        """Titles of layers whose files could not be mapped."""
        return self._unreadable

    def _need_fonts(self) -> None:
        if QGuiApplication.instance() is None:
            self._application = QGuiApplication(["zsgis-drawing"])


def _answer(worker: _Painter, message: dict[str, Any]) -> tuple[dict[str, Any], QImage | None]:
    head: dict[str, Any] = {"number": message["number"], "unreadable": worker.unreadable}
    try:
        image = worker.paint(message["what"], MapView(**message["view"]), message["ground"])
    except Exception as error:  # one picture fails; the process and the window go on
        return head | {"error": f"{type(error).__name__}: {error}"}, None
    return head | {"width": image.width(), "height": image.height()}, image


def _send(connection: Connection, head: dict[str, Any], image: QImage | None) -> None:
    connection.send_bytes(json.dumps(head).encode())
    if image is not None:
        bits: Any = image.constBits()
        bits.setsize(image.width() * image.height() * BYTES_PER_PIXEL)
        connection.send_bytes(bits)


def serve(connection: Connection) -> None:
    """Answer until the other side hangs up: the main function of a drawing process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the window's to answer
    if sys.platform != "win32":
        os.nice(_NICE)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    worker = _Painter()
    try:
        while True:
            message = json.loads(connection.recv_bytes())
            if message["do"] == "layers":
                worker.learn(message["layers"])
            elif message["do"] == "select":
                worker.select(message["bits"])
            else:
                _send(connection, *_answer(worker, message))
    except (EOFError, OSError):
        return  # the window is gone
