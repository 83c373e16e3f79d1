"""Files brought in on a real X server: one chosen on the map, a workbook with merged headings."""

from __future__ import annotations

import json
import os
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from layers.store import NewLayer, Project
from tests.flows.screen import Hand, missing_program, on_screen
from tests.ui.import_samples import merged_workbook, phone_parcels
from ui.palette import LIGHT

pytestmark = pytest.mark.peer

SCREEN = (0, 0, 1366, 768)
BADGE_PX = 20
# a disc of 20 pixels, less its number and its rim
BADGE_INK = 150
APART_PX = 16
READY_PX = 700


def ink(picture: NDArray[np.int16], color: str) -> NDArray[np.bool_]:
    """Return where a picture has exactly a colour."""
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return np.asarray((picture == wanted).all(axis=2))


def badges(picture: NDArray[np.int16]) -> list[tuple[int, int]]:
    """Return the middles of the numbered discs, from top to bottom."""
    mask = ink(picture, LIGHT.muted).astype(np.int32)
    sums = np.pad(mask.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    span = BADGE_PX
    inside = sums[span:, span:] - sums[:-span, span:] - sums[span:, :-span] + sums[:-span, :-span]
    found: list[tuple[int, int]] = []
    for place in np.argsort(inside, axis=None)[::-1]:
        top, left = np.unravel_index(place, inside.shape)
        if inside[top, left] < BADGE_INK:
            break
        middle = (int(left) + span // 2, int(top) + span // 2)
        # neighbours stand 22 pixels apart
        if all(abs(middle[0] - x) > APART_PX or abs(middle[1] - y) > APART_PX for x, y in found):
            found.append(middle)
    return sorted(found, key=lambda place: place[1])


def open_file(hand: Hand, path: Path) -> None:
    """Choose a file by typing its path."""
    title = hand.title()
    hand.press("ctrl+i")
    hand.until(lambda: hand.title() not in ("", title), "the dialog for files")
    hand.write(str(path))
    hand.press("Return")
    hand.until(lambda: path.name in hand.title(), "what the file is")
    hand.still(SCREEN)


def accent(hand: Hand) -> int:
    """Return how much of the screen is filled with the accent: a button that stands ready adds much."""
    return int(ink(hand.look(), LIGHT.accent).sum())


def close_findings(hand: Hand) -> None:
    hand.until(lambda: "已导入" in hand.title(), "what was noticed")
    hand.press("Return")
    hand.until(lambda: hand.title().startswith("desk"), "the window again")


def test_files_are_brought_in_by_mouse_and_key(tmp_path: Path) -> None:
    missing = missing_program()
    if missing:
        pytest.skip(f"peer missing: {missing} (make peers)")
    project = make_project(tmp_path / "desk.gpkg")
    phone = phone_parcels(tmp_path / "phone.gpkg")
    survey = merged_workbook(tmp_path / "survey.xlsx")
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "zsgis"
    settings.mkdir(parents=True)
    chosen = json.dumps({"tour_seen": True, "theme": "light", "language": "zh_CN"})
    (settings / "preferences.json").write_text(chosen, encoding="utf-8")
    with on_screen(tmp_path, tmp_path, project, "1366x768") as hand:
        hand.until(lambda: hand.title().startswith("desk"), "the window")
        hand.still(SCREEN)
        choose_on_the_map(hand, phone)
        look_at_the_header(hand, survey)
        hand.press("ctrl+q")
        assert hand.program.wait(30) == 0
        assert hand.program.stderr is not None
        assert "Traceback" not in hand.program.stderr.read().decode()
    with Project.open(project) as closed:
        layers = {layer.name: layer for layer in closed.layers()}
        assert layers["phone"].source["taken_as"] == "gcj02"
        assert layers["phone"].feature_count == 6
        assert layers["survey"].source["taken_as"] == "4526"
        # 合计 is no point
        assert layers["survey"].feature_count == 12
    assert {path.name for path in tmp_path.glob("import_*.png")} == {
        "import_candidates.png",
        "import_excel.png",
    }


def make_project(path: Path) -> Path:
    """Make a project of one plain zone."""
    with Project.create(path, 4547) as project:
        zone = geopandas.GeoDataFrame(
            {"name": ["甲"]}, geometry=[shapely.box(434_000, 2_489_000, 440_000, 2_494_000)], crs=4547
        )
        project.add_layer(NewLayer("范围", "zones", project.crs), zone)
    return path


def choose_on_the_map(hand: Hand, path: Path) -> None:
    """Choose among places by a click on a number: the shift of phones is taken off to the north-west."""
    open_file(hand, path)
    barred, numbers = accent(hand), badges(hand.look())
    assert len(numbers) == 5
    hand.click(*numbers[0])
    hand.until(lambda: accent(hand) > barred + READY_PX, "the button that imports")
    assert len(badges(hand.look())) == 4
    hand.still(SCREEN)
    hand.keep("import_candidates")
    hand.press("Return")
    close_findings(hand)


def look_at_the_header(hand: Hand, path: Path) -> None:
    """Look at the page of the header, where its rows stand out, and import."""
    open_file(hand, path)
    before = int(ink(hand.look(), LIGHT.chosen).sum())
    hand.press("ctrl+Tab", "ctrl+Tab", "ctrl+Tab")
    hand.until(lambda: int(ink(hand.look(), LIGHT.chosen).sum()) > before + 5_000, "the rows of the header")
    hand.still(SCREEN)
    hand.keep("import_excel")
    hand.press("Return")
    close_findings(hand)
