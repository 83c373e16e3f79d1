"""Names, values, shapes and schemas that a database project could stumble over."""

from __future__ import annotations

import geopandas
import psycopg
import pytest
import shapely

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, ChangeFeature, Edit
from layers.errors import (
    InputError,
    JobCancelled,
    ProjectFileError,
    UsageError,
)
from layers.kind import FieldType
from layers.store import LayerInfo, NewLayer
from layers.store.column_writing import ColumnValues
from layers.store.postgis.founding import list_projects
from layers.store.postgis.store import PostgisStore
from tests.layers.database_samples import first_uid, named, names, new_database_project
from tests.layers.store_samples import CRS, square

pytestmark = pytest.mark.peer


HOSTILE = (
    "a'b\"c;d--e/*f*/g$zs$h\\i%sj{k}",
    "表" * 30,
    "Robert'); DROP TABLE zs_layers;--",
    "n" * 65,
    "🏠 emoji 名",
    "select",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names_and_nothing_else(store: PostgisStore, layer: LayerInfo, name: str) -> None:
    column = name.replace('"', "”")  # no column of a project file bears this one
    frame = geopandas.GeoDataFrame(
        {column: [name, None], column + "２": [1.5, 2.5], "n" * 64 + "b": [1, 2]},
        geometry=[square(0), None],
        crs=CRS,
    )
    info = store.add_layer(NewLayer(name, "zones", CRS, source={"file": name}), frame)
    assert info.name == name
    assert store.read(info.uid)[column].tolist()[0] == name
    uid = first_uid(store, info)
    record = store.apply(
        Edit(
            name, (ChangeFeature(info.uid, uid, values={column: name + "'", column + "２": 3}),), reason=name
        )
    )
    assert (record.head.title, record.head.reason) == (name, name)
    store.undo()
    assert store.feature(info.uid, uid)[column] == name
    assert store.history(info.uid, uid)[1].changed == (column, column + "２")
    store.update_layer(info.uid, name=name + "。")
    store.write_columns(
        info.uid, (ColumnValues(column + "３", FieldType.TEXT, {uid: name}, alias=name),), {}, name
    )
    assert store.feature(info.uid, uid)[column + "３"] == name
    store.set_setting(name, {name: name})
    assert store.setting(name) == {name: name}
    assert len(store.layers()) == 2
    store.remove_layer(info.uid)
    assert len(store.read(layer.uid)) == 4


def test_two_long_names_that_begin_alike_stay_two(store: PostgisStore) -> None:
    frame = geopandas.GeoDataFrame(
        {"甲" * 40 + "一": ["1"], "甲" * 40 + "二": ["2"]}, geometry=[square()], crs=CRS
    )
    infos = [store.add_layer(NewLayer("层" * 40 + end, "zones", CRS), frame) for end in "一二"]
    assert len({info.table for info in infos}) == 2
    for info in infos:
        assert store.read(info.uid).iloc[0]["甲" * 40 + "一"] == "1"
        assert store.read(info.uid).iloc[0]["甲" * 40 + "二"] == "2"


def test_a_nul_is_refused_with_a_sentence(store: PostgisStore, layer: LayerInfo) -> None:
    uid = first_uid(store, layer)
    for attempt in (
        lambda: store.apply(named(layer, uid, "a\x00b")),
        lambda: store.apply(Edit("a\x00b", (ChangeFeature(layer.uid, uid, values={"name": "x"}),))),
        lambda: store.add_layer(
            NewLayer("n", "zones", CRS),
            geopandas.GeoDataFrame({"n": ["a\x00"]}, geometry=[square()], crs=CRS),
        ),
    ):
        with pytest.raises(InputError, match="NUL"):
            attempt()
    assert store.edits() == ()
    with pytest.raises(InputError):
        store.feature(layer.uid, "a\x00b")


def test_a_cancelled_layer_leaves_nothing(store: PostgisStore, layer: LayerInfo) -> None:
    class Stop:
        def step(self, done: float, text: str = "") -> None:
            if done > 0:
                raise JobCancelled

    shapes = [square(number % 50) for number in range(5000)]
    with pytest.raises(JobCancelled):
        store.add_layer(
            NewLayer("大", "zones", CRS), geopandas.GeoDataFrame(geometry=shapes, crs=CRS), Stop()
        )
    assert [info.uid for info in store.layers()] == [layer.uid]


def test_own_coordinate_systems_and_shapes_the_table_cannot_hold(store: PostgisStore) -> None:
    import pyproj

    own = pyproj.CRS.from_proj4(
        "+proj=tmerc +lat_0=0 +lon_0=113.4 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"
    )
    flat = geopandas.GeoDataFrame(geometry=[square()], crs=own)
    info = store.add_layer(NewLayer("独立坐标系", "zones", own), flat)
    assert info.crs == own
    assert store.read(info.uid).crs == own
    again = store.add_layer(NewLayer("独立坐标系二", "zones", own), flat)
    assert store.identify(again.uid, *square().centroid.coords[0], 1.0) == [first_uid(store, again)]
    # a flat layer of the database holds no heights
    with pytest.raises(InputError):
        store.apply(Edit("加", (AddFeature(info.uid, shapely.force_3d(square(), 5.0)),)))
    mixed = geopandas.GeoDataFrame(geometry=[square(), shapely.force_3d(square(1), 5.0)], crs=CRS)
    both = store.add_layer(NewLayer("混合", "zones", CRS), mixed)
    assert store.read(both.uid).geometry.has_z.tolist() == [False, True]


def test_a_schema_that_is_taken_or_missing_is_told(
    postgis_server: PrivateServer, store: PostgisStore
) -> None:
    with pytest.raises(ProjectFileError):
        new_database_project(postgis_server, store.address.schema)
    with pytest.raises(ProjectFileError):
        PostgisStore.open(store.address.with_schema("no_such"))
    with pytest.raises(UsageError, match=store.address.schema):
        PostgisStore.open(store.address.with_schema(""))
    postgis_server.make_user("nobody_much")
    with pytest.raises(ProjectFileError):
        PostgisStore.create(postgis_server.address("zs_mine", "nobody_much"), CRS)
    assert postgis_server.ask("SELECT 1 FROM pg_roles WHERE rolname LIKE 'zs_mine%'") == []
    with psycopg.connect(host=str(postgis_server.folder), dbname="bureau", user="keeper") as lent:
        assert store.address.schema in {found.schema for found in list_projects(lent)}


def test_a_trap_in_the_public_schema_is_not_stepped_into(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    postgis_server.ask("GRANT CREATE ON SCHEMA public TO PUBLIC")
    postgis_server.make_user("mallory")
    postgis_server.ask(
        "CREATE OR REPLACE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE sql AS"
        " $$ SELECT 1/0 $$; CREATE TABLE IF NOT EXISTS public.zs_layers (x int)",
        user="mallory",
    )
    try:
        store.apply(named(layer, first_uid(store, layer), "好"))
        assert names(store, layer)[0] == "好"
    finally:
        postgis_server.ask("DROP FUNCTION public.pg_notify(text, text); DROP TABLE public.zs_layers")
