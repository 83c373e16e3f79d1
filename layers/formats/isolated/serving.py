"""The reading process: answers one request after another until nobody asks any more."""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from layers.errors import ZsgisError
from layers.formats.isolated.carrying import put_data, put_layer
from layers.formats.model import ReadOptions
from layers.formats.secrecy_mark import read_marked
from layers.words import _, use_language

_TELL_EVERY_S = 0.1
_FAULT_TEXT = 2000
_LONG_S = 1.0
_MANY_OBJECTS = 100_000
_NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})

# what any process has reserved beyond what it uses: stacks of threads, freed pages
_ORDINARY_SLACK = 300_000_000


class _Teller:
    """Progress that goes to whoever asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told = 0.0

    def step(self, done: float, text: str = "") -> None:
        """Tell the share done; when nobody listens any more the process ends with :class:`OSError`."""
        now = time.monotonic()
        if text or now - self._told >= _TELL_EVERY_S:
            self._told = now
            _send(self._connection, {"done": done, "text": text})


def serve(connection: Connection, registry: str) -> None:
    """Answer requests: the main function of the process.

    Parameters
    ----------
    registry : str
        Name of the module that knows the formats: ``format_called(key)`` and ``QUESTIONS``.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the asker's to answer
    # millions of cells and points without a ring among them: looking for rings takes a third of the time
    gc.disable()
    _be_quiet()
    _load(registry)
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        began = time.monotonic()
        try:
            _send(connection, _outcome(request, registry, _Teller(connection)))
        except OSError:
            return  # nobody listens any more
        # looking for rings takes longer than reading a small file
        if time.monotonic() - began > _LONG_S or gc.get_count()[0] > _MANY_OBJECTS:
            gc.collect()


def _outcome(request: dict[str, Any], registry: str, teller: _Teller) -> dict[str, Any]:
    """Return the answer to a request, or why there is none."""
    try:
        return {"answer": _answer(request, registry, teller)}
    except ZsgisError as error:
        return {"error": _described(error)}
    except MemoryError:
        return {"memory": True}
    except OSError as error:
        if error.errno in _NO_ROOM:
            return {"no_room": str(error)[:_FAULT_TEXT]}
        return {"fault": f"{type(error).__name__}: {error}"[:_FAULT_TEXT]}
    except Exception as error:  # whatever a library raises, the asker says it in a sentence
        return {"fault": f"{type(error).__name__}: {error}"[:_FAULT_TEXT]}


def _answer(request: dict[str, Any], registry: str, teller: _Teller) -> Any:
    use_language(str(request["language"]))
    folder = Path(request["folder"])
    _work_in(folder)
    _limit_memory(int(request["memory_bytes"]))
    known = _load(registry)
    path = Path(request["path"])
    options = ReadOptions(**request["options"])
    teller.step(0.0, _("Reading {name}").format(name=path.name))
    if request["task"] == "ask":
        return known.QUESTIONS[request["question"]](path, options)
    chosen = known.format_called(request["format"])
    if request["task"] == "layers":
        return [put_layer(layer) for layer in chosen.layers(path, options)]
    return put_data(read_marked(chosen, path, options, teller), folder)


def _load(registry: str) -> Any:
    """Return the module that knows the formats; it is loaded before anybody asks, and so is geopandas.

    Nearly every reader needs it: the wait for it is not the file's.
    """
    importlib.import_module("geopandas")
    return importlib.import_module(registry)


def _described(error: ZsgisError) -> dict[str, str]:
    return {
        "type": type(error).__name__,
        "what": error.what,
        "where": error.where,
        "remedy": error.remedy,
        "details": error.details,
    }


def _send(connection: Connection, message: dict[str, Any]) -> None:
    connection.send_bytes(json.dumps(message).encode())


def _work_in(folder: Path) -> None:
    """Let everything temporary be made where the asker clears up, also after the process was killed."""
    tempfile.tempdir = str(folder)
    for name in ("TMPDIR", "TMP", "TEMP", "CPL_TMPDIR"):
        os.environ[name] = str(folder)


def _limit_memory(memory_bytes: int) -> None:
    """Let the system refuse what is over the limit; where it cannot, the asker watches the process.

    What libraries have reserved for an earlier file and do not use counts for the system, but is no memory.
    """
    if sys.platform == "linux":
        import resource

        import psutil

        taken = psutil.Process().memory_info()
        unused = max(taken.data - (taken.rss - taken.shared) - _ORDINARY_SLACK, 0)
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        allowed = memory_bytes + unused
        resource.setrlimit(
            resource.RLIMIT_DATA, (allowed if hard == resource.RLIM_INFINITY else min(allowed, hard), hard)
        )


def _be_quiet() -> None:
    """Send what libraries print into nothing: it would stand in the middle of a command's own output."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
