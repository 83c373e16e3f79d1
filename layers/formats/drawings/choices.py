"""What may be chosen when a drawing is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from layers.errors import InputError
from layers.words import _

_YES, _NO = "yes", "no"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "text_inside": (_YES, _NO),
    "hatches": (_YES, _NO),
    "blocks": ("both", "points", "shapes"),
    "by": ("family", "layer"),
}


@dataclass(frozen=True)
class DrawingChoices:
    """How a drawing is read.

    Attributes
    ----------
    tolerance_m : float
        How far the short lines that stand for a curve may lie from it, in metres.
    almost_closed_m : float
        Polylines whose ends are nearer than this are told, in metres.
    close_gap_m : float
        Polylines whose ends are nearer than this are closed; 0 closes none.
    text_inside : str
        ``yes``: texts that lie in a closed shape stand in its column ``text_inside``.
    hatches : str
        ``yes``: fillings are areas of their own.
    blocks : str
        What a block is read as: a point, the shapes it is made of, or ``both``.
    by : str
        How the layers of the file are listed: by ``family`` of shapes, or by the drawing's own ``layer`` too.
    """

    tolerance_m: float = 0.001
    almost_closed_m: float = 0.5
    close_gap_m: float = 0.0
    text_inside: str = _YES
    hatches: str = _YES
    blocks: str = "both"
    by: str = "family"

    @classmethod
    def of(cls, choices: Mapping[str, str]) -> DrawingChoices:
        """Return the choices as given.

        Raises
        ------
        InputError
            When one is unknown or has no meaning.
        """
        known = {field.name for field in fields(cls)}
        for name in choices:
            if name not in known:
                raise InputError(
                    _("There is no choice “{name}” for drawings.").format(name=name),
                    remedy=_("Known: {names}").format(names="、".join(sorted(known))),
                )
        given: dict[str, Any] = {
            name: _word(name, value) if name in _WORDS else _length(name, value)
            for name, value in choices.items()
        }
        chosen = cls(**given)
        if chosen.tolerance_m <= 0.0:
            raise InputError(
                _("The tolerance for curves must be greater than zero."),
                remedy=_("Give a length in metres, for instance 0.001."),
            )
        return chosen


def _word(name: str, value: str) -> str:
    if value not in _WORDS[name]:
        raise InputError(
            _("“{value}” cannot be chosen for {name}.").format(value=value, name=name),
            remedy=_("Known: {names}").format(names="、".join(_WORDS[name])),
        )
    return value


def _length(name: str, value: str) -> float:
    try:
        length = float(value)
    except ValueError:
        length = math.nan
    if not 0.0 <= length < math.inf:
        raise InputError(
            _("“{value}” cannot be chosen for {name}.").format(value=value, name=name),
            remedy=_("Give a length in metres, for instance 0.001."),
        )
    return length
