"""Which process of which computer: told apart without asking any clock what time it is."""

from __future__ import annotations

import hashlib
import platform
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

_RANDOM_NODE_BIT = 1 << 40


@cache
def machine_mark() -> str:
    """Return what tells this computer from every other; empty where nothing certain is known.

    A name and an installation's number may be the same on computers that were set up from one image, so the
    network card counts too. Containers with processes of their own are computers of their own.
    """
    node = uuid.getnode()
    if node & _RANDOM_NODE_BIT:
        return ""
    parts = [platform.node(), f"{node:012x}", _text(Path("/etc/machine-id")), _process_space()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


@cache
def sitting_mark() -> str:
    """Return what is another after the computer was started anew; empty where the system tells nothing."""
    return _text(Path("/proc/sys/kernel/random/boot_id"))


def process_start(pid: int) -> str:
    """Return when a process of this computer began, as the system counts it; empty where there is none.

    On Linux ticks since the computer started: setting the clock changes nothing about it.
    """
    if Path("/proc/self/stat").exists():
        fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
        # 22 in the manual's count; the name, which may hold blanks, is cut off with two fields before these
        return "" if len(fields) < 20 or fields[0] in "ZX" else fields[19]
    with suppress(psutil.Error):
        return repr(psutil.Process(pid).create_time())
    return ""


def _process_space() -> str:
    with suppress(OSError):
        return str(Path("/proc/self/ns/pid").readlink())
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
