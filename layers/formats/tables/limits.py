"""What a table from outside may claim at most: enough for every register of a bureau, too little for harm."""

from __future__ import annotations

from pathlib import Path

from layers.errors import InputError
from layers.formats.zip_guard import ZipLimits
from layers.words import _

MOST_ROWS = 1_048_576  # of a worksheet (Excel's own limit)
MOST_COLUMNS = 16_384  # of a worksheet (Excel's own limit)
MOST_USED_COLUMNS = 1_000  # a project's layer holds no more
MOST_CELLS = 20_000_000  # about 2 GB of Python values: beyond it a table belongs into a database
MOST_CHARACTERS = 1_000_000  # of one cell: a polygon of 40,000 vertices; Excel itself holds 32,767
MOST_BYTES = 256 * 2**20  # of a file that is read at once
WORKBOOK_LIMITS = ZipLimits(
    members=5_000, member_bytes=512 * 2**20, total_bytes=1024 * 2**20, ratio_from_bytes=64 * 2**20
)


def require_size(path: Path) -> None:
    """Refuse a file that is too large to be read at once."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(
            _("The table is too large to be read: {size} MB; {most} MB are the most.").format(
                size=size // 2**20, most=MOST_BYTES // 2**20
            ),
            where=str(path),
            remedy=_("Split it, or hand it over as a GeoPackage."),
        )


def too_many_cells(path: Path, cells: int) -> InputError:
    """Return the sentence for a sheet of more cells than are read."""
    return InputError(
        _("The sheet claims {cells} cells; {most} are the most that are read.").format(
            cells=f"{cells:,}", most=f"{MOST_CELLS:,}"
        ),
        where=str(path),
        remedy=_("Delete the empty rows and columns behind the table, or split it."),
    )
