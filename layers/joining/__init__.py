"""Joining a table to a layer: which row belongs to which feature, and what it brings."""

from layers.joining.columns import join_columns
from layers.joining.matching import plan_join
from layers.joining.model import (
    AmbiguousRow,
    Conflict,
    DoubledFeature,
    JoinBy,
    JoinedColumns,
    JoinKey,
    JoinPlan,
    JoinRequest,
    Match,
    Suggestion,
)

__all__ = [
    "AmbiguousRow",
    "Conflict",
    "DoubledFeature",
    "JoinBy",
    "JoinKey",
    "JoinPlan",
    "JoinRequest",
    "JoinedColumns",
    "Match",
    "Suggestion",
    "join_columns",
    "plan_join",
]
