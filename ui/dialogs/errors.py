"""The one dialog in which an error is shown: what, where, what to do; details fold out and can be copied."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontDatabase, QGuiApplication
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from layers.errors import ZsgisError
from layers.words import _
from ui.dialogs.port import Verb
from ui.icons import icon
from ui.panels.parts import text_label
from ui.theme import GRID_PX


@dataclass(frozen=True)
class ErrorReport:
    """An error in the words of the dialog."""

    what: str
    where: str
    remedy: str
    details: str


def report_of(error: BaseException) -> ErrorReport:
    """Put any exception into words; one that was not foreseen keeps its traceback as details."""
    if isinstance(error, ZsgisError):
        return ErrorReport(error.what, error.where, error.remedy, error.details)
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError):
        return ErrorReport(
            _("A file could not be read or written: {reason}").format(reason=error.strerror or str(error)),
            str(error.filename or ""),
            _("Check that the disk has room and that you may write there, then try again."),
            details,
        )
    return ErrorReport(
        _("Something went wrong that the program did not foresee."),
        "",
        _("Your project is unchanged. Copy the details and send them to whoever looks after the program."),
        details,
    )


class ErrorDialog(QDialog):
    """Shows one :class:`ErrorReport`, with a button for each remedy that the program can do itself.

    After it closed, ``chosen`` is the key of the remedy that was asked for; empty where none was.
    """

    def __init__(
        self,
        report: ErrorReport,
        color: str,
        parent: QWidget | None = None,
        *,
        remedies: Sequence[Verb] = (),
    ) -> None:
        super().__init__(parent)
        self._report = report
        self.chosen = ""
        self.setWindowTitle(_("This did not work"))
        self.setMinimumWidth(GRID_PX * 60)
        self.details = QPlainTextEdit(report.details)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setMinimumHeight(GRID_PX * 20)
        self.details.hide()
        self.fold = QPushButton(_("Details"))
        self.fold.setCheckable(True)
        self.fold.setVisible(bool(report.details))
        self.fold.toggled.connect(self._show_details)
        copy = QPushButton(_("Copy"))
        copy.clicked.connect(self._copy)
        copy.setAutoDefault(False)
        self.fold.setAutoDefault(False)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.fold)
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        last = close
        for remedy in remedies:
            last = QPushButton(remedy.text)
            last.setObjectName(remedy.key)
            last.clicked.connect(partial(self._choose, remedy.key))
            buttons.addWidget(last)
        last.setProperty("primary", True)
        last.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(_head(report, color))
        column.addWidget(self.details)
        column.addLayout(buttons)
        last.setFocus()

    def as_text(self) -> str:
        """Return the whole report as text, as it is copied."""
        report = self._report
        return "\n".join(part for part in (report.what, report.where, report.remedy, report.details) if part)

    def _choose(self, key: str, *_state: object) -> None:
        self.chosen = key
        self.accept()

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.adjustSize()

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.as_text())


def _head(report: ErrorReport, color: str) -> QHBoxLayout:
    sign = QLabel()
    sign.setPixmap(icon("warning", color).pixmap(32, 32))
    sign.setAlignment(Qt.AlignmentFlag.AlignTop)
    texts = QVBoxLayout()
    texts.setSpacing(GRID_PX)
    for text, role in ((report.what, "heading"), (report.where, "muted"), (report.remedy, "")):
        if text:
            texts.addWidget(text_label(text, role, selectable=True))
    texts.addStretch(1)
    head = QHBoxLayout()
    head.setSpacing(GRID_PX * 2)
    head.addWidget(sign)
    head.addLayout(texts, 1)
    return head
