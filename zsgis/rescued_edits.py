"""Edits that the project file did not take, kept in the user's own folder until it does.

One JSON file for each project; shapes as WKB in hexadecimal digits, so that no bit is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from layers.edits import AddFeature, Change, ChangeFeature, Edit, EditKind, Keep, RemoveFeature
from layers.errors import InputError
from layers.store.edits.journal_values import dump_values, load_values
from layers.whole_file import whole_file
from layers.words import _

_FORMAT = 1
_MOST_BYTES = 1 << 30


class RescueFolder:
    """Where such edits are kept.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, project_uid: str, edits: Sequence[Edit]) -> Path | None:
        """Keep a project's edits instead of those kept before; none removes the file. Return where."""
        path = self._path(project_uid)
        if not edits:
            path.unlink(missing_ok=True)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        write_edits(path, project_uid, edits)
        return path

    def kept(self, project_uid: str) -> tuple[Edit, ...]:
        """Return a project's kept edits, in their order.

        Raises
        ------
        InputError
            When the file cannot be read.
        """
        path = self._path(project_uid)
        return read_edits(path) if path.is_file() else ()

    def set_unreadable_aside(self, project_uid: str) -> Path:
        """Give a file that cannot be read a name that nothing replaces; return where it lies."""
        path = self._path(project_uid)
        number = 1
        while (aside := path.with_suffix(f".unreadable-{number}.json")).exists():
            number += 1
        return path.rename(aside)

    def put_aside(self, project_uid: str, edit: Edit) -> Path:
        """Keep an edit that can no longer be made in a file that nothing replaces; return where."""
        path = self._path(f"{project_uid}-{edit.uid}").with_suffix(".refused.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_edits(path, project_uid, [edit])
        return path

    def _path(self, project_uid: str) -> Path:
        # a name out of a file never becomes a path as it is
        return self._folder / f"{''.join(c for c in project_uid if c in '0123456789abcdef-')}.json"


def write_edits(path: Path, project_uid: str, edits: Sequence[Edit]) -> None:
    """Write edits into a file of their own, whole or not at all."""
    document = {"format": _FORMAT, "project": project_uid, "edits": [_edit_document(edit) for edit in edits]}
    with whole_file(path, _("The unsaved edits cannot be kept: {reason}")) as draft:
        # dates become text, as the store takes them
        draft.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False, default=str), "utf-8")


def read_edits(path: Path) -> tuple[Edit, ...]:
    """Return the edits of a file.

    Raises
    ------
    InputError
        When it is none that :func:`write_edits` wrote.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        document = json.loads(path.read_bytes())
        if document["format"] != _FORMAT:
            raise ValueError("another format")
        return tuple(_edit(one) for one in document["edits"])
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise InputError(
            _("The file with unsaved edits cannot be read."),
            where=str(path),
            remedy=_("Keep it and show it to whoever looks after the program; the project is in order."),
            details=str(error),
        ) from error


def _edit_document(edit: Edit) -> dict[str, Any]:
    return {
        "title": edit.title,
        "reason": edit.reason,
        "kind": edit.kind.value,
        "uid": edit.uid,
        "changes": [_change_document(change) for change in edit.changes],
    }


def _change_document(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"layer": change.layer_uid, "feature": change.zs_uid}
    if isinstance(change, RemoveFeature):
        return {"do": "remove", "version": change.version, **told}
    told |= {"values": dump_values(change.values), "parents": list(change.parents)}
    if isinstance(change, AddFeature):
        return {"do": "add", "shape": _hex(change.geometry), **told}
    if change.geometry is not Keep.SHAPE:
        told["shape"] = _hex(change.geometry)
    return {"do": "change", "version": change.version, **told}


def _edit(document: Mapping[str, Any]) -> Edit:
    changes = tuple(_change(one) for one in document["changes"])
    kind = EditKind(document["kind"])
    return Edit(str(document["title"]), changes, str(document["reason"]), kind, str(document["uid"]))


def _change(one: Mapping[str, Any]) -> Change:
    layer, feature = str(one["layer"]), str(one["feature"])
    if one["do"] == "remove":
        return RemoveFeature(layer, feature, int(one["version"]))
    values, parents = load_values(one["values"]), tuple(map(str, one["parents"]))
    if one["do"] == "add":
        return AddFeature(layer, _shape(one["shape"]), values, feature, parents)
    shape = _shape(one["shape"]) if "shape" in one else Keep.SHAPE
    return ChangeFeature(layer, feature, shape, values, int(one["version"]), parents)


def _hex(shape: Any | None) -> str | None:
    return None if shape is None else str(shapely.to_wkb(shape, hex=True, output_dimension=4, flavor="iso"))


def _shape(text: str | None) -> Any | None:
    return None if text is None else shapely.from_wkb(text)
