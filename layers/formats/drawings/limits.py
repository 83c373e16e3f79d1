"""How much a drawing may hold: more is refused with a sentence, before memory or patience run out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.words import _

# ezdxf keeps about fifteen bytes of memory for each byte of an ASCII drawing
FILE_BYTES = 400_000_000
# a value of a DXF is a line; the longest real ones are texts of some ten thousand letters
LINE_CHARACTERS = 1_000_000
# blocks within blocks: drawings of the bureau nest three or four deep
BLOCK_DEPTH = 24
# beyond it a coordinate is no place on earth in any unit a drawing is made in
COORDINATE = 1e12
SPLINE_DEGREE = 25
SPLINE_POINTS = 100_000


@dataclass
class Budget:
    """What is left to be taken out of one drawing.

    Attributes
    ----------
    entities : int
        Entities, those that blocks are taken apart into included.
    vertices : int
        Vertices of all shapes, curves already made of short lines.
    """

    path: Path
    entities: int = 3_000_000
    vertices: int = 30_000_000

    def take_entities(self, count: int = 1) -> None:
        """Take entities away.

        Raises
        ------
        InputError
            When the drawing holds more than there may be.
        """
        self.entities -= count
        if self.entities < 0:
            raise InputError(
                _("The drawing holds too many objects; blocks that repeat themselves count each time."),
                where=str(self.path),
                remedy=_("Save the part that is needed as a drawing of its own."),
            )

    def take_vertices(self, count: int) -> None:
        """Take vertices away; errors as :meth:`take_entities`."""
        self.vertices -= count
        if self.vertices < 0:
            raise InputError(
                _("The drawing's lines have too many vertices."),
                where=str(self.path),
                remedy=_(
                    "Save the part that is needed as a drawing of its own, or allow a larger tolerance."
                ),
            )


def require_size(path: Path) -> int:
    """Return a file's bytes.

    Raises
    ------
    InputError
        When it is missing, empty, or larger than is read.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(
            _("There is no such file."),
            where=str(path),
            remedy=_("Check the path and the file's name."),
            details=str(error),
        ) from error
    if not size:
        raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
    if size > FILE_BYTES:
        raise InputError(
            _("The drawing has {size} MB; up to {limit} MB are read.").format(
                size=round(size / 1e6), limit=round(FILE_BYTES / 1e6)
            ),
            where=str(path),
            remedy=_("Save the part that is needed as a drawing of its own."),
        )
    return size
