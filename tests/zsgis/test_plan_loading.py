"""A bureau adds a plan of its own from a folder, and reads what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import InputError, UsageError
from layers.words import use_language
from zsgis.plan import load_plan, plans

HEAD = """
key = "zhongshan-155"
title = "下一个五年规划"
period = { start = 2026, end = 2030 }
status = "现行"
source = "业务科室录入"
"""
PLATFORM = """
[[platforms]]
key = "torch"
name = "火炬"
short_name = "火炬"
tier = "3"
role = "试"
places = [{ place = "第三章第一节" }]
"""
CARRIER = """
[[carriers]]
key = "lab"
name = "某实验室"
roles = ["laboratory"]
platform = "torch"
land_area_m2 = 115333.33
places = [{ place = "第三章第二节" }]
"""
INDICATOR = """
[[indicators]]
key = "firms"
number = 1
name = "企业"
unit = "家"
department = "市科技局"
base = { year = 2025, value = 1 }
target = { kind = "level", year = 2030, value = 2 }
places = [{ place = "表1" }]
"""


@pytest.fixture(autouse=True)
def _english() -> object:
    use_language("en")
    yield
    use_language("zh_CN")


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    folder = tmp_path / "plans" / "next"
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(HEAD + PLATFORM, encoding="utf-8")
    (folder / "carriers.toml").write_text(CARRIER, encoding="utf-8")
    (folder / "indicators.toml").write_text(INDICATOR, encoding="utf-8")
    return tmp_path / "plans"


def test_the_shipped_plan_has_seven_platforms_and_two_tiers() -> None:
    plan = load_plan()
    assert [platform.key for platform in plan.platforms if platform.tier == "3"] == [
        "torch",
        "cuiheng",
        "qijiang",
    ]
    assert len([platform for platform in plan.platforms if platform.tier == "4"]) == 4
    assert str(plan.period) == "2021-2025"
    assert plan.status == "规划期已满"


def test_a_plan_from_the_bureaus_folder_stands_beside_the_shipped_one(bureau: Path) -> None:
    assert [info.key for info in plans([bureau])] == ["zhongshan-145", "zhongshan-155"]
    plan = load_plan("zhongshan-155", folders=[bureau])
    assert plan.carrier("某实验室").land_area_m2 == 115333.33
    assert plan.platform("火炬").place == "第三章第一节"
    # the folder of the plan itself does as well as the folder above it
    assert load_plan("zhongshan-155", folders=[bureau / "next"]) == plan


def test_a_file_saved_with_a_byte_order_mark_is_read(bureau: Path) -> None:
    file = bureau / "next" / "plan.toml"
    file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_plan("zhongshan-155", folders=[bureau]).title == "下一个五年规划"


def test_an_unknown_plan_is_a_wrong_call_that_names_the_known(bureau: Path) -> None:
    with pytest.raises(UsageError, match="zhongshan-145, zhongshan-155"):
        load_plan("zhongshan-165", folders=[bureau])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        plans([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "carriers.toml",
            'name = "某实验室"\n',
            "",
            r"carriers\.toml \[\[carriers\]\] 1 \(lab\).*name: is missing",
        ),
        ("carriers.toml", "115333.33", '"173亩"', r"land_area_m2.*is not a"),
        ("carriers.toml", "115333.33", "-1", "land_area_m2"),
        ("carriers.toml", "115333.33", "nan", "land_area_m2"),
        ("carriers.toml", "115333.33", "true", "land_area_m2.*is not a"),
        ("carriers.toml", '"laboratory"', '"Laboratorium"', r"roles\.1"),
        ("carriers.toml", 'roles = ["laboratory"]', "roles = []", "roles: has too few entries"),
        ("carriers.toml", 'key = "lab"', 'key = "实验室"', "key: is not a key"),
        ("carriers.toml", 'key = "lab"', 'key = "lab"\nfloor = 3', "floor: is not known here"),
        ("carriers.toml", 'platform = "torch"', 'platform = "torhc"', "lab: the platform torhc is not in"),
        ("carriers.toml", 'platform = "torch"', 'part_of = "lab"', "part_of names lab"),
        ("carriers.toml", "[[carriers]]", "[carriers]", r"carriers is not a list of tables"),
        ("carriers.toml", "[[carriers]]", "[[carrier]]", "not known: carrier"),
        ("carriers.toml", "places = [{", "places = [", "not valid TOML"),
        (
            "carriers.toml",
            'places = [{ place = "第三章第二节" }]',
            "places = []",
            "places: has too few entries",
        ),
        ("indicators.toml", "year = 2030", "year = 2035", "target year 2035 lies outside"),
        ("indicators.toml", "year = 2030", "year = 2025", r"target\.year \(2025\) <= base\.year"),
        ("indicators.toml", "value = 2 }", "value = 2, tolerance = 1.0 }", "tolerance needs a reading"),
        ("indicators.toml", "number = 1", 'number = "one"', "number: is not a whole number"),
        ("plan.toml", "end = 2030", "end = 2020", r"end \(2020\) < start"),
        ("plan.toml", 'status = "现行"', "", "status: is missing"),
        (
            "plan.toml",
            'key = "zhongshan-155"',
            'key = "zhongshan-145"',
            "Two plans have the key zhongshan-145",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_entry_and_field(
    bureau: Path, file: str, old: str, new: str, said: str
) -> None:
    path = bureau / "next" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        load_plan("zhongshan-155", folders=[bureau])
    assert str(path.parent) in str(caught.value)


def test_a_carrier_declared_twice_is_refused_by_its_name(bureau: Path) -> None:
    again = CARRIER.replace('"lab"', '"lab2"').replace(
        'name = "某实验室"', 'name = "甲"\naliases = ["某实验室"]'
    )
    (bureau / "next" / "more.toml").write_text(again, encoding="utf-8")
    with pytest.raises(InputError, match="share the name 某实验室"):
        load_plan("zhongshan-155", folders=[bureau])


def test_a_key_used_twice_is_refused(bureau: Path) -> None:
    (bureau / "next" / "more.toml").write_text(PLATFORM, encoding="utf-8")
    with pytest.raises(InputError, match="key torch stands twice in platforms"):
        load_plan("zhongshan-155", folders=[bureau])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("中文".encode("gbk"), "not UTF-8"),
        (b"#" * 4_000_001, "too large"),
    ],
)
def test_a_file_that_is_no_declaration_is_refused(bureau: Path, content: bytes, said: str) -> None:
    (bureau / "next" / "more.toml").write_bytes(content)
    with pytest.raises(InputError, match=said):
        load_plan("zhongshan-155", folders=[bureau])


def test_a_carrier_is_found_by_key_name_or_alias() -> None:
    plan = load_plan()
    assert plan.carrier("工研院") is plan.carrier("industrial_technology_institute")
    with pytest.raises(UsageError, match="photon_centre"):
        plan.carrier("没有")
    with pytest.raises(UsageError, match="no platform"):
        plan.platform("没有")
    with pytest.raises(UsageError, match="research_land"):
        plan.clause("没有")
    with pytest.raises(UsageError, match="rd_growth"):
        plan.indicator("没有")


def test_messages_are_said_in_chinese_too(bureau: Path) -> None:
    use_language("zh_CN")
    file = bureau / "next" / "carriers.toml"
    file.write_text(CARRIER.replace('name = "某实验室"\n', ""), encoding="utf-8")
    with pytest.raises(InputError, match="name: 缺少"):
        load_plan("zhongshan-155", folders=[bureau])
