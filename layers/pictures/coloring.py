"""Cells become colours: stretch, ramp, palette, light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.pictures.ramps import ramp_table
from layers.pictures.raster_model import BandStatistics, RasterBand, RasterStyle
from layers.pictures.source import Rgba

Light = NDArray[np.floating[Any]]

_DEVIATIONS = 2.0
_DARKEST = 0.25
_BRIGHTEST = 1.15
_LIGHT_PARTS = 128


def value_range(style: RasterStyle, shown: tuple[RasterBand, ...]) -> tuple[tuple[float, float], ...]:
    """Return the values of each shown band that become the darkest and the lightest.

    Parameters
    ----------
    shown : tuple of RasterBand
        The bands of ``style.bands``, in their order.
    """
    ranges = [_own_range(style, band) for band in shown]
    if style.shared:
        whole = min(low for low, _high in ranges), max(high for _low, high in ranges)
        ranges = [whole] * len(ranges)
    return tuple(ranges)


def _own_range(style: RasterStyle, band: RasterBand) -> tuple[float, float]:
    if style.stretch == "stated" and style.limits is not None:
        return style.limits
    kind, known = np.dtype(band.dtype), band.statistics
    if style.stretch == "none" and kind.kind in "iu":
        limits = np.iinfo(kind)
        ends = float(limits.min), float(limits.max)
        low, high = (end * band.scale + band.offset for end in ends)
        return min(low, high), max(low, high)
    if known is None:
        return 0.0, 1.0
    return _range_of(style.stretch, known)


def _range_of(stretch: str, known: BandStatistics) -> tuple[float, float]:
    if stretch == "percentile":
        return known.low, known.high
    if stretch == "deviation":
        half = _DEVIATIONS * known.deviation
        return max(known.mean - half, known.minimum), min(known.mean + half, known.maximum)
    return known.minimum, known.maximum


def steps_of(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Return values as 0 (``low`` and below) to 255 (``high`` and above); NaN becomes 0.

    A range without width has its values at 0 below it, at 255 above, and at 128 in it.
    """
    if high <= low:
        at = np.where(values < low, 0, np.where(values > low, 255, 128))
        return at.astype(np.uint8)
    if values.dtype == np.uint8 and (low, high) == (0.0, 255.0):
        return values
    # of numbers of 16 bits a float32 loses nothing, and is faster
    steps: NDArray[np.floating[Any]] = values.astype(np.float32 if values.dtype.itemsize <= 2 else np.float64)
    steps -= low
    steps *= 255 / (high - low)
    steps += 0.5
    np.nan_to_num(steps, copy=False, nan=0.0)
    found: NDArray[np.uint8] = np.clip(steps, 0, 255).astype(np.uint8)
    return found


def colored(values: NDArray[Any], style: RasterStyle, shown: tuple[RasterBand, ...], alpha: Rgba) -> Rgba:
    """Return the colours of cells in modes ``color`` and ``single``.

    Parameters
    ----------
    values : ndarray, shape (bands, height, width)
        Of the shown bands, scaled.
    alpha : ndarray of uint8, shape (height, width)
    """
    ranges = value_range(style, shown)
    if style.mode == "color":
        rgba = np.empty((*values.shape[1:], 4), dtype=np.uint8)
        for place, (low, high) in enumerate(ranges):
            rgba[..., place] = steps_of(values[place], low, high)
    else:
        table = ramp_table(style.ramp)[:: -1 if style.reversed else 1]
        rgba = _looked_up(table, steps_of(values[0], *ranges[0]))
    rgba[..., 3] = alpha
    return rgba


def _looked_up(table: NDArray[np.uint8], steps: NDArray[np.uint8]) -> Rgba:
    """Return the colours of a table, shape (256, 3); four channels at once are quicker than three."""
    packed = np.zeros((256, 4), dtype=np.uint8)
    packed[:, :3] = table
    return packed.view(np.uint32)[:, 0].take(steps)[..., None].view(np.uint8)


def paletted(values: NDArray[Any], table: NDArray[np.uint8], alpha: Rgba) -> Rgba:
    """Return the colours of a band with a colour table, shape (256, 4); numbers beyond it show nothing."""
    known = (values >= 0) & (values < len(table))
    rgba: Rgba = table[np.where(known, values, 0).astype(np.uint8)]
    rgba[..., 3] = np.where(known, np.minimum(rgba[..., 3], alpha), 0)
    return rgba


def lit(rgba: Rgba, light: Light, flat: float) -> Rgba:
    """Return colours in light; level ground (``flat``) keeps its colour.

    Parameters
    ----------
    light : ndarray, shape (height, width)
        0 (in shade) to 1.
    """
    share = light / flat if flat > 0 else light
    factor = np.clip(_DARKEST + (1 - _DARKEST) * share, _DARKEST, _BRIGHTEST)
    # 255 times 1.15 in parts of 128 fits into 16 bits
    parts = (factor * _LIGHT_PARTS + 0.5).astype(np.uint16)
    found = rgba.copy()
    for channel in range(3):
        mixed = (rgba[..., channel] * parts + np.uint16(_LIGHT_PARTS // 2)) // np.uint16(_LIGHT_PARTS)
        found[..., channel] = np.minimum(mixed, 255)
    return found


def gray_light(light: Light, alpha: Rgba) -> Rgba:
    """Return terrain in light as grey, 0 to 255."""
    rgba = np.empty((*light.shape, 4), dtype=np.uint8)
    rgba[..., :3] = (np.clip(light, 0, 1) * 255 + 0.5).astype(np.uint8)[..., None]
    rgba[..., 3] = alpha
    return rgba
