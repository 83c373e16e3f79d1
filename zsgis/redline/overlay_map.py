"""The map of a red-line check: what lies under the red line, by its weight, with the red line around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.crs import transform
from layers.words import _
from zsgis.charts import MapClass, ResultMap
from zsgis.printed_balance import printed_unit
from zsgis.redline.model import Line, LineRole, Outcome, RedlineReport, Section
from zsgis.redline.rules import Effect

if TYPE_CHECKING:
    import pyproj

OVERLAY = "redline_overlay"
RED = "#D6331F"
_COLORS = {Effect.INFO: "#A9C8E3", Effect.WARN: "#EBAA42", Effect.FORBIDDEN: "#B5473C"}
_OUTCOMES = {Effect.INFO: Outcome.INFO, Effect.WARN: Outcome.WARN, Effect.FORBIDDEN: Outcome.FORBIDDEN}
_GREY = "#C8CCD1"


@dataclass(frozen=True)
class _Piece:
    section: str
    line: str
    effect: Effect
    ha: float
    shape: Any


def overlay_map(report: RedlineReport) -> ResultMap:
    """Return the map: the red line in grey, over it the pieces of all hits, the weightiest on top.

    Pieces of several sections may lie over each other. Slivers are no hits and are left out, and so is ground
    outside all features of a layer, unless the rules weigh it and the layer is hit elsewhere in the red line.
    Everything is in the report's plane.
    """
    pieces = sorted(_pieces(report), key=lambda piece: list(Effect).index(piece.effect))
    base = _in_plane(np.array([report.boundary.geometry], dtype=object), report.boundary.crs, report)
    geometry = np.empty(len(pieces) + 1, dtype=object)
    geometry[0] = base[0]
    geometry[1:] = [piece.shape for piece in pieces]
    rest = _("Nothing to be told")
    return ResultMap(
        key=OVERLAY,
        title=_("What lies under the red line"),
        crs=report.plane,
        geometry=geometry,
        columns={
            _("Checked"): ("", *(piece.section for piece in pieces)),
            _("Class or item"): (report.boundary.name, *(piece.line for piece in pieces)),
            _("Conclusion"): (rest, *(_OUTCOMES[piece.effect].words for piece in pieces)),
            f"{_('Area')}（{printed_unit('ha').title}）": (
                report.planar_cents / 1_000_000,
                *(piece.ha for piece in pieces),
            ),
        },
        color_by=_("Conclusion"),
        classes=(
            MapClass(rest, rest, _GREY),
            *(MapClass(_OUTCOMES[each].words, _OUTCOMES[each].words, _COLORS[each]) for each in Effect),
        ),
        outline=base[0],
        outline_title=_("Red line"),
        outline_color=RED,
    )


def _pieces(report: RedlineReport) -> Iterator[_Piece]:
    for section in report.sections:
        if section.pieces is None:
            continue
        shapes = _in_plane(section.pieces.geometry, section.pieces.crs, report)
        for shape, place, cents in zip(
            shapes, section.pieces.line.tolist(), section.pieces.cents.tolist(), strict=True
        ):
            line = section.lines[place]
            if _hit(section, line):
                yield _Piece(section.title, line.key.label, line.effect, cents / 1_000_000, shape)


def _hit(section: Section, line: Line) -> bool:
    if line.sliver or section.outcome is Outcome.CLEAR:
        return False
    if line.role is LineRole.CLASS:
        return True
    # where a layer has nothing at all here, its ground outside tells of no place and would hide all else
    return line.effect is not Effect.INFO and bool(section.hits)


def _in_plane(shapes: Any, crs: pyproj.CRS, report: RedlineReport) -> Any:
    return shapes if crs == report.plane else transform(shapes, crs, report.plane)
