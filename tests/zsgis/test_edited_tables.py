"""A table after any edits is the table read anew from the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs
from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from layers.store import NewLayer, Project
from zsgis.tabulation.edited_columns import edited_table
from zsgis.tabulation.shelf import ColumnShelf

CRS = parse_crs("4547")
FIELDS = ("name", "code", "area", "floors")


def uid(number: int) -> str:
    return f"019313a0-0000-7000-8000-{number:012d}"


def make(path: Path) -> tuple[Project, str]:
    project = Project.create(path, CRS)
    frame = gpd.GeoDataFrame(
        {
            "zs_uid": [uid(n) for n in range(4)],
            "name": ["甲", "乙", None, "甲"],
            "code": [None] * 4,
            "area": [1.5, None, 3.0, 0.0],
            "floors": [1, 2, 3, 4],
        },
        geometry=[shapely.box(n, 0, n + 1, 1) for n in range(4)],
        crs=CRS,
    )
    return project, project.add_layer(NewLayer("区", "zones", CRS), frame).uid


def content(shelf: ColumnShelf) -> list[tuple[Any, ...]]:
    names = [field.name for field in shelf.fields if field.name in FIELDS]
    columns = shelf.columns(names)
    keys = shelf.keys()
    return [
        (keys.uids[row], int(keys.fids[row]), *(column.value(row) for column in columns))
        for row in range(len(keys.fids))
    ]


values = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["甲", "丙", None, ""]),
        "area": st.sampled_from([2, 2.5, None]),
        "floors": st.sampled_from([9, None]),
    },
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 5), values),
        st.tuples(st.just("remove"), st.integers(0, 5), st.just({})),
        st.tuples(st.just("add"), st.integers(0, 5), values),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just(0), st.just({})),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_edits(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, dict[str, Any]]]):
    project, layer = make(tmp_path_factory.mktemp("table") / "p.gpkg")
    shelf = ColumnShelf(project.table(project.layer(layer)))
    content(shelf)
    with project:
        for what, number, given_values in steps:
            present = {state.zs_uid for state in project.states(layer)}
            name, record = uid(number), None
            if what in ("undo", "redo"):
                record = project.undo() if what == "undo" else project.redo()
            elif what == "add" and name not in present and number > 3:
                shape = shapely.box(number, 5, number + 1, 6)
                record = project.apply(Edit("加", (AddFeature(layer, shape, given_values, zs_uid=name),)))
            elif what == "remove" and name in present:
                record = project.apply(Edit("删", (RemoveFeature(layer, name),)))
            elif what == "change" and name in present and given_values:
                record = project.apply(Edit("改", (ChangeFeature(layer, name, values=given_values),)))
            if record is None:
                continue
            before = [shelf.keys().uids[row] for row in range(len(shelf.keys().fids))]
            table = project.table(project.layer(layer))
            fids = table.fids_of([change.zs_uid for change in record.changes])
            edited = edited_table(shelf, table, record.changes, fids)
            fresh = ColumnShelf(table)
            assert content(edited.shelf) == content(fresh)
            after = [edited.shelf.keys().uids[row] for row in range(len(edited.shelf.keys().fids))]
            for row, place in enumerate(edited.places.tolist()):
                assert before[row] == after[place] if place >= 0 else before[row] not in after
            np.testing.assert_array_equal(edited.shelf.keys().uids.rows_of(after), np.arange(len(after)))
            shelf = edited.shelf
