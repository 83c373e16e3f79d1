"""What the window says to a drawing process: JSON, and nothing that would have to be unpickled."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers.drawable import DrawableLayer
from layers.pictures.drawn import DrawnPicture
from layers.pictures.model import picture_from_json, picture_to_json
from ui.painting.rings import IntArray
from ui.painting.view import MapView

BYTES_PER_PIXEL = 4

GROUND = "ground"
ABOVE = "above"
SELECTED = "selected"


@dataclass(frozen=True)
class LayerFiles:
    """A layer as a drawing process gets to know it: the style as text, for a style has hundreds of rules.

    ``state`` says which files there are: coarser levels come later than the layer itself. ``edits`` is the
    folder of what was edited since the arrays were made, if anything was.
    """

    folder: str
    title: str
    opacity: float
    style: str
    state: str = ""
    edits: str = ""

    @classmethod
    def of(cls, layer: DrawableLayer, folder: Path, style: str, edits: str = "") -> LayerFiles:
        """Return the message for a layer whose arrays lie in a folder; ``style`` is its style as text."""
        state = str(len(layer.levels.levels)) if layer.levels is not None else ""
        return cls(str(folder), layer.title, layer.opacity, style, state, edits)

    @property
    def newest(self) -> str:
        """The folder that no earlier state of the layer has: that of its edits, where it has any."""
        return self.edits or self.folder


def layers_message(shown: Sequence[LayerFiles | DrawnPicture]) -> bytes:
    """Return the message that says which layers and pictures there are, top first."""
    return json.dumps({"do": "layers", "layers": [_shown_as_json(item) for item in shown]}).encode()


def _shown_as_json(item: LayerFiles | DrawnPicture) -> dict[str, Any]:
    if isinstance(item, LayerFiles):
        return {"files": vars(item)}
    return {
        "picture": picture_to_json(item.picture),
        "crs": item.crs_wkt,
        "cache": str(item.cache_folder),
        "extent": item.extent,
    }


def shown_from_json(given: Mapping[str, Any]) -> LayerFiles | DrawnPicture:
    """Return what one entry of :func:`layers_message` says."""
    if "files" in given:
        return LayerFiles(**given["files"])
    extent = tuple(given["extent"]) if given["extent"] else None
    return DrawnPicture(picture_from_json(given["picture"]), given["crs"], Path(given["cache"]), extent)


def job_message(number: int, what: str, view: MapView, *, ground: str, frame: str) -> bytes:
    """Return the message that asks for a picture.

    Parameters
    ----------
    what : str
        ``GROUND`` (areas, lines, pictures), ``ABOVE`` (symbols, words) or ``SELECTED``.
    ground : str
        Colour under areas and lines.
    frame : str
        Name of the shared memory that takes the pixels (premultiplied ARGB, row by row).
    """
    job = {"do": "paint", "number": number, "what": what, "view": asdict(view)}
    return json.dumps(job | {"ground": ground, "frame": frame}).encode()


def selection_message(rows: Mapping[str, IntArray]) -> bytes:
    """Return the message that says which rows of which layers are selected: a bit per row."""
    bits = {}
    for uid, chosen in rows.items():
        mask = np.zeros(int(chosen[-1]) + 1 if len(chosen) else 0, dtype=bool)
        mask[chosen] = True
        bits[uid] = base64.b64encode(np.packbits(mask).tobytes()).decode("ascii")
    return json.dumps({"do": "select", "bits": bits}).encode()


def selection_from_json(bits: Mapping[str, str]) -> dict[str, IntArray]:
    """Return the rows that :func:`selection_message` speaks of."""
    return {
        uid: np.flatnonzero(np.unpackbits(np.frombuffer(base64.b64decode(text), dtype=np.uint8)))
        for uid, text in bits.items()
    }
