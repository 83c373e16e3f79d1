"""Arrays of an earlier state and the edits since: the same features as in arrays made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs
from layers.drawable import DrawableLayer
from layers.drawable_edit_files import load_edits, save_edits
from layers.drawable_edits import (
    EditedLayer,
    FeatureLayer,
    apart,
    bounds_named,
    features_in,
    folded,
    rows_named,
)
from layers.drawable_files import UnreadableFiles
from layers.edits import AddFeature, ChangeFeature, Edit, FeatureChange, FeatureState, RemoveFeature
from layers.kind import GeometryType
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from layers.store.drawing_cache import DrawingCache
from layers.store.drawing_edits import drawn_states, upon, with_changes
from layers.style import ClassRule, LabelStyle, Style, Symbol

X, Y = 440_000.0, 2_490_000.0
STYLE = Style(
    class_field="kind_of_zone",
    rules=(ClassRule(value="a", title="甲", symbol=Symbol(fill="#FF0000")),),
    label=LabelStyle(field="name"),
)


def box(place: int, side: float = 8.0) -> shapely.Polygon:
    return shapely.box(X + 10 * place, Y, X + 10 * place + side, Y + side)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "edits.gpkg", "4547") as made:
        yield made


@pytest.fixture
def zones(project: Project) -> LayerInfo:
    columns = {
        "zs_uid": [f"019313a0-0000-7000-8000-00000000000{i}" for i in range(5)],
        "name": [f"分区{i}" for i in range(5)],
        "kind_of_zone": list("abcab"),
    }
    frame = gpd.GeoDataFrame(columns, geometry=[box(i) for i in range(5)], crs=4547)
    return project.add_layer(NewLayer(name="分区", kind="zones", crs=project.crs, style=STYLE), frame)


def uid(place: int) -> str:
    return f"019313a0-0000-7000-8000-00000000000{place}"


def told(layer: FeatureLayer) -> dict[str, tuple[Any, ...]]:
    """Return of each feature that is drawn its class, text, bounds and area, by its name."""
    found: dict[str, tuple[Any, ...]] = {}
    part, rows = features_in(layer, (-1e9, -1e9, 1e9, 1e9))
    for row in rows.tolist():
        code = int(part.class_codes[row])
        rings = range(part.ring_starts[row], part.ring_starts[row + 1])
        corners = [part.coords[part.ring_offsets[r] : part.ring_offsets[r + 1]] for r in rings]
        found[part.uids[row]] = (
            part.class_values[code] if code >= 0 else None,
            part.labels[row] if part.labels is not None else None,
            tuple(part.bounds[row].tolist()),
            sum(shapely.Polygon(ring).area if len(ring) > 3 else 0.0 for ring in corners),
            tuple(np.isfinite(part.label_points[row]).tolist()),
            part.class_index[row],
        )
    return found


def edit_all_ways(project: Project, zones: LayerInfo) -> LayerInfo:
    """Move one, change the class of one, remove one, add one."""
    project.apply(
        Edit(
            "改",
            (
                ChangeFeature(zones.uid, uid(0), box(0, 9.5)),
                ChangeFeature(zones.uid, uid(1), values={"kind_of_zone": "a", "name": "新名"}),
                RemoveFeature(zones.uid, uid(2)),
            ),
        )
    )
    project.apply(Edit("加", (AddFeature(zones.uid, box(7), {"kind_of_zone": "d", "name": "加的"}),)))
    return project.layer(zones.uid)


def test_a_cache_older_than_the_layer_is_drawn_with_the_edits_since(
    project: Project, zones: LayerInfo, tmp_path: Path
):
    cache = DrawingCache(tmp_path / "drawings")
    base = cache.get(project, zones, project.crs)
    now = edit_all_ways(project, zones)
    assert now.version == zones.version + 2
    found = cache.get_edited(project, now, project.crs)
    fresh = DrawingCache(tmp_path / "others").get(project, now, project.crs)
    assert isinstance(found, EditedLayer)
    assert found.base.folder == base.folder
    assert len(found) == len(fresh) == 5
    assert told(found) == told(fresh)
    # sheets are drawn from one set of arrays
    assert told(cache.get(project, now, project.crs)) == told(fresh)
    assert len(list((tmp_path / "drawings").glob("*/*/*"))) == 1


def test_taking_everything_back_leaves_what_there_was(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    before = told(cache.get(project, zones, project.crs))
    edit_all_ways(project, zones)
    project.undo()
    project.undo()
    assert told(cache.get_edited(project, project.layer(zones.uid), project.crs)) == before


def test_edits_in_another_system_are_drawn_in_that_of_the_map(
    project: Project, zones: LayerInfo, tmp_path: Path
):
    degrees = parse_crs(4490)
    cache = DrawingCache(tmp_path / "drawings")
    cache.get(project, zones, degrees)
    now = edit_all_ways(project, zones)
    found = cache.get_edited(project, now, degrees)
    assert isinstance(found, EditedLayer)
    fresh = DrawingCache(tmp_path / "others").get(project, now, degrees)
    assert told(found) == told(fresh)


def test_folding_makes_arrays_that_the_next_opening_finds(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    cache.get(project, zones, project.crs)
    now = edit_all_ways(project, zones)
    found = cache.get_edited(project, now, project.crs)
    assert isinstance(found, EditedLayer)
    (tmp_path / "files").mkdir()
    found = save_edits(found, tmp_path / "files")
    new = cache.fold(project, now, project.crs, found, NoProgress())
    assert new.folder is not None
    assert told(new) == told(found)
    again = cache.get_edited(project, now, project.crs)
    assert isinstance(again, DrawableLayer)
    assert again.folder == new.folder
    # what was edited while the new arrays were made goes on top of them
    project.apply(Edit("再", (RemoveFeature(zones.uid, uid(0)),)))
    last = project.layer(zones.uid)
    changed = project.changes_since(zones.uid, now.version)
    assert changed is not None
    latest = with_changes(found, last, changed, project.crs)
    assert told(upon(new, latest, frozenset({uid(0)}))) == told(latest)
    assert upon(new, found, frozenset()) is new


def test_edits_that_lie_in_files_are_read_back(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    cache.get(project, zones, project.crs)
    found = cache.get_edited(project, edit_all_ways(project, zones), project.crs)
    assert isinstance(found, EditedLayer)
    folder = tmp_path / "files"
    folder.mkdir()
    save_edits(found, folder)
    assert told(load_edits(found.base, folder)) == told(found)
    np.save(folder / "hidden.npy", np.array([99]))
    with pytest.raises(UnreadableFiles):
        load_edits(found.base, folder)


class Plain:
    """A layer of polygons without a project."""

    uid, name, geometry, style, opacity, crs = "layer", "图层", GeometryType.POLYGON, Style(), 1.0, None
    fields = ()


def state(name: str, place: int) -> FeatureState:
    return FeatureState(name, 1, box(place), {})


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 7), st.one_of(st.none(), st.integers(0, 30))), max_size=4),
        max_size=6,
    )
)
def test_any_edits_one_after_the_other_are_the_last_state(steps: list[list[tuple[int, int | None]]]):
    states = {f"f{n}": state(f"f{n}", n) for n in range(5)}
    layer: FeatureLayer = drawn_states(Plain(), list(states.values()), None)
    for step in steps:
        changes = []
        for number, place in step:
            name = f"f{number}"
            after = state(name, place) if place is not None else None
            changes.append(FeatureChange("layer", name, states.get(name), after))
            states = {key: one for key, one in states.items() if key != name}
            if after is not None:
                states[name] = after
        layer = with_changes(layer, Plain(), changes, None)
    fresh = drawn_states(Plain(), list(states.values()), None)
    assert len(layer) == len(fresh)
    assert told(layer) == told(fresh)
    if isinstance(layer, EditedLayer):
        whole = folded(layer)
        assert told(whole) == told(fresh)
        assert sorted(whole.uids) == sorted(fresh.uids)
    names = [f"f{n}" for n in range(8)]
    rows = rows_named(layer, names)
    assert len(rows) == len(fresh)
    assert (np.diff(rows) > 0).all()
    assert sum(len(own) for _part, own in apart(layer, rows)) == len(fresh)
    boxes = bounds_named(layer, names)
    assert sorted(map(tuple, boxes.tolist())) == sorted(map(tuple, fresh.bounds.tolist()))


def test_what_has_no_shape_is_counted_as_in_arrays_made_anew():
    states = [replace(state(f"f{n}", n), geometry=None if n < 2 else box(n)) for n in range(4)]
    layer = drawn_states(Plain(), states, None)
    assert layer.shapeless == 2
    changes = [
        FeatureChange("layer", "f0", states[0], replace(states[0], geometry=box(0))),
        FeatureChange("layer", "f3", states[3], replace(states[3], geometry=None)),
        FeatureChange("layer", "f2", states[2], None),
    ]
    edited = with_changes(layer, Plain(), changes, None)
    assert (edited.shapeless, edited.lost(), len(edited)) == (2, 0, 3)
    whole = folded(edited)
    assert (whole.shapeless, whole.lost(), len(whole)) == (2, 0, 3)
