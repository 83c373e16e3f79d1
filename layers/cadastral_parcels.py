"""宗地: parcels of ownership, from the real-estate register."""

from __future__ import annotations

from layers.field_terms import (
    CLOSING_FIELDS,
    FEATURE_ID,
    GROUP_LAND,
    PLANAR,
    TOWN,
    area_field,
    name_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="cadastral_parcels",
    title=N_("Cadastral parcels"),
    group=GROUP_LAND,
    geometry=GeometryType.POLYGON,
    fields=(
        FEATURE_ID,
        name_field("宗地代码", "ZDDM", "宗地号", "ZDH", "不动产单元号", "BDCDYH", required=True),
        Field("holder", "权利人", met_as=("QLR", "QLRMC", "土地使用权人", "权利人名称")),
        Field("right_type", "权利类型", met_as=("QLLX",)),
        Field("right_nature", "权利性质", met_as=("QLXZ",)),
        Field("use_code", "用途代码", met_as=("TDYT", "YT", "地类编码", "DLBM", "土地用途代码")),
        Field("use_name", "土地用途", met_as=("YTMC", "用途", "用途名称", "地类名称"), cascade="use_code"),
        Field("certificate_number", "不动产权证号", met_as=("BDCQZH", "土地证号", "TDZH", "证号")),
        Field("location", "坐落", met_as=("ZL", "宗地坐落", "土地坐落")),
        TOWN,
        area_field("certificate_area_m2", "证载面积", "m2", "FZMJ", "ZZMJ", "发证面积", "证载面积（平方米）"),
        area_field(
            "parcel_area_m2", "宗地面积", "m2", "ZDMJ", "宗地面积（平方米）", computed=PLANAR, digits=2
        ),
        Field("right_from", "使用权起始日期", FieldType.DATE, met_as=("QSSJ", "起始时间")),
        Field(
            "right_until",
            "使用权终止日期",
            FieldType.DATE,
            met_as=("JSSJ", "终止日期", "终止时间"),
            not_below="right_from",
        ),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="certificate_area_m2",
    style=Style(
        symbol=Symbol(fill=None, stroke="#7A4B12", stroke_mm=0.18),
        label=LabelStyle(field="name", size_mm=2.0, color="#5A3A10", max_scale_denominator=5_000),
    ),
    order=65,
)
