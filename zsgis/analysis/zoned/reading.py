"""The zones of an analysis, the plane it cuts in, and how it measures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from layers.crs import coordinate_change, require_projected_metres
from layers.errors import CrsError
from layers.kinds import kind
from zsgis.analysis.layers_used import area_basis_of, find_layer
from zsgis.analysis.zone_names import distinct_names, own_name
from zsgis.analysis.zoned.model import Measuring, Zones
from zsgis.analysis.zoned.parameters import NO_ZONES, ZONE_KINDS, ZonedParameters
from zsgis.overlay import SliverPolicy

if TYPE_CHECKING:
    import pyproj

    from layers.store import LayerInfo, Project


def find_zones(project: Project, asked: str, taken: Collection[str] = ()) -> LayerInfo | None:
    """Return the layer of zones asked for; for an empty name the first that fits; None for :data:`NO_ZONES`.

    Parameters
    ----------
    taken : collection of str
        Kinds that the analysis uses otherwise: they are zones only when asked for by name.

    Raises
    ------
    InputError
        When the named layer does not exist or is of another kind.
    """
    if asked == NO_ZONES:
        return None
    return find_layer(project, asked, tuple(key for key in ZONE_KINDS if asked or key not in taken))


def find_optional(project: Project, asked: str, kinds: Sequence[str]) -> LayerInfo | None:
    """Return the layer asked for, else the first of these kinds; None for :data:`NO_ZONES` and where none is.

    Raises
    ------
    InputError
        When the named layer does not exist or is of another kind.
    """
    return None if asked == NO_ZONES else find_layer(project, asked, kinds)


def find_towns(project: Project, asked: str, zones: LayerInfo | None) -> LayerInfo | None:
    """Return the second layer to count by, usually the towns; None where it would be the zones again.

    Raises
    ------
    InputError
        As :func:`find_optional`.
    """
    found = find_optional(project, asked, ("towns", "zones") if asked else ("towns",))
    return None if found is not None and zones is not None and found.uid == zones.uid else found


def read_zones(project: Project, info: LayerInfo) -> Zones:
    """Read a layer of zones; each gets a name that no other zone and no line of a table bears."""
    field = kind(info.kind).name_field
    present = [field] if any(f.name == field for f in info.fields) else []
    with np.errstate(invalid="ignore"):  # a coordinate that is no number is refused by name where it is cut
        frame = project.read(info.uid, columns=present)
    names = tuple(frame[field]) if field in frame else (None,) * len(frame)
    return Zones(
        layer_uid=info.uid,
        layer_name=info.name,
        uids=tuple(str(uid) for uid in frame.index),
        names=distinct_names(names),
        geometry=np.array(frame.geometry.array, dtype=object),
        crs=info.crs,
        own_names=tuple(own_name(name) for name in names),
    )


def plane_of(project: Project, measured: LayerInfo, *others: LayerInfo | None) -> pyproj.CRS:
    """Return the system in which shapes are cut: that of the measured layer, or the project's for degrees.

    Raises
    ------
    CrsError
        When it is not in metres, or another layer cannot be brought into it; names the layer.
    """
    plane = project.crs if measured.crs.is_geographic else measured.crs
    where = str(project.path) if measured.crs.is_geographic else measured.name
    try:
        require_projected_metres(plane)
        for info in others:
            if info is not None:
                where = info.name
                coordinate_change(info.crs, plane)
    except CrsError as error:
        raise CrsError(error.what, where=where, remedy=error.remedy, details=error.details) from error
    return plane


def measuring_of(
    project: Project, parameters: ZonedParameters, measured: LayerInfo, *others: LayerInfo | None
) -> Measuring:
    """Return how a layer's areas are measured and cut, as the parameters and the project lay down."""
    return Measuring(
        basis=area_basis_of(project, measured, parameters.basis),
        plane=plane_of(project, measured, *others),
        sliver_m2=parameters.sliver_m2,
        sliver_width_m=parameters.sliver_width_m,
        sliver_policy=SliverPolicy(parameters.sliver_policy),
    )
