"""What was edited in a drawable layer as files beside its arrays, for other processes to map."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from layers.drawable import DrawableLayer
from layers.drawable_edits import EditedLayer
from layers.drawable_files import UnreadableFiles, load_drawable, save_drawable

_ADDED, _HIDDEN = "added", "hidden.npy"


def save_edits(layer: EditedLayer, folder: Path) -> EditedLayer:
    """Write what was edited into an existing empty folder; return the layer as it lies there.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    (folder / _ADDED).mkdir()
    save_drawable(layer.added, folder / _ADDED, {})
    np.save(folder / _HIDDEN, layer.hidden, allow_pickle=False)
    return replace(layer, folder=folder)


def load_edits(base: DrawableLayer, folder: Path) -> EditedLayer:
    """Read what was edited in a layer.

    Parameters
    ----------
    base : DrawableLayer
        The layer's own arrays, as they are drawn now.

    Raises
    ------
    UnreadableFiles
        When the files are gone, damaged, or of another layer.
    """
    added = load_drawable(folder / _ADDED, style=base.style, opacity=base.opacity, title=base.title)
    try:
        hidden = np.load(folder / _HIDDEN, allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableFiles(str(folder)) from error
    inside = hidden.dtype == np.int64 and hidden.ndim == 1
    if not inside or (len(hidden) and not 0 <= hidden.min() <= hidden.max() < len(base)):
        raise UnreadableFiles(str(folder))
    return EditedLayer(base, hidden, added, folder)
