"""A morning at the map on a real X server: the program itself, real mouse and keys, pictures of the steps."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.store import Project
from tests.flows.screen import Hand, missing_program, on_screen

pytestmark = pytest.mark.peer

Box = tuple[int, int, int, int]
# parts of the window at 1366 x 768, in its own pixels
MAP: Box = (356, 90, 1058, 670)
MAP_OVER_TABLE: Box = (356, 90, 1058, 400)
MEASURED: Box = (700, 270, 790, 330)
INSPECTOR: Box = (1064, 90, 1364, 700)
TABLE: Box = (356, 570, 1048, 696)
TREE: Box = (66, 128, 340, 480)
SCALE = (430, 752)
# with the tree of layers moved to its end
LAND_LAYER = (213, 376)
BLACK_AND_WHITE = (512, 97)
TAB_CLOSE = (521, 482)
HEADING = (790, 554)


def colors(picture: NDArray[np.int16]) -> int:
    """Return how many different colours a picture has."""
    return len(np.unique(picture.reshape(-1, 3), axis=0))


def differ(before: NDArray[np.int16], after: NDArray[np.int16]) -> float:
    """Return the share of pixels that are not the same."""
    return float((before != after).any(axis=2).mean())


def off(before: NDArray[np.int16], after: NDArray[np.int16]) -> float:
    """Return the share of pixels that are plainly of another colour."""
    return float((np.abs(before - after).max(axis=2) > 64).mean())


def warm(picture: NDArray[np.int16]) -> float:
    """Return the share of yellow, orange and red pixels; the blue of the selection is none of them."""
    return float((picture[:, :, 0] - picture[:, :, 2] > 60).mean())


class Morning:
    """The steps in their order; each looks at what it did."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    def wait_for_change(self, box: Box, before: NDArray[np.int16], what: str, share: float = 0.02) -> None:
        self.hand.until(lambda: differ(before, self.hand.part(box)) > share, what)

    def move_the_map(self) -> None:
        hand = self.hand
        hand.until(lambda: colors(hand.part(MAP)) > 200, "the whole map")
        whole = hand.still(MAP)
        hand.keep("screen_01_opened")
        hand.click(700, 250, 4, times=6)
        self.wait_for_change(MAP, whole, "an enlarged map", 0.3)
        large = hand.still(MAP)
        hand.drag((700, 300), (600, 380))
        # what stood there stands 100 pixels to the left and 80 below; the watermark stays where it is
        hand.until(
            lambda: bool(np.median(np.abs(hand.part(MAP)[80:500, 0:600] - large[0:420, 100:700])) == 0),
            "the map moved with the mouse",
        )
        moved = hand.still(MAP)
        hand.press("ctrl+shift+x")
        hand.drag((600, 200), (850, 450))
        self.wait_for_change(MAP, moved, "the box", 0.3)
        hand.still(MAP)
        hand.press("ctrl+h", "alt+Left")
        # the same place and scale; lines may be drawn from a coarser form meanwhile
        hand.until(lambda: off(moved, hand.part(MAP)) < 0.08, "the view before")
        hand.click(*SCALE)
        hand.press("ctrl+a")
        hand.write("20000")
        hand.press("Return")
        self.wait_for_change(MAP, moved, "the typed scale", 0.3)
        hand.still(MAP)

    def choose_features(self) -> None:
        hand = self.hand
        empty, before = hand.part(INSPECTOR), hand.part(MAP)
        hand.click(700, 400)
        self.wait_for_change(INSPECTOR, empty, "the parcel's fields")
        self.wait_for_change(MAP, before, "its outline", 0.002)
        one = hand.still(INSPECTOR)
        hand.keep("screen_02_parcel")
        hand.press("ctrl+shift+r")
        hand.drag((620, 300), (800, 450))
        self.wait_for_change(INSPECTOR, one, "the sum of the selection")
        hand.still(INSPECTOR)
        hand.press("ctrl+h")

    def end_of_the_tree(self) -> None:
        """Move the tree of layers to its end: how high its beginning stands depends on the window."""
        self.hand.click(200, 300, 5, times=20)
        self.hand.still(TREE)

    def choose_land(self) -> None:
        self.end_of_the_tree()
        self.hand.click(*LAND_LAYER)

    def use_the_table(self) -> None:
        hand = self.hand
        self.choose_land()
        before = hand.part(TABLE)
        hand.press("F3")
        self.wait_for_change(TABLE, before, "the table", 0.3)
        unsorted = hand.still(TABLE)
        hand.click(*HEADING)
        self.wait_for_change(TABLE, unsorted, "sorted rows", 0.01)
        hand.still(TABLE)
        hand.keep("screen_03_table")
        hand.click(*TAB_CLOSE)

    def restyle(self) -> None:
        hand = self.hand
        title = hand.title()
        self.choose_land()
        before = hand.still(MAP)
        hand.press("F4")
        hand.until(lambda: "土地利用现状图斑" in hand.title(), "the window of the layer's style")
        hand.still(MAP)
        hand.keep("screen_08_style")
        hand.click(*BLACK_AND_WHITE)
        hand.press("Return")
        hand.until(lambda: hand.title() == title, "the window again")
        assert warm(before) > 0.002
        hand.until(lambda: warm(hand.part(MAP)) < 0.2 * warm(before), "a layer in black and white")
        hand.press("ctrl+z")
        hand.until(lambda: off(before, hand.part(MAP)) < 0.02, "its colours again")

    def change_the_system(self) -> None:
        hand = self.hand
        title, before = hand.title(), hand.still(MAP)
        for number in ("4490", "4547"):
            hand.press("ctrl+alt+k")
            hand.until(lambda: hand.title() == "地图坐标系", "the dialog of coordinate systems")
            hand.write(number)
            hand.press("Return")
            hand.until(lambda: hand.title() == title, "the window again")
            if number == "4490":
                self.wait_for_change(MAP, before, "the map in degrees", 0.05)
                hand.still(MAP)
                hand.keep("screen_09_degrees")
        hand.until(lambda: off(before, hand.part(MAP)) < 0.05, "the map as it was")

    def filter(self) -> None:
        hand = self.hand
        title, before = hand.title(), hand.still(INSPECTOR)
        hand.press("F7")
        hand.until(lambda: hand.title() not in ("", title), "the dialog of the filter")
        hand.write("class_code LIKE '0802%'")
        hand.press("Escape")  # what is offered to follow
        hand.keep("screen_04_filter")
        hand.press("ctrl+Return")
        self.wait_for_change(INSPECTOR, before, "what the filter chose", 0.003)
        hand.press("Escape")
        hand.until(lambda: hand.title() == title, "the window again")

    def measure_and_swipe(self) -> None:
        hand = self.hand
        before = hand.still(MAP)
        hand.press("shift+F6")
        inside = hand.part(MEASURED)
        for place in ((500, 250), (800, 250), (800, 450)):
            hand.click(*place)
        hand.press("Return")
        self.wait_for_change(MAP, before, "the measured area")
        self.wait_for_change(MEASURED, inside, "the tint of the area", 0.9)
        hand.still(MAP)
        hand.keep("screen_05_measured")
        hand.press("ctrl+shift+F6", "ctrl+h")
        before = hand.still(MAP)
        hand.press("F8")
        self.wait_for_change(MAP, before, "the divider", 0.001)
        hand.drag((707, 300), (800, 300))
        hand.still(MAP)
        hand.press("F8")

    def arrange_layers(self) -> None:
        hand = self.hand
        self.end_of_the_tree()
        before = hand.still(TREE)
        hand.click(190, 298)
        hand.click(190, 350, hold="ctrl")
        hand.press("ctrl+shift+g")
        self.wait_for_change(TREE, before, "a group", 0.005)
        hand.write("limits")
        hand.press("Return")

    def find(self) -> None:
        hand = self.hand
        before = hand.still(MAP)
        hand.press("ctrl+k")
        hand.write("zskxc")
        self.wait_for_change((390, 90, 940, 150), hand.part((390, 90, 940, 150)) * 0, "what was found")
        hand.keep("screen_06_found")
        hand.press("Return")
        self.wait_for_change(MAP, before, "the platform", 0.3)
        there = hand.still(MAP)
        hand.press("ctrl+g")
        hand.until(lambda: "坐标" in hand.title(), "the dialog of coordinates")
        hand.write("22.52 113.38")
        hand.press("Return", "Escape")
        self.wait_for_change(MAP, there, "the place", 0.1)
        hand.still(MAP)

    def copy_and_darken(self) -> None:
        hand = self.hand
        hand.press("ctrl+shift+c")
        hand.until(lambda: hand.pasted().startswith("708x6"), "the picture in the clipboard")
        hand.press("ctrl+shift+p")
        hand.write("wgss")
        hand.press("Return")
        hand.until(lambda: hand.part(TREE).mean() < 80, "the dark look")
        hand.still(MAP)
        hand.keep("screen_07_dark")


def test_a_morning_at_the_map(tmp_path: Path, demonstration_file: Path) -> None:
    missing = missing_program()
    if missing:
        pytest.skip(f"peer missing: {missing} (make peers)")
    project = tmp_path / "desk.gpkg"
    shutil.copy(demonstration_file, project)
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "zsgis"
    settings.mkdir(parents=True)
    (settings / "preferences.json").write_text(json.dumps({"tour_seen": True}), encoding="utf-8")
    with on_screen(tmp_path, tmp_path, project, "1366x768") as hand:
        hand.until(lambda: hand.title().startswith("desk"), "the window")
        morning = Morning(hand)
        morning.move_the_map()
        morning.choose_features()
        morning.use_the_table()
        morning.restyle()
        morning.filter()
        morning.measure_and_swipe()
        morning.change_the_system()
        morning.arrange_layers()
        morning.find()
        morning.copy_and_darken()
        hand.press("ctrl+q")
        assert hand.program.wait(30) == 0
        assert hand.program.stderr is not None
        assert "Traceback" not in hand.program.stderr.read().decode()
    with Project.open(project) as closed:
        assert "limits" in json.dumps(closed.setting("layer_tree"), ensure_ascii=False)
    assert len(list(tmp_path.glob("screen_*.png"))) == 9
