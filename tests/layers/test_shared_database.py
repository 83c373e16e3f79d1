"""Several people in one project: who may what, and who was first."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from queue import Queue

import geopandas
import psycopg
import pytest
from psycopg import sql

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, Author, ChangeFeature, Edit, RemoveFeature
from layers.errors import (
    BlockedUndoError,
    InputError,
    ProjectFileError,
    StaleEditError,
)
from layers.kind import FieldType
from layers.store import LayerInfo, NewLayer
from layers.store.column_writing import ColumnValues
from layers.store.postgis.listening import News
from layers.store.postgis.roles import Member, Role, grant, members, revoke
from layers.store.postgis.sentences import PasswordRefusedError
from layers.store.postgis.store import PostgisStore
from layers.store.uids import is_uid
from tests.layers.database_samples import as_user, first_uid, named, names, place
from tests.layers.store_samples import CRS, add_parcels, square

pytestmark = pytest.mark.peer


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


def test_a_copy_by_another_program_into_another_layer_is_a_feature_of_its_own(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    other = add_parcels(store, 2, "另一图层")  # type: ignore[arg-type]
    known = [state.zs_uid for state in store.states(layer.uid)]
    before = {state.zs_uid for state in store.states(other.uid)}
    with as_user(postgis_server, store, "li", Role.EDITOR):
        copied = sql.SQL(
            "INSERT INTO {schema}.{other} (zs_uid, name, geom)"
            " SELECT zs_uid, name, geom FROM {schema}.{table} WHERE zs_uid = %s"
        ).format(
            schema=sql.Identifier(store.address.schema),
            other=sql.Identifier(other.table),
            table=sql.Identifier(layer.table),
        )
        with psycopg.connect(
            host=str(postgis_server.folder), dbname=store.address.database, user="li"
        ) as lent:
            lent.execute(copied, (known[0],))
    (fresh,) = {state.zs_uid for state in store.states(other.uid)} - before
    assert is_uid(fresh)
    assert fresh != known[0]
    assert [state.zs_uid for state in store.states(layer.uid)] == known
    # what this program takes out and puts back keeps its identifier
    store.apply(Edit("删", (RemoveFeature(layer.uid, known[0]),)))
    store.undo()
    assert sorted(state.zs_uid for state in store.states(layer.uid)) == sorted(known)


def test_all_are_put_back_by_the_order_of_edits_not_by_a_clock_that_was_set_back(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    first, second, *_rest = [state.zs_uid for state in store.states(layer.uid)]
    store.apply(named(layer, first, "一"))
    moment = store.edits()[0].time
    store.apply(named(layer, first, "二"))
    set_back = store.apply(named(layer, second, "三"))
    schema = {"schema": store.address.schema}
    move = "UPDATE {schema}.zs_edits SET time = time - interval '1 day' WHERE uid = %s"
    postgis_server.ask(move, set_back.head.uid, **schema)
    assert store.restore(moment) is not None
    assert names(store, layer) == ["一", "图斑2", "图斑3", "图斑4"]
    assert store.restore(moment) is None


def test_an_edit_that_had_to_wait_for_one_after_the_moment_is_taken_back_whole(
    postgis_server: PrivateServer, store: PostgisStore, layer: LayerInfo
) -> None:
    first, second, *_rest = [state.zs_uid for state in store.states(layer.uid)]
    rename = sql.SQL("UPDATE {} SET name = %s WHERE zs_uid = %s").format(
        sql.Identifier(store.address.schema, layer.table)
    )
    with psycopg.connect(
        host=str(postgis_server.folder), dbname=store.address.database, user=store.address.user
    ) as slow:
        slow.execute(rename, ("慢", second))
        time.sleep(0.01)
        moment = datetime.now(UTC)
        time.sleep(0.01)
        store.apply(named(layer, first, "快"))
        slow.execute(rename, ("慢", first))
    assert names(store, layer)[:2] == ["慢", "慢"]
    assert store.restore(moment) is not None
    assert names(store, layer)[:2] == ["图斑1", "图斑2"]


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


def test_others_are_told_at_once_and_can_read_what_was_done(store: PostgisStore, layer: LayerInfo) -> None:
    heard: Queue[News] = Queue()
    with PostgisStore.open(store.address, author=Author("李工", "b")) as other:
        listener = other.listen(heard.put)
        assert listener.ready.wait(60)
        record = store.apply(named(layer, first_uid(store, layer), "新"))
        news = heard.get(timeout=60)
        assert news == News(record.head.uid, (layer.uid,))
        assert other.changes_of(news.edit_uid) == record.changes
        store.update_layer(layer.uid, name="改名")
        assert heard.get(timeout=60) == News("", (layer.uid,))
        assert other.layer(layer.uid).name == "改名"


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
