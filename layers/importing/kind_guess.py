"""Which kind a layer of a file most likely is, from its name, its shapes and its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from layers.importing.columns import match_fields
from layers.kind import GeometryType, Kind
from layers.kinds import KINDS
from layers.words import _

_GENERIC: Mapping[GeometryType, str] = {
    GeometryType.POINT: "points",
    GeometryType.LINE: "lines",
    GeometryType.POLYGON: "zones",
}


@dataclass(frozen=True)
class KindGuess:
    """A kind, and why.

    Attributes
    ----------
    named : bool
        The file or its layer is named after the kind.
    found : int
        How many of the kind's fields the columns fill.
    """

    kind: Kind
    named: bool
    found: int


def guess_kind(names: Iterable[str], geometry: str, columns: Sequence[str]) -> KindGuess:
    """Return the kind a layer is named after, else that most of whose fields are found, else a generic one.

    Parameters
    ----------
    names : iterable of str
        Of the file and of its layer.
    geometry : str
        ``point``, ``line``, ``polygon``; empty for a mixture or a type that is not known.

    Notes
    -----
    On a draw a generic kind is taken: it claims nothing.
    """
    fitting = [kind for kind in KINDS.values() if geometry in ("", kind.geometry)]
    text = " ".join(names).lower()
    named = [
        (len(name), kind) for kind in fitting for name in (kind.key, _(kind.title).lower()) if name in text
    ]
    if named:
        # “控制线” says more than “线”
        kind = max(named, key=lambda pair: pair[0])[1]
        return KindGuess(kind, True, _found(kind, columns))
    generic = set(_GENERIC.values())
    guesses = [KindGuess(kind, False, _found(kind, columns)) for kind in fitting]
    most = max(guess.found for guess in guesses)
    best = [guess for guess in guesses if guess.found == most]
    return next((guess for guess in best if guess.kind.key in generic), best[0])


def plain_geometry(declared: str) -> str:
    """Return the plain shape of a type as files declare it, ``MultiPolygon Z``; empty for a mixture."""
    name = declared.lower().replace("multi", "")
    for word, plain in (
        # a CurvePolygon is no curve
        ("polygon", GeometryType.POLYGON),
        ("surface", GeometryType.POLYGON),
        ("line", GeometryType.LINE),
        ("curve", GeometryType.LINE),
        ("point", GeometryType.POINT),
    ):
        if word in name:
            return str(plain)
    return ""


def _found(kind: Kind, columns: Sequence[str]) -> int:
    return len(match_fields(kind, list(columns), {}))
