"""All checks of one sheet, in the order an officer reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from zsgis.sheets.layout import SheetLayout
from zsgis.sheets.preflight.findings import SheetFinding
from zsgis.sheets.preflight.glyphs import glyph_findings
from zsgis.sheets.preflight.legend import legend_findings
from zsgis.sheets.preflight.marginalia import marginalia_findings
from zsgis.sheets.preflight.places import place_findings
from zsgis.sheets.preflight.public import public_findings
from zsgis.sheets.preflight.standing import standing_findings
from zsgis.sheets.preflight.uses import Review, Use
from zsgis.sheets.public_use import PublicLimits


@dataclass(frozen=True)
class PreflightOrder:
    """What the sheet is checked against.

    Attributes
    ----------
    use : Use
    review : Review
        The state of the 审图号.
    secrecy : tuple of str
        The 密级 of the layers shown, where one is stated.
    limits : PublicLimits, optional
        What a use for the public allows.
    kind_of : mapping
        A layer's uid to its kind; needed where there are limits.
    """

    use: Use = Use.INTERNAL
    review: Review = field(default_factory=Review)
    secrecy: tuple[str, ...] = ()
    limits: PublicLimits | None = None
    kind_of: Mapping[str, str] = field(default_factory=dict)


def preflight(layout: SheetLayout, order: PreflightOrder) -> tuple[SheetFinding, ...]:
    """Return what is wrong with a finished sheet, not yet numbered; the layout is not changed.

    Widths of text are estimated on the safe side, so a text said to overflow may still just fit.

    Raises
    ------
    InputError
        When a layer's 密级 is none.
    """
    return tuple(replace(finding, sheet=layout.name) for finding in _all(layout, order))


def _all(layout: SheetLayout, order: PreflightOrder) -> Iterator[SheetFinding]:
    yield from marginalia_findings(layout)
    yield from legend_findings(layout)
    yield from standing_findings(layout, order.use, order.review, order.secrecy)
    if order.limits is not None:
        yield from public_findings(layout, order.limits, order.kind_of)
    yield from place_findings(layout)
    yield from glyph_findings(layout)
