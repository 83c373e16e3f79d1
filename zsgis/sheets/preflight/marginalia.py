"""What stands around the map: title, number, scale, datum, makers, date."""

from __future__ import annotations

from collections.abc import Iterator

from layers.words import _
from zsgis.sheets.layout import FormItem, MapItem, ScaleBarItem, SheetLayout, TextItem
from zsgis.sheets.preflight.findings import SheetFinding

MAKERS = ("审定", "审核", "校核", "制图")
"""Cells of the 图签 that persons sign."""
DATE = "日期"
_WHOLE = 100


def marginalia_findings(layout: SheetLayout) -> Iterator[SheetFinding]:
    """Tell what is missing around the map."""
    texts = {item.name: " ".join(item.lines).strip() for item in layout.first.items_of(TextItem)}
    if not texts.get("title"):
        yield SheetFinding("sheet.title", _("The sheet has no title."), blocking=True)
    if not texts.get("number"):
        yield SheetFinding("sheet.number", _("The sheet has no number."))
    for item in layout.first.items_of(MapItem):
        yield from _map_findings(layout, item)
    yield from _form_findings(layout)


def _map_findings(layout: SheetLayout, item: MapItem) -> Iterator[SheetFinding]:
    if item.scale_denominator % _WHOLE:
        yield SheetFinding(
            "sheet.scale",
            _("The scale 1:{scale} is no round number.").format(scale=f"{item.scale_denominator:,.10g}"),
            blocking=True,
            box=item.box,
        )
    if not layout.first.items_of(ScaleBarItem):
        yield SheetFinding("sheet.scale_bar", _("The sheet states no scale."), blocking=True)
    printed = "".join(line for text in layout.first.items_of(TextItem) for line in text.lines)
    if _bare(item.crs) not in _bare(printed):
        yield SheetFinding("sheet.datum", _("The sheet does not state its coordinate system."), blocking=True)


def _bare(text: str) -> str:
    # a note is broken into lines wherever they are full, also at a space
    return "".join(text.split())


def _form_findings(layout: SheetLayout) -> Iterator[SheetFinding]:
    cells = [cell for form in layout.first.items_of(FormItem) for cell in form.cells]
    filled = {cell.label for cell in cells if cell.value.strip()}
    missing = [maker for maker in MAKERS if maker not in filled]
    if missing:
        yield SheetFinding("sheet.makers", _("Not filled in: {cells}.").format(cells="、".join(missing)))
    if DATE not in filled:
        yield SheetFinding("sheet.date", _("The sheet has no date."))
