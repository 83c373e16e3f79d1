"""A drawable layer's arrays as files that several processes map into memory at once.

One ``.npy`` file per array and a JSON description, nothing that would have to be unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.levels.files import load_levels
from layers.progress import NoProgress, Progress, ProgressPart
from layers.style import Style
from layers.text_arrays import TextColumn, UidColumn

FORMAT = 3
DESCRIPTION = "layer.json"

_ROWS_AT_ONCE = 1_000_000

_ARRAYS = (
    "coords",
    "ring_offsets",
    "part_offsets",
    "feature_offsets",
    "bounds",
    "class_codes",
    "class_numbers",
    "label_points",
    "uid_names",
    "uid_order",
    "label_data",
    "label_offsets",
)


class UnreadableFiles(Exception):  # noqa: N818 - the caller builds them anew; nobody is shown this
    """The files are incomplete, damaged or of another make."""


def _arrays_of(layer: DrawableLayer) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "coords": layer.coords,
        "ring_offsets": layer.ring_offsets,
        "part_offsets": layer.part_offsets,
        "feature_offsets": layer.feature_offsets,
        "bounds": layer.bounds,
        "class_codes": layer.class_codes,
        "label_points": layer.label_points,
        "uid_names": layer.uids.names,
        "uid_order": layer.uids.order,
    }
    if layer.class_numbers is not None:
        arrays["class_numbers"] = layer.class_numbers
    if layer.labels is not None:
        arrays |= {"label_data": layer.labels.data, "label_offsets": layer.labels.offsets}
    return arrays


def _save_array(array: NDArray[Any], path: Path, progress: Progress) -> None:
    """Write an array as :func:`numpy.save` does, a stretch at a time."""
    array = np.ascontiguousarray(array)
    with path.open("wb") as file:
        header = np.lib.format.header_data_from_array_1_0(array)
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(array), _ROWS_AT_ONCE):
            progress.step(start / len(array))
            file.write(array[start : start + _ROWS_AT_ONCE].data)


def save_drawable(
    layer: DrawableLayer, folder: Path, key: Mapping[str, str], progress: Progress | None = None
) -> None:
    """Write a layer's arrays into an existing empty folder; the description comes last.

    Parameters
    ----------
    key : mapping
        What the arrays were made from; :func:`load_drawable` asks for the same.
    progress : Progress, optional
        Told the share done; may stop the work.
    """
    arrays = _arrays_of(layer)
    for number, (name, array) in enumerate(arrays.items()):
        part = ProgressPart(progress or NoProgress(), number / len(arrays), (number + 1) / len(arrays))
        _save_array(array, folder / f"{name}.npy", part)
    description = {
        "format": FORMAT,
        "key": dict(key),
        "uid": layer.uid,
        "title": layer.title,
        "geometry": layer.geometry.value,
        "class_values": list(layer.class_values),
        "shapeless": layer.shapeless,
        "arrays": {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()},
    }
    text = json.dumps(description, ensure_ascii=False)
    (folder / DESCRIPTION).write_text(text, encoding="utf-8")


def _map_array(folder: Path, name: str, expected: list[Any]) -> NDArray[Any]:
    dtype, shape = expected
    # a file of no bytes cannot be mapped
    mode: Literal["r"] | None = "r" if all(shape) else None
    array: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode=mode, allow_pickle=False)
    if array.dtype.str != dtype or list(array.shape) != shape:
        raise UnreadableFiles(name)
    # numpy's own class for mapped files makes every slice slow; the memory stays mapped
    return np.asarray(array)


def _fit_together(arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Tell whether every offset array begins and ends with the array it points into.

    To look at all offsets would read the files, which are mapped so that only what is drawn is read.
    """
    features = len(arrays["feature_offsets"]) - 1
    chain = (
        ("ring_offsets", "coords"),
        ("part_offsets", "ring_offsets"),
        ("feature_offsets", "part_offsets"),
        ("label_offsets", "label_data"),
    )
    for offsets, target in chain:
        if offsets not in arrays:
            continue
        length = len(arrays[target]) - (1 if target.endswith("offsets") else 0)
        own = arrays[offsets]
        if own[0] != 0 or own[-1] != length:
            return False
    per_feature = ("bounds", "class_codes", "class_numbers", "label_points", "uid_names", "uid_order")
    return all(len(arrays[name]) == features for name in per_feature if name in arrays)


def read_description(folder: Path) -> dict[str, Any]:
    """Return the description of a folder of arrays.

    Raises
    ------
    UnreadableFiles
        When there is none, or it is of another make.
    """
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFiles(str(folder)) from error
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise UnreadableFiles(str(folder))
    return description


def load_drawable(
    folder: Path, *, style: Style, opacity: float, title: str = "", key: Mapping[str, str] | None = None
) -> DrawableLayer:
    """Map a layer's arrays into memory.

    Parameters
    ----------
    style, opacity, title
        How it is drawn now; the files hold shapes and values only.
    key : mapping, optional
        What the arrays must have been made from.

    Raises
    ------
    UnreadableFiles
        When they are incomplete, damaged, or made from something else.
    """
    description = read_description(folder)
    if key is not None and description.get("key") != dict(key):
        raise UnreadableFiles(str(folder))
    try:
        declared = description["arrays"]
        arrays = {name: _map_array(folder, name, declared[name]) for name in _ARRAYS if name in declared}
        if not _fit_together(arrays):
            raise UnreadableFiles(str(folder))
        labels = TextColumn(arrays["label_data"], arrays["label_offsets"]) if "label_data" in arrays else None
        return DrawableLayer(
            uid=str(description["uid"]),
            title=title or str(description["title"]),
            geometry=GeometryType(description["geometry"]),
            style=style,
            opacity=opacity,
            coords=arrays["coords"],
            ring_offsets=arrays["ring_offsets"],
            part_offsets=arrays["part_offsets"],
            feature_offsets=arrays["feature_offsets"],
            bounds=arrays["bounds"],
            class_values=tuple(description["class_values"]),
            class_codes=arrays["class_codes"],
            uids=UidColumn(arrays["uid_names"], arrays["uid_order"]),
            labels=labels,
            label_points=arrays["label_points"],
            folder=folder,
            levels=load_levels(folder, len(arrays["feature_offsets"]) - 1),
            class_numbers=arrays.get("class_numbers"),
            shapeless=int(description["shapeless"]),
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFiles(str(folder)) from error
