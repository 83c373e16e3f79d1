"""科技企业孵化器: incubators, maker spaces and accelerators."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_PLATFORMS, PLATFORM, POINT_FIELDS, area_field, name_field
from layers.kind import Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Marker, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="incubators",
    title=N_("Incubators"),
    group=GROUP_PLATFORMS,
    geometry=GeometryType.POINT,
    fields=(
        name_field("孵化器名称", "孵化器", "单位名称", required=True),
        Field("short_name", "简称", met_as=("JC",)),
        Field("plan_key", "规划代号", met_as=("规划条目",)),
        Field("level", "认定级别", domain=("国家级", "省级", "市级", "其他"), met_as=("级别", "孵化器级别")),
        Field("incubator_type", "载体类型", domain=("孵化器", "众创空间", "加速器"), met_as=("类型", "类别")),
        Field("field_of_work", "产业领域", met_as=("领域", "行业领域")),
        Field("operator", "运营单位", met_as=("运营机构", "运营主体")),
        PLATFORM,
        *POINT_FIELDS,
        area_field("floor_area_m2", "孵化场地面积", "m2", "场地面积（平方米）", "建筑面积（平方米）"),
        Field(
            "tenants",
            "在孵企业数",
            FieldType.INTEGER,
            met_as=("在孵企业", "在孵企业数（家）"),
            low=0.0,
        ),
        Field("recognised_on", "认定日期", FieldType.DATE, met_as=("认定时间",)),
        *CLOSING_FIELDS,
    ),
    style=Style(
        symbol=Symbol(
            fill="#E07B00", stroke="#FFFFFF", stroke_mm=0.25, marker=Marker.TRIANGLE, marker_mm=3.4
        ),
        label=LabelStyle(field="name", size_mm=2.3, max_scale_denominator=100_000),
    ),
    order=10,
)
