"""Ten parcels and three projects whose best plan is derived on paper in docs/allocation.md."""

from __future__ import annotations

from zsgis.allocation.problem import Candidate, Group, Problem, Project, Quota

HA = 10**6
NEW_LAND = "新增建设用地计划指标"


def _parcel(key: str, tenths_ha: int, score: int, cost: int, *, new: bool = False) -> Candidate:
    area = tenths_ha * HA // 10
    return Candidate(
        key,
        area,
        platform=key[0],
        score_permille=score,
        cost_yuan=cost * 10_000,
        draws_cents={NEW_LAND: area} if new else {},
        source="新增" if new else "三旧",
    )


def worked_case() -> Problem:
    return Problem(
        years=(2024, 2025),
        candidates=(
            _parcel("A1", 30, 900, 300),
            _parcel("A2", 30, 800, 300, new=True),
            _parcel("A3", 25, 700, 200),
            _parcel("A4", 40, 600, 200, new=True),
            _parcel("A5", 10, 900, 50),
            _parcel("B1", 30, 700, 240),
            _parcel("B2", 20, 800, 100, new=True),
            _parcel("B3", 25, 600, 150, new=True),
            _parcel("B4", 15, 900, 90),
            _parcel("B5", 30, 500, 60, new=True),
        ),
        projects=(
            Project(
                "光子", 1, 6 * HA, 5 * HA, 2024, 2024, most_sites=2, contiguous=True, platforms=frozenset("A")
            ),
            Project("园区", 2, 5 * HA, 4 * HA, 2024, 2025, most_sites=2),
            Project("企业", 3, 3 * HA, 2 * HA, 2025, 2025),
        ),
        groups=(Group("G1", ("A1", "A2", "A5")), Group("G2", ("A3", "A4"))),
        quotas=(Quota("指标", NEW_LAND, {2024: 3 * HA, 2025: 2 * HA}, carry_years=1, title=NEW_LAND),),
    )
