"""Bookmarks: read from a project whatever it holds, and found again on a map of another system."""

from __future__ import annotations

import json
import math

import pyproj
import pytest

from layers.crs import parse_crs
from layers.errors import CrsError
from layers.store.srs import crs_text
from zsgis.bookmarks import (
    Bookmark,
    place_of,
    read_bookmarks,
    with_bookmark,
    without_bookmark,
    write_bookmarks,
)

GK = parse_crs("4547")


def mark(uid: str = "1", name: str = "甲", crs: str = "EPSG:4547") -> Bookmark:
    return Bookmark(uid=uid, name=name, x=500_000.0, y=2_490_000.0, across=400.0, up=300.0, crs=crs)


def test_what_is_written_is_read_again() -> None:
    marks = (mark("1"), mark("2", "乙"))
    assert read_bookmarks(json.loads(json.dumps(write_bookmarks(marks)))) == marks


@pytest.mark.parametrize("stored", [None, "x", 7, {"uid": "1"}, [[1]], [None, 5]])
def test_a_setting_that_holds_no_bookmarks_holds_none(stored: object) -> None:
    assert read_bookmarks(stored) == ()


@pytest.mark.parametrize(
    "wrong",
    [{"x": math.nan}, {"across": 0.0}, {"across": -1.0}, {"name": ""}, {"y": "north"}, {"up": math.inf}],
)
def test_one_that_is_wrong_does_not_cost_the_others(wrong: dict[str, object]) -> None:
    good, bad = mark("1").model_dump(), mark("2").model_dump() | wrong
    assert read_bookmarks([bad, good, good]) == (mark("1"),)


def test_one_is_changed_in_its_place_and_taken_away() -> None:
    marks = (mark("1"), mark("2"))
    renamed = mark("1", "新名")
    assert with_bookmark(marks, renamed) == (renamed, mark("2"))
    assert with_bookmark(marks, mark("3")) == (*marks, mark("3"))
    assert without_bookmark(marks, "1") == (mark("2"),)


def test_a_place_is_found_on_a_map_of_another_system() -> None:
    same = place_of(mark(), GK)
    assert (same.x, same.y, same.across, same.up) == (500_000.0, 2_490_000.0, 400.0, 300.0)
    degrees = place_of(mark(), parse_crs("4490"))
    lon, lat = pyproj.Transformer.from_crs(4547, 4490, always_xy=True).transform(500_000.0, 2_490_000.0)
    assert (degrees.x, degrees.y) == pytest.approx((lon, lat))
    # a degree along the equator is 6378137 * pi / 180 = 111319.49 m
    assert degrees.across == pytest.approx(400 / 111_319.49, rel=1e-6)


def test_a_place_that_cannot_be_on_the_map_is_refused() -> None:
    with pytest.raises(CrsError):
        place_of(mark(crs="EPSG:2383"), GK)


def test_a_system_without_a_code_is_kept_as_text() -> None:
    assert crs_text(GK) == "EPSG:4547"
    own = pyproj.CRS("+proj=tmerc +lon_0=113.5 +x_0=500000 +ellps=GRS80 +units=m +type=crs")
    assert parse_crs(crs_text(own)).equals(own)
