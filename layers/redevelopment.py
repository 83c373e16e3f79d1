"""三旧改造用地: old towns, factories and villages on the redevelopment map (标图建库)."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_SUPPLY, PLATFORM, TOWN, area_field, name_field
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

KIND = Kind(
    key="redevelopment",
    title=N_("Redevelopment land (three olds)"),
    group=GROUP_SUPPLY,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("改造项目名称", "项目名称", "XMMC", "地块名称"),
        Field("map_number", "标图建库编号", required=True, met_as=("标图号", "图斑编号", "TBBH", "BTJKBH")),
        Field(
            "renewal_type",
            "改造类型",
            domain=("旧城镇", "旧厂房", "旧村庄"),
            met_as=("三旧类型", "GZLX", "类型"),
        ),
        Field("renewal_way", "改造方式", met_as=("GZFS",)),
        Field("planned_use", "改造后用途", met_as=("规划用途", "GHYT", "改造方向")),
        Field("progress", "改造进度", met_as=("GZJD", "进度")),
        Field("entered_on", "入库日期", FieldType.DATE, met_as=("入库时间", "RKSJ")),
        area_field("recorded_area_ha", "标图面积", "ha", "标图面积（公顷）", "改造面积（公顷）"),
        TOWN,
        PLATFORM,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="recorded_area_ha",
    style=Style(
        symbol=Symbol(
            fill=None,
            hatch=Hatch.DIAGONAL_CROSS,
            hatch_color="#B5651D",
            hatch_spacing_mm=2.2,
            stroke="#B5651D",
            stroke_mm=0.3,
        )
    ),
    order=62,
)
