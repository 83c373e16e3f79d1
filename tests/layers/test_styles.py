"""Styles as data: old files, limits of scale, black and white, the standard lines and colours."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from layers.carriers import KIND as CARRIERS
from layers.classification import standard
from layers.style import ClassRule, LabelStyle, Marker, ScaledSymbol, Style, Symbol
from layers.style.boundaries import MM_PER_PT, boundaries
from layers.style.model import Hatch
from layers.style.monochrome import monochrome
from layers.style.ramps import ramps
from layers.style.scales import ScaleSpan, spans

RED, BLUE = Symbol(fill="#FF0000"), Symbol(fill="#0000FF")
DOMAIN = Path(__file__).resolve().parents[3] / "shared" / "domain" / "tables"
needs_tables = pytest.mark.skipif(
    not DOMAIN.is_dir(), reason="the domain's tables are not beside the checkout"
)
# as a project of the first version holds it
OLD = """{"symbol":{"fill":"#D9D9D9","fill_opacity":1.0,"hatch":null,"hatch_color":"#505050",
"hatch_spacing_mm":1.5,"stroke":"#606060","stroke_mm":0.12,"dash":[4.0,1.2],"tint_mm":0.0,"marker":"circle",
"marker_mm":2.5},"class_field":"class_code","rules":[{"value":"0101","title":"水田","symbol":{"fill":"#F8D072"}}],
"label":{"field":"name","size_mm":2.6,"color":"#202020","halo":"#FFFFFF","halo_mm":0.3,"bold":false,
"max_scale_denominator":50000.0}}"""


def test_styles_of_old_projects_load_and_look_the_same() -> None:
    style = Style.model_validate_json(OLD)
    assert (style.rules[0].value, style.rules[0].visible, style.numeric) == ("0101", True, False)
    assert style.symbols_at(1_000) == (style.rules[0].symbol, style.symbol)
    assert style.symbol.lines_over == ()
    again = json.loads(style.model_dump_json())
    assert Style.model_validate(again) == style


def test_symbols_hold_at_their_scales_and_limits_meet_without_a_gap() -> None:
    near = ScaledSymbol(symbol=BLUE, max_denominator=2000)
    rules = (
        ClassRule(value="a", title="", symbol=RED, other_scales=(near,)),
        ClassRule(value="b", title="", symbol=RED, min_denominator=500, max_denominator=2000),
        ClassRule(value="c", title="", symbol=RED, visible=False),
    )
    style = Style(symbol=RED, class_field="n", rules=rules, other_scales=(near,), max_denominator=10_000)
    assert style.symbols_at(100) == (BLUE, None, None, BLUE)
    assert style.symbols_at(500) == (BLUE, RED, None, BLUE)
    assert style.symbols_at(1999.9) == (BLUE, RED, None, BLUE)
    assert style.symbols_at(2000) == (RED, None, None, RED)
    assert style.symbols_at(10_000) == (None,) * 4
    hidden_rest = style.model_copy(update={"rest_visible": False})
    assert hidden_rest.symbols_at(100)[-1] is None
    assert set(style.all_symbols()) == {RED, BLUE}


@pytest.mark.parametrize("limits", [(2000, 2000), (2000, 1000), (0, None), (None, -1), (None, float("inf"))])
def test_empty_and_senseless_ranges_of_scale_are_refused(limits) -> None:
    with pytest.raises(ValidationError):
        ClassRule(value="a", title="", symbol=RED, min_denominator=limits[0], max_denominator=limits[1])


def test_spans_cover_a_class_once_with_the_symbol_it_has_there() -> None:
    others = (
        ScaledSymbol(symbol=BLUE, min_denominator=1000, max_denominator=5000),
        ScaledSymbol(symbol=RED, min_denominator=3000, max_denominator=9000),
    )
    rule = ClassRule(value="a", title="", symbol=RED, other_scales=others, max_denominator=20_000)
    found = spans(rule)
    assert found == (ScaleSpan(RED, None, 1000), ScaleSpan(BLUE, 1000, 5000), ScaleSpan(RED, 5000, 20_000))
    for denominator in (1, 999, 1000, 4999, 5000, 8999, 9000, 19_999, 20_000):
        held = [s.symbol for s in found if (s.low or 0) <= denominator < (s.high or 1e12)]
        assert held == ([rule.symbol_at(denominator)] if denominator < 20_000 else [])


def test_black_and_white_tells_45_classes_apart_without_a_colour() -> None:
    rules = tuple(
        ClassRule(value=str(i), title="", symbol=Symbol(fill=f"#{i * 5:02X}80FF", stroke="#C62828"))
        for i in range(44)
    )
    style = Style(
        symbol=Symbol(fill="#123456"),
        class_field="n",
        rules=rules,
        label=LabelStyle(field="n", color="#AA0000"),
    )
    grey = monochrome(style)
    looks = [(symbol.fill, symbol.hatch, symbol.hatch_spacing_mm) for symbol in grey.all_symbols()]
    plain = [(fill, hatch and (hatch, spacing)) for fill, hatch, spacing in looks]
    assert len(set(plain)) == 45
    colors = {grey.label.color if grey.label else ""}
    for symbol in grey.all_symbols():
        colors |= {symbol.fill or "", symbol.stroke or "", symbol.hatch_color}
    assert all(color[1:3] == color[3:5] == color[5:7] for color in colors)
    assert [rule.value for rule in grey.rules] == [rule.value for rule in rules]


def test_classes_of_one_colour_stay_one_in_black_and_white() -> None:
    rules = tuple(ClassRule(value=v, title="", symbol=RED if v < "c" else BLUE) for v in "abc")
    first, second, third = monochrome(Style(class_field="n", rules=rules)).rules
    assert first.symbol == second.symbol
    assert first.symbol != third.symbol


def test_ranges_become_darker_step_by_step_and_own_hatches_and_dashes_stay() -> None:
    rules = tuple(
        ClassRule(value=str(i), title="", symbol=Symbol(fill=color), lower=i, upper=i + 1)
        for i, color in enumerate(("#FFFFB2", "#FD8D3C", "#BD0026"))
    )
    grey = monochrome(Style(class_field="n", numeric=True, rules=rules))
    assert [rule.symbol.fill for rule in grey.rules] == ["#F2F2F2", "#999999", "#404040"]
    single = monochrome(
        Style(symbol=Symbol(fill="#FFFFFF", hatch=Hatch.CROSS, dash=(2.0, 1.0), stroke="#0000FF"))
    )
    assert (single.symbol.hatch, single.symbol.dash, single.symbol.stroke) == (
        Hatch.CROSS,
        (2.0, 1.0),
        "#202020",
    )


@needs_tables
def test_boundaries_are_those_of_the_table() -> None:
    with (DOMAIN / "s9a_1_name.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    held = {boundary.title: boundary for boundary in boundaries().values()}
    assert list(held) == [row["name"] for row in rows]
    # by hand from the table, in points
    county = held["县级界"].drawn(Symbol())
    assert county.dash == pytest.approx([length * MM_PER_PT for length in (9, 3, 1, 3)], abs=1e-4)
    assert county.stroke_mm == pytest.approx(0.709 * 25.4 / 72, abs=1e-4)
    village = held["村界"]
    assert (village.width_pt, village.color) == (0.567, "#333333")
    # [0,3, 9,3, 9,3, 9,3, 1.5,0] begins with a gap; a line may as well begin behind it
    assert village.dash_pt == (9, 3, 9, 3, 9, 3, 1.5, 3)
    for row in rows:
        width = held[row["name"]].width_pt
        assert f"{width:g}" in row["layers"] or "as 国界" in row["layers"], row


def test_doubts_about_boundaries_are_told() -> None:
    for boundary in boundaries().values():
        assert boundary.certain or boundary.note
        assert sum(boundary.dash_pt) > 0 or not boundary.over
        for over in boundary.over:
            # what lies over a dashed line repeats with it
            assert sum(over.dash_pt) == pytest.approx(sum(boundary.dash_pt))


def test_carriers_of_different_kind_differ_in_shape() -> None:
    shapes = [rule.symbol.marker for rule in CARRIERS.style.rules]
    assert len(set(shapes)) == len(shapes) == 9
    assert CARRIERS.style.symbol.marker not in shapes
    assert {rule.symbol.fill for rule in CARRIERS.style.rules} == {CARRIERS.style.symbol.fill}
    assert Marker.CIRCLE is CARRIERS.style.symbol.marker


def test_ramps_begin_and_end_with_their_stops() -> None:
    for ramp in ramps():
        assert ramp.colors(5) == ramp.stops
        assert ramp.colors(9)[::2] == ramp.stops
        assert ramp.colors(2) == (ramp.stops[0], ramp.stops[-1])
        assert ramp.colors(3, backwards=True) == ramp.colors(3)[::-1]
        assert ramp.colors(1) == (ramp.stops[2],)
    blues = next(ramp for ramp in ramps() if ramp.key == "Blues")
    # half way from EFF3FF to BDD7E7: (239 + 189) / 2 = 214, 229, 243
    assert blues.colors(9)[1] == "#D6E5F3"


@needs_tables
def test_every_land_class_has_a_colour_and_survey_classes_that_of_the_table() -> None:
    with (DOMAIN / "s2a_1_DLBM.csv").open(encoding="utf-8") as file:
        told = {row["DLBM"]: row for row in csv.DictReader(file) if row["R"]}
    survey = standard("sandiao")
    for code, row in told.items():
        assert survey.color(code) == "#{:02X}{:02X}{:02X}".format(*(int(row[part]) for part in "RGB")), code
    for key, code in itertools.chain.from_iterable(
        [(key, code) for code in standard(key).classes] for key in ("yd2023", "gbt21010", "sandiao")
    ):
        assert standard(key).classes[code].color != "#D9D9D9", (key, code)
