"""From a project to finished sheet files: material is gathered, composed and handed to the drawer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from layers.errors import UsageError
from layers.locations import cache_folder
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.store import LayerInfo, Project
    from zsgis.result import Result
    from zsgis.sheets.clearance import Clearance
    from zsgis.sheets.layout import SheetLayout
    from zsgis.sheets.preflight import SheetFinding

# of the classes in a sheet's legend, and so of its figures
_LEVEL = "2"

SHEET_SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")

# bytes in the name of a file: Linux allows 255, and drafts are called by the name with something before it;
# some of them for a number that tells two names apart
_LONGEST_NAME, _NUMBER_ROOM = 200, 12

# What Windows refuses in a file name; a platform's name becomes part of one.
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


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
    bound : bool
        All sheets of a series in one document instead of a file for each.
    clearance : Clearance, optional
        What is stated about the export; without it, a sheet for work inside the house.
    """

    template: str = ""
    zone: str = ""
    each: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    dpi: int = 300
    bound: bool = False
    clearance: Clearance | None = None


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

    A series writes ``name-feature.pdf`` beside ``out``, one for each feature; a bound one writes ``out``.
    All sheets are checked before the first is drawn. What was written is entered in the project's register
    of exports.

    Parameters
    ----------
    noticed : callable, optional
        Handed what the check found, once, before anything is drawn.

    Raises
    ------
    SheetHeldError
        When a finding stops the export and nobody answers for it; nothing is written then.
    """
    from zsgis.sheets.clearance import Clearance, clear
    from zsgis.sheets.layout import bind
    from zsgis.sheets.registering import SheetEntry, register_sheets

    require_sheet_file(out)
    progress = progress or NoProgress()
    ready = material or gather_material(project, order.each, ProgressPart(progress, 0.0, 0.4))
    composing, drawing = ProgressPart(progress, 0.4, 0.6), ProgressPart(progress, 0.6, 1.0)
    layouts = compose_sheets(project, order, ready, composing)
    clearance = order.clearance or Clearance()
    found = clear(project, layouts, clearance)
    if noticed is not None:
        noticed(found)
    secrecy = [layout.secrecy for layout in layouts]
    secrecy += [mark for layout in layouts for mark in shown_secrecy(project, layout)]
    if order.bound:
        layouts = [bind(layouts, title=out.stem)]
    apart = _is_series(order) and not order.bound
    files = series_files(out, [layout.name for layout in layouts]) if apart else [out]
    written = []
    for number, (layout, file) in enumerate(zip(layouts, files, strict=True)):
        part = ProgressPart(drawing, number / len(files), (number + 1) / len(files))
        part.step(0.0, _("Drawing sheet “{name}”").format(name=layout.name))
        written.append(draw(layout, file, dpi=order.dpi, progress=part))
    title = layouts[0].name if len(layouts) == 1 else written[0].stem
    register_sheets(project, SheetEntry(title, tuple(secrecy), clearance, found), written)
    return written


def _is_series(order: SheetOrder) -> bool:
    return bool(order.each) and not order.zone


def shown_secrecy(project: Project, layout: SheetLayout) -> tuple[str, ...]:
    """Return the 密级 of each layer that a sheet's map shows; empty where none is stated."""
    from zsgis.sheets.layout import MapItem

    shown = {layer.uid for page in layout.pages for item in page.items_of(MapItem) for layer in item.layers}
    return tuple(info.secrecy for info in project.layers() if info.uid in shown)


def compose_sheets(
    project: Project, order: SheetOrder, ready: SheetMaterial, progress: Progress
) -> list[SheetLayout]:
    """Return the finished sheets that an order asks for, nothing drawn yet."""
    from zsgis.sheets.compose import compose, series

    if _is_series(order):
        return list(
            series(
                project,
                template=order.template,
                each=order.each,
                settings=order.settings,
                drawables=ready.drawables,
                result=ready.result,
                progress=progress,
            )
        )
    one = compose(
        project,
        template=order.template,
        zone=order.zone,
        each=order.each,
        settings=order.settings,
        drawables=ready.drawables,
        result=ready.result,
        progress=progress,
    )
    return [one]


def require_sheet_file(out: Path) -> None:
    """Refuse a file whose ending names no format that sheets are drawn in.

    Raises
    ------
    UsageError
    """
    if out.suffix.lower() not in SHEET_SUFFIXES:
        raise UsageError(
            _("A sheet cannot be written as “{suffix}”.").format(suffix=out.suffix),
            where=str(out),
            remedy=_("Endings: {endings}").format(endings=" ".join(SHEET_SUFFIXES)),
        )


def series_files(out: Path, names: Sequence[str]) -> list[Path]:
    """Return a file beside ``out`` for each name.

    No two are the same on any system (letter case does not count), and none is too long for one.
    """
    room = max(_LONGEST_NAME - len(f"{out.stem}-{out.suffix}".encode()) - _NUMBER_ROOM, _NUMBER_ROOM)
    taken: set[str] = set()
    files = []
    for name in names:
        base = file_name(name).encode()[:room].decode(errors="ignore")
        number, candidate = 1, base
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{base} ({number})"
        taken.add(candidate.casefold())
        files.append(out.with_name(f"{out.stem}-{candidate}{out.suffix}"))
    return files


def file_name(text: str) -> str:
    """Return ``text`` as part of a file name on every system."""
    return _NOT_IN_FILE_NAMES.sub("_", text).strip(" .") or "_"
