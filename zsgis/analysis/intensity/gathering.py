"""The amounts of every indicator, from the layers that are there; reasons for those that are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.intensity.amounts import Amount, Mask, amount, within
from zsgis.analysis.intensity.land import CONSTRUCTION, INDUSTRIAL, ClassedLand
from zsgis.analysis.zoned import (
    FloatArray,
    Measured,
    Measuring,
    Shapes,
    Zones,
    measure_pieces,
    overlay_findings,
)
from zsgis.result import Finding, Severity

_TOLD = {
    "overlay.features_overlap",
    "overlay.repaired_ring",
    "overlay.snapped",
    "overlay.no_shape",
    "overlay.imbalance",
}


@dataclass
class Gathering:
    """Collects amounts by key, or why there is none.

    Attributes
    ----------
    amounts : dict of str to Amount
    missing : dict of str to str
        Reason why an amount cannot be had.
    """

    land: ClassedLand
    zones: Zones | None
    how: Measuring
    sides: Mapping[str, Features]
    tax_field: str
    amounts: dict[str, Amount] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def gather(self, measured: Measured, progress: Progress) -> None:
        """Gather everything; ``measured`` are the land layer's pieces."""
        self._land(measured)
        steps = (self._supply, self._built, self._idle, self._floor, self._parcels)
        for number, step in enumerate(steps):
            step(ProgressPart(progress, number / len(steps), (number + 1) / len(steps)))

    def _land(self, measured: Measured) -> None:
        land, column = self.land, self.land.column
        masks: dict[str, Mask | None] = {
            "land": None,
            "construction": (column == CONSTRUCTION) | (column == INDUSTRIAL),
            "industrial": column == INDUSTRIAL,
            "built": land.built,
        }
        for key, mask in masks.items():
            self.amounts[key] = amount(land.parcels, self.zones, measured, mask)
        if land.industry is None:
            self.missing["industry"] = _(
                "The rule names no classes of industry, mining and storage of this standard."
            )
        else:
            self.amounts["industry"] = amount(land.parcels, self.zones, measured, land.industry)

    def _layer(self, kind: str, *keys: str) -> Features | None:
        """Return a layer; where there is none, say so of the amounts that need it."""
        reasons = {
            "approved": _("There is no layer of approved red lines."),
            "supplied": _("There is no layer of supplied red lines."),
            "idle": _("There is no layer of idle land."),
            "buildings": _("There is no layer of buildings."),
            "industrial_parcels": _("There is no layer of industrial parcels."),
        }
        found = self.sides.get(kind)
        if found is None:
            self.missing |= {key: reasons[kind] for key in keys if key not in self.missing}
        return found

    def _measured(self, shapes: Shapes, progress: Progress) -> Measured:
        measured = measure_pieces(shapes, self.zones, self.how, progress)
        told = overlay_findings(shapes, self.zones, measured)
        self.findings += [finding for finding in told if finding.code in _TOLD]
        return measured

    def _whole(self, key: str, features: Features, progress: Progress) -> None:
        self.amounts[key] = amount(features, self.zones, self._measured(features, progress))

    def _within(
        self, key: str, base: Features, chosen: Mask | None, cover: Features, progress: Progress
    ) -> None:
        part, found = within(base, chosen, cover, self.how, ProgressPart(progress, 0.0, 0.6))
        self.findings += found
        rest = ProgressPart(progress, 0.6, 1.0)
        self.amounts[key] = amount(part, self.zones, measure_pieces(part, self.zones, self.how, rest))

    def _supply(self, progress: Progress) -> None:
        approved = self._layer("approved", "ready", "supplied_ready")
        supplied = self._layer("supplied", "supplied", "supplied_ready", "built_supplied", "idle_supplied")
        if approved is not None:
            self._whole("ready", approved, ProgressPart(progress, 0.0, 0.3))
        if supplied is not None:
            self._whole("supplied", supplied, ProgressPart(progress, 0.3, 0.6))
        if approved is not None and supplied is not None:
            self._within("supplied_ready", supplied, None, approved, ProgressPart(progress, 0.6, 1.0))

    def _built(self, progress: Progress) -> None:
        supplied = self.sides.get("supplied")
        if supplied is not None:
            self._within("built_supplied", self.land.parcels, self.land.built, supplied, progress)

    def _idle(self, progress: Progress) -> None:
        supplied, idle = self.sides.get("supplied"), self._layer("idle", "idle_supplied")
        if idle is None:
            return
        established = np.array([bool(number) for number in idle.texts("finding_number")], dtype=bool)
        self._suspected(idle, ~established)
        if supplied is not None:
            self._within("idle_supplied", idle, established, supplied, progress)

    def _suspected(self, idle: Features, suspected: Mask) -> None:
        uids = tuple(idle.uids[place] for place in np.flatnonzero(suspected).tolist())
        if uids:
            self.findings.append(
                Finding(
                    "intensity.suspected_idle",
                    Severity.NOTE,
                    _(
                        "{count} parcels of {layer} have no number of an official finding: they are "
                        "suspected to be idle and do not count to the rate of idle land."
                    ).format(count=len(uids), layer=idle.layer_name),
                    {idle.layer_uid: uids},
                )
            )

    def _floor(self, progress: Progress) -> None:
        buildings = self._layer("buildings", "floor")
        if buildings is None:
            return
        measured = self._measured(buildings, progress)
        recorded = buildings.areas_m2("floor_area_m2")
        by_storeys = measured.control_cents / 100 * buildings.numbers("storeys")
        self._shared_out("floor", buildings, measured, np.where(np.isnan(recorded), by_storeys, recorded))

    def _parcels(self, progress: Progress) -> None:
        keys = ("industrial_floor", "industrial_floor_land", "tax", "tax_land")
        parcels = self._layer("industrial_parcels", *keys)
        if parcels is None:
            return
        measured = self._measured(parcels, progress)
        recorded = parcels.areas_m2("floor_area_m2")
        by_ratio = measured.control_cents / 100 * parcels.numbers("floor_area_ratio")
        floor = np.where(np.isnan(recorded), by_ratio, recorded)
        self._shared_out("industrial_floor", parcels, measured, floor)
        if parcels.present(self.tax_field):
            self._shared_out("tax", parcels, measured, parcels.numbers(self.tax_field))
        else:
            reason = _("Layer “{layer}” has no field “{field}”.").format(
                layer=parcels.layer_name, field=self.tax_field
            )
            self.missing |= {"tax": reason, "tax_land": reason}

    def _shared_out(self, key: str, features: Features, measured: Measured, recorded: FloatArray) -> None:
        """Share out what features record; those without a record count neither above nor below the line."""
        usable = np.isfinite(recorded) & (recorded >= 0)
        if not usable.any():
            reason = _("No feature of “{layer}” records it.").format(layer=features.layer_name)
            self.missing |= {key: reason, f"{key}_land": reason}
            return
        self.amounts[key] = amount(features, self.zones, measured, usable, recorded)
        if key != "floor":
            self.amounts[f"{key}_land"] = amount(features, self.zones, measured, usable)
        silent = tuple(features.uids[place] for place in np.flatnonzero(~usable).tolist())
        if silent:
            self.findings.append(
                Finding(
                    "intensity.unrecorded",
                    Severity.WARNING,
                    _(
                        "{count} features of {layer} record no usable figure ({what}) and are left out of it."
                    ).format(count=len(silent), layer=features.layer_name, what=_what(key)),
                    {features.layer_uid: silent},
                )
            )


def _what(key: str) -> str:
    return _("taxes") if key == "tax" else _("floor area")
