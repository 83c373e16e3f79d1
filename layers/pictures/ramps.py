"""The named colour ramps under ``resources/styles/ramps.json``: colours at even distances."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers.errors import UsageError
from layers.locations import resource_path
from layers.words import N_, _

_TITLES = {
    "gray": N_("Grey"),
    "terrain": N_("Terrain"),
    "viridis": N_("Blue, green, yellow"),
    "cividis": N_("Blue to yellow"),
    "heat": N_("Yellow to brown"),
    "water": N_("White to blue"),
    "green": N_("Yellow to green"),
    "blue_red": N_("Blue, white, red"),
    "score": N_("Red, yellow, green"),
}


@lru_cache(maxsize=1)
def ramps() -> dict[str, tuple[str, ...]]:
    """Return the colours of every ramp, ``#RRGGBB``, low values first."""
    listed = json.loads(resource_path("styles", "ramps.json").read_text(encoding="utf-8"))
    return {name: tuple(colors) for name, colors in listed.items()}


def ramp_title(name: str) -> str:
    """Return a ramp's name in the user's language."""
    return _(_TITLES[name]) if name in _TITLES else name


@lru_cache(maxsize=16)
def ramp_table(name: str) -> NDArray[np.uint8]:
    """Return a ramp as 256 colours, shape (256, 3).

    Raises
    ------
    UsageError
        When there is no such ramp.
    """
    if name not in ramps():
        raise UsageError(_("There is no colour ramp “{name}”.").format(name=name))
    stops = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in ramps()[name]])
    along = np.linspace(0, len(stops) - 1, 256)
    mixed = [np.interp(along, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    table = (np.stack(mixed, axis=1) + 0.5).astype(np.uint8)
    table.flags.writeable = False
    return table
