"""What a project keeps of a run, and that it can be read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.store.uids import new_uids
from tests.zsgis.ledger.ledger_samples import own_rule, sample_project
from zsgis.result import Column, NotDerivable, Row, RowRole, Table
from zsgis.run import run_capability
from zsgis.run_records import (
    KeptRun,
    UnreadableRun,
    differences,
    figures_of,
    kept_runs,
    kept_tables,
    packed_sources,
    unpacked_sources,
)
from zsgis.run_records.figures import row_labels
from zsgis.run_records.sources import MOST_FEATURES, MOST_ROWS


def only_run(records: tuple[dict[str, object], ...]) -> KeptRun:
    (run,) = kept_runs(records)
    assert isinstance(run, KeptRun)
    return run


def test_a_run_keeps_who_rules_figures_and_parcels(tmp_path: Path) -> None:
    rule = own_rule(tmp_path)
    with sample_project(tmp_path / "work.gpkg") as project:
        result = run_capability(project, "fragmentation", {"rule": str(rule), "unit": "m2"})
        run = only_run(project.runs())
    assert run.who
    assert run.title == result.title
    assert [used.sha256 for used in run.inputs] == [used.sha256 for used in result.run.inputs]
    (kept,) = run.rule_files
    assert (kept.role, kept.file, len(kept.sha256)) == ("fragmentation", str(rule), 64)
    assert kept.version
    assert kept.title
    # the factory lies 4 m in 甲 and 6 m in 乙: 40 m2 and 60 m2, 100 m2 together
    figures = {figure.key: figure for figure in figures_of(run)}
    area = figures["summary", "总计", "area"]
    assert area.value == pytest.approx(100, abs=0.02)
    assert area.unit == "平方米"
    table = run.table("summary")
    assert table is not None
    behind = unpacked_sources(run.sources)["summary"]
    assert len(behind) == len(table.rows)
    assert behind == tuple(dict(row.sources) for row in result.table("summary").rows)


def test_a_record_of_a_shipped_rule_names_it(tmp_path: Path) -> None:
    with sample_project(tmp_path / "work.gpkg") as project:
        run_capability(project, "stock")
        run = only_run(project.runs())
    assert [(rule.role, rule.file) for rule in run.rule_files] == [("land_class3", "land_class3")]


def test_facts_have_keys_and_units(tmp_path: Path) -> None:
    with sample_project(tmp_path / "work.gpkg") as project:
        run_capability(project, "stock")
        run = only_run(project.runs())
    figures = {figure.key: figure for figure in figures_of(run)}
    # 甲 holds the field (100 m2) and 4 m of the factory, 乙 the other 6 m and 5 m of the laboratory
    assert figures["", "zones.甲", "planar_m2"].value == pytest.approx(140)
    assert figures["", "zones.乙", "planar_m2"].value == pytest.approx(110)
    assert figures["", "zones.乙", "planar_m2"].unit == "平方米"


def table_of(rows: tuple[Row, ...]) -> Table:
    return Table("t", "表", (Column("name", "名称"), Column("area", "面积", "公顷", 2)), rows)


def run_of(table: Table, uid: str = "1") -> KeptRun:
    return KeptRun(uid=uid, capability="stock", tables=kept_tables([table]))


def test_rows_of_one_name_are_told_apart_by_number() -> None:
    rows = tuple(Row({"name": name, "area": 1.0}) for name in ("甲", "乙", "甲"))
    (table,) = kept_tables([table_of(rows)])
    assert row_labels(table) == ["甲", "乙", "甲 #2"]


def test_differences_name_what_changed_came_and_went() -> None:
    before = run_of(table_of((Row({"name": "甲", "area": 1.0}), Row({"name": "乙", "area": 2.0}))))
    after = run_of(table_of((Row({"name": "甲", "area": 1.5}), Row({"name": "丙", "area": 3.0}))))
    found = {
        each.key[1]: (each.before and each.before.value, each.after and each.after.value, each.change)
        for each in differences(before, after)
    }
    assert found == {"甲": (1.0, 1.5, 0.5), "乙": (2.0, None, None), "丙": (None, 3.0, None)}
    assert differences(before, before) == ()


def test_what_cannot_be_derived_and_what_is_no_number_stay_apart() -> None:
    rows = (Row({"name": "甲", "area": NotDerivable("缺土规")}), Row({"name": "乙", "area": float("nan")}))
    (table,) = kept_tables([table_of(rows)])
    assert [row.values["area"] for row in table.rows] == [{"not_derivable": "缺土规"}, None]
    json.dumps(table.model_dump(mode="json"), allow_nan=False)


def test_of_a_long_table_the_totals_are_kept_and_a_change_in_the_rest_is_noticed() -> None:
    def long(last: float) -> Table:
        body = tuple(Row({"name": str(n), "area": 1.0}) for n in range(MOST_ROWS))
        return table_of(
            (*body, Row({"name": "末", "area": last}), Row({"name": "计", "area": 9.0}, RowRole.TOTAL))
        )

    (one,), (other,) = kept_tables([long(1.0)]), kept_tables([long(2.0)])
    assert [row.values["name"] for row in one.rows] == ["计"]
    assert one.left_out == MOST_ROWS + 1
    assert one.sha256 != other.sha256


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["层甲", "层乙"]),
            st.lists(st.integers(0, 40), unique=True, min_size=1, max_size=30),
        ),
        max_size=8,
    )
)
def test_packed_sources_come_back(rows: list[dict[str, list[int]]]) -> None:
    uids = new_uids(41)
    table = table_of(
        tuple(
            Row(
                {"name": "x"},
                sources={layer: tuple(uids[n] for n in places) for layer, places in row.items()},
            )
            for row in rows
        )
    )
    packed, left_out = packed_sources([table])
    assert left_out == 0
    came = unpacked_sources(packed).get("t", ({},) * len(rows))
    assert list(came) == [dict(row.sources) for row in table.rows]


def test_identifiers_of_other_makers_come_back_too() -> None:
    table = table_of((Row({"name": "x"}, sources={"层": ("A-1", "B")}),))
    assert unpacked_sources(packed_sources([table])[0])["t"] == ({"层": ("A-1", "B")},)


def test_too_many_sources_are_counted_and_left_out() -> None:
    uids = tuple(str(n) for n in range(MOST_FEATURES + 1))
    assert packed_sources([table_of((Row({}, sources={"层": uids}),))]) == ("", MOST_FEATURES + 1)


@pytest.mark.parametrize("text", ["x", "eJw=", "AAAA"])
def test_sources_that_were_damaged_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no packed sources"):
        unpacked_sources(text)


def test_a_record_of_an_older_program_and_one_that_is_none() -> None:
    old, broken = kept_runs(
        [
            {
                "uid": "a",
                "capability": "stock",
                "started": "2026-01-01",
                "figures": {"area_m2": 3.5},
                "new": 1,
            },
            {"uid": "b", "capability": "stock", "started": "2026-01-02", "inputs": 7},
        ]
    )
    assert isinstance(old, KeptRun)
    assert [(figure.key, figure.value) for figure in figures_of(old)] == [(("", "", "area_m2"), 3.5)]
    assert old.who == ""
    assert isinstance(broken, UnreadableRun)
    assert "inputs" in broken.reason
