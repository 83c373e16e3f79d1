"""What a file is taken for: what the caller says, else what the guard is sure of, else a question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from layers.crs import parse_crs
from layers.findings import Finding, Severity
from layers.guard.area_units import unit_in_name
from layers.guard.model import Aspect, Candidate, CrsCandidate, EncodingCandidate, Extent, Verdict
from layers.guard.placing import place
from layers.guard.sampling import sample_points
from layers.guard.taken_as import TakenAs, describe, parse_taken_as
from layers.importing.doubt import UncertainError
from layers.importing.intake import Intake
from layers.importing.request import ImportRequest
from layers.words import _


@dataclass(frozen=True)
class Decisions:
    """What a layer of a file is taken for.

    Attributes
    ----------
    standard : str
        Land classification of its codes; empty where the kind has none or no column holds codes.
    units : mapping
        Unit of what stands in a column, by column; only where it was said or is sure.
    told : tuple of Finding
        What was taken without having been said, and why.
    """

    taken_as: TakenAs
    standard: str
    units: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Finding, ...] = ()


def decide(intake: Intake, request: ImportRequest, mapping: Mapping[str, str]) -> Decisions:
    """Return what a layer is taken for.

    Parameters
    ----------
    mapping : mapping
        Column of the file by field of the kind.

    Raises
    ------
    CrsError
        When what the caller says of the coordinates is not understood.
    UncertainError
        When something was not said and is not sure; it carries the candidates.
    """
    examined = intake.examination
    open_questions: list[Verdict[Candidate]] = []
    told: list[Finding] = []

    def settle(said: str, verdict: Verdict[Candidate], *, stated: bool = False) -> str:
        if said:
            return said
        if not verdict.sure:
            open_questions.append(verdict)
        told.extend(_told(verdict, stated=stated))
        return verdict.chosen.value if verdict.chosen is not None else ""

    said = parse_taken_as(request.crs) if request.crs else None
    settle(request.encoding, examined.encoding, stated=_states_encoding(examined.encoding))
    coordinates = settle(request.crs, examined.crs, stated=_states_crs(intake))
    has_codes = bool(intake.kind.class_field and mapping.get(intake.kind.class_field))
    standard = settle(request.standard, examined.standard) if has_codes else ""
    units = {**_units_in_headers(intake), **request.units}
    for verdict in _measured(intake, mapping):
        units[verdict.subject] = settle(request.units.get(verdict.subject, ""), verdict)
    if open_questions:
        raise UncertainError(str(intake.path), open_questions)
    taken_as = said or parse_taken_as(coordinates or _NOTHING_TO_PLACE)
    if said is not None:
        told.extend(_overruled(said, examined.crs, intake))
    return Decisions(taken_as, standard, {name: unit for name, unit in units.items() if unit}, tuple(told))


# the datums and the consumer maps' shifts lie within 0.02 degrees of each other, zones farther apart
_NEAR_DEG = 0.1

# a layer without a single vertex lies nowhere; degrees claim least
_NOTHING_TO_PLACE = "4490"


def _units_in_headers(intake: Intake) -> dict[str, str]:
    """Return the units that headers name: by themselves (面积（亩）), or above the whole table."""
    columns = [str(name) for name in intake.data.frame.columns]
    named = {column: unit for column in columns if (unit := unit_in_name(column))}
    return {**named, **json.loads(intake.data.stated.get("units", "{}"))}


def _measured(intake: Intake, mapping: Mapping[str, str]) -> Iterable[Verdict[Candidate]]:
    """Yield the verdicts on columns that fill a field with a unit."""
    filled = {mapping.get(each.name) for each in intake.kind.fields if each.unit}
    return (verdict for verdict in intake.examination.units if verdict.subject in filled)


def _states_encoding(verdict: Verdict[EncodingCandidate]) -> bool:
    return verdict.chosen is not None and verdict.chosen.stated


def _states_crs(intake: Intake) -> bool:
    """Tell whether the coordinates are taken for just what the file says they are."""
    chosen = intake.examination.crs.chosen
    if chosen is None or intake.data.crs is None:
        return False
    return parse_taken_as(chosen.value) == TakenAs(parse_crs(intake.data.crs))


def _told(verdict: Verdict[Candidate], *, stated: bool) -> Iterable[Finding]:
    """Yield what must be told of a sure answer: warnings, and what was found out rather than read."""
    for text in verdict.warnings:
        yield Finding(f"import.{verdict.aspect}_warning", Severity.WARNING, text)
    chosen = verdict.chosen
    if chosen is not None and not stated and verdict.aspect is not Aspect.UNITS:
        text = _("{question}: taken as {answer}. {reason}").format(
            question=verdict.aspect.words, answer=chosen.title, reason=chosen.reason
        )
        yield Finding(f"import.{verdict.aspect}_taken", Severity.NOTE, text)


def _overruled(stated: TakenAs, verdict: Verdict[CrsCandidate], intake: Intake) -> Iterable[Finding]:
    """Yield a warning where the caller says otherwise than the guard was sure of, or than numbers allow."""
    chosen = verdict.chosen
    if chosen is not None and parse_taken_as(chosen.value) != stated:
        text = _(
            "By file and numbers the coordinates are {sure}; you said {said}, and that was used."
        ).format(sure=chosen.title, said=describe(stated))
        yield Finding("import.crs_overridden", Severity.WARNING, text)
    likely = [each for each in verdict.candidates if each.in_box and each.extent is not None]
    if chosen is not None or not likely:
        return
    shapes = np.asarray(intake.data.frame.geometry.array, dtype=object)
    placed = place(stated, sample_points(shapes)).extent
    if not any(_close(placed, each.extent) for each in likely):
        text = _(
            "Taken as {said} the data does not lie where it is expected; taken as {likely} it would. "
            "What you said was used."
        ).format(said=describe(stated), likely=likely[0].title)
        yield Finding("import.crs_elsewhere", Severity.WARNING, text)


def _close(one: Extent | None, other: Extent | None) -> bool:
    """Tell whether two extents in degrees overlap but for :data:`_NEAR_DEG`."""
    if one is None or other is None:
        return False
    apart = [max(one[axis], other[axis]) - min(one[axis + 2], other[axis + 2]) for axis in (0, 1)]
    return max(apart) <= _NEAR_DEG
