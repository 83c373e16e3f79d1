"""An allocation from the command line to the ledger: kept, printed, and stale when its input changes."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

from layers.edits import ChangeFeature, Edit
from layers.store import Project
from tests.zsgis.allocating.allocating_samples import QUICK, bureau
from zsgis.ledger.entries import EntryState, ledger_of, state_of
from zsgis.plan import load_plan

DAY = dt.date(2026, 11, 24)


def test_from_the_command_to_the_ledger_and_stale_when_the_register_changes(tmp_path: Path) -> None:
    with bureau(tmp_path) as project:
        path = project.path
    words = [f"{key}={value}" for key, value in QUICK.items()]
    options = [part for word in (*words, "explain=none", "alternatives=0") for part in ("-p", word)]
    out = tmp_path / "结果"
    ended = subprocess.run(
        [sys.executable, "-m", "zsgis", "run", "allocate", str(path), *options, "--out", str(out), "--json"],
        capture_output=True,
        check=False,
    )
    # 1: there is something to look at (no register limits forest land)
    assert ended.returncode == 1, ended.stderr
    assert json.loads(ended.stdout)["facts"]["secured_m2"] == 65_000.0
    assert {"用地配置.xlsx", "用地配置.json", "用地配置_推荐方案图.png"} <= {
        each.name for each in out.iterdir()
    }
    with Project.open(path) as project:
        before = ledger_of(project, load_plan(), DAY)
        major, new = (before.entry(f"{each}_quota_plan_share") for each in ("major", "construction"))
        assert major is not None
        assert new is not None
        # all 3 ha of 重大 that the plan draws go to 光子, of rank 1; nothing is drawn on 新增
        assert major.value == 100.0
        assert new.value is None
        register = project.layers_of("project_demand")[0]
        frame = project.read(register.uid)
        uid = str(frame.index[frame["name"] == "光子"][0])
        project.apply(Edit("改面积", (ChangeFeature(register.uid, uid, values={"land_wanted_m2": 2e4}),)))
        after = ledger_of(project, load_plan(), DAY).entry("major_quota_plan_share")
        assert after is not None
        assert (state_of(major), state_of(after)) == (EntryState.CURRENT, EntryState.STALE)
