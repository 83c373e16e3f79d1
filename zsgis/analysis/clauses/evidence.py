"""What a feature's data say to a clause: the actual value, whether it meets, and the margin."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from layers.plain_numbers import plain_number
from layers.words import _
from zsgis.analysis.clauses.rules import Clause
from zsgis.analysis.features import Features
from zsgis.analysis.judging import Judged, Verdict, half_up, judge, verdict_of
from zsgis.analysis.zoned import FloatArray

MU_M2 = 2000.0 / 3.0


@dataclass(frozen=True)
class Evidence:
    """What is known of some features, in their order.

    Attributes
    ----------
    area_m2 : ndarray of float64, shape (n,)
        NaN without a shape.
    industrial : sequence of bool or None, length n
        None where the class does not tell.
    covered_pct : mapping of str to ndarray of float64, shape (n,)
        By clause: the share within its layers; no entry where the project has none of them.
    on : datetime.date
        The day on which is judged.
    """

    features: Features
    area_m2: FloatArray
    industrial: Sequence[bool | None]
    covered_pct: Mapping[str, FloatArray]
    on: dt.date


@dataclass(frozen=True)
class Finding:
    """One clause on one feature: what there is, in words, and the verdict."""

    actual: str
    judged: Judged


def found(clause: Clause, evidence: Evidence, status: str) -> tuple[Finding, ...]:
    """Return what a clause finds on every feature."""
    if clause.kind in {"text", "given", "empty"}:
        return tuple(_of_text(clause, evidence.features, status))
    if clause.kind == "industrial":
        words = {True: _("industrial land"), False: _("other land"), None: ""}
        return tuple(
            Finding(words[each], Judged(_unless(each, status), None)) for each in evidence.industrial
        )
    values = numbers(clause, evidence)
    return tuple(
        Finding(
            "" if math.isnan(value) else f"{plain_number(half_up(value, 2), 2)} {clause.unit}".strip(),
            judge(value, clause.low, clause.high, status),
        )
        for value in values.tolist()
    )


def _unless(met: bool | None, status: str) -> Verdict:
    return Verdict.MISSING if met is None else verdict_of(met, status)


def _of_text(clause: Clause, features: Features, status: str) -> list[Finding]:
    out = []
    present = features.present(clause.field)
    for text in features.texts(clause.field):
        if not present or (clause.kind == "text" and not text):
            met = None
        elif clause.kind == "text":
            met = text in clause.any_of
        else:
            met = bool(text) == (clause.kind == "given")
        out.append(Finding(text, Judged(_unless(met, status), None)))
    return out


def numbers(clause: Clause, evidence: Evidence) -> FloatArray:
    """Return the value that a clause with limits looks at, shape (n,); NaN where there is none."""
    features, area = evidence.features, evidence.area_m2
    if clause.kind == "area_mu":
        return area / MU_M2
    if clause.kind == "covered":
        return evidence.covered_pct.get(clause.key, np.full(len(features), np.nan))
    if clause.kind == "overdue":
        return np.array(
            [_days(each, evidence.on) for each in _dates(features, clause.field)], dtype=np.float64
        )
    if clause.kind == "floor_area_ratio":
        recorded = features.numbers("floor_area_ratio")
        floor = features.areas_m2("floor_area_m2")
        ratio = np.divide(floor, area, out=np.full(len(area), np.nan), where=area > 0)
        return np.asarray(np.where(np.isnan(recorded), ratio, recorded), dtype=np.float64)
    return features.numbers(clause.field)


def _dates(features: Features, field: str) -> list[object]:
    return list(features.columns.get(field, (None,) * len(features)))


def _days(value: object, on: dt.date) -> float:
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        try:
            value = dt.date.fromisoformat(str(value)[:10].replace("/", "-"))
        except ValueError:
            return math.nan
    return float((on - value).days)
