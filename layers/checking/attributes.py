"""Faults of values: missing, of the wrong type, too long, outside their domain, not unique."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.checking.model import Hits
from layers.checking.rules import RuleSet, UniqueKey
from layers.checking.spread import aside
from layers.checking.subject import Ground, Mask
from layers.kind import Field, FieldType, type_words
from layers.progress import Progress, ProgressPart
from layers.words import _

if TYPE_CHECKING:
    Series = pd.Series[Any]

_LONGEST_SHOWN = 60


def about_values(
    ground: Ground,
    rule: str,
    rows: Mask,
    name: str,
    *,
    values: Sequence[str] | None = None,
    wanted: Sequence[str] | None = None,
) -> Hits:
    """Return hits about the values of a field where ``rows`` is True; the place is the feature's."""
    found = np.flatnonzero(rows)
    plain = ground.hits(rule, found)
    return replace(plain, field=name, values=values, wanted=wanted)


def texts(series: Series) -> list[str]:
    """Return values as they are shown, shortened; empty for no data."""
    return ["" if value is None or pd.isna(value) else str(value)[:_LONGEST_SHOWN] for value in series]


def lacking(series: Series) -> Mask:
    """Tell where there is no data: nothing, or blanks only."""
    missing: NDArray[np.bool_] = series.isna().to_numpy(dtype=bool)
    if series.dtype.kind in "iufbM":
        return missing
    blank = series.where(~series.isna(), "x").astype("str").str.strip() == ""
    return missing | blank.to_numpy(dtype=bool)


def attribute_hits(ground: Ground, progress: Progress) -> list[Hits]:
    """Return what the kind's declaration finds at fault."""
    columns, kind = ground.subject.columns, ground.subject.kind
    hits: list[Hits] = []
    for number, declared in enumerate(kind.fields):
        if declared.name in columns.values:
            part = ProgressPart(progress, number / len(kind.fields), (number + 1) / len(kind.fields))
            hits += aside(partial(_field_hits, ground, declared), part)
            hits += aside(partial(_order_hits, ground, declared), part)
        elif declared.required and len(ground.subject):
            hits.append(_missing_field(declared))
    return hits


def _order_hits(ground: Ground, declared: Field) -> list[Hits]:
    """Return features in which a value comes before the nearest one stated that it never comes before."""
    columns, kind = ground.subject.columns.values, ground.subject.kind
    earlier = [name for name in kind.below(declared.name) if name in columns]
    if not earlier:
        return []
    own, titles = columns[declared.name], {name: kind.field(name).alias for name in earlier}
    bad = np.zeros(len(own), dtype=bool)
    values, wanted = [], []
    others = {name: columns[name] for name in earlier}
    stated = {name: ~lacking(series) for name, series in others.items()}
    for row in np.flatnonzero(~lacking(own)).tolist():
        name = next((each for each in earlier if stated[each][row]), "")
        if name and _before(own.iloc[row], others[name].iloc[row]):
            bad[row] = True
            values.append(str(own.iloc[row])[:_LONGEST_SHOWN])
            wanted.append(f"{titles[name]} {others[name].iloc[row]}"[:_LONGEST_SHOWN])
    return [about_values(ground, "attribute.order", bad, declared.name, values=values, wanted=wanted)]


def _before(value: Any, other: Any) -> bool:
    try:
        return bool(value < other)
    except TypeError:
        # what is no value of the field's type is told as such
        return False


def _missing_field(declared: Field) -> Hits:
    """Return the one finding that a layer has no such field."""
    return Hits(
        rule="attribute.missing_field",
        rows=np.array([-1]),
        places=np.full((1, 2), np.nan),
        boxes=np.full((1, 4), np.nan),
        figures=np.array([np.nan]),
        others=np.array([-1]),
        field=declared.name,
    )


def _field_hits(ground: Ground, declared: Field) -> list[Hits]:
    columns = ground.subject.columns
    series, name = columns.values[declared.name], declared.name
    hits = []
    unread = columns.unread.get(name)
    empty = lacking(series)
    if unread is not None and unread.any():
        stands = texts(columns.unread_values[name][unread])
        words = [type_words(declared.type)] * len(stands)
        hits.append(about_values(ground, "attribute.type", unread, name, values=stands, wanted=words))
        empty = empty & ~unread
    if declared.required:
        hits.append(about_values(ground, "attribute.required", empty, name))
    if declared.type is FieldType.TEXT:
        hits += _text_hits(ground, declared, series, empty)
    return hits


def _text_hits(ground: Ground, declared: Field, series: Series, empty: Mask) -> list[Hits]:
    known, codes = _factorized(series)
    hits = []
    for rule, bad, wanted in (
        (
            "attribute.length",
            np.array([0 < declared.length < len(value) for value in known], dtype=bool),
            _("{count} characters").format(count=declared.length),
        ),
        (
            "attribute.blank_ends",
            np.array([value != value.strip() and bool(value.strip()) for value in known], dtype=bool),
            "",
        ),
        (
            "attribute.domain",
            np.array([_outside(value.strip(), declared) for value in known], dtype=bool),
            "、".join(_allowed(declared)),
        ),
    ):
        rows = _where(bad, codes) & ~empty
        if rows.any():
            stands = texts(series[rows])
            hits.append(
                about_values(ground, rule, rows, declared.name, values=stands, wanted=[wanted] * len(stands))
            )
    return hits


def _allowed(declared: Field) -> tuple[str, ...]:
    return declared.domain or tuple(code for code, _name in declared.names)


def _outside(value: str, declared: Field) -> bool:
    allowed = _allowed(declared)
    # what a code is called may stand for the code
    return bool(allowed) and value not in allowed and value not in {name for _code, name in declared.names}


def _factorized(series: Series) -> tuple[list[str], NDArray[np.int64]]:
    """Return the different texts of a column, and which each row has; -1 for no data."""
    codes, values = pd.factorize(series)
    return [str(value) for value in values], codes


def _where(bad: Mask, codes: NDArray[np.int64]) -> Mask:
    return np.append(bad, False)[codes]


def duplicate_hits(ground: Ground, rules: RuleSet) -> list[Hits]:
    """Return features whose key another one before them has."""
    keys = rules["key.duplicate"].keys
    own = (*keys.get("*", ()), *keys.get(ground.subject.kind.key, ()))
    return [
        hits for key in own if ground.subject.columns.has(*key.fields) for hits in _duplicates(ground, key)
    ]


def identifier_hits(ground: Ground) -> list[Hits]:
    """Return features whose ``zs_uid`` another feature of the project has, in this layer or in another."""
    subject = ground.subject
    if subject.called.uids is None:
        return []
    uids = pd.Series(list(subject.called.uids), dtype=object)
    again = uids.duplicated().to_numpy(dtype=bool)
    rows = again | uids.isin(list(subject.elsewhere)).to_numpy(dtype=bool)
    shown = uids[rows].tolist()
    layers = [
        subject.name if one else subject.elsewhere[uid] for one, uid in zip(again[rows], shown, strict=True)
    ]
    return [about_values(ground, "key.doubled_uid", rows, "zs_uid", values=shown, wanted=layers)]


def _duplicates(ground: Ground, key: UniqueKey) -> list[Hits]:
    columns = ground.subject.columns.values
    frame = pd.DataFrame(index=pd.RangeIndex(len(ground.subject)))
    full = np.ones(len(frame), dtype=bool)
    for place, (name, digits) in enumerate(zip(key.fields, key.digits, strict=True)):
        series = columns[name].reset_index(drop=True)
        full &= ~lacking(series)
        text = series.astype("str").str.strip()
        frame[place] = text.str[:digits] if digits else text
    rows = np.flatnonzero(full)
    numbers = frame.iloc[rows].groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    again = pd.Series(numbers).duplicated().to_numpy()
    if not again.any():
        return []
    _values, firsts = np.unique(numbers, return_index=True)
    mask = np.zeros(len(frame), dtype=bool)
    mask[rows[again]] = True
    shown = ["、".join(parts) for parts in frame[mask].itertuples(index=False, name=None)]
    hits = about_values(ground, "key.duplicate", mask, key.fields[0], values=shown)
    return [replace(hits, others=rows[firsts[numbers[again]]])]
