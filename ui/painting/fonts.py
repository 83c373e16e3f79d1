"""The fonts of the map: found on the machine for the screen, carried with the program for print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PyQt6.QtGui import QFontDatabase

from layers.errors import InputError
from layers.print_font import print_font_file
from layers.words import _

# Read well on a screen, best first: office Windows, UOS and Kylin, Debian and Ubuntu.
SCREEN_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
)


@dataclass(frozen=True)
class FontNames:
    """Families to ask Qt for.

    Attributes
    ----------
    screen : str
        For the window: an installed Chinese font where there is one.
    print_ : str
        For sheets: always the one carried with the program, because its text is found again in a PDF.
    """

    screen: str
    print_: str


@lru_cache(maxsize=1)
def load_fonts() -> FontNames:
    """Register the carried font and choose the families; needs a running QGuiApplication.

    Works where no font is installed at all: the carried one then serves the screen too.
    """
    file = print_font_file()
    number = QFontDatabase.addApplicationFont(str(file))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        raise InputError(
            _("The Chinese font cannot be read."), where=str(file), remedy=_("Install the program again.")
        )
    carried = next((name for name in families if "Mono" not in name), families[0])
    installed = set(QFontDatabase.families())
    return FontNames(next((name for name in SCREEN_FAMILIES if name in installed), carried), carried)
