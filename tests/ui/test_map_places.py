"""Where the map looks when nobody has said it."""

from __future__ import annotations

import pyproj
import pytest

from ui.map_places import city_place
from ui.painting.view import MapView

VIEW = MapView(0, 0, 1.0, 1200, 800)


@pytest.mark.parametrize("code", [4547, 4526, 4490, 3857])
def test_the_city_lies_in_the_window(code: int) -> None:
    crs = pyproj.CRS.from_epsg(code)
    place = city_place(crs, VIEW)
    assert place is not None
    x, y, across, up = place
    back = pyproj.Transformer.from_crs(crs, 4490, always_xy=True)
    # the town hall of Zhongshan, 113.39 E 22.52 N, is near the middle
    longitude, latitude = back.transform(x, y)
    assert abs(longitude - 113.45) < 0.01
    assert abs(latitude - 22.5) < 0.01
    for lon, lat in ((113.1, 22.2), (113.8, 22.8), (113.1, 22.8), (113.8, 22.2)):
        px, py = pyproj.Transformer.from_crs(4490, crs, always_xy=True).transform(lon, lat)
        assert abs(px - x) <= across / 2 * 1.01
        assert abs(py - y) <= up / 2 * 1.01
