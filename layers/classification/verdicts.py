"""What is wrong with a class code under a standard: lost zero, other version, written otherwise, unknown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from layers.classification import STANDARDS, Standard, standard

NAMED_STANDARDS = tuple(key for key in STANDARDS if key != "custom")
"""The standards that know codes of their own."""


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a code: the rule it breaks (empty for none), and what is likely meant."""

    rule: str
    wanted: str = ""


@lru_cache(maxsize=4096)
def known(key: str, code: str) -> bool:
    """Tell whether a standard knows a code as it stands."""
    return standard(key).knows(code)


def judge(code: str, chosen: Standard) -> Verdict:
    """Return what is wrong with a code under a standard."""
    if chosen.knows(code) or not code.strip():
        return Verdict("")
    read = chosen.normalise(code)
    if chosen.knows(read):
        return Verdict("class.written_otherwise", read)
    hint = chosen.suggestion(read)
    others = [standard(key).title for key in NAMED_STANDARDS if key != chosen.key and known(key, read)]
    if hint:
        return Verdict("class.lost_zero", hint)
    if others:
        return Verdict("class.other_version", "、".join(others))
    met = chosen.met_codes.get(read)
    return Verdict("class.unknown", met.read_as if met else "")
