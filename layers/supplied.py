"""供地红线: land handed out by contract or allotment."""

from __future__ import annotations

from layers.field_terms import (
    CLOSING_FIELDS,
    GROUP_SUPPLY,
    PLATFORM,
    TOWN,
    area_field,
    name_field,
    ratio_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

_DATE = FieldType.DATE

KIND = Kind(
    key="supplied",
    title=N_("Supplied land (red lines)"),
    group=GROUP_SUPPLY,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("项目名称", "XMMC", "宗地名称", "地块名称"),
        Field("supervision_number", "电子监管号", required=True, met_as=("DZJGH", "DZJGHM", "监管号")),
        Field("approval_number", "批准文号", met_as=("PZWH", "批文号", "文号")),
        Field("contract_number", "合同编号", met_as=("HTBH", "合同号")),
        Field("region_name", "行政区", met_as=("XZQMC", "行政区名称")),
        Field("location", "宗地位置", met_as=("ZDWZ", "宗地坐落", "坐落", "土地位置")),
        Field("holder", "受让人", met_as=("SRR", "土地使用权人", "竞得人", "用地单位")),
        Field("use_name", "土地用途", met_as=("TDYT", "用途", "批准用途")),
        Field("use_code", "用途代码", met_as=("TDYTDM", "土地用途代码")),
        Field(
            "supply_way",
            "供应方式",
            domain=("招拍挂出让", "协议出让", "划拨", "租赁", "作价出资"),
            met_as=("供地方式", "GYFS", "GDFS"),
        ),
        area_field("contract_area_m2", "合同面积", "m2", "HTMJ", "合同面积（平方米）", "出让面积（平方米）"),
        area_field("supplied_area_ha", "供地总面积", "ha", "供地总面积（公顷）", "供地面积（公顷）", "GDZMJ"),
        ratio_field("min_floor_area_ratio", "最小容积率", "容积率下限"),
        ratio_field("max_floor_area_ratio", "最大容积率", "容积率上限", not_below="min_floor_area_ratio"),
        Field(
            "price_10k_yuan",
            "成交价款",
            FieldType.NUMBER,
            met_as=("成交价款（万元）", "成交价", "CJJK"),
            low=0.0,
        ),
        Field("signed_on", "合同签订日期", _DATE, met_as=("签订日期", "QDRQ")),
        Field("handover_due", "约定交地时间", _DATE, met_as=("约定交地日期", "YDJDSJ")),
        Field("start_due", "约定开工时间", _DATE, met_as=("约定开工日期", "YDKGSJ")),
        Field(
            "completion_due", "约定竣工时间", _DATE, met_as=("约定竣工日期", "YDJGSJ"), not_below="start_due"
        ),
        Field("started_on", "实际开工时间", _DATE, met_as=("实际开工日期", "SJKGSJ")),
        Field(
            "completed_on", "实际竣工时间", _DATE, met_as=("实际竣工日期", "SJJGSJ"), not_below="started_on"
        ),
        TOWN,
        PLATFORM,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="contract_area_m2",
    style=Style(
        symbol=Symbol(fill=None, stroke="#C62828", stroke_mm=0.3, dash=(2.5, 1.0)),
        label=LabelStyle(field="name", size_mm=2.2, color="#8E1B1B", max_scale_denominator=10_000),
    ),
    order=56,
)
