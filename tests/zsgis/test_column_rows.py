"""Rows that share their columns say the same as rows of their own."""

from __future__ import annotations

import numpy as np

from zsgis.column_rows import SharedColumn, SharedValues


def test_a_row_prints_its_place_of_every_column() -> None:
    columns = {
        "name": SharedColumn(np.array(["甲", "乙"], dtype=object)),
        "score": SharedColumn(np.array([12.345678, np.nan]), 2),
        "rank": SharedColumn(np.array([1.0, np.nan])),
        "count": SharedColumn(np.array([7, 0])),
    }
    first, second = (SharedValues(columns, place) for place in (0, 1))
    assert dict(first) == {"name": "甲", "score": 12.35, "rank": 1, "count": 7}
    assert dict(second) == {"name": "乙", "score": None, "rank": None, "count": 0}
    # what writers put into files are Python's own numbers
    assert [type(value) for value in first.values()] == [str, float, int, int]
    assert list(first) == ["name", "score", "rank", "count"]
    assert first.get("gone") is None
    assert "score" in first
