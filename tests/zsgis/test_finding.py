"""What is typed finds names by themselves, by initials, by pinyin; codes by prefix; the best come first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import pypinyin
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.crs import parse_crs
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from zsgis.finding.fields import searched_fields
from zsgis.finding.names import NameColumn, Rank, read_names
from zsgis.finding.ranking import rank_of
from zsgis.finding.records import Records, encoded
from zsgis.finding.spelling import Spelling, spelled_like, spelling

NAMES = ["中山科学城", "科学城", "Alpha-07", "alpha-1", "科学城", "", "深中智造"]


@pytest.fixture
def column(tmp_path: Path) -> Iterator[NameColumn]:
    crs = parse_crs("4547")
    frame = geopandas.GeoDataFrame(
        {"name": NAMES}, geometry=[shapely.box(x, 0, x + 1, 1) for x in range(len(NAMES))], crs=crs
    )
    with Project.create(tmp_path / "p.gpkg", crs) as project:
        layer = project.add_layer(NewLayer("平台", "platforms", crs), frame)
        (found,) = (each for each in read_names(project, layer, NoProgress()) if each.alias == "平台名称")
        yield found


def ranks(column: NameColumn, word: str) -> list[tuple[str, str, int]]:
    return [(hit.rank.name, hit.text, hit.count) for hit in column.find(word, 50)]


def test_names_are_found_as_written_by_initials_and_by_pinyin(column: NameColumn) -> None:
    assert ranks(column, "科学城") == [("EXACT", "科学城", 2), ("CONTAINS", "中山科学城", 1)]
    assert ranks(column, "zskxc") == [("INITIALS", "中山科学城", 1)]
    assert ranks(column, "zhongshan") == [("SPELLED", "中山科学城", 1)]
    assert [text for _rank, text, _count in ranks(column, "kxc")] == ["科学城", "中山科学城"]
    assert ranks(column, "keXueCheng")[0][0] == "SPELLED"
    assert ranks(column, "没有") == []


def test_codes_are_found_by_prefix_whatever_the_case_and_shown_as_written(column: NameColumn) -> None:
    assert ranks(column, "ALPHA-1") == [("EXACT", "alpha-1", 1)]
    assert ranks(column, "alpha") == [("PREFIX", "Alpha-07", 1), ("PREFIX", "alpha-1", 1)]
    assert ranks(column, "-0") == [("CONTAINS", "Alpha-07", 1)]


def test_a_name_leads_to_all_features_that_have_it(column: NameColumn) -> None:
    (hit, _other) = column.find("科学城", 50)
    assert len(set(hit.uids)) == 2


def test_an_empty_layer_and_a_layer_without_names_find_nothing(tmp_path: Path) -> None:
    crs = parse_crs("4547")
    with Project.create(tmp_path / "p.gpkg", crs) as project:
        frame = geopandas.GeoDataFrame({"name": []}, geometry=[], crs=crs)
        empty = project.add_layer(NewLayer("空", "platforms", crs), frame)
        assert read_names(project, empty, NoProgress()) == ()
        frame = geopandas.GeoDataFrame({"name": [None]}, geometry=[shapely.box(0, 0, 1, 1)], crs=crs)
        nameless = project.add_layer(NewLayer("无名", "platforms", crs), frame)
        assert read_names(project, nameless, NoProgress()) == ()


def test_parcel_codes_and_columns_that_came_along_are_searched(tmp_path: Path) -> None:
    crs = parse_crs("4547")
    frame = geopandas.GeoDataFrame(
        {"name": ["442000001001GB00001"], "use_code": ["0601"], "DKBH": ["B-12"]},
        geometry=[shapely.box(0, 0, 1, 1)],
        crs=crs,
    )
    with Project.create(tmp_path / "p.gpkg", crs) as project:
        layer = project.add_layer(NewLayer("宗地", "cadastral_parcels", crs), frame)
        names = {field.name.lower() for field in searched_fields(layer)}
    assert {"name", "dkbh"} <= names
    assert "use_code" not in names


@given(
    st.lists(st.text(alphabet="ab0-", max_size=5), min_size=1, max_size=40),
    st.text("ab0-", min_size=1, max_size=3),
)
def test_records_find_what_a_plain_search_finds(texts: list[str], part: str) -> None:
    texts = sorted(texts)
    records = Records.of(encoded(texts))
    assert [row for row, _place in records.holding(part.encode())] == [
        row for row, text in enumerate(texts) if part in text
    ]
    low, high = records.beginning_with(part.encode())
    assert texts[low:high] == [text for text in texts if text.startswith(part)]
    assert [records.text(row) for row in range(len(records))] == texts


@given(st.text(max_size=20))
def test_any_text_can_be_spelled_and_finds_itself(text: str) -> None:
    known = spelling(text)
    assert " " not in known.initials
    assert spelled_like(text, text)


def test_phrases_are_read_as_they_are_spoken() -> None:
    # 重 is chong in Chongqing and zhong in zhongda; 长 is chang in Changjiang
    assert spelling("重庆").initials == "cq"
    assert spelling("重大平台").pinyin == "zhongdapingtai"
    assert spelling("长江路 3号").initials == "cjl3h"


def test_signs_between_chinese_ones_stand_for_themselves_in_their_place() -> None:
    assert spelling(" A3 中山-B 市7 ").pinyin == "a3zhongshan-bshi7"
    assert spelling(" A3 中山-B 市7 ").initials == "a3zs-bs7"
    assert spelling("Plot 7") == Spelling("plot 7")


def test_numbered_names_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read = pypinyin.lazy_pinyin

    def lazy_pinyin(han: str) -> list[str]:
        asked.append(han)
        return list(read(han))

    monkeypatch.setattr(pypinyin, "lazy_pinyin", lazy_pinyin)
    known = [spelling(f"丙图斑-{number:05d}") for number in range(500)]
    assert {name.initials for name in known} == {f"btb-{number:05d}" for number in range(500)}
    assert asked == ["丙图斑"]


@pytest.mark.parametrize(
    ("word", "name", "rank"),
    [
        ("缩放", "缩放", Rank.EXACT),
        ("缩", "缩放到图层", Rank.PREFIX),
        ("sf", "缩放到图层", Rank.INITIALS),
        ("图层", "缩放到图层", Rank.CONTAINS),
        ("tuceng", "缩放到图层", Rank.SPELLED),
        ("sftc", "缩放到图层", Rank.FUZZY),
        ("zl", "Zoom to layer", Rank.FUZZY),
        ("xyz", "缩放到图层", None),
    ],
)
def test_how_well_a_command_fits(word: str, name: str, rank: Rank | None) -> None:
    assert rank_of(word, name) is rank
