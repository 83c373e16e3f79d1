"""The look of charts: the font that comes with the program, little ink, greys and one accent."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

ACCENT = "#1D5C9E"
TEXT = "#1E2227"
MUTED = "#58616B"
LINE = "#D3D7DC"
NO_CLASS = "#C8CCD1"
SERIES = ("#1D5C9E", "#D98A29", "#4C8C4A", "#8B5FA8", "#B5473C", "#5C7F8C")
MM_PER_INCH = 25.4


@cache
def _font_file() -> Path:
    package = find_spec("mpl_font")
    for folder in package.submodule_search_locations or () if package else ():
        path = Path(folder) / "fonts" / "wqy" / "wqy-microhei.ttc"
        if path.is_file():
            return path
    raise InputError(
        _("The font for charts is missing."),
        where="mpl_font/fonts/wqy/wqy-microhei.ttc",
        remedy=_("Install the program again."),
    )


def font(size_pt: float) -> FontProperties:
    """Return the charts' font in a size.

    Raises
    ------
    InputError
        When the installation is incomplete.
    """
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(_font_file()), size=size_pt)


def calm(axes: Axes) -> None:
    """Take from axes what is not read: frame, ticks, heavy lines."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, colors=MUTED)
    axes.set_axisbelow(True)


def number_text(value: float, digits: int) -> str:
    """Return a number as people read it; nothing for NaN."""
    return "" if value != value else f"{value:,.{digits}f}"  # noqa: PLR0124 - NaN is not itself


def titled(text: str, unit: str) -> str:
    """Return what is measured with its unit, as tables head their columns."""
    return f"{text}（{unit}）" if unit else text
