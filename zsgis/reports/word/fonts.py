"""Fonts of a document: the office's own where they are installed, a free one where they are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

_FAMILY_NAMES = (1, 16)
_MACINTOSH = 1
FREE = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "FandolSong",
    "AR PL UMing CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK SC",
)
"""Free fonts with Chinese, the most like print first."""


@dataclass(frozen=True)
class Fonts:
    """The fonts a document is set in.

    Attributes
    ----------
    names : mapping of str to str
        Font by role.
    replaced : mapping of str to str
        What was wished and is not installed, with what stands in its place.
    absent : tuple of str
        What was wished and stands, though it is not installed: no font with Chinese is.
    """

    names: Mapping[str, str]
    replaced: Mapping[str, str]
    absent: tuple[str, ...] = ()


def chosen_fonts(wished: Mapping[str, Sequence[str]], installed: frozenset[str]) -> Fonts:
    """Return a font for each role: the first of those wished that is installed, else a free one.

    Where no font with Chinese is installed at all the wished one stays: another computer may have it.
    """
    names: dict[str, str] = {}
    replaced: dict[str, str] = {}
    absent: list[str] = []
    for role, wishes in wished.items():
        found = next((name for name in wishes if name.casefold() in installed), None)
        if found is None:
            found = next((name for name in FREE if name.casefold() in installed), None)
            if found is not None:
                replaced[wishes[0]] = found
            elif wishes[0] not in absent:
                absent.append(wishes[0])
        names[role] = found or wishes[0]
    return Fonts(names, replaced, tuple(absent))


@cache
def installed_fonts() -> frozenset[str]:
    """Return the family names of all installed fonts, in every language they state, case folded."""
    from matplotlib.font_manager import findSystemFonts

    found: set[str] = set()
    for path in findSystemFonts():
        found |= _families(path)
    return frozenset(found)


def _families(path: str) -> set[str]:
    """Return the family names of a font file, of a collection those of its first face."""
    from matplotlib.ft2font import FT2Font

    try:
        names = FT2Font(path).get_sfnt()
    except (OSError, RuntimeError, ValueError):
        return set()
    found = set()
    for (platform, _encoding, _language, kind), text in names.items():
        if kind in _FAMILY_NAMES:
            coding = "mac-roman" if platform == _MACINTOSH else "utf-16-be"
            found.add(text.decode(coding, "ignore").strip("\0 ").casefold())
    return found - {""}
