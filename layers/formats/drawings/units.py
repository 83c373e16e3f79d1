"""What a drawing says its unit is ($INSUNITS), and how many metres that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.words import N_, _

# Autodesk, DXF reference, $INSUNITS; units nobody draws land in are left as "no unit"
_UNITS: Mapping[int, tuple[str, float]] = {
    1: (N_("inches"), 0.0254),
    2: (N_("feet"), 0.3048),
    3: (N_("miles"), 1609.344),
    4: (N_("millimetres"), 0.001),
    5: (N_("centimetres"), 0.01),
    6: (N_("metres"), 1.0),
    7: (N_("kilometres"), 1000.0),
    10: (N_("yards"), 0.9144),
    14: (N_("decimetres"), 0.1),
}
METRES = 6
NO_UNIT = 0


@dataclass(frozen=True)
class DrawingUnit:
    """A drawing's unit.

    Attributes
    ----------
    stated : bool
        The drawing names one; otherwise metres are assumed where a length is needed.
    """

    title: str
    metres: float
    stated: bool


def drawing_unit(number: object) -> DrawingUnit:
    """Return the unit for a value of ``$INSUNITS``."""
    entry = _UNITS.get(number) if isinstance(number, int) else None
    if entry is None:
        return DrawingUnit(_("not stated"), 1.0, False)
    return DrawingUnit(_(entry[0]), entry[1], True)
