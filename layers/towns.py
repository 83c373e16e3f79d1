"""镇街: towns and streets, the survey's layer XZQ."""

from __future__ import annotations

from layers.field_terms import (
    CLOSING_FIELDS,
    ELEMENT_CODE,
    ELLIPSOIDAL,
    FEATURE_ID,
    GROUP_BASE,
    area_field,
    name_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="towns",
    title=N_("Towns and streets"),
    group=GROUP_BASE,
    geometry=GeometryType.POLYGON,
    fields=(
        FEATURE_ID,
        ELEMENT_CODE,
        name_field("镇街名称", "XZQMC", "行政区名称", "镇街", "乡镇名称", required=True),
        Field("town_code", "镇街代码", met_as=("XZQDM", "行政区代码", "行政区划代码", "code")),
        area_field("survey_area_m2", "调查面积", "m2", "DCMJ"),
        area_field("computed_area_m2", "计算面积", "m2", "JSMJ", computed=ELLIPSOIDAL, digits=2),
        Field("population", "常住人口", FieldType.INTEGER, met_as=("人口", "常住人口（人）"), low=0.0),
        Field("former_names", "原镇街", met_as=("曾用名",)),
        Field("description_code", "描述说明", met_as=("MSSM",)),
        Field("island", "海岛名称", met_as=("HDMC",)),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="survey_area_m2",
    style=Style(
        symbol=Symbol(fill=None, stroke="#8C8C8C", stroke_mm=0.25, dash=(4.0, 1.2, 0.6, 1.2)),
        label=LabelStyle(field="name", size_mm=3.0, color="#5A5A5A"),
    ),
    order=45,
)
