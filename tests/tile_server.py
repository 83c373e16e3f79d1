"""A map server on this machine that draws what it is asked for: a cross at one known place."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from PIL import Image, ImageDraw

# a point of the published test vectors: degrees, EPSG:4526, and where GCJ-02 puts it
LON, LAT = 113.38, 22.52
EAST, NORTH = 38436212.615, 2491514.243
GCJ_LON, GCJ_LAT = 113.38547453702452, 22.517302300583502


@dataclass(frozen=True)
class Asked:
    """One request: path, parameters in capitals, headers."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    body: bytes
    kind: str = "image/png"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[Server]:
    """Run a server that answers with what ``answer`` returns, and keeps what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {
                name.upper(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)
            }
            asked = Asked(parts.path, parameters, {k.lower(): v for k, v in self.headers.items()})
            served.asked.append(asked)
            reply = answer(asked)
            try:
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body)))
                if reply.kind:
                    self.send_header("Content-Type", reply.kind)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, *_words: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    served = Server(f"http://127.0.0.1:{http.server_address[1]}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def cross(column: float, row: float, width: int = 256, height: int = 256) -> bytes:
    """Return a white PNG with a red square of 9 pixels around a place given in pixels from the corner."""
    picture = Image.new("RGB", (width, height), "white")
    if -9 < column < width + 9 and -9 < row < height + 9:
        # pixel k covers k to k + 1: the square from k - 4 to k + 4 has its centre at k + 0.5
        x, y = int(column), int(row)
        ImageDraw.Draw(picture).rectangle((x - 4, y - 4, x + 4, y + 4), fill=(255, 0, 0))
    return png(picture)


def png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
