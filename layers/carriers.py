"""科研机构与载体: research institutes, universities, parks, bases and service platforms."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_PLATFORMS, PLATFORM, POINT_FIELDS, area_field, name_field
from layers.kind import Field, GeometryType, Kind
from layers.style import LabelStyle, Marker, Style, Symbol
from layers.words import N_

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
        symbol=Symbol(fill="#1F5FA8", stroke="#FFFFFF", stroke_mm=0.25, marker=Marker.SQUARE, marker_mm=3.0),
        label=LabelStyle(field="name", size_mm=2.3, max_scale_denominator=100_000),
    ),
    order=12,
)
