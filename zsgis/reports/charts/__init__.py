"""Charts and maps of a result, drawn: one look for screen, PNG and SVG."""

from zsgis.reports.charts.drawing import draw
from zsgis.reports.charts.files import chart_png, write_pictures
from zsgis.reports.charts.look import NIGHT, PAPER, Look

__all__ = ["NIGHT", "PAPER", "Look", "chart_png", "draw", "write_pictures"]
