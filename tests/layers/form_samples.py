"""Forms of declared kinds, without a project around them."""

from __future__ import annotations

from layers.crs import parse_crs
from layers.forms.fields import form_of
from layers.forms.model import Form
from layers.kind import FieldType
from layers.kinds import kind
from layers.store.model import LayerField, LayerInfo
from layers.style import Style, Symbol


def layer_of(
    kind_key: str,
    *,
    standard: str = "",
    crs: str = "4547",
    status: str = "",
    further: tuple[LayerField, ...] = (),
    without: tuple[str, ...] = (),
) -> LayerInfo:
    """Return a layer of a kind with all its fields but some, and further columns of a file."""
    declared = kind(kind_key)
    fields = tuple(
        LayerField(one.name, one.alias, one.type, one.unit)
        for one in declared.fields
        if one.name not in without
    )
    return LayerInfo(
        uid="019313a0-0000-7000-8000-0000000000aa",
        table="layer",
        name="图层",
        kind=kind_key,
        geometry=declared.geometry,
        crs=parse_crs(crs),
        feature_count=0,
        bounds=None,
        version=1,
        standard=standard,
        demo=False,
        status=status,
        secrecy="",
        visible=True,
        opacity=1.0,
        order=1,
        style=Style(symbol=Symbol()),
        source={},
        fields=(*fields, *further),
    )


def survey(standard: str = "sandiao") -> Form:
    """Return the form of a land-use survey layer."""
    return form_of(layer_of("land_use", standard=standard))


COUNT = LayerField("门牌数", "", FieldType.INTEGER)
