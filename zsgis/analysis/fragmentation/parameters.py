"""What a user can choose about fragmentation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.parameter_fields import rule_file
from zsgis.analysis.zoned import ZonedParameters
from zsgis.analysis.zoned.parameters import LAND_KINDS


class FragmentationParameters(ZonedParameters):
    """Parameters of fragmentation."""

    land: str = Field(
        default="",
        title=N_("Land"),
        description=N_("Layer with a land class. Empty: the first that fits."),
        json_schema_extra={"layer": list(LAND_KINDS)},
    )
    classes: str = Field(
        default="",
        title=N_("Classes looked at"),
        description=N_(
            "Codes with commas between, each with all classes below it, taken together. Empty: industrial "
            "land of the layer's standard; “*”: every class."
        ),
    )
    touch_m: float = Field(
        default=0.1,
        ge=0.0,
        le=100.0,
        title=N_("Touching within"),
        description=N_("Parcels at most this far apart are one patch, also those that meet at a corner."),
        json_schema_extra={"unit": "m"},
    )
    border: Literal["cut", "whole"] = Field(
        default="cut",
        title=N_("Patches on a zone's border"),
        description=N_(
            "Cut: each zone counts its part as a patch of its own. Whole: the patch counts in the zone that "
            "holds most of it."
        ),
        json_schema_extra={
            "choices": {"cut": N_("Cut at the border"), "whole": N_("Whole, where most of it lies")}
        },
    )
    unit: Literal["m2", "ha", "mu"] = Field(
        default="mu",
        title=N_("Unit"),
        description=N_("Unit of the tables."),
        json_schema_extra={
            "advanced": True,
            "choices": {"m2": N_("Square metres"), "ha": N_("Hectares"), "mu": N_("Mu")},
        },
    )
    metrics: bool = Field(
        default=False,
        title=N_("Landscape metrics too"),
        description=N_(
            "A further table with the metrics of FRAGSTATS: by the outlines, and on cells where they are "
            "defined on cells only."
        ),
        json_schema_extra={"advanced": True},
    )
    cell_m: float = Field(
        default=10.0,
        gt=0.0,
        le=1000.0,
        title=N_("Cells for landscape metrics"),
        description=N_("Side of the cells onto which the land is laid for metrics defined on cells."),
        json_schema_extra={"unit": "m", "advanced": True},
    )
    core_m: float = Field(
        default=10.0,
        ge=0.0,
        le=1000.0,
        title=N_("Depth of edges"),
        description=N_("Core is what lies further inside than this; for landscape metrics by outlines."),
        json_schema_extra={"unit": "m", "advanced": True},
    )
    raster: str = Field(
        default="",
        title=N_("Raster of classes"),
        description=N_(
            "A raster of land classes, one of the project or a file: its landscape metrics are computed "
            "instead, for the raster as a whole and, where a layer of zones is named, for each zone."
        ),
        json_schema_extra={
            "raster": "one",
            "empty": N_("(none: parcels by their outlines)"),
            "advanced": True,
        },
    )
    band: int = Field(
        default=1,
        ge=1,
        le=512,
        title=N_("Band"),
        description=N_("Band of the raster that holds the classes."),
        json_schema_extra={"advanced": True},
    )
    neighbours: Literal["8", "4"] = Field(
        default="8",
        title=N_("Cells of a patch"),
        description=N_("Whether cells that meet at a corner only are one patch."),
        json_schema_extra={
            "advanced": True,
            "choices": {"8": N_("8 neighbours"), "4": N_("4 neighbours")},
        },
    )
    rule: str = rule_file()

    @field_validator("neighbours", mode="before")
    @classmethod
    def _neighbours_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value
