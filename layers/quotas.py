"""用地指标台账: how much of each quota was assigned, by year and town, by which document.

A quota is a figure of a document; its shape, the area it holds for, is usually missing.
"""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_SECURING, area_field, year_field
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.words import N_

MAJOR_PROJECTS = "重大项目用地指标"
NEW_CONSTRUCTION = "新增建设用地计划指标"
CONSTRUCTION_SCALE = "建设用地规模"
FARMLAND_BALANCE = "耕地占补平衡指标"
FOREST = "占用征收林地定额"
QUOTAS = (MAJOR_PROJECTS, NEW_CONSTRUCTION, CONSTRUCTION_SCALE, FARMLAND_BALANCE, FOREST)
"""The five quotas; they are kept apart and never added up. 三旧 land is land and no quota."""

KIND = Kind(
    key="quotas",
    title=N_("Quotas of land"),
    group=GROUP_SECURING,
    geometry=GeometryType.POLYGON,
    shape_optional=True,
    fields=(
        Field("quota", "指标名称", required=True, domain=QUOTAS, met_as=("指标", "指标类型", "定额名称")),
        year_field("year", "年度", "指标年度", "年份"),
        Field("town", "镇街", met_as=("镇街名称", "分配镇街", "镇区", "XZMC")),
        area_field(
            "amount_ha",
            "指标数量",
            "ha",
            "指标数量（公顷）",
            "指标面积（公顷）",
            "下达数量（公顷）",
            digits=4,
        ),
        area_field("used_ha", "已用数量", "ha", "已用数量（公顷）", "已使用（公顷）", digits=4),
        Field(
            "carry_years", "可结转年数", FieldType.INTEGER, met_as=("结转年数",), low=0.0, usual=(None, 5.0)
        ),
        Field("issued_by", "下达单位", met_as=("下达部门", "分配单位")),
        Field("document", "文号", met_as=("下达文号", "批准文号", "文件号")),
        Field("issued_on", "下达日期", FieldType.DATE, met_as=("下达时间", "发文日期")),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    name_field="quota",
    style=Style(symbol=Symbol(fill=None, stroke="#6B6B6B", stroke_mm=0.3, dash=(1.5, 1.5))),
    order=59,
)
