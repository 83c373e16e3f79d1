"""Schemas of older and newer formats in a database: brought up to date without loss, or only read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, Author, ChangeFeature, Edit, RemoveFeature
from layers.errors import InputError, ProjectFileError
from layers.store.postgis import migrations
from layers.store.postgis.connections import Connections
from layers.store.postgis.founding import read_setting
from layers.store.postgis.roles import Role
from layers.store.postgis.store import PostgisStore
from layers.store.postgis.tables import FORMAT_VERSION
from tests.layers.database_samples import (
    OLD_SCHEMA,
    as_user,
    first_uid,
    names,
    new_database_project,
    old_schema,
)
from tests.layers.store_samples import add_parcels, square

pytestmark = pytest.mark.peer


@pytest.fixture
def old(postgis_server: PrivateServer) -> Iterator[PrivateServer]:
    with old_schema(postgis_server):
        yield postgis_server


def opened(server: PrivateServer, schema: str = OLD_SCHEMA, user: str = "keeper") -> PostgisStore:
    return PostgisStore.open(server.address(schema, user), author=Author("王工", "办公室一"))


def member(server: PrivateServer, role: str) -> str:
    user = server.make_user(f"before_{role}")
    server.ask(f"GRANT {OLD_SCHEMA}_{role} TO {user}")
    return user


def content(server: PrivateServer) -> dict[str, Any]:
    """Return what an officer would miss, read without the program."""
    tables = [
        name
        for (name,) in server.ask(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s ORDER BY 1", OLD_SCHEMA
        )
    ]
    found: dict[str, Any] = {
        table: server.ask("SELECT t::text FROM {table} AS t ORDER BY 1", schema=OLD_SCHEMA, table=table)
        for table in tables
        if table != "zs_settings"
    }
    found["settings"] = server.ask(
        "SELECT key, value FROM {schema}.zs_settings WHERE key <> 'project.format' ORDER BY key",
        schema=OLD_SCHEMA,
    )
    return found


def functions(server: PrivateServer, schema: str) -> dict[str, tuple[str, ...]]:
    """Return each function's text and who may call it, the schema's own name left out."""
    found = server.ask(
        "SELECT proname, prosrc, coalesce(proacl::text[], ARRAY[]::text[]) FROM pg_proc"
        " WHERE pronamespace = %s::regnamespace ORDER BY 1",
        schema,
    )
    return {
        name: (text.replace(schema, "S"), *sorted(right.replace(schema, "S") for right in rights))
        for name, text, rights in found
    }


def test_an_older_project_keeps_its_content_and_gets_the_functions_of_a_new_one(old: PrivateServer) -> None:
    before = content(old)
    assert "zs_is_copy" not in functions(old, OLD_SCHEMA)
    with opened(old) as store:
        assert (store.format.written, store.format.may_migrate) == (1, True)
        store.migrate()
        assert not store.format.is_older
        assert not store.read_only
        assert store.setting("project.format") == FORMAT_VERSION
    assert content(old) == before
    with new_database_project(old) as fresh:
        assert functions(old, OLD_SCHEMA) == functions(old, fresh.address.schema)


def test_work_goes_on_where_it_was_left(old: PrivateServer) -> None:
    with opened(old) as store:
        store.migrate()
        land = store.layer("土地利用现状图斑")
        assert names(store, land) == ["改过", "图斑2", "图斑3", "图斑4", "新的"]
        # the last edit was undone by the earlier version; the one before it is undone by this one
        store.undo()
        assert names(store, land) == ["改过", "图斑2", "图斑3", "图斑4"]
        store.undo()
        assert names(store, land)[0] == "图斑1"
        # what another program copies with its identifier becomes a feature of its own only in the new format
        other = store.layer("外业图斑")
        copied = first_uid(store, land)
        old.ask(
            "INSERT INTO {schema}.外业图斑 (geom, zs_uid) SELECT geom, zs_uid FROM {table} WHERE zs_uid = %s",
            copied,
            schema=OLD_SCHEMA,
            table=land.table,
        )
        assert copied not in store.read(other.uid).index


def test_what_came_back_with_its_layer_can_be_deleted_after_migrating(old: PrivateServer) -> None:
    with opened(old) as store:
        layer = store.layer("外业图斑")
        uid = first_uid(store, layer)
    # the first builds left this behind when a layer was removed and brought back
    old.ask("INSERT INTO {schema}.zs_retired VALUES (%s, %s, 1)", uid, layer.uid, schema=OLD_SCHEMA)
    with opened(old) as store:
        store.migrate()
        store.apply(Edit("删", (RemoveFeature(layer.uid, uid),)))
        assert uid not in store.read(layer.uid).index


@pytest.mark.parametrize("role", ["editor", "reader"])
def test_a_role_that_may_not_migrate_reads_and_is_told_why(old: PrivateServer, role: str) -> None:
    with opened(old, user=member(old, role)) as store:
        before = content(old)
        land = store.layer("土地利用现状图斑")
        assert store.read_only
        assert not store.format.may_migrate
        assert "旧版程序" in store.why_read_only
        assert "建立者" in store.why_read_only
        assert len(store.read(land.uid)) == land.feature_count == 5
        change = Edit("改", (ChangeFeature(land.uid, first_uid(store, land), values={"name": "x"}),))
        for refused in (
            store.migrate,
            lambda: store.apply(change),
            store.undo,
            lambda: store.set_setting("project.note", "新"),
            lambda: store.remove_layer(land.uid),
        ):
            with pytest.raises(InputError, match="旧版程序"):
                refused()
    assert content(old) == before


def test_until_it_is_agreed_to_an_owner_only_reads(old: PrivateServer) -> None:
    with opened(old) as store:
        land = store.layer("土地利用现状图斑")
        assert store.read_only
        with pytest.raises(InputError, match="升级之前只能读取"):
            store.apply(Edit("加", (AddFeature(land.uid, square(8)),)))
        assert "建立者" not in store.why_read_only


def test_a_migration_that_breaks_leaves_the_old_schema(
    old: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, functions_before = content(old), functions(old, OLD_SCHEMA)
    monkeypatch.setattr(migrations, "RIGHTS", "GRANT EXECUTE ON FUNCTION {schema}.nowhere() TO {editor}")
    with opened(old) as store:
        with pytest.raises(ProjectFileError):
            store.migrate()
        assert store.format.written == 1
        assert store.read_only
        assert store.setting("project.format") == 1
    assert content(old) == before
    assert functions(old, OLD_SCHEMA) == functions_before


def test_two_who_migrate_at_the_same_time_do_it_once(old: PrivateServer) -> None:
    stores = [opened(old) for _person in range(4)]
    try:
        with ThreadPoolExecutor(len(stores)) as pool:
            list(pool.map(PostgisStore.migrate, stores))
        assert [store.format.written for store in stores] == [FORMAT_VERSION] * 4
    finally:
        for store in stores:
            store.close()


def test_a_role_without_the_right_changes_nothing_even_past_the_program(old: PrivateServer) -> None:
    connections = Connections(old.address(OLD_SCHEMA, member(old, "editor")))
    try:
        with connections.raw() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            migrations.migrate(connection, OLD_SCHEMA)
        with connections.lent() as connection:
            assert read_setting(connection, OLD_SCHEMA, "project.format") == 1
    finally:
        connections.close()


def test_a_newer_project_is_read_and_left_alone(postgis_server: PrivateServer) -> None:
    with new_database_project(postgis_server) as store:
        schema = store.address.schema
        layer = add_parcels(store, 3)  # type: ignore[arg-type]
        store.set_setting("project.format", FORMAT_VERSION + 1)
        as_user(postgis_server, store, "before_newer", Role.EDITOR).close()
    postgis_server.ask("ALTER TABLE {schema}.zs_layers ADD COLUMN mood text", schema=schema)
    for user in ("keeper", "before_newer"):
        with opened(postgis_server, schema, user) as store:
            assert store.newer_format == FORMAT_VERSION + 1
            assert store.read_only
            assert "更新版本" in store.why_read_only
            assert len(store.read(layer.uid)) == 3
            store.migrate()
            assert store.setting("project.format") == FORMAT_VERSION + 1
            with pytest.raises(InputError, match="更新版本"):
                store.apply(Edit("加", (AddFeature(layer.uid, square(8)),)))


def test_a_newer_project_whose_layers_cannot_be_listed_is_refused(postgis_server: PrivateServer) -> None:
    with new_database_project(postgis_server) as store:
        schema = store.address.schema
        store.set_setting("project.format", FORMAT_VERSION + 1)
    postgis_server.ask("ALTER TABLE {schema}.zs_layers RENAME COLUMN style TO looks", schema=schema)
    with pytest.raises(ProjectFileError, match="更新版本") as told:
        opened(postgis_server, schema)
    assert "请更新程序" in str(told.value)


@pytest.mark.parametrize("value", [None, "x", "2"])
def test_a_format_that_is_no_number_counts_as_the_first(postgis_server: PrivateServer, value: Any) -> None:
    with new_database_project(postgis_server) as store:
        store.set_setting("project.format", value)
        with opened(postgis_server, store.address.schema) as again:
            assert again.format.written == 1
            again.migrate()
            assert again.setting("project.format") == FORMAT_VERSION
