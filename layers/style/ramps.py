"""Colour ramps: rows of colours from light to dark, or from one extreme to the other."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from layers.locations import resource_path


@dataclass(frozen=True)
class Ramp:
    """A named row of colours; between two of them colours are mixed."""

    key: str
    title: str
    stops: tuple[str, ...]

    def colors(self, count: int, *, backwards: bool = False) -> tuple[str, ...]:
        """Return ``count`` colours ``#RRGGBB`` spread evenly over the ramp; its middle for one."""
        stops = np.array([_parts(stop) for stop in self.stops], dtype=np.float64)
        places = np.linspace(0, 1, count) if count > 1 else np.array([0.5])
        known = np.linspace(0, 1, len(stops))
        mixed = np.column_stack([np.interp(places, known, stops[:, part]) for part in range(3)])
        texts = ["#{:02X}{:02X}{:02X}".format(*row) for row in np.floor(mixed + 0.5).astype(int).tolist()]
        return tuple(reversed(texts)) if backwards else tuple(texts)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@lru_cache(maxsize=1)
def ramps() -> tuple[Ramp, ...]:
    """Return the ramps declared in ``resources/styles/ramps.toml``."""
    declared = tomllib.loads(resource_path("styles", "ramps.toml").read_text(encoding="utf-8"))
    return tuple(Ramp(key, ramp["title"], tuple(ramp["stops"])) for key, ramp in declared["ramps"].items())
