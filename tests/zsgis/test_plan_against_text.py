"""Every name, place and figure of the shipped plan stands in the plan's text, at the place that is cited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

import pytest
from pydantic import BaseModel

from zsgis.plan import Carrier, Citation, Figure, Plan, Platform, Role, load_plan

pytestmark = pytest.mark.real_data

_BOX = re.compile(r"专栏(\d+-\d+)")
_CHINESE = {3: "三", 4: "四", 50: "五十", 100: "百"}


def _plain(text: str) -> str:
    """Return text without white space, full-width forms as half-width, a table's columns parted by ``|``."""
    joined = unicodedata.normalize("NFKC", text.strip(" \r\n")).replace("\t", "|")
    return re.sub(r"\s", "", joined)


class _Places:
    """The plan's text cut into sections (by its own table of contents), boxes and a box's numbered items."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines()
        body = [number for number, line in enumerate(lines) if _plain(line) == "前言"][-1]
        self.contents = self._contents(lines[:body])
        self.found: dict[str, list[str]] = {"前言": []}
        ahead = list(self.contents)
        place = "前言"
        for line in lines[body:]:
            plain = _plain(line)
            box = _BOX.match(plain)
            if ahead and self._is_heading(plain, ahead[0][1]):
                place = ahead.pop(0)[0]
            elif box:
                place = f"专栏 {box.group(1)}"
            self.found.setdefault(place, []).append(line)
        self.missed = ahead

    @staticmethod
    def _is_heading(line: str, title: str) -> bool:
        # one heading of the body says 转化 once more than the table of contents does
        return len(line) <= len(title) + 2 and SequenceMatcher(None, line, title).ratio() > 0.9

    @staticmethod
    def _contents(lines: list[str]) -> list[tuple[str, str]]:
        contents = []
        chapter = section = ""
        for line in lines:
            entry = re.fullmatch(r"(.+?)\.{3,}\|?\d+", _plain(line))
            title = entry.group(1) if entry else ""
            if match := re.match(r"([一二三四五六七八])、", title):
                chapter, section = match.group(1), ""
                contents.append((chapter, title))
            elif match := re.match(r"\(([一二三四五六])\)", title):
                section = f"({match.group(1)})"
                contents.append((chapter + section, title))
            elif match := re.match(r"(\d+)\.", title):
                contents.append((chapter + section + match.group(1), title))
        return contents

    def text(self, place: str) -> str:
        """Return a place's text; a chapter or section holds what is below it, boxes apart."""
        if place.startswith("专栏") or place == "前言":
            return "".join(_plain(line) for line in self.found[place])
        below = [key for key in self.found if key == place or re.match(re.escape(place) + r"[(\d]", key)]
        assert below, f"no such place in the plan: {place}"
        return "".join(_plain(line) for key in below for line in self.found[key])

    def items(self, box: str) -> dict[int, str]:
        """Return a box's numbered items."""
        items: dict[int, str] = {}
        for line in self.found[box]:
            plain = _plain(line)
            if re.match(rf"{len(items) + 1}[.|]", plain):
                items[len(items) + 1] = ""
            if items:
                items[len(items)] += plain
        return items

    def cited(self, citation: Citation) -> str:
        """Return what a citation points at: a box's item, a box or a section."""
        if citation.item is not None:
            return self.items(citation.place)[citation.item]
        return self.text(citation.place)


@pytest.fixture(scope="module")
def places(plan_text: str) -> _Places:
    return _Places(plan_text)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan()


def _walk(value: object) -> Iterator[object]:
    """Yield a declaration and everything declared within it."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from _walk(part)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name))


def _says_number(quote: str, number: float) -> bool:
    digits = re.escape(f"{number:g}" if isinstance(number, float) else str(number))
    if re.search(rf"(?<![\d.]){digits}(?!\d|\.\d)", quote):
        return True
    return number in _CHINESE and _CHINESE[int(number)] in quote


def test_the_text_falls_into_the_sections_of_its_own_table_of_contents(places: _Places) -> None:
    # each heading of the contents was met in the body, in order
    assert places.missed == []
    assert [place for place, _title in places.contents if len(place) == 1] == list("一二三四五六七八")
    assert "科研用地" in dict(places.contents)["八(四)"]
    assert places.text("八(四)").startswith("(四)加强科研用地保障")
    assert places.text("专栏 3-8").endswith("提供创新创业全链条孵化育成服务。")


def test_every_quote_stands_where_it_is_cited(plan: Plan, places: _Places) -> None:
    citations = [found for found in _walk(plan) if isinstance(found, Citation)]
    assert len(citations) > 200
    wrong = [
        (citation.place, citation.item, quote)
        for citation in citations
        for quote in citation.quote_check
        if _plain(quote) not in places.cited(citation)
    ]
    assert wrong == []
    assert [citation for citation in citations if not citation.quote_check] == []


def test_every_figure_is_printed_in_its_quote(plan: Plan) -> None:
    figures = [found for found in _walk(plan) if isinstance(found, Figure)]
    assert len(figures) > 50
    wrong = []
    for figure in figures:
        quotes = [_plain(quote) for quote in figure.quote_check]
        numbers = [figure.value] if figure.high is None else [figure.value, figure.high]
        wrong += [(figure.name, n) for n in numbers if not any(_says_number(quote, n) for quote in quotes)]
    assert wrong == []


def test_every_figure_has_the_unit_of_its_quote(plan: Plan) -> None:
    # m2 is 平方米, 亿元 also 亿 alone, and a yearly figure stands as 每年不低于2项
    said = {"m2": "平方米", "亿元": "亿", "项/年": "项"}
    wrong = [
        (figure.name, figure.unit)
        for figure in _walk(plan)
        if isinstance(figure, Figure)
        if not any(said.get(figure.unit, figure.unit) in quote for quote in figure.quote_check)
    ]
    assert wrong == []


def test_a_target_year_is_printed_with_the_figure(plan: Plan, places: _Places) -> None:
    # 十四五 stands for 2025; a table row and an enumeration carry the year in their head
    wrong = [
        (figure.name, figure.year)
        for figure in _walk(plan)
        if isinstance(figure, Figure) and figure.year and figure.nature == "target"
        if str(figure.year) not in places.cited(figure)
        and "十四五" not in places.cited(figure)
        and str(figure.year) not in places.text(figure.place)
        and "十四五" not in places.text(figure.place)
    ]
    assert wrong == []


def test_every_name_stands_in_one_of_its_places(plan: Plan, places: _Places) -> None:
    wrong = []
    for carrier in plan.carriers:
        text = "".join(places.cited(place) for place in carrier.places)
        names = [carrier.name] if carrier.named else []
        for name in (*names, *carrier.aliases, *carrier.partners):
            if _plain(name) not in text:
                wrong.append((carrier.key, name))
        wrong += [(carrier.key, word) for word in carrier.fields if _plain(word) not in text]
    for platform in plan.platforms:
        text = places.text(platform.place)
        words = [platform.name, *platform.industries, *(park.name for park in platform.parks if park.named)]
        aliases = {alias for carrier in plan.carriers for alias in carrier.aliases}
        wrong += [
            (platform.key, word)
            for word in words
            if _plain(word) not in text
            and not any(_plain(alias) in text for alias in aliases if sorted(alias) == sorted(word))
        ]
        for town in platform.towns:
            if town.town.removesuffix("街道").removesuffix("镇") not in text:
                wrong.append((platform.key, town.town))
    assert wrong == []


def test_a_carriers_town_and_platform_are_named_in_its_places(plan: Plan, places: _Places) -> None:
    # 火炬 is written 火炬开发区 or 火炬区; the science city's carriers are named in its own section
    words = {platform.key: platform.name.removeprefix("中山") for platform in plan.platforms}
    words["torch"] = "火炬"
    wrong = []
    for carrier in plan.carriers:
        text = "".join(places.cited(place) for place in carrier.places)
        if carrier.town and carrier.town.removesuffix("街道").removesuffix("镇") not in text:
            wrong.append((carrier.key, carrier.town))
        if carrier.platform and words[carrier.platform] not in text:
            wrong.append((carrier.key, carrier.platform))
    assert wrong == []


def test_numbers_in_our_own_words_are_the_plans(plan: Plan, places: _Places) -> None:
    wrong = []
    for entry in (*plan.platforms, *plan.carriers, *plan.clauses):
        text = "".join(places.cited(place) for place in entry.places)
        own = [getattr(entry, name, "") for name in ("summary", "role", "title")]
        own += getattr(entry, "measures", ())
        for words in own:
            wrong += [(entry.key, n) for n in re.findall(r"\d+(?:\.\d+)?", words) if n not in text]
    assert wrong == []


def test_phases_carry_the_years_that_are_printed(plan: Plan, places: _Places) -> None:
    phases = 0
    entries: tuple[Platform | Carrier, ...] = (*plan.platforms, *plan.carriers)
    for entry in entries:
        text = "".join(places.cited(place) for place in entry.places)
        for phase in entry.phases:
            phases += 1
            years = f"({phase.start}-{phase.end or ''}年" if phase.end else f"({phase.start}年-)"
            assert years in text, (entry.key, phase.name)
            assert _plain(phase.name) in text
            for quote in phase.quote_check:
                assert _plain(quote) in text, (entry.key, quote)
    # three of the science city, two of the photon centre, three of the cryogenics institute
    assert phases == 8


def test_every_row_of_the_indicator_table_is_in_the_data_cell_by_cell(plan: Plan, places: _Places) -> None:
    rows = places.items("专栏 1-1")
    assert sorted(rows) == list(range(1, 13))
    for indicator in plan.indicators:
        number, title, base, target, department = rows[indicator.number].split("|")
        assert number == str(indicator.number)
        assert title == f"{_plain(indicator.name)}({indicator.unit})"
        assert float(base) == indicator.base.value
        assert float(target.removeprefix("年均增长").removesuffix("左右")) == indicator.target.value
        assert ("年均增长" in target) == (indicator.target.kind == "annual_growth_rate")
        assert ("左右" in target) == (indicator.target.tolerance > 0)
        assert department == indicator.department
        assert (indicator.base.year, indicator.target.year) == (2020, 2025)
    assert sorted(indicator.number for indicator in plan.indicators) == sorted(rows)


@pytest.mark.parametrize(
    ("box", "role", "count"), [("专栏 3-6", "institute", 13), ("专栏 3-8", "incubator", 9)]
)
def test_every_item_of_the_boxes_of_carriers_is_in_the_data(
    plan: Plan, places: _Places, box: str, role: str, count: int
) -> None:
    items = places.items(box)
    assert len(items) == count
    carriers = plan.carriers_in(box)
    assert len(carriers) == count
    for (number, text), carrier in zip(items.items(), carriers, strict=True):
        assert carrier.places[0].item == number
        assert text.startswith(f"{number}.{_plain(carrier.name)}")
        assert carrier.has(role)


def test_every_number_of_an_institutes_box_is_a_figure(plan: Plan, places: _Places) -> None:
    # what is no figure: the item's own number, the year of the target, 1+N and the like
    for carrier in plan.carriers_in("专栏 3-6"):
        text = places.items("专栏 3-6")[carrier.places[0].item or 0]
        printed = re.findall(r"(?<![\d.])\d+(?:\.\d+)?", re.sub(r"^\d+\.", "", text).replace("2025年", ""))
        declared = [f"{figure.value:g}" for figure in carrier.figures]
        declared += [f"{figure.high:g}" for figure in carrier.figures if figure.high is not None]
        assert sorted(printed) == sorted(declared), carrier.key


def test_the_planned_floor_area_is_no_land_and_no_carrier_has_land(plan: Plan) -> None:
    figure = next(f for f in plan.carrier("caiq_institute").figures if f.unit == "m2")
    assert (figure.name, figure.value, figure.nature) == ("规划建设面积", 56300, "planned")
    assert "不是用地面积" in figure.basis
    assert [carrier.key for carrier in plan.carriers if carrier.land_area_m2 is not None] == []


def test_one_institute_has_two_roles_and_stands_once(plan: Plan) -> None:
    found = [carrier for carrier in plan.carriers if "中山工业技术研究院" in (carrier.name, *carrier.aliases)]
    assert len(found) == 1
    assert set(found[0].roles) == {Role.INSTITUTE, Role.INCUBATOR}


def test_the_three_counts_of_carriers_stand_side_by_side_with_their_places(plan: Plan) -> None:
    count = next(count for count in plan.counts if count.key == "incubation_carriers")
    claims = {(claim.value, claim.place, claim.nature) for claim in count.claims}
    assert {
        (73, "一(一)1", "actual"),
        (72, "专栏 1-1", "actual"),
        (85, "专栏 1-1", "target"),
    } <= claims
    assert len(plan.carriers_in("专栏 3-8")) == 9


def test_the_land_clauses_name_who_goes_first(plan: Plan) -> None:
    clause = plan.clause("research_land")
    assert clause.place == "八(四)"
    assert [quota.name for quota in clause.quotas] == [
        "重大项目用地指标",
        "占用征收林地定额",
        "“三旧”改造用地",
    ]
    for quota in clause.quotas:
        assert quota.first_for == ("重大科技创新载体", "重大科技创新平台", "科技园区")
    kept = {clause.place for clause in plan.clauses}
    assert {"一(一)2", "三(一)3", "三(三)4", "三(四)2", "八(四)", "八(五)"} <= kept


def test_each_park_that_a_platform_names_is_a_carrier_of_that_platform(plan: Plan) -> None:
    for platform in plan.platforms:
        for park in platform.parks:
            if park.named:
                assert plan.carrier(park.name).platform == platform.key, park.name
