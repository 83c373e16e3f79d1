"""闲置土地: suspected until the number of the finding (认定书) is entered."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_SUPPLY, PLATFORM, TOWN, area_field, name_field
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

KIND = Kind(
    key="idle",
    title=N_("Idle land (suspected until established)"),
    group=GROUP_SUPPLY,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("项目名称", "XMMC", "宗地名称", "地块名称", required=True),
        Field("supervision_number", "电子监管号", met_as=("DZJGH", "DZJGHM", "监管号")),
        Field("contract_number", "合同编号", met_as=("HTBH", "合同号")),
        Field("holder", "土地使用权人", met_as=("受让人", "用地单位", "SRR")),
        Field("finding_number", "闲置土地认定书编号", met_as=("认定书编号", "认定书号")),
        Field("established_on", "认定日期", FieldType.DATE, met_as=("认定时间",)),
        Field("idle_type", "闲置类型", met_as=("类型",)),
        Field("idle_cause", "闲置原因", domain=("政府原因", "企业原因", "待认定"), met_as=("原因",)),
        area_field("idle_area_ha", "闲置面积", "ha", "闲置面积（公顷）", "闲置面积(公顷)"),
        Field("handling", "处置方式", met_as=("CZFS",)),
        Field("handling_progress", "处置进度", met_as=("CZJD",)),
        TOWN,
        PLATFORM,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="idle_area_ha",
    style=Style(
        symbol=Symbol(
            fill=None,
            hatch=Hatch.BACKWARD,
            hatch_color="#8A5A9E",
            hatch_spacing_mm=1.8,
            stroke="#8A5A9E",
            stroke_mm=0.3,
        )
    ),
    order=61,
)
