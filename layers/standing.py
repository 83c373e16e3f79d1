"""How far data can be relied on (数据状态), and what must be said on everything made from them."""

from __future__ import annotations

from collections.abc import Iterable

DEMONSTRATION, SCHEMATIC = "演示", "示意"
STANDINGS = (SCHEMATIC, "待核实", "法定", DEMONSTRATION)
_WEAKEST_FIRST = (DEMONSTRATION, SCHEMATIC, "待核实", "法定")


def weakest(values: Iterable[object]) -> str:
    """Return the weakest standing among those stated; empty where none is."""
    stated = set(values)
    return next((standing for standing in _WEAKEST_FIRST if standing in stated), "")


def is_schematic(standing: str) -> bool:
    """Tell whether boundaries of this standing are no real ones."""
    return standing in (DEMONSTRATION, SCHEMATIC)
