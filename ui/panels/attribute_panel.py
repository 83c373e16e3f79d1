"""One layer's attribute table: what to look for above it, the rows, what is chosen below, figures beside."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import N_, _
from ui.icons import icon
from ui.panels.attribute_statistics import ColumnStatistics
from ui.panels.column_chooser import ColumnChooser
from ui.panels.parts import ElidedLabel
from ui.tables.attribute_model import AttributeTableModel
from ui.tables.attribute_view import AttributeTableView
from ui.theme import GRID_PX, Colors
from zsgis.tabulation.look import TableLook
from zsgis.tabulation.shown import ShownField

_TYPING_MS = 80
_SCOPE_PX = 128

FILTER, FIND = "filter", "find"
_MODES = ((FILTER, N_("Filter rows")), (FIND, N_("Find")))


class AttributePage(QWidget):
    """Shows a table and says what the officer wants of it."""

    search_changed = pyqtSignal()
    """Another text, another column to look in, or another way to look."""
    next_asked = pyqtSignal(bool)
    """The next row found is wanted; True for the one before."""
    selected_only_changed = pyqtSignal(bool)
    first_selected_asked = pyqtSignal()
    statistics_toggled = pyqtSignal(bool)
    copy_asked = pyqtSignal()
    look_chosen = pyqtSignal(object)  # TableLook
    empty_hiding_asked = pyqtSignal()

    def __init__(
        self, layer_uid: str, fields: Sequence[ShownField], count: int, colors: Colors, look: TableLook
    ) -> None:
        super().__init__()
        self.layer_uid = layer_uid
        self.model = AttributeTableModel(fields, count, self)
        self.view = AttributeTableView(self.model, colors)
        self.statistics = ColumnStatistics()
        self.statistics.hide()
        self.footer = ElidedLabel()
        self.footer.setProperty("role", "muted")
        self.footer.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.search_changed)
        self._colors = colors
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_bar())
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.view, 1)
        middle.addWidget(self.statistics)
        column.addLayout(middle, 1)
        column.addWidget(self.footer)
        self.view.copy_asked.connect(self.copy_asked)
        self.view.headings.menu_asked.connect(self._show_heading_menu)
        self.view.headings.arranged.connect(self.fill_scopes)
        self.arrange(look)

    # what is looked for

    @property
    def wanted_text(self) -> str:
        """What is typed."""
        return self.search.text()

    @property
    def scope(self) -> str:
        """The field that is looked in; empty for all that are shown."""
        return str(self._scope.currentData() or "")

    @property
    def finds(self) -> bool:
        """Whether the rows found are gone to, and the others stay in sight."""
        return bool(self.mode.currentData() == FIND)

    @property
    def is_typing(self) -> bool:
        """Whether something was just typed and is not yet looked for."""
        return self._typing.isActive()

    def begin_search(self) -> None:
        """Put the keyboard into the field one types in."""
        self.search.setFocus()
        self.search.selectAll()

    def show_wrong(self, sentence: str) -> None:
        """Mark what is typed as not understood, and say why; empty takes the mark away."""
        self.search.setProperty("wrong", bool(sentence))
        self.search.setToolTip(sentence or self._search_tip())
        style = self.search.style()
        if style is not None:
            style.polish(self.search)

    # columns

    def arrange(self, look: TableLook) -> None:
        """Arrange the columns."""
        self.view.headings.arrange(look)
        self.fill_scopes()

    def fill_scopes(self) -> None:
        """Offer the columns that are shown to be looked in."""
        chosen = self.scope
        self._scope.blockSignals(True)
        self._scope.clear()
        self._scope.addItem(_("All columns"), "")
        for name in self.view.headings.shown_names():
            self._scope.addItem(self.model.fields[self.model.number_of(name)].alias, name)
        self._scope.setCurrentIndex(max(self._scope.findData(chosen), 0))
        self._scope.blockSignals(False)
        if self.scope != chosen:
            self.search_changed.emit()

    def choose_columns(self) -> None:
        """Let the officer choose and order the columns."""
        chooser = ColumnChooser(self.model.fields, self.view.headings.look(), self)
        chooser.look_chosen.connect(self.look_chosen)
        chooser.empty_asked.connect(self.empty_hiding_asked)
        button = self.buttons["table_columns"]
        chooser.show_at(button.mapToGlobal(QPoint(button.width(), 0)))

    def heading_menu(self, name: str) -> QMenu:
        """Return what can be done with a column."""
        menu, headings = QMenu(self), self.view.headings
        menu.addAction(_("Sort ascending"), lambda: self._sort(name, descending=False))
        menu.addAction(_("Sort descending"), lambda: self._sort(name, descending=True))
        menu.addAction(_("Order of the file"), lambda: self._sort("", descending=False))
        menu.addSeparator()
        menu.addAction(_("Column statistics"), lambda: self._count(name))
        menu.addAction(_("Look in this column"), lambda: self._look_in(name))
        menu.addSeparator()
        look = headings.look()
        hidden = look.model_copy(update={"hidden": look.hidden | {name}})
        menu.addAction(_("Hide column"), lambda: self.look_chosen.emit(hidden))
        menu.addAction(_("Choose columns…"), self.choose_columns)
        return menu

    def _sort(self, name: str, *, descending: bool) -> None:
        self.view.headings.show_sorted(name, descending=descending)
        self.view.headings.sort_asked.emit(name, descending)

    def _count(self, name: str) -> None:
        self.view.enter_column(name)
        self.buttons["table_statistics"].setChecked(True)

    def _look_in(self, name: str) -> None:
        self._scope.setCurrentIndex(max(self._scope.findData(name), 0))
        self.begin_search()

    def _show_heading_menu(self, name: str, place: QPoint) -> None:
        menu = self.heading_menu(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # making

    def _make_bar(self) -> QHBoxLayout:
        self.mode = QComboBox()
        for key, text in _MODES:
            self.mode.addItem(_(text), key)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Text, >1000, or =expression"))
        self.search.setToolTip(self._search_tip())
        self.search.installEventFilter(self)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self._scope = QComboBox()
        self._scope.setToolTip(_("In which column to look"))
        self._scope.setFixedWidth(_SCOPE_PX)
        self._scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._scope.currentIndexChanged.connect(lambda _place: self.search_changed.emit())
        self.mode.currentIndexChanged.connect(lambda _place: self.search_changed.emit())
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        bar.setSpacing(GRID_PX // 2)
        bar.addWidget(self.mode)
        bar.addWidget(self.search, 1)
        bar.addWidget(self._scope)
        self.buttons: dict[str, QToolButton] = {}
        for name, text, checkable in (
            ("table_selected", _("Selected rows only"), True),
            ("table_first", _("Go to the first selected row"), False),
            ("table_statistics", _("Column statistics"), True),
            ("table_columns", _("Choose columns"), False),
        ):
            button = QToolButton()
            button.setIcon(icon(name, self._colors.text))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setCheckable(checkable)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self.buttons[name] = button
            bar.addWidget(button)
        self.buttons["table_selected"].toggled.connect(self.selected_only_changed)
        self.buttons["table_first"].clicked.connect(lambda _checked: self.first_selected_asked.emit())
        self.buttons["table_statistics"].toggled.connect(self._show_statistics)
        self.buttons["table_columns"].clicked.connect(lambda _checked: self.choose_columns())
        return bar

    def _show_statistics(self, shown: bool) -> None:
        self.statistics.setVisible(shown)
        self.statistics_toggled.emit(shown)

    def _search_tip(self) -> str:
        return _(
            "Text that a row contains; a comparison such as >1000; or an expression after =,"
            " such as =图斑面积 > 10亩"
        )

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """In the field one types in: Enter goes to what is found, Down to the rows, Esc empties it."""
        if watched is not self.search or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() is not QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_asked.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Down:
            self.view.setFocus()
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            return False
        return True
