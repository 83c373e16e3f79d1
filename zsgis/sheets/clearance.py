"""The gate before an export: what a sheet is for, what stops it, and on whose word it leaves all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.words import _
from zsgis.run_records.exports import Approval
from zsgis.sheets.preflight import PreflightOrder, Review, SheetFinding, Use, numbered, preflight
from zsgis.sheets.production import shown_secrecy

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.sheets.layout import SheetLayout
    from zsgis.sheets.public_use import PublicLimits


@dataclass(frozen=True)
class Clearance:
    """What is stated about an export before it is made.

    Attributes
    ----------
    use : Use
    review : Review
        The state of the 审图号.
    override : Approval
        On whose word, and why, blocking findings do not stop the export; not given: they do.
    """

    use: Use = Use.INTERNAL
    review: Review = field(default_factory=Review)
    override: Approval = field(default_factory=Approval)


class SheetHeldError(InputError):
    """Findings stop an export.

    Attributes
    ----------
    blocking : tuple of SheetFinding
        Those that stop it, by their numbers.
    """

    def __init__(self, blocking: Sequence[SheetFinding]) -> None:
        self.blocking = tuple(blocking)
        super().__init__(
            _("{count} findings stop the export: {list}").format(
                count=len(self.blocking), list="；".join(self.lines)
            ),
            remedy=_("Mend them, or state by whose word and why the sheet leaves all the same."),
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The findings, one line each."""
        return tuple(finding.told().text for finding in self.blocking)


def clear(
    project: Project,
    layouts: Sequence[SheetLayout],
    clearance: Clearance,
    limits: PublicLimits | None = None,
) -> tuple[SheetFinding, ...]:
    """Check finished sheets before they are drawn; return everything that was found, numbered.

    Parameters
    ----------
    limits : PublicLimits, optional
        What a use for the public allows.

    Raises
    ------
    SheetHeldError
        When something stops the export and nobody answers for it.
    """
    found = checked(project, layouts, clearance, limits)
    blocking = [finding for finding in found if finding.blocking]
    if blocking and not clearance.override.given:
        raise SheetHeldError(blocking)
    return found


def checked(
    project: Project, layouts: Sequence[SheetLayout], clearance: Clearance, limits: PublicLimits | None
) -> tuple[SheetFinding, ...]:
    """Return everything that is found on finished sheets, numbered; arguments as for :func:`clear`."""
    kind_of = {info.uid: info.kind for info in project.layers()}
    return numbered(
        finding
        for layout in layouts
        for finding in preflight(
            layout,
            PreflightOrder(clearance.use, clearance.review, shown_secrecy(project, layout), limits, kind_of),
        )
    )
