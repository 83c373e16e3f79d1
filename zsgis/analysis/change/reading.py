"""The two layers of a project between which change is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.classification import Standard
from layers.errors import InputError
from layers.kinds import kind
from layers.words import _
from zsgis.analysis.change.model import Dated
from zsgis.analysis.change.parameters import ChangeParameters
from zsgis.analysis.classes import class_codes
from zsgis.analysis.features import read_features
from zsgis.analysis.layers_used import find_layer
from zsgis.analysis.zoned.parameters import LAND_KINDS
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

NOW, PLANNED = "land_use", "territorial_plan"
"""Kinds of the land as it is and as it is to be, each a date of its own."""


def two_layers(project: Project, parameters: ChangeParameters) -> tuple[LayerInfo, LayerInfo, bool]:
    """Return the layer of the earlier and of the later date, and whether nobody named them.

    Then they are two layers of one kind, by their age in the project; where no kind has two, the one layer
    of land use and the one of planned use.

    Raises
    ------
    InputError
        When two layers cannot be told, or both names mean the same layer.
    """
    if parameters.earlier and parameters.later:
        named = (_named(project, parameters.earlier), _named(project, parameters.later))
        if named[0].uid == named[1].uid:
            raise InputError(
                _("Earlier and later date are the same layer: {layer}.").format(layer=named[0].name),
                remedy=_("Choose the layers of two dates."),
            )
        return (*named, False)
    given = parameters.earlier or parameters.later
    kinds = [_named(project, given).kind] if given else list(LAND_KINDS)
    for key in kinds:
        # UUIDv7: the smaller uid is the older
        layers = sorted(project.layers_of(key), key=lambda info: info.uid)
        if len(layers) == 2:
            older, younger = layers
            if parameters.earlier and _named(project, parameters.earlier).uid == younger.uid:
                return younger, older, False
            if parameters.later and _named(project, parameters.later).uid == older.uid:
                return younger, older, False
            return older, younger, not given
    now, planned = project.layers_of(NOW), project.layers_of(PLANNED)
    if not given and len(now) == len(planned) == 1:
        return now[0], planned[0], True
    raise InputError(
        _("Which two layers are compared cannot be told."),
        where=str(project.path),
        remedy=_("Name both: the earlier and the later date (-p earlier=LAYER -p later=LAYER)."),
    )


def _named(project: Project, name: str) -> LayerInfo:
    info = find_layer(project, name, LAND_KINDS)
    assert info is not None  # noqa: S101 - a name is found or refused
    return info


def read_dated(project: Project, info: LayerInfo, standard: Standard) -> Dated:
    """Read the land of one date.

    Raises
    ------
    InputError
        When the layer has no field with a land class.
    """
    field = kind(info.kind).class_field
    features = read_features(project, info, required=[field])
    return Dated(features, class_codes(features.columns[field], standard))


def dates_finding(earlier: LayerInfo, later: LayerInfo) -> Finding:
    """Return the finding that nobody said which layer is the earlier."""
    words = _(
        "No layers were named, so “{earlier}”, which came into the project first, stands for the earlier "
        "date and “{later}” for the later."
    )
    if (earlier.kind, later.kind) == (NOW, PLANNED):
        words = _(
            "No layers were named and the project has land use of one date only, so “{earlier}” is compared "
            "with the plan “{later}”: what changes is what the plan provides for."
        )
    return Finding(
        "change.dates_chosen",
        Severity.WARNING,
        words.format(earlier=earlier.name, later=later.name),
        {earlier.uid: (), later.uid: ()},
    )
