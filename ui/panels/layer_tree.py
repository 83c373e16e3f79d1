"""The layer tree: order, visibility, swatch, name, count, opacity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QDropEvent, QIcon, QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSlider,
    QStackedLayout,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.kinds import kind
from layers.words import _
from ui.icons import icon, swatch
from ui.panels.layer_order import moved, runs, stepped
from ui.theme import GRID_PX, Colors

if TYPE_CHECKING:
    from layers.store import LayerInfo
    from layers.style import Symbol

_UID = Qt.ItemDataRole.UserRole
_CLASS = Qt.ItemDataRole.UserRole + 1
_COUNT_COLUMN = 1


class _Tree(QTreeWidget):
    """A tree that reports a drop instead of moving its items."""

    dropped = pyqtSignal(tuple, object, bool)  # moving uids, target uid or None, after
    step_asked = pyqtSignal(int)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Tell where the dragged layers were let go."""
        if event is None:
            return
        moving = layer_uids(self.currentItem())
        target = self.itemAt(event.position().toPoint())
        below = self.dropIndicatorPosition() is not QAbstractItemView.DropIndicatorPosition.AboveItem
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if not moving:
            return
        uids = layer_uids(target)
        is_heading = target is not None and target.parent() is None
        if not uids:
            self.dropped.emit(moving, None, True)
        elif is_heading:
            self.dropped.emit(moving, uids[0], False)
        else:
            self.dropped.emit(moving, uids[0], below)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move the current layer with Alt and the arrows."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if (
            event is not None
            and event.modifiers() == Qt.KeyboardModifier.AltModifier
            and event.key() in steps
        ):
            self.step_asked.emit(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


def layer_uids(item: QTreeWidgetItem | None) -> tuple[str, ...]:
    """Return the layers an item stands for: a heading's own, a layer, or the layer of a class."""
    if item is None:
        return ()
    uid = item.data(0, _UID)
    if uid:
        return (str(uid),)
    children = (item.child(number) for number in range(item.childCount()))
    return tuple(str(child.data(0, _UID)) for child in children if child is not None)


class LayerTreePanel(QWidget):
    """Shows the layers, top first, and says what the officer wants changed."""

    visibility_changed = pyqtSignal(str, bool)
    order_changed = pyqtSignal(tuple)
    opacity_changed = pyqtSignal(str, float)
    layer_chosen = pyqtSignal(str)
    menu_asked = pyqtSignal(str, str, QPoint)  # layer uid, value of its class or empty, place on the screen
    zoom_asked = pyqtSignal(str)
    import_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._layers: tuple[LayerInfo, ...] = ()
        self._open: set[str] = set()
        self.tree = self._make_tree()
        empty = QLabel(
            _("Drag files here.\n\nGeoPackage, Shapefile, GeoJSON, FlatGeobuf, File Geodatabase, KML, CSV")
        )
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "muted")
        empty.setContentsMargins(*[GRID_PX * 2] * 4)
        stack_holder = QWidget()
        stack_holder.setProperty("role", "surface")
        self._stack = QStackedLayout(stack_holder)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(stack_holder, 1)
        column.addLayout(self._make_opacity_row())
        self.set_layers(())

    def _make_tree(self) -> _Tree:
        tree = _Tree()
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setIndentation(GRID_PX * 2)
        tree.setIconSize(QSize(16, 16))
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.setExpandsOnDoubleClick(False)
        header = tree.header()
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(_COUNT_COLUMN, QHeaderView.ResizeMode.ResizeToContents)
        tree.itemChanged.connect(self._item_changed)
        tree.currentItemChanged.connect(self._choose)
        tree.itemDoubleClicked.connect(self._zoom)
        tree.itemExpanded.connect(self._note_open)
        tree.itemCollapsed.connect(self._note_closed)
        tree.customContextMenuRequested.connect(self._ask_menu)
        tree.dropped.connect(self._drop)
        tree.step_asked.connect(self._step)
        return tree

    def _make_head(self) -> QHBoxLayout:
        heading = QLabel(_("Layers"))
        heading.setProperty("role", "heading")
        add = QToolButton()
        add.setIcon(icon("import", self._colors.text))
        add.setToolTip(_("Import a file"))
        add.clicked.connect(self.import_asked)
        row = QHBoxLayout()
        row.setContentsMargins(GRID_PX * 2, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        row.addWidget(heading, 1)
        row.addWidget(add)
        return row

    def _make_opacity_row(self) -> QHBoxLayout:
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setAccessibleName(_("Opacity"))
        self.opacity.valueChanged.connect(self._opacity_moved)
        # a moving slider asks for a new picture ten times a second, not at every pixel
        self._opacity_wanted = ("", 1.0)
        self._opacity_timer = QTimer(self)
        self._opacity_timer.setSingleShot(True)
        self._opacity_timer.setInterval(100)
        self._opacity_timer.timeout.connect(self._tell_opacity)
        self._opacity_text = QLabel("100 %")
        self._opacity_text.setMinimumWidth(GRID_PX * 5)
        self._opacity_text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        row.setSpacing(GRID_PX)
        row.addWidget(QLabel(_("Opacity")))
        row.addWidget(self.opacity, 1)
        row.addWidget(self._opacity_text)
        return row

    def set_layers(self, layers: Sequence[LayerInfo]) -> None:
        """Show these layers, top first; what was chosen and folded open stays so."""
        chosen = self.current_layer()
        self._layers = tuple(layers)
        by_uid = {layer.uid: layer for layer in layers}
        self.tree.blockSignals(True)
        self.tree.clear()
        seen: set[str] = set()
        for group, uids in runs(list(by_uid), lambda uid: kind(by_uid[uid].kind).group):
            title = _("{group} (continued)").format(group=_(group)) if group in seen else _(group)
            seen.add(group)
            heading = QTreeWidgetItem([title, ""])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled | _DROP | _SELECT)
            heading.setForeground(0, self.palette().placeholderText())
            self.tree.addTopLevelItem(heading)
            heading.setExpanded(True)
            for uid in uids:
                item = self._layer_item(by_uid[uid])
                heading.addChild(item)
                if uid in self._open:
                    self._add_classes(item)
                    item.setExpanded(True)
                if uid == chosen:
                    self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)
        self._stack.setCurrentIndex(1 if layers else 0)
        self._show_opacity()

    def show_look(self, layers: Sequence[LayerInfo]) -> None:
        """Show the same layers where only visibility or opacity changed."""
        self._layers = tuple(layers)
        self.tree.blockSignals(True)
        for layer in layers:
            item = self.item_of(layer.uid)
            if item is not None:
                item.setCheckState(0, Qt.CheckState.Checked if layer.visible else Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)
        viewport = self.tree.viewport()
        if viewport is not None:
            viewport.update()
        self._show_opacity()

    def current_layer(self) -> str:
        """Return the uid of the layer the cursor is on; empty when on none."""
        item = self.tree.currentItem()
        if item is None or item.parent() is None:
            return ""
        return str(item.data(0, _UID) or "")

    def item_of(self, uid: str) -> QTreeWidgetItem | None:
        """Return the item of a layer."""
        for number in range(self.tree.topLevelItemCount()):
            heading = self.tree.topLevelItem(number)
            for place in range(heading.childCount() if heading is not None else 0):
                item = heading.child(place) if heading is not None else None
                if item is not None and item.data(0, _UID) == uid:
                    return item
        return None

    def _layer_item(self, layer: LayerInfo) -> QTreeWidgetItem:
        item = QTreeWidgetItem([layer.name, f"{layer.feature_count:,}"])
        item.setData(0, _UID, layer.uid)
        item.setFlags(_SELECT | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | _DRAG | _DROP)
        item.setCheckState(0, Qt.CheckState.Checked if layer.visible else Qt.CheckState.Unchecked)
        item.setTextAlignment(_COUNT_COLUMN, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(_COUNT_COLUMN, self.palette().placeholderText())
        item.setToolTip(0, _layer_hint(layer))
        style = layer.style
        item.setIcon(0, _swatch(style.rules[0].symbol if style.rules else style.symbol))
        if style.rules:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _add_classes(self, item: QTreeWidgetItem) -> None:
        """Put a layer's classes under it, once: a standard has hundreds, and most are never looked at."""
        uid = str(item.data(0, _UID) or "")
        layer = next((layer for layer in self._layers if layer.uid == uid), None)
        if layer is None or item.childCount():
            return
        for rule in layer.style.rules:
            entry = QTreeWidgetItem([rule.title, ""])
            entry.setData(0, _UID, layer.uid)
            entry.setData(0, _CLASS, rule.value)
            entry.setFlags(_SELECT | Qt.ItemFlag.ItemIsEnabled)
            entry.setIcon(0, _swatch(rule.symbol))
            entry.setToolTip(0, rule.title)
            item.addChild(entry)

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0 and item.parent() is not None:
            self.visibility_changed.emit(str(item.data(0, _UID)), item.checkState(0) is Qt.CheckState.Checked)

    def _choose(self, *_items: object) -> None:
        self._show_opacity()
        self.layer_chosen.emit(self.current_layer())

    def _zoom(self, item: QTreeWidgetItem, _column: int) -> None:
        uids = layer_uids(item)
        if item.parent() is not None and uids:
            self.zoom_asked.emit(uids[0])

    def _note_open(self, item: QTreeWidgetItem) -> None:
        if item.parent() is not None:
            self._open.update(layer_uids(item))
            self._add_classes(item)

    def _note_closed(self, item: QTreeWidgetItem) -> None:
        self._open.difference_update(layer_uids(item) if item.parent() is not None else ())

    def _ask_menu(self, place: QPoint) -> None:
        item = self.tree.itemAt(place)
        viewport = self.tree.viewport()
        if item is not None and item.parent() is not None and viewport is not None:
            value = str(item.data(0, _CLASS) or "")
            self.menu_asked.emit(layer_uids(item)[0], value, viewport.mapToGlobal(place))

    def _drop(self, moving: tuple[str, ...], target: str | None, after: bool) -> None:
        self._tell_order(moved([layer.uid for layer in self._layers], moving, target, after=after))

    def _step(self, step: int) -> None:
        uid = self.current_layer()
        if uid:
            self._tell_order(stepped([layer.uid for layer in self._layers], uid, step))

    def _tell_order(self, order: tuple[str, ...]) -> None:
        if order != tuple(layer.uid for layer in self._layers):
            self.order_changed.emit(order)

    def _opacity_moved(self, percent: int) -> None:
        self._opacity_text.setText(f"{percent} %")
        self._opacity_wanted = (self.current_layer(), percent / 100)
        if not self._opacity_timer.isActive():
            self._opacity_timer.start()

    def _tell_opacity(self) -> None:
        uid, opacity = self._opacity_wanted
        if uid:
            self.opacity_changed.emit(uid, opacity)

    def _show_opacity(self) -> None:
        uid = self.current_layer()
        layer = next((layer for layer in self._layers if layer.uid == uid), None)
        self.opacity.blockSignals(True)
        self.opacity.setEnabled(layer is not None)
        if not self._opacity_timer.isActive():
            self.opacity.setValue(round(layer.opacity * 100) if layer is not None else 100)
        self.opacity.blockSignals(False)
        self._opacity_text.setText(f"{self.opacity.value()} %" if layer is not None else "")


_SELECT = Qt.ItemFlag.ItemIsSelectable
_DRAG = Qt.ItemFlag.ItemIsDragEnabled
_DROP = Qt.ItemFlag.ItemIsDropEnabled


def _layer_hint(layer: LayerInfo) -> str:
    lines = [layer.name, _(kind(layer.kind).title)]
    if layer.status:
        lines.append(_("Data status: {status}").format(status=layer.status))
    return "\n".join(lines)


def _swatch(symbol: Symbol) -> QIcon:
    return swatch(symbol.fill, symbol.stroke)
