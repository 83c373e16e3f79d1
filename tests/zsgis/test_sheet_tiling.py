"""Sheets cut over several pieces of paper: nothing is left out, nothing is scaled."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import UsageError
from zsgis.sheets.tiling import tile_sheet

A0, A3, A4 = (841.0, 1189.0), (420.0, 297.0), (210.0, 297.0)


def test_a_sheet_of_the_papers_size_is_one_piece_whichever_way_it_lies() -> None:
    laid = tile_sheet((297.0, 210.0), A4)
    assert (laid.rows, laid.columns, laid.paper_width_mm, laid.margin_mm) == (1, 1, 297.0, 0.0)


def test_an_a3_sheet_on_a4_by_hand() -> None:
    # Upright A4 shows 200 x 287: (420 - 10) / (200 - 10) = 2.2, so 3 columns; (297 - 10) / (287 - 10) = 1.04,
    # so 2 rows: 6 pieces. Across it shows 287 x 200: 410 / 277 = 1.5, so 2; 287 / 190 = 1.5, so 2: 4 pieces.
    laid = tile_sheet(A3, A4)
    assert (laid.columns, laid.rows, laid.paper_width_mm) == (2, 2, 297.0)
    first, second, third, _last = laid.tiles
    assert (first.part.x, first.part.width, second.part.x) == (0.0, 287.0, 277.0)
    assert second.part.right == 420.0
    assert (third.row, third.column, third.part.y) == (2, 1, 190.0)
    assert third.part.bottom == 297.0


@given(
    st.tuples(st.floats(50, 2000), st.floats(50, 2000)),
    st.sampled_from([A4, A3, A0]),
    st.floats(0, 15),
    st.floats(0, 40),
)
def test_the_pieces_cover_the_sheet_and_neighbours_overlap(
    sheet: tuple[float, float], paper: tuple[float, float], margin: float, overlap: float
) -> None:
    laid = tile_sheet(sheet, paper, margin_mm=margin, overlap_mm=overlap)
    assert len(laid.tiles) == laid.rows * laid.columns
    for tile in laid.tiles:
        assert tile.part.width <= laid.paper_width_mm - 2 * laid.margin_mm + 0.5
        assert tile.part.height <= laid.paper_height_mm - 2 * laid.margin_mm + 0.5
        assert tile.part.width > 0
        assert tile.part.height > 0
    columns = [tile.part for tile in laid.tiles if tile.row == 1]
    rows = [tile.part for tile in laid.tiles if tile.column == 1]
    assert (columns[0].x, rows[0].y) == (0.0, 0.0)
    assert columns[-1].right == pytest.approx(sheet[0])
    assert rows[-1].bottom == pytest.approx(sheet[1])
    for one, following in pairwise(columns):
        assert one.right - following.x == pytest.approx(laid.overlap_mm)
    for one, following in pairwise(rows):
        assert one.bottom - following.y == pytest.approx(laid.overlap_mm)


def test_margins_that_eat_the_paper_are_refused() -> None:
    with pytest.raises(UsageError, match="100"):
        tile_sheet(A0, A4, margin_mm=100)
