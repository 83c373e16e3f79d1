"""The window: puts the panels in their places and passes on what Qt reports; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.actions import ActionSpec, fill_menus
from ui.canvas import MapCanvas
from ui.icons import icon
from ui.panels.analysis_panel import AnalysisPanel
from ui.panels.data_panel import DataPanel
from ui.panels.editing_bar import EditingBar
from ui.panels.inspector import InspectorPanel
from ui.panels.layer_tree import LayerTreePanel
from ui.panels.ledger_stage_panel import LedgerStagePanel
from ui.panels.map_panel import MapPanel
from ui.panels.notice_bar import NoticeBar
from ui.panels.parts import ElidedLabel
from ui.panels.rail import STAGES, StageRail
from ui.panels.results_panel import ResultsPanel
from ui.panels.search_box import SearchBox
from ui.panels.securing_panel import SecuringPanel
from ui.panels.sheets_panel import SheetsPanel
from ui.panels.side_panel import SidePanel
from ui.panels.start_page import StartPage
from ui.panels.status_bar import WindowStatusBar
from ui.theme import GRID_PX, Colors

_LEFT_PX, _RIGHT_PX, _RESULTS_PX = 288, 304, 270
# of the layer tree and of the stage's panel below it
_STAGE_HEIGHTS = {
    "data": [430, 220],
    "analysis": [250, 400],
    "securing": [200, 450],
    "sheets": [250, 400],
    "ledger": [330, 320],
}


class MainWindow(QMainWindow):
    """Rail, panels, map, results, inspector and status bar.

    Parameters
    ----------
    may_close : callable
        Asked before the window closes; False keeps it open.
    """

    files_dropped = pyqtSignal(list)  # of Path

    def __init__(self, colors: Colors, may_close: Callable[[], bool]) -> None:
        super().__init__()
        self._may_close = may_close
        self.setWindowTitle("zsgis")
        self.setWindowIcon(icon("demo", colors.accent))
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self.resize(1280, 720)
        self.start_page = StartPage(colors)
        self.rail = StageRail(colors)
        self.layer_tree = LayerTreePanel(colors)
        self.data_panel = DataPanel(colors)
        self.analysis_panel = AnalysisPanel(colors)
        self.securing_panel = SecuringPanel(colors)
        self.sheets_panel = SheetsPanel(colors)
        self.ledger_stage_panel = LedgerStagePanel()
        self.canvas = MapCanvas()
        self.canvas.set_empty_text(_("Drag files here, or import one on the left."))
        self.editing_bar = EditingBar(colors)
        self.selection_bar = NoticeBar("selection", colors)
        self.map_panel = MapPanel(self.canvas, bars=(self.editing_bar, self.selection_bar))
        self.results_panel = ResultsPanel(colors)
        self.inspector = InspectorPanel()
        self.side = SidePanel()
        self.side.add_page("inspector", _("Details"), self.inspector)
        self.sharing_bar = NoticeBar("sharing", colors)
        self.unsaved_bar = NoticeBar("unsaved", colors)
        self.search_box = SearchBox()
        self.project_name = ElidedLabel()
        self.help_button = QToolButton()
        self.status = WindowStatusBar(colors)
        self.unsaved_bar.setObjectName("unsaved_bar")
        self._stage_panels = self._stacked_stages()
        self._heights = dict(_STAGE_HEIGHTS)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start_page)
        self._pages.addWidget(self._make_workspace())
        self.setCentralWidget(self._make_middle())
        self.setStatusBar(self.status)
        self._begin_stages()
        self.show_workspace(False)

    def set_actions(self, specs: Sequence[ActionSpec], actions: Mapping[str, QAction]) -> None:
        """Fill the menu bar and the map's tools."""
        bar = self.menuBar()
        if bar is not None:
            fill_menus(bar, specs, actions)
        self.help_button.setDefaultAction(actions["help"])
        self.map_panel.set_tools([spec for spec in specs if spec.tool], actions)
        self.editing_bar.set_tools([spec for spec in specs if spec.bar], actions)
        self.securing_panel.set_actions(actions)
        self.ledger_stage_panel.set_actions(actions)

    @property
    def stage(self) -> str:
        """The stage whose panel is shown."""
        return STAGES[self._stage_panels.currentIndex()].key

    @property
    def workspace_parts(self) -> tuple[QWidget, ...]:
        """What is seen as soon as a project is open, the whole of it last."""
        parts = self.layer_tree, self.data_panel, self.rail, self.map_panel, self.inspector, self._header
        return *parts, self._workspace

    def show_workspace(self, shown: bool) -> None:
        """Show the workspace, or the start page."""
        self._pages.setCurrentIndex(1 if shown else 0)
        self._header.setVisible(shown)
        self.status.setVisible(True)
        self.map_panel.show_tools(shown)

    def show_stage(self, key: str) -> None:
        """Show the panel of a stage; the map stays."""
        keys = [stage.key for stage in STAGES]
        self._heights[self.stage] = self._left.sizes()
        self._stage_panels.setCurrentIndex(keys.index(key))
        self._left.setSizes(self._heights[key])

    def show_results(self, shown: bool) -> None:
        """Make room for results below the map, or take it back."""
        if shown != self.results_panel.isVisibleTo(self):
            self.results_panel.setVisible(shown)

    def enlarge_results(self, height: int) -> None:
        """Give the results at least this height, as far as the map keeps two fifths of the room."""
        above, below = self._centre.sizes()
        wanted = min(height, (above + below) * 3 // 5)
        if below < wanted:
            self._centre.setSizes([above + below - wanted, wanted])

    def show_title(self, name: str) -> None:
        """Say which project is open."""
        self.project_name.set_whole_text(name)
        self.setWindowTitle(f"{name} - zsgis" if name else "zsgis")

    def _stacked_stages(self) -> QStackedWidget:
        """Return the panels of the stages, in the order of the rail."""
        stacked = QStackedWidget()
        for panel in (
            self.data_panel,
            self.analysis_panel,
            self.securing_panel,
            self.sheets_panel,
            self.ledger_stage_panel,
        ):
            stacked.addWidget(panel)
        return stacked

    def _begin_stages(self) -> None:
        first = STAGES[0].key
        self._left.setSizes(_STAGE_HEIGHTS[first])
        self.rail.stage_chosen.connect(self.show_stage)
        self.rail.choose(first)

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_header())
        column.addWidget(self.sharing_bar)
        column.addWidget(self.unsaved_bar)
        column.addWidget(self._pages, 1)
        return middle

    def _make_header(self) -> QWidget:
        self._header = QWidget()
        self._header.setProperty("role", "header")
        self._header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.project_name.setProperty("role", "heading")
        row = QHBoxLayout(self._header)
        row.setContentsMargins(GRID_PX * 2, GRID_PX // 2, GRID_PX * 2, GRID_PX // 2)
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self.project_name, 1)
        row.addWidget(self.search_box, 2)
        row.addStretch(1)
        self.help_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.help_button.setIconSize(QSize(20, 20))
        row.addWidget(self.help_button)
        return self._header

    def _make_workspace(self) -> QWidget:
        self._left = left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.layer_tree)
        left.addWidget(self._stage_panels)
        left.setChildrenCollapsible(False)
        left.setStretchFactor(0, 1)
        self._centre = centre = QSplitter(Qt.Orientation.Vertical)
        centre.addWidget(self.map_panel)
        centre.addWidget(self.results_panel)
        centre.setSizes([440, _RESULTS_PX])
        centre.setStretchFactor(0, 1)
        centre.setCollapsible(0, False)
        across = QSplitter(Qt.Orientation.Horizontal)
        for widget in (left, centre, self.side):
            across.addWidget(widget)
        across.setSizes([_LEFT_PX, 800, _RIGHT_PX])
        across.setStretchFactor(1, 1)
        across.setCollapsible(1, False)
        self._workspace = page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(across, 1)
        return page

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Welcome files."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and data.hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Pass on which files were dropped."""
        data = event.mimeData() if event is not None else None
        if event is None or data is None:
            return
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Close when nothing speaks against it."""
        if event is None:
            return
        if self._may_close():
            self.canvas.shut_down()
            event.accept()
        else:
            event.ignore()
