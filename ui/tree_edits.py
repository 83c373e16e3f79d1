"""Changes to groups, order and pictures that can be undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QUndoCommand, QUndoStack

from layers.tree import Group, LayerTree, Leaf, Place
from layers.words import _
from ui.pending_writes import PendingWrites, Waiting
from zsgis.arrangement import settings_of
from zsgis.session import Session

if TYPE_CHECKING:
    from layers.pictures.model import Picture

_MERGING = 2


@dataclass(frozen=True)
class _State:
    """How everything stood; ``visible`` only of layers that a step shows or hides."""

    tree: LayerTree
    pictures: tuple[Picture, ...]
    visible: Mapping[str, bool] = field(default_factory=dict)


class _ArrangeCommand(QUndoCommand):
    """Tree and pictures, before and after; steps with the same ``merged`` word become one."""

    def __init__(self, edits: TreeEdits, states: tuple[_State, _State], text: str, merged: str = "") -> None:
        super().__init__(text)
        self._edits = edits
        self._before, self._after = states
        self._merged = merged

    def redo(self) -> None:
        """Show and write what is wanted."""
        self._edits.apply(self._after)

    def undo(self) -> None:
        """Show and write what was."""
        self._edits.apply(self._before)

    def id(self) -> int:
        """Let neighbouring moves of a slider be one step of undo."""
        return _MERGING if self._merged else -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        """Take the later state of the same slider over."""
        if not isinstance(other, _ArrangeCommand) or other._merged != self._merged:
            return False
        self._after = other._after
        return True


class TreeEdits:
    """Shows a change of tree or pictures at once and writes it aside."""

    def __init__(self, session: Session, writes: PendingWrites, undo_stack: QUndoStack) -> None:
        self._session = session
        self._writes = writes
        self._stack = undo_stack

    def add_picture(self, picture: Picture, *, over: str = "") -> None:
        """Put a picture into the map: over a layer, else below the layers, a service below the rasters."""
        pictures, text = (*self._session.pictures, picture), _("Add {name}").format(name=picture.name)
        if over:
            whole = LayerTree((*self._session.tree.nodes, Leaf(picture.uid)))
            self._push(whole.moved((picture.uid,), over, Place.ABOVE), pictures, text)
        else:
            self._set_pictures(pictures, text)

    def remove_picture(self, uid: str) -> None:
        """Take a picture out of the map; its file or service stays as it is."""
        picture = self._session.picture(uid)
        if picture is not None:
            rest = tuple(other for other in self._session.pictures if other.uid != uid)
            self._set_pictures(rest, _("Remove {name}").format(name=picture.name))

    def replace_picture(self, picture: Picture, text: str, merged: str = "") -> None:
        """Put a picture in the place of the one with its uid; ``text`` says what that is in the undo menu."""
        changed = tuple(picture if other.uid == picture.uid else other for other in self._session.pictures)
        self._set_pictures(changed, text, merged)

    def change_picture(self, uid: str, text: str, merged: str = "", **changes: Any) -> None:
        """Change fields of a picture."""
        picture = self._session.picture(uid)
        if picture is not None:
            self.replace_picture(picture.model_copy(update=changes), text, merged)

    def set_visible(self, uid: str, visible: bool) -> None:
        """Show or hide a picture, or a group with all its members."""
        if self._session.picture(uid) is not None:
            self.change_picture(uid, _("Show picture") if visible else _("Hide picture"), visible=visible)
        elif self._session.tree.group(uid) is not None:
            text = _("Show group") if visible else _("Hide group")
            self._set_tree(self._session.tree.with_visible(uid, visible), text)

    def set_opacity(self, uid: str, opacity: float) -> None:
        """Make a picture more or less opaque, 0 to 1."""
        self.change_picture(uid, _("Opacity"), f"opacity {uid}", opacity=opacity)

    def rename(self, uid: str, name: str) -> None:
        """Give a picture or a group another name."""
        if self._session.picture(uid) is not None:
            self.change_picture(uid, _("Rename picture"), name=name)
        else:
            self._set_tree(self._session.tree.renamed(uid, name), _("Rename group"))

    def move(self, uids: Collection[str], target: str | None, place: Place = Place.ABOVE) -> None:
        """Put layers, pictures and groups elsewhere in the tree.

        Raises
        ------
        InputError
            When groups would stand too deep in each other.
        """
        self._set_tree(self._session.tree.moved(uids, target, place), _("Layer order"))

    def step(self, uid: str, step: int) -> None:
        """Put something one place down (1) or up (-1)."""
        self._set_tree(self._session.tree.stepped(uid, step), _("Layer order"))

    def group(self, uids: Collection[str], name: str) -> str:
        """Put things into a new group; return its uid.

        Raises
        ------
        InputError
            When groups would stand too deep in each other.
        """
        from layers.store.uids import new_uid

        uid = new_uid()
        self._set_tree(self._session.tree.grouped(uids, uid, name), _("Group"))
        return uid

    def ungroup(self, uid: str) -> None:
        """Put a group's members in its place."""
        self._set_tree(self._session.tree.ungrouped(uid), _("Ungroup"))

    def show_only(self, uids: Sequence[str]) -> None:
        """Show these layers, pictures and groups (with all in them), and nothing else."""
        session, tree = self._session, self._session.tree
        wanted = {leaf for uid in uids for leaf in tree.members(uid)}
        around = {group.uid for leaf in wanted for group in tree.parents(leaf)}
        for node in session.tree.walk():
            if isinstance(node, Group):
                tree = tree.with_visible(node.uid, node.uid in around)
        pictures = tuple(
            picture.model_copy(update={"visible": picture.uid in wanted}) for picture in session.pictures
        )
        self._push(tree, pictures, _("Show only this"), {uid: uid in wanted for uid in self._layer_uids()})

    def show_all(self, uids: Sequence[str]) -> None:
        """Show these layers, pictures and groups with all in them."""
        session, tree = self._session, self._session.tree
        wanted = {leaf for uid in uids for leaf in tree.members(uid)}
        for group in {group.uid for leaf in wanted for group in tree.parents(leaf)} | set(uids):
            tree = tree.with_visible(group, True)
        pictures = tuple(
            picture.model_copy(update={"visible": True}) if picture.uid in wanted else picture
            for picture in session.pictures
        )
        self._push(tree, pictures, _("Show all"), {uid: True for uid in self._layer_uids() if uid in wanted})

    def fold(self, uid: str, is_open: bool) -> None:
        """Fold a group open or shut: written, and no step of undo."""
        tree = self._session.tree.folded(uid, is_open)
        if tree != self._session.tree:
            self._show(tree, self._session.pictures)

    def apply(self, state: _State) -> None:
        """Show a state and write it; groups stay folded as they are now."""
        tree = state.tree
        for node in self._session.tree.walk():
            if isinstance(node, Group):
                tree = tree.folded(node.uid, node.open)
        if state.visible:
            self._session.show_layers(state.visible)
            self._writes.note(lambda waiting: _note_visible(waiting, state.visible))
        self._show(tree, state.pictures)

    def _layer_uids(self) -> tuple[str, ...]:
        return tuple(layer.uid for layer in self._session.layers)

    def _set_tree(self, tree: LayerTree, text: str) -> None:
        self._push(tree, self._session.pictures, text)

    def _set_pictures(self, pictures: tuple[Picture, ...], text: str, merged: str = "") -> None:
        self._push(self._session.tree, pictures, text, merged=merged)

    def _push(
        self,
        tree: LayerTree,
        pictures: tuple[Picture, ...],
        text: str,
        visible: Mapping[str, bool] | None = None,
        merged: str = "",
    ) -> None:
        session = self._session
        now = {layer.uid: layer.visible for layer in session.layers}
        changing = {uid: shown for uid, shown in (visible or {}).items() if now.get(uid) != shown}
        if not changing and (tree, pictures) == (session.tree, session.pictures):
            return
        before = _State(session.tree, session.pictures, {uid: now[uid] for uid in changing})
        states = before, _State(tree, pictures, changing)
        self._stack.push(_ArrangeCommand(self, states, text, merged))

    def _show(self, tree: LayerTree, pictures: tuple[Picture, ...]) -> None:
        session = self._session
        before = self._layer_uids()
        session.arrange(tree, pictures)
        order = self._layer_uids()
        settings = settings_of(session.arrangement)

        def note(waiting: Waiting) -> None:
            waiting.settings.update(settings)
            if order != before:
                waiting.order = order

        self._writes.note(note)


def _note_visible(waiting: Waiting, visible: Mapping[str, bool]) -> None:
    for uid, shown in visible.items():
        waiting.changes.setdefault(uid, {})["visible"] = shown
