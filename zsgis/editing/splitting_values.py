"""What the pieces of a feature say: what was said of the whole alone is never repeated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from layers.area import M2_PER_HA, M2_PER_MU
from layers.cents import share_out, to_units
from layers.field_terms import FEATURE_ID
from layers.kind import Computation, Field, FieldType
from layers.kinds import KINDS
from layers.store.model import LayerField, LayerInfo
from layers.words import _

_AREA_UNITS = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_MU}
_LEAST_DIGITS, _MOST_DIGITS = 2, 6


@dataclass(frozen=True)
class PieceValues:
    """Values of the pieces, by field, in the order of the pieces; the first keeps the feature's identity.

    Attributes
    ----------
    notes : tuple of str
        What was left empty or shared out, one sentence each.
    """

    values: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...] = ()


def values_of_pieces(
    layer: LayerInfo, values: Mapping[str, Any], areas: Sequence[float], *, apportioned: bool
) -> PieceValues:
    """Return what each piece of a feature says.

    All keep what holds for every piece. The recorded area of the kind (证载, 图斑面积 …) is a figure of the
    whole: it is shared out in proportion to the planar areas where that was asked for, so that the shares add
    up to it, and else left empty. Other areas are left empty; so is the feature's code (标识码) of all pieces
    but the first, for it is given once. Fields that are computed are left out: they follow by themselves.
    Where one does not (:func:`follows`), its figure is of the whole as well, and left empty.

    Parameters
    ----------
    values : mapping
        Of the feature, by field.
    areas : sequence of float
        Of the pieces, in any one unit.
    """
    kind = KINDS.get(layer.kind)
    recorded = kind.recorded_area if kind is not None else ""
    known = {name: value for name, value in values.items() if value is not None}
    fields = kind.fields if kind is not None else ()
    computed = {one.name for one in fields if one.computed is not None and follows(layer, one, known)}
    stated = {name: value for name, value in values.items() if name not in computed}
    result = [dict(stated) for _area in areas]
    notes: list[str] = []
    emptied: list[str] = []
    for field in layer.fields:
        if field.name not in known or field.name in computed or not _is_area(field):
            continue
        shares: Sequence[float | None] | None = None
        if field.name == recorded and apportioned:
            shares = shared_out(float(known[field.name]), areas)
            notes.append(_shared_note(field, known[field.name], shares))
        else:
            emptied.append(field.alias)
        for place, piece in enumerate(result):
            piece[field.name] = shares[place] if shares is not None else None
    if emptied:
        notes.append(
            _("Left empty, because it was said of the whole: {fields}.").format(fields="、".join(emptied))
        )
    for piece in result[1:]:
        if FEATURE_ID.name in piece:
            piece[FEATURE_ID.name] = None
    return PieceValues(tuple(result), tuple(notes))


def follows(layer: LayerInfo, field: Field, values: Mapping[str, Any]) -> bool:
    """Tell whether a computed field follows a shape: no area in degrees does, no product short of a factor.

    Parameters
    ----------
    values : mapping
        Of the feature; what is not known is left out or None.
    """
    computed = field.computed
    if computed is None:
        return False
    if computed.rule is Computation.PLANAR_AREA:
        return bool(layer.crs.is_projected)
    if computed.rule is Computation.PRODUCT:
        return all(values.get(name) is not None for name in computed.of)
    return True


def shared_out(recorded: float, areas: Sequence[float]) -> tuple[float, ...]:
    """Share a recorded area out in proportion to areas, to 0.01 of its unit or as finely as it is written.

    The shares add up to it; what rounding leaves goes to the largest (``layers.cents.share_out``).
    """
    digits = min(
        max(-int(Decimal(repr(recorded)).normalize().as_tuple().exponent), _LEAST_DIGITS), _MOST_DIGITS
    )
    control = int(to_units([recorded], digits)[0])
    weights = np.asarray(areas, dtype=np.float64)
    parts = weights / math.fsum(weights) * control / 100.0
    units = share_out(parts, control, limit_share=None)
    return tuple(float(Decimal(int(unit)).scaleb(-digits)) for unit in units)


def _is_area(field: LayerField) -> bool:
    return field.type is FieldType.NUMBER and field.unit in _AREA_UNITS


def _shared_note(field: LayerField, whole: Any, shares: Sequence[float | None]) -> str:
    return _("{field} {whole} was shared out: {shares}.").format(
        field=field.alias, whole=f"{whole:,.10g}", shares=" + ".join(f"{share:,.10g}" for share in shares)
    )
