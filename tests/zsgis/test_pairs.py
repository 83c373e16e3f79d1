"""Texts that say something for each of several keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zsgis.pairs import pairs_of, pairs_text


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", ()),
        (" ; ", ()),
        ("slope=dem.tif", (("slope", "dem.tif"),)),
        (" slope = dem.tif ；noise=声.tif; ", (("slope", "dem.tif"), ("noise", "声.tif"))),
        # what stands in a file's name parts nothing
        (r"slope=C:\a;b\x=1.tif; noise=n.tif", (("slope", r"C:\a;b\x=1.tif"), ("noise", "n.tif"))),
        ("slope", (("slope", ""),)),
    ],
)
def test_a_text_holds_these_pairs(text: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert pairs_of(text) == pairs


KEYS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
FILES = st.from_regex(r"[A-Z]:(\\[a-z;]{1,6}){1,3}\.tif", fullmatch=True)


@given(st.lists(st.tuples(KEYS, FILES), max_size=4))
def test_pairs_written_are_read_again(pairs: list[tuple[str, str]]) -> None:
    assert pairs_of(pairs_text(pairs)) == tuple(pairs)
