"""The bureau's database in the window: connecting, editing, and seeing what others do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from benchmarks.postgis_server import PrivateServer
from layers.edits import AddFeature, Author, ChangeFeature, Edit
from layers.store.postgis.store import PostgisStore
from tests.layers.database_samples import OLD_SCHEMA, as_user, old_schema
from tests.layers.store_samples import CRS, add_parcels, square
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from ui.dialogs.database import DatabaseDialog
from ui.flows.database import DatabaseFlows

pytestmark = pytest.mark.peer
_numbers: Iterator[int] = count(1)


@pytest.fixture
def store(postgis_server: PrivateServer) -> Iterator[PostgisStore]:
    address = postgis_server.address(f"zs_window_{next(_numbers)}")
    with PostgisStore.create(address, CRS, title="全局用地", author=Author("李工", "别处")) as made:
        add_parcels(made, 3)  # type: ignore[arg-type]
        yield made


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, PreparedDialogs())
    yield made
    made.close()
    qtbot.waitUntil(lambda: not made.bench.jobs.active(), timeout=WAIT_MS)


def flows(desk: Desk) -> DatabaseFlows:
    return next(one for one in desk.bench.extensions if isinstance(one, DatabaseFlows))


def connected(desk: Desk, qtbot: QtBot, server: PrivateServer, user: str) -> DatabaseDialog:
    """Type an address as a person does and let its projects be listed."""
    flows(desk).handlers()["connect_database"]()
    dialog = flows(desk).dialog
    assert dialog is not None
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    fields: tuple[tuple[QLineEdit, str], ...] = (
        (dialog.host, str(server.folder)),
        (dialog.database, "bureau"),
        (dialog.user, user),
    )
    for field, text in fields:
        field.clear()
        qtbot.keyClicks(field, text)
    qtbot.mouseClick(dialog.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    return dialog


def ask_to_open(desk: Desk, qtbot: QtBot, server: PrivateServer, schema: str, user: str = "keeper") -> None:
    """Choose a project and press the button."""
    dialog = connected(desk, qtbot, server, user)
    texts = [dialog.projects.item(row).text() for row in range(dialog.projects.count())]  # type: ignore[union-attr]
    row = next(number for number, text in enumerate(texts) if schema in text)
    dialog.projects.setCurrentRow(row)
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)


def open_project(
    desk: Desk, qtbot: QtBot, server: PrivateServer, store: PostgisStore, user: str = "keeper"
) -> None:
    ask_to_open(desk, qtbot, server, store.address.schema, user)
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_a_project_of_the_database_is_opened_and_edited(
    desk: Desk, qtbot: QtBot, postgis_server: PrivateServer, store: PostgisStore
) -> None:
    open_project(desk, qtbot, postgis_server, store)
    layer = desk.session.layers[0]
    assert layer.feature_count == 3
    uid = str(store.read(layer.uid).index[0])
    with qtbot.waitSignal(desk.bench.editing.written, timeout=WAIT_MS):
        desk.bench.editing.submit(
            Edit("改名", (ChangeFeature(layer.uid, uid, values={"name": "窗口"}, version=1),))
        )
    assert store.feature(layer.uid, uid)["name"] == "窗口"
    with qtbot.waitSignal(desk.bench.editing.written, timeout=WAIT_MS):
        desk.bench.editing.undo()
    assert store.feature(layer.uid, uid)["name"] == "图斑1"
    assert desk.dialogs.errors == []
    # remembered without any secret, and not among the files
    assert desk.preferences.current.databases == (store.address.with_schema(store.address.schema).url,)
    assert desk.preferences.current.recent == ()
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_what_others_do_is_seen_without_asking(
    desk: Desk, qtbot: QtBot, postgis_server: PrivateServer, store: PostgisStore
) -> None:
    open_project(desk, qtbot, postgis_server, store)
    layer = desk.session.layers[0]
    record = store.apply(Edit("加", (AddFeature(layer.uid, square(5), {"name": "别人的"}),)))
    qtbot.waitUntil(lambda: desk.session.layers[0].feature_count == 4, timeout=WAIT_MS)
    assert desk.session.last_record.head.uid == record.head.uid
    assert desk.session.layers[0].version == 2
    # of a layer of the database no copy is promised
    desk.dialogs.verb = "keep"
    panel = desk.window.layer_tree
    panel.tree.setCurrentItem(panel.item_of(layer.uid))
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert "服务器备份" in desk.dialogs.explained[-1]
    store.update_layer(layer.uid, status="法定")
    store.remove_layer(layer.uid)
    qtbot.waitUntil(lambda: desk.session.layers == (), timeout=WAIT_MS)


def test_a_reader_sees_and_is_told_that_nothing_can_be_changed(
    desk: Desk, qtbot: QtBot, postgis_server: PrivateServer, store: PostgisStore
) -> None:
    from layers.store.postgis.roles import Role

    as_user(postgis_server, store, "window_reader", Role.READER).close()
    open_project(desk, qtbot, postgis_server, store, "window_reader")
    layer = desk.session.layers[0]
    refused: list[Any] = []
    desk.bench.editing.refused.connect(lambda _edit, error: refused.append(error))
    desk.bench.editing.submit(Edit("加", (AddFeature(layer.uid, square(5)),)))
    qtbot.waitUntil(lambda: len(refused) == 1, timeout=WAIT_MS)
    assert store.edits() == ()


def test_a_server_that_is_not_there_is_told_in_the_dialog(
    desk: Desk, qtbot: QtBot, postgis_server: PrivateServer, tmp_path: Path
) -> None:
    dialog = connected(desk, qtbot, postgis_server, "nobody_at_all")
    assert dialog.projects.count() == 0
    assert "nobody_at_all" not in dialog.message.text()
    assert dialog.message.text()
    dialog.port.clear()
    assert not dialog.look.isEnabled()
    qtbot.keyClicks(dialog.port, "5432")
    assert dialog.look.isEnabled()
    assert not dialog.take.isEnabled()
    assert dialog.password.echoMode() is QLineEdit.EchoMode.Password
    dialog.close()


def test_a_project_of_an_earlier_version_is_brought_up_to_date_once_that_is_wanted(
    desk: Desk, qtbot: QtBot, postgis_server: PrivateServer
) -> None:
    def opened() -> PostgisStore:
        qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 2, timeout=WAIT_MS)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        project = desk.session.project
        assert isinstance(project, PostgisStore)
        return project

    with old_schema(postgis_server):
        # asked, and left alone: nothing is opened
        ask_to_open(desk, qtbot, postgis_server, OLD_SCHEMA)
        qtbot.waitUntil(lambda: len(desk.dialogs.asked) == 1, timeout=WAIT_MS)
        assert "升级" in desk.dialogs.asked[-1]
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        assert desk.session.project is None
        desk.dialogs.verb = "read"
        ask_to_open(desk, qtbot, postgis_server, OLD_SCHEMA)
        assert opened().read_only
        desk.dialogs.verb = "migrate"
        desk.bench.projects.close_project()
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        ask_to_open(desk, qtbot, postgis_server, OLD_SCHEMA)
        project = opened()
        assert not project.read_only
        layer = desk.session.layers[0]
        uid = str(project.read(layer.uid).index[0])
        with qtbot.waitSignal(desk.bench.editing.written, timeout=WAIT_MS):
            desk.bench.editing.submit(Edit("改名", (ChangeFeature(layer.uid, uid, values={"name": "窗口"}),)))
        assert len(desk.dialogs.asked) == 3
        assert desk.dialogs.errors == []
        desk.bench.projects.close_project()
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
