"""What servers say of themselves: read as they mean it, also where they slip; refused where it is hostile."""

from __future__ import annotations

import json

import pytest

from layers.errors import InputError
from layers.services.arcgis_description import TokenRequiredError, read_arcgis
from layers.services.crs_names import service_crs
from layers.services.grids import Tile, tile_bounds
from layers.services.wms_capabilities import bounds_of_layers, read_wms
from layers.services.wmts_capabilities import at_typed_host, read_wmts

MERCATOR_HALF = 20037508.342789244

# As 天地图 publishes it: scales for pixels of 1/96 inch, the corner of its grid w with north first.
TIANDITU = """<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0"
 xmlns:ows="http://www.opengis.net/ows/1.1" version="1.0.0">
 <ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>
  <ows:Get xlink:href="http://t0.tianditu.gov.cn/img_{name}/wmts?" xmlns:xlink="http://www.w3.org/1999/xlink">
   <ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues>
  </ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
 <Contents><Layer><ows:Title>img</ows:Title><ows:Identifier>img</ows:Identifier>
   <Style><ows:Identifier>default</ows:Identifier></Style><Format>tiles</Format>
   <TileMatrixSetLink><TileMatrixSet>{name}</TileMatrixSet></TileMatrixSetLink></Layer>
  <TileMatrixSet><ows:Identifier>{name}</ows:Identifier>
   <ows:SupportedCRS>urn:ogc:def:crs:EPSG::{code}</ows:SupportedCRS>
   <TileMatrix><ows:Identifier>1</ows:Identifier><ScaleDenominator>2.958293554545656E8</ScaleDenominator>
    <TopLeftCorner>{corner}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
    <MatrixWidth>2</MatrixWidth><MatrixHeight>{rows1}</MatrixHeight></TileMatrix>
   <TileMatrix><ows:Identifier>14</ows:Identifier><ScaleDenominator>36111.98186701241</ScaleDenominator>
    <TopLeftCorner>{corner}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
    <MatrixWidth>16384</MatrixWidth><MatrixHeight>{rows14}</MatrixHeight></TileMatrix>
  </TileMatrixSet></Contents></Capabilities>"""

# As GeoServer writes it: scales for pixels of 0.28 mm, a template, a dimension, the default style last.
GEOSERVER = """<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1">
 <Contents><Layer><ows:Title>规划</ows:Title><ows:Identifier>gh:plan</ows:Identifier>
   <Style><ows:Identifier>grey</ows:Identifier></Style>
   <Style isDefault="true"><ows:Identifier>bunt</ows:Identifier></Style>
   <Format>image/png</Format><Format>image/jpeg</Format>
   <Dimension><ows:Identifier>Time</ows:Identifier><Default>2025</Default></Dimension>
   <TileMatrixSetLink><TileMatrixSet>zone38</TileMatrixSet></TileMatrixSetLink>
   <TileMatrixSetLink><TileMatrixSet>mars</TileMatrixSet></TileMatrixSetLink>
   <ResourceURL format="image/png" resourceType="tile"
     template="http://10.0.0.5:8080/gwc/{Time}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"/></Layer>
  <TileMatrixSet><ows:Identifier>zone38</ows:Identifier>
   <ows:SupportedCRS>urn:ogc:def:crs:EPSG::4526</ows:SupportedCRS>
   <TileMatrix><ows:Identifier>z:0</ows:Identifier><ScaleDenominator>50000</ScaleDenominator>
    <TopLeftCorner>2530000 38400000</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
    <MatrixWidth>22</MatrixWidth><MatrixHeight>22</MatrixHeight></TileMatrix></TileMatrixSet>
  <TileMatrixSet><ows:Identifier>mars</ows:Identifier>
   <ows:SupportedCRS>urn:ogc:def:crs:IAU2000::49900</ows:SupportedCRS></TileMatrixSet>
 </Contents></Capabilities>"""


def test_the_degrees_grid_of_tianditu_is_read_as_it_is_meant() -> None:
    text = TIANDITU.format(name="c", code=4490, corner="90.0 -180.0", rows1=1, rows14=8192)
    offer = read_wmts(text.encode())
    grid = offer.grid("c")
    assert grid.crs == "EPSG:4490"
    assert offer.takes_parameters
    # 360 degrees over two tiles of 256 pixels, over 16384 tiles of 256 pixels
    assert grid.levels[0].resolution == pytest.approx(0.703125, rel=1e-12)
    assert grid.levels[1].resolution == pytest.approx(360 / 16384 / 256, rel=1e-12)
    assert tile_bounds(grid, Tile(0, 1, 0)) == pytest.approx((0.0, -90.0, 180.0, 90.0))


def test_the_mercator_grid_of_tianditu_is_not_taken_for_one_beside_the_world() -> None:
    corner = "20037508.3427892 -20037508.3427892"
    offer = read_wmts(TIANDITU.format(name="w", code=900913, corner=corner, rows1=2, rows14=16384).encode())
    grid = offer.grid("w")
    assert grid.crs == "EPSG:3857"
    assert tile_bounds(grid, Tile(0, 1, 0)) == pytest.approx(
        (0.0, 0.0, MERCATOR_HALF, MERCATOR_HALF), abs=1e-3
    )


def test_a_grid_of_the_bureau_in_zone_38_is_read_with_north_first() -> None:
    offer = read_wmts(GEOSERVER.encode())
    (layer,) = offer.layers
    assert (layer.name, layer.title, layer.styles[0]) == ("gh:plan", "规划", "bunt")
    assert layer.grids == ("zone38",), "a grid in an unknown system cannot be shown"
    assert layer.dimensions == (("Time", "2025"),)
    assert not offer.takes_parameters
    level = offer.grid("zone38").levels[0]
    # 50,000 times 0.28 mm
    assert level.resolution == pytest.approx(14.0)
    assert (level.left, level.top) == (38400000.0, 2530000.0)


def test_a_corner_with_east_first_is_noticed_by_where_the_grid_would_lie() -> None:
    swapped = GEOSERVER.replace("2530000 38400000", "38400000 2530000")
    level = read_wmts(swapped.encode()).grid("zone38").levels[0]
    assert (level.left, level.top) == (38400000.0, 2530000.0)


def test_only_the_host_that_was_typed_is_asked() -> None:
    assert (
        at_typed_host("http://10.0.0.5:8080/gwc/{TileRow}?a=1", "https://map.example/x/wmts?b=2")
        == "https://map.example/gwc/{TileRow}?a=1"
    )


WMS = """<WMS_Capabilities xmlns="http://www.opengis.net/wms" version="1.3.0"><Capability>
 <Request><GetMap><Format>image/jpeg</Format><Format>image/png</Format></GetMap></Request>
 <Layer><Title>全部</Title><CRS>EPSG:4490</CRS><CRS>CRS:84</CRS>
  <EX_GeographicBoundingBox><westBoundLongitude>113</westBoundLongitude><eastBoundLongitude>114</eastBoundLongitude>
   <southBoundLatitude>22</southBoundLatitude><northBoundLatitude>23</northBoundLatitude></EX_GeographicBoundingBox>
  <Layer><Name>dltb</Name><Title>地类图斑</Title><CRS>EPSG:4526</CRS></Layer>
  <Layer><Name>xzq</Name></Layer></Layer></Capability></WMS_Capabilities>"""
OLD_WMS = """<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">
<WMT_MS_Capabilities version="1.1.1"><Capability><Layer><SRS>EPSG:4326 EPSG:3857</SRS>
 <Layer><Name>roads</Name><LatLonBoundingBox minx="-200" miny="-95" maxx="200" maxy="95"/></Layer></Layer>
</Capability></WMT_MS_Capabilities>"""


def test_layers_of_a_wms_take_systems_and_extent_from_above() -> None:
    offer = read_wms(WMS.encode())
    assert offer.version == "1.3.0"
    assert offer.formats[0] == "image/png"
    assert [(layer.name, layer.crs) for layer in offer.layers] == [
        ("dltb", ("EPSG:4490", "EPSG:4526")), ("xzq", ("EPSG:4490",)),
    ]  # fmt: skip
    assert bounds_of_layers(offer.layers, "EPSG:4490") == (113.0, 22.0, 114.0, 23.0)
    left, bottom, right, top = bounds_of_layers(offer.layers[:1], "EPSG:4526")
    # the corners of the test vectors (113.1 22.2, 113.8 22.8) lie inside
    assert (left < 38407192, bottom < 2456222, right > 38479465, top > 2522402) == (True,) * 4


def test_an_older_wms_is_read_with_its_document_type_and_the_world_is_cut_to_size() -> None:
    offer = read_wms(OLD_WMS.encode())
    assert offer.version == "1.1.1"
    assert offer.layers[0].box == (-180.0, -90.0, 180.0, 90.0)
    left, bottom, right, top = bounds_of_layers(offer.layers, "EPSG:3857")
    assert (left, right) == pytest.approx((-MERCATOR_HALF, MERCATOR_HALF))
    assert top == pytest.approx(-bottom)


ARCGIS = {
    "mapName": "一张图",
    "copyrightText": "市自然资源局",
    "singleFusedMapCache": True,
    "spatialReference": {"wkid": 4526, "latestWkid": 4526},
    "fullExtent": {"xmin": 38400000, "ymin": 2450000, "xmax": 38480000, "ymax": 2530000},
    "layers": [{"id": 0, "name": "图斑"}, {"id": 3, "name": "权属"}],
    "tileInfo": {
        "rows": 256, "cols": 256, "origin": {"x": -5123200, "y": 10002100},
        "spatialReference": {"wkid": 4526},
        "lods": [{"level": 0, "resolution": 16.9}, {"level": 1, "resolution": 8.4, "scale": 31748}],
    },
}  # fmt: skip


def test_a_map_server_of_arcgis_is_read_with_its_tiles_and_layers() -> None:
    offer = read_arcgis(json.dumps(ARCGIS).encode())
    assert (offer.name, offer.attribution, offer.crs) == ("一张图", "市自然资源局", "EPSG:4526")
    assert offer.layers == ((0, "图斑"), (3, "权属"))
    assert offer.grid is not None
    level = offer.grid.levels[1]
    assert (level.name, level.left, level.top) == ("1", -5123200.0, 10002100.0)
    # (38480000 + 5123200) / (8.4 * 256) = 20276.8
    assert level.columns == 20277


def test_a_map_server_without_finished_tiles_draws() -> None:
    assert read_arcgis(json.dumps(ARCGIS | {"singleFusedMapCache": False}).encode()).grid is None


@pytest.mark.parametrize("code", [498, 499, 403])
def test_a_map_server_that_wants_a_token_says_so(code: int) -> None:
    with pytest.raises(TokenRequiredError):
        read_arcgis(json.dumps({"error": {"code": code, "message": "Token Required"}}).encode())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"),
        ("urn:ogc:def:crs:EPSG:6.18:3:3857", "EPSG:3857"),
        ("EPSG:900913", "EPSG:3857"),
        ("http://www.opengis.net/def/crs/EPSG/0/4526", "EPSG:4526"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("EPSG:999999", None),
        ("Mars", None),
    ],
)
def test_systems_are_known_under_all_their_names(name: str, found: str | None) -> None:
    assert service_crs(name) == found


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Capabilities><Contents>&b;</Contents></Capabilities>"""
FILE = b"""<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Capabilities>&f;</Capabilities>"""


@pytest.mark.parametrize(
    "data",
    [b"", b"not xml", BOMB, FILE, b"<a>" * 200 + b"</a>" * 200, b"<Capabilities/>", b"\xff\xfe<a/>", b"{}",
     b'{"error": 7}', b"[1]", b'{"spatialReference": {"wkid": 1}, "fullExtent": {"xmin": "NaN"}}', b"null"],
)  # fmt: skip
def test_what_is_no_description_is_refused_in_a_sentence(data: bytes) -> None:
    for read in (read_wmts, read_wms, read_arcgis):
        with pytest.raises(InputError) as caught:
            read(data)
        assert "root" not in str(caught.value)


def test_an_exception_report_is_told_in_the_servers_words() -> None:
    report = (
        b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception><ows:ExceptionText>'
        b"Layer is gone</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )
    with pytest.raises(InputError, match="Layer is gone"):
        read_wmts(report)


@pytest.mark.parametrize("corner", ["1 2 3", "nan 5", "", "a b"])
def test_numbers_that_are_none_leave_the_grid_out(corner: str) -> None:
    text = TIANDITU.format(name="c", code=4490, corner=corner, rows1=1, rows14=8192)
    with pytest.raises(InputError):
        read_wmts(text.encode())
