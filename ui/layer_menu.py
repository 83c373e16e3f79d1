"""The menu of one layer of the tree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from layers.standing import STANDINGS
from layers.words import _
from ui.flows.layer_menu import LayerFlows
from ui.layer_edits import LayerEdits

if TYPE_CHECKING:
    from layers.store import LayerInfo


def layer_menu(
    parent: QWidget,
    layer: LayerInfo,
    class_value: str,
    *,
    actions: Mapping[str, QAction],
    flows: LayerFlows,
    edits: LayerEdits,
) -> QMenu:
    """Return the menu of a layer, or of one of its classes where ``class_value`` names it."""
    uid = layer.uid
    menu = QMenu(parent)
    menu.addAction(actions["zoom_layer"])
    menu.addAction(actions["attribute_table"])
    menu.addAction(actions["rename_entry"])
    menu.addAction(actions["style_edit"])
    recolor = menu.addAction(_("Change colour…"), partial(flows.recolor, uid, class_value))
    if recolor is not None:
        recolor.setEnabled(bool(class_value) or not layer.style.rules)
    menu.addSeparator()
    menu.addAction(_("Secrecy…"), partial(flows.mark_secrecy, uid))
    _add_statuses(menu, layer, edits)
    menu.addSeparator()
    menu.addAction(actions["show_only"])
    menu.addAction(actions["group_layers"])
    menu.addSeparator()
    menu.addAction(actions["export_layer"])
    menu.addAction(_("Remove…"), partial(flows.remove, uid))
    return menu


def _add_statuses(menu: QMenu, layer: LayerInfo, edits: LayerEdits) -> None:
    statuses = menu.addMenu(_("Status of the data"))
    if statuses is None:
        return
    for status in STANDINGS:
        action = statuses.addAction(status, partial(edits.set_status, layer.uid, status))
        if action is not None:
            action.setCheckable(True)
            action.setChecked(layer.status == status)
