"""土规管制区: the four control zones of the former land-use plan."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, ELEMENT_CODE, FEATURE_ID, GROUP_PLANS, area_field, name_field
from layers.kind import AreaBasis, Field, GeometryType, Kind
from layers.style import ClassRule, Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

ZONES = ("允许建设区", "有条件建设区", "限制建设区", "禁止建设区")

_HATCHES = (
    (ZONES[0], Hatch.FORWARD, "#B8604C"),
    (ZONES[1], Hatch.BACKWARD, "#C08A2E"),
    (ZONES[2], Hatch.CROSS, "#6F8A4F"),
    (ZONES[3], Hatch.DIAGONAL_CROSS, "#3E6B4A"),
)

KIND = Kind(
    key="old_plan_zones",
    title=N_("Control zones of the former land plan"),
    group=GROUP_PLANS,
    geometry=GeometryType.POLYGON,
    fields=(
        FEATURE_ID,
        ELEMENT_CODE,
        name_field("管制区编号", "GZQBH", "管制区名称"),
        Field(
            "zone_type", "管制区类型", required=True, domain=ZONES, met_as=("GZQLXMC", "管制区", "管制分区")
        ),
        Field("zone_type_code", "管制区类型代码", met_as=("GZQLXDM",)),
        area_field("recorded_area_m2", "管制区面积", "m2", "GZQMJ"),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="recorded_area_m2",
    style=Style(
        symbol=Symbol(fill=None, stroke="#8A8A8A", stroke_mm=0.1),
        class_field="zone_type",
        rules=tuple(
            ClassRule(
                value=zone,
                title=zone,
                symbol=Symbol(
                    fill=None,
                    hatch=hatch,
                    hatch_color=color,
                    hatch_spacing_mm=2.0,
                    stroke=color,
                    stroke_mm=0.15,
                ),
            )
            for zone, hatch, color in _HATCHES
        ),
    ),
    order=110,
    partition=True,
)
