"""Land-class standards: versioned tables, their colours, and the crosswalks between them."""

from __future__ import annotations

from layers.classification.crosswalk import CodeMapping, Crosswalk, crosswalk, crosswalks
from layers.classification.custom import custom_standard
from layers.classification.model import Derivation, LandClass, MetCode, Standard
from layers.classification.rules import LandClass3Rules, Topic, land_class3_rules
from layers.classification.tables import read_standard
from layers.errors import UsageError
from layers.words import _

__all__ = [
    "STANDARDS",
    "CodeMapping",
    "Crosswalk",
    "Derivation",
    "LandClass",
    "LandClass3Rules",
    "MetCode",
    "Standard",
    "Topic",
    "crosswalk",
    "crosswalks",
    "custom_standard",
    "land_class3_rules",
    "standard",
]

STANDARDS = ("yd2023", "yd2020", "sandiao", "gbt21010", "gb50137", "custom")


def standard(key: str) -> Standard:
    """Return a standard by its key; ``custom`` without classes is one that knows no code.

    Raises
    ------
    UsageError
        When there is no such standard.
    """
    if key not in STANDARDS:
        raise UsageError(
            _("There is no land-class standard “{key}”.").format(key=key),
            remedy=_("Known: {names}").format(names=", ".join(STANDARDS)),
        )
    return custom_standard(()) if key == "custom" else read_standard(key)
