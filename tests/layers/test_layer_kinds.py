"""The declared layer kinds read like a data standard: one name each, a Chinese alias each."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import layers
from layers.errors import UsageError
from layers.kind import AreaBasis, FieldType, GeometryType, Kind
from layers.kinds import KINDS, kind
from layers.style import Style
from layers.words import catalogue

FOLDER = Path(layers.__file__).parent
EVERY_KIND = pytest.mark.parametrize("declared", KINDS.values(), ids=KINDS.keys())
RESERVED = {"zs_uid", "zs_version", "geometry", "geom", "fid", "ogc_fid", "rowid"}
PROMISED = re.findall(
    r"\w+",
    "platforms incubators carriers industrial_parcels land_use cadastral_parcels detailed_plan "
    "territorial_plan old_plan_zones control_lines forest_stands approved supplied reserve idle "
    "redevelopment project_demand quotas buildings towns zones points lines",
)


def test_the_kinds_are_those_promised() -> None:
    assert list(KINDS) == PROMISED
    assert all(kind(key).key == key for key in PROMISED)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as refusal:
        kind("parcel")
    assert "cadastral_parcels" in refusal.value.remedy


@EVERY_KIND
def test_fields_have_one_ascii_name_and_a_chinese_alias(declared: Kind) -> None:
    names = [field.name for field in declared.fields]
    assert len(set(names)) == len(names)
    aliases = [field.alias for field in declared.fields]
    assert len(set(aliases)) == len(aliases)
    for field in declared.fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)
        assert len(field.name) <= 63
        assert field.name not in RESERVED
        assert re.search(r"[一-鿿]", field.alias), field.alias
        assert field.unit in {"", "m2", "ha", "mu", "m", "percent"}


@EVERY_KIND
def test_no_other_name_leads_to_two_fields(declared: Kind) -> None:
    seen: dict[str, str] = {}
    for field in declared.fields:
        for name in {text.casefold() for text in (field.name, field.alias, *field.met_as)}:
            assert seen.setdefault(name, field.name) == field.name, (declared.key, name)


@EVERY_KIND
def test_units_stand_in_the_names_of_measured_fields(declared: Kind) -> None:
    ending = {"m2": "_m2", "ha": "_ha", "mu": "_mu", "m": "_m", "percent": "_pct"}
    for field in declared.fields:
        if field.unit:
            assert field.type in (FieldType.NUMBER, FieldType.INTEGER)
            assert field.name.endswith(ending[field.unit]), field.name
        else:
            assert not field.name.endswith(tuple(ending.values())), field.name


@EVERY_KIND
def test_an_area_met_without_its_unit_is_not_taken_for_another(declared: Kind) -> None:
    # 用地面积（公顷） must never be read into a field in m2, nor the other way round.
    words = {"m2": ("公顷", "ha", "亩"), "ha": ("平方米", "m2", "亩")}
    for field in declared.fields:
        for name in (field.alias, *field.met_as):
            assert not any(word in name.lower() for word in words.get(field.unit, ())), name


@EVERY_KIND
def test_every_kind_says_its_status_and_its_remark(declared: Kind) -> None:
    assert declared.field("status").domain == ("示意", "待核实", "法定", "演示")
    assert declared.field("status").alias == "数据状态"
    assert declared.field("remark").alias == "备注"
    assert declared.has_field(declared.name_field)


@EVERY_KIND
def test_points_say_how_exactly_they_are_known(declared: Kind) -> None:
    if declared.geometry is GeometryType.POINT:
        assert declared.field("precision").domain == ("exact", "street", "town", "unknown")
        assert declared.has_field("address")
        assert declared.has_field("town")


@EVERY_KIND
def test_declared_names_lead_to_declared_fields(declared: Kind) -> None:
    style: Style = declared.style
    for name in (declared.recorded_area, declared.class_field, style.class_field):
        assert not name or declared.has_field(name)
    if style.label:
        assert declared.has_field(style.label.field)
    if declared.recorded_area:
        field = declared.field(declared.recorded_area)
        assert field.type is FieldType.NUMBER
        assert field.unit in {"m2", "ha", "mu"}
    if style.rules and declared.field(style.class_field).domain:
        assert tuple(rule.value for rule in style.rules) == declared.field(style.class_field).domain


@EVERY_KIND
def test_only_polygons_have_an_area(declared: Kind) -> None:
    if declared.geometry is GeometryType.POLYGON:
        assert declared.area_basis in (AreaBasis.ELLIPSOIDAL, AreaBasis.PLANAR)
    else:
        assert declared.area_basis is AreaBasis.NONE
        assert not declared.recorded_area


@pytest.mark.parametrize(
    ("key", "basis", "recorded"),
    [
        ("land_use", AreaBasis.ELLIPSOIDAL, "图斑面积"),
        ("territorial_plan", AreaBasis.ELLIPSOIDAL, "图斑面积"),
        ("cadastral_parcels", AreaBasis.PLANAR, "证载面积"),
        ("approved", AreaBasis.PLANAR, "批准面积"),
        ("supplied", AreaBasis.PLANAR, "合同面积"),
        ("detailed_plan", AreaBasis.PLANAR, "用地面积"),
    ],
)
def test_the_area_that_counts(key: str, basis: AreaBasis, recorded: str) -> None:
    declared = kind(key)
    assert declared.area_basis is basis
    assert declared.field(declared.recorded_area).alias == recorded


@pytest.mark.parametrize(
    ("key", "field", "met"),
    [
        ("land_use", "class_code", "DLBM"),
        ("land_use", "class_code", "地类编码"),
        ("land_use", "survey_area_m2", "TBMJ"),
        ("land_use", "net_class_area_m2", "TBDLMJ"),
        ("territorial_plan", "class_code", "YDYHFLDM"),
        ("cadastral_parcels", "name", "ZDDM"),
        ("towns", "name", "XZQMC"),
        ("supplied", "supervision_number", "电子监管号"),
    ],
)
def test_the_bureaus_columns_are_known(key: str, field: str, met: str) -> None:
    declared = kind(key).field(field)
    assert met in (declared.alias, *declared.met_as)


def test_every_column_of_the_survey_layer_has_its_field() -> None:
    # TD/T 1057-2020, layer DLTB.
    columns = re.findall(
        r"\w+",
        "BSM YSDM TBYBH TBBH DLBM DLMC QSXZ QSDWDM QSDWMC ZLDWDM ZLDWMC TBMJ KCDLBM KCXS KCMJ TBDLMJ "
        "GDLX GDPDJB XZTBKD TBXHDM TBXHMC ZZSXDM ZZSXMC GDDB FRDBS CZCSXM SJNF MSSM HDMC BZ",
    )
    assert len(columns) == 30
    known = {name for field in kind("land_use").fields for name in field.met_as}
    assert set(columns) <= known


def test_kinds_of_one_geometry_are_told_apart_without_colour() -> None:
    assert kind("incubators").style.symbol.marker != kind("carriers").style.symbol.marker
    hatches = [kind(key).style.symbol.hatch for key in ("reserve", "idle", "redevelopment")]
    assert len(set(hatches)) == 3
    assert kind("approved").style.symbol.dash != kind("supplied").style.symbol.dash


def test_the_platform_boundary_stands_out() -> None:
    style = kind("platforms").style
    assert style.symbol.fill is None
    assert style.symbol.tint_mm > 0
    assert style.symbol.stroke_mm >= 2 * max(
        kind(key).style.symbol.stroke_mm for key in ("towns", "land_use", "buildings", "zones")
    )
    assert style.label is not None


def _message_ids(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                found.add(str(argument.value))
    return found


def test_everything_said_by_kinds_and_measures_is_said_in_chinese() -> None:
    modules = [
        FOLDER / f"{name}.py" for name in ("area", "cents", "crs", "datums", "kind", "kinds", "field_terms")
    ]
    modules += [FOLDER / f"{key}.py" for key in KINDS]
    modules += (FOLDER / "classification").glob("*.py")
    said = set().union(*(_message_ids(path) for path in modules))
    assert len(said) > 60
    words = catalogue("zh_CN")
    assert said - set(words) == set()
    for text in said:
        # A name that a sentence carries in English it carries in Chinese.
        assert set(re.findall(r"\{[^}]*\}", text)) == set(re.findall(r"\{[^}]*\}", words[text])), text
