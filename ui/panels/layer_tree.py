"""The layer tree: groups, order, visibility, swatch, name, count, opacity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QEvent, QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.tree import Group
from layers.words import _
from ui.icons import icon
from ui.panels import layer_items
from ui.panels.layer_items import RowLook, TreeContent
from ui.panels.layer_view import (
    CLASS,
    COUNT_COLUMN,
    ENTRY,
    GROUP,
    HEADING,
    LAYER,
    PICTURE,
    LayerView,
    show_matching,
    sort_of,
    uids_of,
)
from ui.panels.opacity_row import OpacityRow
from ui.theme import GRID_PX, Colors

_FILTERED_FROM = 16


class LayerTreePanel(QWidget):
    """Shows the layers, top first, and says what the officer wants changed."""

    visibility_changed = pyqtSignal(str, bool)
    visibility_of_all = pyqtSignal(tuple, bool)
    moved = pyqtSignal(tuple, object, object)  # uids, uid to put them at or None for the end, Place
    stepped = pyqtSignal(str, int)
    folded = pyqtSignal(str, bool)
    renamed = pyqtSignal(str, str)
    remove_asked = pyqtSignal(str)
    show_all_asked = pyqtSignal(tuple)
    opacity_changed = pyqtSignal(str, float)
    layer_chosen = pyqtSignal(str)
    menu_asked = pyqtSignal(str, str, QPoint)  # uid, value of the layer's class or empty, place on the screen
    zoom_asked = pyqtSignal(str)
    import_asked = pyqtSignal()
    group_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._content = TreeContent()
        self._unfolded: set[str] = set()
        self._denominator: float | None = None
        # how a word is matched with a name; the window puts spelling in
        self.matches: Callable[[str, str], bool] = _contains
        self.tree = LayerView()
        self.filter = QLineEdit()
        self.opacity_row = OpacityRow()
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(self._make_middle(), 1)
        column.addWidget(self.opacity_row)
        self._connect()
        self.show_tree(TreeContent())

    def _make_head(self) -> QVBoxLayout:
        heading = QLabel(_("Layers"))
        heading.setProperty("role", "heading")
        row = QHBoxLayout()
        row.setContentsMargins(GRID_PX * 2, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        row.addWidget(heading, 1)
        for name, tip, signal in (
            ("folder", _("Group the chosen layers (Ctrl+Shift+G)"), self.group_asked),
            ("import", _("Import a file"), self.import_asked),
        ):
            button = QToolButton()
            button.setIcon(icon(name, self._colors.text))
            button.setToolTip(tip)
            button.clicked.connect(signal)
            row.addWidget(button)
        self.filter.setPlaceholderText(_("Layer name"))
        self.filter.setAccessibleName(_("Layer name"))
        self.filter.setToolTip(_("Show only layers whose name holds this; initials do as well"))
        self.filter.setClearButtonEnabled(True)
        search = QHBoxLayout()
        search.setContentsMargins(GRID_PX, 0, GRID_PX, GRID_PX // 2)
        search.addWidget(self.filter)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addLayout(row)
        head.addLayout(search)
        return head

    def _make_middle(self) -> QWidget:
        empty = QLabel(
            _("Drag files here.\n\nGeoPackage, Shapefile, GeoJSON, FlatGeobuf, File Geodatabase, KML, CSV")
        )
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "muted")
        empty.setContentsMargins(*[GRID_PX * 2] * 4)
        holder = QWidget()
        holder.setProperty("role", "surface")
        holder.setLayout(self._stack)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.tree)
        return holder

    def _connect(self) -> None:
        tree = self.tree
        tree.itemChanged.connect(self._item_changed)
        tree.currentItemChanged.connect(self._choose)
        tree.itemDoubleClicked.connect(self._zoom)
        tree.itemExpanded.connect(lambda item: self._note_fold(item, True))
        tree.itemCollapsed.connect(lambda item: self._note_fold(item, False))
        tree.customContextMenuRequested.connect(self._ask_menu)
        tree.dropped.connect(self.moved)
        tree.step_asked.connect(lambda step: self._with_current(lambda uid: self.stepped.emit(uid, step)))
        tree.toggle_asked.connect(self._toggle)
        tree.remove_asked.connect(lambda: self._with_current(self.remove_asked.emit))
        self.opacity_row.changed.connect(self.opacity_changed)
        self.filter.textChanged.connect(self._filter)

    def show_tree(self, content: TreeContent) -> None:
        """Show these layers, top first; what was chosen and folded open stays so."""
        current, chosen = self.current_node(), set(self.tree.chosen())
        scrolled = self.tree.scrolled()
        self._content = content
        self.tree.blockSignals(True)
        layer_items.fill(self.tree, content, self._look(), self._unfolded)
        self._show_group_states()
        for item in self.tree.rows():
            if uids_of(item)[0] == current:
                self.tree.setCurrentItem(item)
            item.setSelected(uids_of(item)[0] in chosen)
        self.tree.blockSignals(False)
        self._stack.setCurrentIndex(1 if content.tree.nodes else 0)
        self.filter.setVisible(len(content.layers) + len(content.pictures) >= _FILTERED_FROM)
        self._filter(self.filter.text() if self.filter.isVisibleTo(self) else "")
        self.tree.scroll_to(scrolled)
        self._show_opacity()

    def show_look(self, content: TreeContent) -> None:
        """Show the same rows where only visibility, opacity or counts changed, or something went wrong."""
        if (content.troubles, content.off) != (self._content.troubles, self._content.off):
            self.show_tree(content)
            return
        self._content = content
        visible = {layer.uid: layer.visible for layer in content.layers}
        visible |= {picture.uid: picture.visible for picture in content.pictures}
        counts = {layer.uid: f"{layer.feature_count:,}" for layer in content.layers}
        self.tree.blockSignals(True)
        for item in self.tree.rows():
            uid = uids_of(item)[0]
            if uid in visible:
                item.setCheckState(0, Qt.CheckState.Checked if visible[uid] else Qt.CheckState.Unchecked)
            if uid in counts:
                item.setText(COUNT_COLUMN, counts[uid])
        self._show_group_states()
        self.tree.blockSignals(False)
        viewport = self.tree.viewport()
        if viewport is not None:
            viewport.update()
        self._show_opacity()

    def show_scale(self, denominator: float) -> None:
        """Grey the layers that the map's scale leaves out."""
        before, self._denominator = self._denominator, denominator
        limited = {
            layer.uid: layer
            for layer in self._content.layers
            if before is None or layer.style.shown_at(before) != layer.style.shown_at(denominator)
        }
        if not limited:
            return
        look = self._look()
        self.tree.blockSignals(True)
        for item in self.tree.rows():
            layer = limited.get(uids_of(item)[0])
            if layer is not None:
                layer_items.show_scale(item, layer, look, self._content.troubles.get(layer.uid, ""))
        self.tree.blockSignals(False)

    def current_layer(self) -> str:
        """Return the uid of the layer the cursor is on; empty when on none."""
        item = self.tree.currentItem()
        return uids_of(item)[0] if sort_of(item) in (LAYER, ENTRY) else ""

    def current_node(self) -> str:
        """Return the uid of the layer, picture or group the cursor is on; empty when on none."""
        item = self.tree.currentItem()
        return uids_of(item)[0] if sort_of(item) in (LAYER, ENTRY, PICTURE, GROUP) else ""

    def chosen(self) -> tuple[str, ...]:
        """Return the uids of all selected layers, pictures and groups, top first."""
        return self.tree.chosen()

    def item_of(self, uid: str) -> QTreeWidgetItem | None:
        """Return the row of a layer, picture or group."""
        return next((item for item in self.tree.rows() if uids_of(item)[0] == uid), None)

    def begin_rename(self, uid: str) -> None:
        """Let the name of a layer, picture or group be typed in its row."""
        item = self.item_of(uid)
        if item is not None:
            self.tree.setCurrentItem(item)
            self.tree.editItem(item, 0)

    def unfold_all(self, unfolded: bool) -> None:
        """Fold all groups open or shut; the classes of layers are folded away with them."""
        for item in list(self.tree.rows()):
            if sort_of(item) == GROUP or not unfolded:
                item.setExpanded(unfolded)

    def changeEvent(self, event: QEvent | None) -> None:
        """Colour the rows anew when the look changes."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.show_tree(self._content)

    def _look(self) -> RowLook:
        palette = self.palette()
        return RowLook(self._colors, palette.placeholderText(), palette.text(), self._denominator)

    def _show_group_states(self) -> None:
        states = layer_items.group_states(self._content)
        for item in self.tree.rows():
            if sort_of(item) == GROUP:
                item.setCheckState(0, states.get(uids_of(item)[0], Qt.CheckState.Checked))

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        uid = uids_of(item)[0]
        name = self._names().get(uid)
        if column != 0 or name is None:
            return
        if item.text(0) != name:
            given = item.text(0).strip()
            self.tree.blockSignals(True)
            item.setText(0, name)
            self.tree.blockSignals(False)
            if given and given != name:
                self.renamed.emit(uid, given)
        elif sort_of(item) == GROUP:
            self._click_group(uid)
        else:
            self.visibility_changed.emit(uid, item.checkState(0) is Qt.CheckState.Checked)

    def _click_group(self, uid: str) -> None:
        """Hide a group of which something is seen; show it, or all in it, where nothing is."""
        group = self._content.tree.group(uid)
        state = layer_items.group_states(self._content).get(uid)
        if group is None:
            return
        if state is Qt.CheckState.Unchecked and group.visible and group.nodes:
            self.show_all_asked.emit((uid,))
        else:
            self.visibility_changed.emit(uid, not group.visible)

    def _names(self) -> dict[str, str]:
        content = self._content
        names = {layer.uid: layer.name for layer in content.layers}
        names |= {picture.uid: picture.name for picture in content.pictures}
        return names | {node.uid: node.name for node in content.tree.walk() if isinstance(node, Group)}

    def _toggle(self) -> None:
        uids = self.chosen()
        current = self.item_of(self.current_node())
        if current is None:
            return
        if sort_of(current) == GROUP and len(uids) == 1:
            self._click_group(uids[0])
        else:
            self.visibility_of_all.emit(uids, current.checkState(0) is Qt.CheckState.Unchecked)

    def _with_current(self, tell: Callable[[str], object]) -> None:
        uid = self.current_node()
        if uid:
            tell(uid)

    def _choose(self, *_items: object) -> None:
        self._show_opacity()
        self.layer_chosen.emit(self.current_layer())

    def _zoom(self, item: QTreeWidgetItem, _column: int) -> None:
        if sort_of(item) in (LAYER, PICTURE, ENTRY):
            self.zoom_asked.emit(uids_of(item)[0])
        elif sort_of(item) == GROUP:
            item.setExpanded(not item.isExpanded())

    def _note_fold(self, item: QTreeWidgetItem, is_open: bool) -> None:
        if sort_of(item) == GROUP:
            self.folded.emit(uids_of(item)[0], is_open)
        elif sort_of(item) == LAYER and is_open:
            self._unfolded.update(uids_of(item))
            layer_items.add_classes(item, self._content, self._look())
        elif sort_of(item) == LAYER:
            self._unfolded.difference_update(uids_of(item))

    def _ask_menu(self, place: QPoint) -> None:
        item, viewport = self.tree.itemAt(place), self.tree.viewport()
        if item is not None and sort_of(item) != HEADING and viewport is not None:
            value = str(item.data(0, CLASS) or "")
            self.menu_asked.emit(uids_of(item)[0], value, viewport.mapToGlobal(place))

    def _filter(self, text: str) -> None:
        show_matching(self.tree, text.strip(), self.matches)

    def _show_opacity(self) -> None:
        uid = self.current_node()
        entries: Sequence[object] = (*self._content.layers, *self._content.pictures)
        found = next((entry for entry in entries if getattr(entry, "uid", "") == uid), None)
        self.opacity_row.show_opacity(uid, getattr(found, "opacity", None))


def _contains(word: str, name: str) -> bool:
    return word.casefold() in name.casefold()
