"""What the codes of survey and plan databases mean; a code that is not named here stands for itself.

As the land survey (TD/T 1057-2020: QSXZ, GDLX, GDPDJB, CZCSXM) and plan databases (GHZT, CZCSX) have them.
"""

from __future__ import annotations

Names = tuple[tuple[str, str], ...]

OWNERSHIP: Names = (
    ("10", "国有土地所有权"),
    ("20", "国有土地使用权"),
    ("21", "国有无居民海岛使用权"),
    ("30", "集体土地所有权"),
    ("31", "村民小组"),
    ("32", "村集体经济组织"),
    ("33", "乡集体经济组织"),
    ("34", "其它农民集体经济组织"),
    ("40", "集体土地使用权"),
    ("41", "集体无居民海岛使用权"),
)
FARMLAND: Names = (("TT", "梯田"), ("PD", "坡地"))
SLOPES: Names = (("1", "≤2°"), ("2", "2°～6°"), ("3", "6°～15°"), ("4", "15°～25°"), ("5", ">25°"))
SETTLEMENTS: Names = (
    ("201", "城市"),
    ("201A", "城市独立工业用地"),
    ("202", "建制镇"),
    ("202A", "建制镇独立工业用地"),
    ("203", "村庄"),
    ("203A", "村庄独立工业用地"),
    ("204", "盐田及采矿用地"),
    ("205", "特殊用地"),
)
PLAN_STATES: Names = (("10", "现状"), ("20", "规划"))
PLAN_SETTLEMENTS: Names = (("10", "城镇"), ("20", "村庄"))
