"""Numbers as text keep every digit before the point."""

from __future__ import annotations

import pytest

from layers.plain_numbers import plain_number


@pytest.mark.parametrize(
    ("value", "most", "text"),
    [
        (12_345_678.9, 6, "12345678.9"),
        (1_000_000.0, 6, "1000000"),
        (1_234_567.891, 2, "1234567.89"),
        (120.0, 0, "120"),
        (0.1 + 0.2, 6, "0.3"),
        (-0.000_000_1, 6, "0"),
        (-3.5, 2, "-3.5"),
    ],
)
def test_a_number_is_written_as_by_hand(value: float, most: int, text: str) -> None:
    assert plain_number(value, most) == text
