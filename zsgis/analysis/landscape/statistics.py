"""How a metric of patches is distributed over a class or a landscape."""

from __future__ import annotations

import numpy as np

from zsgis.analysis.landscape.grid import FloatArray

STATISTICS = ("MN", "AM", "MD", "RA", "SD", "CV")
"""Mean, area-weighted mean, median, range, standard deviation, coefficient of variation (%)."""


def distribution(name: str, values: FloatArray, weights: FloatArray) -> dict[str, float]:
    """Return the statistics of a metric under FRAGSTATS' names, ``AREA_MN`` and so on.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Of the patches; NaN where the metric is not defined, which counts nowhere.
    weights : ndarray of float64, shape (n,)
        Areas of the patches.

    Returns
    -------
    dict of str to float
        SD is that of the population. NaN where no patch has a value, and for a CV of mean 0.
    """
    known = np.isfinite(values)
    if not known.any():
        return {f"{name}_{statistic}": float("nan") for statistic in STATISTICS}
    values, weights = values[known], weights[known]
    mean, deviation = float(values.mean()), float(values.std())
    found = (
        mean,
        float((values * weights).sum() / weights.sum()),
        float(np.median(values)),
        float(values.max() - values.min()),
        deviation,
        100.0 * deviation / mean if mean else float("nan"),
    )
    return {f"{name}_{statistic}": value for statistic, value in zip(STATISTICS, found, strict=True)}
