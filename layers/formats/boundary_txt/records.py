"""Which form the records of a file have, and what each of their tokens means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from layers.formats.boundary_txt.document import Plot
from layers.formats.boundary_txt.forms import COUNT, TYPE, Form, forms
from layers.formats.boundary_txt.parser import GEOMETRY_TYPES, plain_text

OTHER_FORM = ""
"""Records whose tokens fit no declared form."""

_COUNT = re.compile(r"[0-9]{1,7}")
_CLASS = "地类编码"
_NEARLY_ALL = 0.9
_CODE = re.compile(r"[0-9A-Za-z]{0,8}")


def record_forms(plots: Sequence[Plot]) -> tuple[str, ...]:
    """Return for each plot the key of the form that its record has; empty where it fits none.

    Forms with as many tokens are told apart by what must stand where: the kind of shape, empty tokens, a
    number of points that fits nearly everywhere, a land class that is a code and no word.
    """
    common = _common_form([plot for plot in plots if plot.tokens])
    if common:
        return tuple(common if plot.tokens else OTHER_FORM for plot in plots)
    return tuple(_common_form([plot]) if plot.tokens else OTHER_FORM for plot in plots)


def _common_form(records: Sequence[Plot]) -> str:
    possible = [
        form for form in _by_strictness() if all(_fits(plot, form, strictly=False) for plot in records)
    ]
    for form in possible:
        if sum(_fits(plot, form, strictly=True) for plot in records) >= _NEARLY_ALL * len(records):
            return form.key
    return possible[0].key if possible else OTHER_FORM


def _by_strictness() -> list[Form]:
    """Return the forms, those with the most fields that can be told first."""
    told = (COUNT, TYPE, _CLASS)
    return sorted(forms().values(), key=lambda form: -sum(name in told for name in form.record))


def _fits(plot: Plot, form: Form, *, strictly: bool) -> bool:
    if len(plot.tokens) != len(form.record):
        return False
    tokens = [plain_text(token) for token in plot.tokens]
    return all(
        _may_be(name, token, plot) if strictly or name in ("", TYPE) else True
        for name, token in zip(form.record, tokens, strict=True)
    )


def _may_be(name: str, token: str, plot: Plot) -> bool:
    if name == "":
        return not token
    if name == TYPE:
        return token in GEOMETRY_TYPES
    if name == COUNT:
        return not token or count_fits(token, plot)
    if name == _CLASS:
        return _CODE.fullmatch(token) is not None
    return True


def count_fits(token: str, plot: Plot) -> bool:
    """Tell whether a number of points is one that a writer would give for a plot's rows.

    It counts all rows, leaves out one closing row or one for each ring, or counts closing rows that are not
    written.
    """
    if not _COUNT.fullmatch(token):
        return False
    rows = len(plot.points) + len(plot.unreadable)
    rings = len({point.ring for point in plot.points}) or 1
    return abs(int(token) - rows) in (0, 1, rings)


def named_tokens(plot: Plot, form_key: str) -> dict[str, str]:
    """Return a record's tokens by the name of their field, as written.

    In a form that is not declared the kind of shape is found by its word, and tokens left of it are taken
    as in the standard form where it stands in its usual place; others are 字段 and their number.
    """
    form = forms().get(form_key)
    if form is None:
        return _guessed(plot.tokens)
    return {name: token for name, token in zip(form.record, plot.tokens, strict=True) if name}


def _guessed(tokens: Sequence[str]) -> dict[str, str]:
    standard = forms()["standard"].record
    plain = [plain_text(token) for token in tokens]
    place = next((i for i, token in enumerate(plain) if token in GEOMETRY_TYPES), -1)
    known = standard if place in (-1, standard.index(TYPE)) and len(tokens) >= len(standard) else ()
    names = [known[i] if i < len(known) else f"字段{i + 1}" for i in range(len(tokens))]
    if place >= 0:
        names[place] = TYPE
    return dict(zip(names, tokens, strict=True))
