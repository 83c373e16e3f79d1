"""Fields that many kinds share, so that the same thing has one name everywhere."""

from __future__ import annotations

from layers.kind import Computation, Computed, Field, FieldType
from layers.standing import STANDINGS
from layers.words import N_

GROUP_PLATFORMS = N_("Platforms and carriers")
GROUP_LAND = N_("Land survey and ownership")
GROUP_PLANS = N_("Plans and control lines")
GROUP_SUPPLY = N_("Approval, supply and renewal")
GROUP_SECURING = N_("Land for projects")
GROUP_BASE = N_("Base information")
GROUP_OTHER = N_("Other layers")

STATUS = Field("status", "数据状态", domain=STANDINGS, met_as=("SJZT",))
REMARK = Field("remark", "备注", met_as=("BZ", "说明", "remarks", "note", "memo"), length=255)
SOURCE = Field("source", "资料来源", met_as=("来源", "数据来源", "ZLLY"))
TOWN = Field("town", "镇街", met_as=("镇街名称", "所属镇街", "镇区", "乡镇", "XZMC", "ZJMC"))
TOWN_CODE = Field("town_code", "镇街代码", met_as=("镇街编码", "乡镇代码"))
PLATFORM = Field("platform", "所属平台", met_as=("平台", "平台名称", "重大平台"))
ADDRESS = Field("address", "地址", met_as=("详细地址", "位置", "坐落地址", "DZ"))
PRECISION = Field(
    "precision", "位置精度", domain=("exact", "street", "town", "unknown"), met_as=("定位精度", "精度", "JD")
)
PRECISION_NAMES = {
    "exact": N_("exact place"),
    "street": N_("known to the street"),
    "town": N_("known to the town"),
    "unknown": N_("place unknown"),
}
"""What the values of :data:`PRECISION` are called: message ids."""
POINT_FIELDS = (ADDRESS, TOWN, PRECISION)
CLOSING_FIELDS = (SOURCE, STATUS, REMARK)

FEATURE_ID = Field("feature_code", "标识码", met_as=("BSM",), length=18)
ELEMENT_CODE = Field("element_code", "要素代码", met_as=("YSDM",), length=10)
REGION_CODE = Field("region_code", "行政区代码", met_as=("XZQDM", "行政区划代码"), length=12)
REGION_NAME = Field("region_name", "行政区名称", met_as=("XZQMC", "行政区"), length=100)


def name_field(alias: str, *met_as: str, required: bool = False, length: int = 0) -> Field:
    """Return the field that names a feature for people."""
    return Field("name", alias, required=required, met_as=("名称", "MC", *met_as), length=length)


def area_field(
    name: str,
    alias: str,
    unit: str,
    *met_as: str,
    computed: Computed | None = None,
    digits: int | None = None,
) -> Field:
    """Return an area in its own unit: a figure somebody wrote down, unless it is computed."""
    return Field(
        name, alias, FieldType.NUMBER, unit, met_as=met_as, computed=computed, low=0.0, digits=digits
    )


ELLIPSOIDAL = Computed(Computation.ELLIPSOIDAL_AREA)
PLANAR = Computed(Computation.PLANAR_AREA)


def class_name_field(alias: str, *met_as: str, length: int = 0) -> Field:
    """Return the field that says what the class in ``class_code`` is called."""
    return Field(
        "class_name",
        alias,
        met_as=met_as,
        length=length,
        computed=Computed(Computation.CLASS_NAME, ("class_code",)),
    )


def ratio_field(name: str, alias: str, *met_as: str, not_below: str = "") -> Field:
    """Return a floor-area ratio."""
    return Field(
        name, alias, FieldType.NUMBER, met_as=met_as, low=0.0, usual=(None, 20.0), not_below=not_below
    )


def percent_field(name: str, alias: str, *met_as: str) -> Field:
    """Return a share in percent of the land."""
    return Field(name, alias, FieldType.NUMBER, "percent", met_as=met_as, low=0.0, high=100.0)


def year_field(name: str, alias: str, *met_as: str) -> Field:
    """Return a calendar year."""
    return Field(name, alias, FieldType.INTEGER, met_as=met_as, usual=(1900.0, 2100.0))
