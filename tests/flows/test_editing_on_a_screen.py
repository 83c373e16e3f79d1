"""A parcel drawn, snapped to its neighbour and divided on a real X server; taken back after a restart."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.store import Project
from tests.flows.screen import Hand, missing_program, on_screen
from tests.ui.window_samples import EAST, make_project

pytestmark = pytest.mark.peer

Box = tuple[int, int, int, int]
MAP: Box = (360, 170, 1056, 640)
SCREEN: Box = (0, 0, 1366, 768)
# shot over the corner: within the reach of snapping, on none of its pixels
MISSED_PX = 3
LAND = "图斑"
EYE_OF_PLATFORM, PARCELS_ROW, SCALE = (109, 165), (160, 216), (430, 752)
BAR: Box = (356, 88, 1058, 150)


def parcels_on(hand: Hand) -> tuple[float, float, float, float]:
    """Return where the two parcels stand on the screen: left, top, right, bottom."""
    picture = hand.still(MAP)
    ground = picture[5, 5]
    rows, columns = np.nonzero((np.abs(picture - ground) > 12).any(axis=2))
    assert len(rows), "the map is empty"
    left, top = MAP[0] + columns.min(), MAP[1] + rows.min()
    return left, top, MAP[0] + columns.max(), MAP[1] + rows.max()


def features(path: Path) -> dict[str, shapely.Geometry]:
    with Project.open(path, read_only=True) as project:
        layer = project.layer(LAND)
        return {state.zs_uid: state.geometry for state in project.states(layer.uid)}


def wait_for(hand: Hand, path: Path, count: int) -> dict[str, shapely.Geometry]:
    hand.until(lambda: len(features(path)) == count, f"{count} parcels in the file")
    return features(path)


def corners(shape: shapely.Geometry) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in shapely.get_coordinates(shape)}


def draw_beside(hand: Hand, path: Path) -> str:
    """Draw a parcel east of the eastern one; return its identifier."""
    left, top, right, bottom = parcels_on(hand)
    side = (right - left) / 2
    hand.press("ctrl+alt+a")
    hand.click(right - MISSED_PX, top + MISSED_PX)
    hand.click(right + side * 0.6, top + side * 0.1)
    hand.click(right + side * 0.6, bottom)
    hand.move(right + MISSED_PX, bottom - MISSED_PX)
    hand.still(MAP)
    hand.keep("editing_1_snapped")
    hand.click(right + MISSED_PX, bottom - MISSED_PX)
    before = set(features(path))
    hand.press("Return")
    after = wait_for(hand, path, 3)
    (drawn,) = set(after) - before
    # both corners are the neighbour's own, to the last bit
    assert len(corners(after[drawn]) & corners(after[EAST])) == 2
    assert after[drawn].intersection(after[EAST]).area == 0
    hand.still(SCREEN)
    hand.keep("editing_2_drawn")
    return drawn


def divide(hand: Hand, path: Path, box: tuple[float, float, float, float]) -> None:
    """Divide the western parcel from top to bottom; what was drawn before is selected no longer."""
    left, top, right, bottom = box
    middle = left + (right - left) * 0.3
    hand.press("ctrl+shift+a")
    hand.still(SCREEN)
    hand.press("ctrl+alt+x")
    hand.click(middle, top - 20)
    hand.click(middle, bottom + 20)
    hand.press("Return")
    wait_for(hand, path, 4)
    hand.still(SCREEN)
    hand.keep("editing_3_divided")


def start(home: Path) -> None:
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "zsgis"
    settings.mkdir(parents=True, exist_ok=True)
    chosen = json.dumps({"tour_seen": True, "theme": "light", "language": "zh_CN"})
    (settings / "preferences.json").write_text(chosen, encoding="utf-8")
    assert home.is_dir()


def leave(hand: Hand) -> None:
    hand.press("ctrl+q")
    assert hand.program.wait(30) == 0
    assert hand.program.stderr is not None
    assert "Traceback" not in hand.program.stderr.read().decode()


def edit_the_parcels(hand: Hand) -> None:
    """Begin to edit the layer of parcels."""
    hand.until(lambda: hand.title().startswith("desk"), "the window", 90)
    hand.still(SCREEN)
    # only the parcels, and ground around them
    hand.click(*EYE_OF_PLATFORM)
    hand.click(*SCALE)
    hand.press("ctrl+a")
    hand.write("2500")
    hand.press("Return")
    hand.still(SCREEN)
    hand.click(*PARCELS_ROW)
    before = hand.still(BAR)
    hand.press("ctrl+alt+l")
    hand.until(lambda: float((before != hand.part(BAR)).mean()) > 0.02, "the bar of editing")
    hand.still(SCREEN)


def test_what_is_drawn_and_divided_is_taken_back_after_a_restart(tmp_path: Path) -> None:
    missing = missing_program()
    if missing:
        pytest.skip(f"peer missing: {missing} (make peers)")
    path = tmp_path / "desk.gpkg"
    with make_project(path) as project:
        first = project.content_hash(project.layer(LAND).uid)
    start(tmp_path)
    with on_screen(tmp_path, tmp_path, path, "1366x768") as hand:
        edit_the_parcels(hand)
        box = parcels_on(hand)
        draw_beside(hand, path)
        divide(hand, path, box)
        leave(hand)
    shutil.rmtree(tmp_path / ".cache", ignore_errors=True)
    with on_screen(tmp_path, tmp_path, path, "1366x768") as hand:
        hand.until(lambda: hand.title().startswith("desk"), "the window", 90)
        hand.still(SCREEN)
        hand.press("ctrl+z")
        wait_for(hand, path, 3)
        hand.press("ctrl+z")
        wait_for(hand, path, 2)
        hand.still(SCREEN)
        hand.keep("editing_4_taken_back")
        hand.press("ctrl+shift+z")
        wait_for(hand, path, 3)
        hand.press("ctrl+z")
        wait_for(hand, path, 2)
        leave(hand)
    with Project.open(path, read_only=True) as project:
        assert project.content_hash(project.layer(LAND).uid) == first
