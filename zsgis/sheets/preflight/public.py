"""A sheet for the public against the rule that drops layers and precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from layers.words import _
from zsgis.sheets.layout import MapItem, SheetLayout
from zsgis.sheets.preflight.findings import SheetFinding
from zsgis.sheets.public_use import PublicLimits
from zsgis.sheets.scale import ratio

_TOLERANCE_M = 1e-6


def public_findings(
    layout: SheetLayout, limits: PublicLimits, kind_of: Mapping[str, str]
) -> Iterator[SheetFinding]:
    """Tell what a finished sheet still shows that its use does not allow.

    Parameters
    ----------
    kind_of : mapping
        A layer's uid to its kind.
    """
    for page in layout.pages:
        for item in page.items_of(MapItem):
            yield from _of_map(item, limits, kind_of)


def _of_map(item: MapItem, limits: PublicLimits, kind_of: Mapping[str, str]) -> Iterator[SheetFinding]:
    if item.scale_denominator < limits.largest_scale:
        yield SheetFinding(
            "sheet.public_scale",
            _("The map is at {scale}; {use} allows {most} at most.").format(
                scale=ratio(item.scale_denominator), use=limits.use, most=ratio(limits.largest_scale)
            ),
            blocking=True,
            box=item.box,
        )
    if not limits.coordinates and (item.ticks or item.system is not None):
        yield SheetFinding(
            "sheet.public_coordinates",
            _("The map bears coordinates, which {use} does not allow.").format(use=limits.use),
            blocking=True,
            box=item.box,
        )
    for layer in item.layers:
        if kind_of.get(layer.uid, "") in limits.dropped_kinds:
            yield SheetFinding(
                "sheet.public_layer",
                _("“{layer}” is not shown for {use}.").format(layer=layer.title, use=limits.use),
                blocking=True,
                box=item.box,
            )
        if limits.position_m and _finer(np.asarray(layer.coords), limits.position_m):
            yield SheetFinding(
                "sheet.public_position",
                _("“{layer}” lies more exactly than {length} m, which {use} does not allow.").format(
                    layer=layer.title, length=f"{limits.position_m:g}", use=limits.use
                ),
                blocking=True,
                box=item.box,
            )


def _finer(coords: np.ndarray, step: float) -> bool:
    return bool(np.any(np.abs(coords - np.round(coords / step) * step) > _TOLERANCE_M))
