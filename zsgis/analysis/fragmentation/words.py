"""How fragmentation came about, in words and figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.fragmentation.parameters import FragmentationParameters
from zsgis.analysis.fragmentation.tables import Printing
from zsgis.analysis.zoned import Measuring, Shapes, Zones, basis_words, measuring_words
from zsgis.result import Finding, Severity


def notes(
    chosen: str, zones: Zones | None, how: Measuring, parameters: FragmentationParameters
) -> tuple[str, ...]:
    """Return what stands under each table."""
    said = [
        _("Land looked at: {classes}.").format(classes=chosen),
        _("Parcels at most {metres:g} m apart are one patch. Area basis: {basis}.").format(
            metres=parameters.touch_m, basis=basis_words(how.basis)
        ),
    ]
    if zones is not None and parameters.border == "cut":
        said.append(
            _(
                "Patches are cut at the zones' borders; the total counts the layer's patches uncut, so that "
                "numbers of patches do not add up to it."
            )
        )
    if zones is not None and parameters.border == "whole":
        said.append(_("A patch counts whole in the zone that holds most of it."))
    if zones is not None:
        said.append(_("In the total, shares and density refer to the area of all parcels of the layer."))
    return tuple(said)


def method(
    land: Shapes, chosen: str, zones: Zones | None, how: Measuring, parameters: FragmentationParameters
) -> tuple[str, ...]:
    """Return the method in sentences for the run record and the report."""
    return (
        *notes(chosen, zones, how, parameters),
        *measuring_words(land, zones, how),
        _(
            "Distances are true ones in the plane, from nearest point to nearest point; a corner in common "
            "is a distance of 0."
        ),
        _(
            "Shape index: perimeter over that of a circle of equal area, p / (2√(πa)), both in the plane; "
            "gaps up to the tolerance are closed in the outline and not counted in the area."
        ),
        _("Patches under the tolerance of slivers stay in the area and are not counted as patches."),
    )


def sliver_findings(printing: Printing) -> Iterator[Finding]:
    """Yield what is area and no patch."""
    patches = printing.counted.patches
    if patches.sliver.any():
        yield Finding(
            "fragmentation.slivers",
            Severity.NOTE,
            _(
                "{count} patches are slivers of {area:.2f} m² together: land that counts, but no patches."
            ).format(count=int(patches.sliver.sum()), area=patches.cents[patches.sliver].sum() / 100),
            printing.sources(patches, np.flatnonzero(patches.sliver)),
        )


def facts(printing: Printing, how: Measuring) -> dict[str, Any]:
    """Return the exact figures, in m2, per zone and in total."""
    counted = printing.counted
    zones = []
    for number, name in enumerate(counted.names):
        found = printing.figures(number)
        zones.append(
            {
                "zone": name,
                "area_m2": int(counted.cents[number]) / 100,
                "patches": found.count,
                "mean_m2": None if found.mean is None else float(found.mean) / 100,
                "median_m2": None if found.median is None else float(found.median) / 100,
                "largest_m2": found.largest / 100,
                "small_m2": found.small_cents / 100,
            }
        )
    total = printing.figures(None)
    return {
        "area_basis": how.basis.value,
        "zones": zones,
        "counts": {"parcels": len(printing.land.uids), "patches": total.count},
        "area_m2": int(printing.areas.cents.sum()) / 100,
        "counted_twice_m2": counted.twice_cents / 100,
        "layer_m2": counted.layer_cents / 100,
    }
