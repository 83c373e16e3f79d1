"""How a new layer is drawn until the user says otherwise."""

from __future__ import annotations

from collections.abc import Collection

from layers.classification import custom_standard, standard
from layers.kind import Kind
from layers.style import Style

_CUSTOM = "custom"


def default_style(kind: Kind, standard_key: str, codes: Collection[str]) -> Style:
    """Return the kind's style; a classified kind takes the colours of its classification standard.

    Parameters
    ----------
    standard_key : str
        Key of the layer's standard; empty leaves the kind's own symbol.
    codes : collection of str
        The class codes present in the layer.
    """
    if not kind.class_field or not standard_key:
        return kind.style
    chosen = custom_standard(codes, None) if standard_key == _CUSTOM else standard(standard_key)
    return kind.style.model_copy(
        update={"class_field": kind.class_field, "rules": tuple(chosen.class_rules(codes))}
    )
