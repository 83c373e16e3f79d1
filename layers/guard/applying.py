"""Coordinates corrected as they were taken: put in order, scaled, completed, off shifts and legacy datums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import GEOGRAPHIC_CGCS2000, coordinate_change, describe_crs, parse_crs, transform
from layers.datum_parameters import DatumParameters
from layers.datums import central_meridian, false_easting, is_transverse_mercator, zone_prefix
from layers.errors import CrsError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.guard.model import Shift
from layers.guard.placing import is_legacy, moved
from layers.guard.taken_as import TakenAs, shift_name
from layers.map_systems import gauss_kruger
from layers.words import _


@dataclass(frozen=True)
class Applied:
    """Corrected shapes.

    Attributes
    ----------
    geometry : ndarray of shapely geometries
        In ``crs``; x east, y north, heights as they were.
    crs : pyproj.CRS
        Never on a legacy datum.
    notes : tuple of SourceNote
        What was done to the numbers; empty where nothing was.
    """

    geometry: NDArray[Any]
    crs: pyproj.CRS
    notes: tuple[SourceNote, ...]


def apply(taken_as: TakenAs, geometry: NDArray[Any], parameters: Sequence[DatumParameters] = ()) -> Applied:
    """Return shapes as they are once their coordinates are taken as something.

    Parameters
    ----------
    geometry : ndarray of shapely geometries, shape (n,)
        As they stand in the file.
    parameters : sequence of DatumParameters
        The user's own; one is used only where ``taken_as`` names it.

    Raises
    ------
    CrsError
        When a point does not fit the system; on a legacy datum without named parameters, or where no set of
        that name leads away from it.
    """
    shapes = moved(np.asarray(geometry, dtype=object), taken_as)
    notes = _notes(taken_as)
    if not is_legacy(taken_as.crs):
        return Applied(shapes, taken_as.crs, notes)
    chosen, target = _named(taken_as, parameters), current_grid(taken_as.crs)
    change = coordinate_change(taken_as.crs, target, (chosen,))
    note = SourceNote("guard.parameters", Severity.WARNING, change.description)
    return Applied(transform(shapes, taken_as.crs, target, (chosen,)), target, (*notes, note))


def _named(taken_as: TakenAs, parameters: Sequence[DatumParameters]) -> DatumParameters:
    for each in parameters:
        if taken_as.parameters and each.name == taken_as.parameters:
            return each
    known = "、".join(each.name for each in parameters)
    raise CrsError(
        _("{crs}: without your own parameters the data cannot be brought to CGCS2000.").format(
            crs=describe_crs(taken_as.crs)
        ),
        remedy=_("Enter the parameters (3, 4 or 7) and name them: +with:NAME. Known: {names}").format(
            names=known or "-"
        ),
    )


def current_grid(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the grid on CGCS2000 with the same meridian and false easting as one on a legacy datum.

    Raises
    ------
    CrsError
        When the projection is not Gauss-Krüger.
    """
    if crs.is_geographic:
        return parse_crs(GEOGRAPHIC_CGCS2000)
    meridian, easting, zone = central_meridian(crs), false_easting(crs), zone_prefix(crs)
    if meridian is None or easting is None or not is_transverse_mercator(crs):
        raise CrsError(
            _("{crs} is no Gauss-Krüger system.").format(crs=describe_crs(crs)),
            remedy=_("Have the data projected to Gauss-Krüger first, for Zhongshan about 114°."),
        )
    if zone is None:
        return gauss_kruger(meridian, false_easting=easting)
    return gauss_kruger(meridian, width=3 if zone * 3 == meridian else 6, with_zone=True)


def _notes(taken_as: TakenAs) -> tuple[SourceNote, ...]:
    texts = []
    if taken_as.swapped:
        texts.append(("guard.swapped", _("X and Y stood exchanged in the file; they were put in order.")))
    if taken_as.unit != "m":
        text = _("The coordinates stood in {unit}; they were turned into metres.").format(unit=taken_as.unit)
        texts.append(("guard.unit", text))
    if taken_as.offset != (0.0, 0.0):
        east, north = taken_as.offset
        text = _("{east:,.3f} m were added to the eastings and {north:,.3f} m to the northings.")
        texts.append(("guard.offset", text.format(east=east, north=north)))
    if taken_as.shift is not Shift.NONE:
        text = _(
            "The shift of {name} was taken off; the formula is not official, and such data is no survey "
            "evidence."
        ).format(name=shift_name(taken_as.shift))
        texts.append(("guard.shift", text))
    return tuple(SourceNote(code, Severity.WARNING, text) for code, text in texts)
