"""The towns under their old and new names and codes, and where carriers are publicly known to be."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from layers.errors import InputError
from zsgis.plan import load_plan
from zsgis.plan.starter import (
    carrier_sites,
    find_town,
    platform_compositions,
    site_point,
    starter_attribution,
    towns,
)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.real_data
def test_the_towns_are_those_of_the_public_lists(shared_data: Path) -> None:
    listed = {row["code"]: row["name"] for row in _rows(shared_data / "towns" / "towns.csv")}
    assert {town.code: town.name for town in towns()} == listed
    assert len(listed) == 23


@pytest.mark.real_data
def test_every_retired_code_and_name_leads_to_the_present_town(shared_data: Path) -> None:
    for row in _rows(shared_data / "towns" / "town_crosswalk.csv"):
        names = [name.removesuffix("(merged)") for name in row["aliases_pre2021"].split("|") if name]
        for old in (row["code_2023"], row["name_2023"], *row["codes_pre2021"].split("|"), *names):
            town = find_town(old)
            assert town is not None, old
            assert town.code == row["code_2023"], old


@pytest.mark.real_data
def test_the_points_are_geonames_points(shared_data: Path) -> None:
    points = {
        row["town"]: (float(row["lon"]), float(row["lat"]))
        for row in _rows(shared_data / "towns" / "town_points_geonames.csv")
    }
    merged = points.pop("东升(并入小榄镇)")
    assert {town.name: (town.lon, town.lat) for town in towns()} == points
    former = [old for town in towns() for old in town.former]
    assert [(old.name, old.lon, old.lat) for old in former] == [("东升镇", *merged)]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("东升", "小榄镇"),
        ("东升镇", "小榄镇"),
        ("442000104", "小榄镇"),
        ("民众镇", "民众街道"),
        ("南朗", "南朗街道"),
        ("火炬区", "中山港街道"),
        ("古镇", "古镇镇"),
        ("港口", "港口镇"),
        ("中山市石岐区", "石岐街道"),
        (" 石 岐 ", "石岐街道"),
        ("442000118000", "小榄镇"),
        ("４４２００００１１", None),
        ("４４２００００１１８", None),
        ("中山市", None),
        ("", None),
    ],
)
def test_a_town_is_found_as_people_write_it(said: str, name: str | None) -> None:
    town = find_town(said)
    assert (town.name if town else None) == name


def test_no_name_or_code_stands_for_two_towns() -> None:
    said: dict[str, str] = {}
    for town in towns():
        former = [text for old in town.former for text in (old.name, old.code)]
        for text in (town.code, town.name, town.short_name, *town.retired_codes, *town.aliases, *former):
            assert said.setdefault(text, town.code) == town.code, text


def test_every_point_lies_in_zhongshan_and_its_source_is_named() -> None:
    # the city lies within 113 09 to 113 46 east and 22 11 to 22 47 north
    for town in towns():
        assert 113.15 <= town.lon <= 113.77
        assert 22.18 <= town.lat <= 22.79
        assert town.accuracy_m >= 1000
    assert "GeoNames" in starter_attribution()
    assert "CC BY 4.0" in starter_attribution()


def test_each_facility_institute_and_incubator_of_the_boxes_has_one_site() -> None:
    plan = load_plan()
    boxes = ("专栏 3-4", "专栏 3-5", "专栏 3-6", "专栏 3-8")
    expected = [carrier.key for box in boxes for carrier in plan.carriers_in(box)]
    assert len(expected) == 24
    assert sorted(site.carrier_key for site in carrier_sites()) == sorted(expected)


def test_no_place_is_pretended_where_none_is_known() -> None:
    for site in carrier_sites():
        if site.precision == "unknown":
            assert site_point(site) is None
            assert site.town == ""
        if site.precision == "town":
            town = find_town(site.town)
            assert town is not None
            assert town.name == site.town
            assert (site.lon, site.lat) == (None, None)
            assert site_point(site) == (town.lon, town.lat)
        if site.precision in ("exact", "street"):
            assert site.accuracy_m is not None
            assert site_point(site) == (site.lon, site.lat)


@pytest.mark.real_data
def test_the_sites_say_what_the_public_list_says(shared_data: Path) -> None:
    plan = load_plan()
    sites = {site.carrier_key: site for site in carrier_sites()}
    rows = _rows(shared_data / "carriers.csv")
    assert len(rows) == 15
    for row in rows:
        name = row["name"].split("(")[0].replace("互联网+美居产业孵化平台", "“互联网+美居产业”孵化平台")
        site = sites[plan.carrier(name).key]
        if row["lon_wgs84"]:
            assert (site.lon, site.lat) == (float(row["lon_wgs84"]), float(row["lat_wgs84"]))
            assert site.precision == "street"
        elif row["precision"] == "town only":
            assert site.precision == "town"
            assert site.town in row["town_or_zone"]
        elif row["precision"] == "none":
            assert site.precision == "unknown"
        else:  # zone only: a town only where the plan's own text names it (中山科技创新园 in 南区)
            assert (site.precision, site.town) in (("unknown", ""), ("town", "南区街道"))


def test_every_platform_has_a_composition_of_known_towns_and_says_how_sure_it_is() -> None:
    plan = load_plan()
    compositions = {composition.platform: composition for composition in platform_compositions()}
    assert list(compositions) == [platform.key for platform in plan.platforms]
    for composition in compositions.values():
        for member in composition.members:
            town = find_town(member.town)
            assert town is not None
            assert town.name == member.town
    assert {key for key, found in compositions.items() if found.certainty == "assumed"} == {
        "science_city",
        "south",
        "north",
        "west",
    }
    # whole towns belong to one platform only
    whole = [m.town for found in compositions.values() for m in found.members if m.extent == "whole"]
    assert len(whole) == len(set(whole))


def test_towns_that_the_plan_names_are_in_the_composition() -> None:
    compositions = {composition.platform: composition for composition in platform_compositions()}
    for platform in load_plan().platforms:
        members = {member.town for member in compositions[platform.key].members}
        assert {part.town for part in platform.towns} <= members


def test_a_bureaus_own_composition_is_read_and_a_wrong_one_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    text = """[[compositions]]
platform = "north"
certainty = "confirmed"
members = [{ town = "黄圃镇", extent = "whole" }]
source = "业务科室"
"""
    file.write_text(text, encoding="utf-8")
    assert [composition.platform for composition in platform_compositions(file)] == ["north"]
    file.write_text(text.replace("whole", "half"), encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml \(north\).*members\.1\.extent"):
        platform_compositions(file)
