"""What a person says about a join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class OnConflict(StrEnum):
    """What happens to values that are there and differ from the table's."""

    REFUSE = "refuse"
    KEEP = "keep"
    REPLACE = "replace"


@dataclass(frozen=True)
class TableJoin:
    """A table file that is to be joined to a layer.

    Attributes
    ----------
    layer : str
        Its name.
    keys : mapping
        Column of the table by field of the layer (name or title), in the order in which they are tried.
    by_place : bool
        Rows that found no feature by a key look where their coordinates lie.
    distance : float
        How far the nearest feature may be then, in the unit of the layer's system.
    crs : str
        System of the table's coordinates; empty means the layer's own.
    columns : tuple of str
        Columns to bring; empty for all but the keys.
    leave_out : bool
        Rows that fit several features, and rows that fit one feature together, are left out and told, where
        the join would be refused otherwise.
    """

    layer: str
    path: Path
    keys: Mapping[str, str] = field(default_factory=dict)
    by_place: bool = False
    distance: float = 0.0
    crs: str = ""
    columns: tuple[str, ...] = ()
    on_conflict: OnConflict = OnConflict.REFUSE
    leave_out: bool = False
    source_layer: str = ""
    encoding: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
