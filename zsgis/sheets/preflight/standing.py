"""What the sheet says of itself: 密级, 审图号, 示意, and how much land it shows."""

from __future__ import annotations

from collections.abc import Iterator

from layers.secrecy import FIRST_MARKED, highest, is_secret, rank
from layers.words import _
from zsgis.sheets.layout import LegendItem, MapItem, SheetLayout, TextItem
from zsgis.sheets.preflight.findings import SheetFinding
from zsgis.sheets.preflight.uses import Review, ReviewState, Use

LARGE_SCALE = 10_000
"""Sheets of this scale and larger show land in the detail of large-scale data."""
MOST_KM2 = 25.0
_TERM = "★"


def standing_findings(
    layout: SheetLayout, use: Use, review: Review, secrecy: tuple[str, ...]
) -> Iterator[SheetFinding]:
    """Tell where the sheet says less of itself than it must."""
    yield from _secrecy(layout, use, highest(*secrecy))
    yield from _review(use, review)
    yield from _schematic(layout)
    yield from _area(layout)


def _secrecy(layout: SheetLayout, use: Use, needed: str) -> Iterator[SheetFinding]:
    if rank(layout.secrecy) < rank(needed):
        yield SheetFinding(
            "sheet.secrecy_low",
            _("The sheet is marked “{secrecy}”, but shows layers marked {needed}.").format(
                secrecy=layout.secrecy, needed=needed
            ),
            blocking=True,
        )
    level = highest(layout.secrecy, needed)
    printed = "".join(line for text in layout.first.items_of(TextItem) for line in text.lines)
    if rank(level) >= rank(FIRST_MARKED) and level not in printed:
        yield SheetFinding(
            "sheet.secrecy_mark",
            _("The mark {secrecy} is not printed on the sheet.").format(secrecy=level),
            blocking=True,
        )
    if is_secret(level) and _TERM not in level:
        yield SheetFinding(
            "sheet.secrecy_term",
            _("The mark {secrecy} has no term (as in 秘密★10年).").format(secrecy=level),
        )
    if use.public and rank(level) >= rank(FIRST_MARKED):
        yield SheetFinding(
            "sheet.secrecy_public",
            _("A sheet marked {secrecy} is not for {use}.").format(secrecy=level, use=use),
            blocking=True,
        )


def _review(use: Use, review: Review) -> Iterator[SheetFinding]:
    """Tell how the 审图号 stands against the use; for use in the house nobody has to state it."""
    if review.state is None:
        if use.public:
            yield SheetFinding(
                "sheet.review_unstated",
                _("The state of the map review number is not stated; {use} needs it.").format(use=use),
                blocking=True,
            )
        return
    if review.state is ReviewState.UNDER_REVIEW:
        if use.public:
            yield SheetFinding("sheet.review_pending", _("The map review is not finished."), blocking=True)
    elif not review.word and review.state is ReviewState.NOT_NEEDED:
        yield SheetFinding(
            "sheet.review_reason",
            _("Why no map review number is needed is not stated."),
            blocking=True,
        )
    elif not review.word:
        yield SheetFinding(
            "sheet.review_number", _("The map review number itself is not stated."), blocking=True
        )


def _schematic(layout: SheetLayout) -> Iterator[SheetFinding]:
    if not layout.schematic:
        return
    word = _("schematic")
    titles = [line for text in layout.first.items_of(TextItem) if text.name == "title" for line in text.lines]
    if not any(word in line for line in titles):
        yield SheetFinding(
            "sheet.schematic_title",
            _("The sheet shows schematic data, but its title does not say so."),
            blocking=True,
        )
    legends = [legend for page in layout.pages for legend in page.items_of(LegendItem)]
    if legends and not any(word in legend.remark for legend in legends):
        yield SheetFinding(
            "sheet.schematic_legend",
            _("The sheet shows schematic data, but its legend does not say so."),
            blocking=True,
        )


def _area(layout: SheetLayout) -> Iterator[SheetFinding]:
    for item in layout.first.items_of(MapItem):
        xmin, ymin, xmax, ymax = item.bounds
        km2 = (xmax - xmin) * (ymax - ymin) / 1e6
        if item.scale_denominator <= LARGE_SCALE and km2 > MOST_KM2:
            yield SheetFinding(
                "sheet.area",
                _(
                    "The map shows {area} km² at 1:{scale}. Over {most} km² of large-scale data may be a"
                    " state secret: ask whoever decides on it."
                ).format(area=f"{km2:,.1f}", scale=f"{item.scale_denominator:,.0f}", most=f"{MOST_KM2:g}"),
                box=item.box,
            )
