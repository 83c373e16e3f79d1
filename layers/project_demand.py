"""用地需求库: projects that want land, what they want, and how far each has come.

A project has a clause of a plan long before it has a site: its shape, the range chosen for it (选址范围), may
be missing, and everything else of it is kept all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from layers.field_terms import CLOSING_FIELDS, GROUP_SECURING, area_field, name_field, year_field
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.style.model import Hatch
from layers.words import N_

CATEGORIES = (
    "重大科技创新载体",
    "重大科技创新平台",
    "科技园区",
    "高端科研机构",
    "高校",
    "科技创新孵化载体",
    "公共服务平台",
    "其他",
)
"""What a project counts as when priorities are given out (resources/rules/demand_priority.toml)."""

SUPPLY_WAYS = ("划拨", "协议", "招拍挂", "弹性年期", "先租后让")


@dataclass(frozen=True)
class Stage:
    """A step on a project's way to its land; its document, day and area stand in three fields.

    Attributes
    ----------
    short : str
        What the fields' titles begin with.
    """

    key: str
    title: str
    short: str

    @property
    def number_field(self) -> str:
        """Name of the field with the document's number (文号)."""
        return f"{self.key}_number"

    @property
    def date_field(self) -> str:
        """Name of the field with the day."""
        return f"{self.key}_on"

    @property
    def area_field(self) -> str:
        """Name of the field with the area in m2."""
        return f"{self.key}_area_m2"


STAGES = (
    Stage("intent", "意向", "意向"),
    Stage("siting", "选址", "选址"),
    Stage("opinion", "预审与选址意见书", "预审选址"),
    Stage("submitted", "报批", "报批"),
    Stage("approved", "批准", "批准"),
    Stage("supplied", "供应", "供应"),
    Stage("started", "开工", "开工"),
    Stage("completed", "竣工", "竣工"),
)
"""The stages in their order."""


def _stage_fields() -> tuple[Field, ...]:
    fields: list[Field] = []
    earlier = ""
    for stage in STAGES:
        fields += [
            Field(stage.number_field, f"{stage.short}文号"),
            Field(
                stage.date_field,
                f"{stage.short}日期",
                FieldType.DATE,
                met_as=(f"{stage.short}时间",),
                not_below=earlier,
            ),
            area_field(stage.area_field, f"{stage.short}面积", "m2", f"{stage.short}面积（平方米）"),
        ]
        earlier = stage.date_field
    return tuple(fields)


KIND = Kind(
    key="project_demand",
    title=N_("Demand for land"),
    group=GROUP_SECURING,
    geometry=GeometryType.POLYGON,
    shape_optional=True,
    fields=(
        name_field("项目名称", "XMMC", "载体名称", "用地项目", required=True),
        Field("project_code", "需求编号", met_as=("项目编号", "XQBH")),
        Field("carrier", "载体", met_as=("所属载体", "项目单位", "用地单位", "建设单位")),
        Field("category", "优先类别", domain=CATEGORIES, met_as=("项目类别",)),
        Field("plan_id", "规划", met_as=("规划代码", "依据规划")),
        Field("plan_key", "规划代号", met_as=("规划条目",)),
        Field("clause_key", "规划条款", met_as=("条款代号",)),
        Field("plan_place", "规划出处", met_as=("原文出处",)),
        Field("platform", "意向平台", met_as=("所属平台", "平台", "平台名称", "重大平台")),
        Field("town", "意向镇街", met_as=("镇街", "镇街名称", "所属镇街", "镇区", "XZMC")),
        Field("use_codes", "用途代码", met_as=("用地用途代码", "用途分类代码")),
        Field("use_name", "用地用途", met_as=("土地用途", "规划用途")),
        Field(
            "land_wanted_m2",
            "用地需求面积",
            FieldType.NUMBER,
            "m2",
            met_as=("用地需求", "需求面积", "拟用地面积", "需求面积（平方米）", "拟用地面积（平方米）"),
            low=0.0,
            digits=2,
            not_below="land_least_m2",
        ),
        area_field("land_least_m2", "最低用地面积", "m2", "最小用地面积", "最小用地面积（平方米）", digits=2),
        area_field("floor_area_m2", "需求建筑面积", "m2", "建筑面积（平方米）", "规划建设面积"),
        Field("shape_need", "形状要求", met_as=("用地形状",)),
        Field("contiguous", "须连片", FieldType.BOOLEAN, met_as=("是否连片", "连片要求")),
        Field("most_sites", "最多地块数", FieldType.INTEGER, low=1.0, usual=(None, 20.0)),
        Field("supply_way", "供地方式", domain=SUPPLY_WAYS, met_as=("GDFS", "拟供地方式")),
        year_field("from_year", "用地年度起", "起始年", "用地年度", "需求年度"),
        Field(
            "to_year",
            "用地年度止",
            FieldType.INTEGER,
            met_as=("截止年",),
            usual=(1900.0, 2100.0),
            not_below="from_year",
        ),
        Field("phase", "建设阶段", met_as=("阶段", "期次")),
        Field("fixed_rank", "核定优先级", FieldType.INTEGER, met_as=("优先级",), low=1.0),
        Field("department", "责任部门", met_as=("主管部门", "牵头部门")),
        Field("project_number", "立项文号", met_as=("立项批文号", "备案文号")),
        *_stage_fields(),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    style=Style(
        symbol=Symbol(
            fill=None,
            hatch=Hatch.FORWARD,
            hatch_color="#1F5FA8",
            hatch_spacing_mm=2.4,
            stroke="#1F5FA8",
            stroke_mm=0.4,
            dash=(3.0, 1.0),
        ),
        label=LabelStyle(field="name", size_mm=2.3, color="#1F5FA8", max_scale_denominator=50_000),
    ),
    order=58,
)
