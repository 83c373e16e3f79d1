"""A selection of very many features is looked up aside, and the newest one is shown."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from drawing_samples import areas, as_array, at, blank
from PyQt6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from layers.drawable import DrawableLayer
from ui.canvas.covers import SelectionCover
from ui.canvas.selected import Rows, SelectionSearch
from ui.painting import MapView
from ui.painting.selection import paint_selection

COUNT = 6_000


def many() -> DrawableLayer:
    x, y = np.divmod(np.arange(COUNT), 100)
    return areas(*shapely.box(x, y, x + 1, y + 1), uid="many")


def names(*numbers: range) -> set[str]:
    return {f"many-{number}" for numbers_ in numbers for number in numbers_}


def held(layer: DrawableLayer, rows: Rows) -> set[str]:
    return {layer.uids[row] for row in rows["many"].tolist()}


def test_few_are_found_at_once(qtbot: QtBot) -> None:
    told: list[Rows] = []
    layer, search = many(), SelectionSearch()
    search.found.connect(lambda _layers, rows: told.append(rows))
    search.choose({"many": names(range(10)), "gone": {"x"}})
    search.find([layer])
    assert [held(layer, rows) for rows in told] == [names(range(10))]
    assert not search.is_looking
    search.shut_down()


def test_of_many_questions_the_newest_is_answered(qtbot: QtBot) -> None:
    told: list[tuple[Sequence[DrawableLayer], Rows]] = []
    layer, search = many(), SelectionSearch()
    search.found.connect(lambda layers, rows: told.append((layers, rows)))
    for first in (0, 200, 500):
        search.choose({"many": names(range(first, COUNT))})
        search.find([layer])
    assert search.is_looking
    assert told == []
    qtbot.waitUntil(lambda: not search.is_looking, timeout=60_000)
    assert [held(layer, rows) for _layers, rows in told] == [names(range(500, COUNT))]
    # a small one after it takes its place at once
    search.choose({"many": names(range(COUNT))})
    search.find([layer])
    search.choose({"many": names(range(3))})
    search.find([layer])
    search.shut_down()
    qtbot.wait(50)
    assert [held(layer, rows) for _layers, rows in told[1:]] == [names(range(3))]


def test_the_thread_ends_with_the_search(qtbot: QtBot) -> None:
    layer, search = many(), SelectionSearch()
    search.choose({"many": names(range(COUNT))})
    search.find([layer])
    search.shut_down()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("zsgis-selected")]
    assert not search.is_looking


def test_very_many_are_toned_and_the_rest_is_not(qtbot: QtBot) -> None:
    layer = many()  # 60 x 100 squares of 1 m
    view = MapView(30, 50, 0.2, 300, 500, px_per_mm=4.0)
    image = blank(view)
    painter = QPainter(image)
    paint_selection(
        painter, [layer], {"many": layer.uids.rows_of(names(range(4_000)))}, view, accent="#0000FF"
    )
    painter.end()
    # forty columns of a hundred are selected: in the middle of a square white with 45 % of blue
    inside, outside = at(as_array(image), 20.5, 50.5, view), at(as_array(image), 50.5, 50.5, view)
    assert inside == pytest.approx([140, 140, 255], abs=2)
    assert outside == [255, 255, 255]


@pytest.mark.parametrize(("vertices", "aside"), [(19_000, False), (21_000, True)])
def test_one_very_long_outline_is_drawn_as_the_map_is(qtbot: QtBot, vertices: int, aside: bool) -> None:
    long = shapely.Point(50, 50).buffer(40, quad_segs=vertices // 4)
    layer = areas(shapely.box(0, 0, 1, 1), long, uid="long")
    rows = {"long": layer.uids.rows_of(["long-1"])}
    cover, view = SelectionCover(), MapView(50, 50, 0.2, 500, 500, px_per_mm=4.0)
    assert cover.take([layer], rows) == (rows if aside else {})
    image = blank(view)
    painter = QPainter(image)
    cover.paint(painter, view)
    painter.end()
    assert (at(as_array(image), 50.0, 50.0, view) == [255, 255, 255]) == aside
