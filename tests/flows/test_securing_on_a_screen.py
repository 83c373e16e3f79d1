"""Securing land on a real X server: allocation, its parcels on the map, dashboard, ledger, report in Word."""

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
from tests.flows.test_desk_on_a_screen import colors, differ

pytestmark = pytest.mark.peer

Box = tuple[int, int, int, int]
# parts of the window at 1366 x 768, in its own pixels
MAP: Box = (356, 90, 1058, 336)
WHOLE_MAP: Box = (356, 90, 1058, 670)
TABLE: Box = (356, 548, 1048, 700)
RESULTS: Box = (356, 425, 1048, 700)
INSPECTOR: Box = (1064, 90, 1364, 340)
JOBS: Box = (880, 740, 1364, 766)
NOTICE: Box = (356, 90, 1058, 124)
HALF_DONE: Box = (1150, 750, 1154, 754)
RUN = (208, 704)
FIRST_ROW = (720, 591)
SHOW_LAYER = (1015, 106)
PLATFORM_FIGURE = (529, 528)
STATE = (680, 402)
LEDGER_ROW = (480, 463)


def blue(picture: NDArray[np.int16]) -> bool:
    """Tell whether a part of the screen has the accent's colour."""
    return bool((picture[:, :, 2] - picture[:, :, 0] > 60).all())


class Securing:
    """The steps in their order; each looks at what it did."""

    def __init__(self, hand: Hand, folder: Path) -> None:
        self.hand, self.folder = hand, folder

    def changed(self, box: Box, what: str, keys: str, share: float = 0.02) -> None:
        """Press keys, and wait until a part of the window shows something else."""
        before = self.hand.part(box)
        self.hand.press(keys)
        self.hand.until(lambda: differ(before, self.hand.part(box)) > share, what)

    def clicked(self, box: Box, what: str, place: tuple[int, int], share: float = 0.02) -> None:
        before = self.hand.part(box)
        self.hand.click(*place)
        self.hand.until(lambda: differ(before, self.hand.part(box)) > share, what)

    def allocate(self) -> None:
        hand = self.hand
        hand.until(lambda: colors(hand.part(WHOLE_MAP)) > 200, "the whole map")
        hand.still(WHOLE_MAP)
        self.changed((66, 290, 340, 700), "the form of the allocation", "ctrl+7", 0.05)
        hand.still((66, 290, 340, 700))
        nothing = hand.part(TABLE)
        self.clicked(JOBS, "a job with its share and time", RUN)
        # its second half says how far the plan is from proved
        hand.until(lambda: blue(hand.part(HALF_DONE)), "half of the job done")
        hand.keep("securing_1_running")
        hand.until(lambda: differ(nothing, hand.part(TABLE)) > 0.5, "the recommended plan", 120)
        hand.still(TABLE)

    def see_its_parcel(self) -> None:
        hand = self.hand
        self.clicked(NOTICE, "that its layer is hidden", FIRST_ROW, 0.5)
        hand.still(INSPECTOR)
        hand.keep("securing_2_hidden")
        self.clicked(WHOLE_MAP, "the parcel on the map", SHOW_LAYER, 0.2)
        hand.still((356, 90, 1058, 400))
        hand.keep("securing_3_parcel")

    def look_at_the_dashboard(self) -> None:
        hand = self.hand
        self.changed(RESULTS, "the dashboard", "ctrl+8", 0.05)
        hand.still(RESULTS)
        self.clicked(INSPECTOR, "projects of a platform", PLATFORM_FIGURE, 0.002)
        hand.still(RESULTS)
        hand.keep("securing_4_dashboard")

    def look_at_the_ledger(self) -> None:
        hand = self.hand
        self.changed(RESULTS, "the ledger", "ctrl+shift+t", 0.05)
        hand.still(RESULTS)
        full = hand.part(RESULTS)
        # the first state of the list: the figures that hold
        hand.click(*STATE)
        hand.press("Down", "Return")
        hand.until(lambda: differ(full, hand.part(RESULTS)) > 0.01, "the figures that hold")
        hand.still(RESULTS)
        self.clicked((860, 425, 1058, 630), "formula, clause and run", LEDGER_ROW)
        hand.still(RESULTS)
        hand.keep("securing_5_ledger")

    def report(self) -> None:
        hand, title = self.hand, self.hand.title()
        hand.press("ctrl+9")
        hand.until(lambda: hand.title() not in ("", title), "the dialog of the file")
        hand.press("ctrl+a")
        hand.write(str(self.folder / "report.docx"))
        asked = hand.title()
        hand.press("Return")
        hand.until((self.folder / "report.docx").exists, "the report")
        # what is to be known of it may be told
        hand.until(lambda: hand.title() not in ("", asked), "what is to be known of the report")
        hand.still(WHOLE_MAP)
        hand.keep("securing_6_report")
        if hand.title() != title:
            hand.press("Return")
            hand.until(lambda: hand.title() == title, "the window again")


def test_from_allocation_to_report(tmp_path: Path, demonstration_file: Path) -> None:
    missing = missing_program()
    if missing:
        pytest.skip(f"peer missing: {missing} (make peers)")
    project = tmp_path / "desk.gpkg"
    shutil.copy(demonstration_file, project)
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "zsgis"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "preferences.json").write_text(json.dumps({"tour_seen": True}), encoding="utf-8")
    with on_screen(tmp_path, tmp_path, project, "1366x768") as hand:
        hand.until(lambda: hand.title().startswith("desk"), "the window")
        steps = Securing(hand, tmp_path)
        steps.allocate()
        steps.see_its_parcel()
        steps.look_at_the_dashboard()
        steps.look_at_the_ledger()
        steps.report()
        hand.press("ctrl+q")
        assert hand.program.wait(30) == 0
        assert hand.program.stderr is not None
        assert "Traceback" not in hand.program.stderr.read().decode()
    with Project.open(project) as closed:
        assert [run["capability"] for run in closed.runs()].count("allocate") == 1
    assert len(list(tmp_path.glob("securing_*.png"))) == 6
