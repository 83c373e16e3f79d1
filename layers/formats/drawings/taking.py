"""Every entity of a drawing made into pieces: areas, lines, points, texts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import InputError
from layers.formats.drawings import cass, limits, shaping
from layers.formats.drawings.choices import DrawingChoices
from layers.formats.drawings.opened import OpenedDrawing
from layers.formats.drawings.outlines import Outline, outline
from layers.formats.drawings.own_data import data_of
from layers.formats.drawings.pieces import (
    AREAS,
    LINES,
    POINTS,
    TEXTS,
    NearlyClosed,
    Piece,
    Taken,
    bounds_fit,
)
from layers.formats.drawings.walking import Placed, Walk
from layers.progress import Progress
from layers.words import _

_TEXT_TYPES = frozenset({"TEXT", "MTEXT", "ATTRIB", "ATTDEF"})
_FILLINGS = frozenset({"HATCH", "MPOLYGON"})
_STEP = 500


@dataclass(frozen=True)
class Lengths:
    """The lengths that were chosen, in units of the drawing."""

    tolerance: float
    almost_closed: float
    close_gap: float


def lengths_of(choices: DrawingChoices, metres_per_unit: float) -> Lengths:
    """Return the chosen lengths in units of the drawing."""
    return Lengths(
        choices.tolerance_m / metres_per_unit,
        choices.almost_closed_m / metres_per_unit,
        choices.close_gap_m / metres_per_unit,
    )


def take(
    drawing: OpenedDrawing,
    choices: DrawingChoices,
    lengths: Lengths,
    budget: limits.Budget,
    progress: Progress,
) -> Taken:
    """Take everything out of a drawing's model space.

    Raises
    ------
    InputError
        When it holds more than is read.
    JobCancelled
        When the user stopped.
    """
    taken = Taken()
    taken.left_out.update(drawing.unread)
    walk = Walk(drawing.document, drawing.handles, budget, taken, into_blocks=choices.blocks != "points")
    total = max(len(drawing.document.modelspace()), 1)
    for count, placed in enumerate(walk.over()):
        if count % _STEP == 0:
            progress.step(0.5 + 0.4 * min(count / total, 1.0), _("Making shapes"))
        kind = placed.entity.dxftype()
        try:
            _take_one(placed, kind, choices, lengths, budget, taken)
        except InputError:
            raise
        except Exception:
            # a value that is missing or makes no sense; ezdxf raises whatever it comes upon
            taken.senseless.append(f"{kind} {placed.look.handle or '-'}")
    return taken


def _take_one(
    placed: Placed, kind: str, choices: DrawingChoices, lengths: Lengths, budget: limits.Budget, taken: Taken
) -> None:
    if kind in _FILLINGS and choices.hatches == "no":
        taken.left_out[kind] += 1
    elif kind == "POINT":
        taken.pieces.append(_point(placed, placed.entity.dxf.location, POINTS))
    elif kind == "INSERT":
        if choices.blocks != "shapes" and placed.matrix is None:
            taken.pieces.append(_insert(placed))
    elif kind in _TEXT_TYPES:
        taken.pieces.append(_text(placed, kind))
    else:
        with np.errstate(all="ignore"):
            found = outline(placed.entity, lengths.tolerance / max(placed.scale, 1e-9))
        if found is None:
            taken.left_out[kind] += 1
            return
        _take_outline(placed, kind, found, lengths, budget, taken)


def _take_outline(
    placed: Placed, kind: str, found: Outline, lengths: Lengths, budget: limits.Budget, taken: Taken
) -> None:
    found = replace(found, parts=tuple(placed.moved(part) for part in found.parts))
    budget.take_vertices(sum(len(part) for part in found.parts))
    if not all(bounds_fit(part, limits.COORDINATE) for part in found.parts):
        raise ValueError("coordinates are no place")
    found, gap = _closed_where_ends_meet(found, lengths, taken)
    shape = shaping.area(found) if found.closed else None
    family = AREAS
    if shape is None:
        # a closed line of two vertices bounds nothing, but is a line all the same
        shape, family = shaping.line(found.parts[0]), LINES
    if shape is None:
        raise ValueError("nothing to be seen")
    height = shaping.height_of(found.parts)
    piece = _piece(placed, family, shape, height, closed=found.closed)
    taken.pieces.append(piece)
    if found.curved:
        taken.curved[kind] += 1
    if gap is not None:
        end = found.parts[0][-1]
        taken.nearly_closed.append(NearlyClosed(piece, gap, (float(end[0]), float(end[1]))))


def _closed_where_ends_meet(found: Outline, lengths: Lengths, taken: Taken) -> tuple[Outline, float | None]:
    """Return the outline, closed where its ends are one point; else the gap where it is small."""
    if found.closed or len(found.parts[0]) < 4:
        return found, None
    part = found.parts[0]
    gap = float(np.hypot(*(part[0, :2] - part[-1, :2])))
    if gap <= shaping.SAME_POINT and abs(part[0, 2] - part[-1, 2]) <= shaping.SAME_POINT:
        return replace(found, closed=True), None
    # a short line whose ends lie near each other is short, not nearly closed
    extent = float(np.max(np.ptp(part[:, :2], axis=0)))
    if gap <= lengths.close_gap and gap < extent / 2.0:
        taken.gaps_closed += 1
        return replace(found, closed=True), None
    return found, gap if gap <= lengths.almost_closed and gap < extent / 10.0 else None


def _piece(placed: Placed, family: str, shape: Any, height: float, **more: Any) -> Piece:
    entity = placed.entity
    code, values = cass.codes(entity)
    return Piece(
        family=family,
        shape=shape,
        entity=entity.dxftype(),
        look=placed.look,
        elevation=height,
        thickness=_thickness(entity),
        cass_code=code,
        cass_values=values,
        own=data_of(entity) if placed.matrix is None else None,
        **more,
    )


def _thickness(entity: Any) -> float:
    return float(entity.dxf.get("thickness", 0.0)) if entity.dxf.is_supported("thickness") else 0.0


def _point(placed: Placed, place: Any, family: str, **more: Any) -> Piece:
    at = placed.moved(_world(placed.entity, place, in_own_plane=False)[None, :])
    if not bounds_fit(at, limits.COORDINATE):
        raise ValueError("coordinates are no place")
    return _piece(placed, family, shapely.Point(at[0, :2]), float(at[0, 2]), **more)


def _insert(placed: Placed) -> Piece:
    entity = placed.entity
    at = _world(entity, entity.dxf.insert, in_own_plane=True)
    return _point(placed, at, POINTS, rotation=float(entity.dxf.get("rotation", 0.0)))


def _text(placed: Placed, kind: str) -> Piece:
    entity = placed.entity
    if kind == "MTEXT":
        text, place, plane = entity.plain_text(fast=False), entity.dxf.insert, False
        height, rotation = float(entity.dxf.get("char_height", 0.0)), float(entity.get_rotation())
    else:
        text = str(entity.dxf.get("tag", "")) if kind == "ATTDEF" else entity.plain_text()
        # an attribute of several lines keeps them beside the one line that old programs show
        if kind == "ATTRIB" and entity.has_embedded_mtext_entity:
            text = entity.plain_mtext()
        place, plane = entity.get_placement()[1], True
        height, rotation = float(entity.dxf.get("height", 0.0)), float(entity.dxf.get("rotation", 0.0))
    if not math.isfinite(height) or not math.isfinite(rotation):
        raise ValueError("no height or direction")
    return _point(
        placed,
        _world(entity, place, in_own_plane=plane),
        TEXTS,
        text=text,
        text_height=height * placed.scale,
        rotation=rotation,
    )


def _world(entity: Any, place: Any, *, in_own_plane: bool) -> NDArray[np.float64]:
    if in_own_plane and entity.ocs().transform:
        place = entity.ocs().to_wcs(place)
    return np.array([place[0], place[1], place[2] if len(place) > 2 else 0.0], dtype=np.float64)
