"""Which coordinate system a file is in: what it says, held against its digits, the city and base data.

Rules, in this order (``docs/guard.md`` gives them in an officer's words):

1. Base data, where there is some: a way in which the new layer's lines run along those of the base data, far
   more than chance has it, is right. It is taken when the file says nothing else; against the file it is put
   first, and somebody is asked.
2. What the file states is taken when the data then lies in the expected area, in the stated order. It is also
   taken elsewhere within the stated system's own area of use, as long as no other way brings the data into
   the expected area.
3. Where the file states nothing, the digits are taken when exactly one way on a current datum leads into or
   near the expected area and that way is one that digits decide (a zone number, or a six-digit easting).
   Degrees never are, nor UTM, Web Mercator and 6-degree zones without a number.
4. Everything else is asked. Legacy datums are always among the candidates: no digit tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import parse_crs
from layers.errors import CrsError
from layers.guard import crs_words
from layers.guard.fingerprint import Comparison, Reference, compare
from layers.guard.hypotheses import Hypothesis, Question, elsewhere, fitting, hypotheses, shifted
from layers.guard.model import Aspect, CrsCandidate, Extent, Shift, Verdict
from layers.guard.placing import is_legacy
from layers.guard.rules import CoordinateRules, coordinate_rules
from layers.guard.stated import stated_in_words
from layers.guard.taken_as import TakenAs, crs_text, describe
from layers.words import _

MOST_CANDIDATES = 12
_MOST_COMPARED = 8


def judge_coordinates(
    points: NDArray[np.float64],
    *,
    crs: pyproj.CRS | None = None,
    stated: Mapping[str, str] | None = None,
    reference: Reference | None = None,
    expected: Extent | None = None,
    rules: CoordinateRules | None = None,
) -> Verdict[CrsCandidate]:
    """Return what coordinates are, as far as can be told.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Vertices as they stand in the file (``layers.guard.sampling.sample_points``), first number first.
    crs : pyproj.CRS, optional
        What the file states.
    stated : mapping, optional
        What its texts say (``SourceData.stated``).
    reference : Reference, optional
        Base data that is known to be right.
    expected : Extent, optional
        Where data is expected; the city where not given.
    """
    tables = rules or coordinate_rules()
    plain = _plain(crs)
    if not len(points):
        return _without_shapes(plain, tables)
    question = Question(points, plain, stated_in_words(stated or {}), expected or tables.expected, tables)
    found = hypotheses(question)
    fits = fitting(found, tables.inside_share)
    offered = _offered(question, found, fits)
    compared = _compared(question, offered, reference)
    best = compared.best if compared is not None else None
    ordered = offered if best is None else [best, *(each for each in offered if each is not best)]
    candidates = tuple(_candidate(question, each, compared) for each in ordered[:MOST_CANDIDATES])
    if best is not None:
        against = any(each.stated for each in offered) and not best.stated
        return Verdict(Aspect.CRS, not against, candidates)
    sure, warnings = _sure(question, offered, found)
    return Verdict(Aspect.CRS, sure, candidates, warnings=warnings)


def _plain(crs: pyproj.CRS | None) -> pyproj.CRS | None:
    """Return a stated system without heights; None for one that has no place on the earth."""
    try:
        return None if crs is None else parse_crs(crs)
    except CrsError:
        return None


def _without_shapes(crs: pyproj.CRS | None, rules: CoordinateRules) -> Verdict[CrsCandidate]:
    """Return what the file says, where there is nothing to hold against it."""
    if crs is None:
        return Verdict(Aspect.CRS, sure=True)
    taken_as = TakenAs(crs)
    candidate = CrsCandidate(
        key=taken_as.text,
        title=describe(taken_as),
        confidence=rules.confidence["stated"],
        reason=_("The file says so; it holds no shape that could speak against it."),
        value=taken_as.text,
        crs=crs_text(crs),
        unit="" if crs.is_geographic else "m",
        needs_parameters=is_legacy(crs),
    )
    return Verdict(Aspect.CRS, sure=True, candidates=(candidate,))


def _offered(question: Question, found: Sequence[Hypothesis], fits: list[Hypothesis]) -> list[Hypothesis]:
    """Return what is worth showing, the likely ones first."""
    stated = [each for each in found if each.stated and each not in fits and question.crs is not None]
    chosen = sorted(fits, key=lambda each: (not each.stated, each.legacy, -each.likely))
    if question.crs is not None and not any(each.stated for each in chosen):
        contradicted = any(not each.legacy for each in chosen)
        chosen = chosen + stated if contradicted else stated + chosen
    if question.crs is None and not any(each.usual and not each.legacy for each in chosen):
        chosen += elsewhere(question, found)
    return chosen


@dataclass(frozen=True)
class _Compared:
    """The ways that were held against base data, and what came of it."""

    ways: tuple[Hypothesis, ...]
    result: Comparison

    @property
    def best(self) -> Hypothesis | None:
        """The way that lies on the base data."""
        return self.ways[self.result.best] if self.result.best is not None else None


def _compared(
    question: Question, offered: Sequence[Hypothesis], reference: Reference | None
) -> _Compared | None:
    ways = [each for each in offered if not each.legacy][:_MOST_COMPARED]
    if reference is None or not ways:
        return None
    if not any(each.taken_as.shift is not Shift.NONE for each in ways):
        ways += list(shifted(question, ways[0]))
    result = compare([each.placed.degrees for each in ways], reference)
    return None if result is None else _Compared(tuple(ways), result)


def _sure(
    question: Question, offered: Sequence[Hypothesis], found: Sequence[Hypothesis]
) -> tuple[bool, tuple[str, ...]]:
    if not offered:
        return False, ()
    first, share = offered[0], question.rules.inside_share
    if first.stated and first.inside >= share:
        alone = first.stated == "file" or sum(each.stated == "words" for each in offered) == 1
        return alone, _mars_warning(first)
    if first.stated == "file":
        elsewhere = _in_own_area(question, first) and not any(each.inside >= share for each in offered)
        outside = _("The data lies outside the expected area, near {place}.").format(
            place=crs_words.place_words(first)
        )
        return elsewhere, (outside, *_mars_warning(first)) if elsewhere else ()
    return _digits_decide(question, first, found)


def _digits_decide(
    question: Question, first: Hypothesis, found: Sequence[Hypothesis]
) -> tuple[bool, tuple[str, ...]]:
    share, words = question.rules.inside_share, question.words
    rivals = [each for each in found if each.near >= share and not each.legacy]
    old = words.year is not None and words.year < question.rules.cgcs2000_since
    silent = question.crs is None and words.datum is None
    if not (silent and first.decides and first.inside >= share and len(rivals) == 1) or old:
        return False, ()
    datum = _(
        "The file names no coordinate system; it was told from the digits. CGCS2000 was assumed: Xi'an 1980 "
        "and Beijing 1954 have the same digits."
    )
    return True, (datum,)


def _in_own_area(question: Question, first: Hypothesis) -> bool:
    area = first.taken_as.crs.area_of_use
    if area is None:
        return False
    margin = question.rules.own_area_margin_deg
    box = area.west - margin, area.south - margin, area.east + margin, area.north + margin
    return first.placed.share_inside(box) >= question.rules.inside_share


def _mars_warning(first: Hypothesis) -> tuple[str, ...]:
    """Say that degrees of a phone or a web map may carry the consumer maps' shift."""
    crs = first.taken_as.crs
    if not (crs.is_geographic or _is_web_mercator(crs)) or first.legacy:
        return ()
    return (
        _(
            "Phones and web maps in China often write GCJ-02 and call it WGS 84, some 630 m off; compare the "
            "data with base data."
        ),
    )


def _is_web_mercator(crs: pyproj.CRS) -> bool:
    operation = crs.coordinate_operation
    return (
        operation is not None
        and "mercator" in operation.method_name.lower()
        and crs.utm_zone is None
        and ("transverse" not in operation.method_name.lower())
    )


def _candidate(question: Question, hypothesis: Hypothesis, compared: _Compared | None) -> CrsCandidate:
    taken_as: TakenAs = hypothesis.taken_as
    fits = hypothesis.inside >= question.rules.inside_share
    confidence, reason = _confidence(question, hypothesis, compared, fits=fits)
    return CrsCandidate(
        key=taken_as.text,
        title=crs_words.title(hypothesis),
        confidence=confidence,
        reason=reason,
        value=taken_as.text,
        crs=crs_text(taken_as.crs),
        swapped=taken_as.swapped,
        shift=taken_as.shift,
        unit="" if taken_as.crs.is_geographic else taken_as.unit,
        offset=taken_as.offset,
        needs_parameters=hypothesis.legacy,
        extent=hypothesis.placed.extent,
        extent_uncertainty_m=hypothesis.placed.uncertainty_m,
        in_box=fits,
    )


def _confidence(
    question: Question, hypothesis: Hypothesis, compared: _Compared | None, *, fits: bool
) -> tuple[float, str]:
    table, reason = question.rules.confidence, crs_words.reason(hypothesis, fits=fits)
    if compared is not None and hypothesis in compared.ways:
        fit = compared.result.fits[compared.ways.index(hypothesis)]
        shares = {"share": f"{fit.share:.0%}", "chance": f"{fit.by_chance:.0%}"}
        if hypothesis is compared.best:
            text = _("{share} of its vertices then lie on lines of the base data ({chance} by chance).")
            return max(compared.result.confidence, table["reference"]), text.format(**shares)
        if compared.best is not None:
            text = _(
                "{reason} Base data speaks against it: {share} of its vertices on lines ({chance} by chance)."
            )
            return table["stated_contradicted"] / 2, text.format(reason=reason, **shares)
    if hypothesis.stated:
        if fits:
            return table["stated"], reason
        return table[
            "stated_elsewhere" if _in_own_area(question, hypothesis) else "stated_contradicted"
        ], reason
    return hypothesis.likely, reason
