"""What a sheet is about: one feature of a layer, or everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.errors import InputError
from layers.kinds import kind
from layers.words import _
from zsgis.analysis.zone_names import distinct_names, own_name

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

ZONE_KINDS = ("platforms", "zones", "towns")
"""Kinds whose features a sheet may be about when none is named, best first."""


@dataclass(frozen=True)
class Place:
    """One feature in the project's coordinate system.

    Attributes
    ----------
    uid : str
        ``zs_uid``.
    name : str
        What people and results call it: without a name it has its number, and of several with one name all
        but the first have a number behind it.
    bare_name : str
        The name as the layer has it; empty where it has none.
    title : str
        What the sheet calls it: the name, or what the field says that the caller chose.
    shape : shapely geometry
    """

    uid: str
    name: str
    bare_name: str
    title: str
    shape: Any


def zone_layer(project: Project, each: str) -> LayerInfo | None:
    """Return the layer whose features sheets are made for: the named one, else the first that fits."""
    if each:
        return project.layer(each)
    for key in ZONE_KINDS:
        found = project.layers_of(key)
        if found:
            return found[0]
    return None


def places(project: Project, info: LayerInfo, titled_by: str = "") -> tuple[Place, ...]:
    """Return every feature of a layer that has a shape, in the order of the layer.

    Parameters
    ----------
    titled_by : str
        The field that says what sheets call a feature; empty takes its name. Features that it calls the same
        have a number behind it, all but the first.

    Raises
    ------
    InputError
        When the layer holds points or lines, or nothing with a shape, or has no such field.
    """
    name_field = kind(info.kind).name_field
    frame = project.read(info.uid)
    if titled_by and titled_by not in frame.columns:
        raise InputError(
            _("Layer “{layer}” has no field “{field}”.").format(layer=info.name, field=titled_by),
            remedy=_("Fields: {names}").format(names="、".join(map(str, frame.columns.drop("geometry")))),
        )
    shapes = _in_crs(np.asarray(frame.geometry.values, dtype=object), info.crs, project.crs)
    column = frame[name_field] if name_field in frame.columns else [None] * len(frame)
    bare = [own_name(value) for value in column]
    names = distinct_names(column)
    titles = distinct_names(frame[titled_by]) if titled_by else names
    found = tuple(
        Place(str(uid), name, own, title, shape)
        for uid, name, own, title, shape in zip(frame.index, names, bare, titles, shapes, strict=True)
        if shape is not None and shapely.get_dimensions(shape) == 2 and not shape.is_empty
    )
    if not found:
        raise InputError(
            _("Layer “{layer}” has no areas to make sheets of.").format(layer=info.name),
            remedy=_("Choose a polygon layer, platforms for instance."),
        )
    return found


def _in_crs(shapes: Any, source: Any, target: Any) -> Any:
    if source == target:
        return shapes
    from layers.crs import transform

    return transform(shapes, source, target)


def find_place(project: Project, info: LayerInfo, zone: str) -> Place:
    """Return the feature with this ``zs_uid`` or name.

    Raises
    ------
    InputError
        When there is none, or when several bear the name.
    """
    return place_called(places(project, info), info, zone)


def place_called(known: Sequence[Place], info: LayerInfo, zone: str) -> Place:
    """Return the one feature of some with this ``zs_uid`` or name; errors as :func:`find_place`."""
    bare = own_name(zone)
    found = (
        [place for place in known if place.uid == zone]
        or [place for place in known if place.bare_name == bare]
        or [place for place in known if place.name == zone]
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            _("{count} features of layer “{layer}” are called “{name}”.").format(
                count=len(found), layer=info.name, name=zone
            ),
            remedy=_("Name one by its identifier: {uids}").format(uids=", ".join(one.uid for one in found)),
        )
    raise InputError(
        _("Layer “{layer}” has no feature “{name}”.").format(layer=info.name, name=zone),
        remedy=_("Features: {names}").format(names="、".join(place.name for place in known[:30])),
    )
