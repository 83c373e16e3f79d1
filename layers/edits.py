"""What an edit is: features added, changed and removed together, and what is remembered of it.

The same for the project file, for a shared database and for a merge: stores take :class:`Edit` and give
:class:`EditRecord`.
"""

from __future__ import annotations

import getpass
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from functools import cache
from typing import Any


class Keep(Enum):
    """Said instead of a shape that stays as it is; None means no shape."""

    SHAPE = "shape"


@dataclass(frozen=True)
class Author:
    """Who changes something, and at which computer."""

    name: str
    machine: str

    @classmethod
    def here(cls) -> Author:
        """Return whoever is logged in at this computer; an empty name where the system knows none."""
        return _whoever_is_here()


@cache
def _whoever_is_here() -> Author:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = ""
    return Author(name, platform.node())


@dataclass(frozen=True)
class AddFeature:
    """A new feature.

    Attributes
    ----------
    geometry : shapely geometry or None
        In the layer's own coordinate system.
    values : mapping
        By field; others have no data.
    zs_uid : str
        Made where empty. One that was used before is taken only where that feature of this layer was removed.
    parents : tuple of str
        ``zs_uid`` of the features it was made from by splitting, merging or copying.
    """

    layer_uid: str
    geometry: Any | None
    values: Mapping[str, Any] = field(default_factory=dict)
    zs_uid: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangeFeature:
    """Another shape or other values for a feature.

    Attributes
    ----------
    geometry : shapely geometry, None or Keep.SHAPE
    values : mapping
        By field; other fields keep theirs.
    version : int
        The ``zs_version`` the change was thought out for; 0 where any will do.
    parents : tuple of str
        Other features whose land it took over.
    """

    layer_uid: str
    zs_uid: str
    geometry: Any | None = Keep.SHAPE
    values: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemoveFeature:
    """A feature taken out of its layer; ``version`` as in :class:`ChangeFeature`."""

    layer_uid: str
    zs_uid: str
    version: int = 0


Change = AddFeature | ChangeFeature | RemoveFeature


class EditKind(StrEnum):
    """Where an edit comes from."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    RESTORE = "restore"
    MERGE = "merge"


@dataclass(frozen=True)
class Edit:
    """Changes that are made together: all of them or none, one step of undo.

    Attributes
    ----------
    title : str
        What was done, in the user's language: 分割, 合并.
    reason : str
        Why, where something is to be said.
    uid : str
        Made where empty. An edit whose ``uid`` is in the journal is not made a second time: who could not
        learn whether it arrived hands it over again.
    """

    title: str
    changes: tuple[Change, ...]
    reason: str = ""
    kind: EditKind = EditKind.EDIT
    uid: str = ""


@dataclass(frozen=True, eq=False)
class FeatureShape:
    """A feature's shape, in its layer's own system, and the version of the feature that has it."""

    zs_uid: str
    version: int
    geometry: Any


@dataclass(frozen=True)
class FeatureState:
    """A feature as it stands or stood.

    Attributes
    ----------
    version : int
        ``zs_version``: rises with every change, undoing included.
    geometry : shapely geometry or None
    values : mapping
        All fields of its layer as the file holds them: text, int, float, dates as ``YYYY-MM-DD``, None.
    unreadable : bool
        It has a shape, but of a kind that is not worked with (arcs, curves); ``geometry`` is None then.
    """

    zs_uid: str
    version: int
    geometry: Any | None
    values: Mapping[str, Any]
    unreadable: bool = False


@dataclass(frozen=True)
class FeatureChange:
    """What an edit did to one feature: None before where it was added, None after where it was removed."""

    layer_uid: str
    zs_uid: str
    before: FeatureState | None
    after: FeatureState | None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditHead:
    """An edit in the list of edits.

    Attributes
    ----------
    number : int
        Place in the list, rising.
    time : datetime
        With its zone (UTC).
    count : int
        How many features it touched.
    of : str
        ``uid`` of the edit that was undone or redone; empty otherwise.
    layer_uids : tuple of str
        The layers it touched.
    """

    uid: str
    number: int
    time: datetime
    author: Author
    title: str
    kind: EditKind
    count: int
    of: str = ""
    reason: str = ""
    layer_uids: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditRecord:
    """An edit that is on disk.

    Attributes
    ----------
    layer_versions : mapping
        Layer uid to its version after the edit; each touched layer rises by one.
    """

    head: EditHead
    changes: tuple[FeatureChange, ...]
    layer_versions: Mapping[str, int]


Foretell = Callable[[EditRecord], object]
"""Told what an edit does when only the disk is still waited for; it may yet fail. Must not raise."""


@dataclass(frozen=True)
class FeatureVersion:
    """One entry of a feature's history.

    Attributes
    ----------
    state : FeatureState or None
        How the feature stood after this entry; None where it was removed.
    changed : tuple of str
        Fields that changed with it; ``geometry`` among them where the shape did.
    certain : bool
        False where another program changed the feature later, so that nobody can tell how it stood here;
        ``state`` is None then.
    """

    head: EditHead
    state: FeatureState | None
    changed: tuple[str, ...]
    parents: tuple[str, ...] = ()
    certain: bool = True
