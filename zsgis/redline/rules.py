"""The rules of the red-line check: which layers, in which order, what gives the class, what a hit means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from layers.errors import UsageError
from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.ownership import Ownership, ownership_of
from layers.words import _
from zsgis.analysis.rule_files import RuleFile, entries_at_fault, read_rule

SHIPPED = "redline"
"""Name of the rule file that comes with the program."""

DRAFT = "征求意见稿"
Status = Literal["现行", "征求意见稿", "待核实"]
_NotNegative = Annotated[float, Field(ge=0.0)]
_Digits = Annotated[int, Field(ge=0, le=6)]


class Effect(StrEnum):
    """What it means that something lies under a red line, the lightest first."""

    INFO = "info"
    WARN = "warn"
    FORBIDDEN = "forbidden"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Where(_Declared):
    """Which features of a layer a section looks at.

    Attributes
    ----------
    others : bool
        Those whose value no other section of the same kind and field names, no value included.
    """

    field: str
    values: tuple[str, ...] = ()
    others: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.values) == self.others:
            raise ValueError("where: values or others, one of both")
        return self


class Presence(_Declared):
    """A class that follows from whether a field is filled: 疑似 until there is a number."""

    field: str
    filled: str
    empty: str


class SectionRule(_Declared):
    """One section of the check.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of layers it looks at; each layer of the project makes a section of its own.
    class_fields : tuple of str
        Fields whose values together are the class; none means ``class_as`` alone.
    class_as : str
        What the class is called where the fields hold nothing.
    land_classes : bool
        The first class field holds codes of a land-class standard, which the 土地分类面积表 is made from.
    ownership_field : str
        Field that tells 国有 from 集体; empty where it is not told apart.
    hit, effects : Effect, mapping
        What a hit means, and by class (any of the values of its fields) where that is something else.
    rest, rest_as : Effect, str
        What it means that ground lies in no feature, and what that is called.
    complete : bool or None
        The features should share out all ground; None takes it from the kind.
    basis : str
        ``auto`` is the bureau's choice for the kind, else the kind's own.
    skip_when_empty : bool
        The section is left out for a layer in which no feature near has a value of its class fields.
    """

    key: str
    title: str
    kinds: tuple[str, ...]
    class_fields: tuple[str, ...] = ()
    class_as: str = ""
    where: Where | None = None
    presence: Presence | None = None
    land_classes: bool = False
    ownership_field: str = ""
    hit: Effect = Effect.INFO
    effects: Mapping[str, Effect] = Field(default_factory=dict)
    rest: Effect = Effect.INFO
    rest_as: str = ""
    complete: bool | None = None
    basis: Literal["auto", "ellipsoidal", "planar"] = "auto"
    skip_when_empty: bool = False
    clause: str = ""
    source: str
    status: Status

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field the section reads, each once."""
        found = [*self.class_fields, self.ownership_field]
        found += [self.where.field] if self.where else []
        found += [self.presence.field] if self.presence else []
        return tuple(dict.fromkeys(name for name in found if name))

    def is_complete(self, kind: str) -> bool:
        """Tell whether ground without a feature means that data is missing."""
        return KINDS[kind].partition if self.complete is None else self.complete

    def weighed(self, effect: Effect) -> Effect:
        """Return an effect as far as the rule's standing carries it: a draft only hints."""
        return min(effect, Effect.WARN, key=_RANK.__getitem__) if self.status == DRAFT else effect

    @model_validator(mode="after")
    def _known(self) -> Self:
        for kind in self.kinds:
            if kind not in KINDS or KINDS[kind].geometry is not GeometryType.POLYGON:
                raise ValueError(f"kinds: {kind}")
            for name in self.fields:
                if not KINDS[kind].has_field(name):
                    raise ValueError(f"{kind}: {name}")
        if not self.kinds:
            raise ValueError("kinds")
        return self


_RANK = {effect: place for place, effect in enumerate(Effect)}


def heaviest(*effects: Effect) -> Effect:
    """Return the weightiest of some effects; information where there is none."""
    return max(effects, key=_RANK.__getitem__, default=Effect.INFO)


class OwnershipValues(_Declared):
    """Values of ownership fields that mean 国有 or 集体 beside those that :mod:`layers.ownership` reads."""

    state: tuple[str, ...] = ()
    collective: tuple[str, ...] = ()
    source: str = ""

    def whose(self, value: str) -> Ownership:
        """Return whose land a value names; the bureau's own values go before the usual ones."""
        if value in self.state:
            return Ownership.NATIONAL
        return Ownership.COLLECTIVE if value in self.collective else ownership_of(value)


class RedlineSettings(_Declared):
    """Figures a bureau may set.

    Attributes
    ----------
    sliver_m2, sliver_width_m : float
        A piece all of whose parts are smaller than the one and thinner than the other (twice the area over
        the perimeter) is counted, but is no hit.
    zone_prefix : str
        The zone's number before Y in the table of points: as the red line has it, ``with`` or ``without``.
    boundary_layers : tuple of str
        Of several layers of areas in a file, the only one whose name holds one of these is the red line.
    recorded_share : float
        A recorded area further off the measured one than this share of it is told.
    """

    sliver_m2: _NotNegative = 1.0
    sliver_width_m: _NotNegative = 0.2
    coordinate_digits: _Digits = 3
    side_digits: _Digits = 2
    ha_digits: _Digits = 4
    zone_prefix: Literal["keep", "with", "without"] = "keep"
    boundary_layers: tuple[str, ...] = ()
    recorded_share: _NotNegative = 0.001


class RedlineRules(RuleFile):
    """A rule file of the red-line check."""

    status: Status
    settings: RedlineSettings = RedlineSettings()
    ownership: OwnershipValues = OwnershipValues()
    sections: tuple[SectionRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        keys = [section.key for section in self.sections]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"sections: {', '.join(twice)}")
        return self

    def named_elsewhere(self, section: SectionRule, kind: str) -> frozenset[str]:
        """Return the values of a section's ``where`` field that other sections of the kind name."""
        assert section.where is not None  # noqa: S101 - asked only of sections that have it
        return frozenset(
            value
            for other in self.sections
            if other.where is not None and kind in other.kinds and other.where.field == section.where.field
            for value in other.where.values
        )

    def with_settings(self, **changes: Any) -> RedlineRules:
        """Return the rules with other settings, given as typed.

        Raises
        ------
        UsageError
            Names the setting that there is not, or that cannot have this value.
        """
        try:
            settings = RedlineSettings.model_validate({**self.settings.model_dump(), **changes})
        except ValidationError as error:
            raise UsageError(
                _("Settings of the red-line check do not fit: {reason}").format(
                    reason=entries_at_fault(error)
                ),
                remedy=_("Known: {names}").format(names=", ".join(RedlineSettings.model_fields)),
            ) from error
        return self.model_copy(update={"settings": settings})


def redline_rules(name_or_path: str | Path = "") -> RedlineRules:
    """Read a rule file by its name under ``resources/rules``, or a bureau's own by its path.

    Raises
    ------
    InputError
        When there is no such file, or it is no rule file; the message names the entry at fault.
    """
    return read_rule(RedlineRules, str(name_or_path), SHIPPED)
