"""What a plan says, as data: platforms, carriers, figures, counts, clauses, each with its place in the text.

The words are our own; names and figures are the plan's. ``place`` names the section or box
(``二(一)1``, ``专栏 3-8``) and ``quote_check`` holds the exact strings that must stand there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, model_validator

from layers.words import N_

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Text = Annotated[str, Field(min_length=1)]
Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]


class Role(StrEnum):
    """What a carrier is for; one carrier may have several roles."""

    FACILITY = "facility"
    INSTITUTE = "institute"
    UNIVERSITY = "university"
    LABORATORY = "laboratory"
    INCUBATOR = "incubator"
    ACCELERATOR = "accelerator"
    PARK = "park"
    BASE = "base"
    SERVICE_PLATFORM = "service_platform"


ROLE_TITLES: dict[Role, str] = {
    Role.FACILITY: N_("Major sci-tech facility"),
    Role.INSTITUTE: N_("Research institute"),
    Role.UNIVERSITY: N_("University"),
    Role.LABORATORY: N_("Laboratory"),
    Role.INCUBATOR: N_("Incubator"),
    Role.ACCELERATOR: N_("Accelerator"),
    Role.PARK: N_("Park"),
    Role.BASE: N_("Base"),
    Role.SERVICE_PLATFORM: N_("Public service platform"),
}


class Declared(BaseModel):
    """Base of everything that is read from a plan's files."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Citation(Declared):
    """Where the plan says it.

    Attributes
    ----------
    place : str
        Section or box: ``八(四)``, ``二(一)1``, ``专栏 3-8``.
    item : int or None
        Number of the item within the box.
    quote_check : tuple of str
        Exact strings found there (white space and full-width forms aside); the check of the data.
    """

    place: Text
    item: int | None = None
    quote_check: tuple[Text, ...] = ()


class Figure(Citation):
    """A number the plan prints; never a count of a layer's features.

    Attributes
    ----------
    value, high : int or float
        The number; where the plan prints a range, its lower and upper end.
    year : int or None
        The year it holds for; None where the plan names none.
    bound : str
        How the plan words it: ``exact``, ``at_least``, ``more_than``, ``about``.
    nature : str
        ``actual`` (what was), ``planned`` (what is laid out), ``target`` (what shall be reached).
    basis : str
        What exactly is counted or measured, where the name alone could mislead.
    """

    name: Text
    value: Number
    high: Number | None = None
    unit: Text
    year: int | None = None
    bound: Literal["exact", "at_least", "more_than", "about"] = "exact"
    nature: Literal["actual", "planned", "target"]
    basis: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Figure:
        if self.high is not None and self.high < self.value:
            raise ValueError(f"high ({self.high}) < value ({self.value})")
        return self


class Entry(Declared):
    """Base of what stands in the plan under a key of its own."""

    key: Key
    places: Annotated[tuple[Citation, ...], Field(min_length=1)]

    @property
    def place(self) -> str:
        """Return the section or box that speaks of it first and most."""
        return self.places[0].place


class TownPart(Declared):
    """A town that the text names in a platform: wholly, in part, or without saying."""

    town: Text
    extent: Literal["whole", "part", "unstated"] = "unstated"
    remark: str = ""


class Park(Citation):
    """A park or area in a platform; ``named`` is False for parks that the text means in general terms."""

    name: Text
    named: bool = True
    relation: str = ""


class Recognition(Citation):
    """A grade that a carrier was given, and when."""

    grade: Text
    year: int


class Phase(Declared):
    """A stage of building: ``end`` is None where the plan leaves it open."""

    name: Text
    start: int
    end: int | None = None
    summary: Text
    figures: tuple[Figure, ...] = ()
    quote_check: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Phase:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"end ({self.end}) < start ({self.start})")
        return self


class Platform(Entry):
    """One of the 3+4 platforms.

    Attributes
    ----------
    tier : str
        ``3`` (重大创新平台) or ``4`` (特色产业平台); for another plan whatever groups it has.
    towns, parks : tuple
        What the text names, no more: several platforms name none. The working composition, which a
        bureau edits, is in :func:`zsgis.plan.starter.platform_compositions`.
    """

    name: Text
    short_name: Text
    tier: Text
    role: Text
    industries: tuple[Text, ...] = ()
    towns: tuple[TownPart, ...] = ()
    parks: tuple[Park, ...] = ()
    phases: tuple[Phase, ...] = ()
    remark: str = ""


class Carrier(Entry):
    """A carrier of innovation: an institute, university, incubator, park, base or service platform.

    Attributes
    ----------
    named : bool
        False for one that the plan announces without a name (``name`` is then our description).
    platform : str
        Key of the platform where the text says so; empty where it does not.
    town : str
        Town where the text says so, by its present name; empty where it does not.
    site : str
        What else the text says about where it is.
    part_of : str
        Key of the carrier it belongs to or lies in.
    land_area_m2 : float or None
        Land; None means not yet entered (待录入). The five-year plan of Zhongshan states no land area.
    """

    name: Text
    named: bool = True
    aliases: tuple[Text, ...] = ()
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    platform: str = ""
    town: str = ""
    site: str = ""
    part_of: str = ""
    partners: tuple[Text, ...] = ()
    fields: tuple[Text, ...] = ()
    summary: str = ""
    phases: tuple[Phase, ...] = ()
    figures: tuple[Figure, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    land_area_m2: Annotated[StrictInt | StrictFloat, Field(gt=0, allow_inf_nan=False)] | None = None
    remark: str = ""

    def has(self, role: Role | str) -> bool:
        """Tell whether the carrier has a role."""
        return role in self.roles


class ConflictingCount(Entry):
    """One thing that the plan counts in several places with different results or different words.

    The claims stand side by side with their places; none is preferred and none is computed.
    """

    subject: Text
    claims: Annotated[tuple[Figure, ...], Field(min_length=2)]
    remark: str = ""


class Quota(Declared):
    """A quota or a stock of land that a clause gives out, and who goes first."""

    name: Text
    kind: Literal["quota", "land", "room"]
    given_by: str = ""
    first_for: tuple[Text, ...] = ()


class Clause(Entry):
    """What the plan says about land.

    Attributes
    ----------
    kind : str
        ``problem`` (what is wrong today), ``commitment`` (what is promised), ``review`` (how it is watched).
    measures : tuple of str
        The single measures, in our words.
    quotas : tuple of Quota
        Quotas and land that the clause names, with who goes first.
    """

    title: Text
    kind: Literal["problem", "commitment", "review"]
    summary: Text
    measures: tuple[Text, ...] = ()
    beneficiaries: tuple[Text, ...] = ()
    quotas: tuple[Quota, ...] = ()
    figures: tuple[Figure, ...] = ()
    remark: str = ""


class Period(Declared):
    """The years of a plan, first and last."""

    start: int
    end: int

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError(f"end ({self.end}) < start ({self.start})")
        return self

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"
