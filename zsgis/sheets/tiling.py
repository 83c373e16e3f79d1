"""A sheet larger than the paper, cut into pieces that are glued together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.errors import UsageError
from layers.words import _
from zsgis.sheets.layout import Box


@dataclass(frozen=True)
class Tile:
    """One piece of paper.

    Attributes
    ----------
    row, column : int
        From 1, row by row from the top.
    part : Box
        What of the sheet it shows, in the sheet's millimetres.
    """

    row: int
    column: int
    part: Box


@dataclass(frozen=True)
class Tiling:
    """How a sheet lies on pieces of paper, at its true size.

    Attributes
    ----------
    paper_width_mm, paper_height_mm : float
        The paper as it lies: turned where that needs fewer pieces.
    margin_mm : float
        What stays free at each edge of a piece; 0 where the sheet fits on one.
    overlap_mm : float
        What neighbours show both.
    rows, columns : int
    tiles : tuple of Tile
        Row by row.
    """

    paper_width_mm: float
    paper_height_mm: float
    margin_mm: float
    overlap_mm: float
    rows: int
    columns: int
    tiles: tuple[Tile, ...]


# paper and sheet are of one size although a driver rounds to points
_SAME_MM = 0.5


def tile_sheet(
    sheet_mm: tuple[float, float],
    paper_mm: tuple[float, float],
    *,
    margin_mm: float = 5.0,
    overlap_mm: float = 10.0,
) -> Tiling:
    """Lay a sheet on paper with the fewest pieces; of two ways that need as many, the paper upright.

    Parameters
    ----------
    sheet_mm, paper_mm : (float, float)
        Width and height.

    Raises
    ------
    UsageError
        When margins and overlap leave nothing of the paper.
    """
    short, long = sorted(paper_mm)
    ways = [_laid(sheet_mm, paper, margin_mm, overlap_mm) for paper in ((short, long), (long, short))]
    return min(ways, key=lambda way: len(way.tiles))


def _laid(
    sheet: tuple[float, float], paper: tuple[float, float], margin_mm: float, overlap_mm: float
) -> Tiling:
    if sheet[0] <= paper[0] + _SAME_MM and sheet[1] <= paper[1] + _SAME_MM:
        whole = Box(x=0.0, y=0.0, width=sheet[0], height=sheet[1])
        return Tiling(*paper, 0.0, 0.0, 1, 1, (Tile(1, 1, whole),))
    shown = tuple(side - 2 * margin_mm for side in paper)
    if min(shown) - overlap_mm < 10.0:
        raise UsageError(
            _("Margins of {margin} mm and an overlap of {overlap} mm leave nothing of the paper.").format(
                margin=f"{margin_mm:g}", overlap=f"{overlap_mm:g}"
            ),
            remedy=_("Choose larger paper, or smaller margins and overlap."),
        )
    columns, rows = (
        max(1, math.ceil((whole - overlap_mm) / (side - overlap_mm) - 1e-9))
        for whole, side in zip(sheet, shown, strict=True)
    )
    tiles = tuple(
        Tile(row + 1, column + 1, _part(sheet, (shown[0], shown[1]), row, column, overlap_mm))
        for row in range(rows)
        for column in range(columns)
    )
    return Tiling(*paper, margin_mm, overlap_mm, rows, columns, tiles)


def _part(
    sheet: tuple[float, float], shown: tuple[float, float], row: int, column: int, overlap_mm: float
) -> Box:
    x, y = column * (shown[0] - overlap_mm), row * (shown[1] - overlap_mm)
    return Box(x=x, y=y, width=min(shown[0], sheet[0] - x), height=min(shown[1], sheet[1] - y))
