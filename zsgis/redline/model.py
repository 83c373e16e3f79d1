"""What a red-line check works on and what it gives back, as data; areas in whole 0.01 m2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.classification.model import UNKNOWN_COLOR
from layers.findings import Finding
from layers.kind import AreaBasis
from layers.ownership import Ownership, ownership_words
from layers.words import N_, _
from zsgis.redline.boundary import Boundary, RedlineRing
from zsgis.redline.rules import Effect, RedlineRules
from zsgis.result import RunRecord


class Outcome(StrEnum):
    """What a section came to, the lightest first."""

    CLEAR = "clear"
    INFO = "info"
    NO_DATA = "no_data"
    WARN = "warn"
    FORBIDDEN = "forbidden"
    NOT_CHECKED = "not_checked"

    @property
    def words(self) -> str:
        """The outcome in the user's language."""
        return _(_OUTCOMES[self])


_OUTCOMES = {
    Outcome.CLEAR: N_("Not touched"),
    Outcome.INFO: N_("Touched"),
    Outcome.WARN: N_("To be verified"),
    Outcome.FORBIDDEN: N_("Occupied, forbidden"),
    Outcome.NO_DATA: N_("Data does not cover it"),
    Outcome.NOT_CHECKED: N_("Not checked"),
}


class LineRole(StrEnum):
    """What a line of a section is."""

    CLASS = "class"
    DEDUCTION = "deduction"
    REST = "rest"


@dataclass(frozen=True)
class ClassKey:
    """What lines of a section are told apart by.

    Attributes
    ----------
    code : str
        Land-class code in its standard's own writing; empty where the class has none.
    great_class : str
        三大类 by the rule file; empty outside land classes and where it cannot be told.
    parent, parent_name : str
        Code and name of the coarsest class above (一级类), which may be the class itself.
    values : tuple of str
        The values the class was made from, for effects by class.
    color : str
        Of the land class in its standard, ``#rrggbb``.
    """

    label: str
    code: str = ""
    great_class: str = ""
    parent: str = ""
    parent_name: str = ""
    values: tuple[str, ...] = ()
    color: str = UNKNOWN_COLOR


@dataclass(frozen=True)
class Line:
    """A line of a section: a class and an ownership, the deduction, or what lies in no feature.

    Attributes
    ----------
    cents : int
        Area on the section's basis, exact in 0.01 m2; the deduction is below zero.
    ha, percent : float
        As printed: lines add up to the section's total, and to 100, in the digits printed.
    count, whole : int
        Features behind it, and how many of them lie in the red line with all their ground.
    sliver : bool
        All of it is under the stated tolerance: counted, but no hit.
    ownership : Ownership or None
        Whose land it is; None where the section does not ask, and for what is no feature.
    uids : tuple of str
        The features' ``zs_uid``.
    """

    role: LineRole
    key: ClassKey
    ownership: Ownership | None
    cents: int
    ha: float
    percent: float
    count: int = 0
    whole: int = 0
    sliver: bool = False
    effect: Effect = Effect.INFO
    uids: tuple[str, ...] = ()

    @property
    def m2(self) -> float:
        """The area in m2, two decimals."""
        return self.cents / 100

    @property
    def ownership_words(self) -> str:
        """Whose land it is in the user's language; empty where it is not asked."""
        return "" if self.ownership is None else ownership_words(self.ownership)


@dataclass(frozen=True)
class LayerUsed:
    """The layer of a section, with what proves which data it held.

    Attributes
    ----------
    read : int
        Features whose box meets the red line's; ``sha256`` is over exactly these, so that it takes no
        longer with a larger layer.
    standard_title : str
        Land classification of its codes; empty where it has none.
    """

    uid: str
    name: str
    kind: str
    version: int
    feature_count: int
    read: int
    sha256: str
    crs: pyproj.CRS
    standard: str = ""
    standard_title: str = ""
    demo: bool = False
    status: str = ""
    secrecy: str = ""


@dataclass(frozen=True, eq=False)
class SectionPieces:
    """What lies under the red line, for a map.

    Attributes
    ----------
    geometry : ndarray of object, shape (n,)
        Polygons in ``crs``; the last may be what lies in no feature.
    line : ndarray of int64, shape (n,)
        The section's line each is part of.
    uids : tuple of str, length n
        Its feature; empty for what lies in none.
    cents : ndarray of int64, shape (n,)
    """

    geometry: NDArray[np.object_]
    line: NDArray[np.int64]
    uids: tuple[str, ...]
    cents: NDArray[np.int64]
    crs: pyproj.CRS


@dataclass(frozen=True, eq=False)
class Section:
    """What one layer says of the red line.

    Attributes
    ----------
    reason : str
        Why it was not checked or what is missing; empty where there is nothing to say.
    layer, basis, pieces : or None
        None where nothing was checked.
    total_cents : int
        The red line's own area on the section's basis; the lines add up to it.
    correction_m2 : float
        What was forced for that.
    has_ownership, has_land_classes : bool
    """

    key: str
    title: str
    clause: str
    source: str
    status: str
    outcome: Outcome
    reason: str = ""
    layer: LayerUsed | None = None
    basis: AreaBasis | None = None
    total_cents: int = 0
    lines: tuple[Line, ...] = ()
    pieces: SectionPieces | None = None
    correction_m2: float = 0.0
    has_ownership: bool = False
    has_land_classes: bool = False

    @property
    def checked(self) -> bool:
        """Whether a layer was looked at."""
        return self.layer is not None

    @property
    def hits(self) -> tuple[Line, ...]:
        """The lines that are hits, slivers left out."""
        return tuple(line for line in self.lines if line.role is LineRole.CLASS and not line.sliver)


@dataclass(frozen=True, eq=False)
class RedlineReport:
    """The red-line check of one red line.

    Attributes
    ----------
    plane : pyproj.CRS
        In which the red line is cut and its points are printed, but for the zone's number.
    points_crs : pyproj.CRS
        Of the printed points.
    planar_cents, ellipsoidal_cents : int
        The red line's own area on both bases.
    sections : tuple of Section
        In the order of the rule file; layers that the project does not have stand there too.
    unruled : tuple of str
        Names of the project's layers of areas that no rule looks at.
    demo, schematic, secrecy : bool, bool, str
        As of the layers that took part.
    """

    boundary: Boundary
    rules: RedlineRules
    plane: pyproj.CRS
    points_crs: pyproj.CRS
    rings: tuple[RedlineRing, ...]
    planar_cents: int
    ellipsoidal_cents: int
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    unruled: tuple[str, ...]
    run: RunRecord
    demo: bool = False
    schematic: bool = False
    secrecy: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def worst(self) -> Outcome:
        """The weightiest outcome of the sections that were checked."""
        order = list(Outcome)
        told = [section.outcome for section in self.sections if section.checked]
        return max(told, key=order.index, default=Outcome.NOT_CHECKED)

    def section(self, key: str) -> Section:
        """Return the first section with this key.

        Raises
        ------
        KeyError
            When the rules have none.
        """
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)
