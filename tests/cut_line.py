"""A line between a program and a server that can be cut at a chosen moment."""

from __future__ import annotations

import socket
import tempfile
import threading
from contextlib import suppress
from enum import Enum
from pathlib import Path

_NAME = ".s.PGSQL.5432"
_CHUNK = 65536


class Cut(Enum):
    """When the line is cut: as the end of a transaction is asked for, or as it is confirmed."""

    BEFORE_COMMIT_ARRIVES = "before"
    BEFORE_ANSWER_ARRIVES = "after"


class CutLine:
    """Passes on what a client says to a server's socket, and cuts when told to."""

    def __init__(self, server_folder: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="zl"))
        self._target = str(server_folder / _NAME)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.folder / _NAME))
        self._listening.listen()
        self._cut: Cut | None = None
        self._stays_down = False
        self.cuts = 0
        self.is_down = False
        """Whether nothing gets through at all."""
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_once(self, when: Cut, *, stays_down: bool = False) -> None:
        """Cut the next transaction that ends; let nothing through afterwards, where the line stays down."""
        self._stays_down = stays_down
        self._cut = when

    def close(self) -> None:
        self._listening.close()
        (self.folder / _NAME).unlink(missing_ok=True)
        self.folder.rmdir()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                if self.is_down:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                threading.Thread(target=self._from_client, args=(client, server), daemon=True).start()
                threading.Thread(target=self._from_server, args=(server, client), daemon=True).start()

    def _from_client(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(_CHUNK):
                if self._cut is not None and b"COMMIT\x00" in data:
                    when, self._cut = self._cut, None
                    self.cuts += 1
                    self.is_down = self._stays_down
                    if when is Cut.BEFORE_ANSWER_ARRIVES:
                        # from here on nothing comes back: the other thread's socket is shut first
                        client.shutdown(socket.SHUT_WR)
                        server.sendall(data)
                    break
                server.sendall(data)
        _shut(client)
        _shut(server)

    def _from_server(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(_CHUNK):
                client.sendall(data)
        _shut(client)


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
