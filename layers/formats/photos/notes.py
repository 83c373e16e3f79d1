"""What is to be told of photos besides their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.photos.photo import Photo
from layers.words import _

_NAMED_AT_MOST = 20
_WORLD = ("", "WGS84", "WGS1984", "CGCS2000")


def odd_datums(photos: Sequence[Photo]) -> tuple[str, ...]:
    """Return datums other than WGS 84 and CGCS2000 that photos with a position state."""
    stated = [one.facts.datum for one in photos if one.facts and one.facts.latitude is not None]
    return tuple(dict.fromkeys(name for name in stated if _plain(name) not in _WORLD))


def _plain(datum: str) -> str:
    return "".join(letter for letter in datum.upper() if letter.isalnum())


def notes_of(photos: Sequence[Photo], others: int) -> Iterator[SourceNote]:
    """Yield what is missing of photos, each with the names of the files it is about."""
    cases = (
        (
            "photos.unreadable",
            _("{count} photos cannot be read; they are rows without a point: {names}"),
            [one.facts is None for one in photos],
        ),
        (
            "photos.no_position",
            _("{count} photos have no position; they are rows without a point: {names}"),
            [one.facts is not None and one.facts.latitude is None for one in photos],
        ),
        (
            "photos.sides_assumed",
            _("{count} photos do not say north or south, east or west: taken as north and east: {names}"),
            [one.facts is not None and one.facts.sides_assumed for one in photos],
        ),
    )
    for code, text, chosen in cases:
        rows = tuple(row for row, wanted in enumerate(chosen) if wanted)
        if rows:
            names = _names([photos[row] for row in rows])
            yield SourceNote(code, Severity.WARNING, text.format(count=len(rows), names=names), rows)
    odd = odd_datums(photos)
    if odd:
        yield SourceNote(
            "photos.datum",
            Severity.WARNING,
            _("Positions of photos are stated in {names}; their coordinate system has to be chosen.").format(
                names="、".join(odd)
            ),
        )
    if others:
        yield SourceNote(
            "photos.others",
            Severity.NOTE,
            _("{count} other files in the folder are no photos and were passed over.").format(count=others),
        )


def _names(photos: Sequence[Photo]) -> str:
    listed = [one.path.name + (f" ({one.fault})" if one.fault else "") for one in photos[:_NAMED_AT_MOST]]
    return "、".join(listed) + ("…" if len(photos) > _NAMED_AT_MOST else "")
