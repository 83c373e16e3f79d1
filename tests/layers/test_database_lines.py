"""Many writers at once and lines that break: no edit is lost, none is made twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from queue import Queue

import psycopg
import pytest
from psycopg import sql

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, Author, ChangeFeature, Edit
from layers.errors import (
    InputError,
    ProjectFileError,
    StaleEditError,
)
from layers.kind import FieldType
from layers.store import LayerInfo
from layers.store.column_writing import ColumnValues
from layers.store.postgis import committing
from layers.store.postgis.listening import News
from layers.store.postgis.store import PostgisStore
from layers.store.uids import new_uid
from tests.cut_line import Cut, CutLine
from tests.layers.database_samples import first_uid, named, names
from tests.layers.store_samples import square

pytestmark = pytest.mark.peer


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
            goes_on.wait(60)
            lent.execute(lock, (first,))

    disturber = threading.Thread(target=disturb)
    disturber.start()
    holds.wait(60)
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
    assert listener.ready.wait(60)
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
