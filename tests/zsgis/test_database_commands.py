"""``zsgis db``: a project file and a database brought together, over the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import shapely
from typer.testing import CliRunner

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from layers.errors import UsageError
from layers.progress import NoProgress
from layers.store import Project
from layers.store.postgis import DatabaseAddress
from layers.store.postgis.store import PostgisStore
from tests.layers.database_samples import OLD_SCHEMA, old_schema
from tests.layers.store_samples import add_parcels, new_project, square
from zsgis.commands.db_commands import Entry, add_db_commands, pull_file
from zsgis.databases.opening import open_database_project
from zsgis.databases.passwords import forget_password, keep_password, kept_password
from zsgis.databases.syncing import base_file
from zsgis.services.secrets import Secrets

_numbers: Iterator[int] = count(1)

Command = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def address(postgis_server: PrivateServer) -> DatabaseAddress:
    return postgis_server.address(f"zs_cmd_{next(_numbers)}")


@pytest.fixture
def db() -> Command:
    import typer

    app = typer.Typer()
    add_db_commands(app)

    @app.callback()
    def _root() -> None:
        return

    def call(*words: str | Path) -> tuple[int, dict[str, Any]]:
        done = CliRunner().invoke(app, ["db", *map(str, words), "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout)

    return call


def project_file(folder: Path) -> Path:
    with new_project(folder) as project:
        add_parcels(project, 4)
        project.update_layer("土地利用现状图斑", opacity=0.5, secrecy="秘密★10年")
        project.set_setting("area_basis", {"land_use": "planar"})
        return project.path


def hashes(store: Any) -> dict[str, str]:
    return {info.uid: store.content_hash(info.uid) for info in store.layers()}


@pytest.mark.peer
def test_a_file_goes_into_the_database_and_comes_back_as_it_was(
    tmp_path: Path, address: DatabaseAddress, db: Command
) -> None:
    path = project_file(tmp_path)
    code, told = db("push", path, address.url)
    assert (code, told["sent"], told["done"]) == (0, 4, True)
    code, told = db("pull", tmp_path / "另一台.gpkg", address.url)
    assert (code, told["taken"]) == (0, 4)
    with (
        Project.open(path) as file,
        PostgisStore.open(address) as store,
        Project.open(tmp_path / "另一台.gpkg") as other,
    ):
        assert hashes(file) == hashes(store) == hashes(other)
        assert file.uid == store.uid == other.uid
        assert other.title == "中山"
        assert other.layers()[0].opacity == store.layers()[0].opacity == 0.5
        assert other.setting("area_basis") == {"land_use": "planar"}
        ids = [list(each.read(file.layers()[0].uid).index) for each in (file, store, other)]
        assert ids[0] == ids[1] == ids[2]
    code, told = db("list", address.url)
    assert {"schema": address.schema, "title": "中山", "layers": 1} in told["projects"]


@pytest.mark.peer
def test_what_does_not_touch_goes_both_ways(tmp_path: Path, address: DatabaseAddress, db: Command) -> None:
    path = project_file(tmp_path)
    db("push", path, address.url)
    with Project.open(path) as file:
        layer = file.layers()[0]
        first, second, _third, fourth = file.read(layer.uid).index
        file.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "文件"}),)))
        file.apply(Edit("删", (RemoveFeature(layer.uid, fourth),)))
        far = shapely.affinity.translate(square(), 0, 9000)
        file.apply(Edit("加", (AddFeature(layer.uid, far, {"name": "文件新"}),)))
        add_parcels(file, 0, "文件新层")
    with PostgisStore.open(address) as store:
        store.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"remark": "库"}),)))
        store.apply(Edit("改", (ChangeFeature(layer.uid, second, values={"name": "库"}),)))
        store.update_layer(layer.uid, name="库里改名")
    code, told = db("sync", path, address.url)
    assert (code, told["done"], told["sent"]) == (0, True, 3)
    assert told["taken"] == 2
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert hashes(file) == hashes(store)
        assert [info.name for info in file.layers()] == [info.name for info in store.layers()]
        assert file.layer(layer.uid).name == "库里改名"
        row = store.feature(layer.uid, first)
        assert (row["name"], row["remark"]) == ("文件", "库")
        assert store.edits()[0].kind == "merge"
        before = hashes(store)
    code, told = db("sync", path, address.url)
    assert (code, told["sent"], told["taken"]) == (0, 0, 0)
    with PostgisStore.open(address) as store:
        assert hashes(store) == before


@pytest.mark.peer
def test_a_conflict_is_listed_and_nothing_is_written(
    tmp_path: Path, address: DatabaseAddress, db: Command
) -> None:
    path = project_file(tmp_path)
    db("push", path, address.url)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        layer = file.layers()[0]
        first, second, *_rest = file.read(layer.uid).index
        file.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "文件"}),)))
        file.apply(Edit("改", (ChangeFeature(layer.uid, second, values={"name": "文件二"}),)))
        store.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "库"}),)))
        before = hashes(file), hashes(store)
    for word in ("sync", "push", "pull"):
        code, told = db(word, path, address.url)
        assert (code, told["done"]) == (3, False)
        assert told["merge"]["conflicts"] == 1
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert (hashes(file), hashes(store)) == before
    question = told["merge"]["undecided"][0]["questions"][0]["key"]
    decided = tmp_path / "decided.json"
    decided.write_text(json.dumps({"decisions": {question: {"side": "theirs"}}}), encoding="utf-8")
    code, told = db("sync", path, address.url, "--decide", decided)
    assert (code, told["done"]) == (0, True)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert hashes(file) == hashes(store)
        assert file.feature(layer.uid, first)["name"] == "库"
        assert store.feature(layer.uid, second)["name"] == "文件二"


@pytest.mark.peer
def test_only_one_way_where_only_that_is_wanted(
    tmp_path: Path, address: DatabaseAddress, db: Command
) -> None:
    path = project_file(tmp_path)
    db("push", path, address.url)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        layer = file.layers()[0]
        first, second, *_rest = file.read(layer.uid).index
        file.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "文件"}),)))
        store.apply(Edit("改", (ChangeFeature(layer.uid, second, values={"name": "库"}),)))
    assert db("pull", path, address.url)[1]["taken"] == 1
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert file.feature(layer.uid, second)["name"] == "库"
        assert store.feature(layer.uid, first)["name"] == "图斑1"
    assert db("push", path, address.url)[1]["sent"] == 1
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert hashes(file) == hashes(store)


@pytest.mark.peer
def test_one_way_again_and_again_asks_nothing_and_does_nothing_twice(
    tmp_path: Path, address: DatabaseAddress, db: Command
) -> None:
    """What was sent before is no other's work: to change it once more is no conflict."""
    path = project_file(tmp_path)
    db("push", path, address.url)
    for word in ("push", "pull", "push"):
        code, told = db(word, path, address.url)
        assert (code, told["sent"], told["taken"]) == (0, 0, 0)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        layer = file.layers()[0]
        first, second, third, fourth = file.read(layer.uid).index
        assert len(store.edits()) == len(file.edits()) == 0
        store.apply(Edit("改", (ChangeFeature(layer.uid, fourth, values={"name": "库四"}),)))
    for name in ("一", "二", "三"):
        with Project.open(path) as file:
            file.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": name}),)))
        code, told = db("push", path, address.url)
        assert (code, told["sent"]) == (0, 1)
        with PostgisStore.open(address) as store:
            assert store.feature(layer.uid, first)["name"] == name
            store.apply(Edit("改", (ChangeFeature(layer.uid, second, values={"name": name}),)))
        code, told = db("pull", path, address.url)
        assert (code, told["taken"]) == (0, 2 if name == "一" else 1)
        code, told = db("push", path, address.url)
        assert (code, told["sent"]) == (0, 0)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert hashes(file) == hashes(store)
        assert [file.feature(layer.uid, uid)["name"] for uid in (first, second, third, fourth)] == [
            "三",
            "三",
            "图斑3",
            "库四",
        ]
    assert {each.suffix for each in path.parent.iterdir() if each.is_file()} <= {".gpkg", ".json"}


@pytest.mark.peer
def test_what_was_decided_for_the_other_side_is_not_sent_and_comes_with_the_next_pull(
    tmp_path: Path, address: DatabaseAddress, db: Command
) -> None:
    path = project_file(tmp_path)
    db("push", path, address.url)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        layer = file.layers()[0]
        first = file.read(layer.uid).index[0]
        file.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "文件"}),)))
        store.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "库"}),)))
    question = db("push", path, address.url)[1]["merge"]["undecided"][0]["questions"][0]["key"]
    decided = tmp_path / "decided.json"
    decided.write_text(json.dumps({"decisions": {question: {"side": "theirs"}}}), encoding="utf-8")
    assert db("push", path, address.url, "--decide", decided)[1]["sent"] == 0
    code, told = db("pull", path, address.url)
    assert (code, told["taken"]) == (0, 1)
    with Project.open(path) as file, PostgisStore.open(address) as store:
        assert file.feature(layer.uid, first)["name"] == store.feature(layer.uid, first)["name"] == "库"


@pytest.mark.peer
def test_a_file_that_never_met_the_database_is_refused(
    tmp_path: Path, address: DatabaseAddress, db: Command
) -> None:
    path = project_file(tmp_path)
    db("push", path, address.url)
    base_file(path, address).unlink()
    code, told = db("sync", path, address.url)
    assert code == 3
    assert "error" in told
    # nor does a second push write over the project that is there
    code, told = db("push", path, address.url)
    assert code == 3


@pytest.mark.peer
def test_roles_are_given_and_taken(
    postgis_server: PrivateServer, address: DatabaseAddress, db: Command
) -> None:
    assert db("init", address.url, "--title", "全局")[0] == 0
    postgis_server.make_user("typist")
    with PostgisStore.open(address) as store:
        add_parcels(store, 1, "外业层")  # type: ignore[arg-type]
    code, told = db("roles", address.url, "--grant", "typist=surveyor", "--survey", "外业层")
    assert code == 0
    assert {"user": "typist", "role": "surveyor"} in told["members"]
    assert told["survey"] == ["外业层"]
    code, told = db("roles", address.url, "--revoke", "typist", "--no-survey", "外业层")
    assert "typist" not in [member["user"] for member in told["members"]]
    assert told["survey"] == []
    assert db("roles", address.url, "--grant", "nobody_at_all=reader")[0] == 2
    assert db("roles", address.url, "--grant", "typist=king")[0] == 2


def test_a_password_in_an_address_is_refused_and_not_repeated(db: Command) -> None:
    for url in (
        "postgresql://user:geheim@server/db?schema=zs_a",
        "postgresql://user@server/db?schema=zs_a&password=geheim",
    ):
        code, told = db("list", url)
        assert code == 2
        assert "geheim" not in json.dumps(told)


@pytest.mark.parametrize(
    ("url", "host", "port", "schema", "sslmode"),
    [
        ("postgresql://wang@pg.zs.gov.cn/land?schema=zs_a", "pg.zs.gov.cn", 5432, "zs_a", "prefer"),
        (
            "postgres://w%40ng@[::1]:6000/%E5%9C%9F?schema=%E5%9C%9F&sslmode=verify-full",
            "::1",
            6000,
            "土",
            "verify-full",
        ),
        ("postgresql:///land?host=/run/pg", "/run/pg", 5432, "", "prefer"),
    ],
)
def test_an_address_is_read_and_written_back(
    url: str, host: str, port: int, schema: str, sslmode: str
) -> None:
    address = DatabaseAddress.parse(url)
    assert (address.host, address.port, address.schema, address.sslmode) == (host, port, schema, sslmode)
    assert DatabaseAddress.parse(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://server/db",
        "postgresql://server",
        "postgresql://server:99999/db",
        "postgresql://server/db?sslmode=maybe",
        "postgresql://server/db?schema=a%22b",
        "postgresql://server/db?schema=a$zs$b",
        "postgresql://server/db?schema=" + "a" * 60,
        "postgresql://server/db?options=-csearch_path",
        "postgresql://ser\x07ver/db",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        DatabaseAddress.parse(url)


class _Store:
    """What keyring gives, in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_a_password_is_kept_for_one_user_of_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.delenv("PGPASSFILE", raising=False)
    store = _Store()
    address = DatabaseAddress.parse("postgresql://wang@server/land?schema=zs_a")
    assert keep_password(Secrets(lambda: store), address, "geheim")
    later = Secrets(lambda: store)
    assert kept_password(later, address) == "geheim"
    assert kept_password(later, address.with_schema("zs_b")) == "geheim"
    for other in (
        "postgresql://li@server/land",
        "postgresql://wang@other/land",
        "postgresql://wang@server:1/land",
    ):
        assert kept_password(later, DatabaseAddress.parse(other)) == ""
    # what the caller set up for libpq goes before
    monkeypatch.setenv("PGPASSWORD", "anders")
    assert kept_password(later, address) == ""
    monkeypatch.delenv("PGPASSWORD")
    forget_password(later, address)
    assert store.kept == {}


@pytest.mark.peer
def test_an_older_project_is_brought_up_to_date_after_saying_so(
    tmp_path: Path, postgis_server: PrivateServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with old_schema(postgis_server):
        address = postgis_server.address(OLD_SCHEMA)
        reader = postgis_server.make_user("before_pulls")
        postgis_server.ask(f"GRANT {OLD_SCHEMA}_editor TO {reader}")
        theirs = postgis_server.address(OLD_SCHEMA, reader)
        said: list[str] = []
        with open_database_project(theirs, "", said.append) as store:
            assert store.read_only
        assert said == []
        path = tmp_path / "拉取.gpkg"
        pull_file(path, Entry(address.url), None, NoProgress())
        assert "从格式 1 升级到 2" in capsys.readouterr().err
        with Project.open(path) as file, PostgisStore.open(address) as store:
            assert not store.read_only
            assert hashes(file) == hashes(store)
        with open_database_project(theirs, "", said.append) as store:
            assert not store.read_only
        assert said == []
