"""The race's allocation instances as problems.

They come from ``../shared/bench/make_allocation.py``. Its semantics: candidates are taken whole, by one
project in one year; a project gets its least area in all or nothing; the sites of a contiguous one lie in one
group; quotas of the city carry over, those of towns do not. Levels: secured area of rank 1, of rank 2, of
rank 3, then score times area, then less cost.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from zsgis.allocation.objective import lexicographic
from zsgis.allocation.problem import Candidate, Group, Problem, Project, Quota

GENERATOR = Path(__file__).resolve().parents[2] / "shared" / "bench" / "make_allocation.py"
NEW_LAND, FOREST = "newland", "forest"


def made(seed: int, *, candidates: int = 2000, projects: int = 60, years: int = 5) -> Problem:
    """Run the generator and return its instance."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.json"
        sizes = ["--candidates", candidates, "--projects", projects, "--years", years]
        subprocess.run(
            [sys.executable, str(GENERATOR), str(seed), str(path), *map(str, sizes)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return problem_of(json.loads(path.read_text(encoding="utf-8")))


def problem_of(instance: dict[str, Any]) -> Problem:
    """Return an instance as a problem; its years count from 0 and become 2021 and later."""
    years = tuple(2021 + quota["year"] for quota in instance["quotas"])
    towns = sorted({candidate["town"] for candidate in instance["candidates"]})
    carry = instance["carry_over_years"]
    city = tuple(
        Quota(
            kind,
            kind,
            {2021 + quota["year"]: _cents(quota[f"{kind}_m2"]) for quota in instance["quotas"]},
            carry_years=carry,
        )
        for kind in (NEW_LAND, FOREST)
    )
    by_town = tuple(
        Quota(
            f"{NEW_LAND} {town}",
            NEW_LAND,
            dict.fromkeys(years, _cents(instance["town_newland_m2"])),
            towns=frozenset((str(town),)),
        )
        for town in towns
    )
    return Problem(
        years=years,
        candidates=tuple(_candidate(each) for each in instance["candidates"]),
        projects=tuple(_project(each) for each in instance["projects"]),
        groups=tuple(
            Group(f"g{place}", tuple(str(each) for each in members))
            for place, members in enumerate(instance["groups"])
        ),
        quotas=(*city, *by_town),
        objective=lexicographic((1, 2, 3)),
    )


def _cents(m2: float) -> int:
    return round(m2 * 100)


def _candidate(given: dict[str, Any]) -> Candidate:
    return Candidate(
        key=str(given["id"]),
        area_cents=_cents(given["area_m2"]),
        town=str(given["town"]),
        platform=str(given["platform"]),
        score_permille=round(given["score"] * 1000),
        cost_yuan=round(given["cost"] * 10000),
        draws_cents={
            kind: _cents(given[f"{kind}_m2"]) for kind in (NEW_LAND, FOREST) if given[f"{kind}_m2"] > 0
        },
    )


def _project(given: dict[str, Any]) -> Project:
    return Project(
        key=str(given["id"]),
        rank=given["rank"],
        need_cents=_cents(given["need_m2"]),
        least_cents=_cents(given["least_m2"]),
        from_year=2021 + given["from_year"],
        to_year=2021 + given["to_year"],
        most_sites=given["most_sites"],
        min_score_permille=round(given["min_score"] * 1000),
        contiguous=given["contiguous"],
        platforms=frozenset(str(each) for each in given["platforms"]),
    )
