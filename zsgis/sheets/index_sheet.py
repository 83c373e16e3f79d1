"""The sheet before a series: where each sheet lies, and a table of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from layers.drawable import DrawableLayer
from layers.progress import Progress
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_, _
from zsgis.analysis.layers_used import unsigned_record
from zsgis.result import Column, Result, Row, Table
from zsgis.sheets.compose import SheetJob
from zsgis.sheets.layout import MapItem, SheetLayout
from zsgis.sheets.map_layers import labelled_shapes
from zsgis.sheets.place import Place
from zsgis.sheets.public_use import PublicLimits
from zsgis.sheets.scale import ratio
from zsgis.sheets.template_files import load_template

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

INDEX_TEMPLATE = "index_a3"
INDEX_TITLE = N_("Index of sheets")
_UID = "sheet-index"
_LOOK = Style(
    symbol=Symbol(fill=None, stroke="#C4122F", stroke_mm=0.45),
    label=LabelStyle(field="label", size_mm=4.2, color="#9E0E25", halo_mm=0.5, bold=True, priority=10),
)


def index_sheet(
    project: Project,
    info: LayerInfo,
    wanted: Sequence[Place],
    sheets: Sequence[SheetLayout],
    where: Sequence[str],
    drawables: Sequence[DrawableLayer],
    settings: Mapping[str, str],
    limits: PublicLimits | None,
    progress: Progress,
) -> SheetLayout:
    """Return the sheet that shows where the sheets of a series lie, by their numbers, and lists them.

    Parameters
    ----------
    info : LayerInfo
        The layer the series is made of.
    wanted : sequence of Place
        The features, in the order of ``sheets``.
    where : sequence of str
        Where each sheet is found: the name of its file, or its page.
    drawables : sequence of DrawableLayer
        What lies below, top first.
    settings : mapping
        Texts of the sheets; those that the index has no place for are left out. Titles of single sheets do
        not hold for it.
    """
    form = load_template(INDEX_TEMPLATE)
    given = {key: value for key, value in settings.items() if key in form.setting_names()}
    numbers = [str(number) for number in range(1, len(wanted) + 1)]
    shapes = [place.shape for place in wanted]
    marks = labelled_shapes(_UID, _("Extent of a sheet"), shapes, numbers, _LOOK, project.crs)
    job = SheetJob(
        project, form, info, None, given, tuple(drawables), _listed(sheets, wanted, where), (marks,), limits
    )
    return job.composed(progress)


def _listed(sheets: Sequence[SheetLayout], wanted: Sequence[Place], where: Sequence[str]) -> Result:
    columns = (
        Column("number", _("No.")),
        Column("zone", _("Name")),
        Column("sheet", _("Sheet")),
        Column("scale", _("Scale")),
        Column("where", _("File or page")),
    )
    rows = tuple(
        Row(
            {
                "number": str(number),
                "zone": place.title,
                "sheet": sheet.name,
                "scale": ratio(sheet.first.items_of(MapItem)[0].scale_denominator),
                "where": found,
            }
        )
        for number, (sheet, place, found) in enumerate(zip(sheets, wanted, where, strict=True), 1)
    )
    table = Table("sheets", _("Sheets of the series"), columns, rows)
    record = unsigned_record((), (), {})
    return Result("sheets", _(INDEX_TITLE), (table,), (), (), record)
