"""What is looked at before a sheet leaves the house: findings over a finished layout, nothing drawn."""

from zsgis.sheets.preflight.checking import PreflightOrder, preflight
from zsgis.sheets.preflight.findings import SheetFinding, numbered
from zsgis.sheets.preflight.uses import Review, ReviewState, Use, read_review, read_use

__all__ = [
    "PreflightOrder",
    "Review",
    "ReviewState",
    "SheetFinding",
    "Use",
    "numbered",
    "preflight",
    "read_review",
    "read_use",
]
