"""The unit of a column of areas, from the areas of the shapes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.guard.model import Aspect, Candidate, Verdict
from layers.units import UNIT_WORDS, dimension, factor, unit_title
from layers.words import _

UNITS = ("m2", "ha", "mu", "km2")
CLOSE = 0.05
"""How far, relatively, the middle ratio may be off a unit's size: 亩 and ha are 15 times apart."""

ROW_CLOSE = 0.1
SURE_SHARE = 0.8
"""Share of the rows that must agree with the unit within :data:`ROW_CLOSE`."""

LEAST_ROWS = 3
"""Fewer rows than this must agree with the unit within :data:`FEW_CLOSE`, each of them."""

FEW_CLOSE = 0.01
_IN_BRACKETS = re.compile(r"[(（\[【_/]\s*([^)）\]】]+?)\s*[)）\]】]?$")
_LOOKS_LIKE_AREA = re.compile(r"面积|mj$|area", re.IGNORECASE)


def is_area_column(name: str) -> bool:
    """Tell whether a column's name says that it holds areas (面积, …MJ, area)."""
    return _LOOKS_LIKE_AREA.search(unicodedata.normalize("NFKC", name).strip()) is not None


def unit_in_name(name: str) -> str:
    """Return the unit of area that a column's name says (面积（亩）, area_m2); empty for none."""
    found = _IN_BRACKETS.search(unicodedata.normalize("NFKC", name).strip())
    unit = UNIT_WORDS.get(found[1].lower(), "") if found else ""
    return unit if dimension(unit) == "area" else ""


def judge_area_unit(
    values: Sequence[Any] | NDArray[Any], measured_m2: NDArray[np.float64], column: str, said: str = ""
) -> Verdict[Candidate] | None:
    """Return the unit of a column.

    Parameters
    ----------
    values : sequence, n
        Numbers or texts of numbers; what is none is passed over.
    measured_m2 : ndarray, shape (n,)
        Areas of the shapes, m2; NaN or 0 is passed over.
    said : str
        The unit that a heading gives, where the column's name does not.

    Returns
    -------
    Verdict or None
        None where the column agrees with the shapes in no unit: it holds another area (扣除面积, 建筑面积).
    """
    numbers = np.array([_number(value) for value in values], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        usable = (numbers > 0) & (measured_m2 > 0)
    if not usable.any():
        return None
    ratios = measured_m2[usable] / numbers[usable]
    found = [each for unit in UNITS if (each := _candidate(unit, ratios)) is not None]
    if not found:
        return None
    best = max(found, key=lambda each: each.confidence)
    named = unit_in_name(column) or said
    warnings: tuple[str, ...] = ()
    if dimension(named) == "area" and named != best.value:
        text = _("The name of column “{column}” says {said}, but its values are in {unit}.")
        warnings = (text.format(column=column, said=unit_title(named), unit=unit_title(best.value)),)
    sure = best.confidence >= SURE_SHARE and _enough(ratios, best.value) and not warnings
    return Verdict(Aspect.UNITS, sure, (best,), subject=column, warnings=warnings)


def _enough(ratios: NDArray[np.float64], unit: str) -> bool:
    size = float(factor(unit, "m2"))
    return len(ratios) >= LEAST_ROWS or bool((np.abs(ratios / size - 1.0) <= FEW_CLOSE).all())


def _candidate(unit: str, ratios: NDArray[np.float64]) -> Candidate | None:
    size = float(factor(unit, "m2"))
    if abs(float(np.median(ratios)) / size - 1.0) > CLOSE:
        return None
    share = float((np.abs(ratios / size - 1.0) <= ROW_CLOSE).mean())
    reason = _(
        "Shapes measure {ratio:,.4g} m² for each unit of the column in the middle; {share} of the rows agree."
    ).format(ratio=float(np.median(ratios)), share=f"{share:.0%}")
    return Candidate(unit, unit_title(unit), share, reason, unit)


def _number(value: Any) -> float:
    if value is None or isinstance(value, bool):
        return math.nan
    try:
        number = float(value) if not isinstance(value, str) else float(value.replace(",", "").strip())
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan
