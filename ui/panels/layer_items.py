"""The rows of the layer tree: groups, layers, pictures, classes, and what each of them says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QIcon
from PyQt6.QtWidgets import QTreeWidgetItem

from layers.kinds import KINDS
from layers.store.model import LayerInfo
from layers.tree import Group, LayerTree, Leaf, Node
from layers.words import N_, _
from ui.icons import icon
from ui.panels.layer_order import runs
from ui.panels.layer_view import (
    CLASS,
    COUNT_COLUMN,
    ENTRY,
    GROUP,
    HEADING,
    LAYER,
    PICTURE,
    SORT,
    UID,
    LayerView,
)
from ui.swatches import bands, symbol_icon
from ui.theme import Colors

if TYPE_CHECKING:
    from layers.pictures.model import Picture
    from layers.style import ClassRule, Style, Symbol

_Flag = Qt.ItemFlag
_MOVABLE = _Flag.ItemIsSelectable | _Flag.ItemIsEnabled | _Flag.ItemIsDragEnabled | _Flag.ItemIsDropEnabled
_NAMED = _MOVABLE | _Flag.ItemIsUserCheckable | _Flag.ItemIsEditable
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_PICTURES = N_("Imagery and base maps")
_BANDS = 4


@dataclass(frozen=True)
class TreeContent:
    """What the tree shows: order and groups, layers and pictures, what is wrong with any or switched off."""

    tree: LayerTree = field(default_factory=LayerTree)
    layers: tuple[LayerInfo, ...] = ()
    pictures: tuple[Picture, ...] = ()
    troubles: Mapping[str, str] = field(default_factory=dict)
    off: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowLook:
    """How rows are coloured now."""

    colors: Colors
    quiet: QBrush
    plain: QBrush
    denominator: float | None = None


def fill(view: LayerView, content: TreeContent, look: RowLook, unfolded: Collection[str]) -> None:
    """Put the rows in anew; layers in ``unfolded`` show their classes."""
    view.clear()
    root = view.invisibleRootItem()
    if root is None:
        return
    rows = _Rows(content, look, unfolded)
    headings = heading_of(content)
    seen: set[str] = set()
    for heading, nodes in runs(content.tree.nodes, lambda uid: headings.get(uid, "")):
        above = root
        if heading:
            title = _("{group} (continued)").format(group=_(heading)) if heading in seen else _(heading)
            seen.add(heading)
            above = heading_item(title, look)
            root.addChild(above)
            above.setExpanded(True)
        for node in nodes:
            rows.add(node, above)


class _Rows:
    """Makes rows below each other."""

    def __init__(self, content: TreeContent, look: RowLook, unfolded: Collection[str]) -> None:
        self._content, self._look, self._unfolded = content, look, unfolded
        self._entries = {entry.uid: entry for entry in (*content.layers, *content.pictures)}

    def add(self, node: Node, above: QTreeWidgetItem) -> None:
        """Put a node's row, with all in it, under another."""
        item = self._row(node)
        if item is None:
            return
        above.addChild(item)
        if isinstance(node, Group):
            for member in node.nodes:
                self.add(member, item)
            item.setExpanded(node.open)
        elif node.uid in self._unfolded:
            add_classes(item, self._content, self._look)
            item.setExpanded(True)

    def _row(self, node: Node) -> QTreeWidgetItem | None:
        if isinstance(node, Group):
            return group_item(node, self._look)
        entry, trouble = self._entries.get(node.uid), self._content.troubles.get(node.uid, "")
        if isinstance(entry, LayerInfo):
            return layer_item(entry, self._look, trouble)
        if entry is None:
            return None
        return picture_item(entry, self._look, trouble, self._content.off.get(node.uid, ""))


def add_classes(item: QTreeWidgetItem, content: TreeContent, look: RowLook) -> None:
    """Put a layer's classes under it, once: a standard has hundreds, and most are never looked at."""
    uid = str(item.data(0, UID))
    layer = next((layer for layer in content.layers if layer.uid == uid), None)
    if layer is not None and not item.childCount():
        item.addChildren([class_item(layer, rule, look) for rule in layer.style.rules])


def heading_item(title: str, look: RowLook) -> QTreeWidgetItem:
    """Return a heading's row."""
    item = _item(HEADING, "", title)
    item.setFlags(_MOVABLE)
    item.setForeground(0, look.quiet)
    return item


def group_item(group: Group, look: RowLook) -> QTreeWidgetItem:
    """Return a group's row, without its members."""
    item = _item(GROUP, group.uid, group.name)
    item.setFlags(_NAMED)
    item.setIcon(0, icon("folder", look.colors.muted))
    item.setToolTip(0, _("{name}\nGroup of {count}").format(name=group.name, count=_leaves(group)))
    return item


def layer_item(layer: LayerInfo, look: RowLook, trouble: str) -> QTreeWidgetItem:
    """Return a layer's row, without its classes."""
    item = _item(LAYER, layer.uid, layer.name, f"{layer.feature_count:,}")
    item.setFlags(_NAMED)
    item.setCheckState(0, _checked(layer.visible))
    item.setTextAlignment(COUNT_COLUMN, _RIGHT)
    item.setForeground(COUNT_COLUMN, look.quiet)
    item.setIcon(0, icon("warning", look.colors.danger) if trouble else style_icon(layer))
    if layer.style.rules:
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
    show_scale(item, layer, look, trouble)
    return item


def picture_item(picture: Picture, look: RowLook, trouble: str, off: str) -> QTreeWidgetItem:
    """Return a picture's row; ``off`` says why a service is asked nothing, which is no trouble."""
    item = _item(PICTURE, picture.uid, picture.name, _("off") if off else "")
    item.setTextAlignment(COUNT_COLUMN, _RIGHT)
    item.setForeground(COUNT_COLUMN, look.quiet)
    item.setFlags(_NAMED)
    item.setCheckState(0, _checked(picture.visible))
    name = "picture" if picture.type in ("raster", "mbtiles") else "services"
    item.setIcon(0, icon("warning", look.colors.danger) if trouble else icon(name, look.colors.muted))
    lines = [picture.name, _("Raster") if picture.type == "raster" else _("Map service or tiles")]
    lines += [_("Secrecy: {secrecy}").format(secrecy=picture.secrecy)] if picture.secrecy else []
    item.setToolTip(0, "\n".join([*lines, *(said for said in (trouble, off) if said)]))
    return item


def class_item(layer: LayerInfo, rule: ClassRule, look: RowLook) -> QTreeWidgetItem:
    """Return the row of one of a layer's classes."""
    item = _item(ENTRY, layer.uid, rule.title)
    item.setData(0, CLASS, rule.value)
    item.setFlags(_Flag.ItemIsSelectable | _Flag.ItemIsEnabled)
    item.setIcon(0, symbol_icon(rule.symbol, layer.geometry, faded=not rule.visible))
    item.setToolTip(0, rule.title if rule.visible else _("{name}\nNot shown").format(name=rule.title))
    if not rule.visible:
        item.setForeground(0, look.quiet)
    return item


def show_scale(item: QTreeWidgetItem, layer: LayerInfo, look: RowLook, trouble: str) -> None:
    """Grey a layer that the map's scale leaves out, and say at which scales it is seen."""
    out = look.denominator is not None and not layer.style.shown_at(look.denominator)
    item.setForeground(0, look.quiet if out else look.plain)
    lines = [layer.name, _(KINDS[layer.kind].title) if layer.kind in KINDS else layer.kind]
    if layer.status:
        lines.append(_("Data status: {status}").format(status=layer.status))
    lines += [scale_hint(layer.style)] if scale_hint(layer.style) else []
    item.setToolTip(0, "\n".join([*lines, *([trouble] if trouble else [])]))


def scale_hint(style: Style) -> str:
    """Return at which scales a style is seen; empty where at all."""
    low, high = style.min_denominator, style.max_denominator
    if low is not None and high is not None:
        return _("Shown from 1:{high} to 1:{low}").format(high=f"{high:,.0f}", low=f"{low:,.0f}")
    if high is not None:
        return _("Shown from 1:{high}, closer by").format(high=f"{high:,.0f}")
    return _("Shown up to 1:{low}, farther away").format(low=f"{low:,.0f}") if low is not None else ""


def heading_of(content: TreeContent) -> Mapping[str, str]:
    """Return the heading (a message id) each layer and picture stands under by itself."""
    groups = {
        layer.uid: KINDS[layer.kind].group if layer.kind in KINDS else layer.kind for layer in content.layers
    }
    return groups | {picture.uid: _PICTURES for picture in content.pictures}


def group_states(content: TreeContent) -> dict[str, Qt.CheckState]:
    """Return what the eye of each group shows: all of it is seen, some, or nothing."""
    visible = {layer.uid: layer.visible for layer in content.layers}
    visible |= {picture.uid: picture.visible for picture in content.pictures}
    states: dict[str, Qt.CheckState] = {}

    def state(node: Leaf | Group) -> Qt.CheckState:
        if isinstance(node, Leaf):
            return _checked(visible.get(node.uid, False))
        inner = {state(member) for member in node.nodes}
        if not node.visible or inner == {Qt.CheckState.Unchecked}:
            states[node.uid] = Qt.CheckState.Unchecked
        elif inner <= {Qt.CheckState.Checked}:
            states[node.uid] = Qt.CheckState.Checked
        else:
            states[node.uid] = Qt.CheckState.PartiallyChecked
        return states[node.uid]

    for node in content.tree.nodes:
        state(node)
    return states


def style_icon(layer: LayerInfo) -> QIcon:
    """Return a small picture of a layer's style: bands of some classes where they are ranges of numbers."""
    style = layer.style
    if style.numeric and len(style.rules) > 1:
        step = max(len(style.rules) - 1, 1) / (_BANDS - 1)
        places = sorted({round(number * step) for number in range(_BANDS)})
        return bands([_color(style.rules[min(place, len(style.rules) - 1)].symbol) for place in places])
    return symbol_icon(style.rules[0].symbol if style.rules else style.symbol, layer.geometry)


def _item(sort: str, uid: str, name: str, count: str = "") -> QTreeWidgetItem:
    item = QTreeWidgetItem([name, count])
    item.setData(0, SORT, sort)
    item.setData(0, UID, uid)
    return item


def _checked(visible: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if visible else Qt.CheckState.Unchecked


def _leaves(group: Group) -> int:
    return sum(1 if isinstance(node, Leaf) else _leaves(node) for node in group.nodes)


def _color(symbol: Symbol) -> str:
    return symbol.fill or symbol.stroke or "#808080"
