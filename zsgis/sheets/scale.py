"""Round numbers for maps: the scale, the kilometre lines, the scale bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from layers.errors import InputError
from layers.words import _

SCALES = tuple(
    int(mantissa * 10**power)
    for power in range(2, 7)
    for mantissa in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8)
    if 500 <= mantissa * 10**power <= 5_000_000 and mantissa * 10**power % 100 == 0
)
"""Denominators a sheet may have, rising; those over 100,000 serve a whole city on small paper."""

Bounds = tuple[float, float, float, float]


def choose_scale(
    bounds: Bounds,
    width_mm: float,
    height_mm: float,
    *,
    margin: float = 0.04,
    among: Sequence[int] = (),
) -> int:
    """Return the largest round scale at which ``bounds`` fit into a frame.

    Parameters
    ----------
    bounds : tuple of float
        Xmin, ymin, xmax, ymax in metres.
    width_mm, height_mm : float
        The frame's inside.
    margin : float
        Share of the frame kept free on each side where the scale is chosen; one that was asked for need
        only leave the extent inside the frame.
    among : sequence of int
        The denominators that are asked for; empty means :data:`SCALES`.

    Returns
    -------
    int
        The scale's denominator.

    Raises
    ------
    InputError
        When the extent is not finite or does not fit at the smallest scale.
    """
    if not all(math.isfinite(value) for value in bounds):
        raise InputError(_("The extent to be printed is empty."), remedy=_("Choose a layer with features."))
    free = 1.0 if among else 1.0 - 2.0 * margin
    needed = max(
        (bounds[2] - bounds[0]) * 1000.0 / (width_mm * free),
        (bounds[3] - bounds[1]) * 1000.0 / (height_mm * free),
    )
    for denominator in sorted(among) or SCALES:
        if denominator >= needed:
            return denominator
    if among:
        raise InputError(
            _("It does not fit on the sheet at {asked}: it would need 1:{scale}.").format(
                asked="、".join(ratio(one) for one in sorted(among)), scale=f"{needed:,.0f}"
            ),
            remedy=_("Allow a smaller scale, or take larger paper."),
        )
    raise InputError(
        _("The extent is too large for a sheet: it would need 1:{scale}.").format(scale=f"{needed:,.0f}"),
        remedy=_("Check the coordinate system of the layers."),
    )


def _round_steps(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    power = math.floor(math.log10(least))
    for mantissa in (1.0, 2.0, 5.0, 10.0):
        step = mantissa * 10.0**power
        if step >= least * (1.0 - 1e-9):
            return step
    return 10.0 ** (power + 1)


def grid_interval_m(scale_denominator: float, *, least_mm: float = 30.0) -> float:
    """Return the distance of the kilometre lines: 1, 2 or 5 times a power of ten metres.

    It is the smallest that is ``least_mm`` or more on paper.
    """
    return _round_steps(least_mm / 1000.0 * scale_denominator)


def grid_values(low: float, high: float, interval: float) -> list[float]:
    """Return the multiples of ``interval`` within ``low`` and ``high``."""
    first = math.ceil(low / interval - 1e-9)
    last = math.floor(high / interval + 1e-9)
    return [number * interval for number in range(first, last + 1)]


def kilometres(value_m: float, interval_m: float) -> str:
    """Return a coordinate as kilometre text, with as many digits as the interval needs."""
    digits = max(0, 3 - math.floor(math.log10(interval_m) + 1e-9))
    return f"{value_m / 1000.0:.{digits}f}"


@dataclass(frozen=True)
class ScaleBar:
    """A bar of equal segments. ``in_kilometres`` tells how ``labels`` (one more than segments) count."""

    segment_m: float
    segment_mm: float
    labels: tuple[str, ...]
    in_kilometres: bool


def scale_bar(scale_denominator: float, *, most_mm: float) -> ScaleBar:
    """Return the longest bar of three to five segments of round metres not longer than ``most_mm``."""
    most_m = most_mm / 1000.0 * scale_denominator * (1 + 1e-9)
    power = math.floor(math.log10(most_m))
    choices = [
        (mantissa * 10.0**exponent, count)
        for exponent in (power - 1, power)
        for mantissa in (1.0, 2.0, 5.0)
        for count in (3, 4, 5)
        if mantissa * 10.0**exponent * count <= most_m
    ]
    segment_m, segments = max(choices, key=lambda choice: (choice[0] * choice[1], -abs(choice[1] - 4)))
    in_kilometres = segment_m >= 1000.0
    unit = 1000.0 if in_kilometres else 1.0
    labels = tuple(f"{number * segment_m / unit:g}" for number in range(segments + 1))
    return ScaleBar(segment_m, segment_m / scale_denominator * 1000.0, labels, in_kilometres)


def ratio(scale_denominator: float) -> str:
    """Return the scale as it is printed: ``1:10,000``."""
    return f"1:{scale_denominator:,.0f}"
