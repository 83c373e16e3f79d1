"""What an edit would lose of a shape without anybody wanting it: M values, and shapes that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from layers.edits import AddFeature, ChangeFeature, Edit, EditKind, FeatureState, Keep, RemoveFeature
from layers.errors import GeometryError
from layers.kinds import kind
from layers.measures import is_measured
from layers.store.model import LayerInfo
from layers.words import _

Find = Callable[[str, str], FeatureState | None]
"""Returns a feature as it stands, by layer and ``zs_uid``."""


def require_nothing_lost(edit: Edit, info: Callable[[str], LayerInfo], find: Find) -> None:
    """Refuse an edit that rebuilds a shape without what it holds; nothing is changed then.

    Undoing and putting back take the shape as it was kept, byte for byte, and are not asked.

    Raises
    ------
    GeometryError
        Naming the feature.
    """
    for change, uid in _rebuilding(edit):
        state = find(change.layer_uid, uid)
        if state is not None:
            require_readable(info(change.layer_uid), state)
            if not is_measured(change.geometry):
                require_unmeasured(info(change.layer_uid), state)


def rebuilt(edit: Edit) -> list[tuple[str, str]]:
    """Return the features, by layer and ``zs_uid``, whose shape goes into one that an edit makes."""
    return [(change.layer_uid, uid) for change, uid in _rebuilding(edit)]


def require_readable(info: LayerInfo, state: FeatureState) -> None:
    """Refuse to work with a shape that cannot be read.

    Raises
    ------
    GeometryError
        Naming the feature.
    """
    if state.unreadable:
        raise GeometryError(
            _("The shape of “{name}” has arcs or curves, which this program cannot rebuild.").format(
                name=name_of(info, state)
            ),
            where=info.name,
            remedy=_("It stays as it is. Let the program it comes from make straight edges of it first."),
        )


def require_unmeasured(info: LayerInfo, state: FeatureState) -> None:
    """Refuse to rebuild a shape with M values, which new corners cannot have.

    Raises
    ------
    GeometryError
        Naming the feature.
    """
    if is_measured(state.geometry):
        raise GeometryError(
            _("The shape of “{name}” carries M values, which this edit would lose.").format(
                name=name_of(info, state)
            ),
            where=info.name,
            remedy=_(
                "It stays as it is. Moved as a whole it keeps them; otherwise change a copy without them."
            ),
        )


def name_of(info: LayerInfo, state: FeatureState) -> str:
    """Return what people call a feature; the end of its identifier where it has no name."""
    return str(state.values.get(kind(info.kind).name_field) or f"…{state.zs_uid[-12:]}")


def _rebuilding(edit: Edit) -> Iterator[tuple[AddFeature | ChangeFeature, str]]:
    if edit.kind is not EditKind.EDIT:
        return
    for change in edit.changes:
        if isinstance(change, RemoveFeature) or change.geometry is Keep.SHAPE:
            continue
        own = () if isinstance(change, AddFeature) else (change.zs_uid,)
        for uid in (*own, *change.parents):
            yield change, uid
