"""What is asked of a series of sheets."""

from __future__ import annotations

from dataclasses import dataclass

from layers.errors import UsageError
from layers.words import _


@dataclass(frozen=True)
class SeriesRule:
    """Of which features a series has sheets, and how they are made.

    Attributes
    ----------
    titled_by : str
        The field, by its name or its title, that says what sheets call a feature; empty takes its name.
    only : tuple of str
        Names or ``zs_uid`` of the features wanted, in the order wanted; empty means all.
    scales : tuple of int
        Denominators that the sheets may have, the largest scale that fits being taken; empty leaves it to
        the template.
    """

    titled_by: str = ""
    only: tuple[str, ...] = ()
    scales: tuple[int, ...] = ()


def read_scales(text: str) -> tuple[int, ...]:
    """Return the denominators of ``2000`` or ``1:500,1:1000,2000``.

    Raises
    ------
    UsageError
        For a word that is no scale.
    """
    found = []
    for word in filter(None, (one.strip() for one in text.replace("，", ",").split(","))):
        digits = word.removeprefix("1:").removeprefix("1：").strip()
        if not digits.isascii() or not digits.isdigit() or not 1 <= int(digits) <= 100_000_000:
            raise UsageError(
                _("“{word}” is no scale.").format(word=word),
                remedy=_("Write the denominator, several with commas between: 500,1000,2000"),
            )
        found.append(int(digits))
    return tuple(dict.fromkeys(found))
