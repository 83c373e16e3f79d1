"""Which class standard, in which version, a layer's codes belong to."""

from __future__ import annotations

import math
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from layers.classification import STANDARDS, Standard, standard
from layers.guard.model import Aspect, Candidate, Verdict
from layers.locations import resource_path
from layers.words import _

CUSTOM = "custom"
_VERSIONS = ("yd2023", "yd2020")
_HINTED = 1.0
_NOT_HINTED = 0.85
_CUSTOM_CONFIDENCE = 0.3
_MOST_SHOWN = 5


@dataclass(frozen=True)
class ClassRules:
    """What ``resources/rules/class_guard.toml`` says; the names there are those here."""

    known_share: float
    margin: float
    named_share: float
    named_margin: float
    custom_below: float
    hints: Mapping[str, frozenset[str]]
    code_columns: tuple[str, ...]
    name_columns: tuple[str, ...]


@lru_cache(maxsize=1)
def class_rules() -> ClassRules:
    """Read the rules that the program ships."""
    data = tomllib.loads(resource_path("rules", "class_guard.toml").read_text(encoding="utf-8"))
    return ClassRules(
        **{name: float(value) for name, value in data["limits"].items()},
        hints={key: frozenset(plain_name(name) for name in names) for key, names in data["hints"].items()},
        code_columns=tuple(data["columns"]["codes"]),
        name_columns=tuple(data["columns"]["names"]),
    )


def plain_name(column: str) -> str:
    """Return a column's name without letter case and width of characters."""
    return unicodedata.normalize("NFKC", column).strip().casefold()


@dataclass(frozen=True)
class _Score:
    """How a standard agrees with the codes.

    Attributes
    ----------
    known : float
        Share of the rows whose code it has.
    restored : float
        The same with leading zeros put back that a spreadsheet has eaten.
    named : float or None
        Share of the rows with a name whose name is the standard's own for the code; None without names.
    alone : tuple of str
        Codes that it has and the other version of the same standard has not, and codes with a name beside
        them that is this version's and not the other's (2302 田坎).
    """

    standard: Standard
    known: float
    restored: float
    named: float | None
    alone: tuple[str, ...]


def judge_standard(
    codes: Sequence[Any], names: Sequence[Any] | None = None, column: str = ""
) -> Verdict[Candidate]:
    """Return which standard codes belong to.

    Sure is only what one standard has nearly all codes of, with no other close; or what the names beside the
    codes decide; or a code that only one version has, with no code that only the other has.

    Parameters
    ----------
    codes : sequence, n
        As they stand in the file; numbers too. None and empty ones are passed over.
    names : sequence, n, optional
        The class names beside them.
    column : str
        Name of the column; it hints, it never decides.
    """
    counted = _counted(codes, names)
    if not counted:
        return Verdict(Aspect.STANDARD, sure=True)
    rules = class_rules()
    scores = [_score(standard(key), counted) for key in STANDARDS if key != CUSTOM]
    ordered = sorted(scores, key=lambda each: -_confidence(each, column, rules))
    best = ordered[0]
    candidates = [_candidate(each, column, rules) for each in ordered if max(each.known, each.restored) > 0]
    custom = _custom(counted)
    if max(best.known, best.restored) < rules.custom_below:
        return Verdict(Aspect.STANDARD, sure=not candidates, candidates=(custom, *candidates))
    sure = best.known >= rules.known_share and _decided(best, ordered[1:], rules)
    warnings = _lost_zeros(best, rules)
    return Verdict(Aspect.STANDARD, sure, (*candidates, custom), subject=column, warnings=warnings)


def _counted(codes: Sequence[Any], names: Sequence[Any] | None) -> Counter[tuple[str, str]]:
    pairs = zip(codes, names if names is not None else [None] * len(codes), strict=True)
    met: Counter[tuple[str, str]] = Counter()
    for (code, name), count in Counter((_text(code), _text(name)) for code, name in pairs).items():
        if code:
            met[code, name] += count
    return met


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return unicodedata.normalize("NFKC", str(value)).strip()


def _score(tried: Standard, counted: Counter[tuple[str, str]]) -> _Score:
    known = restored = named = with_name = 0
    for (code, name), count in counted.items():
        read = tried.normalise(code)
        has = _has(tried, read)
        known += count if has else 0
        restored += count if has or tried.suggestion(read) else 0
        with_name += count if name else 0
        named += count if name and has and _plain(tried.name(read)) == _plain(name) else 0
    rows = counted.total()
    return _Score(
        tried, known / rows, restored / rows, named / with_name if with_name else None, _alone(tried, counted)
    )


def _has(tried: Standard, code: str) -> bool:
    return tried.knows(code) or code in tried.met_codes


def _alone(tried: Standard, counted: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    if tried.key not in _VERSIONS:
        return ()
    other = standard(_VERSIONS[1 - _VERSIONS.index(tried.key)])
    found = set()
    for code, name in counted:
        read = tried.normalise(code)
        if not tried.knows(read):
            continue
        ours = _plain(tried.name(read)) == _plain(name)
        if not _has(other, read):
            found.add(read)
        elif ours and _plain(other.name(read)) != _plain(name):
            found.add(f"{read} {name}")
    return tuple(sorted(found))


def _plain(name: str) -> str:
    return name.replace(" ", "").replace("（", "(").replace("）", ")")


def _hinted(score: _Score, column: str, rules: ClassRules) -> bool:
    return plain_name(column) in rules.hints.get(score.standard.key, frozenset())


def _confidence(score: _Score, column: str, rules: ClassRules) -> float:
    named = 1.0 if score.named is None else 0.3 + 0.7 * score.named
    hinted = _HINTED if _hinted(score, column, rules) else _NOT_HINTED
    return max(score.known, 0.7 * score.restored) * named * hinted


def _decided(best: _Score, others: Sequence[_Score], rules: ClassRules) -> bool:
    """Tell whether nothing comes close to the best standard."""
    return all(_outdone(best, other, rules) for other in others)


def _outdone(best: _Score, other: _Score, rules: ClassRules) -> bool:
    if {best.standard.key, other.standard.key} == set(_VERSIONS) and best.alone:
        return not other.alone
    named, theirs = best.named or 0.0, other.named or 0.0
    if named >= rules.named_share and named - theirs >= rules.named_margin:
        return True
    return best.known - other.known > rules.margin


def _candidate(score: _Score, column: str, rules: ClassRules) -> Candidate:
    texts = [_("It has {share} of the codes.").format(share=f"{score.known:.1%}")]
    if score.restored > score.known:
        texts.append(_("With leading zeros put back it has {share}.").format(share=f"{score.restored:.1%}"))
    if score.named is not None:
        texts.append(_("{share} of the names are its own.").format(share=f"{score.named:.1%}"))
    if score.alone:
        shown = "、".join(score.alone[:_MOST_SHOWN])
        texts.append(_("Only this version has {codes}.").format(codes=shown))
    if _hinted(score, column, rules):
        texts.append(_("The column's name “{column}” is usual for it.").format(column=column))
    key = score.standard.key
    return Candidate(key, score.standard.title, _confidence(score, column, rules), "".join(texts), key)


def _custom(counted: Counter[tuple[str, str]]) -> Candidate:
    kinds = len({code for code, _name in counted})
    reason = _("The {count} classes are taken as they stand; nothing is derived from them.")
    return Candidate(CUSTOM, standard(CUSTOM).title, _CUSTOM_CONFIDENCE, reason.format(count=kinds), CUSTOM)


def _lost_zeros(best: _Score, rules: ClassRules) -> tuple[str, ...]:
    if best.restored - best.known <= rules.margin:
        return ()
    return (_("Leading zeros seem to be lost in the codes (802 for 0802)."),)
