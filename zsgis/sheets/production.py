"""From a project to finished sheet files: material is gathered, composed and handed to the drawer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from layers.locations import cache_folder
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.sheets.series_rule import SeriesRule
from zsgis.sheets.sheet_files import files_of_series, index_file, require_sheet_file

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.store import LayerInfo, Project
    from zsgis.result import Result
    from zsgis.sheets.clearance import Clearance
    from zsgis.sheets.layout import SheetLayout
    from zsgis.sheets.preflight import SheetFinding
    from zsgis.sheets.public_use import PublicLimits
    from zsgis.sheets.registering import SheetEntry

# of the classes in a sheet's legend, and so of its figures
_LEVEL = "2"


class DrawingSource(Protocol):
    """Where layers come from ready to be drawn, :class:`layers.store.drawing_cache.DrawingCache` for one."""

    def get(self, project: Project, info: LayerInfo, map_crs: Any, progress: Progress) -> DrawableLayer:
        """Return a layer as arrays in the map's coordinate system."""
        ...


class SheetDrawer(Protocol):
    """Draws a finished layout into a file; the screen floor implements it."""

    def __call__(self, layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress) -> Path:
        """Return the file written."""
        ...


@dataclass(frozen=True)
class SheetOrder:
    """Which sheets are wanted.

    Attributes
    ----------
    template : str
        Key or path of a template; empty takes the platform sheet for a feature, else the city sheet.
    zone : str
        ``zs_uid`` or name of the one feature the sheet is of; empty means everything.
    each : str
        A layer: with no ``zone``, one sheet for each of its features.
    settings : mapping
        Texts of the sheet by name.
    rule : SeriesRule
        Of which features a series has sheets, and at which scales.
    bound : bool
        All sheets of a series in one document instead of a file for each.
    files : str
        Pattern of the names of a series' files; empty makes them from ``out`` and the sheet's name.
    index : bool
        A sheet before the series that shows where each lies.
    resume : bool
        Draw only those sheets of a series that an interrupted order has not written yet.
    clearance : Clearance, optional
        What is stated about the export; without it, a sheet for work inside the house.
    public_rule : str
        The bureau's own rule file on sheets for the public; empty takes the shipped one.
    """

    template: str = ""
    zone: str = ""
    each: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    dpi: int = 300
    rule: SeriesRule = field(default_factory=SeriesRule)
    bound: bool = False
    files: str = ""
    index: bool = False
    resume: bool = False
    clearance: Clearance | None = None
    public_rule: str = ""

    @property
    def limits(self) -> PublicLimits | None:
        """What the use allows; None for one inside the house. Errors as :func:`public_limits`."""
        from zsgis.sheets.public_use import public_limits

        use = self.clearance.use if self.clearance is not None else None
        return public_limits(str(use), self.public_rule) if use is not None and use.public else None

    @property
    def is_series(self) -> bool:
        """Whether there is a sheet for each of several features."""
        return bool(self.each) and not self.zone


@dataclass(frozen=True)
class SheetMaterial:
    """What sheets of a project are made from; gathered once for a whole series."""

    drawables: tuple[DrawableLayer, ...]
    result: Result | None


def gather_material(
    project: Project,
    zones: str = "",
    progress: Progress | None = None,
    *,
    drawing: DrawingSource | None = None,
    earlier: Result | None = None,
) -> SheetMaterial:
    """Return the visible layers ready to draw, and the stock of land by ``zones``.

    A project without classified land has no stock: its sheets carry no table.

    Parameters
    ----------
    zones : str
        Layer to count by; empty means the first that fits.
    drawing : DrawingSource, optional
        Where the layers come from; without one, the cache in the user's folder.
    earlier : Result, optional
        A stock of these zones whose choices (basis, unit, digits) hold for the sheets too. It is computed
        again only where its classes are not of the level that legends show.
    """
    from layers.store.drawing_cache import DrawingCache
    from zsgis.analysis.zoned.parameters import LAND_KINDS
    from zsgis.arrangement import layers_as_shown
    from zsgis.run import run_capability

    progress = progress or NoProgress()
    cache = drawing or DrawingCache(cache_folder("drawings"))
    shown = [info for info in layers_as_shown(project) if info.visible]
    drawables = []
    for number, info in enumerate(shown):
        part = ProgressPart(progress, 0.6 * number / len(shown), 0.6 * (number + 1) / len(shown))
        drawables.append(cache.get(project, info, project.crs, part))
    result = earlier if earlier is not None and earlier.run.parameters.get("level") == _LEVEL else None
    if result is None and project.layers_of(*LAND_KINDS):
        choices = dict(earlier.run.parameters) if earlier is not None else {"zones": zones}
        parameters = {**choices, "level": _LEVEL}
        result = run_capability(project, "stock", parameters, ProgressPart(progress, 0.6, 1.0))
    return SheetMaterial(tuple(drawables), result)


def make_sheets(
    project: Project,
    out: Path,
    order: SheetOrder,
    draw: SheetDrawer,
    *,
    material: SheetMaterial | None = None,
    progress: Progress | None = None,
    noticed: Callable[[tuple[SheetFinding, ...]], object] | None = None,
) -> list[Path]:
    """Write the sheets that an order asks for and return the files.

    A series writes ``name-feature.pdf`` beside ``out``, one for each feature, or what its pattern says; a
    bound one writes ``out``. All sheets are checked before the first is drawn. What was written is entered in
    the project's register of exports, also where the rest was stopped.

    Parameters
    ----------
    noticed : callable, optional
        Handed what the check found, once, before anything is drawn.

    Raises
    ------
    SheetHeldError
        When a finding stops the export and nobody answers for it; nothing is written then.
    """
    from zsgis.sheets.registering import register_sheets

    require_sheet_file(out)
    progress = progress or NoProgress()
    ready = material or gather_material(project, order.each, ProgressPart(progress, 0.0, 0.4))
    cleared = clear_sheets(project, order, ready, ProgressPart(progress, 0.4, 0.6), out)
    if noticed is not None:
        noticed(cleared.entry.found)
    sheets = _files_of(order, out, cleared.layouts)
    written: list[Path] = []
    try:
        for file in _drawn(order, out, sheets, draw, ProgressPart(progress, 0.6, 1.0)):
            written.append(file)
    finally:
        register_sheets(project, cleared.entry, written)
    return [file for _layout, file in sheets]


@dataclass(frozen=True)
class ClearedSheets:
    """Finished sheets that may leave, and what the register is told of them."""

    layouts: list[SheetLayout]
    entry: SheetEntry


def clear_sheets(
    project: Project, order: SheetOrder, ready: SheetMaterial, progress: Progress, out: Path | None = None
) -> ClearedSheets:
    """Compose the sheets that an order asks for and check them; nothing is drawn.

    Parameters
    ----------
    out : Path, optional
        Where they are to be written, which an index names.

    Raises
    ------
    SheetHeldError
        When a finding stops the export and nobody answers for it.
    """
    from zsgis.sheets.clearance import Clearance, clear
    from zsgis.sheets.registering import SheetEntry

    layouts = compose_sheets(project, order, ready, progress, out)
    clearance = order.clearance or Clearance()
    found = clear(project, layouts, clearance, order.limits)
    secrecy = [layout.secrecy for layout in layouts]
    secrecy += [mark for layout in layouts for mark in shown_secrecy(project, layout)]
    title = layouts[0].name if len(layouts) == 1 or out is None else out.stem
    return ClearedSheets(layouts, SheetEntry(title, tuple(secrecy), clearance, found))


def _files_of(order: SheetOrder, out: Path, layouts: list[SheetLayout]) -> list[tuple[SheetLayout, Path]]:
    """Return what is drawn into which file."""
    from zsgis.sheets.layout import bind

    if order.bound:
        return [(bind(layouts, title=out.stem), out)]
    if not order.is_series:
        return [(layouts[0], out)]
    index, sheets = (layouts[:1], layouts[1:]) if order.index else ([], layouts)
    files = [*(index_file(out) for _layout in index), *files_of_series(out, order.files, sheets)]
    return list(zip(layouts, files, strict=True))


def _drawn(
    order: SheetOrder,
    out: Path,
    sheets: list[tuple[SheetLayout, Path]],
    draw: SheetDrawer,
    progress: Progress,
) -> Iterator[Path]:
    """Draw the sheets that are not there yet; yield each file as it is written."""
    from zsgis.sheets.unfinished import UnfinishedSeries

    state = UnfinishedSeries(out, order.dpi, resume=order.resume) if len(sheets) > 1 else None
    for number, (layout, file) in enumerate(sheets):
        part = ProgressPart(progress, number / len(sheets), (number + 1) / len(sheets))
        if state is not None and state.has(file, layout):
            part.step(1.0, _("Sheet “{name}” is there already").format(name=layout.name))
            continue
        part.step(0.0, _("Drawing sheet “{name}”").format(name=layout.name))
        yield draw(layout, file, dpi=order.dpi, progress=part)
        if state is not None and file.is_file():
            state.enter(file, layout)
    if state is not None:
        state.close()


def shown_secrecy(project: Project, layout: SheetLayout) -> tuple[str, ...]:
    """Return the 密级 of each layer that a sheet's map shows; empty where none is stated."""
    from zsgis.sheets.layout import MapItem

    shown = {layer.uid for page in layout.pages for item in page.items_of(MapItem) for layer in item.layers}
    return tuple(info.secrecy for info in project.layers() if info.uid in shown)


def compose_sheets(
    project: Project, order: SheetOrder, ready: SheetMaterial, progress: Progress, out: Path | None = None
) -> list[SheetLayout]:
    """Return the finished sheets that an order asks for, nothing drawn yet; an index comes first.

    Parameters
    ----------
    out : Path, optional
        Where they are to be written, which an index names.
    """
    from zsgis.sheets.compose import compose

    if order.is_series:
        return _composed_series(project, order, ready, progress, out or Path("series.pdf"))
    one = compose(
        project,
        template=order.template,
        zone=order.zone,
        each=order.each,
        settings=order.settings,
        drawables=ready.drawables,
        result=ready.result,
        limits=order.limits,
        progress=progress,
    )
    return [one]


def _composed_series(
    project: Project, order: SheetOrder, ready: SheetMaterial, progress: Progress, out: Path
) -> list[SheetLayout]:
    from zsgis.sheets.index_sheet import index_sheet
    from zsgis.sheets.series import series, series_layer, series_places

    sheets = series(
        project,
        template=order.template,
        each=order.each,
        rule=order.rule,
        settings=order.settings,
        drawables=ready.drawables,
        result=ready.result,
        limits=order.limits,
        progress=ProgressPart(progress, 0.0, 0.9),
    )
    if not order.index:
        return sheets
    info = series_layer(project, order.each)
    wanted = series_places(project, info, order.rule)

    def index_of(where: list[str]) -> SheetLayout:
        shown, given, part = ready.drawables, order.settings, ProgressPart(progress, 0.9, 1.0)
        return index_sheet(project, info, wanted, sheets, where, shown, given, order.limits, part)

    if not order.bound:
        return [index_of([file.name for file in files_of_series(out, order.files, sheets)]), *sheets]
    # how many pages the index takes shifts all others, and does not hang on what it says of them
    ahead = len(index_of([""] * len(sheets)).pages)
    starts = accumulate((len(sheet.pages) for sheet in sheets[:-1]), initial=ahead + 1)
    return [index_of([_("page {number}").format(number=page) for page in starts]), *sheets]
