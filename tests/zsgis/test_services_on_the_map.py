"""Each kind of service from a server on this machine to the map: what it shows lies where it should.

The servers draw a cross at one known place, by formulas of their own: the place in degrees, in EPSG:4526 and
in GCJ-02 is taken from published test vectors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.pictures.service_models import ServiceKey
from layers.services.addresses import identity_of
from layers.services.grids import Tile
from layers.services.tile_files import TileFiles
from tests.layers.service_samples import HERE, arcgis, around, off_by_m, wms, wmts, xyz
from tests.tile_server import EAST, GCJ_LAT, GCJ_LON, LAT, LON, NORTH, Asked, Reply, cross, serving
from tests.zsgis.service_flow import SECRET, Flow

PIXEL_M = 1.0


@pytest.fixture
def flow(tmp_path: Path) -> Iterator[Flow]:
    made = Flow(tmp_path / "cache")
    yield made
    made.close()


def _mercator_tile(lon: float, lat: float, asked: Asked) -> Reply:
    """Draw an XYZ tile by the formula of the OpenStreetMap wiki ("slippy map tilenames")."""
    zoom, x, y = (int(part.removesuffix(".png")) for part in asked.path.split("/")[-3:])
    tiles = 2**zoom
    column = (lon + 180) / 360 * tiles - x
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * tiles - y
    return Reply(cross(column * 256, row * 256))


def _degrees_tile(zoom: int, row: int, column: int) -> Reply:
    """Draw a tile of 天地图's grid c: 360 degrees over two to the power of the level tiles."""
    degrees = 360 / 2**zoom
    return Reply(cross(((LON + 180) / degrees - column) * 256, ((90 - LAT) / degrees - row) * 256))


def _box_picture(asked: Asked, x: float, y: float, box: tuple[float, float, float, float]) -> Reply:
    wide, high = int(asked.parameters["WIDTH"]), int(asked.parameters["HEIGHT"])
    column = (x - box[0]) / (box[2] - box[0]) * wide
    row = (box[3] - y) / (box[3] - box[1]) * high
    return Reply(cross(column, row, wide, high))


def test_xyz_tiles_lie_where_they_should(flow: Flow) -> None:
    with serving(lambda asked: _mercator_tile(LON, LAT, asked)) as server:
        shown = flow.show(xyz(server.url), PIXEL_M)
    # a pixel of level 17 is 1.1 m here; the cross is drawn to the pixel
    assert off_by_m(shown.rgba, PIXEL_M) < 1.0
    assert (shown.rgba[..., 3] == 255).all()
    assert {asked.headers["user-agent"] for asked in server.asked} == {"zsgis/0.1.0"}


def test_a_map_shifted_to_gcj02_is_shifted_right_to_less_than_a_metre(flow: Flow) -> None:
    with serving(lambda asked: _mercator_tile(GCJ_LON, GCJ_LAT, asked)) as server:
        straight = flow.show(xyz(server.url, "gcj02"), 0.5)
        assert off_by_m(straight.rgba, 0.5) < 1.0
        # what it would be without: the published shift here is 637.6 m
        crooked = flow.show(xyz(server.url), 8.0)
    assert off_by_m(crooked.rgba, 8.0) == pytest.approx(637.6, abs=8.0)


def test_wmts_of_the_4490_grid_is_asked_with_the_key_in_every_request(flow: Flow) -> None:
    def answer(asked: Asked) -> Reply:
        told = asked.parameters
        if told.get("TK") != SECRET or told["TILEMATRIXSET"] != "c" or told["REQUEST"] != "GetTile":
            return Reply(b"{}", "application/json", 403)
        return _degrees_tile(int(told["TILEMATRIX"]), int(told["TILEROW"]), int(told["TILECOL"]))

    with serving(answer) as server:
        picture = wmts(server.url, key=ServiceKey(door="parameter", label="天地图", parameter="tk"))
        flow.secrets.put("天地图", picture.origin, SECRET)
        shown = flow.show(picture, PIXEL_M)
    assert off_by_m(shown.rgba, PIXEL_M) < 1.0
    assert server.asked
    assert all(asked.parameters["TK"] == SECRET for asked in server.asked)


def test_wmts_by_template_lies_where_it_should(flow: Flow) -> None:
    def answer(asked: Asked) -> Reply:
        head, zoom, row, column = asked.path.rsplit("/", 3)
        assert head == "/rest/img/default/c"
        return _degrees_tile(int(zoom), int(row), int(column))

    with serving(answer) as server:
        assert off_by_m(flow.show(wmts(server.url, "rest"), PIXEL_M).rgba, PIXEL_M) < 1.0


def test_wms_1_3_0_in_4490_is_asked_with_latitude_first(flow: Flow) -> None:
    def answer(asked: Asked) -> Reply:
        south, west, north, east = (float(part) for part in asked.parameters["BBOX"].split(","))
        assert asked.parameters["CRS"] == "EPSG:4490"
        if not (20 < south < north < 24 and 112 < west < east < 116):
            return Reply(b"<x/>", "text/xml", 400)
        return _box_picture(asked, LON, LAT, (west, south, east, north))

    with serving(answer) as server:
        picture = wms(server.url, "1.3.0", "EPSG:4490", (113.0, 22.0, 114.0, 23.0))
        assert off_by_m(flow.show(picture, PIXEL_M).rgba, PIXEL_M) < 1.0
    assert {asked.parameters["MAP"] for asked in server.asked} == {"plan"}


def test_wms_1_1_1_in_zone_38_is_asked_with_east_first(flow: Flow) -> None:
    def answer(asked: Asked) -> Reply:
        west, south, east, north = (float(part) for part in asked.parameters["BBOX"].split(","))
        assert asked.parameters["SRS"] == "EPSG:4526"
        assert west > 38_000_000
        return _box_picture(asked, EAST, NORTH, (west, south, east, north))

    with serving(answer) as server:
        picture = wms(server.url, "1.1.1", "EPSG:4526", (38400000.0, 2450000.0, 38480000.0, 2530000.0))
        assert off_by_m(flow.show(picture, PIXEL_M).rgba, PIXEL_M) < 1.0


def test_finished_tiles_of_arcgis_are_shown_with_the_token(flow: Flow) -> None:
    resolutions = {10: 16.9, 11: 8.4, 12: 4.2, 13: 2.1, 14: 1.05}

    def answer(asked: Asked) -> Reply:
        if asked.parameters.get("TOKEN") != SECRET:
            return Reply(b'{"error": {"code": 499, "message": "Token Required"}}', "application/json")
        level, row, column = (int(part) for part in asked.path.split("/")[-3:])
        side = resolutions[level] * 256
        return Reply(
            cross(((EAST + 5123200.0) / side - column) * 256, ((10002100.0 - NORTH) / side - row) * 256)
        )

    with serving(answer) as server:
        picture = arcgis(server.url, tiles=True)
        flow.secrets.put("一张图", picture.origin, SECRET)
        assert off_by_m(flow.show(picture, PIXEL_M).rgba, PIXEL_M) < 1.0


def test_what_arcgis_draws_is_shown_with_the_token(flow: Flow) -> None:
    def answer(asked: Asked) -> Reply:
        told = asked.parameters
        assert (told["TOKEN"], told["F"], told["BBOXSR"]) == (SECRET, "image", "4526")
        west, south, east, north = (float(part) for part in told["BBOX"].split(","))
        wide, high = (int(part) for part in told["SIZE"].split(","))
        return Reply(
            cross((EAST - west) / (east - west) * wide, (north - NORTH) / (north - south) * high, wide, high)
        )

    with serving(answer) as server:
        picture = arcgis(server.url, tiles=False)
        flow.secrets.put("一张图", picture.origin, SECRET)
        assert off_by_m(flow.show(picture, PIXEL_M).rgba, PIXEL_M) < 1.0


def test_what_lies_in_the_cache_is_not_asked_for_again(flow: Flow, tmp_path: Path) -> None:
    with serving(lambda asked: _mercator_tile(LON, LAT, asked)) as server:
        picture = xyz(server.url)
        flow.show(picture, PIXEL_M)
        before = len(server.asked)
        again = Flow(tmp_path / "cache")
        assert again.show(picture, PIXEL_M).missing == ()
        again.close()
        assert len(server.asked) == before
    # without the server it is still on the map
    assert off_by_m(flow.look(picture, PIXEL_M).rgba, PIXEL_M) < 1.0


def test_nothing_is_asked_before_it_is_permitted_nor_afterwards(tmp_path: Path) -> None:
    flow = Flow(tmp_path, permitted=False)
    with serving(lambda asked: _mercator_tile(LON, LAT, asked)) as server:
        picture = xyz(server.url)
        missing = flow.look(picture, PIXEL_M).missing
        assert missing
        flow.fetcher.want(picture, missing)
        flow.permitted = True
        flow.fetcher.want(picture, missing[:1])
        flow.wait(lambda: flow.arrived == 1)
        flow.permitted = False
        flow.fetcher.want(picture, missing)
        flow.close()
        assert len(server.asked) == 1


def test_a_coarser_tile_stands_in_for_one_that_is_missing(tmp_path: Path) -> None:
    picture = xyz("https://maps.example")
    files, tiles = TileFiles(tmp_path), 2**15
    place = (LON + 180) / 360 * tiles, (
        1 - math.asinh(math.tan(math.radians(LAT))) / math.pi
    ) / 2 * tiles  # fmt: skip
    column, row = int(place[0]), int(place[1])
    for x in (column - 1, column, column + 1):
        for y in (row - 1, row, row + 1):
            data = cross((place[0] - x) * 256, (place[1] - y) * 256)
            files.write(identity_of(picture), Tile(15, x, y), data)
    shown = Flow(tmp_path).look(picture, PIXEL_M)
    assert shown.missing, "the right tiles are still wanted"
    # a pixel of level 15 is 4.4 m here
    assert off_by_m(shown.rgba, PIXEL_M) < 4.5


def test_at_scales_it_is_not_made_for_a_service_shows_nothing_and_asks_nothing(tmp_path: Path) -> None:
    picture = xyz("https://maps.example").model_copy(
        update={"grid": xyz("https://maps.example").grid.model_copy(
            update={"levels": xyz("https://maps.example").grid.levels[17:]})}
    )  # fmt: skip
    shown = Flow(tmp_path).look(picture, 500.0)
    assert shown.missing == ()
    assert not shown.rgba.any()


def test_the_map_may_be_anywhere(tmp_path: Path) -> None:
    flow = Flow(tmp_path)
    shown = flow.look(xyz("https://maps.example"), 1e6)
    assert shown.rgba.shape == (256, 256, 4)
    from layers.pictures.opening import open_source

    source = open_source(xyz("https://maps.example"), tmp_path)
    far = source.render((-5e8, -5e8, -4e8, -4e8), 64, 48, HERE)
    assert far.rgba.shape == (48, 64, 4)
    assert not far.rgba.any()
    assert source.extent(HERE) is None
    assert around(source, 1.0).missing
