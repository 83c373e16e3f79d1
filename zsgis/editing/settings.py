"""What a person chooses once and every tool that edits follows: snapping, joined neighbours, the guard."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class SnapUnit(StrEnum):
    """In which unit the reach of snapping is kept the same when the map is enlarged."""

    PIXELS = "pixels"
    METRES = "metres"


class SnapLayers(StrEnum):
    """Which layers are snapped to."""

    EDITED = "edited"
    SHOWN = "shown"


class GuardMode(StrEnum):
    """What happens where a new shape overlaps its neighbours or nearly meets them."""

    OFF = "off"
    WARN = "warn"
    CLIP = "clip"


class SnapSettings(BaseModel):
    """To what the pointer snaps, and from how far.

    Attributes
    ----------
    pixels, metres : float
        Both reaches are kept; ``unit`` says which of them holds.
    """

    model_config = ConfigDict(frozen=True)

    on: bool = True
    vertex: bool = True
    edge: bool = True
    intersection: bool = True
    unit: SnapUnit = SnapUnit.PIXELS
    pixels: float = Field(default=10.0, ge=1.0, le=100.0)
    metres: float = Field(default=1.0, ge=0.001, le=1000.0)
    layers: SnapLayers = SnapLayers.SHOWN

    def reach_m(self, metres_per_px: float) -> float:
        """Return the reach on the ground, m, where a pixel of the screen is ``metres_per_px``."""
        return self.pixels * metres_per_px if self.unit is SnapUnit.PIXELS else self.metres

    def reach_px(self, metres_per_px: float) -> float:
        """Return the reach on the screen, px, where a pixel of the screen is ``metres_per_px``."""
        return self.pixels if self.unit is SnapUnit.PIXELS else self.metres / metres_per_px


class EditSettings(BaseModel):
    """How shapes are edited.

    Attributes
    ----------
    joined, guard : bool or None, GuardMode or None
        None follows the layer: on where its features share the ground out, off elsewhere.
    gap_m : float
        Gaps to a neighbour narrower than this are closed or told of.
    """

    model_config = ConfigDict(frozen=True)

    snapping: SnapSettings = SnapSettings()
    joined: bool | None = None
    guard: GuardMode | None = None
    gap_m: float = Field(default=0.2, ge=0.0, le=10.0)

    def joins(self, *, partition: bool) -> bool:
        """Tell whether neighbours are kept joined in a layer that is a partition or not."""
        return partition if self.joined is None else self.joined

    def guards(self, *, partition: bool) -> GuardMode:
        """Return what the guard does in a layer that is a partition or not."""
        if self.guard is not None:
            return self.guard
        return GuardMode.CLIP if partition else GuardMode.OFF
