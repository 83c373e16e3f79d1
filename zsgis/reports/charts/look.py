"""The look of charts: the font that comes with the program, little ink, greys and one accent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Look:
    """The inks of charts, ``#rrggbb``.

    Attributes
    ----------
    ground : str
        What charts are drawn on; also the lines between bars and areas.
    series : tuple of str
        For series that state no colour of their own, in order.
    """

    ground: str
    text: str
    muted: str
    line: str
    accent: str
    no_class: str
    series: tuple[str, ...]


PAPER = Look(
    ground="#FFFFFF",
    text="#1E2227",
    muted="#58616B",
    line="#D3D7DC",
    accent="#1D5C9E",
    no_class="#C8CCD1",
    series=("#1D5C9E", "#D98A29", "#4C8C4A", "#8B5FA8", "#B5473C", "#5C7F8C"),
)
"""Charts in files and on paper, and in the light window."""
NIGHT = Look(
    ground="#26292E",
    text="#E7E9EB",
    muted="#A7AFB8",
    line="#41464D",
    accent="#86B8F0",
    no_class="#6B6F76",
    series=("#86B8F0", "#E8A852", "#7FBF7C", "#BC97D6", "#E58176", "#8FB3C0"),
)
"""Charts in the dark window."""


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


def calm(axes: Axes, look: Look) -> None:
    """Take from axes what is not read: frame, ticks, heavy lines."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, colors=look.muted)
    axes.set_axisbelow(True)


def number_text(value: float, digits: int) -> str:
    """Return a number as people read it; nothing for NaN."""
    return "" if value != value else f"{value:,.{digits}f}"  # noqa: PLR0124 - NaN is not itself


def titled(text: str, unit: str) -> str:
    """Return what is measured with its unit, as tables head their columns."""
    return f"{text}（{unit}）" if unit else text
