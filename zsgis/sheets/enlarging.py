"""Everything on a sheet made larger by one factor: wall maps are read from further away."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

_COORDINATES = frozenset({"x", "y", "x1", "y1", "x2", "y2", "width", "height", "dash", "enlarged"})
"""What grows too although its name does not say so; all other lengths end in ``_mm``."""

Model = TypeVar("Model", bound=BaseModel)


def enlarged(model: Model, factor: float) -> Model:
    """Return an item, a symbol or a style with all its lengths on paper multiplied by a factor.

    Scales, coordinates on the ground, colours and texts stay as they are.
    """
    if factor == 1.0:
        return model
    changes = {
        name: _enlarged(name, getattr(model, name), factor)
        for name, field in type(model).model_fields.items()
        if not field.exclude
    }
    return model.model_copy(update=changes)


def _enlarged(name: str, value: Any, factor: float) -> Any:
    if isinstance(value, BaseModel):
        return enlarged(value, factor)
    if isinstance(value, tuple):
        return tuple(_enlarged(name, one, factor) for one in value)
    if isinstance(value, dict):
        return {key: _enlarged(name, one, factor) for key, one in value.items()}
    is_length = name in _COORDINATES or name.endswith("_mm")
    if is_length and isinstance(value, (int, float)) and not isinstance(value, bool):
        # rounded, so that what is made smaller and larger again is what it was
        return round(value * factor, 6)
    return value
