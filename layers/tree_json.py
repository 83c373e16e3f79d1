"""The layer tree as JSON, as a project's settings keep it."""

from __future__ import annotations

from typing import Any

from layers.errors import InputError
from layers.tree import MAX_DEPTH, Group, LayerTree, Leaf, Node
from layers.words import _

_MOST_NODES = 20_000
_MOST_CHARACTERS = 200


def tree_as_json(tree: LayerTree) -> list[dict[str, Any]]:
    """Return a tree as lists and mappings that JSON can hold."""
    return [_as_json(node) for node in tree.nodes]


def tree_from_json(value: Any) -> LayerTree:
    """Return the tree that :func:`tree_as_json` made.

    Raises
    ------
    InputError
        When ``value`` is no such tree: other types, a uid twice, groups too deep in each other, too many.
    """
    seen: set[str] = set()
    return LayerTree(tuple(_node(entry, seen, 1) for entry in _entries(value)))


def _as_json(node: Node) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return {"layer": node.uid}
    return {
        "group": node.uid,
        "name": node.name,
        "open": node.open,
        "visible": node.visible,
        "nodes": [_as_json(inner) for inner in node.nodes],
    }


def _node(entry: Any, seen: set[str], level: int) -> Node:
    if not isinstance(entry, dict):
        raise _unreadable()
    if "layer" in entry:
        return Leaf(_uid(entry["layer"], seen))
    if level > MAX_DEPTH:
        raise _unreadable()
    name, is_open, visible = entry.get("name"), entry.get("open", True), entry.get("visible", True)
    if not isinstance(name, str) or not isinstance(is_open, bool) or not isinstance(visible, bool):
        raise _unreadable()
    uid = _uid(entry.get("group"), seen)
    inner = tuple(_node(each, seen, level + 1) for each in _entries(entry.get("nodes")))
    return Group(uid, name[:_MOST_CHARACTERS], is_open, visible, inner)


def _entries(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _unreadable()
    return value


def _uid(value: Any, seen: set[str]) -> str:
    if not isinstance(value, str) or not value or value in seen or len(seen) >= _MOST_NODES:
        raise _unreadable()
    seen.add(value)
    return value


def _unreadable() -> InputError:
    return InputError(
        _("How the layers are grouped cannot be read."),
        remedy=_("All layers are there; group them anew where groups are missing."),
    )
