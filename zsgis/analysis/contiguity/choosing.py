"""Which parcels may be assembled: by land class, ownership and a condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from layers.classification import Standard
from layers.errors import InputError
from layers.filtering import fields_of, parse
from layers.kinds import kind
from layers.progress import Progress
from layers.words import _
from zsgis.analysis.contiguity.near import BoolArray
from zsgis.analysis.contiguity.parameters import ALL_CLASSES, ContiguityParameters
from zsgis.analysis.contiguity.rules import belongs
from zsgis.analysis.features import Features
from zsgis.selection.by_filter import LayerColumns

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_COMMAS = re.compile(r"[,，、;；\s]+")
OWNERSHIP_FIELDS = ("ownership_code", "ownership")
"""Fields that say whether land is the state's or a collective's; codes 10 to 21 are the state's (QSXZ)."""
_STATE, _COLLECTIVE = ("1", "2", "国有"), ("3", "4", "集体")


def code_list(text: str) -> tuple[str, ...]:
    """Return the codes in a text with commas (of either width) or blanks between."""
    return tuple(code for code in _COMMAS.split(text.strip()) if code)


def wanted_classes(standard: Standard | None, parameters: ContiguityParameters) -> tuple[str, ...] | None:
    """Return the classes that may be assembled; None for every one.

    Raises
    ------
    InputError
        When classes are asked for that the layer's kind does not have, or none are and its standard does
        not say which are industrial.
    """
    asked = parameters.classes.strip()
    if asked == ALL_CLASSES or (not asked and standard is None):
        return None
    if standard is None:
        raise InputError(
            _("The parcels' layer has no land classes, and the land classes {codes} are asked for.").format(
                codes=asked
            ),
            remedy=_("Leave the land classes empty, or choose a layer that has them."),
        )
    if asked:
        return tuple(standard.normalise(code) for code in code_list(asked))
    if not standard.industrial_codes:
        raise InputError(
            _("The layer's land-class standard does not say which classes are industrial."),
            remedy=_("State the land classes to assemble (-p classes=...), or “*” for every class."),
        )
    return standard.industrial_codes


def eligible_parcels(
    project: Project,
    info: LayerInfo,
    features: Features,
    codes: tuple[str, ...],
    classes: tuple[str, ...] | None,
    standard: Standard | None,
    parameters: ContiguityParameters,
    progress: Progress,
) -> BoolArray:
    """Tell which parcels may be assembled, shape (parcels,).

    A parcel whose class, ownership or condition is not known is none.

    Raises
    ------
    InputError
        When ownership is asked for that the layer does not have, or the condition does not fit it.
    """
    out = np.ones(len(features), dtype=bool)
    if classes is not None and standard is not None:
        told = {code: belongs(code, classes, standard) for code in set(codes)}
        out &= np.array([told[code] for code in codes], dtype=bool)
    if parameters.ownership != "any":
        out &= _owned(features, parameters.ownership)
    if parameters.condition.strip():
        question = parse(parameters.condition, fields_of(info))
        columns = LayerColumns(project, info)
        matching = columns.uids(columns.matches(question, progress))
        out &= np.array([uid in matching for uid in features.uids], dtype=bool)
    return out


def _owned(features: Features, ownership: str) -> BoolArray:
    field = next((name for name in OWNERSHIP_FIELDS if features.present(name)), None)
    if field is None:
        raise InputError(
            _("Layer “{layer}” has no field that says whether land is the state's or a collective's.").format(
                layer=features.layer_name
            ),
            remedy=_("Ask for any ownership, or import the layer with its column of ownership (QSXZ)."),
        )
    begins = _STATE if ownership == "state" else _COLLECTIVE
    return np.array([value.startswith(begins) for value in features.texts(field)], dtype=bool)


def condition_words(
    standard: Standard | None, classes: tuple[str, ...] | None, parameters: ContiguityParameters
) -> str:
    """Return in words which parcels may be assembled."""
    words = []
    if classes is not None and standard is not None:
        words.append("、".join(f"{code} {standard.name(code)}" for code in classes))
    if parameters.ownership != "any":
        owned = {"state": _("State-owned"), "collective": _("Collectively owned")}
        words.append(owned[parameters.ownership])
    if parameters.condition.strip():
        words.append(parameters.condition.strip())
    return "；".join(words) or _("every parcel")


def has_ownership(kind_key: str) -> tuple[str, ...]:
    """Return the fields of ownership that a kind declares."""
    return tuple(name for name in OWNERSHIP_FIELDS if kind(kind_key).has_field(name))
