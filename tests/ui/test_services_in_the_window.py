"""Base maps and services by mouse and key: off until switched on, keys nowhere but in the request."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from layers.formats.direct import DirectReader
from layers.locations import cache_folder
from layers.pictures.service_models import ServiceKey, WmsPicture, XyzPicture
from layers.services.grids import mercator_grid
from layers.store.drawing_cache import DrawingCache
from tests.tile_server import Asked, Reply, Server, cross, serving
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_samples import make_project
from ui.dialogs.services.dialog import ServicesDialog
from ui.dialogs.services.rows import ServiceState
from ui.flows.services.extension import ServiceCommands
from ui.flows.services.flow import ServiceFlows
from ui.theme import LIGHT
from ui.workbench import Surroundings, Workbench
from zsgis.intake.tools import IntakeTools
from zsgis.preferences import PreferenceStore

WAIT_MS = 60_000
SECRET = "a-key-that-nobody-else-knows"
# a place between the two parcels of the small project, EPSG:4547
EAST, NORTH = 500_100.0, 2_490_050.0
LON, LAT = pyproj.Transformer.from_crs(4547, 4490, always_xy=True).transform(EAST, NORTH)

WMS = (
    '<WMS_Capabilities xmlns="http://www.opengis.net/wms" version="1.3.0"><Capability><Request><GetMap>'
    "<Format>image/png</Format></GetMap></Request><Layer><CRS>EPSG:4490</CRS><CRS>EPSG:4547</CRS>"
    "<EX_GeographicBoundingBox><westBoundLongitude>113</westBoundLongitude><eastBoundLongitude>115"
    "</eastBoundLongitude><southBoundLatitude>22</southBoundLatitude><northBoundLatitude>23"
    "</northBoundLatitude></EX_GeographicBoundingBox><Layer><Name>plan</Name><Title>控规</Title></Layer>"
    "</Layer></Capability></WMS_Capabilities>"
)


def draw(asked: Asked) -> Reply:
    """Draw an XYZ tile by the formula of the OpenStreetMap wiki, a cross at the place."""
    zoom, x, y = (int(part.removesuffix(".png")) for part in asked.path.split("/")[-3:])
    tiles = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(LAT))) / math.pi) / 2 * tiles - y
    return Reply(cross(((LON + 180) / 360 * tiles - x) * 256, row * 256))


class Desk:
    """A window with the small project open, its layers hidden so that the base map is seen."""

    def __init__(self, folder: Path, dialogs: PreparedDialogs, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.dialogs = dialogs
        self.folder = folder
        self.preferences = PreferenceStore(folder / "preferences.json")
        self.preferences.change(self.preferences.current.model_copy(update={"tour_seen": True}))
        self.bench = Workbench(
            Surroundings(
                preferences=self.preferences,
                drawing=DrawingCache(cache_folder("drawings")),
                demo_folder=folder / "demo",
                intake=IntakeTools(DirectReader(), folder / "configuration"),
                rescue_folder=folder / "unsaved",
                colors=LIGHT,
                dialogs=lambda _window: dialogs,
            )
        )
        self.window, self.session = self.bench.window, self.bench.session
        self.window.resize(1000, 700)
        self.window.show()
        self.file = folder / "work.gpkg"
        make_project(self.file).close()
        self.open()
        for layer in self.session.layers:
            self.bench.edits.set_visible(layer.uid, False)

    @property
    def flows(self) -> ServiceFlows:
        (part,) = [part for part in self.bench.extensions if isinstance(part, ServiceCommands)]
        return part.flows

    @property
    def dialog(self) -> ServicesDialog:
        assert self.flows.dialog is not None
        return self.flows.dialog

    @property
    def state(self) -> ServiceState:
        row = self.dialog.details.row
        assert row is not None
        return row.state

    def open(self) -> None:
        self.bench.projects.open_path(self.file)
        self._qtbot.waitUntil(lambda: self.session.project is not None, timeout=WAIT_MS)
        self.wait_idle()
        self._qtbot.waitUntil(lambda: self.window.canvas.is_complete, timeout=WAIT_MS)

    def close_project(self) -> None:
        self.bench.actions["close_project"].trigger()
        self.wait_idle()
        assert self.session.project is None

    def wait_idle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.bench.jobs.active(), timeout=WAIT_MS)

    def press_f9(self) -> None:
        self._qtbot.keyClick(self.window, Qt.Key.Key_F9)
        self.wait_idle()

    def wait_fetched(self) -> None:
        """Wait until the map has all it misses."""
        canvas, tiles = self.window.canvas, self.flows.tiles
        self._qtbot.wait(400)  # what arrived is drawn together
        self._qtbot.waitUntil(lambda: canvas.is_complete and tiles.is_idle, timeout=WAIT_MS)

    def click(self, button: QPushButton) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, text: str) -> None:
        """Click on a line of what can be added."""
        choices = self.dialog.adding.choices
        (item,) = choices.findItems(text, Qt.MatchFlag.MatchStartsWith)
        viewport = choices.viewport()
        assert viewport is not None
        self._qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=choices.visualItemRect(item).center())

    def add_tiles(self, server: Server) -> XyzPicture:
        """Add an XYZ service as an officer does."""
        self.press_f9()
        self.click(self.dialog.add)
        self.choose("瓦片（XYZ）")
        self._qtbot.keyClicks(self.dialog.adding.typed.address, f"{server.url}/{{z}}/{{x}}/{{y}}.png")
        # keys that tests can press make no Chinese
        self.dialog.adding.typed.name.insert("内网底图")
        self.click(self.dialog.adding.add)
        self.wait_idle()
        picture = self.session.pictures[-1]
        assert isinstance(picture, XyzPicture)
        return picture

    def red_places(self) -> list[QPoint]:
        image = self.window.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        bits: Any = image.constBits()
        pixels = np.frombuffer(bits.asarray(image.sizeInBytes()), dtype=np.uint32)
        rows, columns = np.nonzero(pixels.reshape(image.height(), -1) == 0xFFFF0000)
        return [QPoint(int(x), int(y)) for x, y in zip(columns, rows, strict=True)]


@pytest.fixture
def desk(
    qtbot: QtBot,
    tmp_path: Path,
    prepared_dialogs: PreparedDialogs,
    nothing_left: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    # a test never speaks to the key store of whoever runs it
    monkeypatch.setattr("zsgis.services.secrets._STORES", ())
    made = Desk(tmp_path, prepared_dialogs, qtbot)
    yield made
    made.flows.close()
    if made.flows.dialog is not None:
        made.flows.dialog.close()
    prepared_dialogs.verb = "stop"
    made.window.close()
    made.window.deleteLater()
    qtbot.waitUntil(
        lambda: not [one for one in threading.enumerate() if one.name.startswith("zsgis-")], timeout=WAIT_MS
    )


def test_a_base_map_is_asked_nothing_until_it_is_switched_on(desk: Desk, qtbot: QtBot) -> None:
    with serving(draw) as server:
        picture = desk.add_tiles(server)
        qtbot.waitUntil(lambda: desk.window.canvas.is_complete, timeout=WAIT_MS)
        assert desk.state is ServiceState.OFF
        assert picture.uid not in desk.session.troubles
        row = desk.window.layer_tree.item_of(picture.uid)
        assert (row.text(1), "未开启" in row.toolTip(0)) == ("未开", True)
        assert server.asked == []

        desk.click(desk.dialog.details.switch)
        qtbot.waitUntil(lambda: bool(server.asked), timeout=WAIT_MS)
        qtbot.waitUntil(lambda: bool(desk.red_places()), timeout=WAIT_MS)
        assert desk.state is ServiceState.ON
        row = desk.window.layer_tree.item_of(picture.uid)
        assert (row.text(1), "未开启" in row.toolTip(0)) == ("", False)
        x, y = desk.window.canvas.view.to_pixel(EAST, NORTH)
        places = desk.red_places()
        middle = QPoint(
            sum(place.x() for place in places) // len(places),
            sum(place.y() for place in places) // len(places),
        )
        assert abs(middle.x() - x) <= 3
        assert abs(middle.y() - y) <= 3

        desk.wait_fetched()
        desk.click(desk.dialog.details.switch)
        desk.wait_idle()
        asked = len(server.asked)
        desk.window.canvas.set_scale(300.0)
        qtbot.waitUntil(lambda: desk.window.canvas.is_complete, timeout=WAIT_MS)
        qtbot.wait(300)
        assert len(server.asked) == asked


def test_a_project_from_elsewhere_makes_no_request_when_it_is_opened(desk: Desk, qtbot: QtBot) -> None:
    with serving(draw) as server:
        desk.add_tiles(server)
        desk.close_project()
        desk.open()
        assert [picture.type for picture in desk.session.pictures] == ["xyz"]
        qtbot.waitUntil(lambda: desk.window.canvas.is_complete, timeout=WAIT_MS)
        desk.press_f9()
        qtbot.wait(300)
        assert server.asked == []


def test_adding_can_be_undone(desk: Desk) -> None:
    with serving(draw) as server:
        desk.add_tiles(server)
        desk.bench.undo_stack.undo()
        desk.wait_idle()
        assert desk.session.pictures == ()
        assert desk.dialog.services.count() == 0
        desk.bench.undo_stack.redo()
        desk.wait_idle()
        assert desk.dialog.services.count() == 1


def test_a_known_service_is_added_with_two_clicks_and_needs_a_key(desk: Desk) -> None:
    desk.press_f9()
    desk.click(desk.dialog.add)
    desk.choose("天地图 影像底图（经纬度）")
    desk.click(desk.dialog.adding.add)
    desk.wait_idle()
    assert desk.session.pictures[0].name == "天地图 影像底图（经纬度）"
    assert not desk.dialog.is_adding
    assert desk.state is ServiceState.OFF
    assert desk.dialog.details.key.isVisible()


def _keyed(asked: Asked) -> Reply:
    if asked.parameters.get("TK") == SECRET:
        return draw(asked)
    return Reply("密钥无效".encode(), "text/plain", 403)


def _add_keyed(desk: Desk, server: Server) -> XyzPicture:
    picture = XyzPicture(
        uid="019313a0-0000-7000-8000-0000000000aa",
        name="要密钥的底图",
        url=f"{server.url}/{{z}}/{{x}}/{{y}}.png",
        grid=mercator_grid(19),
        key=ServiceKey(door="parameter", label="内网", parameter="tk"),
    )
    desk.bench.edits.tree.add_picture(picture)
    desk.press_f9()
    return picture


def test_a_wrong_key_is_said_once_and_the_right_one_lands_in_no_file(desk: Desk, qtbot: QtBot) -> None:
    with serving(_keyed) as server:
        picture = _add_keyed(desk, server)
        details = desk.dialog.details
        desk.click(details.switch)
        desk.wait_idle()
        qtbot.waitUntil(lambda: desk.state is ServiceState.NO_KEY, timeout=WAIT_MS)
        assert server.asked == [], "without a key nobody is asked"

        qtbot.keyClicks(details.key, "wrong")
        desk.click(details.enter_key)
        qtbot.waitUntil(lambda: desk.state is ServiceState.TROUBLE, timeout=WAIT_MS)
        assert "密钥无效" in details.said.text()
        assert "服务器端" in details.said.text()
        assert "密钥无效" in desk.session.troubles[picture.uid]

        qtbot.keyClicks(details.key, SECRET)
        qtbot.keyClick(details.key, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(desk.red_places()), timeout=WAIT_MS)
        desk.wait_idle()
        assert desk.state is ServiceState.ON
        assert details.key.text() == ""
        desk.close_project()
    files = [path for folder in (desk.folder, cache_folder()) for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".tile" for path in files)
    assert any(path == desk.preferences.path for path in files)
    for path in files:
        assert SECRET.encode() not in path.read_bytes()


def test_a_key_typed_with_the_address_is_asked_with_and_stays_out_of_the_project(
    desk: Desk, qtbot: QtBot
) -> None:
    with serving(_keyed) as server:
        desk.press_f9()
        desk.click(desk.dialog.add)
        desk.choose("瓦片（XYZ）")
        typed = desk.dialog.adding.typed
        typed.address.insert(f"{server.url}/{{z}}/{{x}}/{{y}}.png?tk={SECRET}")
        # renamed after: the key goes with the name the service is added under
        qtbot.keyClicks(typed.name, "plan")
        desk.click(desk.dialog.adding.add)
        desk.wait_idle()
        assert typed.secret.text() == ""
        (picture,) = desk.session.pictures
        assert SECRET not in picture.model_dump_json()
        desk.click(desk.dialog.details.switch)
        qtbot.waitUntil(lambda: bool(desk.red_places()), timeout=WAIT_MS)
        assert {asked.parameters["TK"] for asked in server.asked} == {SECRET}


def test_the_test_button_makes_one_request_and_says_what_came_of_it(desk: Desk, qtbot: QtBot) -> None:
    replies = iter([Reply(b"", "", 503)])
    with serving(lambda asked: next(replies, draw(asked))) as server:
        desk.add_tiles(server)
        details = desk.dialog.details
        assert not details.test.isEnabled(), "a service that is off is not tested"
        desk.bench.window.canvas.tiles_missing.disconnect(desk.flows.tiles.want)
        desk.click(details.switch)
        desk.wait_idle()
        desk.click(details.test)
        desk.wait_idle()
        assert len(server.asked) == 1
        assert "503" in details.said.text()
        desk.click(details.test)
        desk.wait_idle()
        assert len(server.asked) == 2
        assert "服务可用" in details.said.text()


def test_a_server_is_asked_what_it_offers_only_by_the_button(desk: Desk, qtbot: QtBot) -> None:
    with serving(lambda _asked: Reply(WMS.encode(), "text/xml")) as server:
        desk.press_f9()
        desk.click(desk.dialog.add)
        desk.choose("WMS 服务")
        typed = desk.dialog.adding.typed
        QApplication.clipboard().setText(f"{server.url}/wms?token={SECRET}&map=gh")  # type: ignore[union-attr]
        typed.address.paste()
        assert typed.address.text() == f"{server.url}/wms?map=gh"
        assert typed.secret.text() == SECRET
        assert not desk.dialog.adding.add.isEnabled()
        assert server.asked == []
        desk.click(typed.ask)
        desk.wait_idle()
        (asked,) = server.asked
        assert asked.parameters == {
            "TOKEN": SECRET, "MAP": "gh", "SERVICE": "WMS", "REQUEST": "GetCapabilities",
        }  # fmt: skip
        item = typed.layers.item(0)
        assert item is not None
        viewport = typed.layers.viewport()
        assert viewport is not None
        box = typed.layers.visualItemRect(item)
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
        assert typed.system.currentData() == "EPSG:4547", "the project's own system comes first"
        desk.click(desk.dialog.adding.add)
        desk.wait_idle()
        (picture,) = desk.session.pictures
        assert isinstance(picture, WmsPicture)
        assert (picture.layers, picture.crs, picture.key.parameter) == (("plan",), "EPSG:4547", "token")
        assert len(server.asked) == 1
    assert SECRET not in picture.model_dump_json()


def test_an_area_is_counted_then_fetched_and_shown_offline(desk: Desk, qtbot: QtBot) -> None:
    with serving(draw) as server:
        desk.add_tiles(server)
        desk.click(desk.dialog.details.switch)
        desk.wait_idle()
        asked = desk.flows.ask_area(desk.session.pictures[0].uid)
        assert asked is not None
        plan = asked.answer()
        assert plan is not None
        assert f"{plan.count:,}" in asked.count.text()
        desk.click(asked.fetch)
        desk.wait_idle()
        kept = list((cache_folder("pictures") / "services" / "kept").rglob("*.tile"))
        assert len(kept) == plan.count
        desk.wait_fetched()
        qtbot.mouseClick(
            desk.dialog.offline, Qt.MouseButton.LeftButton, pos=QPoint(8, desk.dialog.offline.height() // 2)
        )
        desk.wait_idle()
        assert desk.state is ServiceState.OFFLINE
        before = len(server.asked)
        desk.window.canvas.set_scale(200.0)
        qtbot.waitUntil(lambda: desk.window.canvas.is_complete, timeout=WAIT_MS)
        qtbot.wait(300)
        assert len(server.asked) == before


def test_what_was_fetched_is_removed_at_wish(desk: Desk, qtbot: QtBot) -> None:
    with serving(draw) as server:
        desk.add_tiles(server)
        desk.click(desk.dialog.details.switch)
        qtbot.waitUntil(lambda: bool(desk.red_places()), timeout=WAIT_MS)
        desk.flows.set_offline(True)
        desk.wait_idle()
        desk.click(desk.dialog.details.empty)
        desk.wait_idle()
        assert not list((cache_folder("pictures") / "services").rglob("*.tile"))
        assert not desk.dialog.details.empty.isEnabled()
        desk.click(desk.dialog.details.remove)
        desk.wait_idle()
        assert desk.session.pictures == ()
        assert desk.dialog.nothing.isVisible()
