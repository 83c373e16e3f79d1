"""The inspector: one thing well, with its fields and its areas side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from layers.kind import AreaBasis
from layers.words import N_, _
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.inspection import EMPTY_VALUE, AreaFigure, FeatureCard, SelectionSize

if TYPE_CHECKING:
    from zsgis.identifying import LayerHits, PictureValues

BASIS_TITLES = {
    AreaBasis.ELLIPSOIDAL: N_("Ellipsoidal area"),
    AreaBasis.PLANAR: N_("Planar area"),
    AreaBasis.RECORDED: N_("Recorded area"),
}


class InspectorPanel(QScrollArea):
    """Shows what is selected; an empty one says how to select."""

    other_chosen = pyqtSignal(str, str)  # layer uid, zs_uid
    zoom_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._fields: dict[str, str] = {}
        self._groups: dict[str, int] = {}
        self._warnings: list[str] = []
        self.show_nothing()

    @property
    def shown_fields(self) -> dict[str, str]:
        """What stands in the inspector: title to text."""
        return dict(self._fields)

    @property
    def shown_groups(self) -> dict[str, int]:
        """How many features each layer has at the place, top first; empty where one stands alone."""
        return dict(self._groups)

    @property
    def shown_warnings(self) -> tuple[str, ...]:
        """What one should know before using the figures."""
        return tuple(self._warnings)

    def show_nothing(self, pictures: Sequence[PictureValues] = ()) -> None:
        """Say how something gets here, and what rasters hold at the place that was clicked."""
        column = self._fresh_page()
        column.addWidget(_label(_("Nothing is selected"), "heading"))
        column.addWidget(
            _label(
                _("Click a feature on the map or a row of a result: its fields and areas are shown here."),
                "muted",
            )
        )
        self._add_pictures(column, pictures)
        column.addStretch(1)

    def show_many(self, size: SelectionSize, *, summing: bool = False) -> None:
        """Sum up a selection of several features; ``summing`` while their area is not known yet."""
        column = self._fresh_page()
        column.addWidget(_label(_("{count} features selected").format(count=f"{size.count:,}"), "heading"))
        if summing:
            column.addWidget(_label(_("Adding up the areas…"), "muted"))
        elif size.area_m2 is not None:
            self._add_grid(column, [(_("Area together"), area_text(size.area_m2))])
        if size.unmeasured:
            text = _("{count} of them cannot be measured and are not in the sum: their shapes are broken.")
            self._add_danger(column, text.format(count=f"{size.unmeasured:,}"))
        if size.without_area:
            text = _("{count} of them have no shape or no recorded area; they add nothing to the sum.")
            column.addWidget(_label(text.format(count=f"{size.without_area:,}"), "muted"))
        column.addWidget(self._zoom_button())
        column.addStretch(1)

    def show_card(
        self,
        card: FeatureCard,
        place: Sequence[LayerHits] = (),
        pictures: Sequence[PictureValues] = (),
    ) -> None:
        """Show one feature.

        Parameters
        ----------
        place : sequence of LayerHits
            What stands at the same place, by layer, top first; each is one click away.
        pictures : sequence of PictureValues
            What rasters hold there.
        """
        column = self._fresh_page()
        column.addWidget(_label(card.title, "heading"))
        where = (
            f"{card.layer_name} · {card.kind_title}"
            if card.layer_name != card.kind_title
            else card.layer_name
        )
        column.addWidget(_label(where, "muted"))
        if card.demo:
            self._add_danger(column, _("Demonstration data, not a real boundary"))
        if card.areas:
            column.addWidget(_rule())
            column.addWidget(_label(_("Areas"), "heading"))
            self._add_areas(column, card.areas)
        if card.unmeasured:
            self._add_danger(column, _("No area: {why}").format(why=card.unmeasured))
        column.addWidget(_rule())
        column.addWidget(_label(_("Fields"), "heading"))
        self._add_fields(column, card.fields)
        column.addWidget(self._zoom_button())
        self._add_place(column, card, place)
        self._add_pictures(column, pictures)
        column.addStretch(1)

    def _add_place(self, column: QVBoxLayout, card: FeatureCard, place: Sequence[LayerHits]) -> None:
        """List what else lies there, each layer with how many of its features do."""
        count = sum(group.count for group in place)
        if count < 2:
            return
        column.addWidget(_rule())
        column.addWidget(_label(_("Also at this place ({count})").format(count=count - 1), "heading"))
        for group in place:
            self._groups[group.layer_name] = group.count
            column.addWidget(_label(f"{group.layer_name}  {group.count}", "muted"))
            for zs_uid, text in group.features:
                if (group.layer_uid, zs_uid) == (card.layer_uid, card.zs_uid):
                    column.addWidget(_label(_("{name} (shown above)").format(name=text), "indented"))
                else:
                    column.addWidget(self._other_button(group.layer_uid, zs_uid, text))
            more = group.count - len(group.features)
            if more:
                column.addWidget(_label(_("and {count} more").format(count=more), "muted"))

    def _add_pictures(self, column: QVBoxLayout, pictures: Sequence[PictureValues]) -> None:
        for picture in pictures:
            column.addWidget(_rule())
            column.addWidget(_label(picture.name, "heading"))
            self._add_grid(column, picture.values)

    def _fresh_page(self) -> QVBoxLayout:
        self._fields = {}
        self._groups = {}
        self._warnings = []
        page = QWidget()
        page.setProperty("role", "surface")
        column = QVBoxLayout(page)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        self.setWidget(page)
        return column

    def _add_danger(self, column: QVBoxLayout, text: str) -> None:
        self._warnings.append(text)
        column.addWidget(_label(text, "danger"))

    def _add_areas(self, column: QVBoxLayout, areas: Sequence[AreaFigure]) -> None:
        from zsgis.measuring_words import m2_words, mu_words

        grid = _grid(column)
        for row, figure in enumerate(areas):
            title = _(BASIS_TITLES[figure.basis])
            if figure.counts:
                title = _("{title} (counts)").format(title=title)
            texts = (m2_words(figure.area_m2), mu_words(figure.area_m2))
            self._fields[title] = " ".join(texts)
            role = "heading" if figure.counts else ""
            grid.addWidget(_label(title, role or "muted"), row, 0)
            figures = _label("\n".join(texts), role)
            figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(figures, row, 1)

    def _add_fields(self, column: QVBoxLayout, fields: Sequence[tuple[str, str]]) -> None:
        """Show the fields that are filled; the empty ones fold out."""
        self._add_grid(column, [entry for entry in fields if entry[1] != EMPTY_VALUE])
        empty = [title for title, text in fields if text == EMPTY_VALUE]
        if not empty:
            return
        names = _label("、".join(empty), "muted")
        names.hide()
        fold = QPushButton(_("{count} empty fields").format(count=len(empty)))
        fold.setProperty("role", "link")
        fold.setCheckable(True)
        fold.toggled.connect(names.setVisible)
        column.addWidget(fold)
        column.addWidget(names)

    def _add_grid(self, column: QVBoxLayout, fields: Sequence[tuple[str, str]]) -> None:
        grid = _grid(column)
        for row, (title, text) in enumerate(fields):
            self._fields[title] = text
            grid.addWidget(_label(title, "muted"), row, 0)
            grid.addWidget(_label(text, ""), row, 1)

    def _zoom_button(self) -> QPushButton:
        button = QPushButton(_("Zoom to selection"))
        button.clicked.connect(self.zoom_asked)
        return button

    def _other_button(self, layer_uid: str, zs_uid: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "link")
        button.clicked.connect(lambda: self.other_chosen.emit(layer_uid, zs_uid))
        return button


def area_text(area_m2: float) -> str:
    """Return an area in square metres and 亩."""
    from zsgis.measuring_words import m2_words, mu_words

    return f"{m2_words(area_m2)} · {mu_words(area_m2)}"


def _grid(column: QVBoxLayout) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GRID_PX * 2)
    grid.setVerticalSpacing(GRID_PX // 2)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    return grid


def _label(text: str, role: str) -> QLabel:
    label = text_label(text, role, selectable=True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
