"""The headings of the layer tree: over neighbours of one sort that stand in no group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from layers.tree import Leaf, Node


def runs(nodes: Sequence[Node], heading_of: Callable[[str], str]) -> list[tuple[str, list[Node]]]:
    """Return the headings of the tree, top first, each with what stands under it; a group has none ("").

    A heading stands over neighbours only, so that the tree never shows another order than the map draws.
    """

    def heading(node: Node) -> str:
        return heading_of(node.uid) if isinstance(node, Leaf) else ""

    return [(title, list(members)) for title, members in groupby(nodes, key=heading)]
