"""How much land of which class each zone holds: worked by hand, and the cases that go wrong elsewhere."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import Polygon
from stock_samples import EAST, NORTH, at, project_with, three_parcels, two_zones

from layers.area import ellipsoidal_area_m2
from layers.classification import standard
from layers.errors import CrsError, InputError, UsageError
from zsgis.charts import BarChart
from zsgis.result import NotDerivable, Result, RowRole
from zsgis.run import run_capability


def stock(project: Any, **parameters: Any) -> Result:
    with project:
        return run_capability(project, "stock", parameters)


def rows(result: Result, table: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values.get(key) for key in keys) for row in result.table(table).rows]


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def assert_adds_up(result: Result) -> None:
    """Check every table as an auditor would: from the printed figures alone."""
    table = result.table("stock")
    for column in [c for c in table.columns if c.key.startswith("area_")]:

        def printed(row: Any, column: Any = column) -> Decimal:
            return Decimal(f"{row.values[column.key]:.{column.digits}f}")

        body = [row for row in table.rows if row.role is RowRole.BODY]
        for row in table.rows:
            if row.role is RowRole.SUBTOTAL and row.values["class_code"] == "":
                zone = row.values["zone"]
                assert sum(printed(b) for b in body if b.values["zone"] == zone) == printed(row)
        assert sum(printed(b) for b in body) == printed(table.rows[-1])
    for zone in {row.values["zone"] for row in table.rows}:
        mine = [row for row in table.rows if row.values["zone"] == zone and row.values["class_code"]]
        leaves = {r.values["class_code"]: r for r in mine if r.values["share"] is not None}
        finest = [r for r in leaves.values() if r.role is RowRole.BODY]
        if finest:
            assert sum(Decimal(f"{r.values['share']:.2f}") for r in finest) == 100
    matrix = result.table("matrix")
    classes = [c for c in matrix.columns if c.key not in ("zone", "total")]
    digits = matrix.columns[-1].digits
    for row in matrix.rows:
        cells = [Decimal(f"{row.values[c.key]:.{digits}f}") for c in classes]
        assert sum(cells) == Decimal(f"{row.values['total']:.{digits}f}")
    for column in matrix.columns[1:]:
        figures = [Decimal(f"{row.values[column.key]:.{digits}f}") for row in matrix.rows]
        assert sum(figures[:-1]) == figures[-1]
    totals = [row.values["total"] for row in result.table("summary").rows]
    assert totals == [row.values["total"] for row in matrix.rows]


def test_three_parcels_and_two_zones_by_hand(tmp_path: Path) -> None:
    # 甲: the field whole, 100 m2, and 4 m x 10 m = 40 m2 of the factory: 140 m2, of it 40 industrial.
    # 乙: 6 x 10 = 60 m2 of the factory and 5 x 10 = 50 m2 of the laboratory: 110 m2, all construction,
    # 60/110 = 54.55 % industrial, 50/110 = 45.45 % research. Outside: 50 m2 of the laboratory. 300 in all.
    project = project_with(tmp_path / "p.gpkg", three_parcels(), two_zones())
    result = stock(project, basis="planar", unit="m2")
    assert rows(result, "stock", "zone", "class_code", "area_m2", "count", "share") == [
        ("甲", "01", 100.0, 1, 71.43),
        ("甲", "10", 40.0, 1, 28.57),
        ("甲", "", 140.0, 2, 100.0),
        ("乙", "08", 50.0, 1, 45.45),
        ("乙", "10", 60.0, 1, 54.55),
        ("乙", "", 110.0, 2, 100.0),
        ("范围外", "08", 50.0, 1, 100.0),
        ("范围外", "", 50.0, 1, 100.0),
        ("总计", "01", 100.0, 1, 33.34),
        ("总计", "08", 100.0, 1, 33.33),
        ("总计", "10", 100.0, 1, 33.33),
        ("总计", "", 300.0, 3, 100.0),
    ]
    keys = ("zone", "total", "construction", "industrial", "industrial_share", "research", "research_share")
    assert rows(result, "summary", *keys) == [
        ("甲", 140.0, 40.0, 40.0, 28.57, 0.0, 0.0),
        ("乙", 110.0, 110.0, 60.0, 54.55, 50.0, 45.45),
        ("范围外", 50.0, 50.0, 0.0, 0.0, 50.0, 100.0),
        ("总计", 300.0, 200.0, 100.0, 33.33, 100.0, 33.33),
    ]
    assert rows(result, "matrix", "zone", "class_01", "class_08", "class_10", "total")[-1] == (
        "总计",
        100.0,
        100.0,
        100.0,
        300.0,
    )
    assert_adds_up(result)


def test_every_row_names_the_parcels_behind_it(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three_parcels(), two_zones()) as project:
        result = run_capability(project, "stock", {})
        (land,) = project.layers_of("land_use")
        names = project.read(land.uid, columns=["name"])["name"]
    for row in result.table("stock").rows:
        assert list(row.sources) == [land.uid]
        assert len(row.sources[land.uid]) == row.values["count"]
    factory = next(
        r for r in result.table("stock").rows if r.values["zone"] == "乙" and r.values["class_code"] == "10"
    )
    assert [names[uid] for uid in factory.sources[land.uid]] == ["2"]


def test_hectares_and_mu_by_hand(tmp_path: Path) -> None:
    # 140 m2 = 0.0140 ha = 0.21 mu; 110 m2 = 0.0110 ha = 0.165 mu; 50 m2 = 0.0050 ha = 0.075 mu;
    # 300 m2 = 0.45 mu: of 0.165 and 0.075 only one may go up, the larger
    result = stock(project_with(tmp_path / "p.gpkg", three_parcels(), two_zones()), basis="planar", unit="mu")
    assert rows(result, "summary", "zone", "total") == [
        ("甲", 0.21),
        ("乙", 0.17),
        ("范围外", 0.07),
        ("总计", 0.45),
    ]
    totals = [r for r in rows(result, "stock", "class_code", "zone", "area_ha", "area_mu") if not r[0]]
    assert [r[1:] for r in totals] == [
        ("甲", 0.014, 0.21),
        ("乙", 0.011, 0.17),
        ("范围外", 0.005, 0.07),
        ("总计", 0.03, 0.45),
    ]
    assert any(
        a.item.startswith("范围外") and a.before == 0.08 and a.after == 0.07 for a in result.adjustments
    )
    assert_adds_up(result)


def test_official_areas_of_pieces_are_forced_to_the_parcel(tmp_path: Path) -> None:
    # A triangle with legs of 8 and 6 km, cut in two. Its long side is straight in degrees between the two
    # stored vertices; cut, it gets a third in the middle of the plane's straight line, and the sum moves.
    x = EAST - 60_000
    slanted = Polygon([(x, NORTH), (x + 8000, NORTH), (x + 8000, NORTH + 6000)])
    land = {"name": ["长"], "class_code": ["1001"], "geometry": [slanted]}
    zones = {
        "name": ["西", "东"],
        "geometry": [at(-60_010, -10, -56_000, 6010), at(-56_000, -10, -51_990, 6010)],
    }
    with project_with(tmp_path / "p.gpkg", land, zones) as project:
        result = run_capability(project, "stock", {})
        (info,) = project.layers_of("land_use")
        frame = project.read(info.uid)
        whole = ellipsoidal_area_m2(np.array(frame.geometry.array, dtype=object), info.crs)[0]
    total = result.table("stock").rows[-1].values["area_m2"]
    assert total == pytest.approx(whole, abs=0.0051)
    assert result.facts["largest_forced_m2"] > 1.0
    assert "overlay.forced_correction" in codes(result)
    (forced,) = [a for a in result.adjustments if a.table == "parcels"]
    assert forced.after == total
    assert abs(forced.after - forced.before) == pytest.approx(result.facts["largest_forced_m2"], abs=0.01)
    assert_adds_up(result)


def test_zones_over_each_other_are_deducted_once(tmp_path: Path) -> None:
    # both zones hold the strip x 4 to 6 of the field: 20 m2 count twice, and are deducted in a row
    land = {"name": ["1"], "class_code": ["0101"], "geometry": [at(0, 0, 10, 10)]}
    zones = {"name": ["甲", "乙"], "geometry": [at(0, -1, 6, 11), at(4, -1, 10, 11)]}
    result = stock(project_with(tmp_path / "p.gpkg", land, zones), basis="planar", unit="m2")
    assert rows(result, "summary", "zone", "total") == [
        ("甲", 60.0),
        ("乙", 60.0),
        ("重复计入（扣减）", -20.0),
        ("总计", 100.0),
    ]
    assert "overlay.zones_overlap" in codes(result)
    assert_adds_up(result)


def test_land_over_land_is_a_finding(tmp_path: Path) -> None:
    land = {"class_code": ["0101", "0101"], "geometry": [at(0, 0, 10, 10), at(9, 0, 19, 10)]}
    result = stock(project_with(tmp_path / "p.gpkg", land, two_zones()))
    assert "overlay.features_overlap" in codes(result)


def test_without_zones_the_whole_layer_is_one(tmp_path: Path) -> None:
    result = stock(project_with(tmp_path / "p.gpkg", three_parcels()), basis="planar", unit="m2")
    assert rows(result, "summary", "zone", "total") == [("土地利用", 300.0), ("总计", 300.0)]
    again = stock(project_with(tmp_path / "q.gpkg", three_parcels(), two_zones()), zones="-", unit="m2")
    assert [r[0] for r in rows(again, "summary", "zone")] == ["土地利用", "总计"]


@pytest.mark.parametrize(
    ("level", "expected"), [("1", ["10"]), ("2", ["1001"]), ("3", ["100101"]), ("full", ["100101"])]
)
def test_classes_are_told_apart_as_finely_as_asked(tmp_path: Path, level: str, expected: list[str]) -> None:
    land = {"class_code": ["100101"], "geometry": [at(0, 0, 10, 10)]}
    result = stock(project_with(tmp_path / "p.gpkg", land), level=level)
    body = [r for r in result.table("stock").rows if r.role is RowRole.BODY]
    assert [r.values["class_code"] for r in body] == expected


def test_finer_classes_have_subtotals_of_the_coarser(tmp_path: Path) -> None:
    land = {
        "class_code": ["0101", "0102", "1001"],
        "geometry": [at(0, 0, 10, 10), at(10, 0, 20, 10), at(20, 0, 30, 10)],
    }
    result = stock(project_with(tmp_path / "p.gpkg", land), level="2", basis="planar")
    assert rows(result, "stock", "class_code", "area_m2")[:5] == [
        ("01", 200.0),
        ("0101", 100.0),
        ("0102", 100.0),
        ("1001", 100.0),
        ("", 300.0),
    ]
    assert_adds_up(result)


def test_the_third_survey_gives_no_research_share_but_a_reason(tmp_path: Path) -> None:
    land = {"class_code": ["08H2", "0601"], "geometry": [at(0, 0, 10, 10), at(10, 0, 20, 10)]}
    result = stock(project_with(tmp_path / "p.gpkg", land, standard="sandiao"), basis="planar", unit="m2")
    row = result.table("summary").rows[0].values
    assert isinstance(row["research"], NotDerivable)
    assert "08H2" in row["research_share"].reason
    assert (row["industrial"], row["industrial_share"]) == (100.0, 50.0)


def test_codes_nobody_knows_and_missing_ones_are_kept_and_flagged(tmp_path: Path) -> None:
    land = {
        "class_code": ["9999", None, "802"],
        "geometry": [at(0, 0, 10, 10), at(10, 0, 20, 10), at(20, 0, 30, 10)],
    }
    result = stock(project_with(tmp_path / "p.gpkg", land), basis="planar", unit="m2")
    names = [r for r in rows(result, "stock", "class_code", "class_name") if r[0] != ""]
    assert {"9999", "802"} <= {code for code, __ in names}
    assert ("", "未分类") in rows(result, "stock", "class_code", "class_name")
    assert {"class.unknown_code", "class.none"} <= codes(result)
    assert any("0802" in f.text for f in result.findings)
    assert result.table("summary").rows[0].values["undetermined"] == 300.0


def test_parcels_without_a_shape_and_broken_ones_are_named(tmp_path: Path) -> None:
    hourglass = Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])
    land = {"name": ["沙漏", "空"], "class_code": ["0101", "0101"], "geometry": [hourglass, None]}
    result = stock(project_with(tmp_path / "p.gpkg", land), unit="m2")
    assert {"overlay.repaired_ring", "overlay.no_shape"} <= codes(result)
    assert "沙漏" in next(f.text for f in result.findings if f.code == "overlay.repaired_ring")
    assert result.table("stock").rows[-1].values["area_m2"] == pytest.approx(50.0, abs=0.02)
    assert result.table("stock").rows[-1].values["count"] == 1


def test_a_broken_shape_is_told_in_the_officers_words_with_its_place(tmp_path: Path) -> None:
    bow = Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])
    land = {"name": ["9"], "class_code": ["0101"], "geometry": [bow]}
    result = stock(project_with(tmp_path / "p.gpkg", land))
    (told,) = [f.text for f in result.findings if f.code == "overlay.repaired_ring"]
    assert "自相交，位于东 500005、北 2490005" in told
    assert "elf" not in told
    assert {f.severity.words for f in result.findings} == {"警告"}


def test_recorded_areas_stand_beside_the_measured_ones(tmp_path: Path) -> None:
    # 100 and 99 m2 are written down for the first two parcels, nothing for the third
    result = stock(project_with(tmp_path / "p.gpkg", three_parcels()), basis="planar")
    assert rows(
        result, "recorded", "class_code", "recorded", "measured", "difference", "count", "missing"
    ) == [
        ("01", 100.0, 100.0, 0.0, 1, 0),
        ("08", 0.0, 0.0, 0.0, 0, 1),
        ("10", 99.0, 100.0, 1.0, 1, 0),
        ("", 199.0, 200.0, 1.0, 2, 1),
    ]


def test_land_in_degrees_is_cut_in_the_projects_plane(tmp_path: Path) -> None:
    flat = stock(project_with(tmp_path / "a.gpkg", three_parcels(), two_zones()), unit="m2")
    round_ = stock(project_with(tmp_path / "b.gpkg", three_parcels(), two_zones(), crs=4490), unit="m2")
    assert rows(round_, "summary", "zone", "total") == rows(flat, "summary", "zone", "total")
    assert any("经纬度" in line for line in round_.run.method)


def test_zones_of_another_system_are_brought_over_and_it_is_said(tmp_path: Path) -> None:
    project = project_with(tmp_path / "p.gpkg", three_parcels(), two_zones(), zones_crs=4326)
    result = stock(project, unit="m2")
    assert "crs.uncertain_change" in codes(result)
    assert any("范围" in line for line in result.run.method)
    with pytest.raises(CrsError):
        stock(project_with(tmp_path / "q.gpkg", three_parcels(), two_zones(), zones_crs=2383))


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    land, zones = three_parcels(), two_zones()
    turned = {key: values[::-1] for key, values in land.items()}
    first = stock(project_with(tmp_path / "a.gpkg", land, zones))
    second = stock(project_with(tmp_path / "b.gpkg", turned, zones))
    for table in ("stock", "summary", "matrix"):
        keys = [c.key for c in first.table(table).columns]
        assert rows(first, table, *keys) == rows(second, table, *keys)


def test_the_run_is_recorded_with_proof_of_its_inputs(tmp_path: Path) -> None:
    with project_with(
        tmp_path / "p.gpkg", three_parcels(), two_zones(), demo=True, status="示意", secrecy="秘密★10年"
    ) as project:
        result = run_capability(project, "stock", {"level": 2})
        hashes = [
            project.content_hash(info.uid)
            for info in (*project.layers_of("zones"), *project.layers_of("land_use"))
        ]
        (kept,) = project.runs()
    assert [item.sha256 for item in result.run.inputs] == hashes
    assert (result.demo, result.schematic, result.secrecy) == (True, True, "秘密★10年")
    assert kept["uid"] == result.run.uid
    assert kept["parameters"]["level"] == "2"
    assert kept["figures"]["planar_balance"]["imbalance_m2"] == pytest.approx(0.0, abs=0.01)
    assert result.run.rules["standard"].startswith("yd2023")


def test_wrong_parameters_and_layers_are_refused_in_words(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three_parcels(), two_zones()) as project:
        with pytest.raises(UsageError, match="unit"):
            run_capability(project, "stock", {"unit": "acre"})
        with pytest.raises(UsageError, match="colour"):
            run_capability(project, "stock", {"colour": "red"})
        with pytest.raises(UsageError, match="no_such"):
            run_capability(project, "no_such", {})
        with pytest.raises(InputError, match="没有这个"):
            run_capability(project, "stock", {"zones": "没有这个"})
        with pytest.raises(InputError, match="范围"):
            run_capability(project, "stock", {"land": "范围"})
        assert project.runs() == ()


def test_bars_show_first_level_classes_as_printed_whatever_the_level(tmp_path: Path) -> None:
    # the figures of the case above; what lies in no zone has no bar
    project = project_with(tmp_path / "p.gpkg", three_parcels(), two_zones())
    (chart,) = stock(project, basis="planar", unit="m2", level="full").charts
    assert isinstance(chart, BarChart)
    assert (chart.categories, chart.unit, chart.stacked) == (("甲", "乙"), "平方米", True)
    assert {each.label: each.values for each in chart.series} == {
        "耕地": (100.0, 0.0),
        "公共管理与公共服务用地": (0.0, 50.0),
        "工矿用地": (40.0, 60.0),
    }
    assert [each.color for each in chart.series] == [standard("yd2023").color(c) for c in ("01", "08", "10")]


def test_of_many_zones_those_with_most_land_have_bars(tmp_path: Path) -> None:
    # 25 strips of 1 m to 25 m over one field; 6 m and more have bars
    edges = np.concatenate([[0], np.cumsum(np.arange(1, 26))])
    zones = {
        "name": [f"区{n}" for n in range(1, 26)],
        "geometry": [at(int(a), 0, int(b), 10) for a, b in pairwise(edges)],
    }
    field = {"class_code": ["0101"], "geometry": [at(0, 0, 325, 10)]}
    (chart,) = stock(project_with(tmp_path / "p.gpkg", field, zones), basis="planar", unit="m2").charts
    assert isinstance(chart, BarChart)
    assert chart.categories == tuple(f"区{n}" for n in range(6, 26))
    assert chart.series[0].values == tuple(10.0 * n for n in range(6, 26))
