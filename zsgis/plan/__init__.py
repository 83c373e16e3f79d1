"""What the plan says, with its citations; and the starter facts about Zhongshan's towns and carriers."""

from zsgis.plan.catalogue import Plan, PlanInfo
from zsgis.plan.indicators import Indicator, Judgement, State, Target, judge
from zsgis.plan.loading import DEFAULT_PLAN, load_plan, plans
from zsgis.plan.model import (
    ROLE_TITLES,
    Carrier,
    Citation,
    Clause,
    ConflictingCount,
    Figure,
    Period,
    Phase,
    Platform,
    Quota,
    Recognition,
    Role,
)

__all__ = [
    "DEFAULT_PLAN",
    "ROLE_TITLES",
    "Carrier",
    "Citation",
    "Clause",
    "ConflictingCount",
    "Figure",
    "Indicator",
    "Judgement",
    "Period",
    "Phase",
    "Plan",
    "PlanInfo",
    "Platform",
    "Quota",
    "Recognition",
    "Role",
    "State",
    "Target",
    "judge",
    "load_plan",
    "plans",
]
