"""The results below the map: one tab per result, in it its tables, its findings and how it came about.

Attribute tables stand among them, each in a tab of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedLayout,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from layers.findings import Finding, Severity
from layers.words import _
from ui.icons import icon
from ui.panels.attribute_panel import AttributePage
from ui.panels.chart_view import ChartView
from ui.panels.parts import ElidedLabel, text_label
from ui.tables.view import ResultTableView
from ui.theme import GRID_PX, Colors
from zsgis.charts import ResultGrid, ResultMap
from zsgis.result import Result

_SEVERITY_ICON = {Severity.NOTE: "info", Severity.WARNING: "warning", Severity.ERROR: "warning"}


class ResultPage(QWidget):
    """One result."""

    features_chosen = pyqtSignal(object)
    layer_asked = pyqtSignal(object, object)
    """A result whose map is to become a layer, and that map."""
    raster_asked = pyqtSignal(object, object)
    """A result whose grid of values is to become a raster of the project, and that grid."""

    def __init__(self, result: Result, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result = result
        self._colors = colors
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.views: list[ResultTableView] = []
        for table in result.tables:
            view = ResultTableView(table)
            view.features_chosen.connect(self.features_chosen)
            self.tabs.addTab(_with_notes(view, table.notes), table.title)
            self.views.append(view)
        self.charts = [ChartView(chart) for chart in (*result.charts, *result.maps, *result.grids)]
        for chart in self.charts:
            chart.layer_asked.connect(self._ask_layer)
            self.tabs.addTab(chart, icon("picture", colors.muted), chart.chart.title)
        title = _("Findings ({count})").format(count=len(result.findings))
        self.tabs.addTab(self._findings_list(result.findings), title)
        self.tabs.addTab(_method_page(result), _("How it came about"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Show in the visible table which rows the selected features stand behind."""
        view = self.current_view()
        if view is not None:
            view.mark(selection)

    def current_view(self) -> ResultTableView | None:
        """Return the table that is shown; None on the other tabs."""
        place = self.tabs.currentIndex()
        return self.views[place] if 0 <= place < len(self.views) else None

    def _ask_layer(self, chart: ResultMap | ResultGrid) -> None:
        asked = self.raster_asked if isinstance(chart, ResultGrid) else self.layer_asked
        asked.emit(self.result, chart)

    def _findings_list(self, findings: tuple[Finding, ...]) -> QListWidget:
        entries = QListWidget()
        entries.setWordWrap(True)
        entries.setAlternatingRowColors(True)
        for finding in findings:
            entry = QListWidgetItem(icon(_SEVERITY_ICON[finding.severity], self._colors.text), finding.text)
            entry.setData(Qt.ItemDataRole.UserRole, dict(finding.sources))
            entries.addItem(entry)
        if not findings:
            entries.addItem(_("Nothing was noticed."))
        entries.itemClicked.connect(self._choose_finding)
        return entries

    def _choose_finding(self, entry: QListWidgetItem) -> None:
        sources = entry.data(Qt.ItemDataRole.UserRole)
        if sources:
            self.features_chosen.emit(sources)


class ResultsPanel(QWidget):
    """All results of this sitting."""

    features_chosen = pyqtSignal(object)
    export_asked = pyqtSignal(object)  # Result
    pages_asked = pyqtSignal(object)  # Result that has pages of parcels
    layer_asked = pyqtSignal(object, object)  # Result, ResultMap
    raster_asked = pyqtSignal(object, object)  # Result, ResultGrid
    close_asked = pyqtSignal(str)
    table_close_asked = pyqtSignal(str)  # layer uid
    table_copy_asked = pyqtSignal(str)
    table_export_asked = pyqtSignal(str)
    table_added = pyqtSignal(object)  # AttributePage
    page_close_asked = pyqtSignal(object)
    """A page that was added with :meth:`ResultsPanel.add_page`."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setTabsClosable(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.tabs.tabCloseRequested.connect(self._ask_close)
        self._corner = self._buttons()
        self.tabs.setCornerWidget(self._corner, Qt.Corner.TopRightCorner)
        self.tabs.currentChanged.connect(self._suit_buttons)
        empty = text_label(
            _(
                "No result yet. Choose an analysis on the left and run it: its tables stand here,"
                " and each row selects its parcels on the map."
            ),
            "muted",
        )
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setContentsMargins(*[GRID_PX * 3] * 4)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.tabs)

    def show_results(self, results: tuple[Result, ...]) -> None:
        """Show these results; a new one comes to the front."""
        kept = {result.run.uid for result in results}
        for place in reversed(range(self.tabs.count())):
            page = self.page(place)
            if page is not None and page.result.run.uid not in kept:
                self._take_out(page)
        shown = {page.result.run.uid for place in range(self.tabs.count()) if (page := self.page(place))}
        for result in results:
            if result.run.uid not in shown:
                page = ResultPage(result, self._colors)
                page.features_chosen.connect(self.features_chosen)
                page.layer_asked.connect(self.layer_asked)
                page.raster_asked.connect(self.raster_asked)
                place = self.tabs.addTab(page, result.title)
                self.tabs.setTabToolTip(place, f"{result.title}\n{result.run.started}")
                self.tabs.setCurrentIndex(place)
        self._stack.setCurrentIndex(int(self.has_pages))

    @property
    def has_pages(self) -> bool:
        """Whether there is anything but the words for an empty panel."""
        return self.tabs.count() > 0

    def add_table(self, page: AttributePage, title: str) -> None:
        """Give an attribute table a tab; it does not come to the front."""
        page.copy_asked.connect(self._copy)
        self.tabs.addTab(page, icon("table", self._colors.muted), title)
        self._stack.setCurrentIndex(1)
        self.table_added.emit(page)

    def name_table(self, page: AttributePage, title: str) -> None:
        """Give a table's tab another name."""
        self.tabs.setTabText(self.tabs.indexOf(page), title)

    def show_table(self, page: AttributePage, *, in_front: bool = True) -> None:
        """Bring a table to the front."""
        if in_front:
            self.tabs.setCurrentWidget(page)

    def remove_table(self, page: AttributePage) -> None:
        """Take a table out."""
        self._take_out(page)
        self._stack.setCurrentIndex(int(self.has_pages))

    def add_page(self, page: QWidget, title: str, symbol: str) -> None:
        """Give a page of another part of the window a tab, in front of the others."""
        self.tabs.setCurrentIndex(self.tabs.addTab(page, icon(symbol, self._colors.muted), title))
        self._stack.setCurrentIndex(1)

    def remove_page(self, page: QWidget) -> None:
        """Take such a page out."""
        self._take_out(page)
        self._stack.setCurrentIndex(int(self.has_pages))

    def current_table(self) -> AttributePage | None:
        """Return the attribute table that is in front."""
        widget = self.tabs.currentWidget()
        return widget if isinstance(widget, AttributePage) else None

    def _take_out(self, page: QWidget) -> None:
        self.tabs.removeTab(self.tabs.indexOf(page))
        page.deleteLater()

    def page(self, place: int) -> ResultPage | None:
        """Return the page at a place."""
        widget = self.tabs.widget(place)
        return widget if isinstance(widget, ResultPage) else None

    def current_page(self) -> ResultPage | None:
        """Return the page that is shown."""
        return self.page(self.tabs.currentIndex())

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Show which rows the selected features stand behind."""
        page = self.current_page()
        if page is not None:
            page.mark(selection)

    def _buttons(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, GRID_PX, 0)
        line.setSpacing(GRID_PX // 2)
        for name, text, call in (
            ("copy", _("Copy rows"), self._copy),
            ("sheets", _("Pages of parcels…"), self._ask_pages),
            ("export", _("Export tables…"), self._ask_export),
        ):
            button = QToolButton()
            button.setObjectName(name)
            button.setIcon(icon(name, self._colors.text))
            button.setText(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(call)
            line.addWidget(button)
        return row

    def _suit_buttons(self, place: int) -> None:
        """Hide the buttons where the page in front has ways of its own to copy and export."""
        self._corner.setVisible(isinstance(self.tabs.widget(place), (AttributePage, ResultPage)))
        page = self.page(place)
        pages = self._corner.findChild(QToolButton, "sheets")
        if pages is not None:
            pages.setVisible(page is not None and page.result.pages is not None)

    def _copy(self) -> None:
        table = self.current_table()
        if table is not None:
            self.table_copy_asked.emit(table.layer_uid)
        page = self.current_page()
        view = page.current_view() if page is not None else None
        if view is not None:
            view.copy()

    def _ask_export(self) -> None:
        table = self.current_table()
        if table is not None:
            self.table_export_asked.emit(table.layer_uid)
        page = self.current_page()
        if page is not None:
            self.export_asked.emit(page.result)

    def _ask_pages(self) -> None:
        page = self.current_page()
        if page is not None:
            self.pages_asked.emit(page.result)

    def _ask_close(self, place: int) -> None:
        table = self.tabs.widget(place)
        if isinstance(table, AttributePage):
            self.table_close_asked.emit(table.layer_uid)
        page = self.page(place)
        if page is not None:
            self.close_asked.emit(page.result.run.uid)
        elif not isinstance(table, AttributePage):
            self.page_close_asked.emit(table)


def _figures_box(view: ResultTableView) -> QCheckBox:
    """Return the box that leaves out rows without figures; files hold them all the same."""
    model = view.result_model
    box = QCheckBox(
        _("Only rows with figures ({count} rows hold zeros only; files hold all rows)").format(
            count=f"{model.idle_count:,}"
        )
    )
    box.setChecked(not model.all_shown)
    box.toggled.connect(lambda only: model.show_all(not only))
    return box


def _with_notes(view: ResultTableView, notes: tuple[str, ...]) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    if view.result_model.idle_count:
        row = QHBoxLayout()
        row.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, 0)
        row.addWidget(_figures_box(view))
        column.addLayout(row)
    column.addWidget(view, 1)
    if notes:
        line = ElidedLabel("  ".join(notes))
        line.setProperty("role", "muted")
        line.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        column.addWidget(line)
    return page


def method_lines(result: Result) -> list[str]:
    """Return how a result came about, as lines of text."""
    run = result.run
    lines = [_("Run: {started}, {seconds} s").format(started=run.started, seconds=f"{run.seconds:.2f}")]
    lines += [_("Program: zsgis {version}").format(version=run.program_version), "", _("Method"), *run.method]
    lines += ["", _("Parameters"), *(f"{name} = {value}" for name, value in run.parameters.items())]
    lines += ["", _("Inputs")]
    for entry in run.inputs:
        lines.append(f"{entry.name} · {entry.feature_count:,} · {entry.crs} · sha256 {entry.sha256}")
    lines += (
        ["", _("Rules"), *(f"{name}: {version}" for name, version in run.rules.items())] if run.rules else []
    )
    if result.adjustments:
        lines += ["", _("Adjusted to balance: {count} figures").format(count=f"{len(result.adjustments):,}")]
    return lines


def _method_page(result: Result) -> QPlainTextEdit:
    text = QPlainTextEdit("\n".join(method_lines(result)))
    text.setReadOnly(True)
    return text
