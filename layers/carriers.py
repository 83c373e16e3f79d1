"""科研机构与载体: research institutes, universities, parks, bases and service platforms."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_PLATFORMS, PLATFORM, POINT_FIELDS, area_field, name_field
from layers.kind import Field, GeometryType, Kind
from layers.style import ClassRule, LabelStyle, Marker, Style, Symbol
from layers.words import N_

_MARKERS = (
    ("重大科技设施", Marker.STAR),
    ("科研机构", Marker.SQUARE),
    ("高校", Marker.PENTAGON),
    ("实验室", Marker.DIAMOND),
    ("孵化器", Marker.TRIANGLE),
    ("加速器", Marker.INVERTED_TRIANGLE),
    ("园区", Marker.FRAMED_SQUARE),
    ("基地", Marker.CROSS),
    ("公共服务平台", Marker.RING),
)
_SYMBOL = Symbol(fill="#1F5FA8", stroke="#FFFFFF", stroke_mm=0.25, marker_mm=3.0)

KIND = Kind(
    key="carriers",
    title=N_("Research institutes and carriers"),
    group=GROUP_PLATFORMS,
    geometry=GeometryType.POINT,
    fields=(
        name_field("机构名称", "载体名称", "单位名称", "机构", required=True),
        Field("short_name", "简称", met_as=("JC",)),
        Field("aliases", "别名", met_as=("曾用名",)),
        Field("plan_key", "规划代号", met_as=("规划条目",)),
        Field("roles", "载体角色", met_as=("角色", "载体类型", "类型")),
        Field("phase", "建设阶段", met_as=("阶段", "期次")),
        PLATFORM,
        *POINT_FIELDS,
        area_field("land_area_m2", "用地面积", "m2", "用地面积（平方米）", "占地面积（平方米）"),
        area_field("planned_floor_area_m2", "规划建设面积", "m2", "规划建设面积（平方米）"),
        *CLOSING_FIELDS,
    ),
    style=Style(
        symbol=_SYMBOL,
        class_field="roles",
        rules=tuple(
            ClassRule(value=role, title=role, symbol=_SYMBOL.model_copy(update={"marker": marker}))
            for role, marker in _MARKERS
        ),
        label=LabelStyle(field="name", size_mm=2.3, max_scale_denominator=100_000),
    ),
    order=12,
)
