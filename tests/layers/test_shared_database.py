"""Several people in one project: who may what, who was first, and lines that break."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from queue import Queue

import geopandas
import psycopg
import pytest
import shapely
from psycopg import sql

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, Author, ChangeFeature, Edit, RemoveFeature
from layers.errors import (
    BlockedUndoError,
    InputError,
    JobCancelled,
    ProjectFileError,
    StaleEditError,
    UsageError,
)
from layers.kind import FieldType
from layers.store import LayerInfo, NewLayer
from layers.store.column_writing import ColumnValues
from layers.store.postgis import committing
from layers.store.postgis.founding import list_projects
from layers.store.postgis.listening import News
from layers.store.postgis.roles import Member, Role, grant, members, revoke
from layers.store.postgis.sentences import PasswordRefusedError
from layers.store.postgis.store import PostgisStore
from layers.store.uids import new_uid
from tests.cut_line import Cut, CutLine
from tests.layers.database_samples import as_user, new_database_project
from tests.layers.store_samples import CRS, add_parcels, square

pytestmark = pytest.mark.peer


@pytest.fixture
def store(postgis_server: PrivateServer) -> Iterator[PostgisStore]:
    with new_database_project(postgis_server) as made:
        yield made


@pytest.fixture
def layer(store: PostgisStore) -> LayerInfo:
    return add_parcels(store, 4)  # type: ignore[arg-type]


def named(layer: LayerInfo, uid: str, name: str, version: int = 0) -> Edit:
    return Edit("改名", (ChangeFeature(layer.uid, uid, values={"name": name}, version=version),))


def first_uid(store: PostgisStore, layer: LayerInfo) -> str:
    return str(store.read(layer.uid).index[0])


def place(store: PostgisStore, layer: LayerInfo) -> dict[str, str]:
    return {"schema": store.address.schema, "table": layer.table}


def names(store: PostgisStore, layer: LayerInfo) -> list[str]:
    return [str(name) for name in store.read(layer.uid)["name"]]


def test_who_comes_second_is_told_who_was_first_and_when(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    uid = first_uid(store, layer)
    with as_user(postgis_server, store, "li", Role.EDITOR, "李工") as other:
        other.apply(named(layer, uid, "李", version=1))
        with pytest.raises(StaleEditError, match="李工（li）") as refused:
            store.apply(named(layer, uid, "王", version=1))
        assert time.strftime("%Y-%m-%d") in refused.value.what
    assert names(store, layer)[0] == "李"


def test_each_takes_back_their_own_edits_and_not_over_those_of_others(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    first, second, *_rest = [str(uid) for uid in store.read(layer.uid).index]
    with as_user(postgis_server, store, "li", Role.EDITOR, "李工") as other:
        store.apply(named(layer, first, "王一"))
        other.apply(named(layer, second, "李二"))
        assert other.undoable() is not None
        undone = store.undo()
        assert undone is not None
        assert [change.zs_uid for change in undone.changes] == [first]
        assert names(store, layer)[:2] == ["图斑1", "李二"]
        store.redo()
        other.apply(named(layer, first, "李一"))
        with pytest.raises(StaleEditError, match="李工（li）"):
            store.undo()
        assert names(store, layer)[:2] == ["李一", "李二"]
        other.undo()
        # what the other took back again is still the other's doing
        with pytest.raises(BlockedUndoError) as caught:
            store.undo()
    # what is in the way is passed over, and is not offered to be made again
    told = store.pass_over(caught.value.edit_uid, caught.value.what)
    assert told is not None
    assert (told.head.of, told.head.count, told.changes) == (caught.value.edit_uid, 0, ())
    assert store.edits(limit=1)[0].reason == caught.value.what
    assert store.undoable() is None
    assert store.redoable() is None
    # two people at one role are told apart by their names
    colleague = PostgisStore.open(store.address, author=Author("赵工", "b"))
    with colleague:
        assert colleague.undo() is None


def test_a_reader_reads_and_is_told_that_writing_is_not_allowed(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    before = store.content_hash(layer.uid)
    with as_user(postgis_server, store, "reader_1", Role.READER) as reader:
        assert reader.read_only
        assert reader.content_hash(layer.uid) == before
        assert len(reader.history(layer.uid, first_uid(store, layer))) == 1
        for attempt in (
            lambda: reader.apply(named(layer, first_uid(store, layer), "x")),
            lambda: reader.add_layer(NewLayer("新", "zones", CRS), store.read(layer.uid)),
            lambda: reader.remove_layer(layer.uid),
            lambda: reader.update_layer(layer.uid, name="x"),
            lambda: reader.set_setting("project.title", "x"),
            lambda: reader.record_run({}),
            lambda: reader.mark_for_survey(layer.uid, on=True),
        ):
            with pytest.raises(InputError, match="不允许"):
                attempt()
        # where one looked is one's own affair
        reader.set_setting("window.view", [1, 2])
        assert reader.setting("window.view") == [1, 2]
    assert store.setting("window.view") is None
    assert store.content_hash(layer.uid) == before
    assert [info.name for info in store.layers()] == [layer.name]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgis_server.ask("UPDATE {table} SET name = NULL", user="reader_1", **place(store, layer))


def test_a_surveyor_adds_and_changes_where_a_survey_is_on_and_nothing_else(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    uid = first_uid(store, layer)
    with as_user(postgis_server, store, "zhou", Role.SURVEYOR) as surveyor:
        with pytest.raises(InputError):
            surveyor.apply(named(layer, uid, "x"))
        store.mark_for_survey(layer.uid, on=True)
        assert store.surveyed() == (layer.uid,)
        surveyor.apply(named(layer, uid, "外业"))
        surveyor.apply(Edit("加", (AddFeature(layer.uid, square(8), {"name": "新"}),)))
        with pytest.raises(InputError):
            surveyor.apply(Edit("删", (RemoveFeature(layer.uid, uid),)))
        with pytest.raises(InputError):
            surveyor.write_columns(layer.uid, (ColumnValues("新列", FieldType.TEXT),), {}, "加列")
        assert not surveyor.read_only
        store.mark_for_survey(layer.uid, on=False)
        with pytest.raises(InputError):
            surveyor.apply(named(layer, uid, "y"))
    assert names(store, layer) == ["外业", "图斑2", "图斑3", "图斑4", "新"]


def test_new_layers_can_be_read_at_once_by_those_who_have_a_role(
    postgis_server: PrivateServer, store: PostgisStore
) -> None:
    with as_user(postgis_server, store, "reader_1", Role.READER) as reader:
        with as_user(postgis_server, store, "li", Role.EDITOR) as editor:
            info = add_parcels(editor, 2)  # type: ignore[arg-type]
        assert len(reader.read(info.uid)) == 2
    with psycopg.connect(host=str(postgis_server.folder), dbname="bureau", user="keeper") as lent:
        assert Member("li", Role.EDITOR) in members(lent, store.address.schema)
        grant(lent, store.address.schema, "li", Role.READER)
        assert Member("li", Role.READER) in members(lent, store.address.schema)
        revoke(lent, store.address.schema, "li")
        assert "li" not in {member.user for member in members(lent, store.address.schema)}
    with pytest.raises(ProjectFileError):
        PostgisStore.open(postgis_server.address(store.address.schema, "li"))


def test_nobody_rewrites_the_history(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    store.apply(named(layer, first_uid(store, layer), "x"))
    with as_user(postgis_server, store, "li", Role.EDITOR):
        for statement in (
            "UPDATE {schema}.zs_edits SET role = 'keeper'",
            "DELETE FROM {schema}.zs_changes",
            "INSERT INTO {schema}.zs_edits (uid, role, author, machine, title, kind, of_uid, reason)"
            " VALUES ('x', 'keeper', '', '', '', 'edit', '', '')",
            "UPDATE {schema}.zs_layers SET version = 1",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "TRUNCATE {table}",
            "SELECT {schema}.zs_finish_edit()",
        ):
            with pytest.raises(psycopg.Error):
                postgis_server.ask(statement, user="li", **place(store, layer))
    assert len(store.edits()) == 1


def test_what_another_program_writes_is_in_the_history_too(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    uid = first_uid(store, layer)
    table = place(store, layer)
    with as_user(postgis_server, store, "li", Role.EDITOR):
        renamed = "UPDATE {table} SET name = 'QGIS', zs_version = 77 WHERE zs_uid = %s"
        postgis_server.ask(renamed, uid, user="li", **table)
        postgis_server.ask("INSERT INTO {table} (name) VALUES ('ohne Form')", user="li", **table)
    versions = store.history(layer.uid, uid)
    assert versions[-1].head.author.name == "li"
    assert versions[-1].changed == ("name",)
    assert versions[-1].state is not None
    assert versions[-1].state.version == 2
    assert store.layer(layer.uid).feature_count == 5
    assert store.layer(layer.uid).version == 3
    added = store.edits()[0]
    (change,) = store.changes_of(added.uid)
    assert change.zs_uid[14] == "7"
    assert change.after is not None
    assert change.after.geometry is None
    with pytest.raises(psycopg.Error):
        postgis_server.ask("UPDATE {table} SET zs_uid = 'x' WHERE zs_uid = %s", uid, **table)


def test_a_deadlock_is_retried_until_it_works(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    first, second, *_rest = sorted(str(uid) for uid in store.read(layer.uid).index)
    table = sql.Identifier(store.address.schema, layer.table)
    holds, goes_on = threading.Event(), threading.Event()

    def disturb() -> None:
        lock = sql.SQL("SELECT 1 FROM {} WHERE zs_uid = %s FOR UPDATE").format(table)
        with psycopg.connect(host=str(postgis_server.folder), dbname="bureau", user="keeper") as lent:
            # who waits longest breaks the ring: not this one
            lent.execute("SET deadlock_timeout = '30s'")
            lent.execute(lock, (second,))
            holds.set()
            goes_on.wait(10)
            lent.execute(lock, (first,))

    disturber = threading.Thread(target=disturb)
    disturber.start()
    holds.wait(10)
    threading.Timer(0.3, goes_on.set).start()
    edit = Edit("改", tuple(ChangeFeature(layer.uid, uid, values={"name": "改"}) for uid in (first, second)))
    store.apply(edit)
    disturber.join()
    assert store.retries.deadlocks == 1
    assert names(store, layer).count("改") == 2
    assert len(store.edits()) == 1


def test_eight_writers_lose_nothing(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    uids = [str(uid) for uid in store.read(layer.uid).index]
    done: list[int] = [0] * 8
    failures: list[BaseException] = []
    store.write_columns(layer.uid, (ColumnValues("n", FieldType.INTEGER, dict.fromkeys(uids, 0)),), {}, "列")

    def write(number: int) -> None:
        with PostgisStore.open(store.address, author=Author(f"人{number}", "m")) as own:
            for turn in range(12):
                uid = uids[(number + turn) % len(uids)]
                while True:
                    (state,) = own.states(layer.uid, [uid])
                    more = {"n": state.values["n"] + 1}
                    try:
                        own.apply(
                            Edit("加一", (ChangeFeature(layer.uid, uid, values=more, version=state.version),))
                        )
                    except StaleEditError:
                        continue
                    except BaseException as error:
                        failures.append(error)
                        return
                    done[number] += 1
                    break

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert done == [12] * 8
    assert store.read(layer.uid)["n"].sum() == 96
    assert store.layer(layer.uid).version == 99
    assert len(store.edits(limit=1000)) == 97


@pytest.mark.parametrize("when", list(Cut))
def test_a_line_cut_while_an_edit_is_confirmed_writes_it_once(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo, when: Cut
) -> None:
    line = CutLine(postgis_server.folder)
    try:
        address = postgis_server.address(store.address.schema, folder=line.folder)
        with PostgisStore.open(address) as cut:
            line.cut_once(when)
            record = cut.apply(Edit("加", (AddFeature(layer.uid, square(8), {"name": "一次"}),)))
            assert line.cuts == 1
            assert cut.retries.reconnections == 1
            assert cut.changes_of(record.head.uid) == record.changes
    finally:
        line.close()
    assert names(store, layer).count("一次") == 1
    assert len(store.edits()) == 1


@pytest.mark.parametrize("when", list(Cut))
@pytest.mark.parametrize("uid", ["", "01a20800-0000-7000-8000-000000000001"])
def test_an_edit_of_unknown_fate_is_asked_for_before_it_is_written_again(
    postgis_server: PrivateServer,
    store: PostgisStore,
    layer: LayerInfo,
    monkeypatch: pytest.MonkeyPatch,
    when: Cut,
    uid: str,
) -> None:
    monkeypatch.setattr(committing, "_ASKING_S", 0.2)
    line = CutLine(postgis_server.folder)
    try:
        with PostgisStore.open(postgis_server.address(store.address.schema, folder=line.folder)) as cut:
            line.cut_once(when, stays_down=True)
            edit = Edit("加", (AddFeature(layer.uid, square(8), {"name": "一次"}),), uid=uid)
            with pytest.raises(ProjectFileError, match="是否已写入"):
                cut.apply(edit)
            line.is_down = False
            record = cut.apply(edit)
            assert cut.changes_of(record.head.uid) == record.changes
    finally:
        line.close()
    assert names(store, layer).count("一次") == 1
    assert len(store.edits()) == 1


def test_a_wrong_password_is_told_and_appears_nowhere(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    as_user(postgis_server, store, "locked", Role.READER).close()
    postgis_server.ask("ALTER ROLE locked PASSWORD 'richtig'")
    postgis_server.require_password("locked")
    address = postgis_server.address(store.address.schema, "locked")
    for wrong in ("falsch", ""):
        with pytest.raises(PasswordRefusedError) as refused:
            PostgisStore.open(address, password=wrong)
        assert "falsch" not in f"{refused.value} {refused.value.details} {address}"
    with PostgisStore.open(address, password="richtig") as opened:
        assert len(opened.read(layer.uid)) == 4
        assert "richtig" not in repr(vars(opened.address))
        with pytest.raises(InputError) as told:
            opened.apply(named(layer, first_uid(store, layer), "x"))
        assert "richtig" not in f"{told.value} {told.value.details}"


def test_an_edit_handed_over_twice_is_made_once(store: PostgisStore, layer: LayerInfo) -> None:
    edit = Edit("加", (AddFeature(layer.uid, square(8), {"name": "一次"}),), uid=new_uid())
    record = store.apply(edit)
    again = store.apply(edit)
    assert (again.head, again.changes) == (record.head, record.changes)
    assert names(store, layer).count("一次") == 1
    with pytest.raises(InputError):
        store.apply(replace(edit, uid="kein uid"))


def test_a_connection_killed_in_mid_edit_is_no_lost_edit(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    class Killing:
        def __init__(self) -> None:
            self.steps = 0

        def step(self, done: float, text: str = "") -> None:
            self.steps += 1
            if self.steps == 2:
                postgis_server.ask(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'zsgis%' AND state = 'idle in transaction'"
                )

    progress = Killing()
    uids = [str(uid) for uid in store.read(layer.uid).index]
    edit = Edit("改", tuple(ChangeFeature(layer.uid, uid, values={"name": "改"}) for uid in uids))
    store.apply(edit, progress)
    assert progress.steps > 4
    assert names(store, layer) == ["改"] * 4
    assert len(store.edits()) == 1


def test_a_stopped_server_is_told_and_everything_is_there_when_it_is_back(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    uid = first_uid(store, layer)
    store.apply(named(layer, uid, "停前"))
    edit = named(layer, uid, "停后")
    heard: Queue[News] = Queue()
    listener = store.listen(heard.put)
    assert listener.ready.wait(10)
    postgis_server.stop()
    try:
        with pytest.raises(ProjectFileError):
            store.read(layer.uid)
        with pytest.raises(ProjectFileError):
            store.apply(edit)
    finally:
        postgis_server.start()
    assert names(store, layer)[0] == "停前"
    store.apply(edit)
    assert names(store, layer)[0] == "停后"
    # whoever listens is told that something may have been missed
    assert heard.get(timeout=30) == News()
    assert len(store.edits()) == 2


def test_others_are_told_at_once_and_can_read_what_was_done(store: PostgisStore, layer: LayerInfo) -> None:
    heard: Queue[News] = Queue()
    with PostgisStore.open(store.address, author=Author("李工", "b")) as other:
        listener = other.listen(heard.put)
        assert listener.ready.wait(10)
        record = store.apply(named(layer, first_uid(store, layer), "新"))
        news = heard.get(timeout=10)
        assert news == News(record.head.uid, (layer.uid,))
        assert other.changes_of(news.edit_uid) == record.changes
        store.update_layer(layer.uid, name="改名")
        assert heard.get(timeout=10) == News("", (layer.uid,))
        assert other.layer(layer.uid).name == "改名"


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


def test_who_looks_after_projects_needs_no_superuser(postgis_server: PrivateServer) -> None:
    import pyproj

    postgis_server.make_user("builder")
    postgis_server.ask("ALTER ROLE builder CREATEROLE; GRANT CREATE ON DATABASE bureau TO builder")
    address = postgis_server.address("zs_built", "builder")
    own = pyproj.CRS.from_proj4(
        "+proj=tmerc +lat_0=0 +lon_0=113.6 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"
    )
    with PostgisStore.create(address, CRS, title="自建") as built:
        layer = add_parcels(built, 2)  # type: ignore[arg-type]
        # a system that PostGIS does not know and this user may not add to its list
        info = built.add_layer(
            NewLayer("独立", "zones", own), geopandas.GeoDataFrame(geometry=[square()], crs=own)
        )
        assert built.read(info.uid).crs == own
        assert built.identify(info.uid, *square().centroid.coords[0], 1.0) == [first_uid(built, info)]
        moved = ChangeFeature(info.uid, first_uid(built, info), square(1))
        built.apply(Edit("移动", (moved,)))
        postgis_server.make_user("helper")
        built.grant("helper", Role.SURVEYOR)
        built.mark_for_survey(layer.uid, on=True)
        with PostgisStore.open(postgis_server.address("zs_built", "helper")) as helper:
            helper.apply(named(layer, first_uid(built, layer), "外业"))
        assert built.edits()[0].author.name.endswith("（helper）")


def test_a_newer_project_is_not_opened(postgis_server: PrivateServer, store: PostgisStore) -> None:
    store.set_setting("project.format", 99)
    with pytest.raises(ProjectFileError, match="99"):
        PostgisStore.open(store.address)


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
