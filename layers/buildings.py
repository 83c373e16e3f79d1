"""建筑物: footprints with storeys and use."""

from __future__ import annotations

from layers.field_terms import (
    ADDRESS,
    CLOSING_FIELDS,
    GROUP_BASE,
    TOWN,
    area_field,
    name_field,
    year_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.words import N_

KIND = Kind(
    key="buildings",
    title=N_("Buildings"),
    group=GROUP_BASE,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("建筑名称", "JZMC", "JZWMC", "楼栋名称"),
        Field("building_code", "建筑编号", met_as=("JZBH", "ZRZH", "自然幢号")),
        Field("use_name", "建筑用途", met_as=("JZYT", "房屋用途", "用途")),
        Field("structure", "房屋结构", met_as=("FWJG", "结构", "建筑结构")),
        Field(
            "storeys",
            "地上层数",
            FieldType.INTEGER,
            met_as=("层数", "CS", "ZCS", "floors", "LC"),
            low=0.0,
            usual=(1.0, 150.0),
        ),
        Field(
            "height_m",
            "建筑高度",
            FieldType.NUMBER,
            "m",
            met_as=("JZGD", "高度", "height"),
            low=0.0,
            usual=(None, 600.0),
        ),
        area_field("floor_area_m2", "建筑面积", "m2", "JZMJ", "建筑面积（平方米）"),
        year_field("built_year", "建成年份", "建成年代", "JCNF", "竣工年份"),
        ADDRESS,
        TOWN,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    style=Style(symbol=Symbol(fill="#CFCFCF", stroke="#A6A6A6", stroke_mm=0.08)),
    order=90,
)
