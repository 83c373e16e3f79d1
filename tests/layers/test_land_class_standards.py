"""Land-class standards: the tables, what a code alone can tell, and the ways between standards."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from layers.classification import (
    STANDARDS,
    Standard,
    crosswalk,
    crosswalks,
    custom_standard,
    land_class3_rules,
    standard,
)
from layers.classification.tables import read_rows
from layers.errors import InputError, UsageError

TABLES = Path(__file__).resolve().parents[3] / "shared" / "domain" / "tables"
REAL = tuple(key for key in STANDARDS if key != "custom")
RULES = land_class3_rules()


def _table(name: str) -> list[dict[str, str]]:
    file = TABLES / name
    if not file.is_file():
        pytest.skip(f"the domain tables are not beside the checkout (shared/domain/tables/{name})")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _hex(row: Mapping[str, str]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*(int(row[part]) for part in "RGB"))


@pytest.mark.real_data
def test_yd2023_is_the_domain_table() -> None:
    rows = _table("s1a_1_code.csv")
    shipped = standard("yd2023")
    assert list(shipped.classes) == [row["code"] for row in rows]
    for row in rows:
        land_class = shipped.classes[row["code"]]
        assert land_class.name == row["name_2023"]
        assert (land_class.level, land_class.parent) == (int(row["level"]), row["parent"])
        assert (land_class.land_class3, land_class.disputed) == (
            row["land_class3"],
            row["class3_disputed"] == "1",
        )
        assert land_class.color == _hex(row)
        # 建设用地 of the standard is 07 to 16, apart from what sources dispute.
        if not land_class.disputed:
            assert (land_class.land_class3 == "建设用地") == (row["construction_07_16"] == "1")


@pytest.mark.real_data
def test_yd2020_is_the_domain_table_in_the_colours_of_2023() -> None:
    rows = _table("s1b_1_code.csv")
    palette = {row["code"]: row["hex"] for row in _table("s4_1_code.csv")}
    shipped, way = standard("yd2020"), crosswalk("yd2020", "yd2023")
    assert list(shipped.classes) == [row["code"] for row in rows]
    for row in rows:
        land_class = shipped.classes[row["code"]]
        assert land_class.name == row["name_2020"]
        assert (land_class.level, land_class.parent) == (int(row["level"]), row["parent"])
        assert (land_class.land_class3, land_class.disputed) == (
            row["land_class3"],
            row["class3_disputed"] == "1",
        )
        nearest = next(row["code"][:size] for size in (6, 4, 2) if row["code"][:size] in palette)
        assert land_class.color == palette[nearest]
        assert way.map(row["code"]).code == row["to_2023_code"]
        assert standard("yd2023").name(row["to_2023_code"]) == row["to_2023_name"]


@pytest.mark.real_data
def test_the_map_palette_is_the_domain_table() -> None:
    for row in _table("s4_1_code.csv"):
        assert standard("yd2023").color(row["code"]) == row["hex"]


@pytest.mark.real_data
def test_sandiao_is_the_domain_table() -> None:
    rows = _table("s2a_1_DLBM.csv")
    shipped = standard("sandiao")
    assert list(shipped.classes) == [row["DLBM"] for row in rows]
    for row in rows:
        land_class = shipped.classes[row["DLBM"]]
        assert (land_class.name, land_class.level) == (row["DLMC"], int(row["level"]))
        assert (land_class.land_class3, land_class.disputed) == (
            row["land_class3"],
            row["class3_disputed"] == "1",
        )
        if row["R"]:
            assert land_class.color == _hex(row)
        if row["level"] == "1":
            continue
        for key in ("yd2023", "yd2020"):
            found, stated = crosswalk("sandiao", key).map(row["DLBM"]), row[f"to_{key}"].split("|")
            assert found.code == (stated[0] if len(stated) == 1 else None)
            if len(stated) > 1:
                assert list(found.candidates) == stated


@pytest.mark.real_data
def test_gbt21010_is_the_domain_table() -> None:
    rows = _table("s2c_1_code21010.csv")
    shipped = standard("gbt21010")
    assert [code for code, c in shipped.classes.items() if c.level == 2] == [row["code21010"] for row in rows]
    for row in rows:
        assert shipped.name(row["code21010"]) == row["name"]
        for key, column in (("sandiao", "sandiao_DLBM"), ("yd2023", "yd2023")):
            found, stated = crosswalk("gbt21010", key).map(row["code21010"]), row[column].split("|")
            assert found.code == (stated[0] if len(stated) == 1 else None)
            if len(stated) > 1:
                assert list(found.candidates) == stated


@pytest.mark.real_data
def test_gb50137_is_the_domain_table() -> None:
    rows = _table("s3_1_code.csv")
    shipped = standard("gb50137")
    assert list(shipped.classes) == [row["code"] for row in rows]
    for row in rows:
        land_class = shipped.classes[row["code"]]
        assert (land_class.name, land_class.level) == (row["name"], int(row["level"]))
        if row["R"]:
            assert land_class.color == _hex(row)
        found, stated = crosswalk("gb50137", "yd2023").map(row["code"]), row["to_yd2023"].split("|")
        assert found.code == (stated[0] if len(stated) == 1 and stated[0] else None)


@pytest.mark.real_data
def test_settlement_codes_are_the_domain_table() -> None:
    rows = _table("s2b_1_CZCSXM.csv")
    assert [tuple(row.values()) for row in read_rows("czcsxm.csv")] == [
        (row["CZCSXM"], row["name"]) for row in rows
    ]


def test_the_counts_of_gbt21010_are_the_published_ones() -> None:
    levels = [c.level for c in standard("gbt21010").classes.values()]
    assert (levels.count(1), levels.count(2)) == (12, 73)


@pytest.mark.parametrize("key", REAL)
def test_every_class_hangs_on_a_coarser_one(key: str) -> None:
    shipped = standard(key)
    assert shipped.version
    assert shipped.source
    for code, land_class in shipped.classes.items():
        assert land_class.code == code
        assert land_class.name
        assert land_class.confidence
        if land_class.parent:
            assert shipped.classes[land_class.parent].level == land_class.level - 1


def test_research_land_has_another_code_in_every_standard() -> None:
    assert standard("yd2023").research.codes == ("0802",)
    assert standard("yd2020").research.codes == ("0802",)
    assert standard("gbt21010").research.codes == ("0804",)
    assert standard("gb50137").research.codes == ("A35",)
    for key, code in (("yd2023", "0802"), ("yd2020", "0802"), ("gbt21010", "0804"), ("gb50137", "A35")):
        assert standard(key).name(code) == "科研用地"
        assert standard(key).is_research(code) is True
    # The same digits are something else elsewhere.
    assert standard("yd2023").is_research("0804") is False
    assert standard("gbt21010").is_research("0802") is False


def test_sandiao_cannot_give_the_research_share_and_says_why() -> None:
    research = standard("sandiao").research
    assert not research.derivable
    assert "08H2" in research.reason
    assert research.codes == ()
    assert standard("sandiao").is_research("08H2") is None


def test_a_coarse_code_cannot_tell() -> None:
    yd, gb = standard("yd2023"), standard("gb50137")
    assert yd.is_research("08") is None
    assert yd.is_industrial("10") is None
    assert gb.is_research("A3") is None
    assert gb.is_research("A") is None
    assert yd.is_research("07") is False
    assert yd.is_research("9999") is None


@pytest.mark.parametrize(
    ("key", "code", "expected"),
    [
        ("yd2023", "1001", True),
        ("yd2023", "100102", True),
        ("yd2023", "1002", False),  # 采矿
        ("yd2023", "1101", False),  # 物流仓储
        ("yd2023", "1901", False),  # 工业用海 is sea
        ("sandiao", "0601", True),
        ("sandiao", "1001", False),  # 铁路
        ("gbt21010", "0601", True),
        ("gbt21010", "0604", False),
        ("gb50137", "M1", True),
        ("gb50137", "M0", True),
        ("gb50137", "B1", False),
    ],
)
def test_industrial_land(key: str, code: str, expected: bool) -> None:
    assert standard(key).is_industrial(code) is expected


@pytest.mark.parametrize(
    ("key", "code", "expected"),
    [
        ("yd2023", "1001", True),
        ("yd2023", "16", True),
        ("yd2023", "0101", False),
        ("yd2023", "0601", False),
        ("yd2023", "2301", True),
        ("yd2023", "1703", False),
        ("yd2023", "1801", False),
        ("yd2023", "05", False),  # every finer class is 农用地 or 未利用地
        ("yd2023", "23", None),  # 空闲地 is, the others are not
        ("yd2020", "060102", True),
        ("sandiao", "0603", True),
        ("sandiao", "00", None),  # 盐田 is, the marshes are not
        ("sandiao", "1006", False),
        ("gbt21010", "0404", False),
        ("gb50137", "R2", True),
        ("gb50137", "H14", True),
        ("gb50137", "E12", False),
        ("yd2023", "9999", None),
    ],
)
def test_construction_land_by_the_rule_as_shipped(key: str, code: str, expected: bool | None) -> None:
    assert standard(key).is_construction(code, RULES) is expected


def test_the_bureau_decides_what_is_disputed() -> None:
    other = RULES.with_choices(
        {"agricultural_facilities": "建设用地", "reservoirs": "建设用地", "vacant_land": "未利用地"}
    )
    yd = standard("yd2023")
    for code, shipped, chosen in (("06", False, True), ("060201", False, True), ("1703", False, True)):
        assert yd.is_construction(code, RULES) is shipped
        assert yd.is_construction(code, other) is chosen
    assert yd.is_construction("2301", other) is False
    assert yd.is_construction("23", other) is False
    assert standard("sandiao").is_construction("1103", other) is True
    assert RULES.choice("yd2023", "1703") == "农用地", "the rule itself was changed"


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError):
        RULES.with_choices({"reservoirs": "海域"})
    with pytest.raises(UsageError):
        RULES.with_choices({"lakes": "农用地"})
    with pytest.raises(InputError):
        land_class3_rules("no_such_rule")


def test_every_disputed_class_has_its_question_and_no_other() -> None:
    assert RULES.source
    assert RULES.status
    assert RULES.version
    for key in REAL:
        asked = {code for topic in RULES.topics for code in topic.codes.get(key, ())}
        assert asked == {code for code, c in standard(key).classes.items() if c.disputed}, key
    # As shipped the rule says what the tables say.
    for key in REAL:
        for code, land_class in standard(key).classes.items():
            assert RULES.choice(key, code) in ("", land_class.land_class3), (key, code)


@pytest.mark.parametrize(
    ("key", "met", "code"),
    [
        ("yd2023", "100100", "1001"),
        ("yd2023", "160000", "16"),
        ("yd2023", "080200", "0802"),
        ("yd2023", "080401", "080401"),
        ("yd2023", "010000", "01"),
        ("yd2023", "100400", "1004"),
        ("yd2023", " 1001 ", "1001"),
        ("yd2023", "１００１", "1001"),
        ("yd2023", "1001.0", "1001"),
        ("yd2023", 1001, "1001"),
        ("yd2023", 1001.0, "1001"),
        ("yd2023", None, ""),
        ("yd2023", float("nan"), ""),
        ("yd2023", "770000", "770000"),
        ("sandiao", "08h2a", "08H2A"),
        ("sandiao", "0201K", "0201K"),
        ("sandiao", "100100", "100100"),
        ("gb50137", "r21", "R21"),
        ("custom", "Class 00", "Class 00"),
        ("custom", 7.0, "7"),
    ],
)
def test_codes_are_read_as_they_are_met(key: str, met: object, code: str) -> None:
    assert standard(key).normalise(met) == code


def test_a_lost_leading_zero_is_suggested_not_put_back() -> None:
    yd = standard("yd2023")
    assert yd.normalise("802") == "802"
    assert not yd.knows("802")
    assert yd.suggestion("802") == "0802"
    assert yd.suggestion("70100") == "0701"
    assert yd.suggestion("0802") == ""
    assert yd.suggestion("999") == ""
    assert yd.suggestion("R2") == ""


@pytest.mark.parametrize("key", ["yd2020", "yd2023"])
@pytest.mark.parametrize("code", ["1004", "100104"])
def test_m0_is_read_and_flagged_but_never_written(key: str, code: str) -> None:
    yd = standard(key)
    assert not yd.knows(code)
    assert "1001" in yd.flag(code)
    assert yd.is_industrial(code) is True
    assert yd.is_construction(code, RULES) is True
    assert yd.ancestor(code, 1) == "10"
    assert yd.color(code) == yd.color("1001")
    assert "M0" in yd.name(code)
    assert yd.flag("1001") == ""
    assert "7777" in yd.flag("7777")


def test_no_crosswalk_emits_a_code_the_target_does_not_have() -> None:
    assert len(crosswalks()) == 7
    for source_key, target_key in crosswalks():
        way = crosswalk(source_key, target_key)
        for code in way.source.classes:
            found = way.map(code)
            if code not in way.mappings:
                assert way.source.classes[code].level == 1
                continue
            for target in (*found.candidates, *([found.code] if found.code else [])):
                assert way.target.knows(target), (source_key, code, target)
            assert (found.code is None) == (found.cardinality in ("1:n", "1:0")), (source_key, code)
            assert (found.cardinality == "1:n") <= (len(found.candidates) > 1)
    m0 = crosswalk("gb50137", "yd2023").map("M0")
    assert m0.code == "1001"
    assert "新型产业用地" in m0.note


def test_one_to_many_is_left_to_a_person() -> None:
    found = crosswalk("sandiao", "yd2023").map("08H2")
    assert found.code is None
    assert found.candidates == ("0802", "0803", "0804", "0805", "0806", "0807")
    assert found.broader == "08"
    assert crosswalk("sandiao", "yd2023").map("1006").broader == "0601"
    assert crosswalk("gb50137", "yd2023").map("E2").broader == ""
    assert crosswalk("sandiao", "yd2023").map("08H2A").code == "080401"


def test_other_grassland_never_becomes_reserve_farmland() -> None:
    for key in ("yd2023", "yd2020"):
        found = crosswalk("sandiao", key).map("0404")
        assert found.code == "0403"
        assert "2302" not in found.candidates


def test_codes_that_changed_their_meaning_between_versions() -> None:
    forward = crosswalk("yd2020", "yd2023")
    for old, new in (
        ("1311", "1311"),
        ("1312", "1311"),
        ("1313", "1312"),
        ("2302", "2303"),
        ("2303", "060102"),
        ("060102", "1207"),
        ("0602", "060201"),
    ):
        assert forward.map(old).code == new
    assert forward.map("1312").cardinality == "n:1"
    coarse = forward.map("0601")
    assert coarse.code == "0601"
    assert coarse.warning
    assert not forward.map("0802").warning
    assert forward.map("060101").code == "060101"


def test_going_back_to_2020_never_guesses() -> None:
    back, forward = crosswalk("yd2023", "yd2020"), crosswalk("yd2020", "yd2023")
    assert back.map("1311").candidates == ("1311", "1312")
    assert back.map("1804").cardinality == "1:0"
    for code in standard("yd2023").classes:
        found = back.map(code).code
        if found is not None:
            assert forward.map(found).code == code


def test_an_unknown_code_or_way_is_said() -> None:
    assert crosswalk("sandiao", "yd2023").map("9999").cardinality == "unknown"
    assert crosswalk("sandiao", "yd2023").map("9999").code is None
    assert crosswalk("yd2023", "yd2020").map("1004").code == "1001"
    with pytest.raises(UsageError, match="sandiao → yd2023"):
        crosswalk("yd2023", "gb50137")
    with pytest.raises(UsageError, match="yd2023"):
        standard("yd2099")


def test_ancestors_by_level() -> None:
    yd = standard("yd2023")
    assert [yd.ancestor("080401", level) for level in (1, 2, 3)] == ["08", "0804", "080401"]
    assert yd.ancestor("08", 2) == "08"
    assert yd.ancestor("9999", 1) == "9999"
    sandiao = standard("sandiao")
    assert sandiao.ancestor("0603", 1) == "00"
    assert sandiao.ancestor("09", 1) == "09"
    assert standard("gb50137").ancestor("A35", 1) == "A"


def test_a_legend_is_in_the_standards_order_without_doubles() -> None:
    rules = standard("sandiao").class_rules(["9999", "0101", "0603", "1207", "0101"])
    assert [rule.value for rule in rules] == ["0603", "0101", "1207", "9999"]
    assert [rule.title for rule in rules][:2] == ["盐田", "水田"]
    assert rules[0].symbol.fill == "#FFFFFF"
    reserved = standard("yd2023").class_rules(["16"])[0].symbol
    assert (reserved.fill, reserved.stroke) == ("#FFFFFF", "#000000")
    assert standard("yd2023").class_rules(["1001"])[0].symbol.fill == "#BB9674"


def test_classes_as_they_stand_in_a_file() -> None:
    own = custom_standard(["10", "2", "", "0", "10", "b", "a2", "a10"], {"2": "Business"})
    assert list(own.classes) == ["0", "2", "10", "a2", "a10", "b"]
    assert own.name("2") == "Business"
    assert own.name("10") == "10"
    for derivation in (own.research, own.industrial, own.construction):
        assert not derivation.derivable
        assert derivation.reason
    assert own.is_research("10") is None
    assert own.is_industrial("10") is None
    assert own.is_construction("10", RULES) is None
    assert isinstance(standard("custom"), Standard)
    assert not standard("custom").research.derivable


def test_forty_own_classes_have_forty_colours() -> None:
    many = custom_standard([str(number) for number in range(40)])
    colours = [many.color(str(number)) for number in range(40)]
    assert len(set(colours)) == 40
    assert many.color("absent") not in colours
