"""Attribute values in the journal: JSON, exact for whatever another program may have put into a column."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

_BYTES, _NUMBER = "$hex", "$number"


def dump_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON can hold them."""
    return {name: _held(value) for name, value in values.items()}


def load_values(held: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they were."""
    return {name: _value(value) for name, value in held.items()}


def dump_state(version: int, values: Mapping[str, Any], **more: Any) -> str:
    """Return what an entry says of one side of a change."""
    state = {"version": version, "values": dump_values(values), **more}
    return json.dumps(state, ensure_ascii=False, allow_nan=False)


def load_state(text: str | None) -> dict[str, Any]:
    """Return one side of a change, with its values as they were; empty where there was none."""
    if not text:
        return {}
    state: dict[str, Any] = json.loads(text)
    return {**state, "values": load_values(state.get("values", {}))}


def _held(value: Any) -> Any:
    if isinstance(value, bytes):
        return {_BYTES: value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return {_NUMBER: repr(value)}
    return value


def _value(held: Any) -> Any:
    if isinstance(held, dict):
        return bytes.fromhex(held[_BYTES]) if _BYTES in held else float(held[_NUMBER])
    return held
