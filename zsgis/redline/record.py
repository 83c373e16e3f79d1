"""The record of a red-line check: what went in, by which rules, and the figures."""

from __future__ import annotations

import uuid
from datetime import datetime

from layers.crs import describe_crs
from layers.words import _
from zsgis import __version__
from zsgis.redline.boundary import Boundary
from zsgis.redline.model import LayerUsed, Section
from zsgis.redline.rules import RedlineRules
from zsgis.result import InputRecord, RunRecord

CAPABILITY = "redline"


def facts_of(sections: tuple[Section, ...], planar: int, ellipsoidal: int) -> dict[str, object]:
    """Return the figures that a run's record keeps; areas in m2 from cents."""
    return {
        "planar_m2": planar / 100,
        "ellipsoidal_m2": ellipsoidal / 100,
        "sections": [
            {
                "key": section.key,
                "layer": section.layer.name if section.layer else "",
                "outcome": section.outcome.value,
                "total_m2": section.total_cents / 100,
                "hit_m2": sum(line.cents for line in section.hits) / 100,
            }
            for section in sections
        ],
    }


def record_of(
    boundary: Boundary, rules: RedlineRules, sections: tuple[Section, ...], started: datetime
) -> RunRecord:
    """Return the record of a run: red line, data and rules; its seconds are not known yet."""
    of_boundary = InputRecord(
        role="boundary",
        layer_uid="",
        name=boundary.source.file or boundary.name,
        kind="zones",
        version=0,
        feature_count=1,
        sha256=boundary.source.sha256,
        crs=describe_crs(boundary.crs),
    )
    by_use = {(s.layer.uid, s.key): (s.layer, s) for s in sections if s.layer is not None}
    return RunRecord(
        uid=str(uuid.uuid4()),
        capability=CAPABILITY,
        started=started.isoformat(timespec="seconds"),
        seconds=0.0,
        program_version=__version__,
        parameters={
            "boundary": boundary.name,
            "layer": boundary.source.layer,
            "place": boundary.source.place,
            "taken_as": boundary.source.taken_as,
            **rules.settings.model_dump(mode="json"),
        },
        inputs=(of_boundary, *(_input(layer, section) for layer, section in by_use.values())),
        method=_method(),
        rules={"redline": rules.words, "ellipsoidal_area": "国土调查办发〔2008〕32号, CGCS2000"},
    )


def _input(layer: LayerUsed, section: Section) -> InputRecord:
    return InputRecord(
        role=section.title,
        layer_uid=layer.uid,
        name=layer.name,
        kind=layer.kind,
        version=layer.version,
        feature_count=layer.read,
        sha256=layer.sha256,
        crs=describe_crs(layer.crs),
        standard=layer.standard,
        area_basis=section.basis.value if section.basis is not None else "",
    )


def _method() -> tuple[str, ...]:
    return (
        _(
            "The red line is cut by the features of each layer in the plane; pieces, less what features "
            "cover twice, and what lies in none add up to the red line to 0.01 m²."
        ),
        _(
            "Areas stand on each layer's basis. A feature that lies in the red line whole keeps its own "
            "area; pieces at the red line's edge are forced to the red line's own area on the basis."
        ),
        _(
            "The fingerprint of a layer is over the features whose box meets the red line's; their number is "
            "given."
        ),
        _("Hectares and shares are printed so that the lines of a section add up to its total."),
    )
