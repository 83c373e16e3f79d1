"""One session, one selection: whoever listens hears of every change once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from layers.store import Project
from zsgis.session import Change, Session

Opened = tuple[Session, list[Change], Project]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    project = Project.create(tmp_path / "p.gpkg", 4547)
    session, heard = Session(), []
    session.subscribe(heard.append)
    session.open_project(project, project.layers(), datetime(2026, 11, 22, 9, 14))
    yield session, heard, project
    project.close()


def test_opening_tells_once_and_closing_forgets_all(opened: Opened) -> None:
    session, heard, _project = opened
    session.select({"layer": ("a",)})
    session.close_project()
    assert heard == [Change.PROJECT, Change.SELECTION, Change.PROJECT]
    assert (session.project, session.selection, session.saved_at) == (None, {}, None)


def test_the_same_selection_again_is_no_change(opened: Opened) -> None:
    session, heard, _project = opened
    session.select({"layer": ("a", "b"), "other": ()})
    session.select({"layer": ["b", "a"]})
    assert heard.count(Change.SELECTION) == 1
    assert session.selection == {"layer": frozenset({"a", "b"})}


def test_features_of_a_layer_that_is_gone_are_deselected(
    opened: Opened,
) -> None:
    session, _heard, _project = opened
    session.select({"gone": ("a",)})
    session.set_layers(())
    assert session.selection == {}


def test_who_has_unsubscribed_hears_nothing(opened: Opened) -> None:
    session, _heard, _project = opened
    late: list[Change] = []
    session.subscribe(late.append)()
    session.select({"layer": ("a",)})
    assert late == []
