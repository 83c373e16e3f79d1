"""A chart or map of a result in the window: drawn aside, sharp on dense screens, anew as its room changes.

What needs more room than there is, such as a large matrix, is drawn as large as it needs and scrolled.
"""

from __future__ import annotations

from threading import Lock, Thread

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from layers.errors import ZsgisError
from layers.words import _
from ui.palette import DARK, colors_now
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.charts import Picture, ResultGrid, ResultMap

_MM_PER_PX = 25.4 / 96
_LEAST = QSize(420, 260)
_SETTLED_MS = 150
# charts share a font cache
_ONE_AT_A_TIME = Lock()


class _Drawn(QObject):
    """Tells on the window's thread what was drawn aside."""

    done = pyqtSignal(QImage, str)  # picture, or why there is none


class _Drawing(Thread):
    """Draws one chart.

    A thread of Python: pyproj, which a map asks for its scale, brings the program down in threads of Qt's
    pool.
    """

    def __init__(self, chart: Picture, size: QSize, ratio: float, drawn: _Drawn, *, dark: bool) -> None:
        super().__init__(name="chart")
        self._chart, self._size, self._ratio, self._drawn = chart, size, ratio, drawn
        self._dark = dark

    def run(self) -> None:
        """Draw, and hand the picture to the window."""
        from zsgis.reports.charts import NIGHT, PAPER, chart_png

        picture, trouble = QImage(), ""
        try:
            width, height = self._size.width() * _MM_PER_PX, self._size.height() * _MM_PER_PX
            look = NIGHT if self._dark else PAPER
            with _ONE_AT_A_TIME:
                drawn = chart_png(self._chart, width, height, 96 * self._ratio, look)
            picture = QImage.fromData(drawn, "PNG")
            picture.setDevicePixelRatio(self._ratio)
        except ZsgisError as error:
            trouble = str(error)
        self._drawn.done.emit(picture, trouble)


class ChartView(QWidget):
    """Shows one chart; a map or grid has a button that makes it a layer of the project."""

    layer_asked = pyqtSignal(object)  # ResultMap or ResultGrid

    def __init__(self, chart: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self.picture = QImage()
        self._drawn = _Drawn()
        self._drawn.done.connect(self._take)
        self._asked = _LEAST
        self._canvas = _Canvas(self)
        self._room = QScrollArea()
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setWidgetResizable(True)
        self._room.setWidget(self._canvas)
        self._words = text_label(_("Drawing the chart…"), "muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.addWidget(self._words)
        column.addWidget(self._room, 1)
        self.layer_button: QPushButton | None = None
        if isinstance(chart, (ResultMap, ResultGrid)):
            self.layer_button = QPushButton(_("Put on the map as a layer"))
            self.layer_button.clicked.connect(lambda: self.layer_asked.emit(chart))
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(self.layer_button)
            column.addLayout(row)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw when the chart is seen for the first time."""
        super().showEvent(event)
        if self.picture.isNull():
            self._settled.start()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Draw anew once the room has come to rest; until then the last picture is shown scaled."""
        super().resizeEvent(event)
        if self.isVisible():
            self._settled.start()

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw in the inks of the palette that the window wears now."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and not self.picture.isNull():
            self._settled.start()

    def _ask(self) -> None:
        port = self._room.viewport()
        self._asked = (port.size() if port is not None else _LEAST).expandedTo(_LEAST)
        ratio, dark = self.devicePixelRatioF(), colors_now() == DARK
        _Drawing(self.chart, self._asked, ratio, self._drawn, dark=dark).start()

    def _take(self, picture: QImage, trouble: str) -> None:
        self.picture = picture
        natural = picture.deviceIndependentSize().toSize()
        larger = natural.width() > self._asked.width() + 1 or natural.height() > self._asked.height() + 1
        self._canvas.setMinimumSize(natural if larger else QSize(0, 0))
        self._words.setText(trouble)
        self._words.setVisible(bool(trouble))
        self._canvas.update()


class _Canvas(QWidget):
    """Shows the picture as large as fits, in its own proportions."""

    def __init__(self, view: ChartView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        picture = self._view.picture
        if picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        natural = picture.deviceIndependentSize().toSize()
        fitting = natural.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = self.rect()
        target.setSize(fitting if fitting.width() < natural.width() else natural)
        painter.fillRect(self.rect(), QColor(colors_now().surface))
        painter.drawImage(target, picture)
        painter.end()
