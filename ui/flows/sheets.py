"""Sheets and the web map, from the order to the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from layers.errors import UsageError
from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.dialogs.port import SHEET_FILES, WEB_FILES, Verb
from ui.flows.desk import Desk
from ui.flows.sheet_templates import own_choices
from ui.map_ports import DrawingSource
from ui.panels.sheets_panel import SheetTemplateChoice, SheetWish
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.result import Result
    from zsgis.run_records.exports import Approval
    from zsgis.sheets.clearance import SheetHeldError
    from zsgis.sheets.production import ClearedSheets, SheetMaterial, SheetOrder
    from zsgis.webmap import WebMapReport

ShowZones = Callable[[Sequence[tuple[str, str]]], None]
ShowOwn = Callable[[Sequence[SheetTemplateChoice]], None]

ZONE_KINDS = ("platforms", "zones", "towns")
_ANALYSIS = "stock"
_MANY = 50
_LINES_SHOWN = 12


@dataclass(frozen=True)
class _Sheet:
    """Everything a sheet is made from, gathered on the window's thread."""

    project: Project
    order: SheetOrder
    zones: str
    result: Result | None


@dataclass(frozen=True)
class _Made:
    """The files written, and what was noticed about the figures on them."""

    files: tuple[Path, ...]
    findings: tuple[str, ...]


Made = TypeVar("Made")


@dataclass(frozen=True)
class Delivery(Generic[Made]):
    """Where sheets go that are not written into files.

    Attributes
    ----------
    title : str
        What the job is called.
    work : callable
        Takes the project, the sheets that may leave and a progress, aside from the window's thread.
    done : callable
        Takes what the work returned, on the window's thread.
    """

    title: str
    work: Callable[[Project, ClearedSheets, Progress], Made]
    done: Callable[[Made], None]


class SheetFlows:
    """What happens when an officer wants a map on paper or on the web.

    Parameters
    ----------
    drawing : DrawingSource
        Where layers come from ready to be drawn.
    show_zones : callable
        Shows of which features a sheet can be made.
    show_own : callable
        Shows the bureau's own templates.
    flush : callable
        Writes what waits to be written, marks of secrecy among it: files are made from the project file.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        drawing: DrawingSource,
        show_zones: ShowZones,
        show_own: ShowOwn,
        flush: Callable[[Project], object],
    ) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._offer_place = desk.offer_place
        self._drawing = drawing
        self._show_zones = show_zones
        self._show_own = show_own
        self._flush = flush
        self._zones_of: tuple[str, int] = ("", 0)
        self._zone_count = 0
        desk.session.subscribe(self._take_change)

    def export(self, wish: SheetWish) -> None:
        """Ask for a place and draw the sheet, or one sheet per zone, there."""
        sheet = self._asked(wish)
        if sheet is None or not self._may_write_many(wish):
            return
        path = self._dialogs.save_file(_("Export sheet"), f"{sheet.project.path.stem}.pdf", SHEET_FILES)
        if path is not None:
            self._start(sheet, path, wish)

    def deliver(self, wish: SheetWish, delivery: Delivery[Made]) -> None:
        """Make the sheets of a wish, checked like an export, and hand them to a delivery."""
        sheet = self._asked(wish)
        if sheet is not None:
            self._start_delivery(sheet, delivery)

    def _asked(self, wish: SheetWish) -> _Sheet | None:
        try:
            return self._gather(wish)
        except UsageError as error:
            self._dialogs.show_error(error)
            return None

    def _start_delivery(self, sheet: _Sheet, delivery: Delivery[Made]) -> None:
        self._jobs.start(
            delivery.title,
            lambda progress: self._delivered(sheet, delivery, progress),
            done=delivery.done,
            failed=lambda error: self._take_undelivered(error, sheet, delivery),
        )

    def _delivered(self, sheet: _Sheet, delivery: Delivery[Made], progress: Progress) -> Made:
        from zsgis.sheets.production import clear_sheets

        ready = self._material(sheet, ProgressPart(progress, 0.0, 0.5))
        cleared = clear_sheets(sheet.project, sheet.order, ready, ProgressPart(progress, 0.5, 0.7))
        return delivery.work(sheet.project, cleared, ProgressPart(progress, 0.7, 1.0))

    def _take_undelivered(self, error: BaseException, sheet: _Sheet, delivery: Delivery[Made]) -> None:
        answered = self._answered(error, sheet)
        if answered is not None:
            self._start_delivery(answered, delivery)

    def _start(self, sheet: _Sheet, path: Path, wish: SheetWish) -> None:
        self._jobs.start(
            _("Sheet {name}").format(name=path.stem),
            lambda progress: self._draw(sheet, path, progress),
            done=self._tell_sheets,
            failed=lambda error: self._take_failure(error, sheet, path, wish),
        )

    def _take_failure(self, error: BaseException, sheet: _Sheet, path: Path, wish: SheetWish) -> None:
        from zsgis.sheets.clearance import SheetHeldError

        if not isinstance(error, SheetHeldError):
            self._offer_place(error, path, lambda: self.export(wish))
            return
        answered = self._answered(error, sheet)
        if answered is not None:
            self._start(answered, path, wish)

    def _answered(self, error: BaseException, sheet: _Sheet) -> _Sheet | None:
        """Return the order as somebody answers for it; None when nobody does, or that is not the trouble."""
        from zsgis.sheets.clearance import SheetHeldError

        if not isinstance(error, SheetHeldError):
            self._dialogs.show_error(error)
            return None
        override = self._answer_for(error)
        if override is None or sheet.order.clearance is None:
            return None
        clearance = replace(sheet.order.clearance, override=override)
        return replace(sheet, order=replace(sheet.order, clearance=clearance))

    def _answer_for(self, held: SheetHeldError) -> Approval | None:
        """Show what stops the export; return who answers for it and why, or None to leave it."""
        from zsgis.run_records.exports import Approval

        title = _("{count} findings stop the export").format(count=len(held.blocking))
        verb = self._dialogs.choose(
            title,
            "\n".join(_shortened(held.lines)),
            (
                Verb("leave", _("Do not export")),
                Verb("override", _("Export all the same, by name and reason…")),
            ),
        )
        if verb != "override":
            return None
        by = (self._dialogs.text(title, _("Approved by"), "") or "").strip()
        why = (
            (self._dialogs.text(title, _("Why the sheet leaves all the same"), "") or "").strip()
            if by
            else ""
        )
        return Approval(by, why) if by and why else None

    def webmap(self) -> None:
        """Ask for a place and write the web map there."""
        project = self._session.project
        if project is None:
            return
        path = self._dialogs.save_file(_("Write web map"), f"{project.path.stem}.html", (WEB_FILES,))
        if path is not None:
            self._jobs.start(
                _("Web map {name}").format(name=path.stem),
                lambda progress: self._write_webmap(project, path, progress),
                done=self._tell_webmap,
                failed=lambda error: self._offer_place(error, path, self.webmap),
            )

    def _may_write_many(self, wish: SheetWish) -> bool:
        """Ask before so many sheets are written that it may be a slip."""
        if not wish.every_zone or self._zone_count <= _MANY:
            return True
        count = f"{self._zone_count:,}"
        verb = self._dialogs.choose(
            _("This makes {count} sheets.").format(count=count),
            _("One for each feature of the layer. It can take long and fill the folder."),
            (Verb("leave", _("Do nothing")), Verb("write", _("Make {count} sheets").format(count=count))),
        )
        return verb == "write"

    def _gather(self, wish: SheetWish) -> _Sheet | None:
        from zsgis.sheets.clearance import Clearance
        from zsgis.sheets.preflight import read_review, read_use
        from zsgis.sheets.production import SheetOrder
        from zsgis.sheets.series_rule import SeriesRule, read_scales

        project, zones = self._session.project, self._zone_layer()
        if project is None:
            return None
        uid = zones.uid if zones is not None else ""
        order = SheetOrder(
            template=wish.template,
            zone=wish.zone,
            each=uid if wish.zone or wish.every_zone else "",
            settings=wish.settings,
            dpi=wish.dpi,
            rule=SeriesRule(scales=read_scales(wish.series.scales)),
            bound=wish.series.bound,
            files=wish.series.files,
            index=wish.series.index,
            resume=wish.series.resume,
            clearance=Clearance(read_use(wish.use), read_review(wish.review)),
        )
        return _Sheet(project, order, uid, self._fitting_result(uid))

    def _fitting_result(self, zones: str) -> Result | None:
        """Return the last stock of this sitting by these zones, if its layers are still what they were."""
        versions = {layer.uid: layer.version for layer in self._session.layers}
        for result in reversed(self._session.results):
            inputs = {item.role: item for item in result.run.inputs}
            current = all(versions.get(item.layer_uid) == item.version for item in inputs.values())
            by_zones = "zones" in inputs and inputs["zones"].layer_uid == zones
            if result.capability == _ANALYSIS and current and by_zones:
                return result
        return None

    def _zone_layer(self) -> LayerInfo | None:
        by_kind = {layer.kind: layer for layer in reversed(self._session.layers)}
        return next((by_kind[key] for key in ZONE_KINDS if key in by_kind), None)

    def _take_change(self, change: Change) -> None:
        if change not in (Change.PROJECT, Change.LAYERS, Change.FEATURES):
            return
        layer, project = self._zone_layer(), self._session.project
        wanted = (layer.uid, layer.version) if layer is not None else ("", 0)
        if wanted == self._zones_of and change is not Change.PROJECT:
            return
        self._zones_of = wanted
        if change is Change.PROJECT:
            self._look_for_own(project)
        if layer is None or project is None:
            self._take_zones(())
            return
        self._jobs.start(
            _("Looking"),
            lambda _progress: zone_names(project, layer),
            done=self._take_zones,
            failed=lambda _error: self._take_zones(()),
            quiet=True,
        )

    def _look_for_own(self, project: Project | None) -> None:
        """Look for the bureau's own templates beside the project, which may lie on a slow share."""
        self._show_own(())
        if project is not None:
            self._jobs.start(
                _("Looking"),
                lambda _progress: own_choices(project.path),
                done=self._take_own,
                failed=lambda _error: None,
                quiet=True,
            )

    def _take_own(self, found: tuple[tuple[SheetTemplateChoice, ...], tuple[str, ...]]) -> None:
        choices, faults = found
        self._show_own(choices)
        for fault in faults:
            self._notice(fault, None)

    def _take_zones(self, zones: Sequence[tuple[str, str]]) -> None:
        self._zone_count = len(zones)
        self._show_zones(zones)

    def _tell_written(self, written: Sequence[Path]) -> None:
        text = _("Written: {name}").format(name=written[0].name)
        if len(written) > 1:
            text = _("{count} sheets written").format(count=len(written))
        self._notice(text, written[0] if len(written) == 1 else written[0].parent)

    def _tell_sheets(self, made: _Made) -> None:
        self._tell_written(made.files)
        if made.findings:
            self._dialogs.show_findings(_("Noticed about the figures on the sheets"), made.findings)

    def _tell_webmap(self, report: WebMapReport) -> None:
        self._tell_written((report.path,))
        if report.kept_back:
            self._dialogs.show_findings(_("Kept back because they are secret"), report.kept_back)

    def _draw(self, sheet: _Sheet, path: Path, progress: Progress) -> _Made:
        from layers.findings import Severity
        from ui.sheets import export_sheet
        from zsgis.sheets.production import make_sheets

        material = self._material(sheet, ProgressPart(progress, 0.0, 0.5))
        rest = ProgressPart(progress, 0.5, 1.0)
        files = make_sheets(sheet.project, path, sheet.order, export_sheet, material=material, progress=rest)
        # what a stock of this sitting noticed stands beside its tables already
        counted = material.result if sheet.result is None else None
        findings = counted.findings if counted is not None else ()
        texts = tuple(finding.text for finding in findings if finding.severity is not Severity.NOTE)
        return _Made(tuple(files), texts)

    def _material(self, sheet: _Sheet, progress: Progress) -> SheetMaterial:
        from zsgis.sheets.production import gather_material

        self._flush(sheet.project)
        return gather_material(
            sheet.project, sheet.zones, progress, drawing=self._drawing, earlier=sheet.result
        )

    def _write_webmap(self, project: Project, path: Path, progress: Progress) -> WebMapReport:
        from zsgis.webmap import write_webmap

        self._flush(project)
        return write_webmap(project, path, progress)


def _shortened(lines: Sequence[str]) -> tuple[str, ...]:
    """Return as many lines as a dialog has room for, the last one saying how many more there are."""
    if len(lines) <= _LINES_SHOWN:
        return tuple(lines)
    rest = len(lines) - _LINES_SHOWN
    return (*lines[:_LINES_SHOWN], _("… and {count} more").format(count=rest))


def zone_names(project: Project, layer: LayerInfo) -> tuple[tuple[str, str], ...]:
    """Return ``(zs_uid, name)`` of each feature that a sheet can be made of, named as on the sheet."""
    from zsgis.sheets.place import places

    return tuple((place.uid, place.name) for place in places(project, layer))
