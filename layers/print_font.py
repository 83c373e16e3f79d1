"""The font that comes with the program: its file, and which characters it has."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from layers.errors import InputError
from layers.words import _


def print_font_file() -> Path:
    """Return the file of the font that comes with the program.

    Raises
    ------
    InputError
        When the installation is incomplete.
    """
    package = find_spec("mpl_font")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder, "fonts", "wqy", "wqy-microhei.ttc")
        if file.is_file():
            return file
    raise InputError(
        _("The Chinese font that belongs to the program is missing."),
        where="mpl_font/fonts/wqy/wqy-microhei.ttc",
        remedy=_("Install the program again."),
    )


@lru_cache(maxsize=1)
def print_font_characters() -> frozenset[int]:
    """Return the code points that the font can show."""
    from fontTools.ttLib import TTFont

    with TTFont(print_font_file(), fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())
