"""Edits that the project file did not take, kept in the user's own folder until it does.

One JSON file for each project and place; shapes as WKB in hexadecimal digits, so that no bit is lost.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from layers.edits import AddFeature, Change, ChangeFeature, Edit, EditKind, Keep, RemoveFeature
from layers.errors import InputError
from layers.store.edits.journal_values import dump_values, load_values
from layers.whole_file import whole_file
from layers.words import _

if TYPE_CHECKING:
    from layers.store.interface import Store

_FORMAT = 1
_MOST_BYTES = 1 << 30
_MARK_BYTES = 8


@dataclass(frozen=True)
class ProjectPlace:
    """Whose edits are kept: a project and where it lies.

    The identifier alone does not do: a file copied with a file manager has that of the first.

    Attributes
    ----------
    is_file : bool
        False for a project of a database; it is never moved.
    """

    uid: str
    path: Path
    is_file: bool = True

    @classmethod
    def of(cls, project: Store) -> ProjectPlace:
        """Return the place of an open project."""
        return cls(project.uid, project.path.absolute(), project.is_file)

    @property
    def name(self) -> str:
        """A name for files about it; names out of a file never become paths as they are."""
        mark = blake2b(os.fsencode(os.path.normcase(self.path)), digest_size=_MARK_BYTES).hexdigest()
        return f"{plain_uid(self.uid)}.{mark}"


def plain_uid(uid: str) -> str:
    """Return an identifier without any sign that could lead a path elsewhere."""
    return "".join(sign for sign in uid if sign in "0123456789abcdef-")


class RescueFolder:
    """Where such edits are kept.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, place: ProjectPlace, edits: Sequence[Edit]) -> Path | None:
        """Keep a project's edits instead of those kept before; none removes the file. Return where."""
        path = self._path(place)
        if not edits:
            path.unlink(missing_ok=True)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        write_edits(path, place, edits)
        return path

    def kept(self, place: ProjectPlace) -> tuple[Edit, ...]:
        """Return a project's kept edits, in their order, those of where it lay before among them.

        Raises
        ------
        InputError
            When the file cannot be read.
        """
        path = self._path(place)
        own = read_edits(path) if path.is_file() else ()
        moved = [other for other in self._others(place) if _is_of(other.document, place)]
        if not moved:
            return own
        edits = (*(edit for other in moved for edit in other.edits), *own)
        self.keep(place, edits)
        for other in moved:
            other.path.unlink(missing_ok=True)
        return edits

    def out_of_reach(self, place: ProjectPlace) -> tuple[tuple[Path, Path], ...]:
        """Return where the project lay when edits of it were kept, if that drive or folder is not there now.

        Nobody can tell then whether it is the same file; with each the file that keeps the edits.
        """
        found = [(_place_in(other.document), other.path) for other in self._others(place)]
        return tuple((lay, path) for lay, path in found if lay is not None and not lay.parent.exists())

    def set_unreadable_aside(self, place: ProjectPlace) -> Path:
        """Give a file that cannot be read a name that nothing replaces; return where it lies."""
        path = self._path(place)
        number = 1
        while (aside := path.with_suffix(f".unreadable-{number}.json")).exists():
            number += 1
        return path.rename(aside)

    def put_aside(self, place: ProjectPlace, edit: Edit) -> Path:
        """Keep an edit that can no longer be made in a file that nothing replaces; return where."""
        path = self._folder / f"{plain_uid(place.uid)}-{plain_uid(edit.uid)}.refused.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_edits(path, place, [edit])
        return path

    def _path(self, place: ProjectPlace) -> Path:
        return self._folder / f"{place.name}.json"

    def _others(self, place: ProjectPlace) -> list[_Kept]:
        """Return what was kept of the same project at other places; what cannot be read is left alone."""
        uid, found = plain_uid(place.uid), []
        names = re.compile(rf"{re.escape(uid)}(\.[0-9a-f]{{{2 * _MARK_BYTES}}})?\.json")
        paths = self._folder.iterdir() if place.is_file and self._folder.is_dir() else ()
        for path in sorted(paths):
            if names.fullmatch(path.name) and path != self._path(place):
                with suppress(InputError):
                    found.append(_Kept(path, *_read(path)))
        return found


@dataclass(frozen=True)
class _Kept:
    path: Path
    document: Mapping[str, Any]
    edits: tuple[Edit, ...]


def _place_in(document: Mapping[str, Any]) -> Path | None:
    place = document.get("place")
    return Path(place) if isinstance(place, str) and place else None


def _is_of(document: Mapping[str, Any], place: ProjectPlace) -> bool:
    """Tell whether kept edits are of this very file: under another name, or moved here since."""
    if "place" not in document:
        return True  # kept before places were noted
    lay = _place_in(document)
    if lay is None:
        return False
    try:
        return lay.samefile(place.path) if lay.exists() else lay.parent.exists()
    except OSError:
        return False


def write_edits(path: Path, place: ProjectPlace, edits: Sequence[Edit]) -> None:
    """Write edits into a file of their own, whole or not at all."""
    document = {
        "format": _FORMAT,
        "project": place.uid,
        "place": str(place.path) if place.is_file else "",
        "edits": [_edit_document(edit) for edit in edits],
    }
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
    return _read(path)[1]


def _read(path: Path) -> tuple[Mapping[str, Any], tuple[Edit, ...]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        document = json.loads(path.read_bytes())
        if document["format"] != _FORMAT:
            raise ValueError("another format")
        return document, tuple(_edit(one) for one in document["edits"])
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
