"""The drawing cache: built once, read afterwards, built anew when it does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.crs import parse_crs
from layers.drawable_files import read_description
from layers.edits import Edit, RemoveFeature
from layers.errors import JobCancelled
from layers.store import LayerInfo, NewLayer, Project
from layers.store.drawing_cache import DrawingCache
from layers.style import ClassRule, LabelStyle, Style, Symbol

X, Y = 440_000.0, 2_490_000.0
STYLE = Style(
    class_field="kind_of_zone", rules=(ClassRule(value="a", title="甲", symbol=Symbol(fill="#FF0000")),)
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "cache.gpkg", "4547") as made:
        yield made


@pytest.fixture
def zones(project: Project) -> LayerInfo:
    boxes = [shapely.box(X + 10 * i, Y, X + 10 * i + 8, Y + 8) for i in range(5)]
    columns = {"name": [f"分区{i}" for i in range(5)], "kind_of_zone": list("abcab")}
    frame = gpd.GeoDataFrame(columns, geometry=boxes, crs=4547)
    return project.add_layer(NewLayer(name="分区", kind="zones", crs=project.crs, style=STYLE), frame)


def folders(cache: Path) -> list[Path]:
    return sorted(cache.glob("*/*/*"))


def test_a_layer_is_built_once_and_read_afterwards(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    first = cache.get(project, zones, project.crs)
    (folder,) = folders(tmp_path / "drawings")
    written = (folder / "coords.npy").stat().st_mtime_ns
    again = cache.get(project, zones, project.crs)
    assert (folder / "coords.npy").stat().st_mtime_ns == written
    assert isinstance(again.coords.base, np.memmap)
    np.testing.assert_array_equal(first.coords, again.coords)
    assert sorted(again.uids) == sorted(project.read(zones.uid).index)
    # classes a b c a b, of which only a has a rule
    assert sorted(again.class_index.tolist()) == [-1, -1, -1, 0, 0]


class Untold:
    """A project whose layer was changed by something else than edits."""

    def __init__(self, project: Project) -> None:
        self.uid = project.uid
        self.path = project.path
        self.drawing_rows = project.drawing_rows

    def changes_since(self, layer_uid: str, version: int) -> None:
        assert layer_uid
        assert version


def test_a_changed_layer_replaces_its_old_files(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    cache.get(project, zones, project.crs)
    (old,) = folders(tmp_path / "drawings")
    cache.get(Untold(project), replace(zones, version=zones.version + 1), project.crs)
    (new,) = folders(tmp_path / "drawings")
    assert new != old


def test_a_file_copied_with_a_file_manager_has_drawings_of_its_own(
    project: Project, zones: LayerInfo, tmp_path: Path
):
    """Both have the same identifiers, and after one edit each the same versions; they are not alike."""
    (tmp_path / "copied").mkdir()
    path = tmp_path / "copied" / project.path.name
    path.write_bytes(project.path.read_bytes())
    cache = DrawingCache(tmp_path / "drawings")
    first, second = list(project.read(zones.uid).index)[:2]
    for source, uid in ((project, first), (Project.open(path), second)):
        source.apply(Edit("删除", (RemoveFeature(zones.uid, str(uid)),)))
        info = source.layer(zones.uid)
        drawn = cache.get(source, info, source.crs)
        assert sorted(drawn.uids) == sorted(source.read(zones.uid).index)
        assert info.version == zones.version + 1
        if source is not project:
            source.close()


def test_another_colour_needs_no_new_files_another_field_does(
    project: Project, zones: LayerInfo, tmp_path: Path
):
    cache = DrawingCache(tmp_path / "drawings")
    cache.get(project, zones, project.crs)
    (before,) = folders(tmp_path / "drawings")
    blue = STYLE.model_copy(update={"symbol": Symbol(fill="#0000FF")})
    layer = cache.get(project, replace(zones, style=blue), project.crs)
    assert folders(tmp_path / "drawings") == [before]
    assert layer.style.symbol.fill == "#0000FF"
    labelled = STYLE.model_copy(update={"label": LabelStyle(field="name")})
    layer = cache.get(project, replace(zones, style=labelled), project.crs)
    assert folders(tmp_path / "drawings") != [before]
    assert layer.labels is not None
    assert sorted(layer.labels) == [f"分区{i}" for i in range(5)]


def test_a_style_that_names_a_field_the_layer_lacks_still_draws(
    project: Project, zones: LayerInfo, tmp_path: Path
):
    style = Style(class_field="nowhere", label=LabelStyle(field="neither"))
    layer = DrawingCache(tmp_path / "drawings").get(project, replace(zones, style=style), project.crs)
    assert len(layer) == 5
    assert layer.labels is None
    assert set(layer.class_index.tolist()) == {-1}


@pytest.mark.parametrize("file", ["layer.json", "coords.npy", "uid_names.npy"])
def test_an_incomplete_cache_is_built_anew(project: Project, zones: LayerInfo, tmp_path: Path, file: str):
    cache = DrawingCache(tmp_path / "drawings")
    expected = np.array(cache.get(project, zones, project.crs).coords)
    (folder,) = folders(tmp_path / "drawings")
    (folder / file).write_bytes(b"")
    found = cache.get(project, zones, project.crs)
    np.testing.assert_array_equal(found.coords, expected)
    assert (folder / file).stat().st_size > 0


def test_a_project_can_be_forgotten(project: Project, zones: LayerInfo, tmp_path: Path):
    cache = DrawingCache(tmp_path / "drawings")
    cache.get(project, zones, project.crs)
    cache.forget(project.uid)
    assert folders(tmp_path / "drawings") == []


def test_where_nothing_can_be_written_the_map_is_drawn_all_the_same(
    project: Project, zones: LayerInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full_disk(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array_header_1_0", full_disk)
    layer = DrawingCache(tmp_path / "drawings").get(project, zones, project.crs)
    assert len(layer) == 5
    assert layer.folder is None
    assert folders(tmp_path / "drawings") == []


def test_stopping_leaves_no_half_cache(project: Project, zones: LayerInfo, tmp_path: Path):
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            assert isinstance(text, str)
            if done > 0.3:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        DrawingCache(tmp_path / "drawings").get(project, zones, project.crs, Stopped())
    assert folders(tmp_path / "drawings") == []


def test_classes_by_number_are_kept_as_numbers_not_as_texts(tmp_path: Path):
    areas = [1.5, 1000.25, None, 3.0]
    frame = gpd.GeoDataFrame(
        {"name": list("abcd"), "area": areas},
        geometry=[shapely.box(X + 10 * i, Y, X + 10 * i + 8, Y + 8) for i in range(4)],
        crs=4547,
    )
    rules = (
        ClassRule(value="small", title="小", symbol=Symbol(), upper=3.0),
        ClassRule(value="large", title="大", symbol=Symbol(), lower=3.0),
    )
    style = Style(class_field="area", numeric=True, rules=rules)
    cache = DrawingCache(tmp_path / "drawings")
    with Project.create(tmp_path / "numbers.gpkg", "4547") as project:
        info = project.add_layer(NewLayer(name="分区", kind="zones", crs=project.crs, style=style), frame)
        first = cache.get(project, info, project.crs)
        read = cache.get(project, info, project.crs)
        for layer in (first, read):
            names = project.read(info.uid)["name"]
            by_name = {
                names[uid]: int(index) for uid, index in zip(layer.uids, layer.class_index, strict=True)
            }
            # 3.0 counts to the class that ends with it, no data to none
            assert by_name == {"a": 0, "b": 1, "c": -1, "d": 0}
            assert layer.class_values == ()
        (by_number,) = folders(tmp_path / "drawings")
        plain = replace(info, style=style.model_copy(update={"numeric": False, "rules": ()}))
        assert cache.get(project, plain, project.crs).class_numbers is None
        assert folders(tmp_path / "drawings") != [by_number]


def test_a_place_the_map_cannot_show_costs_only_its_feature(tmp_path: Path):
    # there is no latitude of 95 degrees
    shapes = [shapely.box(113.4, 22.5, 113.5, 22.6), shapely.Polygon([(113, 22), (114, 22), (114, 95)])]
    frame = gpd.GeoDataFrame({"name": ["near", "far"]}, geometry=shapes, crs=4490)
    with Project.create(tmp_path / "far.gpkg", "4547") as project:
        info = project.add_layer(NewLayer(name="分区", kind="zones", crs=parse_crs(4490)), frame)
        layer = DrawingCache(tmp_path / "drawings").get(project, info, project.crs)
        assert len(layer) == 2
        assert layer.not_drawable() == 1
        assert (layer.shapeless, layer.lost()) == (0, 1)
        near = project.read(info.uid).query("name == 'near'").index[0]
        assert np.isfinite(layer.bounds[layer.uids.rows_of([near])]).all()


def test_stopping_comes_soon_at_any_share(project: Project, zones: LayerInfo, tmp_path: Path):
    for limit in np.linspace(0.05, 0.95, 10):

        class Stopped:
            def __init__(self, limit: float) -> None:
                self.limit = limit

            def step(self, done: float, text: str = "") -> None:
                assert isinstance(text, str)
                if done >= self.limit:
                    raise JobCancelled

        with pytest.raises(JobCancelled):
            DrawingCache(tmp_path / "drawings").get(project, zones, project.crs, Stopped(float(limit)))
        assert folders(tmp_path / "drawings") == []


def test_the_map_returns_to_a_coordinate_system_without_reading_again(
    project: Project, zones: LayerInfo, tmp_path: Path
):
    class NoSource:
        uid = project.uid
        path = project.path

        def drawing_rows(self, uid: str, columns: Any, progress: Any) -> Any:
            raise AssertionError((uid, columns, progress))

        def changes_since(self, layer_uid: str, version: int) -> Any:
            raise AssertionError((layer_uid, version))

    cache = DrawingCache(tmp_path / "drawings")
    systems = [parse_crs(number) for number in (4547, 4526, 4490, 4546)]
    for system in systems:
        cache.get(project, zones, system)
    # the last one and two before it
    assert len(folders(tmp_path / "drawings")) == 3
    for system in systems[1:]:
        assert len(cache.get(NoSource(), zones, system)) == 5
    cache.get(Untold(project), replace(zones, version=zones.version + 1), systems[3])
    # the former state in this system is gone, those in others stay for what edits since make of them
    assert len(folders(tmp_path / "drawings")) == 3
    versions = {read_description(folder)["key"]["version"] for folder in folders(tmp_path / "drawings")}
    assert versions == {str(zones.version), str(zones.version + 1)}


def test_what_has_no_shape_is_told_from_what_is_lost_on_the_map(tmp_path: Path):
    shapes = [None, shapely.Point(), shapely.Point(113.4, 22.5), shapely.Point(113.4, 95)]
    frame = gpd.GeoDataFrame({"name": ["none", "empty", "near", "far"]}, geometry=shapes, crs=4490)
    with Project.create(tmp_path / "far.gpkg", "4547") as project:
        info = project.add_layer(NewLayer(name="点", kind="points", crs=parse_crs(4490)), frame)
        layer = DrawingCache(tmp_path / "drawings").get(project, info, project.crs)
        assert (layer.not_drawable(), layer.shapeless, layer.lost()) == (3, 2, 1)
