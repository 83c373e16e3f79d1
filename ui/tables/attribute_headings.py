"""The headings of an attribute table: order, widths, what is hidden, and by which column the rows stand."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetrics
from PyQt6.QtWidgets import QHeaderView, QTableView, QWidget

from ui.tables.attribute_model import AttributeTableModel
from ui.theme import GRID_PX
from zsgis.tabulation.look import TableLook

_NARROWEST_PX, _WIDEST_PX = 56, 280
_ARROW_PX = 20
_MEASURED_ROWS = 20


class HeadingRow(QHeaderView):
    """A row of headings that is measured once: Qt would measure all of them whenever a table is laid out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._size: QSize | None = None

    def sizeHint(self) -> QSize:
        """Return how high a heading is; what stands in it makes no difference."""
        if self._size is None or self._size.isEmpty():
            self._size = super().sizeHint()
        return self._size

    def changeEvent(self, event: QEvent | None) -> None:
        """Measure anew where the letters are others."""
        self._size = None
        super().changeEvent(event)


class AttributeHeadings(QObject):
    """Arranges the columns of a view as remembered, and tells when the officer arranges them anew."""

    sort_asked = pyqtSignal(str, bool)
    """Field and whether the largest comes first; an empty field means the order of the file."""
    arranged = pyqtSignal()
    """Columns were moved or made wider."""
    clicked = pyqtSignal(str)
    """Field whose heading was clicked."""
    menu_asked = pyqtSignal(str, QPoint)
    """Field and place on the screen."""

    def __init__(self, view: QTableView, model: AttributeTableModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._arranging = False
        self._fitted: set[int] = set()
        self._widened: set[int] = set()
        header = view.horizontalHeader()
        if header is None:
            raise RuntimeError("a table view without a header")
        self._header: QHeaderView = header
        self._set_up()

    def _set_up(self) -> None:
        columns = self._header
        columns.setHighlightSections(False)
        columns.setSectionsClickable(True)
        columns.setSectionsMovable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.sortIndicatorChanged.connect(self._ask_sort)
        columns.sectionMoved.connect(self._tell_arranged)
        columns.sectionResized.connect(self._take_width)
        columns.sectionClicked.connect(lambda number: self.clicked.emit(self.name(number)))
        columns.customContextMenuRequested.connect(self._ask_menu)

    def arrange(self, look: TableLook) -> None:
        """Put the columns into an order, hide some, make them as wide as remembered."""
        header = self._header
        self._arranging = True
        names = [field.name for field in self._model.fields]
        shown = set(look.shown(names))
        for place, name in enumerate(look.arranged(names)):
            number = self._model.number_of(name)
            header.moveSection(header.visualIndex(number), place)
            self._view.setColumnHidden(number, name not in shown)
            if name in look.widths:
                self._widened.add(number)
                self._view.setColumnWidth(number, look.width(name, _NARROWEST_PX))
        self._arranging = False
        self.fit()

    def look(self) -> TableLook:
        """Return how the columns are arranged now."""
        fields = self._model.fields
        order = sorted(range(len(fields)), key=self._header.visualIndex)
        return TableLook(
            order=tuple(fields[number].name for number in order),
            hidden=frozenset(self.name(n) for n in range(len(fields)) if self._view.isColumnHidden(n)),
            widths={
                self.name(n): self._view.columnWidth(n)
                for n in range(len(fields))
                if n in self._widened and not self._view.isColumnHidden(n)
            },
        )

    def shown_names(self) -> tuple[str, ...]:
        """Return the fields that are shown, as they stand."""
        look = self.look()
        return look.shown(look.order)

    def show_sorted(self, name: str, *, descending: bool) -> None:
        """Show by which column the rows stand in order, without asking for it."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._header.blockSignals(True)
        self._header.setSortIndicator(self._model.number_of(name), order)
        self._header.blockSignals(False)

    def fit(self) -> None:
        """Give columns that nobody made wider the width of what is seen in them."""
        model, metrics = self._model, QFontMetrics(self._view.font())
        self._arranging = True
        for number, field in enumerate(model.fields):
            if number in self._fitted | self._widened or self._view.isColumnHidden(number):
                continue
            heading = metrics.horizontalAdvance(field.title) + _ARROW_PX
            rows = range(min(model.rowCount(), _MEASURED_ROWS))
            known = [place for place in rows if model.is_known(model.row_at(place), number)]
            widest = max((metrics.horizontalAdvance(model.text(place, number)) for place in known), default=0)
            width = max(heading, widest) + GRID_PX * 3
            self._view.setColumnWidth(number, min(max(width, _NARROWEST_PX), _WIDEST_PX))
            if known:
                self._fitted.add(number)
        self._arranging = False

    def name(self, number: int) -> str:
        """Return the field of a column; empty where there is none."""
        fields = self._model.fields
        return fields[number].name if 0 <= number < len(fields) else ""

    def _tell_arranged(self, *_change: int) -> None:
        if not self._arranging:
            self.arranged.emit()

    def _take_width(self, number: int, _before: int, width: int) -> None:
        if not self._arranging and width:
            self._widened.add(number)
            self.arranged.emit()

    def _ask_sort(self, number: int, order: Qt.SortOrder) -> None:
        self.sort_asked.emit(self.name(number), order == Qt.SortOrder.DescendingOrder)

    def _ask_menu(self, place: QPoint) -> None:
        name = self.name(self._header.logicalIndexAt(place))
        if name:
            self.menu_asked.emit(name, self._header.mapToGlobal(place))
