"""The tree widget of the layers: says what mouse and keys ask for instead of moving its rows itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QDropEvent, QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from layers.tree import Place
from ui.own_keys import OwnKeys
from ui.theme import GRID_PX

UID = Qt.ItemDataRole.UserRole
CLASS = Qt.ItemDataRole.UserRole + 1
SORT = Qt.ItemDataRole.UserRole + 2
COUNT_COLUMN = 1
HEADING, GROUP, LAYER, PICTURE, ENTRY = "heading", "group", "layer", "picture", "class"


class LayerView(QTreeWidget):
    """Rows of headings, groups, layers, pictures and classes; each knows its sort and its uid."""

    dropped = pyqtSignal(tuple, object, object)  # moving uids, target uid or None, Place
    step_asked = pyqtSignal(int)
    toggle_asked = pyqtSignal()
    remove_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(GRID_PX * 2)
        self.setIconSize(QSize(16, 16))
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setExpandsOnDoubleClick(False)
        OwnKeys(self, lambda event: event.key() == Qt.Key.Key_Delete)
        header = self.header()
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(COUNT_COLUMN, QHeaderView.ResizeMode.ResizeToContents)

    def rows(self) -> Iterator[QTreeWidgetItem]:
        """Yield the rows of groups, layers and pictures, top first; headings and classes are none."""
        yield from _rows(self.invisibleRootItem())

    def scrolled(self) -> int:
        """Return how far the rows are scrolled."""
        bar = self.verticalScrollBar()
        return bar.value() if bar is not None else 0

    def scroll_to(self, value: int) -> None:
        """Scroll the rows as far as :meth:`scrolled` told before they were put in anew."""
        bar = self.verticalScrollBar()
        if bar is not None:
            self.executeDelayedItemsLayout()
            bar.setValue(value)

    def chosen(self) -> tuple[str, ...]:
        """Return the uids of the selected rows, top first; a heading stands for what is under it."""
        return tuple(dict.fromkeys(uid for item in self._selected() for uid in uids_of(item)))

    def _selected(self) -> list[QTreeWidgetItem]:
        selected = self.selectedItems() or [item for item in (self.currentItem(),) if item is not None]
        return sorted(selected, key=lambda item: self.visualItemRect(item).top())

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Tell where the dragged rows were let go."""
        if event is None:
            return
        moving = self.chosen()
        target = self.itemAt(event.position().toPoint())
        indicator = self.dropIndicatorPosition()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if moving:
            uid, place = landing(target, indicator)
            self.dropped.emit(moving, uid, place)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move with Alt and the arrows, show and hide with Space, remove with Delete."""
        if event is None:
            return
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.step_asked.emit(steps[Qt.Key(event.key())])
        elif plain and event.key() == Qt.Key.Key_Space:
            self.toggle_asked.emit()
        elif plain and event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)


def sort_of(item: QTreeWidgetItem | None) -> str:
    """Return what a row is; empty for none."""
    return str(item.data(0, SORT) or "") if item is not None else ""


def uids_of(item: QTreeWidgetItem | None) -> tuple[str, ...]:
    """Return what a row stands for: itself, the layer of a class, all that a heading stands over."""
    if item is None:
        return ()
    if sort_of(item) == HEADING:
        children = (item.child(number) for number in range(item.childCount()))
        return tuple(str(child.data(0, UID)) for child in children if child is not None)
    return (str(item.data(0, UID)),)


def landing(
    target: QTreeWidgetItem | None, indicator: QAbstractItemView.DropIndicatorPosition
) -> tuple[str | None, Place]:
    """Return at what, and where, rows are put that were let go over a row; None means at the very end."""
    positions = QAbstractItemView.DropIndicatorPosition
    uids = uids_of(target)
    if target is None or not uids:
        return None, Place.BELOW
    above = indicator is positions.AboveItem
    if sort_of(target) == HEADING:
        return uids[0], Place.ABOVE
    if sort_of(target) == GROUP and not above:
        into = indicator is positions.OnItem or target.isExpanded()
        return uids[0], Place.FIRST_IN if into else Place.BELOW
    return uids[0], Place.ABOVE if above else Place.BELOW


def show_matching(view: LayerView, wanted: str, matches: Callable[[str, str], bool]) -> None:
    """Hide the rows that neither hold the word in their name, nor are in such a group, nor have it below."""
    root = view.invisibleRootItem()
    if root is not None:
        for number in range(root.childCount()):
            _hide_unlike(root.child(number), wanted, matches)


def _hide_unlike(item: QTreeWidgetItem | None, wanted: str, matches: Callable[[str, str], bool]) -> bool:
    """Hide a row without the word; tell whether it is seen."""
    if item is None:
        return False
    seen = not wanted or (sort_of(item) != HEADING and matches(wanted, item.text(0)))
    if sort_of(item) in (HEADING, GROUP):
        below = "" if seen else wanted
        for number in range(item.childCount()):
            seen = _hide_unlike(item.child(number), below, matches) or seen
    item.setHidden(not seen)
    return seen


def _rows(parent: QTreeWidgetItem | None) -> Iterator[QTreeWidgetItem]:
    for number in range(parent.childCount() if parent is not None else 0):
        item = parent.child(number) if parent is not None else None
        if item is None:
            continue
        if sort_of(item) in (GROUP, LAYER, PICTURE):
            yield item
        if sort_of(item) in (HEADING, GROUP):
            yield from _rows(item)
