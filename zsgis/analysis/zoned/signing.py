"""A result signed: the record of its inputs, and what it inherits from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.crs import coordinate_change
from layers.secrecy import highest
from layers.standing import is_schematic
from layers.words import _
from zsgis.analysis.layers_used import input_record
from zsgis.result import Finding, Result, Severity

if TYPE_CHECKING:
    import pyproj

    from layers.kind import AreaBasis
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class UsedLayer:
    """A layer that took part in a result.

    Attributes
    ----------
    role : str
        What it was there for: ``land``, ``zones``.
    basis : AreaBasis or None
        On which its areas were measured; None where none were.
    """

    role: str
    info: LayerInfo
    basis: AreaBasis | None = None


def signed(project: Project, result: Result, used: Sequence[UsedLayer], plane: pyproj.CRS) -> Result:
    """Return the result with its inputs, the demonstration mark, standing and secrecy of what it came from.

    Layers whose coordinates could only be brought into ``plane`` with an uncertainty are named in findings.
    """
    inputs = tuple(
        input_record(project, each.info, each.role, area_basis=each.basis.value if each.basis else "")
        for each in used
    )
    infos = [each.info for each in used]
    return dataclasses.replace(
        result,
        run=dataclasses.replace(result.run, inputs=inputs),
        findings=result.findings + tuple(_uncertain_changes(infos, plane)),
        demo=any(info.demo for info in infos),
        schematic=any(is_schematic(info.status) for info in infos),
        secrecy=highest(*(info.secrecy for info in infos)),
    )


def _uncertain_changes(infos: Sequence[LayerInfo], plane: pyproj.CRS) -> list[Finding]:
    found = []
    for info in infos:
        change = coordinate_change(info.crs, plane)
        if change.uncertainty_m > 0:
            text = _("Layer “{layer}”: {change} Uncertainty {metres:g} m.").format(
                layer=info.name, change=change.description, metres=change.uncertainty_m
            )
            found.append(Finding("crs.uncertain_change", Severity.NOTE, text, {info.uid: ()}))
    return found
