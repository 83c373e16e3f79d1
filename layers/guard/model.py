"""What the guard says of a file: for each question the candidates, how likely each is, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from layers.words import N_, _


class Aspect(StrEnum):
    """What is asked of a file."""

    ENCODING = "encoding"
    CRS = "crs"
    UNITS = "units"
    STANDARD = "standard"

    @property
    def words(self) -> str:
        """The question in the user's language."""
        return _(_ASPECT_WORDS[self])


_ASPECT_WORDS = {
    Aspect.ENCODING: N_("Text encoding"),
    Aspect.CRS: N_("Coordinate system"),
    Aspect.UNITS: N_("Unit"),
    Aspect.STANDARD: N_("Class standard"),
}


class Shift(StrEnum):
    """The shift of consumer maps that coordinates may carry."""

    NONE = "none"
    GCJ02 = "gcj02"
    BD09 = "bd09"


Extent = tuple[float, float, float, float]
"""West, south, east, north in degrees on CGCS2000."""


@dataclass(frozen=True)
class Candidate:
    """One possible answer.

    Attributes
    ----------
    key : str
        Stable within the verdict; ``value`` where nothing else tells candidates apart.
    title : str
        The answer in the user's language.
    confidence : float
        0 to 1: how well the file fits it. The confidences of a verdict do not add up to 1.
    reason : str
        One sentence in the user's language.
    value : str
        What the command line and ``ImportRequest`` take for this answer.
    """

    key: str
    title: str
    confidence: float
    reason: str
    value: str


@dataclass(frozen=True)
class CrsCandidate(Candidate):
    """What coordinates can be taken as; ``value`` is read by ``layers.guard.taken_as.parse_taken_as``.

    Attributes
    ----------
    crs : str
        The system alone, as ``layers.crs.parse_crs`` reads it (an EPSG code, or WKT where there is none).
    swapped : bool
        North stands in the file where east belongs.
    shift : Shift
        The consumer map's shift that is taken off.
    unit : str
        ``m``, ``mm``, ``cm``, ``km``; empty for degrees.
    offset : tuple of float
        Metres added to east and north because leading digits are missing in the file.
    needs_parameters : bool
        The datum is Xi'an 1980 or Beijing 1954: only the user's own parameters lead on from there.
    extent : Extent or None
        Where the data comes to lie; None where that cannot be told.
    extent_uncertainty_m : float
        0 where the extent is exact; some hundred metres on a legacy datum without parameters.
    in_box : bool
        The data lies where it is expected.
    """

    crs: str = ""
    swapped: bool = False
    shift: Shift = Shift.NONE
    unit: str = ""
    offset: tuple[float, float] = (0.0, 0.0)
    needs_parameters: bool = False
    extent: Extent | None = None
    extent_uncertainty_m: float = 0.0
    in_box: bool = False


@dataclass(frozen=True)
class EncodingCandidate(Candidate):
    """What text can be read with; ``value`` is the codec's name, ``preview`` a line as it reads then."""

    preview: str = ""
    stated: bool = False


C_co = TypeVar("C_co", bound=Candidate, covariant=True)


@dataclass(frozen=True)
class Verdict(Generic[C_co]):
    """The guard's answer to one question.

    Attributes
    ----------
    sure : bool
        The first candidate may be taken without asking. Also True where there is nothing to decide (a table
        without shapes has no coordinate system): then there are no candidates.
    candidates : tuple
        The likely ones first.
    subject : str
        What of the file it is about (a column), empty for the whole.
    warnings : tuple of str
        What must be told even though the answer is sure.
    """

    aspect: Aspect
    sure: bool
    candidates: tuple[C_co, ...] = ()
    subject: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def chosen(self) -> C_co | None:
        """What is taken without asking; None where somebody must say it, or nothing is to be decided."""
        return self.candidates[0] if self.sure and self.candidates else None

    @property
    def likeliest(self) -> C_co | None:
        """The first candidate, sure or not; None where there is none."""
        return self.candidates[0] if self.candidates else None

    def find(self, value: str) -> C_co | None:
        """Return the candidate with this ``value`` (or ``key``); None where there is none."""
        return next((each for each in self.candidates if value in (each.value, each.key)), None)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a report."""
        chosen = self.chosen
        return {
            "aspect": str(self.aspect),
            "subject": self.subject,
            "sure": self.sure,
            "chosen": chosen.value if chosen is not None else None,
            "candidates": [_plain(asdict(each)) for each in self.candidates],
            "warnings": list(self.warnings),
        }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: str(value)
        if isinstance(value, StrEnum)
        else list(value)
        if isinstance(value, tuple)
        else round(value, 4)
        if name == "confidence"
        else value
        for name, value in values.items()
    }


@dataclass(frozen=True)
class Examination:
    """All verdicts of a layer.

    Attributes
    ----------
    units : tuple of Verdict
        One for each column that holds areas; ``subject`` is the column.
    sampled : int
        How many of the layer's ``features`` were looked at for coordinates and codes.
    """

    encoding: Verdict[EncodingCandidate]
    crs: Verdict[CrsCandidate]
    standard: Verdict[Candidate]
    units: tuple[Verdict[Candidate], ...] = ()
    features: int = 0
    sampled: int = 0
    notes: tuple[str, ...] = field(default=())

    def __iter__(self) -> Iterator[Verdict[Candidate]]:
        """Yield all verdicts."""
        yield self.encoding
        yield self.crs
        yield self.standard
        yield from self.units

    @property
    def unsure(self) -> tuple[Verdict[Candidate], ...]:
        """The questions that somebody must answer."""
        return tuple(verdict for verdict in self if not verdict.sure)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a report."""
        return {
            "encoding": self.encoding.to_json(),
            "crs": self.crs.to_json(),
            "standard": self.standard.to_json(),
            "units": [verdict.to_json() for verdict in self.units],
            "features": self.features,
            "sampled": self.sampled,
            "notes": list(self.notes),
        }
