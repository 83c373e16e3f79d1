"""When two values or two shapes are the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def same_value(one: Any, other: Any) -> bool:
    """Tell whether two values of a field are the same.

    No data and NaN are the same; so are 0.0 and -0.0, 1 and 1.0. Text is the same letter by letter.
    """
    if _is_missing(one) or _is_missing(other):
        return _is_missing(one) and _is_missing(other)
    if isinstance(one, str) is not isinstance(other, str):
        return False
    return bool(one == other)


def same_shape(one: Any | None, other: Any | None) -> bool:
    """Tell whether two shapes are the same, coordinate by coordinate, Z and M included.

    Type, order of parts, of rings and of vertices count; 0.0 and -0.0 are the same, NaN is as NaN.
    """
    if one is None or other is None:
        return one is None and other is None
    if _bytes(one) == _bytes(other):
        return True
    if shapely.get_type_id(one) != shapely.get_type_id(other) or shapely.get_num_coordinates(
        one
    ) != shapely.get_num_coordinates(other):
        return False
    return _bytes(_plain(one)) == _bytes(_plain(other))


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _bytes(shape: Any) -> bytes:
    return bytes(shapely.to_wkb(shape, byte_order=1, output_dimension=4, flavor="iso"))


def _plain(shape: Any) -> Any:
    """Return a shape with one form of zero and of NaN."""
    return shapely.transform(shape, _one_form, include_z=bool(shapely.has_z(shape)))


def _one_form(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    plain = coordinates + 0.0
    plain[np.isnan(plain)] = np.nan
    return plain
