"""Which layer of a file is meant: the one that was named, or the only one there is."""

from __future__ import annotations

from collections.abc import Sequence

from layers.errors import InputError
from layers.words import _


def no_such_layer(shown: str, names: Sequence[str], wanted: str) -> InputError:
    """Return what to say of a layer that the file does not have."""
    return InputError(
        _("The file has no layer “{name}”.").format(name=wanted),
        where=shown,
        remedy=_("Its layers: {names}").format(names="、".join(names) or "-"),
    )


def several_layers(shown: str, names: Sequence[str]) -> InputError:
    """Return what to say where none of several layers was named."""
    return InputError(
        _("The file has {count} layers.").format(count=len(names)),
        where=shown,
        remedy=_("Choose one (--source-layer): {names}").format(names="、".join(names)),
    )


def chosen_layer(shown: str, names: Sequence[str], wanted: str) -> str:
    """Return the name of the layer that is meant; ``wanted`` is empty where none was named.

    Raises
    ------
    InputError
        When it is not there, or several are and none was named; ``shown`` is where.
    """
    if wanted and wanted not in names:
        raise no_such_layer(shown, names, wanted)
    if not wanted and len(names) > 1:
        raise several_layers(shown, names)
    return wanted or names[0]
