"""Known services, typed ones, keys, permissions, and areas for work without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from keyring.errors import KeyringLocked
from PIL import Image

from layers.errors import InputError, JobCancelled
from layers.pictures.model import picture_from_json, picture_to_json
from layers.pictures.service_models import ServiceKey, XyzPicture
from layers.progress import NoProgress
from layers.services.addresses import identity_of, tile_address
from layers.services.grids import Tile
from layers.services.tile_files import TileFiles
from layers.services.wms_capabilities import read_wms
from layers.services.wmts_capabilities import read_wmts
from tests.layers.service_samples import HERE, xyz
from tests.layers.test_service_descriptions import GEOSERVER, WMS
from tests.tile_server import EAST, NORTH, Reply, png, serving
from zsgis.preferences import PreferenceStore
from zsgis.services.answers import ServiceError, Trouble
from zsgis.services.area import MOST_TILES, fetch_area, plan_area
from zsgis.services.asking import Asker
from zsgis.services.drafts import draft_of, systems_of, wms_service, wmts_service, xyz_service
from zsgis.services.permissions import Permissions, fingerprint
from zsgis.services.presets import presets
from zsgis.services.secrets import Secrets, desktop_store
from zsgis.services.transport import Transport

WHITE = png(Image.new("RGB", (256, 256), "white"))
AROUND = (EAST - 1000.0, NORTH - 1000.0, EAST + 1000.0, NORTH + 1000.0)


class Store:
    """A key store in memory that can be locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        self.kept.pop((service, username), None)

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")


def test_tianditu_is_known_in_both_grids_and_never_without_its_key() -> None:
    known = {preset.title: preset.picture() for preset in presets()}
    assert len(known) == 10
    degrees = known["天地图 影像注记（经纬度）"]
    address = tile_address(degrees, degrees.grid, Tile(9, 835, 191))
    # level 10 of the grid c: LAYER, TILEMATRIXSET and FORMAT as 天地图 documents them
    for part in (
        "/cia_c/wmts?",
        "LAYER=cia",
        "TILEMATRIXSET=c",
        "TILEMATRIX=10",
        "FORMAT=tiles",
        "TILECOL=835",
    ):
        assert part in address
    assert address.startswith("https://t2.tianditu.gov.cn/"), "(835 + 191) mod 8 = 2"
    assert {picture.key.parameter for picture in known.values()} == {"tk"}
    assert {picture.grid.crs for picture in known.values()} == {"EPSG:4490", "EPSG:3857"}
    assert picture_from_json(picture_to_json(degrees)) == degrees
    assert len({picture.uid for picture in known.values()}) == 10


def test_variants_of_a_host_are_understood() -> None:
    draft = draft_of("xyz", "https://wprd0{1-4}.maps.example/{z}/{x}/{y}", "", ServiceKey(), "gcj02")
    picture = xyz_service(draft, 18)
    assert (picture.hosts, picture.frame) == (("1", "2", "3", "4"), "gcj02")
    assert picture.origin == draft.origin == "https://wprd0{s}.maps.example"
    assert picture.host == "wprd01.maps.example"


@pytest.mark.parametrize(
    "typed",
    ["", "maps.example/{z}/{x}/{y}", "ftp://maps.example/{z}/{x}/{y}", "https://u:p@maps.example/{z}/{x}/{y}",
     "https://maps.example/{z}/{x}/{y}?tk=abc", "https://maps.example/tiles"],
)  # fmt: skip
def test_an_address_that_will_not_do_is_refused_with_advice(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        xyz_service(draft_of("xyz", typed, "", ServiceKey(), "true"), 18)
    assert caught.value.remedy


def test_a_layer_of_a_wmts_comes_from_its_template_at_the_typed_host() -> None:
    offer = read_wmts(GEOSERVER.encode())
    draft = draft_of("wmts", "https://map.example/gwc/service/wmts", "规划", ServiceKey(), "true")
    picture = wmts_service(draft, offer, offer.layers[0], "zone38")
    address = tile_address(picture, picture.grid, Tile(0, 3, 5))
    assert address == "https://map.example/gwc/2025/zone38/z:0/5/3.png"


def test_layers_of_a_wms_are_asked_for_in_a_system_they_share() -> None:
    offer = read_wms(WMS.encode())
    assert systems_of(offer.layers, ("EPSG:4526", "EPSG:4490")) == ("EPSG:4490",)
    assert systems_of(offer.layers[:1], ("EPSG:4526",))[0] == "EPSG:4526"
    draft = draft_of("wms", "https://map.example/wms", "", ServiceKey(), "true")
    picture = wms_service(draft, offer, offer.layers, "EPSG:4490")
    assert (picture.layers, picture.bounds, picture.name) == (
        ("dltb", "xzq"), (113.0, 22.0, 114.0, 23.0), "map.example",
    )  # fmt: skip


def test_a_key_is_kept_in_the_store_and_tied_to_its_address() -> None:
    store = Store()
    assert Secrets(lambda: store).put("天地图", "https://t{s}.tianditu.gov.cn", "abc")
    later = Secrets(lambda: store)
    assert later.is_lasting
    assert later.get("天地图", "https://t{s}.tianditu.gov.cn") == "abc"
    # a project that names the same key under an address of its own does not get it
    assert later.get("天地图", "https://evil.example") == ""
    later.forget("天地图", "https://t{s}.tianditu.gov.cn")
    assert store.kept == {}


def test_without_a_store_a_key_lasts_for_the_sitting_and_that_is_said() -> None:
    secrets = Secrets(lambda: None)
    assert not secrets.is_lasting
    assert not secrets.put("a", "https://x", "abc")
    assert secrets.get("a", "https://x") == "abc"
    assert Secrets(lambda: None).get("a", "https://x") == ""


def test_a_locked_store_is_no_error() -> None:
    store = Store()
    store.locked = True
    secrets = Secrets(lambda: store)
    assert secrets.get("a", "https://x") == ""
    assert not secrets.put("a", "https://x", "abc")
    assert secrets.get("a", "https://x") == "abc"
    secrets.forget("a", "https://x")
    assert secrets.get("a", "https://x") == ""


def test_no_file_stands_in_for_a_missing_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    store = desktop_store()
    assert store is None or not type(store).__module__.startswith("keyrings")


def test_a_permission_is_for_one_picture_with_one_address(tmp_path: Path) -> None:
    preferences = PreferenceStore(tmp_path / "preferences.json")
    permissions = Permissions(preferences)
    picture = xyz("https://maps.example")
    assert not permissions.may_ask(picture)
    permissions.switch(picture, True)
    assert Permissions(PreferenceStore(tmp_path / "preferences.json")).may_ask(picture)
    assert permissions.may_ask(picture.model_copy(update={"name": "x", "opacity": 0.5, "visible": False}))
    changed: list[XyzPicture] = [
        picture.model_copy(update={"url": "https://evil.example/{z}/{x}/{y}"}),
        picture.model_copy(update={"uid": "another"}),
        picture.model_copy(update={"key": ServiceKey(door="parameter", label="天地图", parameter="tk")}),
    ]
    assert [permissions.may_ask(one) for one in changed] == [False] * 3
    permissions.set_offline(True)
    assert (permissions.is_on(picture), permissions.may_ask(picture)) == (True, False)
    permissions.set_offline(False)
    permissions.switch(picture, False)
    assert not permissions.may_ask(picture)
    assert fingerprint(picture) not in preferences.path.read_text(encoding="utf-8")


def _asker() -> Asker:
    return Asker(Transport(), Secrets(lambda: None))


def test_an_area_is_what_was_counted_and_stays_when_the_cache_is_tidied(tmp_path: Path) -> None:
    files = TileFiles(tmp_path)
    with serving(lambda _asked: Reply(WHITE)) as server:
        picture = xyz(server.url)
        plan = plan_area(picture, AROUND, HERE, 10.0, files)
        # 2 km at 0.924 (cosine of 22.5 degrees): at level 14 a tile is 2.26 km wide on the ground
        finest = plan.blocks[-1]
        assert plan.grid.levels[finest.level].name == "14"
        assert finest.count in (2, 4)
        assert plan.bytes_expected == plan.count * 20_000
        asker = _asker()
        result = fetch_area(plan, asker, files, NoProgress())
        assert (result.fetched, result.failed, len(server.asked)) == (plan.count, 0, plan.count)
        files.tidy(0)
        again = fetch_area(plan, asker, files, NoProgress())
        assert (again.at_hand, len(server.asked)) == (plan.count, plan.count)
        asker.close()


def test_an_area_that_is_too_large_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    with serving(lambda _asked: Reply(WHITE)) as server:
        whole = (EAST - 50_000, NORTH - 50_000, EAST + 50_000, NORTH + 50_000)
        plan = plan_area(xyz(server.url), whole, HERE, 0.3, TileFiles(tmp_path))
        assert plan.count > MOST_TILES
        with pytest.raises(InputError):
            fetch_area(plan, _asker(), TileFiles(tmp_path), NoProgress())
        assert server.asked == []


class _StopsAfter:
    def __init__(self, steps: int) -> None:
        self._left = steps

    def step(self, _done: float, _text: str = "") -> None:
        self._left -= 1
        if self._left < 0:
            raise JobCancelled


def test_an_area_that_is_stopped_keeps_what_has_come(tmp_path: Path) -> None:
    files = TileFiles(tmp_path)
    with serving(lambda _asked: Reply(WHITE)) as server:
        plan = plan_area(xyz(server.url), AROUND, HERE, 0.6, files)
        with pytest.raises(JobCancelled):
            fetch_area(plan, _asker(), files, _StopsAfter(6))
    kept = list(tmp_path.rglob("*.tile"))
    assert 0 < len(kept) < plan.count


def test_an_area_stops_at_a_refused_key_and_passes_over_single_errors(tmp_path: Path) -> None:
    files = TileFiles(tmp_path)

    secrets = Secrets(lambda: None)
    with serving(lambda _asked: Reply(b"", "", 403)) as server:
        picture = xyz(server.url, key=ServiceKey(door="parameter", label="a", parameter="tk"))
        secrets.put("a", picture.origin, "wrong")
        plan = plan_area(picture, AROUND, HERE, 10.0, files)
        with pytest.raises(ServiceError) as caught:
            fetch_area(plan, Asker(Transport(), secrets), files, NoProgress())
    assert caught.value.trouble is Trouble.KEY
    with serving(lambda _asked: Reply(b"rubbish")) as server:
        plan = plan_area(xyz(server.url), AROUND, HERE, 10.0, files)
        assert fetch_area(plan, _asker(), files, NoProgress()).failed == plan.count
        assert files.size(identity_of(plan.picture)) == 0
