"""Sheets and the web map, from the order to the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.dialogs.port import SHEET_FILES, WEB_FILES
from ui.flows.desk import Desk
from ui.panels.sheets_panel import SheetOrder, SheetTemplateChoice
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.store import LayerInfo, Project
    from zsgis.result import Result
    from zsgis.sheets import SheetLayout

Drawables = Callable[["Project", Sequence["LayerInfo"], Progress], "Sequence[DrawableLayer]"]
ShowZones = Callable[[Sequence[tuple[str, str]]], None]

ZONE_KINDS = ("platforms", "zones", "towns")
_ANALYSIS = "stock"


@dataclass(frozen=True)
class _Sheet:
    """Everything a sheet is made from, gathered on the window's thread."""

    project: Project
    layers: tuple[LayerInfo, ...]
    zones: LayerInfo | None
    order: SheetOrder
    result: Result | None


class SheetFlows:
    """What happens when an officer wants a map on paper or on the web.

    Parameters
    ----------
    drawables : callable
        Returns layers ready to be drawn, in the project's coordinate system.
    show_zones : callable
        Shows of which features a sheet can be made.
    """

    def __init__(self, desk: Desk, *, drawables: Drawables, show_zones: ShowZones) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._drawables = drawables
        self._show_zones = show_zones
        self._zones_of: tuple[str, int] = ("", 0)
        desk.session.subscribe(self._take_change)

    def export(self, order: SheetOrder) -> None:
        """Ask for a place and draw the sheet, or one sheet per zone, there."""
        sheet = self._gather(order)
        if sheet is None:
            return
        path = self._dialogs.save_file(_("Export sheet"), f"{sheet.project.path.stem}.pdf", SHEET_FILES)
        if path is not None:
            self._jobs.start(
                _("Sheet {name}").format(name=path.stem),
                lambda progress: self._draw(sheet, path, progress),
                done=self._tell_written,
            )

    def webmap(self) -> None:
        """Ask for a place and write the web map there."""
        project = self._session.project
        if project is None:
            return
        path = self._dialogs.save_file(_("Write web map"), f"{project.path.stem}.html", (WEB_FILES,))
        if path is not None:
            self._jobs.start(
                _("Web map {name}").format(name=path.stem),
                lambda progress: _write_webmap(project, path, progress),
                done=self._tell_written,
            )

    def _gather(self, order: SheetOrder) -> _Sheet | None:
        project = self._session.project
        if project is None:
            return None
        results = [result for result in self._session.results if result.capability == _ANALYSIS]
        return _Sheet(
            project, self._session.layers, self._zone_layer(), order, results[-1] if results else None
        )

    def _zone_layer(self) -> LayerInfo | None:
        by_kind = {layer.kind: layer for layer in reversed(self._session.layers)}
        return next((by_kind[key] for key in ZONE_KINDS if key in by_kind), None)

    def _take_change(self, change: Change) -> None:
        if change not in (Change.PROJECT, Change.LAYERS):
            return
        layer, project = self._zone_layer(), self._session.project
        wanted = (layer.uid, layer.version) if layer is not None else ("", 0)
        if wanted == self._zones_of and change is Change.LAYERS:
            return
        self._zones_of = wanted
        if layer is None or project is None:
            self._show_zones(())
            return
        self._jobs.start(
            _("Looking"), lambda _progress: zone_names(project, layer), done=self._show_zones, quiet=True
        )

    def _tell_written(self, written: Sequence[Path]) -> None:
        text = _("Written: {name}").format(name=written[0].name)
        if len(written) > 1:
            text = _("{count} sheets written").format(count=len(written))
        self._notice(text, written[0] if len(written) == 1 else written[0].parent)

    def _draw(self, sheet: _Sheet, path: Path, progress: Progress) -> tuple[Path, ...]:
        from ui.sheets import export_sheet

        layouts = self._compose(sheet, ProgressPart(progress, 0.0, 0.5))
        written = []
        for number, layout in enumerate(layouts):
            part = ProgressPart(
                progress, 0.5 + 0.5 * number / len(layouts), 0.5 + 0.5 * (number + 1) / len(layouts)
            )
            out = path if len(layouts) == 1 else path.with_name(f"{layout.name}{path.suffix}")
            part.step(0.0, out.name)
            written.append(export_sheet(layout, out, dpi=sheet.order.dpi, progress=part))
        return tuple(written)

    def _compose(self, sheet: _Sheet, progress: Progress) -> Sequence[SheetLayout]:
        from zsgis import sheets

        result = sheet.result or _run_stock(sheet, ProgressPart(progress, 0.0, 0.5))
        drawables = self._drawables(sheet.project, sheet.layers, ProgressPart(progress, 0.5, 0.8))
        order = sheet.order
        each = sheet.zones.uid if sheet.zones is not None else ""
        part = ProgressPart(progress, 0.8, 1.0)
        if order.every_zone:
            return sheets.series(
                sheet.project,
                template=order.template,
                each=each,
                settings=order.settings,
                drawables=drawables,
                result=result,
                progress=part,
            )
        one = sheets.compose(
            sheet.project,
            template=order.template,
            zone=order.zone,
            each=each,
            settings=order.settings,
            drawables=drawables,
            result=result,
            progress=part,
        )
        return (one,)


def template_choices() -> tuple[SheetTemplateChoice, ...]:
    """Return the sheet templates as the panel offers them."""
    from zsgis.sheets.template import load_template, template_keys

    templates = [load_template(key) for key in template_keys()]
    templates.sort(key=lambda found: (found.extent != "zone", found.key))
    return tuple(
        SheetTemplateChoice(found.key, _(found.title), found.extent == "zone", found.setting_names())
        for found in templates
    )


def zone_names(project: Project, layer: LayerInfo) -> tuple[tuple[str, str], ...]:
    """Return ``(zs_uid, name)`` of each feature of a layer."""
    from layers.kinds import kind

    name = kind(layer.kind).name_field
    frame = project.read(layer.uid, columns=(name,))
    return tuple((str(uid), str(text)) for uid, text in frame[name].items())


def _run_stock(sheet: _Sheet, progress: Progress) -> Result | None:
    """Return the stock of land for the sheet's table; None where the project lacks the layers for it."""
    from zsgis.run import run_capability

    land = [layer for layer in sheet.layers if layer.kind == "land_use"]
    if not land or sheet.zones is None:
        return None
    parameters: Mapping[str, str] = {"zones": sheet.zones.uid, "land": land[0].uid}
    return run_capability(sheet.project, _ANALYSIS, parameters, progress)


def _write_webmap(project: Project, path: Path, progress: Progress) -> tuple[Path, ...]:
    from zsgis.webmap import write_webmap

    write_webmap(project, path, progress)
    return (path,)
