"""Land-class codes: outside their standard, of another version, written otherwise, not as their name says."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from layers.checking.attributes import about_values, lacking
from layers.checking.model import Hits
from layers.checking.subject import Ground, Mask
from layers.classification import Standard, standard
from layers.classification.verdicts import NAMED_STANDARDS, judge, known

_CUSTOM = "custom"


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
    shares = {
        key: sum(int(n) for code, n in counts.items() if known(key, str(code))) for key in NAMED_STANDARDS
    }
    best = max(shares, key=lambda key: shares[key])
    return standard(best).title if 2 * shares[best] > counts.sum() else ""


@lru_cache(maxsize=1)
def class_names() -> frozenset[str]:
    """Return what any class of any standard is called."""
    return frozenset(one.name for key in NAMED_STANDARDS for one in standard(key).classes.values())


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
