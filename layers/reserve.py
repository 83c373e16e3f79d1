"""储备用地: land held in the land bank."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_SUPPLY, PLATFORM, TOWN, area_field, name_field
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

KIND = Kind(
    key="reserve",
    title=N_("Reserve land"),
    group=GROUP_SUPPLY,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("储备地块名称", "地块名称", "项目名称", "XMMC", required=True),
        Field("plot_code", "地块编号", met_as=("DKBH", "储备编号")),
        Field("reserve_way", "储备方式", met_as=("收储方式",)),
        Field("reserved_on", "入库日期", FieldType.DATE, met_as=("收储日期", "入库时间")),
        Field("planned_use", "规划用途", met_as=("GHYT", "规划用地性质")),
        area_field("recorded_area_ha", "储备面积", "ha", "储备面积（公顷）", "储备面积(公顷)"),
        Field("supply_ready", "具备供地条件", FieldType.BOOLEAN, met_as=("是否净地", "净地")),
        TOWN,
        PLATFORM,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="recorded_area_ha",
    style=Style(
        symbol=Symbol(
            fill=None,
            hatch=Hatch.FORWARD,
            hatch_color="#2F7F86",
            hatch_spacing_mm=1.8,
            stroke="#2F7F86",
            stroke_mm=0.3,
        )
    ),
    order=60,
)
