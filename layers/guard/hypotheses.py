"""The ways in which coordinates are tried, each with where the data then comes to lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.datums import Datum, datum_of, same_numbers
from layers.guard.model import Extent, Shift
from layers.guard.placing import Placed, is_legacy, place
from layers.guard.rules import CoordinateRules
from layers.guard.stated import StatedInWords
from layers.guard.taken_as import TakenAs, local_system, parse_taken_as
from layers.guard.unusual import about_own_meridians, in_other_units, with_cut_digits
from layers.map_systems import gauss_kruger

# zones of China: 13 to 23 of six degrees, 25 to 45 of three
_LAST_ZONE_6, _FIRST_ZONE_3 = 23, 25
_WITH_LOCAL_SYSTEMS = frozenset({Datum.CGCS2000, Datum.XIAN80, Datum.BEIJING54})
_ONE_FRAME = frozenset({Datum.CGCS2000, Datum.WGS84})


@dataclass(frozen=True)
class Hypothesis:
    """A way to take the coordinates, and what comes of it.

    Attributes
    ----------
    stated : str
        ``file`` where the file names exactly this system, ``words`` where its texts allow it, else empty.
    usual : bool
        One of the systems that are always tried; not a unit, a meridian of one's own, or cut digits.
    inside : float
        Share of the vertices in the expected area.
    near : float
        Share of the vertices in or close to it.
    """

    taken_as: TakenAs
    likely: float
    decides: bool
    stated: str
    usual: bool
    placed: Placed
    inside: float
    near: float

    @property
    def legacy(self) -> bool:
        """Whether the datum needs the user's own parameters."""
        return is_legacy(self.taken_as.crs)


@dataclass(frozen=True)
class Question:
    """What is known before anything is tried.

    Attributes
    ----------
    points : ndarray, shape (n, 2)
        As they stand in the file.
    crs : pyproj.CRS or None
        What the file states in its own way of stating it.
    words : StatedInWords
        What its texts say.
    """

    points: NDArray[np.float64]
    crs: pyproj.CRS | None
    words: StatedInWords
    expected: Extent
    rules: CoordinateRules


def hypotheses(question: Question) -> tuple[Hypothesis, ...]:
    """Return all ways worth trying, each of the usual ones in both orders."""
    found = [
        _hypothesis(question, way, decides=decides, likely=likely, usual=True)
        for way, likely, decides in _in_both_orders(question)
    ]
    fits = question.rules.inside_share
    if any(each.inside >= fits and not each.legacy for each in found):
        return tuple(found)
    sure = question.rules.confidence
    for ways, likely in (
        (in_other_units(), sure["unit"]),
        (about_own_meridians(question.points, question.expected), sure["local_meridian"]),
        (with_cut_digits(question.points, question.expected), sure["cut"]),
    ):
        tried = [_hypothesis(question, way, likely, decides=False, usual=False) for way in ways]
        found += [each for each in tried if each.inside >= fits]
    return tuple(found)


def _in_both_orders(question: Question) -> Iterator[tuple[TakenAs, float, bool]]:
    swapped = question.rules.confidence["swapped"]
    for taken_as, likely, decides in _straight(question):
        yield taken_as, likely, decides
        yield replace(taken_as, swapped=True), likely * swapped, decides


def _straight(question: Question) -> list[tuple[TakenAs, float, bool]]:
    rules, words = question.rules, question.words
    known = [(_read(system.taken), system.likely, system.decides) for system in rules.systems]
    legacy = [code for system in rules.systems for code in system.legacy.values()]
    known += [(_read(code), rules.confidence["legacy"], False) for code in legacy]
    said = question.crs
    if said is None and words.datum is Datum.WGS84:
        said = _read("4326").crs
    elif said is None and words.meridian is not None and words.datum in _WITH_LOCAL_SYSTEMS:
        said = local_system(words.meridian, datum=words.datum)
    if said is None or any(_alike(way, said) for way, _likely, _decides in known):
        return known
    # WGS 84 stands in CGCS2000's place: the two are taken as one
    others = [each for each in known if not (_both_in_degrees(each[0], said) and _unshifted(each[0]))]
    return [(TakenAs(said), rules.confidence["unit"], False), *others]


def _alike(way: TakenAs, crs: pyproj.CRS) -> bool:
    return _unshifted(way) and same_numbers(way.crs, crs)


def _unshifted(way: TakenAs) -> bool:
    return way.shift is Shift.NONE


def _both_in_degrees(way: TakenAs, crs: pyproj.CRS) -> bool:
    return way.crs.is_geographic and crs.is_geographic and {datum_of(way.crs), datum_of(crs)} == _ONE_FRAME


@lru_cache(maxsize=128)
def _read(text: str) -> TakenAs:
    return parse_taken_as(text)


def elsewhere(question: Question, found: Iterable[Hypothesis]) -> list[Hypothesis]:
    """Return the ways that leave the data somewhere else in the country, the zone before the easting first.

    For data that no way brings into the expected area: somebody may still know the place.
    """
    rules = question.rules
    likely = rules.confidence["elsewhere"]
    zones = (
        _hypothesis(question, way, likely, decides=False, usual=False)
        for system in _zone_systems(question.points)
        for way in (TakenAs(system), TakenAs(system, swapped=True))
    )
    usual = (replace(each, likely=likely) for each in found if each.usual and not each.legacy)
    kept: list[Hypothesis] = []
    for each in (*zones, *usual):
        plain = _unshifted(each.taken_as) and each.placed.share_inside(rules.country) >= rules.inside_share
        known = any(
            each.taken_as.swapped == other.taken_as.swapped
            and same_numbers(each.taken_as.crs, other.taken_as.crs)
            for other in kept
        )
        if plain and not known:
            kept.append(each)
    return sorted(kept, key=lambda each: not each.stated)


def _zone_systems(points: NDArray[np.float64]) -> Iterator[pyproj.CRS]:
    """Yield the systems of the zones whose number may stand before one of the two numbers."""
    for number in np.median(points, axis=0):
        zone = int(number // 1_000_000) if 13_000_000 <= number < 46_000_000 else 0
        if zone >= _FIRST_ZONE_3:
            yield gauss_kruger(3.0 * zone, width=3, with_zone=True)
        elif zone and zone <= _LAST_ZONE_6:
            yield gauss_kruger(6.0 * zone - 3, width=6, with_zone=True)


def shifted(question: Question, base: Hypothesis) -> Iterator[Hypothesis]:
    """Yield a way with the consumer maps' shifts taken off, to be held against base data."""
    for shift in (Shift.GCJ02, Shift.BD09):
        taken_as = replace(base.taken_as, shift=shift)
        yield _hypothesis(question, taken_as, question.rules.confidence["legacy"], decides=False, usual=True)


def _hypothesis(
    question: Question, taken_as: TakenAs, likely: float, *, decides: bool, usual: bool
) -> Hypothesis:
    placed = place(taken_as, question.points)
    west, south, east, north = question.expected
    margin = question.rules.rival_margin_deg
    widened = west - margin, south - margin, east + margin, north + margin
    plain = taken_as.shift is Shift.NONE and not taken_as.swapped
    by_file = plain and question.crs is not None and same_numbers(taken_as.crs, question.crs)
    unit_fits = taken_as.unit == (question.words.unit or "m")
    by_words = question.crs is None and plain and unit_fits and question.words.means(taken_as.crs)
    return Hypothesis(
        taken_as=taken_as,
        likely=likely,
        decides=decides,
        stated="file" if by_file else "words" if by_words else "",
        usual=usual,
        placed=placed,
        inside=placed.share_inside(question.expected),
        near=placed.share_inside(widened),
    )


def fitting(found: Iterable[Hypothesis], share: float) -> list[Hypothesis]:
    """Return the ways that bring the data into the expected area."""
    return [each for each in found if each.inside >= share]
