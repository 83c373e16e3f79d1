"""Which state of the map a place must show, held against looking at every edit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.canvas.states import MapStates

WHOLE = (-1e6, -1e6, 1e6, 1e6)
corners = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(corners, max_size=30), corners)
def test_a_place_has_the_state_of_the_last_edit_that_touched_it(
    edits: list[tuple[int, int, int, int]], place: tuple[int, int, int, int]
):
    states = MapStates()
    states.renew()
    expected = states.everywhere
    x, y, width, height = place
    for left, low, across, up in edits:
        number = states.touch(np.array([[left, low, left + across, low + up]], dtype=float))
        if left <= x + width and left + across >= x and low <= y + height and low + up >= y:
            expected = number
    assert states.at((x, y, x + width, y + height)) == expected


def test_of_very_many_edits_none_is_forgotten():
    states = MapStates()
    for number in range(2_000):
        states.touch(np.array([[number, 0, number + 0.5, 1.0]]))
    assert states.at((1_999, 0, 1_999.2, 1)) == 2_000
    assert states.at((5.0, 0, 5.2, 1)) >= 6
    assert states.at((5.0, 5, 5.2, 6)) == 0


def test_what_has_no_place_touches_nothing_and_a_new_map_everything():
    states = MapStates()
    states.touch(np.full((1, 4), np.nan))
    assert states.at(WHOLE) == 0
    states.touch(np.array([[0.0, 0.0, 1.0, 1.0]]))
    assert states.at(WHOLE) == 2
    states.renew()
    assert states.everywhere == states.at(WHOLE) == 3


def test_a_map_without_edits_has_one_state_everywhere_and_compares_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    states = MapStates()
    states.touch(np.array([[0.0, 0.0, 1.0, 1.0]]))
    states.renew()

    def compared(*_given: object) -> None:
        raise AssertionError("boxes were compared")

    monkeypatch.setattr("ui.canvas.states._meeting", compared)
    assert states.at((0.0, 0.0, 1.0, 1.0)) == states.everywhere == 2
