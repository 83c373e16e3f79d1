"""Charts and maps of a result as files beside its tables."""

from __future__ import annotations

import io
import re
from pathlib import Path

from layers.whole_file import whole_file
from layers.words import _
from zsgis.charts import Picture
from zsgis.reports.charts.drawing import draw
from zsgis.reports.charts.look import PAPER, Look
from zsgis.result import Result

PNG_DPI = 200
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def chart_png(chart: Picture, width_mm: float, height_mm: float, dpi: float, look: Look = PAPER) -> bytes:
    """Return a chart as PNG. Safe in any thread.

    Raises
    ------
    InputError
        When the program's font is missing.
    """
    out = io.BytesIO()
    draw(chart, width_mm, height_mm, look).savefig(out, format="png", dpi=dpi, facecolor=look.ground)
    return out.getvalue()


def write_pictures(result: Result, folder: Path) -> list[Path]:
    """Write every chart and map of a result as SVG and PNG and return the files, each whole or not at all.

    Text in the SVG is drawn as shapes: it looks alike where the font is not installed.

    Raises
    ------
    InputError
        When a file cannot be written.
    """
    written = []
    for chart in (*result.charts, *result.maps, *result.grids):
        name = _NOT_IN_NAMES.sub("_", f"{result.title}_{chart.title}")
        figure = draw(chart)
        for ending in ("svg", "png"):
            path = folder / f"{name}.{ending}"
            with whole_file(path, _("The picture cannot be written: {reason}")) as draft:
                figure.savefig(draft, format=ending, dpi=PNG_DPI, facecolor=PAPER.ground)
            written.append(path)
    return written
