"""A selection of very many features is looked up aside, and the newest one is shown."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import shapely
from drawing_samples import areas
from pytestqt.qtbot import QtBot

from layers.drawable import DrawableLayer
from ui.canvas.selected import Rows, SelectionSearch

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
    qtbot.waitUntil(lambda: not search.is_looking, timeout=10_000)
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
