"""What a service is asked: every parameter in its place, coordinates in the service's order."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from layers.pictures.model import picture_from_json, picture_to_json
from layers.pictures.service_models import ServiceKey, XyzPicture
from layers.services.addresses import (
    grid_of,
    identity_of,
    speaks_north_first,
    tile_address,
    with_key,
    without_key,
)
from layers.services.grids import (
    Tile,
    best_level,
    block_of,
    degrees_grid,
    mercator_grid,
    tile_bounds,
    tile_of,
)
from tests.layers.service_samples import arcgis, wms, wmts, xyz

HOST = "https://maps.example"


def _parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def test_tiles_are_asked_for_by_level_column_and_row_and_from_the_south_where_wanted() -> None:
    picture = xyz(HOST)
    assert tile_address(picture, picture.grid, Tile(3, 6, 2)) == f"{HOST}/tiles/3/6/2.png"
    south = picture.model_copy(update={"url": f"{HOST}/{{z}}/{{x}}/{{-y}}"})
    assert tile_address(south, south.grid, Tile(3, 6, 2)) == f"{HOST}/3/6/5"


def test_hosts_take_turns() -> None:
    picture = xyz("https://t{s}.maps.example").model_copy(update={"hosts": ("0", "1")})
    found = {urlsplit(tile_address(picture, picture.grid, Tile(3, x, 0))).hostname for x in range(4)}
    assert found == {"t0.maps.example", "t1.maps.example"}


def test_wmts_is_asked_with_all_parameters_of_the_standard() -> None:
    picture = wmts(HOST)
    asked = _parameters(tile_address(picture, picture.grid, Tile(0, 1, 0)))
    assert asked == {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "img", "STYLE": "default",
        "FORMAT": "tiles", "TILEMATRIXSET": "c", "TILEMATRIX": "1", "TILEROW": "0", "TILECOL": "1",
    }  # fmt: skip


def test_a_template_is_filled_whatever_its_capitals() -> None:
    picture = wmts(HOST, "rest")
    assert tile_address(picture, picture.grid, Tile(2, 5, 3)) == f"{HOST}/rest/img/default/c/3/3/5"


@pytest.mark.parametrize(
    ("version", "crs", "bounds", "box", "word"),
    [
        ("1.3.0", "EPSG:4490", (113.0, 22.0, 114.0, 23.0), "22,113,23,114", "CRS"),
        ("1.1.1", "EPSG:4490", (113.0, 22.0, 114.0, 23.0), "113,22,114,23", "SRS"),
        ("1.3.0", "EPSG:4526", (384e5, 24e5, 385e5, 25e5), "2400000,38400000,2500000,38500000", "CRS"),
        ("1.3.0", "EPSG:3857", (126e5, 25e5, 127e5, 26e5), "12600000,2500000,12700000,2600000", "CRS"),
    ],
)  # fmt: skip
def test_wms_is_asked_in_the_order_of_axes_of_its_version(
    version: str, crs: str, bounds: tuple[float, float, float, float], box: str, word: str
) -> None:
    picture = wms(HOST, version, crs, bounds)
    asked = _parameters(tile_address(picture, grid_of(picture), Tile(0, 0, 0)))
    assert asked["BBOX"] == box
    assert asked[word] == crs
    assert asked["LAYERS"] == "dltb,xzq"
    assert asked["map"] == "plan", "what the address says already stays"


def test_arcgis_is_asked_for_finished_tiles_row_before_column_or_to_draw() -> None:
    finished = arcgis(HOST, tiles=True)
    assert tile_address(finished, grid_of(finished), Tile(1, 7, 5)).endswith("/MapServer/tile/11/5/7")
    drawn = arcgis(HOST, tiles=False)
    asked = _parameters(tile_address(drawn, grid_of(drawn), Tile(0, 0, 0)))
    assert asked["bbox"] == "38400000,2450000,38480000,2530000"
    assert (asked["bboxSR"], asked["imageSR"], asked["size"]) == ("4526", "4526", "512,512")
    assert (asked["layers"], asked["transparent"], asked["f"]) == ("show:0,2", "true", "image")


def test_a_key_is_added_last_and_is_no_part_of_a_services_identity() -> None:
    key = ServiceKey(door="parameter", label="天地图", parameter="tk")
    assert with_key("https://a.b/c?x=1", key, "a b&c") == "https://a.b/c?x=1&tk=a%20b%26c"
    assert with_key("https://a.b/c", ServiceKey(), "secret") == "https://a.b/c"
    assert identity_of(xyz(HOST)) == identity_of(xyz(HOST, key=key))
    assert identity_of(xyz(HOST)) != identity_of(xyz("https://other.example"))


@pytest.mark.parametrize("name", ["tk", "TOKEN", "key", "access_token"])
def test_a_key_that_was_pasted_with_an_address_is_taken_out(name: str) -> None:
    assert without_key(f" https://a.b/c?{name}=s%20x&map=1 ") == ("https://a.b/c?map=1", name, "s x")
    assert without_key("https://a.b/{z}/{x}/{y}?map=1") == ("https://a.b/{z}/{x}/{y}?map=1", "", "")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.b/{z}/{x}/{y}", "https://u:p@a.b/{z}/{x}/{y}", "https:///{z}/{x}/{y}"],
)
def test_only_web_addresses_without_a_password_are_taken(url: str) -> None:
    with pytest.raises(ValidationError):
        XyzPicture(uid="1", name="", url=url, grid=mercator_grid())


def test_a_host_cannot_be_smuggled_into_an_address() -> None:
    with pytest.raises(ValidationError):
        XyzPicture(
            uid="1", name="", url="https://t{s}.a.b/{z}/{x}/{y}", hosts=("x.evil/",), grid=mercator_grid()
        )


def test_services_come_back_from_json_as_they_were() -> None:
    for picture in (xyz(HOST), wmts(HOST), wms(HOST, "1.3.0", "EPSG:4490", (113, 22, 114, 23)),
                    arcgis(HOST, tiles=True)):  # fmt: skip
        assert picture_from_json(picture_to_json(picture)) == picture


def test_north_comes_first_where_epsg_says_so() -> None:
    assert [speaks_north_first(crs) for crs in ("EPSG:4490", "EPSG:4326", "EPSG:4526", "EPSG:3857")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_the_grids_of_tianditu_halve_from_the_whole_world() -> None:
    degrees, metres = degrees_grid(), mercator_grid()
    # 360 degrees over two tiles of 256 pixels; the circumference over one
    assert degrees.levels[0].resolution == 0.703125
    assert metres.levels[0].resolution == pytest.approx(156543.03392804097, rel=1e-12)
    assert tile_bounds(degrees, Tile(1, 3, 1)) == (90.0, -90.0, 180.0, 0.0)
    assert tile_of(Tile(4, 5, 6).key) == Tile(4, 5, 6)


@pytest.mark.parametrize("resolution", [0.31, 0.5, 0.7, 1.0, 1.3, 77.0, 5000.0])
def test_the_level_shown_is_never_farther_off_than_the_root_of_two(resolution: float) -> None:
    grid = mercator_grid()
    ratio = grid.levels[best_level(grid, resolution)].resolution / resolution
    assert 0.7 < ratio < 1.42


def test_tiles_that_only_touch_an_edge_are_not_asked_for() -> None:
    grid = degrees_grid()
    block = block_of(grid, 1, (0.0, 0.0, 90.0, 90.0))
    assert [tile.key for tile in block.tiles()] == ["1/2/0"]
    assert block_of(grid, 1, (200.0, 0.0, 210.0, 10.0)).count == 0
