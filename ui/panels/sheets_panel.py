"""The panel of the sheets stage: which sheet, of what, with which texts; and the web map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QWidget

from layers.words import N_, _
from ui.forms.editors import CalmComboBox
from ui.icons import icon
from ui.panels.parts import StagePanel, text_label, verb_button
from ui.panels.series_choices import SeriesChoices, SeriesWish
from ui.theme import GRID_PX, Colors
from zsgis.sheets.preflight import ReviewState, Use

_RESOLUTIONS_DPI = (300, 200, 150)
# what goes with a state of the map review; the others need no word
_ASKED_OF = {
    str(ReviewState.NOT_NEEDED): N_("Why none is needed"),
    str(ReviewState.STANDARD_MAP): N_("Number of the standard map"),
    str(ReviewState.GRANTED): N_("Number of the map review"),
}


@dataclass(frozen=True)
class SheetTemplateChoice:
    """A template as the panel offers it; ``settings`` are the names of its texts, in the officer's words."""

    key: str
    title: str
    per_zone: bool
    settings: tuple[str, ...]


@dataclass(frozen=True)
class SheetWish:
    """The sheet that is asked for.

    Attributes
    ----------
    zone : str
        ``zs_uid`` of the feature the sheet is of; empty means the whole city.
    every_zone : bool
        One sheet per feature instead of one.
    series : SeriesWish
        What holds for one sheet per feature.
    use : str
        What the sheet is for.
    review : str
        State of the 审图号 and, after an equals sign, its reason or number; empty states nothing.
    """

    template: str
    zone: str
    every_zone: bool
    dpi: int
    settings: Mapping[str, str] = field(default_factory=dict)
    series: SeriesWish = field(default_factory=SeriesWish)
    use: str = str(Use.INTERNAL)
    review: str = ""


class SheetsPanel(StagePanel):
    """Asks for a sheet and says what was asked."""

    sheet_asked = pyqtSignal(object)  # SheetWish
    print_asked = pyqtSignal(object)  # SheetWish
    copy_asked = pyqtSignal(object)  # SheetWish
    webmap_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._templates: dict[str, SheetTemplateChoice] = {}
        self._shipped: tuple[SheetTemplateChoice, ...] = ()
        self._own: tuple[SheetTemplateChoice, ...] = ()
        self._zones: tuple[tuple[str, str], ...] = ()
        self._texts: dict[str, QLineEdit] = {}
        self.template = CalmComboBox()
        self.template.setAccessibleName(_("Template"))
        self.template.currentIndexChanged.connect(self._show_template)
        self.zone = CalmComboBox()
        self.zone.setAccessibleName(_("Sheet of"))
        self.dpi = CalmComboBox()
        self.dpi.setAccessibleName(_("Picture resolution"))
        for dpi in _RESOLUTIONS_DPI:
            self.dpi.addItem(f"{dpi} dpi", dpi)
        self.use = _use_box()
        self.review = _review_box()
        self.review.currentIndexChanged.connect(self._show_review)
        self.review_word = QLineEdit()
        self._page = QWidget()
        self.series = SeriesChoices()
        self._make_verbs(colors)
        self._form = self._choices()
        self.column.addLayout(self._form)
        self.column.addWidget(self.series)
        self.column.addSpacing(GRID_PX)
        self.column.addWidget(text_label(_("Texts on the sheet (blank stays blank)"), "heading"))
        self._texts_at = self.column.count()
        self._show_review()
        self.column.addStretch(1)
        self._revise()

    def _make_verbs(self, colors: Colors) -> None:
        self.export_one = verb_button(_("Export sheet…"), icon("export", colors.on_accent), primary=True)
        self.export_one.clicked.connect(lambda: self._ask(every_zone=False))
        self.export_all = verb_button(_("One each…"), icon("sheets", colors.text))
        self.export_all.clicked.connect(lambda: self._ask(every_zone=True))
        self.print = verb_button(_("Print…"), icon("print", colors.text))
        self.print.clicked.connect(self.ask_print)
        self.copy = verb_button(_("Copy as picture"), icon("copy", colors.text))
        self.copy.clicked.connect(self.ask_copy)
        self.webmap = verb_button(_("Write web map…"), icon("web", colors.text))
        self.webmap.clicked.connect(self.webmap_asked)
        for pair in ((self.export_one, self.export_all), (self.print, self.copy)):
            row = QHBoxLayout()
            row.setSpacing(GRID_PX)
            for button in pair:
                row.addWidget(button, 1)
            self.buttons.addLayout(row)
        self.buttons.addWidget(self.webmap)

    def _choices(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        for title, widget in (
            (_("Template"), self.template),
            (_("Sheet of"), self.zone),
            (_("PNG and JPG"), self.dpi),
            (_("What it is for"), self.use),
            (_("Map review"), self.review),
            ("", self.review_word),
        ):
            form.addRow(title, widget)
        return form

    def set_templates(self, templates: Sequence[SheetTemplateChoice]) -> None:
        """Offer the templates that come with the program."""
        self._shipped = tuple(templates)
        self._offer()

    def set_own_templates(self, templates: Sequence[SheetTemplateChoice]) -> None:
        """Offer the bureau's own templates too, behind those that come with the program."""
        self._own = tuple(templates)
        self._offer()

    def _offer(self) -> None:
        offered = {choice.key: choice for choice in (*self._shipped, *self._own)}
        if offered == self._templates:
            return
        chosen = self.template.currentData()
        self._templates = offered
        self.template.blockSignals(True)
        self.template.clear()
        for choice in offered.values():
            self.template.addItem(choice.title, choice.key)
        self.template.setCurrentIndex(max(self.template.findData(chosen), 0))
        self.template.blockSignals(False)
        self._show_template()

    def set_zones(self, zones: Sequence[tuple[str, str]]) -> None:
        """Offer these features, ``(zs_uid, name)``, to make a sheet of."""
        if tuple(zones) == self._zones:
            return
        chosen = self.zone.currentData()
        self._zones = tuple(zones)
        self.zone.clear()
        for uid, name in zones:
            self.zone.addItem(name, uid)
        self.zone.setCurrentIndex(max(self.zone.findData(chosen), 0))
        self._revise()

    def text_field(self, name: str) -> QLineEdit:
        """Return the line in which a text of the sheet is typed."""
        return self._texts[name]

    def order(self, *, every_zone: bool = False) -> SheetWish:
        """Return what is asked for."""
        choice = self._templates[str(self.template.currentData())]
        texts = {name: line.text().strip() for name, line in self._texts.items()}
        return SheetWish(
            template=choice.key,
            zone=str(self.zone.currentData() or "") if choice.per_zone and not every_zone else "",
            every_zone=every_zone,
            dpi=int(self.dpi.currentData()),
            settings={name: text for name, text in texts.items() if text},
            series=self.series.wish() if every_zone else SeriesWish(),
            use=str(self.use.currentData()),
            review=self._review_words(),
        )

    def _review_words(self) -> str:
        state, word = str(self.review.currentData()), self.review_word.text().strip()
        return f"{state}={word}" if state in _ASKED_OF and word else state

    def _show_review(self, *_index: object) -> None:
        asked = _ASKED_OF.get(str(self.review.currentData()), "")
        self._form.setRowVisible(self.review_word, bool(asked))
        self.review_word.setPlaceholderText(_(asked) if asked else "")
        self.review_word.setAccessibleName(_(asked) if asked else "")

    def _show_template(self, *_index: object) -> None:
        choice = self._templates.get(str(self.template.currentData()))
        kept = {name: line.text() for name, line in self._texts.items()}
        self._texts = {}
        self.column.removeWidget(self._page)
        self._page.deleteLater()
        self._page = _TextsPage(choice.settings if choice else (), kept)
        self._texts = self._page.lines
        self.column.insertWidget(self._texts_at, self._page)
        self._revise()

    def _revise(self) -> None:
        choice = self._templates.get(str(self.template.currentData()))
        per_zone = choice is not None and choice.per_zone
        self._form.setRowVisible(self.zone, per_zone)
        for widget in (self.export_all, self.series):
            widget.setVisible(per_zone)
        for button in (self.export_one, self.print, self.copy):
            button.setEnabled(choice is not None and (not per_zone or bool(self._zones)))
        for widget in (self.export_all, self.series):
            widget.setEnabled(bool(self._zones))
        hint = _("One sheet for each of them: {count}").format(count=f"{len(self._zones):,}")
        self.export_all.setToolTip(hint)

    def ask_print(self) -> None:
        """Ask for the sheet on paper, if one can be made."""
        if self.print.isEnabled():
            self.print_asked.emit(self.order())

    def ask_copy(self) -> None:
        """Ask for the sheet on the clipboard, if one can be made."""
        if self.copy.isEnabled():
            self.copy_asked.emit(self.order())

    def _ask(self, *, every_zone: bool) -> None:
        self.sheet_asked.emit(self.order(every_zone=every_zone))


def _use_box() -> CalmComboBox:
    box = CalmComboBox()
    box.setAccessibleName(_("What it is for"))
    for use in Use:
        box.addItem(str(use), str(use))
    return box


def _review_box() -> CalmComboBox:
    box = CalmComboBox()
    box.setAccessibleName(_("Map review"))
    box.addItem(_("(not stated)"), "")
    for state in ReviewState:
        box.addItem(str(state), str(state))
    return box


class _TextsPage(QWidget):
    def __init__(self, names: Sequence[str], kept: Mapping[str, str]) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX // 2)
        self.lines: dict[str, QLineEdit] = {}
        for name in names:
            line = QLineEdit(kept.get(name, ""))
            line.setAccessibleName(name)
            form.addRow(name, line)
            self.lines[name] = line
