"""What is done in the layer tree: groups, order, names, what is seen; and the tree kept as the session is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from layers.errors import InputError
from layers.kinds import KINDS
from layers.tree import Place
from layers.words import N_, _
from ui.actions import LAYER, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import Verb
from ui.flows.layer_menu import LayerFlows
from ui.panels.layer_items import TreeContent
from zsgis.finding.spelling import spelled_like
from zsgis.session import Change

_SPECS = (
    ActionSpec("group_layers", N_("Group"), LAYER, "folder", "Ctrl+Shift+G", "project", 4),
    ActionSpec("ungroup", N_("Ungroup"), LAYER, "ungroup", "Ctrl+Alt+G", "entry", 4),
    ActionSpec("rename_entry", N_("Rename"), LAYER, "rename", "F2", "entry", 4),
    ActionSpec("show_only", N_("Show only this"), LAYER, "eye", "Ctrl+Alt+H", "entry", 5),
    ActionSpec("unfold_groups", N_("Unfold all groups"), LAYER, "", "Ctrl+Alt+U", "project", 5),
    ActionSpec("fold_groups", N_("Fold all groups"), LAYER, "", "Ctrl+Alt+F", "project", 5),
)
# commands of other parts of the window that belong into a picture's menu; they act on what is chosen
_SHOWN = (
    Change.PROJECT,
    Change.LAYERS,
    Change.FEATURES,
    Change.PICTURES,
    Change.TREE,
    Change.LOOK,
)
_RASTER_ACTIONS = ("raster_look", "raster_overviews", "export_raster")
_SERVICE_ACTIONS = ("services",)


class LayerTreeFlows:
    """Joins the tree, the session and the edits; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._session = bench.desk.session
        self._window = bench.window
        self._panel = bench.window.layer_tree
        self._edits = bench.edits
        self._stack = bench.undo_stack
        self._layers = LayerFlows(bench.desk, edits=bench.edits, removed=bench.undo_stack.clear)
        self._told: dict[str, str] = {}
        self._connect(bench)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        panel = self._panel
        return {
            "group_layers": self.group,
            "ungroup": lambda: self._edits.tree.ungroup(panel.current_node()),
            "rename_entry": lambda: panel.begin_rename(panel.current_node()),
            "show_only": lambda: self._edits.tree.show_only(panel.chosen()),
            "unfold_groups": lambda: panel.unfold_all(True),
            "fold_groups": lambda: panel.unfold_all(False),
        }

    def _connect(self, bench: Bench) -> None:
        panel, edits = self._panel, self._edits
        panel.matches = spelled_like
        panel.visibility_changed.connect(edits.set_visible)
        panel.visibility_of_all.connect(self._show_all_of)
        panel.show_all_asked.connect(edits.tree.show_all)
        panel.opacity_changed.connect(edits.set_opacity)
        panel.moved.connect(self._move)
        panel.stepped.connect(edits.tree.step)
        panel.folded.connect(edits.tree.fold)
        panel.renamed.connect(self._rename)
        panel.remove_asked.connect(self.remove)
        panel.group_asked.connect(self.group)
        panel.zoom_asked.connect(bench.map_layers.zoom_to_layer)
        panel.menu_asked.connect(self._show_menu)
        bench.window.canvas.view_changed.connect(lambda view: panel.show_scale(view.scale_denominator))

    def group(self) -> None:
        """Put what is chosen into a new group and let its name be typed."""
        if self._session.project is None:
            return
        chosen = self._panel.chosen()
        try:
            uid = self._edits.tree.group(chosen, self._name_for(chosen))
        except InputError as error:
            self._desk.notice(str(error), None)
            return
        self._panel.begin_rename(uid)

    def remove(self, uid: str) -> None:
        """Remove a layer after asking, a picture after asking, a group's frame with its members kept."""
        session = self._session
        picture, group = session.picture(uid), session.tree.group(uid)
        if session.layer(uid) is not None:
            self._layers.remove(uid)
        elif picture is not None:
            verb = self._desk.dialogs.choose(
                _("Remove “{name}” from the map?").format(name=picture.name),
                _("Its file or service stays as it is. Undo brings it back."),
                (Verb("remove", _("Remove the picture")), Verb("keep", _("Keep the picture"))),
            )
            if verb == "remove":
                self._edits.tree.remove_picture(uid)
        elif group is not None:
            verb = self._desk.dialogs.choose(
                _("Take the group “{name}” apart?").format(name=group.name),
                _("Its layers stay, where the group stood."),
                (Verb("ungroup", _("Ungroup")), Verb("keep", _("Keep the group"))),
            )
            if verb == "ungroup":
                self._edits.tree.ungroup(uid)

    def _name_for(self, chosen: Sequence[str]) -> str:
        """Return a name for a new group: the heading its layers have in common, else a number."""
        kinds = {layer.kind for uid in chosen if (layer := self._session.layer(uid)) is not None}
        headings = {KINDS[kind].group for kind in kinds if kind in KINDS}
        if len(headings) == 1 and all(self._session.layer(uid) for uid in chosen):
            return _(headings.pop())
        return _("New group")

    def _rename(self, uid: str, name: str) -> None:
        if self._session.layer(uid) is not None:
            self._layers.rename(uid, name)
        else:
            self._edits.rename(uid, name)

    def _move(self, uids: tuple[str, ...], target: str | None, place: Place) -> None:
        try:
            self._edits.tree.move(uids, target, place)
        except InputError as error:
            self._desk.notice(str(error), None)

    def _show_all_of(self, uids: tuple[str, ...], visible: bool) -> None:
        self._stack.beginMacro(_("Show layers") if visible else _("Hide layers"))
        for uid in uids:
            self._edits.set_visible(uid, visible)
        self._stack.endMacro()

    def _show_menu(self, uid: str, _class_value: str, place: QPoint) -> None:
        """Show the menu of a group or a picture; a layer's is the workbench's."""
        if self._session.layer(uid) is not None:
            return
        menu = self.menu(uid)
        menu.popup(place)

    def menu(self, uid: str) -> QMenu:
        """Return the menu of a group or a picture."""
        tree, panel = self._edits.tree, self._panel
        menu = QMenu(self._window)
        picture = self._session.picture(uid)
        if picture is not None:
            menu.addAction(_("Zoom to picture"), partial(panel.zoom_asked.emit, uid))
            for key in _RASTER_ACTIONS if picture.type == "raster" else _SERVICE_ACTIONS:
                menu.addAction(self._window.findChild(QAction, key))
        else:
            menu.addAction(_("Show all in it"), partial(tree.show_all, (uid,)))
        menu.addAction(_("Show only this"), partial(tree.show_only, (uid,)))
        menu.addSeparator()
        menu.addAction(_("Rename"), partial(panel.begin_rename, uid))
        if picture is None:
            menu.addAction(_("Ungroup"), partial(tree.ungroup, uid))
            menu.addAction(_("Unfold all groups"), partial(panel.unfold_all, True))
            menu.addAction(_("Fold all groups"), partial(panel.unfold_all, False))
        else:
            menu.addAction(_("Remove…"), partial(self.remove, uid))
        return menu

    def _take_change(self, change: Change) -> None:
        session = self._session
        if change not in _SHOWN:
            return
        content = TreeContent(session.tree, session.layers, session.pictures, session.troubles, session.off)
        if change in (Change.LOOK, Change.FEATURES):
            self._panel.show_look(content)
        else:
            self._panel.show_tree(content)
        if change is Change.PROJECT:
            self._told = {}
        for uid, text in session.troubles.items():
            if self._told.get(uid) != text:
                self._told[uid] = text
                self._desk.notice(text, None)
