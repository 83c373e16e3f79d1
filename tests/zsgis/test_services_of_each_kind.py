"""Whatever kind of service is asked: in the program's own name, and no longer than one has patience."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from layers.pictures.service_models import NetworkPicture
from tests.layers.service_samples import arcgis, wms, wmts, xyz
from tests.tile_server import Asked, Reply, cross, serving
from tests.zsgis.service_flow import SECRET, Flow
from zsgis import __version__
from zsgis.services.answers import Trouble
from zsgis.services.transport import Patience

KINDS: dict[str, Callable[[str], NetworkPicture]] = {
    "XYZ": xyz,
    "WMTS with parameters": wmts,
    "WMTS by template": lambda host: wmts(host, "rest"),
    "WMS 1.3.0": lambda host: wms(host, "1.3.0", "EPSG:4490", (113.0, 22.0, 114.0, 23.0)),
    "WMS 1.1.1": lambda host: wms(host, "1.1.1", "EPSG:4526", (38400000.0, 2450000.0, 38480000.0, 2530000.0)),
    "ArcGIS, finished tiles": lambda host: arcgis(host, tiles=True),
    "ArcGIS, drawn when asked": lambda host: arcgis(host, tiles=False),
}


def _ask_for_one(flow: Flow, picture: NetworkPicture) -> None:
    """Have the first thing fetched that the map misses."""
    flow.secrets.put("一张图", picture.origin, SECRET)
    missing = flow.look(picture, 1.0).missing
    assert missing
    flow.fetcher.want(picture, missing[:1])


@pytest.mark.parametrize("kind", KINDS)
def test_every_request_carries_the_program_s_own_name(kind: str, tmp_path: Path) -> None:
    flow = Flow(tmp_path)
    with serving(lambda _asked: Reply(cross(0, 0))) as server:
        _ask_for_one(flow, KINDS[kind](server.url))
        flow.wait(lambda: bool(server.asked))
        flow.close()
    assert {asked.headers["user-agent"] for asked in server.asked} == {f"zsgis/{__version__}"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_hangs_is_given_up_and_said(kind: str, tmp_path: Path) -> None:
    over = threading.Event()

    def hang(_asked: Asked) -> Reply:
        # far longer than the patience, far shorter than for ever
        over.wait(60)
        return Reply(cross(0, 0))

    flow = Flow(tmp_path, patience=Patience(connect=0.5, read=0.2, whole=0.5))
    with serving(hang) as server:
        picture = KINDS[kind](server.url)
        _ask_for_one(flow, picture)
        flow.wait(lambda: bool(flow.troubles))
        assert not over.is_set()
        assert flow.look(picture, 1.0).missing, "it is still wanted, and the map is drawn without it"
        flow.close()
        over.set()
    assert {error.trouble for error in flow.troubles} == {Trouble.UNREACHABLE}
    assert server.asked
