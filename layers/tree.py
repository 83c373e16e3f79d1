"""The layer tree: what is drawn over what, in groups; pure functions on a frozen tree.

A tree knows uids only: whether one belongs to a layer with features or to a picture is not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from layers.errors import InputError
from layers.words import _

MAX_DEPTH = 8
"""So many groups may stand inside each other."""


@dataclass(frozen=True)
class Leaf:
    """A layer or a picture."""

    uid: str


@dataclass(frozen=True)
class Group:
    """Neighbours under a name.

    Attributes
    ----------
    open : bool
        Whether its members are seen in the tree.
    visible : bool
        Whether its members are drawn; each keeps its own word besides.
    """

    uid: str
    name: str
    open: bool = True
    visible: bool = True
    nodes: tuple[Node, ...] = ()


Node = Leaf | Group
_Nodes = tuple[Node, ...]


class Place(StrEnum):
    """Where something goes, seen from what it is put at."""

    ABOVE = "above"
    BELOW = "below"
    FIRST_IN = "first in"
    LAST_IN = "last in"


@dataclass(frozen=True)
class LayerTree:
    """Groups and leaves, top first; every uid stands in it once."""

    nodes: tuple[Node, ...] = ()

    def order(self) -> tuple[str, ...]:
        """Return the uids of all leaves, top first: the drawing order."""
        return tuple(node.uid for node in self.walk() if isinstance(node, Leaf))

    def walk(self) -> Iterator[Node]:
        """Yield every node, a group before its members, top first."""
        return _walk(self.nodes)

    def find(self, uid: str) -> Node | None:
        """Return the node with this uid."""
        return next((node for node in self.walk() if node.uid == uid), None)

    def group(self, uid: str) -> Group | None:
        """Return the group with this uid; None where there is none, or a leaf."""
        found = self.find(uid)
        return found if isinstance(found, Group) else None

    def parents(self, uid: str) -> tuple[Group, ...]:
        """Return the groups that hold a node, the outermost first."""
        return _path(self.nodes, uid) or ()

    def shown(self, uid: str) -> bool:
        """Tell whether every group around a node is visible."""
        return all(group.visible for group in self.parents(uid))

    def hidden(self) -> frozenset[str]:
        """Return the leaves that some group around them hides."""
        return frozenset(_hidden(self.nodes, False))

    def members(self, uid: str) -> tuple[str, ...]:
        """Return the leaves of a group, top first; of a leaf itself."""
        found = self.find(uid)
        return tuple(node.uid for node in _walk((found,)) if isinstance(node, Leaf)) if found else ()

    def moved(self, uids: Collection[str], target: str | None, place: Place = Place.ABOVE) -> LayerTree:
        """Return the tree with some nodes put at another; None as target means the very end.

        They keep their order among themselves. A target that is itself moved, or stands in what is moved,
        changes nothing.

        Raises
        ------
        InputError
            When groups would stand deeper in each other than :data:`MAX_DEPTH`.
        """
        travelling = tuple(_topmost(self.nodes, frozenset(uids)))
        taken = {node.uid for node in _walk(travelling)}
        if not travelling or target in taken:
            return self
        rest = _without(self.nodes, {node.uid for node in travelling})
        if target is None:
            return LayerTree((*rest, *travelling))
        if self.find(target) is None:
            return self
        return _checked(_replaced(rest, target, lambda node: _placed(node, travelling, place)))

    def stepped(self, uid: str, step: int) -> LayerTree:
        """Return the tree after a node went one place down (``step`` 1) or up (-1).

        A leaf enters an open group on its way and leaves its own at the end; a group passes others whole.
        """
        parents = self.parents(uid)
        siblings = parents[-1].nodes if parents else self.nodes
        place = next((number for number, node in enumerate(siblings) if node.uid == uid), None)
        if place is None:
            return self
        beyond = Place.BELOW if step > 0 else Place.ABOVE
        goal = place + (1 if step > 0 else -1)
        if not 0 <= goal < len(siblings):
            return self.moved((uid,), parents[-1].uid, beyond) if parents else self
        neighbour = siblings[goal]
        if isinstance(neighbour, Group) and neighbour.open and isinstance(siblings[place], Leaf):
            return self.moved((uid,), neighbour.uid, Place.FIRST_IN if step > 0 else Place.LAST_IN)
        return self.moved((uid,), neighbour.uid, beyond)

    def grouped(self, uids: Collection[str], group_uid: str, name: str) -> LayerTree:
        """Return the tree with some nodes in a new group, where the topmost of them stood.

        Without nodes the group is empty and on top.

        Raises
        ------
        InputError
            When groups would stand deeper in each other than :data:`MAX_DEPTH`.
        """
        chosen = tuple(_topmost(self.nodes, frozenset(uids)))
        if not chosen:
            return LayerTree((Group(group_uid, name), *self.nodes))
        made = _replaced(self.nodes, chosen[0].uid, lambda node: (Group(group_uid, name, nodes=(node,)),))
        rest = {node.uid for node in chosen[1:]}
        return _checked(
            _replaced(
                _without(made, rest),
                group_uid,
                lambda group: (replace(group, nodes=chosen),) if isinstance(group, Group) else (group,),
            )
        )

    def ungrouped(self, uid: str) -> LayerTree:
        """Return the tree with a group's members in its place."""
        return LayerTree(
            _replaced(self.nodes, uid, lambda node: node.nodes if isinstance(node, Group) else (node,))
        )

    def renamed(self, uid: str, name: str) -> LayerTree:
        """Return the tree with another name on a group."""
        return self._changed(uid, lambda group: replace(group, name=name))

    def folded(self, uid: str, is_open: bool) -> LayerTree:
        """Return the tree with a group folded open or shut."""
        return self._changed(uid, lambda group: replace(group, open=is_open))

    def with_visible(self, uid: str, visible: bool) -> LayerTree:
        """Return the tree with a group shown or hidden."""
        return self._changed(uid, lambda group: replace(group, visible=visible))

    def with_layers(self, uids: Sequence[str]) -> LayerTree:
        """Return the tree for what exists now.

        Parameters
        ----------
        uids : sequence of str
            Every layer and picture there is, in the order in which they would stand by themselves, top first.
            What is gone leaves the tree. What is new stands below its neighbour above; inside a group only
            where its neighbours on both sides are.
        """
        known = set(uids)
        gone = {node.uid for node in self.walk() if isinstance(node, Leaf) and node.uid not in known}
        tree = LayerTree(_without(self.nodes, gone)) if gone else self
        present = set(tree.order())
        if not present and not tree.nodes:
            return LayerTree(tuple(Leaf(uid) for uid in dict.fromkeys(uids)))
        for number, uid in enumerate(uids):
            if uid not in present:
                above = next((other for other in reversed(uids[:number]) if other in present), None)
                below = next((other for other in uids[number + 1 :] if other in present), None)
                tree = tree._with_new(uid, above, below)
                present.add(uid)
        return tree

    def _changed(self, uid: str, change: Callable[[Group], Group]) -> LayerTree:
        return LayerTree(
            _replaced(self.nodes, uid, lambda node: (change(node) if isinstance(node, Group) else node,))
        )

    def _with_new(self, uid: str, above: str | None, below: str | None) -> LayerTree:
        leaf = Leaf(uid)
        neighbour = above or below
        if neighbour is None:
            return LayerTree((*self.nodes, leaf))
        other = self.parents(below) if above and below else ()
        parents = self.parents(neighbour)
        common = 0
        while common < min(len(parents), len(other)) and parents[common].uid == other[common].uid:
            common += 1
        anchor = parents[common].uid if common < len(parents) else neighbour
        place = Place.BELOW if above else Place.ABOVE
        return LayerTree(_replaced(self.nodes, anchor, lambda node: _placed(node, (leaf,), place)))


def _walk(nodes: _Nodes) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Group):
            yield from _walk(node.nodes)


def _path(nodes: _Nodes, uid: str) -> tuple[Group, ...] | None:
    for node in nodes:
        if node.uid == uid:
            return ()
        if isinstance(node, Group):
            inner = _path(node.nodes, uid)
            if inner is not None:
                return (node, *inner)
    return None


def _hidden(nodes: _Nodes, hidden: bool) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _hidden(node.nodes, hidden or not node.visible)
        elif hidden:
            yield node.uid


def _topmost(nodes: _Nodes, uids: frozenset[str]) -> Iterator[Node]:
    """Yield the nodes with these uids; those inside one of them come with it."""
    for node in nodes:
        if node.uid in uids:
            yield node
        elif isinstance(node, Group):
            yield from _topmost(node.nodes, uids)


def _without(nodes: _Nodes, uids: Collection[str]) -> _Nodes:
    return tuple(
        replace(node, nodes=_without(node.nodes, uids)) if isinstance(node, Group) else node
        for node in nodes
        if node.uid not in uids
    )


def _replaced(nodes: _Nodes, uid: str, change: Callable[[Node], _Nodes]) -> _Nodes:
    made: list[Node] = []
    for node in nodes:
        if node.uid == uid:
            made += change(node)
        elif isinstance(node, Group):
            made.append(replace(node, nodes=_replaced(node.nodes, uid, change)))
        else:
            made.append(node)
    return tuple(made)


def _placed(node: Node, travelling: _Nodes, place: Place) -> _Nodes:
    if isinstance(node, Group) and place is Place.FIRST_IN:
        return (replace(node, nodes=(*travelling, *node.nodes)),)
    if isinstance(node, Group) and place is Place.LAST_IN:
        return (replace(node, nodes=(*node.nodes, *travelling)),)
    return (*travelling, node) if place in (Place.ABOVE, Place.FIRST_IN) else (node, *travelling)


def _checked(nodes: _Nodes) -> LayerTree:
    if depth(nodes) > MAX_DEPTH:
        raise InputError(
            _("Groups can stand at most {most} deep in each other.").format(most=MAX_DEPTH),
            remedy=_("Put the group further out."),
        )
    return LayerTree(nodes)


def depth(nodes: Sequence[Node]) -> int:
    """Return how many groups stand inside each other at most."""
    return max((1 + depth(node.nodes) for node in nodes if isinstance(node, Group)), default=0)
