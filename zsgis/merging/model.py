"""What a merge works on and what it comes to: sides, conflicts, questions, changes that go in by themselves.

Base is the project as it stood when both parted; mine is the copy that comes back; theirs is the project that
takes it in. Nothing here depends on which side is called which: with both exchanged a plan is mirrored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from layers.edits import Author, FeatureState

GEOMETRY = "geometry"
"""What the shape is called among the fields."""


class Side(StrEnum):
    """Whose state."""

    BASE = "base"
    MINE = "mine"
    THEIRS = "theirs"

    @property
    def other(self) -> Side:
        """Mine of theirs, theirs of mine."""
        return {Side.MINE: Side.THEIRS, Side.THEIRS: Side.MINE}.get(self, Side.BASE)


CHANGED_SIDES = (Side.MINE, Side.THEIRS)


class ConflictKind(StrEnum):
    """Why a person must decide."""

    VALUE = "value"
    SHAPE = "shape"
    REMOVAL = "removal"
    LINEAGE = "lineage"
    OVERLAP = "overlap"
    GAP = "gap"
    SAME_PLACE = "same_place"
    LAYER = "layer"
    LOOK = "look"
    SETTING = "setting"


@dataclass(frozen=True)
class FeatureSides:
    """A feature as it stands at base, mine and theirs; None where it does not exist.

    Attributes
    ----------
    mine_parents, theirs_parents : tuple of str
        The features it was made from, or whose land it took over, on that side.
    """

    zs_uid: str
    base: FeatureState | None
    mine: FeatureState | None
    theirs: FeatureState | None
    mine_parents: tuple[str, ...] = ()
    theirs_parents: tuple[str, ...] = ()

    def on(self, side: Side) -> FeatureState | None:
        """Return the state at one side."""
        return {Side.BASE: self.base, Side.MINE: self.mine, Side.THEIRS: self.theirs}[side]

    def parents(self, side: Side) -> tuple[str, ...]:
        """Return the parents recorded at one side."""
        return {Side.BASE: (), Side.MINE: self.mine_parents, Side.THEIRS: self.theirs_parents}[side]


@dataclass(frozen=True)
class LayerSides:
    """One layer as the engine takes it.

    Attributes
    ----------
    features : mapping
        By ``zs_uid``: every feature that differs anywhere; others may be among them.
    fields : mapping
        The fields a layer has at each side; a field that a side lacks was not changed there.
    partition : bool
        Its features share the ground out: no overlap, no gap.
    tolerance : float
        In the layer's unit squared: an overlap or a gap that is not larger counts as none.
    follows : mapping
        By computed field: what it is computed from, however far back, ``geometry`` for areas. Where a side
        changed that, nobody is asked about the field: it is computed anew.
    """

    layer_uid: str
    name: str
    features: Mapping[str, FeatureSides]
    fields: Mapping[Side, tuple[str, ...]]
    partition: bool = False
    tolerance: float = 0.0
    follows: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One thing to decide.

    Attributes
    ----------
    key : str
        The same for the same thing in every plan of the same sides.
    name : str
        The field, ``geometry`` for shape and being; of layers and settings what it is called.
    uids : tuple of str
        The features that are decided, all in one; none where it is about no feature.
    values : mapping
        What stands at each side; shapes and features stand in the conflict's members.
    own : bool
        Whether another value may be given.
    sides : tuple of Side
        Whose may be taken.
    """

    key: str
    name: str
    uids: tuple[str, ...] = ()
    values: Mapping[Side, Any] = field(default_factory=dict)
    own: bool = False
    sides: tuple[Side, ...] = (Side.BASE, Side.MINE, Side.THEIRS)


@dataclass(frozen=True)
class Member:
    """A feature concerned by a conflict.

    Attributes
    ----------
    whole : bool
        Its group's decision takes the feature with all fields; otherwise the shape only, and its fields merge
        by themselves or have questions of their own.
    """

    sides: FeatureSides
    whole: bool = False


@dataclass(frozen=True)
class Conflict:
    """What must be decided together.

    Attributes
    ----------
    key : str
        The same in every plan of the same sides, whichever is mine.
    kinds : tuple of ConflictKind
        Why, sorted.
    members : tuple of Member
        The features concerned; none where layers or settings are.
    questions : tuple of Question
        The first decides shape and being of all members, where these are in question.
    """

    key: str
    kinds: tuple[ConflictKind, ...]
    layer_uid: str
    layer_name: str
    members: tuple[Member, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Merged:
    """What merges by itself about one feature.

    Attributes
    ----------
    action : str
        ``added``, ``changed`` or ``removed``.
    fields : mapping
        Whose value is taken, by field, ``geometry`` among them: mine or theirs; None where both did the same.
    side : Side or None
        Who added or removed it; None for both.
    """

    layer_uid: str
    zs_uid: str
    action: str
    fields: Mapping[str, Side | None]
    side: Side | None = None


@dataclass(frozen=True)
class LayerPlan:
    """What becomes of one layer's features."""

    sides: LayerSides
    merged: tuple[Merged, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class Decision:
    """An answer: a side's, or a value of one's own."""

    side: Side | None
    value: Any = None


Decisions = Mapping[str, Decision]
"""By key of the question."""


@dataclass(frozen=True)
class Trace:
    """Who last changed something at one side, and when; nobody where no journal tells."""

    author: Author | None = None
    time: datetime | None = None
    title: str = ""
