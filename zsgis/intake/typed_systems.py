"""What somebody types for the coordinates, read at every key: only what is told apart at once."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from layers.errors import CrsError
from layers.guard.taken_as import TakenAs, parse_taken_as
from layers.words import _

# the register of names takes half a second to say that it knows none
_PLAIN = re.compile(
    r"(?:(?:epsg:)?\d{4,6}|gk:[^+]+|utm[ _-]?\d{1,2}n?|gcj02|bd09)"
    r"(?:\+(?:swapped|gcj02|bd09|mm|cm|km|m|offset:[^:+]+:[^:+]+|with:[^+]+))*",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def read_typed(text: str) -> TakenAs:
    """Return what a text takes coordinates as: codes, ``gk:``, ``utm``, shifts, WKT, with additions.

    Names of systems are not looked for, unlike in ``layers.guard.taken_as.parse_taken_as``.

    Raises
    ------
    CrsError
        When the text is not understood.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _PLAIN.fullmatch(plain) is None and "[" not in plain:
        raise CrsError(
            _("“{text}” does not say what the coordinates are.").format(text=plain[:80]),
            remedy=_(
                "Write an EPSG code, gk:114.5, utm49, gcj02 or bd09; +swapped where X and Y are exchanged."
            ),
        )
    return parse_taken_as(plain)
