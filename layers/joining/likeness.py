"""Names that are alike, for rows that found no feature: an offer to a person, never a decision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from layers.joining.model import Suggestion

_LIKE_ENOUGH = 0.5
_MOST_ROWS = 500
_MOST_FOR_ONE = 3
_TOO_COMMON = 2_000  # a pair of signs that stands in so many names tells nothing


def suggest(rows: Mapping[int, str], names: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return up to three features for each row, the most alike first.

    Parameters
    ----------
    rows : mapping
        Compared name (see :func:`layers.joining.keys.name_key`) by row; the first 500 are looked at.
    names : sequence of str
        Compared name of each feature.
    """
    holding: dict[str, list[int]] = defaultdict(list)
    sizes = [0] * len(names)
    for feature, name in enumerate(names):
        pairs = _pairs(name)
        sizes[feature] = len(pairs)
        for pair in pairs:
            holding[pair].append(feature)
    found: list[Suggestion] = []
    for row, name in list(rows.items())[:_MOST_ROWS]:
        pairs = _pairs(name)
        shared: Counter[int] = Counter()
        for pair in pairs:
            if len(holding.get(pair, ())) <= _TOO_COMMON:
                shared.update(holding.get(pair, ()))
        alike = [(2 * count / (len(pairs) + sizes[feature]), feature) for feature, count in shared.items()]
        alike = sorted((one for one in alike if one[0] >= _LIKE_ENOUGH), key=lambda one: (-one[0], one[1]))
        found += [Suggestion(row, feature, round(share, 3)) for share, feature in alike[:_MOST_FOR_ONE]]
    return tuple(found)


def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[start : start + 2] for start in range(len(name) - 1)) or frozenset({name} - {""})
