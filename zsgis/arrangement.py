"""How a project's layers and pictures are arranged, and how its settings remember that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, overload

from layers.errors import InputError
from layers.tree import Group, LayerTree, Node
from layers.tree_json import tree_as_json, tree_from_json
from layers.words import _

if TYPE_CHECKING:
    from layers.pictures.model import Picture
    from layers.store import LayerInfo, Project

TREE_SETTING = "layer_tree"
PICTURES_SETTING = "pictures"


@dataclass(frozen=True)
class Arrangement:
    """Groups and order, and the pictures.

    Attributes
    ----------
    unread : tuple
        Entries of the list of pictures that this program cannot read; they are kept as they are.
    findings : tuple of str
        What could not be read, as sentences.
    """

    tree: LayerTree = field(default_factory=LayerTree)
    pictures: tuple[Picture, ...] = ()
    unread: tuple[Any, ...] = ()
    findings: tuple[str, ...] = ()


def read_arrangement(project: Project) -> Arrangement:
    """Return how a project's layers and pictures are arranged.

    What cannot be read is left out and said in ``findings``; the rest goes on.
    """
    findings: list[str] = []
    tree = LayerTree()
    stored = project.setting(TREE_SETTING)
    if stored is not None:
        try:
            tree = tree_from_json(stored)
        except InputError as error:
            findings.append(str(error))
    pictures, unread = _read_pictures(project.setting(PICTURES_SETTING, []), findings)
    return Arrangement(tree, pictures, unread, tuple(findings))


def settings_of(arrangement: Arrangement) -> dict[str, Any]:
    """Return the settings that :func:`read_arrangement` reads."""
    pictures: list[Any] = []
    if arrangement.pictures:
        from layers.pictures.model import picture_to_json

        pictures = [picture_to_json(picture) for picture in arrangement.pictures]
    return {
        TREE_SETTING: tree_as_json(arrangement.tree),
        PICTURES_SETTING: [*pictures, *arrangement.unread],
    }


def layers_as_shown(project: Project) -> tuple[LayerInfo, ...]:
    """Return a project's layers, top first; one that a hidden group hides is not visible either."""
    hidden = read_arrangement(project).tree.hidden()
    return tuple(
        replace(layer, visible=False) if layer.uid in hidden else layer for layer in project.layers()
    )


def tree_of(tree: LayerTree, layers: Sequence[LayerInfo], pictures: Sequence[Picture]) -> LayerTree:
    """Return a tree for what exists: layers by themselves as given, below them rasters, then services."""
    rasters = [picture.uid for picture in pictures if picture.type == "raster"]
    services = [picture.uid for picture in pictures if picture.type != "raster"]
    return tree.with_layers([*(layer.uid for layer in layers), *rasters, *services])


@overload
def same_but_look(first: LayerTree, second: LayerTree) -> bool: ...
@overload
def same_but_look(first: tuple[Picture, ...], second: tuple[Picture, ...]) -> bool: ...
def same_but_look(first: LayerTree | tuple[Picture, ...], second: LayerTree | tuple[Picture, ...]) -> bool:
    """Tell whether two trees, or two lists of pictures, differ at most in how strongly they are shown."""
    if isinstance(first, LayerTree) and isinstance(second, LayerTree):
        return _plain(first.nodes) == _plain(second.nodes)
    if isinstance(first, LayerTree) or isinstance(second, LayerTree):
        return False
    return _undimmed(first) == _undimmed(second)


def _plain(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(
        replace(node, open=True, visible=True, nodes=_plain(node.nodes)) if isinstance(node, Group) else node
        for node in nodes
    )


def _undimmed(pictures: tuple[Picture, ...]) -> dict[str, Picture]:
    plain = {"visible": True, "opacity": 1.0}
    return {picture.uid: picture.model_copy(update=plain) for picture in pictures}


def _read_pictures(stored: Any, findings: list[str]) -> tuple[tuple[Picture, ...], tuple[Any, ...]]:
    if not stored:
        return (), ()
    from pydantic import ValidationError

    from layers.pictures.model import picture_from_json

    if not isinstance(stored, list):
        findings.append(_("The project's list of pictures cannot be read."))
        return (), ()
    read: dict[str, Picture] = {}
    unread = []
    for entry in stored:
        try:
            picture = picture_from_json(entry)
        except ValidationError:
            name = entry.get("name") if isinstance(entry, dict) else None
            findings.append(_("A picture of the project cannot be read: {name}").format(name=name or "?"))
            unread.append(entry)
            continue
        read.setdefault(picture.uid, picture)
    return tuple(read.values()), tuple(unread)
