"""Land-class codes: outside their standard, of another version, written otherwise, not as their name says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from layers.checking.attributes import about_values, lacking
from layers.checking.model import Hits
from layers.checking.subject import Ground, Mask
from layers.classification import STANDARDS, Standard, standard

_CUSTOM = "custom"


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a code: the rule it breaks (empty for none), and what is likely meant."""

    rule: str
    wanted: str = ""


def class_hits(ground: Ground) -> list[Hits]:
    """Return what is wrong with class codes and class names."""
    subject = ground.subject
    name = subject.kind.class_field
    if not name or not subject.columns.has(name) or not len(subject) or subject.standard == _CUSTOM:
        return []
    if not subject.standard:
        return [_no_standard(ground, name)]
    chosen = standard(subject.standard)
    series = subject.columns.values[name]
    codes, values = pd.factorize(series)
    verdicts = [judge(str(value), chosen) for value in values]
    filled = ~lacking(series)
    hits = []
    for rule in ("class.lost_zero", "class.written_otherwise", "class.other_version", "class.unknown"):
        bad = np.array([verdict.rule == rule for verdict in verdicts] + [False], dtype=bool)
        rows = bad[codes] & filled
        if rows.any():
            found = codes[rows].tolist()
            stands = [str(values[code]) for code in found]
            wanted = [verdicts[code].wanted for code in found]
            hits.append(about_values(ground, rule, rows, name, values=stands, wanted=wanted))
    return hits + _name_hits(ground, chosen, name)


def _no_standard(ground: Ground, name: str) -> Hits:
    return Hits(
        rule="class.no_standard",
        rows=np.array([-1]),
        places=np.full((1, 2), np.nan),
        boxes=np.full((1, 4), np.nan),
        figures=np.array([np.nan]),
        others=np.array([-1]),
        field=name,
        wanted=[likely_standard(ground)],
    )


def likely_standard(ground: Ground) -> str:
    """Return the title of the standard that knows most of the codes; empty where none knows half."""
    series = ground.subject.columns.values[ground.subject.kind.class_field]
    counts = series.dropna().astype("str").value_counts()
    shares = {key: sum(int(n) for code, n in counts.items() if known(key, str(code))) for key in _named()}
    best = max(shares, key=lambda key: shares[key])
    return standard(best).title if 2 * shares[best] > counts.sum() else ""


def _named() -> tuple[str, ...]:
    return tuple(key for key in STANDARDS if key != _CUSTOM)


@lru_cache(maxsize=4096)
def known(key: str, code: str) -> bool:
    """Tell whether a standard knows a code as it stands."""
    return standard(key).knows(code)


@lru_cache(maxsize=1)
def class_names() -> frozenset[str]:
    """Return what any class of any standard is called."""
    return frozenset(one.name for key in _named() for one in standard(key).classes.values())


def judge(code: str, chosen: Standard) -> Verdict:
    """Return what is wrong with a code under a standard."""
    if chosen.knows(code) or not code.strip():
        return Verdict("")
    read = chosen.normalise(code)
    if chosen.knows(read):
        return Verdict("class.written_otherwise", read)
    hint = chosen.suggestion(read)
    others = [standard(key).title for key in _named() if key != chosen.key and known(key, read)]
    if hint:
        return Verdict("class.lost_zero", hint)
    if others:
        return Verdict("class.other_version", "、".join(others))
    met = chosen.met_codes.get(read)
    return Verdict("class.unknown", met.read_as if met else "")


def _name_hits(ground: Ground, chosen: Standard, code_field: str) -> list[Hits]:
    """Return features whose class name is not that of their code."""
    columns = ground.subject.columns.values
    if "class_name" not in columns:
        return []
    pair = pd.MultiIndex.from_arrays(
        [columns[name].fillna("").astype("str") for name in (code_field, "class_name")]
    )
    codes, values = pd.factorize(pair)
    read = [chosen.normalise(code) for code, _name in values]
    bad = np.array(
        [
            chosen.knows(code) and name.strip() != chosen.name(code)
            for code, (_c, name) in zip(read, values, strict=True)
        ],
        dtype=bool,
    )
    rows: Mask = bad[codes] & ~lacking(columns["class_name"]) & ~lacking(columns[code_field])
    if not rows.any():
        return []
    found = codes[rows].tolist()
    stands = [f"{values[code][0]} {values[code][1]}" for code in found]
    wanted = [chosen.name(read[code]) for code in found]
    return [about_values(ground, "class.name_differs", rows, "class_name", values=stands, wanted=wanted)]
