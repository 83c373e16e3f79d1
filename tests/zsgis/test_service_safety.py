"""Servers that are slow, wrong or hostile: the map goes on, one sentence says it, no key is left anywhere."""

from __future__ import annotations

import io
import logging
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from layers.errors import JobCancelled
from layers.pictures.model import picture_to_json
from layers.pictures.service_models import ServiceKey
from layers.services.addresses import identity_of
from layers.services.grids import Tile
from layers.services.tile_files import Stored, TileFiles
from layers.services.tile_picture import decoded_tile
from tests.layers.service_samples import arcgis, wms, xyz
from tests.tile_server import Asked, Reply, Server, png, serving
from tests.zsgis.service_flow import SECRET, Flow
from zsgis.services.answers import ServiceError, Trouble
from zsgis.services.asking import Asker
from zsgis.services.secrets import Secrets
from zsgis.services.transport import Login, Patience, Transport

KEY = ServiceKey(door="parameter", label="天地图", parameter="tk")
WHITE = png(Image.new("RGB", (256, 256), "white"))
TILE = Tile(3, 6, 3)


def _ask(server: Server, patience: Patience | None = None, key: ServiceKey = KEY) -> bytes:
    picture = xyz(server.url, key=key)
    secrets = Secrets(lambda: None)
    secrets.put(key.label, picture.origin, "any")
    asker = Asker(Transport(patience or Patience()), secrets)
    try:
        return asker.tile(picture, picture.grid, TILE)
    finally:
        asker.close()


def _bomb(side: int) -> bytes:
    """Return a PNG of a few hundred bytes that says how large it is."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


@pytest.mark.parametrize(
    ("reply", "trouble", "word"),
    [
        (Reply("非法Key，请检查权限".encode(), "text/plain", 403), Trouble.KEY, "非法Key"),
        (Reply(b"", "text/html", 401), Trouble.KEY, "127.0.0.1"),
        (Reply(b"<html>", "text/html", 500), Trouble.BUSY, "500"),
        (Reply(b"", "", 418), Trouble.BUSY, "418"),
        (Reply(b"", "", 400), Trouble.ANSWER, "400"),
        (Reply(b"\x89PNG\r\n\x1a\n and then rubbish"), Trouble.PICTURE, "不是图片"),
        (Reply(WHITE[: len(WHITE) // 2]), Trouble.PICTURE, "不是图片"),
        (Reply(b"<html>Please log in</html>", "text/html"), Trouble.PICTURE, "text/html"),
        (Reply(_bomb(9_000)), Trouble.PICTURE, "9000"),
        (Reply(_bomb(60_000)), Trouble.PICTURE, "不是图片"),
        (Reply(b"x" * 8_000_001), Trouble.PICTURE, "8 MB"),
        (Reply(b"", "", 302, {"Location": "file:///etc/passwd"}), Trouble.PICTURE, "http"),
        (Reply(b"", "", 302, {"Location": "/again"}), Trouble.PICTURE, "127.0.0.1"),
        (
            Reply(b'{"error": {"code": 498, "message": "Invalid Token"}}', "application/json"),
            Trouble.KEY,
            "Invalid Token",
        ),
        (
            Reply(
                b"<ServiceExceptionReport><ServiceException>no such layer</ServiceException>"
                b"</ServiceExceptionReport>",
                "application/vnd.ogc.se_xml",
            ),
            Trouble.ANSWER,
            "no such layer",
        ),
    ],
)
def test_each_wrong_answer_is_said_in_a_sentence(reply: Reply, trouble: Trouble, word: str) -> None:
    with serving(lambda _asked: reply) as server, pytest.raises(ServiceError) as caught:
        _ask(server)
    assert caught.value.trouble is trouble
    assert word in caught.value.what


def test_a_server_that_needs_no_key_is_not_said_to_refuse_one() -> None:
    with serving(lambda _asked: Reply(b"", "", 403)) as server, pytest.raises(ServiceError) as caught:
        _ask(server, key=ServiceKey())
    assert caught.value.trouble is Trouble.ANSWER
    assert not caught.value.stops_all


@pytest.mark.parametrize("status", [204, 404])
def test_a_place_without_a_tile_is_no_error_and_is_remembered(status: int, tmp_path: Path) -> None:
    with serving(lambda _asked: Reply(b"", "", status)) as server:
        flow = Flow(tmp_path)
        shown = flow.show(xyz(server.url), 1.0)
        flow.close()
    assert shown.missing == ()
    assert not shown.rgba.any()


def test_a_server_that_nobody_runs_is_said_to_be_out_of_reach() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        server = Server(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ServiceError) as caught:
            _ask(server)
    assert caught.value.trouble is Trouble.UNREACHABLE


def test_a_server_that_never_ends_is_left() -> None:
    over = threading.Event()

    def drip(_asked: Asked) -> Reply:
        over.wait(20)
        return Reply(WHITE)

    with serving(drip) as server:
        with pytest.raises(ServiceError) as caught:
            _ask(server, Patience(connect=0.5, read=0.2, whole=0.5))
        over.set()
    assert caught.value.trouble is Trouble.UNREACHABLE


def test_a_redirect_on_the_same_side_is_followed_without_handing_the_password_on() -> None:
    with serving(lambda _asked: Reply(WHITE)) as other:
        moved = Reply(b"", "", 302, {"Location": f"{other.url}/elsewhere.png"})
        with serving(lambda _asked: moved) as server:
            picture = xyz(server.url, key=ServiceKey(door="basic", label="内网"))
            secrets = Secrets(lambda: None)
            secrets.put("内网", picture.origin, "officer:pass")
            asker = Asker(Transport(), secrets)
            assert asker.tile(picture, picture.grid, TILE) == WHITE
            asker.close()
    # base64 of officer:pass
    assert server.asked[0].headers["authorization"] == "Basic b2ZmaWNlcjpwYXNz"
    assert "authorization" not in other.asked[0].headers


def test_a_key_that_was_not_entered_makes_no_request() -> None:
    with serving(lambda _asked: Reply(WHITE)) as server:
        picture = xyz(server.url, key=KEY)
        asker = Asker(Transport(), Secrets(lambda: None))
        with pytest.raises(ServiceError) as caught:
            asker.tile(picture, picture.grid, TILE)
        assert server.asked == []
    assert caught.value.trouble is Trouble.KEY
    assert "天地图" in caught.value.what


class _HangingAndLively:
    def __init__(self) -> None:
        self.over = threading.Event()
        self.hanging = 0

    def hang(self, _asked: Asked) -> Reply:
        self.hanging += 1
        self.over.wait(20)
        return Reply(WHITE)


def test_a_hanging_server_holds_up_no_other_and_is_said_once(tmp_path: Path) -> None:
    both = _HangingAndLively()
    flow = Flow(tmp_path, patience=Patience(connect=0.5, read=0.2, whole=0.5))
    with serving(both.hang) as hanging, serving(lambda _asked: Reply(WHITE)) as lively:
        slow = xyz(hanging.url)
        quick = xyz(lively.url).model_copy(update={"uid": "019313a0-0000-7000-8000-00000000000b"})
        flow.fetcher.want(slow, flow.look(slow, 1.0).missing)
        keys = flow.look(quick, 1.0).missing
        flow.fetcher.want(quick, keys)
        flow.wait(lambda: flow.arrived == len(keys))
        flow.wait(lambda: len(flow.troubles) == 1)
        flow.wait(lambda: both.hanging >= 5)
        flow.close()
        both.over.set()
    assert [error.trouble for error in flow.troubles] == [Trouble.UNREACHABLE]
    assert flow.look(quick, 1.0).missing == ()


def test_a_refused_key_stops_asking_until_another_is_entered(tmp_path: Path) -> None:
    flow = Flow(tmp_path)

    def answer(asked: Asked) -> Reply:
        return Reply(WHITE) if asked.parameters["TK"] == "right" else Reply(b"no", "text/plain", 403)

    with serving(answer) as server:
        picture = xyz(server.url, key=KEY)
        flow.secrets.put(KEY.label, picture.origin, "wrong")
        keys = flow.look(picture, 1.0).missing
        flow.fetcher.want(picture, keys[:1])
        flow.wait(lambda: len(flow.troubles) == 1)
        flow.fetcher.want(picture, keys)
        assert len(server.asked) == 1
        flow.secrets.put(KEY.label, picture.origin, "right")
        flow.fetcher.resume(picture)
        flow.troubles.clear()
        assert flow.show(picture, 1.0).missing == ()
        flow.close()


def test_an_error_that_passes_is_asked_again(tmp_path: Path) -> None:
    failures = iter([500, 503])

    def answer(_asked: Asked) -> Reply:
        status = next(failures, 200)
        return Reply(WHITE) if status == 200 else Reply(b"", "", status)

    flow = Flow(tmp_path)
    with serving(answer) as server:
        picture = xyz(server.url)
        keys = flow.look(picture, 1.0).missing[:1]
        flow.fetcher.want(picture, keys)
        flow.wait(lambda: flow.arrived == 1)
        flow.close()
    assert len(server.asked) == 3
    assert len(flow.troubles) == 1


@pytest.fixture(name="logged")
def _everything_logged() -> Iterator[io.StringIO]:
    """Return everything that any library logs."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("status", [200, 302, 403, 500])
def test_a_key_is_in_the_request_and_nowhere_else(status: int, tmp_path: Path, logged: io.StringIO) -> None:
    headers = {"Location": "ftp://elsewhere"} if status == 302 else {}
    with serving(
        lambda _asked: Reply(WHITE if status == 200 else b"", "image/png", status, headers)
    ) as server:
        for picture in (
            xyz(server.url, key=KEY),
            arcgis(server.url, tiles=False),
            wms(server.url, "1.3.0", "EPSG:4526", (38400000, 2450000, 38480000, 2530000)).model_copy(
                update={"key": KEY}
            ),
        ):
            flow = Flow(tmp_path / picture.type)
            flow.secrets.put(picture.key.label, picture.origin, SECRET)
            keys = flow.look(picture, 1.0).missing
            flow.fetcher.want(picture, keys[:1])
            flow.wait(lambda flow=flow: flow.arrived or flow.troubles)
            flow.close()
            said = "".join(f"{error} {error.details} {error.where} {error!r}" for error in flow.troubles)
            assert SECRET not in said + str(picture_to_json(picture)) + repr(picture)
    assert SECRET in str(server.asked)
    assert SECRET not in logged.getvalue()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert bool(kept) == (status == 200)
    for path in kept:
        assert SECRET not in str(path)
        assert SECRET.encode() not in path.read_bytes()


def test_a_stop_is_heard_while_a_description_is_read() -> None:
    class Stopped:
        def step(self, _done: float, _text: str = "") -> None:
            raise JobCancelled

    with serving(lambda _asked: Reply(b"<x/>" * 1000, "text/xml")) as server:
        transport = Transport()
        with pytest.raises(JobCancelled):
            transport.get(server.url, limit=10_000, progress=Stopped())
        transport.close()


def test_the_certificate_of_a_stranger_is_refused(tmp_path: Path) -> None:
    from tests.zsgis.own_certificate import serving_tls

    with serving_tls(tmp_path) as url, pytest.raises(ServiceError) as caught:
        Transport().get(f"{url}/x", limit=1000, login=Login("a", "b"))
    assert caught.value.trouble is Trouble.CERTIFICATE


def test_the_oldest_tiles_make_room_and_what_was_kept_stays(tmp_path: Path) -> None:
    import os

    files = TileFiles(tmp_path)
    service = identity_of(xyz("https://maps.example"))
    for place in range(4):
        files.write(service, Tile(1, place, 0), b"x" * 100)
    for path in tmp_path.rglob("*.tile"):
        age = 4 - int(path.parent.name)
        os.utime(path, (time.time() - age * 1000,) * 2)
    files.write(service, Tile(2, 0, 0), b"y" * 1000, keep=True)
    assert files.tidy(250) == 2
    assert [files.has(service, Tile(1, place, 0)) for place in range(4)] == [False, False, True, True]
    assert files.read(service, Tile(2, 0, 0)) == Stored(b"y" * 1000)
    assert files.size(service) == 1200
    files.forget(service)
    assert files.size(service) == 0


def test_a_place_that_was_empty_is_asked_again_after_a_day(tmp_path: Path) -> None:
    import os

    files = TileFiles(tmp_path)
    files.write("s", TILE, b"")
    assert files.read("s", TILE) == Stored(b"")
    (path,) = tmp_path.rglob("*.tile")
    os.utime(path, (time.time() - 90_000,) * 2)
    assert files.read("s", TILE) is None


def test_a_damaged_tile_in_the_cache_spoils_only_its_own_place(tmp_path: Path) -> None:
    flow = Flow(tmp_path)
    with serving(lambda _asked: Reply(WHITE)) as server:
        picture = xyz(server.url)
        flow.show(picture, 1.0)
        flow.close()
    path = next(iter(tmp_path.rglob("*.tile")))
    path.write_bytes(b"rubbish")
    shown = flow.look(picture, 1.0)
    assert shown.trouble
    assert (shown.rgba[..., 3] == 255).any()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_kind_of_picture_that_services_send_is_read(kind: str) -> None:
    data = io.BytesIO()
    Image.new("RGB", (256, 256), (10, 20, 30)).save(data, kind)
    assert decoded_tile(data.getvalue()).size == (256, 256)
