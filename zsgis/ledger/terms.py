"""What a formula comes to: a value or what is missing for it, with parcels and runs; terms combined."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layers.words import N_, _

AREA_UNITS_M2 = {N_("m²"): 1.0, N_("ha"): 10_000.0, N_("mu"): 2000.0 / 3.0}
"""Square metres of each unit of area, by message id."""
AREA = "m2"

Line = tuple[str, str]
"""What a line is by (``platform``, ``zone``) and its name; two empty texts for the whole."""
WHOLE: Line = ("", "")


@dataclass(frozen=True)
class Term:
    """The value of a formula on one line.

    Attributes
    ----------
    value : float or None
        None where something is missing; never 0 in its place. Areas in m2.
    unit : str
        ``m2`` for areas, else as the figure has it; empty for counts and ratios.
    missing : tuple of str
        What is missing, a sentence each.
    notes : tuple of str
        What must be known of the value.
    sources : mapping
        ``zs_uid`` of the parcels by layer uid.
    runs : tuple of str
        Uids of the runs it came from.
    sources_left_out : int
        Parcels that stand behind it and that the runs did not keep.
    """

    value: float | None = None
    unit: str = ""
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: tuple[str, ...] = ()
    sources_left_out: int = 0


@dataclass(frozen=True)
class Lines:
    """A formula's terms by line.

    Attributes
    ----------
    filled : bool
        Whether a line that does not come means 0: nothing of the layer belongs to it.
    """

    terms: Mapping[Line, Term]
    filled: bool = False

    def at(self, line: Line) -> Term | None:
        """Return the term of a line; 0 where lines that do not come mean that."""
        found = self.terms.get(line)
        if found is not None or not self.filled or line[0] not in {axis for axis, _label in self.terms}:
            return found
        whole = self.terms.get(WHOLE, Term())
        return Term(0.0, whole.unit) if whole.value is not None else Term(missing=whole.missing)


def lacking(*missing: str, runs: tuple[str, ...] = ()) -> Lines:
    """Return lines that say what is missing."""
    return Lines({WHOLE: Term(missing=missing, runs=runs)})


def area_factor(unit: str) -> float | None:
    """Return the square metres of a unit as it is printed in a header; None for what is no area."""
    for name, factor in AREA_UNITS_M2.items():
        if unit in (name, _(name)):
            return factor
    return None


def combined(parts: Sequence[Lines], how: str) -> Lines:
    """Return ``sum``, ``difference`` or ``ratio`` of terms, line by line where every part has the line."""
    wanted = dict.fromkeys(line for part in parts for line in part.terms)
    terms = {}
    for line in wanted:
        found = [part.at(line) for part in parts]
        present = [term for term in found if term is not None]
        if len(present) == len(parts):
            terms[line] = _joined(present, how)
    return Lines(terms, all(part.filled for part in parts) and how != "ratio")


def _joined(terms: Sequence[Term], how: str) -> Term:
    missing = tuple(dict.fromkeys(text for term in terms for text in term.missing))
    units = {term.unit for term in terms if term.value is not None}
    if not missing and len(units) > 1:
        missing = (_("The parts are in different units: {units}.").format(units=", ".join(sorted(units))),)
    value, unit = None, ""
    values = [term.value for term in terms if term.value is not None]
    if not missing:
        if how == "ratio" and values[1] == 0:
            missing = (_("What it is a share of is 0."),)
        else:
            value = _computed(values, how)
            unit = "" if how == "ratio" else units.pop()
    return Term(
        value,
        unit,
        missing,
        tuple(dict.fromkeys(text for term in terms for text in term.notes)),
        merged([term.sources for term in terms]),
        tuple(dict.fromkeys(uid for term in terms for uid in term.runs)),
        sum(term.sources_left_out for term in terms),
    )


def _computed(values: Sequence[float], how: str) -> float:
    if how == "sum":
        return math.fsum(values)
    return values[0] - values[1] if how == "difference" else values[0] / values[1]


def merged(sources: Sequence[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return the parcels of several terms, each once."""
    found: dict[str, dict[str, None]] = {}
    for one in sources:
        for layer, uids in one.items():
            found.setdefault(layer, {}).update(dict.fromkeys(uids))
    return {layer: tuple(uids) for layer, uids in found.items()}
