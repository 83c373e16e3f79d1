"""Pieces of a drawing as the rows and columns of a layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.formats.drawings.cass import layer_title
from layers.formats.drawings.pieces import AREAS, LINES, POINTS, TEXTS, Piece

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_GEOMETRY = "geometry"
_Value = Callable[[Piece], Any]
_COLUMNS: Mapping[str, tuple[frozenset[str], _Value]] = {
    "layer": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.look.layer),
    "layer_title": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: layer_title(p.look.layer)),
    "entity": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.entity),
    "text": (frozenset({TEXTS}), lambda p: p.text),
    "text_height": (frozenset({TEXTS}), lambda p: p.text_height),
    "rotation": (frozenset({POINTS, TEXTS}), lambda p: p.rotation),
    "closed": (frozenset({LINES}), lambda p: bool(p.closed)),
    "elevation": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.elevation),
    "thickness": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.thickness),
    "color": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.look.color),
    "color_rgb": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.look.rgb),
    "linetype": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.look.linetype),
    "block": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.look.block),
    "handle": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.look.handle),
    "cass_code": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.cass_code),
    "cass_values": (frozenset({AREAS, LINES, POINTS, TEXTS}), lambda p: p.cass_values),
}


def columns_of(
    pieces: Sequence[Piece], family: str, inside: Sequence[str | None] | None
) -> dict[str, list[Any]]:
    """Return the values of each column, those that the drawing's own features and blocks carry first.

    A name that occurs twice gets a number; names that the program gives itself are the ones that change.
    """
    columns = _carried([piece.own.values if piece.own else None for piece in pieces])
    for name, values in _carried([piece.look.attributes for piece in pieces]).items():
        columns[_free(name, columns)] = values
    if inside is not None:
        columns[_free("text_inside", columns)] = list(inside)
    for name, (families, value) in _COLUMNS.items():
        if family in families:
            columns[_free(name, columns)] = [value(piece) for piece in pieces]
    return columns


def frame_of(
    pieces: Sequence[Piece], columns: Mapping[str, list[Any]], texts: Callable[[str], str]
) -> GeoDataFrame:
    """Return the frame; ``texts`` makes each text fit to be kept."""
    import geopandas
    import pandas as pd

    shapes = np.empty(len(pieces), dtype=object)
    shapes[:] = [piece.shape for piece in pieces]
    if shapely.has_z(shapes).any():
        shapes = _with_heights(shapes, pieces)
    index = pd.RangeIndex(len(pieces))
    values = {name: _series(column, texts, index) for name, column in columns.items()}
    return geopandas.GeoDataFrame(pd.DataFrame(values, index=index), geometry=shapes)


def _carried(rows: Iterable[Mapping[str, Any] | None]) -> dict[str, list[Any]]:
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row or ()))
    free: dict[str, list[Any]] = {}
    for name in names:
        free[_free(name or "_", free)] = [None if row is None else row.get(name) for row in rows]
    return free


def _free(name: str, taken: Mapping[str, Any]) -> str:
    new, number = name, 1
    while new in taken or new == _GEOMETRY:
        number += 1
        new = f"{name}_{number}"
    return new


def _with_heights(shapes: Any, pieces: Sequence[Piece]) -> Any:
    """Give every shape of a layer z where one of them needs it: a layer holds one kind of coordinates."""
    flat = ~shapely.has_z(shapes)
    heights = np.array([0.0 if math.isnan(piece.elevation) else piece.elevation for piece in pieces])
    shapes[flat] = [shapely.force_3d(shape, z) for shape, z in zip(shapes[flat], heights[flat], strict=True)]
    return shapes


def _series(values: list[Any], texts: Callable[[str], str], index: pd.RangeIndex) -> pd.Series[Any]:
    import pandas as pd

    column = _column(values, texts)
    series: pd.Series[Any] = pd.Series(column, index=index, dtype=column.dtype)
    return series


def _column(values: list[Any], texts: Callable[[str], str]) -> Any:
    types = {type(value) for value in values}
    if types == {bool}:
        return np.array(values, dtype=bool)
    if types == {int} and all(-(2**63) <= value < 2**63 for value in values):
        return np.array(values, dtype=np.int64)
    if types <= {float, type(None)} and float in types:
        return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    column = np.empty(len(values), dtype=object)
    column[:] = [texts(value) if isinstance(value, str) else value for value in values]
    return column
