"""Which single missing parcel joins groups: every parcel tried by making it one that may be assembled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from contiguity_samples import FACTORY, FIELD, HOUSES, areas, at, contiguity, project_of

SIDE = 20.0


def squares(seed: int) -> tuple[list[str], list[object]]:
    """Return a board of 5 x 5 squares of 20 m, each a factory, a house or a field by chance."""
    chance = np.random.default_rng(seed)
    codes = chance.choice([FACTORY, HOUSES, FIELD], size=25, p=[0.45, 0.35, 0.2]).tolist()
    # corners moved inwards by up to 3 m, so that only some neighbours are within the gap of 1 m
    inner = chance.choice([0.0, 0.4, 3.0], size=(25, 2))
    shapes = [
        at(
            SIDE * (place % 5) + dx,
            SIDE * (place // 5) + dy,
            SIDE * (place % 5) + SIDE - dx,
            SIDE * (place // 5) + SIDE - dy,
        )
        for place, (dx, dy) in enumerate(inner.tolist())
    ]
    return codes, shapes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gains_are_those_of_every_parcel_tried(tmp_path: Path, seed: int) -> None:
    codes, shapes = squares(seed)
    names = [f"地{place}" for place in range(25)]
    project = project_of(tmp_path / "p.gpkg", codes, shapes, name=names)
    result = contiguity(project, gap_m=1.0, zones="-", missing_listed=100)
    listed = {row.values["parcel"]: row.values["gain_m2"] for row in result.table("missing").rows}
    before = sorted(areas(result))
    expected: dict[str, float] = {}
    for place, code in enumerate(codes):
        if code == FACTORY:
            continue
        tried = [FACTORY if other == place else each for other, each in enumerate(codes)]
        again = project_of(tmp_path / f"{place}.gpkg", tried, shapes, name=names)
        after = sorted(areas(contiguity(again, gap_m=1.0, zones="-", missing_listed=0)))
        # groups that are there after and were not before: one, made of those that are gone
        gone = list(before)
        for area in after:
            if area in gone:
                gone.remove(area)
        if len(gone) > 1:
            own = shapes[place].area  # type: ignore[attr-defined]
            expected[names[place]] = round(sum(gone) + own - max(gone), 2)
    assert listed == pytest.approx(expected, abs=0.011)
    assert expected
