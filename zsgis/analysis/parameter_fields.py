"""Parameters that several analyses declare alike: parcels, land, towns, the rule file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from layers.words import N_
from zsgis.analysis.zoned.parameters import LAND_KINDS

PARCEL_KINDS = ("industrial_parcels", "land_use", "cadastral_parcels", "reserve", "redevelopment", "zones")


def parcels_layer(description: str) -> Any:
    """Return the field for the layer of parcels that are judged; ``description`` is a message id."""
    return Field(
        default="",
        title=N_("Layer of parcels"),
        description=description,
        json_schema_extra={"layer": list(PARCEL_KINDS)},
    )


def land_layer() -> Any:
    """Return the field for the layer with a land class."""
    return Field(
        default="",
        title=N_("Land"),
        description=N_("Layer with a land class. Empty: the first that fits."),
        json_schema_extra={"layer": list(LAND_KINDS)},
    )


def towns_layer() -> Any:
    """Return the field for a second layer to count by."""
    return Field(
        default="",
        title=N_("Towns"),
        description=N_("Second layer of areas to count by. Empty: the towns, if there are any; “-”: none."),
        json_schema_extra={"layer": ["towns", "zones"], "optional": True},
    )


def rule_file(title: str = N_("Rule file")) -> Any:
    """Return the field for the rule file of an analysis that ships with one; ``title`` is a message id."""
    return Field(
        default="",
        title=title,
        description=N_("The bureau's own, by its path. Empty: the one that comes with the program."),
        json_schema_extra={
            "file": ["toml"],
            "empty": N_("(the one that comes with the program)"),
            "advanced": True,
        },
    )


def rule_among(offered: Mapping[str, str]) -> Any:
    """Return the field for one of several rule files that ship, or the bureau's own.

    Parameters
    ----------
    offered : mapping of str to str
        Titles (message ids) by the files' names; the first is the usual one.
    """
    return Field(
        default=next(iter(offered)),
        title=N_("Rule"),
        description=N_("One of those that come with the program, or the bureau's own file by its path."),
        json_schema_extra={"file": ["toml"], "offered": dict(offered)},
    )
