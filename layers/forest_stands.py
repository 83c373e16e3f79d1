"""林地图斑: stands of the forest resource map."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_LAND, TOWN, area_field, name_field
from layers.kind import AreaBasis, Field, GeometryType, Kind
from layers.style import Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

KIND = Kind(
    key="forest_stands",
    title=N_("Forest stands"),
    group=GROUP_LAND,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("小班号", "XIAO_BAN", "图斑号", "XBH"),
        Field("village", "林班", met_as=("LIN_BAN", "CUN")),
        Field("land_type", "地类", met_as=("DI_LEI", "林地类型")),
        Field("forest_type", "森林类别", met_as=("SEN_LIN_LB",)),
        Field(
            "protection_level",
            "林地保护等级",
            domain=("Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"),
            met_as=("BH_DJ", "保护等级"),
        ),
        Field("public_benefit", "公益林等级", met_as=("GYL_DJ", "SHI_QUAN_D", "事权等级")),
        Field("origin", "起源", met_as=("QI_YUAN",)),
        Field("dominant_species", "优势树种", met_as=("YOU_SHI_SZ",)),
        Field("forest_right", "林木权属", met_as=("LMQS", "LM_QS")),
        area_field("recorded_area_ha", "小班面积", "ha", "小班面积（公顷）", "面积（公顷）"),
        TOWN,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="recorded_area_ha",
    style=Style(
        symbol=Symbol(
            fill="#B9D8B0",
            fill_opacity=0.5,
            hatch=Hatch.FORWARD,
            hatch_color="#5E8F57",
            hatch_spacing_mm=2.5,
            stroke="#5E8F57",
            stroke_mm=0.12,
        )
    ),
    order=120,
)
