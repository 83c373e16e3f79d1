"""A copy merged into the open project on a real X server, by keys and a click on the list."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.merge_histories import uid_of
from layers.store import Project
from tests.flows.screen import Hand, missing_program, on_screen
from tests.zsgis.merging.scenes import MINE_PIECE, two_people

pytestmark = pytest.mark.peer

SCREEN = (0, 0, 1366, 768)


def choose(hand: Hand, path: Path, title: str) -> None:
    """Answer a dialog for files by typing the path."""
    hand.until(lambda: title in hand.title(), title)
    hand.write(str(path))
    hand.press("Return")


def test_three_files_are_merged_by_keys(tmp_path: Path) -> None:
    missing = missing_program()
    if missing:
        pytest.skip(f"peer missing: {missing} (make peers)")
    files, layer = two_people(tmp_path)
    names = {"base": files.base, "mine": files.mine, "desk": files.theirs}
    for name, path in names.items():
        path.rename(tmp_path / f"{name}.gpkg")  # what stands on a keyboard
    base, mine, theirs = (tmp_path / f"{name}.gpkg" for name in names)
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "zsgis"
    settings.mkdir(parents=True)
    chosen = json.dumps({"tour_seen": True, "theme": "light", "language": "zh_CN"})
    (settings / "preferences.json").write_text(chosen, encoding="utf-8")
    with on_screen(tmp_path, tmp_path, theirs, "1366x768") as hand:
        hand.until(lambda: hand.title().startswith("desk"), "the window", 90)
        hand.still(SCREEN)
        hand.press("ctrl+shift+k")
        for path, title in ((base, "基准"), (mine, "我的"), (theirs, "对方")):
            choose(hand, path, title)
        decide_and_merge(hand)
        hand.press("ctrl+q")
        assert hand.program.wait(30) == 0
        assert hand.program.stderr is not None
        assert "Traceback" not in hand.program.stderr.read().decode()
    with Project.open(theirs, read_only=True) as project:
        states = {one.zs_uid: one for one in project.states(layer.uid)}
        assert project.edits()[0].kind == "merge"
    assert states[uid_of(0)].values["name"] == "科学城一号"
    assert states[uid_of(3)].geometry.area == pytest.approx(500)
    assert uid_of(8) not in states
    assert MINE_PIECE in states


def decide_and_merge(hand: Hand) -> None:
    """Take mine for the name, theirs for the boundary, mine for the rest; then merge."""
    hand.until(lambda: hand.title() == "交回工作副本", "the conflicts")
    hand.still(SCREEN)
    hand.press("2", "n")
    hand.still(SCREEN)
    hand.keep("merge_conflict")
    hand.press("3", "n")
    hand.press(*["shift+2"] * 3)
    hand.still(SCREEN)
    hand.press("ctrl+Return")
    hand.still(SCREEN)
    hand.keep("merge_summary")
    hand.press("Escape")
    hand.until(lambda: hand.title().startswith("desk"), "the window again")
