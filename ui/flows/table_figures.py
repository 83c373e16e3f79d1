"""The figures of an attribute table: rows, the area of those selected, a column's statistics."""

from __future__ import annotations

from layers.kind import AreaBasis
from layers.words import _
from ui.flows.desk import Desk
from ui.flows.newest import NewestJobs
from ui.panels.attribute_panel import AttributePage
from ui.panels.inspector import BASIS_TITLES
from zsgis.selected_areas import SelectedArea, basis_of
from zsgis.tabulation.columns import Rows
from zsgis.tabulation.shelf import ColumnShelf
from zsgis.tabulation.statistics import Statistics, statistics_of

_AREA_LANE, _COUNT_LANE = "table area", "table statistics"
# measuring more takes longer than half a second
_QUIET_ROWS = 5_000


class TableFigures:
    """Counts aside and shows what was counted; of two askings the later counts."""

    def __init__(self, desk: Desk, shelf: ColumnShelf, page: AttributePage) -> None:
        self._newest = NewestJobs(desk.jobs)
        self._dialogs = desk.dialogs
        self._session = desk.session
        self._shelf = shelf
        self._page = page
        self._layer = shelf.table.info
        self._area_text = self._said = ""
        self._counted = page.view.current_name
        page.statistics_toggled.connect(lambda _shown: self.count())
        page.view.column_entered.connect(self._enter_column)

    @property
    def is_busy(self) -> bool:
        """Whether a figure is still to come."""
        return self._newest.is_busy

    def close(self) -> None:
        """Stop counting."""
        self._newest.close()

    def renew(self, shelf: ColumnShelf) -> None:
        """Count another state of the layer from now on."""
        self._shelf, self._layer = shelf, shelf.table.info
        self.measure()
        self.count()

    def say(self, said: str) -> None:
        """Say something before how many rows there are, until other rows are asked for."""
        self._said = said
        self.show_footer()

    def show_footer(self) -> None:
        """Say how many rows there are, are shown, are selected."""
        model = self._page.model
        count, shown, selected = model.row_count, model.rowCount(), model.selected_count
        parts = [self._said] if self._said else []
        if shown < count:
            parts.append(_("{shown} of {count} rows").format(shown=f"{shown:,}", count=f"{count:,}"))
        else:
            parts.append(_("{count} rows").format(count=f"{count:,}"))
        if selected:
            parts.append(_("{count} rows selected").format(count=f"{selected:,}"))
            parts += [self._area_text] if self._area_text else []
        self._page.footer.set_whole_text("  ·  ".join(parts))

    def measure(self) -> None:
        """Sum the area of the selected rows, which are what the session has selected in the layer."""
        self._newest.stop("area")
        self._area_text = ""
        project, layer, areas = self._session.project, self._layer, self._session.areas
        chosen = self._session.selection.get(layer.uid)
        basis = basis_of(layer)
        if project is None or not chosen or basis is AreaBasis.NONE:
            self.show_footer()
            return
        self._area_text = _("{basis}: measuring…").format(basis=_(BASIS_TITLES[basis]))
        self.show_footer()
        self._newest.start(
            "area",
            _("Measuring the selection"),
            lambda progress: areas.of(project, layer, chosen, progress),
            lambda area: self._show_area(area_text(area)),
            failed=lambda error: self._show_area(str(error)),
            cancelled=lambda: self._show_area(""),
            lane=_AREA_LANE,
            quiet=len(chosen) < _QUIET_ROWS,
        )

    def _show_area(self, text: str) -> None:
        self._area_text = text
        self.show_footer()

    def _enter_column(self, name: str) -> None:
        if name != self._counted:
            self._counted = name
            self.count()

    def count(self) -> None:
        """Count the column the officer is at, over the selected rows or, without any, over those shown."""
        page, shelf = self._page, self._shelf
        name = self._counted or page.view.current_name
        if not page.statistics.isVisibleTo(page) or not name:
            return
        rows: Rows | None = page.model.rows
        of = _("All {count} rows") if rows is None else _("The {count} rows shown")
        number = page.model.rowCount()
        if page.model.selected_count:
            rows, of = page.model.selected_rows(), _("The {count} selected rows")
            number = len(rows)
        page.statistics.show_busy(shelf.field(name).title)
        self._newest.start(
            "column",
            _("Counting a column"),
            lambda progress: statistics_of(shelf.column(name, progress), rows),
            lambda found: self._show_statistics(name, of.format(count=f"{number:,}"), found),
            lane=_COUNT_LANE,
            failed=self._dialogs.show_error,
        )

    def _show_statistics(self, name: str, of: str, found: Statistics) -> None:
        if name == (self._counted or self._page.view.current_name):
            self._page.statistics.show_statistics(self._shelf.field(name), of, found)


def area_text(area: SelectedArea) -> str:
    """Return an area with its basis, in square metres, hectares and 亩."""
    text = _("{basis} {m2} m² = {ha} ha = {mu} mu").format(
        basis=_(BASIS_TITLES[area.basis]),
        m2=f"{area.area_m2:,.2f}",
        ha=f"{area.area_ha:,.4f}",
        mu=f"{area.area_mu:,.2f}",
    )
    without = area.unmeasured + area.without_area
    if without:
        text += _(" ({count} rows without an area)").format(count=f"{without:,}")
    return text
