"""Forms of features: what they hold, what is read from what is typed, what follows, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.classification import standard
from layers.errors import GeometryError
from layers.findings import Severity
from layers.forms.choices import choices
from layers.forms.computing import areas_of, computed_values, followers
from layers.forms.fields import form_of
from layers.forms.judging import judge
from layers.forms.model import Section
from layers.forms.reading import read_texts, read_value, write_value
from layers.forms.rules import entry_rules
from layers.kind import Computation, Field, FieldType, Kind
from layers.kinds import KINDS
from tests.layers.form_samples import COUNT, layer_of, survey

# lon 113.38-113.39, lat 22.52-22.53: 1 139 241.6963644 m2 by the official formula (domain/standards.md, 6)
CELL = shapely.box(113.38, 22.52, 113.39, 22.53)


def names(section: Section) -> list[str]:
    return [one.name for one in survey().fields if one.section is section]


def test_required_fields_come_first_and_a_name_stands_behind_its_code() -> None:
    form = survey()
    assert [one.name for one in form.fields[:2]] == ["class_code", "class_name"]
    assert names(Section.REQUIRED) == ["class_code", "class_name"]
    assert names(Section.CLOSING) == ["source", "status", "remark"]
    assert names(Section.AREAS) == ["survey_area_m2", "deducted_area_m2", "net_class_area_m2"]
    order = [one.name for one in form.fields]
    assert order[order.index("detail_code") + 1] == "detail_name"


def test_columns_the_kind_does_not_know_stand_at_the_end_and_missing_ones_are_left_out() -> None:
    form = form_of(layer_of("cadastral_parcels", further=(COUNT,), without=("holder",)))
    last = form.fields[-1]
    assert (last.name, last.title, last.section) == ("门牌数", "门牌数", Section.FURTHER)
    assert last.declared.type is FieldType.INTEGER
    assert "holder" not in form.by_name


def test_new_features_have_the_standing_of_their_layer() -> None:
    assert form_of(layer_of("zones", status="示意")).defaults == {"status": "示意"}
    assert form_of(layer_of("zones")).defaults == {}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldType.DATE, "2026-11-22", "2026-11-22"),
        (FieldType.DATE, "2026/11/22", "2026-11-22"),
        (FieldType.DATE, "20261122", "2026-11-22"),
        (FieldType.DATE, "２０２６年１１月２２日", "2026-11-22"),
        (FieldType.NUMBER, "1,234.56", 1234.56),
        (FieldType.NUMBER, "１２.５", 12.5),
        (FieldType.NUMBER, "  ", None),
        (FieldType.INTEGER, "12,000", 12000),
        (FieldType.TEXT, " 0802 ", "0802"),
        (FieldType.TEXT, "1,234", "1,234"),
        (FieldType.TEXT, "", None),
        (FieldType.BOOLEAN, "是", True),
    ],
)
def test_what_is_typed_is_read(kind: FieldType, text: str, value: object) -> None:
    assert read_value(Field("one", "一", kind), text) == (value, "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldType.DATE, "2026-02-30"),
        (FieldType.DATE, "22.11.2026"),
        (FieldType.NUMBER, "十二"),
        (FieldType.NUMBER, "1,23"),
        (FieldType.NUMBER, "nan"),
        (FieldType.NUMBER, "1e999"),
        (FieldType.INTEGER, "1.5"),
        (FieldType.BOOLEAN, "也许"),
    ],
)
def test_what_is_no_value_is_told_with_its_words(kind: FieldType, text: str) -> None:
    value, wrong = read_value(Field("one", "一", kind), text)
    assert value is None
    assert text in wrong


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([None, 2, 4]))
def test_a_number_read_back_is_the_number(value: float, digits: int | None) -> None:
    one = Field("one", "一", FieldType.NUMBER, digits=digits)
    assert read_value(one, write_value(one, value)) == (value, "")


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_whole_number_read_back_is_the_number(value: int) -> None:
    one = Field("one", "一", FieldType.INTEGER)
    assert read_value(one, write_value(one, value)) == (value, "")


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_a_date_is_the_same_in_every_way_of_writing(day: dt.date) -> None:
    one = Field("one", "一", FieldType.DATE)
    for written in (
        day.isoformat(),
        day.strftime("%Y/%m/%d"),
        day.strftime("%Y%m%d"),
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert read_value(one, written) == (day.isoformat(), "")


@given(st.text(max_size=20))
def test_nothing_typed_is_ever_more_than_a_sentence(text: str) -> None:
    form = survey()
    values, issues = read_texts(form, dict.fromkeys(form.by_name, text))
    assert {issue.field for issue in issues} | set(values) == set(form.by_name)
    judge(form, values)


def test_areas_follow_the_shape_by_the_official_formula() -> None:
    form = form_of(layer_of("land_use", crs="4490", standard="sandiao"))
    found = computed_values(form, {"class_code": "0101", "deducted_share": 0.1}, areas_of(form, CELL))
    assert found["survey_area_m2"] == 1139241.70
    assert found["deducted_area_m2"] == 113924.17
    assert found["net_class_area_m2"] == 1025317.53
    assert found["class_name"] == "水田"


def test_a_parcel_of_ownership_follows_the_plane_and_its_certificate_nothing() -> None:
    form = form_of(layer_of("cadastral_parcels"))
    square = shapely.box(500_000, 2_490_000, 500_100, 2_490_100)
    found = computed_values(form, {"certificate_area_m2": 9_999.0}, areas_of(form, square))
    assert found == {"parcel_area_m2": 10_000.0}


def test_an_area_that_cannot_be_measured_stays_as_it_is_stated() -> None:
    form = form_of(layer_of("cadastral_parcels", crs="4490"))
    assert areas_of(form, CELL) == {}
    assert computed_values(form, {"parcel_area_m2": 5.0}, {}) == {}


def test_without_a_shape_there_is_no_area() -> None:
    form = form_of(layer_of("cadastral_parcels"))
    assert computed_values(form, {"parcel_area_m2": 5.0}, areas_of(form, None)) == {"parcel_area_m2": None}


def test_a_vertex_without_coordinates_is_refused() -> None:
    form = form_of(layer_of("cadastral_parcels"))
    with np.errstate(invalid="ignore"):
        broken = shapely.from_wkt("POLYGON ((0 0, nan 1, 1 1, 0 0))")
    with pytest.raises(GeometryError):
        areas_of(form, broken)


RECORDED = {
    "approved_area_ha", "supplied_area_ha", "unsupplied_area_ha", "contract_area_m2", "certificate_area_m2",
    "planned_area_ha", "plot_area_m2", "plot_area_ha", "recorded_area_m2", "recorded_area_ha", "idle_area_ha",
    "floor_area_m2", "land_area_m2", "planned_floor_area_m2",
}  # fmt: skip


@pytest.mark.parametrize("declared", KINDS.values(), ids=KINDS.keys())
def test_what_somebody_recorded_is_never_computed(declared: Kind) -> None:
    for one in declared.fields:
        if one.name in RECORDED:
            assert one.computed is None, one.name


def test_only_surveyed_areas_follow_the_shape() -> None:
    following = {
        (kind.key, one.name)
        for kind in KINDS.values()
        for one in kind.fields
        if one.computed is not None and one.computed.is_area
    }
    assert following == {
        ("land_use", "survey_area_m2"),
        ("territorial_plan", "database_area_m2"),
        ("cadastral_parcels", "parcel_area_m2"),
        ("towns", "computed_area_m2"),
    }


@pytest.mark.parametrize("declared", KINDS.values(), ids=KINDS.keys())
def test_what_a_field_is_computed_from_stands_before_it(declared: Kind) -> None:
    known: set[str] = set()
    for one in declared.fields:
        if one.computed is not None:
            assert set(one.computed.of) <= known
            assert one.computed.is_area != bool(one.computed.of)
        known.add(one.name)


@pytest.mark.parametrize("declared", KINDS.values(), ids=KINDS.keys())
def test_what_a_field_depends_on_is_a_field(declared: Kind) -> None:
    for one in declared.fields:
        for other in (one.cascade, one.not_below):
            assert not other or declared.has_field(other)
        assert one.low is None or one.high is None or one.low < one.high


@given(
    st.integers(0, 10**12).map(lambda cents: cents / 100),
    st.integers(0, 10_000).map(lambda units: units / 10_000),
)
def test_a_deduction_is_the_area_times_its_factor_in_whole_cents(area: float, share: float) -> None:
    found = computed_values(survey(), {"survey_area_m2": area, "deducted_share": share})
    exact = Fraction(repr(area)) * Fraction(repr(share))
    half_up = (exact * 100 + Fraction(1, 2)) // 1
    assert round(found["deducted_area_m2"] * 100) == half_up
    assert round(found["net_class_area_m2"] * 100) == round(area * 100) - half_up


def test_a_deduction_without_a_factor_is_stated_and_taken_away() -> None:
    found = computed_values(survey(), {"survey_area_m2": 100.0, "deducted_area_m2": 12.5})
    assert found == {"net_class_area_m2": 87.5}


def test_an_unknown_code_names_nothing_and_an_emptied_one_takes_its_name_with_it() -> None:
    form = survey()
    assert computed_values(form, {"class_code": "9999", "class_name": "稻田"}) == {}
    assert computed_values(form, {"class_name": "稻田"}) == {}
    assert computed_values(form, {"class_code": None, "class_name": "稻田"}, emptied={"class_code"}) == {
        "class_name": None
    }
    assert computed_values(survey(""), {"class_code": "0101"}) == {}


def test_the_classes_above_follow_the_code() -> None:
    form = form_of(layer_of("territorial_plan", standard="yd2023"))
    found = computed_values(form, {"class_code": "100102"})
    assert [found[f"class_code_{level}"] for level in (1, 2, 3)] == ["10", "1001", "100102"]
    found = computed_values(form, {"class_code": "1001", "plan_zone_code": "414"})
    assert [found[f"class_code_{level}"] for level in (1, 2, 3)] == ["10", "1001", None]
    assert found["plan_zone"] == "工业发展区"


def test_what_follows_from_what() -> None:
    form = survey()
    assert followers(form, {"class_code"}) == {"class_name"}
    assert followers(form, {"deducted_share"}) == {"deducted_area_m2", "net_class_area_m2"}
    assert followers(form, (), shape=True) == {"survey_area_m2", "deducted_area_m2", "net_class_area_m2"}
    assert followers(form, {"remark"}) == frozenset()


def told(
    values: Mapping[str, object], standard_key: str = "sandiao", kind: str = "land_use"
) -> list[tuple[str, Severity]]:
    form = form_of(layer_of(kind, standard=standard_key))
    return [(issue.field, issue.severity) for issue in judge(form, values)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"class_code": "0101"}, []),
        ({"class_code": None}, [("class_code", Severity.ERROR)]),
        ({"class_code": "  "}, [("class_code", Severity.ERROR)]),
        ({"class_code": "9999"}, [("class_code", Severity.ERROR)]),
        ({"class_code": "101"}, [("class_code", Severity.ERROR)]),
        ({"ownership_code": "20"}, []),
        # what a code is called may stand for it, though its column is made for the code
        ({"ownership_code": "国有土地使用权"}, [("ownership_code", Severity.WARNING)]),
        ({"ownership_code": "99"}, [("ownership_code", Severity.ERROR)]),
        ({"name": "123456789"}, [("name", Severity.WARNING)]),
        ({"deducted_share": 1.5}, [("deducted_share", Severity.ERROR)]),
        ({"deducted_share": -0.1}, [("deducted_share", Severity.ERROR)]),
        ({"deducted_share": 0.12345}, [("deducted_share", Severity.WARNING)]),
        ({"data_year": 202}, [("data_year", Severity.WARNING)]),
        ({"class_code": "0101", "slope_class": "2"}, []),
        ({"class_code": "0601", "slope_class": "2"}, [("slope_class", Severity.WARNING)]),
        ({"class_code": "0601", "detail_code": "HDGY"}, []),
        ({"class_code": "0101", "detail_code": "HDGY"}, [("detail_code", Severity.WARNING)]),
        ({"class_code": "0101", "detail_code": "XYZ"}, [("detail_code", Severity.WARNING)]),
        ({"slope_class": "2"}, []),
    ],
)
def test_what_is_wrong_with_a_survey_polygon(
    values: dict[str, object], expected: list[tuple[str, Severity]]
) -> None:
    assert told(values) == expected


def test_a_code_of_another_version_names_that_version() -> None:
    form = survey("yd2023")
    (issue,) = judge(form, {"class_code": "0307"})
    assert standard("sandiao").title in issue.text
    (issue,) = judge(form, {"class_code": "802"})
    assert "0802" in issue.text


def test_without_a_standard_codes_are_not_judged() -> None:
    assert told({"class_code": "A1"}, "") == []
    assert told({"class_code": "A1"}, "custom") == []


def test_an_end_before_its_beginning_is_asked_about() -> None:
    dates = {"right_from": "2026-01-02", "right_until": "2026-01-01", "name": "1"}
    assert told(dates, "", "cadastral_parcels") == [("right_until", Severity.WARNING)]
    assert told({**dates, "right_until": "2026-01-02"}, "", "cadastral_parcels") == []
    ratios = {"min_floor_area_ratio": 3.5, "max_floor_area_ratio": 2.0, "supervision_number": "1"}
    assert told(ratios, "", "supplied") == [("max_floor_area_ratio", Severity.WARNING)]


def test_choices_are_those_of_the_layers_own_standard() -> None:
    offered = choices(survey("sandiao"), "class_code", {})
    assert offered.closed
    assert [one.value for one in offered.options] == list(standard("sandiao").classes)
    assert offered.name_of("0101") == "水田"
    assert choices(survey(""), "class_code", {}).options == ()


def test_choices_follow_the_class() -> None:
    def codes(class_code: str | None) -> list[object]:
        return [one.value for one in choices(survey(), "detail_code", {"class_code": class_code}).options]

    assert codes("0101") == ["HDGD", "HQGD", "LQGD", "MQGD", "SHGD", "SMGD"]
    assert codes("0602") == ["FQ"]
    assert codes("0701") == []
    assert len(codes(None)) == 15


def test_what_stands_in_the_layer_is_offered_under_its_code() -> None:
    form = survey()
    met = {"": ("甲村", "乙村"), "442000001001": ("甲村",)}
    assert [c.value for c in choices(form, "location", {}, met).options] == ["甲村", "乙村"]
    chosen = choices(form, "location", {"location_code": "442000001001"}, met)
    assert [c.value for c in chosen.options] == ["甲村"]
    assert not chosen.closed


def test_precision_and_yes_are_offered_in_words() -> None:
    form = form_of(layer_of("points"))
    assert choices(form, "precision", {}).options[0].text == "exact 位置准确"
    reserve = form_of(layer_of("reserve"))
    assert [one.value for one in choices(reserve, "supply_ready", {}).options] == [True, False]


def test_rules_of_entry_speak_of_declared_fields_and_known_classes() -> None:
    rules = entry_rules()
    for (kind_key, name), rule in rules.rules.items():
        one = KINDS[kind_key].field(name)
        assert rule.source
        assert rule.status in ("现行", "待核实")
        used = {*rule.only_under, *(group for option in rule.options for group in option.under)}
        assert used <= set(rules.groups)
        assert not used or one.cascade == KINDS[kind_key].class_field
        assert all(0 < len(option.code) <= (one.length or 99) for option in rule.options)
        rules_behind = [
            f.computed.rule for f in KINDS[kind_key].fields if f.computed and f.computed.of == (name,)
        ]
        assert not rule.options or rules_behind == [Computation.CODE_NAME]
    for group in rules.groups.values():
        for key, codes in group.codes.items():
            assert all(standard(key).knows(code) for code in codes)
