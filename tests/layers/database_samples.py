"""Projects in the tests' own database, and people who work in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from benchmarks.postgis_server import PrivateServer
from layers.edits import Author, ChangeFeature, Edit
from layers.store import LayerInfo
from layers.store.postgis.roles import Role, grant
from layers.store.postgis.store import PostgisStore
from tests.layers.store_samples import CRS

OLD_SCHEMA = "zs_old"
_OLD_ROLES = ("owner", "editor", "surveyor", "reader")
_FIXTURES = Path(__file__).parent.parent / "fixtures" / "databases"
_numbers: Iterator[int] = count(1)


def new_database_project(server: PrivateServer, schema: str = "", name: str = "王工") -> PostgisStore:
    """Make an empty project in 4547."""
    address = server.address(schema or f"zs_{next(_numbers)}")
    return PostgisStore.create(address, CRS, title="中山", author=Author(name, "办公室一"))


def as_user(
    server: PrivateServer, store: PostgisStore, user: str, role: Role, name: str = ""
) -> PostgisStore:
    """Open a project as somebody with a role in it."""
    server.make_user(user)
    with psycopg.connect(
        host=str(server.folder), dbname=store.address.database, user=store.address.user
    ) as lent:
        grant(lent, store.address.schema, user, role)
    address = server.address(store.address.schema, user)
    return PostgisStore.open(address, author=Author(name or user, "外业平板"))


def named(layer: LayerInfo, uid: str, name: str, version: int = 0) -> Edit:
    return Edit("改名", (ChangeFeature(layer.uid, uid, values={"name": name}, version=version),))


def first_uid(store: PostgisStore, layer: LayerInfo) -> str:
    return str(store.read(layer.uid).index[0])


def place(store: PostgisStore, layer: LayerInfo) -> dict[str, str]:
    return {"schema": store.address.schema, "table": layer.table}


def names(store: PostgisStore, layer: LayerInfo) -> list[str]:
    return [str(name) for name in store.read(layer.uid)["name"]]


@contextmanager
def old_schema(server: PrivateServer) -> Iterator[None]:
    """Put a project of the first format, as the program made it then, into a server for a while."""
    try:
        for role in _OLD_ROLES:
            server.ask(f"CREATE ROLE {OLD_SCHEMA}_{role} NOLOGIN")
        for less, more in (("reader", "surveyor"), ("surveyor", "editor")):
            server.ask(f"GRANT {OLD_SCHEMA}_{less} TO {OLD_SCHEMA}_{more}")
        text = (_FIXTURES / "format_1.sql").read_text(encoding="utf-8")
        server.ask(text.replace("{", "{{").replace("}", "}}"))
        yield
    finally:
        server.ask(f"DROP SCHEMA IF EXISTS {OLD_SCHEMA} CASCADE")
        for role in _OLD_ROLES:
            server.ask(f"DROP OWNED BY {OLD_SCHEMA}_{role}; DROP ROLE {OLD_SCHEMA}_{role}")
