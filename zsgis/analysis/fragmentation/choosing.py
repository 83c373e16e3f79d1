"""The land that fragmentation looks at: parcels of the chosen classes."""

from __future__ import annotations

import dataclasses

import numpy as np

from layers.classification import Standard
from layers.errors import InputError
from layers.words import _
from zsgis.analysis.contiguity.choosing import code_list
from zsgis.analysis.contiguity.rules import belongs
from zsgis.analysis.features import Features

ALL_CLASSES = "*"


def choose_classes(standard: Standard, asked: str) -> tuple[str, ...] | None:
    """Return the classes asked for, as the standard writes them; None for every class.

    Raises
    ------
    InputError
        When none are asked for and the standard does not say which classes are industrial.
    """
    if asked.strip() == ALL_CLASSES:
        return None
    codes = tuple(standard.normalise(code) for code in code_list(asked))
    if codes:
        return codes
    if not standard.industrial_codes:
        raise InputError(
            _("The layer's land-class standard does not say which classes are industrial."),
            remedy=_("State the classes to look at (-p classes=...), or “*” for every class."),
        )
    return standard.industrial_codes


def chosen_land(
    layer: Features, codes: tuple[str, ...], classes: tuple[str, ...] | None, standard: Standard
) -> Features:
    """Return the parcels of the chosen classes.

    Raises
    ------
    InputError
        When the layer holds none; the message names the layer and the classes.
    """
    wanted = {code: classes is None or belongs(code, classes, standard) for code in set(codes)}
    places = np.flatnonzero(np.array([wanted[code] for code in codes], dtype=bool))
    if not len(places):
        raise InputError(
            _("Layer “{layer}” has no parcel of these classes: {classes}.").format(
                layer=layer.layer_name, classes="、".join(classes or (ALL_CLASSES,))
            ),
            remedy=_("Look at the classes of the layer, and state others (-p classes=...)."),
        )
    if len(places) == len(layer):
        return layer
    return dataclasses.replace(
        layer,
        uids=tuple(layer.uids[i] for i in places.tolist()),
        names=tuple(layer.names[i] for i in places.tolist()),
        geometry=layer.geometry[places],
        columns={name: values[places] for name, values in layer.columns.items()},
    )
