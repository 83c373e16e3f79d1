"""The map of a red-line check: what lies under the red line, by its weight, with the red line around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.crs import transform
from layers.words import _
from zsgis.charts import AreaLook, MapClass, ResultMap
from zsgis.printed_balance import printed_unit
from zsgis.redline.model import Line, LineRole, Outcome, RedlineReport, Section
from zsgis.redline.rules import Effect

if TYPE_CHECKING:
    import pyproj

OVERLAY = "redline_overlay"
RED = "#D6331F"
_COLORS = {Effect.INFO: "#A9C8E3", Effect.WARN: "#EBAA42", Effect.FORBIDDEN: "#B5473C"}
# lines over the colours of land classes, where fills of the same meaning would hide them
_INKS = {Effect.INFO: "#2F6FA8", Effect.WARN: "#C77700", Effect.FORBIDDEN: "#B01E1E"}
_OUTCOMES = {Effect.INFO: Outcome.INFO, Effect.WARN: Outcome.WARN, Effect.FORBIDDEN: Outcome.FORBIDDEN}
_GREY = "#C8CCD1"


@dataclass(frozen=True)
class _Piece:
    section: str
    line: str
    effect: Effect
    ha: float
    shape: Any
    look: MapClass
    order: tuple[int, int]


def overlay_map(report: RedlineReport) -> ResultMap:
    """Return the map: the land classes under the red line, and over them what they are hit by.

    Land classes bear the colours of their standard; what is to be verified or forbidden is hatched, what is
    but touched has an outline. Pieces of several sections may lie over each other, the
    weightiest on top; a section that is but touched and holds all of the red line tells of no place and is
    not drawn beside land classes. Slivers are no hits and are left out, and so is ground outside all features
    of a layer, unless the rules weigh it and the layer is hit elsewhere in the red line. What is not hit
    stays grey. Everything is in the report's plane.
    """
    pieces = sorted(_pieces(report), key=lambda piece: piece.order)
    base = _in_plane(np.array([report.boundary.geometry], dtype=object), report.boundary.crs, report)
    geometry = np.empty(len(pieces) + 1, dtype=object)
    geometry[0] = base[0]
    geometry[1:] = [piece.shape for piece in pieces]
    rest = _("Nothing to be told")
    looks = dict.fromkeys((MapClass(rest, rest, _GREY), *(piece.look for piece in pieces)))
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
            _("Drawn as"): (rest, *(piece.look.value for piece in pieces)),
        },
        color_by=_("Drawn as"),
        classes=tuple(looks),
        outline=base[0],
        outline_title=_("Red line"),
        outline_color=RED,
    )


def _pieces(report: RedlineReport) -> Iterator[_Piece]:
    land = next((each for each in report.sections if each.has_land_classes and each.pieces is not None), None)
    for section in report.sections:
        if section.pieces is None:
            continue
        placeless = land is not None and section is not land and _holds_all(section)
        shapes = _in_plane(section.pieces.geometry, section.pieces.crs, report)
        for shape, place, cents in zip(
            shapes, section.pieces.line.tolist(), section.pieces.cents.tolist(), strict=True
        ):
            line = section.lines[place]
            if not _hit(section, line) or (placeless and line.effect is Effect.INFO):
                continue
            ground = [_land_look(line)] if section is land else []
            over = [_effect_look(line.effect, over=land is not None)]
            if section is land and line.effect is Effect.INFO:
                over = []
            for look in (*ground, *over):
                order = (1, _weight(line.effect)) if look in over else (0, place)
                yield _Piece(
                    section.title, line.key.label, line.effect, cents / 1_000_000, shape, look, order
                )


def _holds_all(section: Section) -> bool:
    return sum(line.cents for line in section.hits) == section.total_cents


def _land_look(line: Line) -> MapClass:
    return MapClass(line.key.label, line.key.label, line.key.color)


def _effect_look(effect: Effect, *, over: bool) -> MapClass:
    words = _OUTCOMES[effect].words
    if not over:
        return MapClass(words, words, _COLORS[effect])
    look = AreaLook.OUTLINED if effect is Effect.INFO else AreaLook.HATCHED
    return MapClass(words, words, _INKS[effect], look)


def _weight(effect: Effect) -> int:
    return list(Effect).index(effect)


def _hit(section: Section, line: Line) -> bool:
    if line.sliver or section.outcome is Outcome.CLEAR:
        return False
    if line.role is LineRole.CLASS:
        return True
    # where a layer has nothing at all here, its ground outside tells of no place and would hide all else
    return line.effect is not Effect.INFO and bool(section.hits)


def _in_plane(shapes: Any, crs: pyproj.CRS, report: RedlineReport) -> Any:
    return shapes if crs == report.plane else transform(shapes, crs, report.plane)
