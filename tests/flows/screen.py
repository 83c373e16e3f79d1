"""A real X server with a window manager, the program on it, and a hand with mouse and keys."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab

ROOT = Path(__file__).resolve().parents[2]
# a busy machine may take its time between two pictures of the map
_SAME_LOOKS = 3
_CARET_PX = 60
PROGRAMS = ("Xvfb", "openbox", "xdotool")

# What another program finds in the clipboard: its text, or the size of its picture.
_PASTE = """
from PyQt6.QtGui import QGuiApplication
app = QGuiApplication([])
data = QGuiApplication.clipboard()
picture = data.image()
print(f"{picture.width()}x{picture.height()}" if not picture.isNull() else data.text())
"""


@dataclass(frozen=True)
class Hand:
    """Mouse and keys of a display, and eyes for its pictures.

    Attributes
    ----------
    factor : int
        Pixels of the screen for each pixel of the window.
    """

    environment: dict[str, str]
    pictures: Path
    program: subprocess.Popen[bytes]
    factor: int = 1

    def _xdotool(self, *words: str | int) -> str:
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, capture_output=True, check=True, timeout=60
        )
        return done.stdout.decode()

    def title(self) -> str:
        """The title of the program's window that has the keyboard."""
        try:
            return self._xdotool("getactivewindow", "getwindowname").strip()
        except subprocess.CalledProcessError:
            return ""

    def press(self, *keys: str) -> None:
        """Press combinations one after another."""
        self._xdotool("key", "--clearmodifiers", "--delay", 40, *keys)

    def write(self, text: str) -> None:
        """Type what stands on a keyboard."""
        self._xdotool("type", "--delay", 25, text)

    def move(self, x: float, y: float) -> None:
        self._xdotool("mousemove", round(x * self.factor), round(y * self.factor))

    def click(self, x: float, y: float, button: int = 1, *, times: int = 1, hold: str = "") -> None:
        self.move(x, y)
        held = ("keydown", hold) if hold else ()
        let_go = ("keyup", hold) if hold else ()
        self._xdotool(*held, "click", "--repeat", times, "--delay", 60, button, *let_go)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw with the left button from one place to another."""
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.move(*start)
        self._xdotool("mousedown", 1)
        for place in (middle, end):
            time.sleep(0.05)
            self.move(*place)
        time.sleep(0.05)
        self._xdotool("mouseup", 1)

    def look(self) -> NDArray[np.int16]:
        """Return the screen as it is now: rows, columns, red green blue."""
        return np.asarray(ImageGrab.grab(xdisplay=self.environment["DISPLAY"]), dtype=np.int16)

    def keep(self, name: str) -> None:
        """Keep a picture of the screen under a name."""
        ImageGrab.grab(xdisplay=self.environment["DISPLAY"]).save(self.pictures / f"{name}.png")

    def part(self, box: tuple[int, int, int, int]) -> NDArray[np.int16]:
        """Return a part of the screen: left, top, right, bottom in pixels of the window."""
        left, top, right, bottom = (number * self.factor for number in box)
        return self.look()[top:bottom, left:right]

    def until(self, met: Callable[[], bool], what: str, timeout_s: float = 90.0) -> None:
        """Wait for something to be seen."""
        ends = time.monotonic() + timeout_s
        while not met():
            assert self.program.poll() is None, f"the program ended before: {what}"
            if time.monotonic() > ends:
                self.keep("missed")
                raise AssertionError(f"was not seen: {what}")
            time.sleep(0.15)

    def still(self, box: tuple[int, int, int, int]) -> NDArray[np.int16]:
        """Return a part of the screen once it has come to rest."""
        before, same = self.part(box), 0
        for _turn in range(300):
            time.sleep(0.2)
            after = self.part(box)
            # a caret that blinks in a field is rest too
            changed = np.count_nonzero((before != after).any(axis=-1))
            same = same + 1 if changed <= _CARET_PX else 0
            if same == _SAME_LOOKS:
                return after
            before = after
        raise AssertionError("the screen does not come to rest")

    def pasted(self) -> str:
        """Return what another program gets from the clipboard."""
        done = subprocess.run(
            [sys.executable, "-c", _PASTE], env=self.environment, capture_output=True, check=True, timeout=60
        )
        return done.stdout.decode().strip()


def missing_program() -> str:
    """Return the first program that a screen needs and that is not installed; empty where all are."""
    return next((name for name in PROGRAMS if not shutil.which(name)), "")


@contextmanager
def x_server(size: str) -> Iterator[str]:
    """Run an X server of one's own, on a display number that it finds free; yield its name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait(60)


@contextmanager
def on_screen(home: Path, pictures: Path, project: Path, size: str, factor: int = 1) -> Iterator[Hand]:
    """Run the program on a display of its own, with a project open; both end with the block."""
    started: list[subprocess.Popen[bytes]] = []
    with x_server(size) as display:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND"))
        } | {
            "DISPLAY": display,
            "HOME": str(home),
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            **({"QT_SCALE_FACTOR": str(factor)} if factor > 1 else {}),
        }
        try:
            started.append(subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL))
            program = subprocess.Popen(
                [sys.executable, "-m", "zsgis", "open", str(project)],
                env=environment,
                stderr=subprocess.PIPE,
            )
            started.append(program)
            yield Hand(environment, pictures, program, factor)
        finally:
            for process in reversed(started):
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    process.wait(60)
    if process.stderr is not None:
        process.stderr.close()
