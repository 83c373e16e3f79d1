"""Areas as whole numbers of 0.01 m2: rounded half up, and forced to add up to a control area."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import GeometryError, InputError
from layers.words import _

LIMIT_SHARE = 0.001
"""A difference over 0.1 % of the control area is an error of coverage, not of rounding."""

_LARGEST = 2**62
Units = NDArray[np.int64]


def to_units(values: ArrayLike, digits: int) -> Units:
    """Round to whole units of ``10**-digits``, halves away from zero (四舍五入).

    What is rounded is the number as it is printed: the shortest decimal that reads back as the same float.
    So 1.005 gives 1.01 though its binary value lies below 1.005.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    digits : int
        Digits after the point; 2 for areas in m2.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    InputError
        When a value is NaN or infinite, or too large to be counted.
    """
    numbers = np.atleast_1d(np.asarray(values, dtype=np.float64))
    scaled = numbers * 10.0**digits
    if not np.isfinite(scaled).all() or (np.abs(scaled) >= _LARGEST).any():
        raise _uncountable()
    size = np.abs(scaled)
    units = np.floor(size + 0.5)
    # Only where the scaled value is within rounding error of a half can the decimal reading decide otherwise.
    doubtful = np.abs(size - np.floor(size) - 0.5) <= 4.0 * np.finfo(np.float64).eps * np.maximum(size, 1.0)
    units = np.where(numbers < 0, -units, units).astype(np.int64)
    for place in np.flatnonzero(doubtful):
        units[place] = _decimal_units(float(numbers[place]), digits)
    return units


def to_unit(value: float, digits: int) -> int:
    """Round one value as :func:`to_units` does, in a fraction of the time an array of one takes."""
    if not math.isfinite(value) or abs(value) * 10.0**digits >= _LARGEST:
        raise _uncountable()
    return _decimal_units(value, digits)


def _uncountable() -> InputError:
    return InputError(
        _("A value that is missing or too large cannot be rounded."),
        remedy=_("Leave out features without an area, or repair them first."),
    )


def _decimal_units(value: float, digits: int) -> int:
    return int(Decimal(repr(value)).scaleb(digits).to_integral_value(ROUND_HALF_UP))


def to_cents(area_m2: ArrayLike) -> Units:
    """Round areas to whole units of 0.01 m2, half up; see :func:`to_units`."""
    return to_units(area_m2, 2)


def share_out(parts_m2: ArrayLike, control_cents: int, *, limit_share: float | None = LIMIT_SHARE) -> Units:
    """Force parts to add up to a control area (控制面积平差).

    Each part is rounded to 0.01 m2. The difference to the control area is shared in proportion to the
    parts, each share rounded half up; what is then still missing is given to, and what is then too much is
    taken from, the largest parts, one unit each, equal ones in the order given.

    Parameters
    ----------
    parts_m2 : array_like of float, shape (n,)
        Not negative, m2.
    control_cents : int
        The area they must add up to, in units of 0.01 m2.
    limit_share : float or None
        Largest difference, as a share of the control area, that is still put down to rounding; the
        rounding of n parts itself (n / 2 units) is always allowed. None means no limit.

    Returns
    -------
    ndarray of int64, shape (n,)
        Units of 0.01 m2; their sum is ``control_cents``.

    Raises
    ------
    GeometryError
        When the difference is over the limit, or there is nothing to share it among.
    InputError
        When a part is missing.
    """
    parts = np.atleast_1d(np.asarray(parts_m2, dtype=np.float64))
    group = np.zeros(len(parts), dtype=np.int64)
    control = np.array([control_cents], dtype=np.int64)
    return share_out_groups(parts, group, control, limit_share=limit_share)


def share_out_groups(
    parts_m2: ArrayLike,
    group: ArrayLike,
    control_cents: ArrayLike,
    *,
    limit_share: float | None = LIMIT_SHARE,
) -> Units:
    """Force the parts of many wholes to add up, each to its own control area; see :func:`share_out`.

    Parameters
    ----------
    parts_m2 : array_like of float, shape (n,)
    group : array_like of int, shape (n,)
        Which whole a part belongs to: its place in ``control_cents``.
    control_cents : array_like of int, shape (k,)
        Units of 0.01 m2.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    GeometryError, InputError
        As :func:`share_out`; ``where`` names the whole by its number.
    """
    cents = to_cents(parts_m2) if np.size(parts_m2) else np.zeros(0, dtype=np.int64)
    whole = np.asarray(group, dtype=np.int64)
    control = np.asarray(control_cents, dtype=np.int64)
    _check_parts(cents, whole, control)
    total = _sums(cents, whole, len(control))
    count = np.bincount(whole, minlength=len(control))
    missing = control - total
    _check_difference(missing, control, count, limit_share)
    result = cents + _shares(cents, missing[whole], total[whole], count[whole])
    rest = control - _sums(result, whole, len(control))
    # One unit each to the largest parts of each whole: rank 0 is the largest, equal ones keep their order.
    order = np.lexsort((np.arange(len(cents)), -cents, whole))
    rank = np.empty(len(cents), dtype=np.int64)
    start = np.concatenate(([0], np.cumsum(count)))[:-1]
    rank[order] = np.arange(len(cents)) - start[whole[order]]
    return np.asarray(result + np.where(rank < np.abs(rest)[whole], np.sign(rest)[whole], 0), dtype=np.int64)


def _check_parts(cents: Units, whole: Units, control: Units) -> None:
    if cents.shape != whole.shape:
        raise ValueError("parts_m2 and group must have the same length")
    if len(whole) and (whole.min() < 0 or whole.max() >= len(control)):
        raise ValueError("group must be a place in control_cents")
    if (cents < 0).any() or (control < 0).any():
        raise GeometryError(
            _("An area below zero cannot be shared out."),
            remedy=_("Repair the shapes, then run it again."),
        )


def _check_difference(missing: Units, control: Units, count: Units, limit_share: float | None) -> None:
    rounding = (count + 1) // 2
    nothing = (count == 0) & (missing != 0)
    if limit_share is None:
        over = nothing
    else:
        over = (np.abs(missing) > np.maximum(control * limit_share, rounding)) | nothing
    if over.any():
        place = int(np.flatnonzero(over)[0])
        raise GeometryError(
            _("The parts miss their control area of {control:,.2f} m² by {missing:,.2f} m².").format(
                control=control[place] / 100, missing=missing[place] / 100
            ),
            where=_("whole {number}").format(number=place + 1),
            remedy=_("This is no rounding: look for gaps, overlaps or a wrong boundary."),
        )


def _sums(cents: Units, whole: Units, wholes: int) -> Units:
    sums = np.zeros(wholes, dtype=np.int64)
    np.add.at(sums, whole, cents)
    return sums


def _shares(cents: Units, missing: Units, total: Units, count: Units) -> Units:
    """Return each part's share of what is missing, rounded half away from zero, exactly."""
    sign = np.sign(missing)
    size = np.abs(missing)
    # Parts that all round to nothing share evenly; the rest follows by rank.
    empty = total == 0
    weight = np.where(empty, 1, cents)
    base = np.where(empty, count, total)
    if len(cents) and int(weight.max()) * int(size.max()) * 2 + int(base.max()) < _LARGEST:
        share = (2 * weight * size + base) // (2 * base)
    else:  # beyond 64 bits: the same in Python's own integers
        share = np.array(
            [
                (2 * w * s + b) // (2 * b)
                for w, s, b in zip(weight.tolist(), size.tolist(), base.tolist(), strict=True)
            ],
            dtype=np.int64,
        )
    return np.asarray(sign * share, dtype=np.int64)
