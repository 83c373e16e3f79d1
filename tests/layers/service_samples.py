"""Services for tests, and where a red cross lies in what they show."""

from __future__ import annotations

import numpy as np

from layers.crs import parse_crs
from layers.pictures.service_models import (
    ArcgisPicture,
    Frame,
    ServiceKey,
    WmsPicture,
    WmtsPicture,
    XyzPicture,
)
from layers.pictures.source import PictureSource, Rendered, Rgba
from layers.services.grids import GridLevel, TileGrid, degrees_grid, mercator_grid
from tests.tile_server import EAST, NORTH

UID = "019313a0-0000-7000-8000-00000000000a"
HERE = parse_crs("EPSG:4526")
SIDE = 256


def xyz(host: str, frame: Frame = "true", key: ServiceKey | None = None, finest: int = 19) -> XyzPicture:
    return XyzPicture(
        uid=UID,
        name="底图",
        url=f"{host}/tiles/{{z}}/{{x}}/{{y}}.png",
        grid=mercator_grid(finest),
        frame=frame,
        key=key or ServiceKey(),
    )


def wmts(host: str, encoding: str = "kvp", key: ServiceKey | None = None) -> WmtsPicture:
    rest = f"{host}/rest/{{Layer}}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}"
    return WmtsPicture(
        uid=UID,
        name="天地图影像",
        url=rest if encoding == "rest" else f"{host}/img_c/wmts",
        encoding="rest" if encoding == "rest" else "kvp",
        layer="img",
        format="tiles",
        grid=degrees_grid(),
        key=key or ServiceKey(),
    )


def wms(host: str, version: str, crs: str, bounds: tuple[float, float, float, float]) -> WmsPicture:
    return WmsPicture(
        uid=UID,
        name="规划一张图",
        url=f"{host}/wms?map=plan",
        version="1.1.1" if version == "1.1.1" else "1.3.0",
        layers=("dltb", "xzq"),
        crs=crs,
        bounds=bounds,
    )


def arcgis(host: str, *, tiles: bool) -> ArcgisPicture:
    """Return a MapServer as the bureau's: zone 38, its tiles counted from ArcGIS' usual far corner."""
    resolutions = (16.9, 8.4, 4.2, 2.1, 1.05)
    grid = TileGrid(
        name="",
        crs="EPSG:4526",
        levels=tuple(
            GridLevel(
                name=str(10 + place),
                resolution=step,
                left=-5123200.0,
                top=10002100.0,
                columns=20_000 << place,
                rows=4_000 << place,
            )
            for place, step in enumerate(resolutions)
        ),
    )
    return ArcgisPicture(
        uid=UID,
        name="一张图",
        url=f"{host}/arcgis/rest/services/YZT/MapServer",
        grid=grid if tiles else None,
        crs="EPSG:4526",
        bounds=(38400000.0, 2450000.0, 38480000.0, 2530000.0),
        layers="" if tiles else "show:0,2",
        key=ServiceKey(door="parameter", label="一张图", parameter="token"),
    )


def around(source: PictureSource, metres_per_pixel: float) -> Rendered:
    """Return 256 x 256 pixels around the known place, in EPSG:4526."""
    half = SIDE / 2 * metres_per_pixel
    return source.render((EAST - half, NORTH - half, EAST + half, NORTH + half), SIDE, SIDE, HERE)


def off_by_m(rgba: Rgba, metres_per_pixel: float) -> float:
    """Return how far the middle of what is red lies from the middle of the picture, in metres."""
    red = (rgba[..., 0] > 200) & (rgba[..., 1] < 100) & (rgba[..., 3] > 200)
    rows, columns = np.nonzero(red)
    assert len(rows) > 8, "the cross is not to be seen"
    column, row = columns.mean() + 0.5, rows.mean() + 0.5
    return float(np.hypot(column - SIDE / 2, row - SIDE / 2)) * metres_per_pixel
