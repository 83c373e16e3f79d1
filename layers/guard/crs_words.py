"""Why coordinates are, or are not, taken as something: one sentence each."""

from __future__ import annotations

from layers.datums import datum_name, scale_of, zone_prefix
from layers.guard.hypotheses import Hypothesis
from layers.guard.model import Shift
from layers.guard.taken_as import describe, shift_name
from layers.words import _


def title(hypothesis: Hypothesis) -> str:
    """Return a way's name."""
    return describe(hypothesis.taken_as)


def reason(hypothesis: Hypothesis, *, fits: bool) -> str:
    """Return why the digits speak for a way, or against it."""
    if hypothesis.stated:
        return _stated(hypothesis, fits=fits)
    if not fits:
        return _("The data then lies outside the expected area, near {place}.").format(
            place=place_words(hypothesis)
        )
    return _by_digits(hypothesis)


def _stated(hypothesis: Hypothesis, *, fits: bool) -> str:
    if fits:
        return _("The file says so, and the data then lies in the expected area.")
    extent = hypothesis.placed.extent
    if extent is None:
        return _("The file says so, but its numbers cannot be such coordinates.")
    return _("The file says so, but the data then lies outside the expected area, near {place}.").format(
        place=place_words(hypothesis)
    )


def _by_digits(hypothesis: Hypothesis) -> str:
    taken_as = hypothesis.taken_as
    if taken_as.unit != "m":
        text = _("The numbers lie in the expected area when read in {unit}.").format(unit=taken_as.unit)
    elif taken_as.offset != (0.0, 0.0):
        text = _("Leading digits seem to be cut off, as in local drawings; with them the data lies there.")
    elif taken_as.shift is not Shift.NONE:
        text = _(
            "{name} cannot be told from true coordinates by its numbers; only base data can tell."
        ).format(name=shift_name(taken_as.shift))
    elif hypothesis.legacy:
        text = _(
            "{datum} has the same digits as CGCS2000, some hundred metres apart; only the file or its origin "
            "can tell."
        ).format(datum=datum_name(taken_as.crs))
    elif taken_as.swapped:
        text = _("With X and Y exchanged the data lies in the expected area.")
    else:
        text = _by_grid(hypothesis)
    return text


def _by_grid(hypothesis: Hypothesis) -> str:
    crs = hypothesis.taken_as.crs
    if crs.is_geographic:
        return _("The numbers are longitude and latitude in the expected area.")
    zone = zone_prefix(crs)
    if zone is not None:
        return _("The eastings begin with zone {zone}, and the data then lies in the expected area.").format(
            zone=zone
        )
    if not hypothesis.usual:
        return _("About this meridian the data lies in the expected area; about the usual ones it does not.")
    if scale_of(crs) != 1.0:
        return _(
            "The data then lies in the expected area. UTM and a 6-degree zone differ by the scale 0.9996 "
            "only, about 1 km to the north."
        )
    return _("In this zone the data lies in the expected area.")


def place_words(hypothesis: Hypothesis) -> str:
    """Return the middle of where the data comes to lie, in degrees."""
    extent = hypothesis.placed.extent
    if extent is None:
        return "-"
    west, south, east, north = extent
    return f"{(west + east) / 2:.2f}°E {(south + north) / 2:.2f}°N"
