"""Which sheets of a series are written already: kept beside them until the last one is."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from layers.drawable import DrawableLayer
from layers.whole_file import whole_file
from layers.words import _
from zsgis.sheets.layout import MapItem, SheetLayout

_MOST_BYTES = 50_000_000


class UnfinishedSeries:
    """The record of a series that is being written, ``图.pdf`` having ``图.未完成.json`` beside it.

    A sheet counts as written while its file is what the record says, and the sheet would come out the same.

    Parameters
    ----------
    out : Path
        What the series is called; its files lie beside it.
    dpi : int
    resume : bool
        Take up what a record from before says; without it a series begins anew.
    """

    def __init__(self, out: Path, dpi: int, *, resume: bool) -> None:
        self.path = out.with_name(f"{out.stem}.未完成.json")
        self._dpi = dpi
        self._entries = _read(self.path) if resume else {}

    def has(self, file: Path, layout: SheetLayout) -> bool:
        """Tell whether a sheet is written and would come out the same."""
        entry = self._entries.get(file.name)
        return (
            entry is not None
            and file.is_file()
            and entry.get("sheet") == _digest(layout, self._dpi)
            and entry.get("file") == _file_digest(file)
        )

    def enter(self, file: Path, layout: SheetLayout) -> None:
        """Note that a sheet is written."""
        self._entries[file.name] = {"sheet": _digest(layout, self._dpi), "file": _file_digest(file)}
        with whole_file(self.path, _("The state of the series cannot be written: {reason}")) as draft:
            draft.write_text(json.dumps(self._entries, ensure_ascii=False, indent=1), encoding="utf-8")

    def close(self) -> None:
        """Note that the series is whole: nothing is left to take up."""
        self.path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Return the entries of a record; one that cannot be read has none, and all sheets are drawn anew."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {str(name): entry for name, entry in entries.items() if isinstance(entry, dict)}


def _file_digest(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _digest(layout: SheetLayout, dpi: int) -> str:
    """Return the sum of everything that a sheet is drawn from."""
    told = hashlib.sha256(f"{version('zsgis')} {dpi} ".encode())
    told.update(layout.model_dump_json().encode())
    for page in layout.pages:
        for item in page.items_of(MapItem):
            for layer in item.layers:
                _add_layer(told, layer)
    return told.hexdigest()


def _add_layer(told: hashlib._Hash, layer: DrawableLayer) -> None:
    labels = list(layer.labels) if layer.labels is not None else []
    told.update(
        json.dumps(
            [layer.uid, layer.title, layer.opacity, layer.style.model_dump_json(), layer.class_values, labels]
        ).encode()
    )
    for array in (
        layer.coords,
        layer.ring_offsets,
        layer.part_offsets,
        layer.feature_offsets,
        layer.class_codes,
        layer.label_points,
        layer.class_numbers,
    ):
        if array is not None:
            told.update(np.ascontiguousarray(array).data)
