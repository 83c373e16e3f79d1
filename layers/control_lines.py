"""控制线: the three lines (永久基本农田, 生态保护红线, 城镇开发边界) and the further ones a bureau keeps."""

from __future__ import annotations

from layers.field_terms import (
    CLOSING_FIELDS,
    ELEMENT_CODE,
    FEATURE_ID,
    GROUP_PLANS,
    REGION_CODE,
    REGION_NAME,
    area_field,
    name_field,
)
from layers.kind import AreaBasis, Field, GeometryType, Kind
from layers.style import ClassRule, Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

FARMLAND = "永久基本农田"
ECOLOGY = "生态保护红线"
GROWTH = "城镇开发边界"
INDUSTRY = "工业用地保护线"
LINES = (
    FARMLAND,
    ECOLOGY,
    GROWTH,
    INDUSTRY,
    "城市蓝线",
    "城市绿线",
    "城市紫线",
    "城市黄线",
    "历史文化保护线",
)

# No published standard gives these colours a figure: they are a proposal the bureau may change.
_SYMBOLS = (
    (
        FARMLAND,
        Symbol(
            fill="#F2DE6B",
            fill_opacity=0.35,
            hatch=Hatch.BACKWARD,
            hatch_color="#B89A1E",
            hatch_spacing_mm=2.0,
            stroke="#A5881A",
            stroke_mm=0.25,
        ),
    ),
    (
        ECOLOGY,
        Symbol(
            fill="#7DB87D",
            fill_opacity=0.3,
            hatch=Hatch.FORWARD,
            hatch_color="#2F7D3F",
            hatch_spacing_mm=2.0,
            stroke="#C62828",
            stroke_mm=0.45,
        ),
    ),
    (GROWTH, Symbol(fill=None, stroke="#1A1A1A", stroke_mm=0.6, dash=(6.0, 1.5, 1.0, 1.5))),
    (INDUSTRY, Symbol(fill=None, stroke="#7A4A21", stroke_mm=0.5, dash=(4.0, 1.5))),
    ("城市蓝线", Symbol(fill=None, stroke="#1E6FBF", stroke_mm=0.35, dash=(3.0, 1.0))),
    ("城市绿线", Symbol(fill=None, stroke="#2E8B57", stroke_mm=0.35, dash=(3.0, 1.0))),
    ("城市紫线", Symbol(fill=None, stroke="#7B3F9E", stroke_mm=0.35, dash=(3.0, 1.0))),
    ("城市黄线", Symbol(fill=None, stroke="#B58900", stroke_mm=0.35, dash=(3.0, 1.0))),
    ("历史文化保护线", Symbol(fill=None, stroke="#8B2252", stroke_mm=0.35, dash=(1.0, 1.0))),
)

KIND = Kind(
    key="control_lines",
    title=N_("Control lines"),
    group=GROUP_PLANS,
    geometry=GeometryType.POLYGON,
    fields=(
        FEATURE_ID,
        ELEMENT_CODE,
        REGION_CODE,
        REGION_NAME,
        Field(
            "line_type",
            "控制线类型",
            required=True,
            domain=LINES,
            met_as=("控制线", "三线类型", "HXLX", "KZXLX", "GHFQMC"),
        ),
        name_field("控制线名称", "HXMC", "YJJBNTTBBH", "图斑编号"),
        Field("line_code", "控制线编码", met_as=("HXBM", "GHFQDM")),
        Field("reserve_name", "自然保护地名称", met_as=("ZRBHDMC",)),
        area_field("recorded_area_m2", "登记面积", "m2", "YJJBNTTBMJ", "YJJBNTMJ"),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="recorded_area_m2",
    style=Style(
        symbol=Symbol(fill=None, stroke="#505050", stroke_mm=0.3),
        class_field="line_type",
        rules=tuple(ClassRule(value=line, title=line, symbol=symbol) for line, symbol in _SYMBOLS),
    ),
    order=40,
)
