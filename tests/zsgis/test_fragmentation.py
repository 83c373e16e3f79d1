"""Fragmentation on small drawn cases, worked out by hand, and what odd input does to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import box

from layers.errors import InputError, UsageError
from layers.store import Project
from tests.zsgis.stock_samples import EAST, NORTH, at, project_with
from zsgis.analysis.uniting import united
from zsgis.analysis.zone_names import deduction_name
from zsgis.result import Result, RowRole, Table
from zsgis.run import run_capability

# 1 亩 = 2000/3 m2: 100 m by 100 m = 15 亩
FACTORY = "100101"
FIELD = "0101"


def land(*shapes: Any, codes: list[str] | None = None) -> dict[str, list[Any]]:
    return {
        "name": [str(number) for number, _shape in enumerate(shapes, start=1)],
        "class_code": codes or [FACTORY] * len(shapes),
        "geometry": list(shapes),
    }


def zones(**areas: Any) -> dict[str, list[Any]]:
    return {"name": list(areas), "geometry": list(areas.values())}


def run(project: Project, **parameters: Any) -> Result:
    return run_capability(project, "fragmentation", {"basis": "planar", **parameters})


def row(table: Table, zone: str, size: str | None = None) -> dict[str, Any]:
    (found,) = [r for r in table.rows if r.values["zone"] == zone and r.values.get("size") == size]
    return dict(found.values)


def summary(result: Result, zone: str) -> dict[str, Any]:
    (found,) = [r for r in result.table("summary").rows if r.values["zone"] == zone]
    return dict(found.values)


@pytest.fixture
def three(tmp_path: Path) -> Project:
    """Two factories of 100 m by 100 m side by side, and one of 30 m by 20 m 50 m away; a field between."""
    shapes = [at(0, 0, 100, 100), at(100, 0, 200, 100), at(250, 0, 280, 20), at(200, 0, 250, 100)]
    return project_with(tmp_path / "p.gpkg", land(*shapes, codes=[FACTORY, FACTORY, FACTORY, FIELD]))


def test_three_parcels_by_hand(three: Project) -> None:
    result = run(three, zones="-")
    found = summary(result, "土地利用")
    # patches: 200 x 100 m = 20000 m2 = 30 亩, and 30 x 20 m = 600 m2 = 0.9 亩
    assert (found["count"], found["area"], found["largest"]) == (2, 30.9, 30.0)
    # mean (30 + 0.9) / 2, median of two the same
    assert (found["mean"], found["median"]) == (15.45, 15.45)
    # 20000 / 20600 = 97.087 %; under 10 亩: one patch, 600 / 20600 = 2.913 %
    assert (found["largest_share"], found["small_count"], found["small_share"]) == (97.09, 1, 2.91)
    # the layer: 25600 m2 = 38.4 亩; 20600 / 25600 = 80.47 %; 2 patches on 0.0256 km2
    assert (found["ground"], found["share"], found["density"]) == (38.4, 80.47, 78.13)
    # p / (2 sqrt(pi a)): 600 / 501.326 = 1.19683, 100 / 86.832 = 1.15165; mean 1.174;
    # weighted (1.19683 x 20000 + 1.15165 x 600) / 20600 = 1.1955
    assert (found["shape"], found["shape_weighted"]) == (1.174, 1.196)


def test_size_classes_hold_their_limits(tmp_path: Path) -> None:
    # 5 亩 = 10000/3 m2 is drawn as 100 m by 33.3333...: 4.99 and 30 exactly, 300 exactly
    shapes = [at(0, 0, 100, 33.3), at(300, 0, 500, 100), at(0, 500, 500, 900)]
    with project_with(tmp_path / "p.gpkg", land(*shapes)) as project:
        result = run(project, zones="-")
    table = result.table("sizes")
    counts = {r.values["size"]: r.values["count"] for r in table.rows}
    assert counts == {
        "5亩以下": 1,
        "5-10亩": 0,
        "10-30亩": 0,
        "30-50亩": 1,  # 200 x 100 m = 30 亩 belongs to the class above the limit
        "50-100亩": 0,
        "100-300亩": 0,
        "300亩以上": 1,  # 500 x 400 m = 300 亩
        "全部规模": 3,
    }
    body = [r.values["area"] for r in table.rows if r.role is RowRole.BODY]
    # 3330 m2 = 4.995 亩; the parts add up to the whole as printed
    assert sum(round(100 * area) for area in body) == round(100 * summary(result, "土地利用")["area"])


def test_who_got_what_is_listed(tmp_path: Path) -> None:
    # three patches of 4 m2 = 0.006 亩 each print 0.01, and together 12 m2 = 0.018 亩 print 0.02: one of the
    # zones gives way
    areas = zones(甲=at(0, 0, 9, 9), 乙=at(10, 0, 19, 9), 丙=at(20, 0, 29, 9))
    shapes = [at(x, 0, x + 2, 2) for x in (0, 10, 20)]
    with project_with(tmp_path / "p.gpkg", land(*shapes), areas) as project:
        result = run(project)
    printed = [summary(result, name)["area"] for name in ("甲", "乙", "丙", "总计")]
    assert printed == [0.01, 0.01, 0.0, 0.02]
    moved = [(each.table, each.item, each.before, each.after) for each in result.adjustments]
    assert ("summary", "丙", 0.01, 0.0) in moved
    assert ("sizes", "丙 · 5亩以下", 0.01, 0.0) in moved


@pytest.mark.parametrize(
    ("gap_m", "touch_m", "patches"),
    [(0.0, 0.0, 1), (0.05, 0.0, 2), (0.05, 0.1, 1), (0.11, 0.1, 2), (3.0, 3.5, 1)],
)
def test_parcels_within_the_tolerance_are_one_patch(
    tmp_path: Path, gap_m: float, touch_m: float, patches: int
) -> None:
    shapes = [at(0, 0, 50, 50), at(50 + gap_m, 0, 100, 50)]
    with project_with(tmp_path / "p.gpkg", land(*shapes)) as project:
        found = summary(run(project, zones="-", touch_m=touch_m), "土地利用")
    assert found["count"] == patches
    if patches == 1:
        # the gap is closed in the outline: 100 m by 50 m, 2 x 150 / (2 sqrt(pi a)), a without the gap
        area = 50 * (100 - gap_m)
        assert found["shape"] == pytest.approx(300 / (2 * np.sqrt(np.pi * area)), abs=6e-4)


def test_parcels_that_meet_at_a_corner_are_one_patch(tmp_path: Path) -> None:
    shapes = [at(0, 0, 50, 50), at(50, 50, 100, 100)]
    with project_with(tmp_path / "p.gpkg", land(*shapes)) as project:
        assert summary(run(project, zones="-"), "土地利用")["count"] == 1


def test_the_distance_is_a_true_one(tmp_path: Path) -> None:
    # corners 0.3 m and 0.4 m apart along the axes lie 0.5 m apart
    shapes = [at(0, 0, 50, 50), at(50.3, 50.4, 100, 100)]
    with project_with(tmp_path / "p.gpkg", land(*shapes)) as project:
        assert summary(run(project, zones="-", touch_m=0.49), "土地利用")["count"] == 2
        assert summary(run(project, zones="-", touch_m=0.51), "土地利用")["count"] == 1


def test_patches_are_cut_at_the_border_or_follow_most_of_them(tmp_path: Path) -> None:
    # one patch of 100 m by 300 m, 100 m of it in 甲, 200 m in 乙
    shapes = [at(0, 0, 100, 150), at(0, 150, 100, 300)]
    areas = zones(甲=at(-50, -50, 150, 100), 乙=at(-50, 100, 150, 350))
    with project_with(tmp_path / "p.gpkg", land(*shapes), areas) as project:
        cut, whole = run(project, border="cut"), run(project, border="whole")
    assert [summary(cut, name)["area"] for name in ("甲", "乙")] == [15.0, 30.0]
    assert [summary(cut, name)["count"] for name in ("甲", "乙", "总计")] == [1, 1, 1]
    assert summary(cut, "总计")["largest"] == 45.0
    assert [summary(whole, name)["area"] for name in ("甲", "乙")] == [0.0, 45.0]
    assert [summary(whole, name)["count"] for name in ("甲", "乙", "总计")] == [0, 1, 1]
    # 甲 is 200 m by 150 m: 45 亩
    assert summary(cut, "甲")["ground"] == 45.0
    assert summary(cut, "甲")["share"] == 33.33


def test_zones_over_each_other_count_land_in_each(tmp_path: Path) -> None:
    areas = zones(甲=at(-5, -5, 105, 105), 乙=at(50, -5, 105, 105))
    with project_with(tmp_path / "p.gpkg", land(at(0, 0, 100, 100)), areas) as project:
        result = run(project)
    assert summary(result, "甲")["area"] == 15.0
    assert summary(result, "乙")["area"] == 7.5
    assert summary(result, deduction_name())["area"] == -7.5
    assert (summary(result, "总计")["area"], summary(result, "总计")["count"]) == (15.0, 1)
    assert "overlay.zones_overlap" in {finding.code for finding in result.findings}


def test_an_empty_zone_has_a_row_and_land_outside_has_one(tmp_path: Path) -> None:
    areas = zones(空=at(1000, 0, 1100, 100), 半=at(0, 0, 50, 100))
    with project_with(tmp_path / "p.gpkg", land(at(0, 0, 100, 100)), areas) as project:
        result = run(project)
    empty, outside = summary(result, "空"), summary(result, "范围外")
    assert (empty["count"], empty["area"], empty["mean"], empty["shape"]) == (0, 0.0, None, None)
    assert (outside["count"], outside["area"], outside["ground"], outside["density"]) == (1, 7.5, None, None)


def test_slivers_are_area_and_no_patch(tmp_path: Path) -> None:
    # 1 cm of the parcel reaches over the border: 0.01 x 50 m = 0.5 m2
    areas = zones(甲=at(0, 0, 100, 50), 乙=at(100, 0, 200, 50))
    with project_with(tmp_path / "p.gpkg", land(at(0, 0, 100.01, 50)), areas) as project:
        result = run(project, unit="m2")
    assert (summary(result, "乙")["count"], summary(result, "乙")["area"]) == (0, 0.5)
    assert row(result.table("sizes"), "乙", "碎片")["area"] == 0.5
    assert "fragmentation.slivers" in {finding.code for finding in result.findings}


def test_every_row_leads_to_its_parcels(three: Project) -> None:
    result = run(three, zones="-")
    uids = [str(uid) for uid in three.read(three.layers()[0].uid).index]
    layer = three.layers()[0].uid
    patches = result.table("patches").rows
    assert [set(r.sources[layer]) for r in patches] == [{uids[0], uids[1]}, {uids[2]}]
    assert set(result.table("summary").rows[0].sources[layer]) == set(uids[:3])
    by_size = {r.values["size"]: set(r.sources[layer]) for r in result.table("sizes").rows}
    assert by_size["5亩以下"] == {uids[2]}
    assert by_size["30-50亩"] == {uids[0], uids[1]}
    assert result.maps[0].sources == (tuple(uids[:2]), (uids[2],))


def test_charts_show_the_size_classes(three: Project) -> None:
    area, count = run(three, zones="-").charts
    assert area.categories[:2] == ("5亩以下", "5-10亩")
    assert area.series[0].values == (0.9, 0.0, 0.0, 30.0, 0.0, 0.0, 0.0)
    assert count.series[0].values == (1, 0, 0, 1, 0, 0, 0)


def test_order_and_place_change_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    corners = rng.integers(0, 40, size=(60, 2)) * 10.0
    shapes = [at(x, y, x + 10, y + 10) for x, y in np.unique(corners, axis=0)]
    turned = list(reversed(shapes))
    moved = [shapely.transform(shape, lambda xy: np.add(xy, (800.0, -300.0))) for shape in shapes]
    found = []
    for number, drawn in enumerate((shapes, turned, moved)):
        with project_with(tmp_path / f"{number}.gpkg", land(*drawn)) as project:
            values = summary(run(project, zones="-"), "土地利用")
            sizes = [r.values["count"] for r in run(project, zones="-").table("sizes").rows]
            found.append((values, sizes))
    assert found[0] == found[1] == found[2]
    # the same patches by another way: boxes that touch, united after widening by half the tolerance
    united = shapely.union_all([shapely.buffer(shape, 0.05, join_style="mitre") for shape in shapes])
    assert found[0][0]["count"] == shapely.get_num_geometries(united)


def test_landscape_metrics_by_hand(three: Project) -> None:
    result = run(three, zones="-", metrics=True, cell_m=10, core_m=10)
    (found,) = [r.values for r in result.table("metrics").rows]
    # patches 20000 and 600 m2 on a layer of 25600 m2
    assert found["NP"] == 2
    assert found["PD"] == 78.125  # 2 / 2.56 ha x 100
    assert found["LPI"] == 78.125
    assert found["MESH"] == 1.5639  # (20000^2 + 600^2) / 25600 / 10^4
    assert found["AREA_AM"] == 1.9435  # (2^2 + 0.06^2) / 2.06
    assert found["TE"] == 700.0
    assert found["ENN_MN"] == 50.0
    # 10 m off each side: 180 x 80 and 10 x 0, which is nothing
    assert found["TCA"] == 1.44
    assert found["FRAC_MN"] == pytest.approx(
        (2 * np.log(600) / np.log(20000) + 2 * np.log(100) / np.log(600)) / 2, abs=1e-4
    )
    # 20 x 10 and 3 x 2 cells: like pairs 19 x 10 + 20 x 9 + 7 = 377 of 206 cells; n = 14, m = 10, most is
    # 2 x 14 x 13 + 2 x 10 - 1 = 383
    assert found["cells_AI"] == pytest.approx(100 * 377 / 383, abs=1e-4)
    # p = 60 and 10 sides, a = 200 and 6 cells of 256
    apart = 70 / (60 * 200**0.5 + 10 * 6**0.5)
    assert found["cells_COHESION"] == pytest.approx(100 * (1 - apart) / (1 - 1 / 16), abs=1e-4)


def test_classes_are_read_in_the_layers_standard(three: Project) -> None:
    assert summary(run(three, zones="-", classes="01"), "土地利用")["area"] == 7.5
    # the field joins both: everything is one patch
    assert summary(run(three, zones="-", classes="*"), "土地利用")["count"] == 1
    assert summary(run(three, zones="-", classes="0101，100101"), "土地利用")["count"] == 1
    with pytest.raises(InputError, match=r"土地利用.*1202"):
        run(three, zones="-", classes="1202")


def test_a_standard_of_the_files_own_must_be_told_its_classes(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", land(at(0, 0, 10, 10), codes=["7"]), standard="custom") as project:
        with pytest.raises(InputError, match="工业"):
            run(project, zones="-")
        assert summary(run(project, zones="-", classes="7"), "土地利用")["count"] == 1


def test_unknown_and_missing_codes_are_named(tmp_path: Path) -> None:
    shapes = [at(0, 0, 10, 10), at(20, 0, 30, 10), at(40, 0, 50, 10)]
    with project_with(tmp_path / "p.gpkg", land(*shapes, codes=[FACTORY, "9999", ""])) as project:
        result = run(project, zones="-")
    assert summary(result, "土地利用")["count"] == 1
    assert {"class.unknown_code", "class.none"} <= {finding.code for finding in result.findings}


def test_a_layer_without_classes_is_refused(tmp_path: Path) -> None:
    drawn = {"name": ["1"], "geometry": [at(0, 0, 10, 10)]}
    with project_with(tmp_path / "p.gpkg", drawn) as project, pytest.raises(InputError, match="土地利用"):
        run(project, zones="-")


def test_without_a_land_layer_it_says_so(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", 4547) as project, pytest.raises(InputError, match="地类"):
        run(project)


def test_degrees_are_cut_in_the_projects_plane(tmp_path: Path) -> None:
    with project_with(
        tmp_path / "p.gpkg", land(at(0, 0, 100, 100), at(100, 0, 200, 100)), crs=4490
    ) as project:
        result = run_capability(project, "fragmentation", {"zones": "-"})
    found = summary(result, "土地利用")
    assert found["count"] == 1
    assert found["area"] == pytest.approx(30.0, abs=0.02)
    assert result.facts["area_basis"] == "ellipsoidal"


def test_parcels_without_a_shape_count_nowhere_and_broken_ones_are_repaired(tmp_path: Path) -> None:
    bowtie = shapely.Polygon([(EAST, NORTH), (EAST + 20, NORTH + 20), (EAST + 20, NORTH), (EAST, NORTH + 20)])
    with project_with(tmp_path / "p.gpkg", land(at(50, 0, 60, 10), None, bowtie)) as project:
        result = run(project, zones="-", unit="m2")
    # the bowtie: two triangles of 100 m2 that meet at a corner, with one parcel's two parts one patch
    assert summary(result, "土地利用")["area"] == 300.0
    assert {"overlay.no_shape", "overlay.repaired_ring"} <= {finding.code for finding in result.findings}


def test_the_bureaus_own_size_classes(tmp_path: Path, three: Project) -> None:
    rule = tmp_path / "own.toml"
    rule.write_text(
        'key="fragmentation"\ntitle="本局"\nversion="1"\nstatus="现行"\nsource="本局"\n'
        "size_classes_mu=[1, 20]\nsmall_mu=0.5\n",
        encoding="utf-8",
    )
    result = run(three, zones="-", rule=str(rule))
    counts = [r.values["count"] for r in result.table("sizes").rows]
    assert counts == [1, 0, 1, 2]
    assert summary(result, "土地利用")["small_count"] == 0
    assert result.run.rules["fragmentation"].startswith("本局 1")
    rule.write_text(rule.read_text(encoding="utf-8").replace("[1, 20]", "[20, 1]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml"):
        run(three, zones="-", rule=str(rule))
    with pytest.raises(InputError, match="nowhere"):
        run(three, zones="-", rule="nowhere")


def test_parameters_out_of_range_are_named(three: Project) -> None:
    with pytest.raises(UsageError, match="touch_m"):
        run(three, touch_m=-1)


def test_outlines_of_many_parcels_equal_one_union(monkeypatch: pytest.MonkeyPatch) -> None:
    from layers.progress import NoProgress
    from zsgis.analysis.fragmentation import merging

    monkeypatch.setattr(merging, "_UNITED_AT_A_TIME", 7)
    shapes = np.array([box(x, y, x + 1, y + 1) for x in range(9) for y in range(6)], dtype=object)
    patch = np.zeros(len(shapes), dtype=np.int64)
    (found,) = merging.outlines(shapes, patch, 1, 0.0, NoProgress())
    assert found.equals(box(0, 0, 9, 6))


@pytest.mark.parametrize("apart", [0.0, 0.5, -0.25], ids=["edge to edge", "staggered", "over each other"])
def test_parcels_are_united_however_they_are_drawn(apart: float) -> None:
    rows = [
        box(x + apart * (y % 2), y - max(-apart, 0) * y, x + 1 + apart * (y % 2), y + 1)
        for x in range(5)
        for y in range(4)
    ]
    shapes = np.array(rows, dtype=object)
    slow: Any = rows[0]
    for shape in rows[1:]:
        slow = slow.union(shape)
    assert united(shapes).equals(slow)
