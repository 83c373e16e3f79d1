"""One layer held under a red line: its section, or why it was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from layers.classification import LandClass3Rules, land_class3_rules
from layers.crs import transform
from layers.errors import CrsError, GeometryError
from layers.findings import Finding
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.layers_used import area_basis_of
from zsgis.analysis.zone_names import called
from zsgis.redline.boundary import Boundary
from zsgis.redline.classes import Reading
from zsgis.redline.cutting import Cut, cut_layer
from zsgis.redline.model import (
    Line,
    LineRole,
    Outcome,
    Section,
    SectionPieces,
)
from zsgis.redline.near import Near, read_near, standard_near
from zsgis.redline.planes import plane_of_section
from zsgis.redline.printing import lines_of
from zsgis.redline.rules import Effect, RedlineRules, SectionRule, Where, heaviest
from zsgis.redline.section_findings import section_findings

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_OUTCOME = {Effect.INFO: Outcome.INFO, Effect.WARN: Outcome.WARN, Effect.FORBIDDEN: Outcome.FORBIDDEN}
_CLASS_NAME = "class_name"


class _NothingToCheckError(Exception):
    """A layer holds nothing that a section could look at; the text says what is missing."""


@dataclass
class SectionMaker:
    """Makes the sections of red lines against one project; remembers what holds for a layer as a whole."""

    project: Project
    rules: RedlineRules
    great: LandClass3Rules = field(default_factory=land_class3_rules)
    _values: dict[tuple[str, int, str], frozenset[str]] = field(default_factory=dict)

    def make(
        self, rule: SectionRule, info: LayerInfo, boundary: Boundary, plane: pyproj.CRS, progress: Progress
    ) -> tuple[Section, tuple[Finding, ...]] | None:
        """Return the section of a layer with its findings; None where the rule lets it be left out."""
        try:
            near = self._near(rule, info, boundary, ProgressPart(progress, 0.0, 0.2))
            if rule.skip_when_empty and not any(any(near.values[name]) for name in rule.class_fields):
                return None
            names = called(value or None for value in near.values[kind(info.kind).name_field])
            basis = area_basis_of(self.project, info, rule.basis)
            cut = cut_layer(
                boundary,
                near,
                basis,
                plane_of_section(info, basis, plane),
                self.rules.settings,
                names=names,
                progress=ProgressPart(progress, 0.2, 0.8),
            )
        except _NothingToCheckError as nothing:
            return unchecked(rule, str(nothing)), ()
        except (CrsError, GeometryError) as error:
            reason = _("Layer “{layer}” cannot be used: {reason}").format(layer=info.name, reason=error)
            return unchecked(rule, reason), ()
        reading = Reading(rule, self.rules, standard_near(near), self.great)
        progress.step(0.8)
        lines, of_piece = lines_of(cut, near, reading, _rest_name(rule, info), self.rules.settings)
        progress.step(0.9)
        outcome, reason = _judged(rule, info, boundary, lines, self.rules.settings.ha_digits)
        section = Section(
            key=rule.key,
            title=rule.title,
            clause=rule.clause,
            source=rule.source,
            status=rule.status,
            outcome=outcome,
            reason=reason,
            layer=near.used(reading.of),
            basis=basis,
            total_cents=cut.total_cents,
            lines=lines,
            pieces=_pieces(cut, near, of_piece),
            correction_m2=cut.correction_m2,
            has_ownership=bool(rule.ownership_field),
            has_land_classes=rule.land_classes,
        )
        return section, section_findings(section, near, cut, reading, names)

    def _near(self, rule: SectionRule, info: LayerInfo, boundary: Boundary, progress: Progress) -> Near:
        if not info.feature_count or info.bounds is None:
            raise _NothingToCheckError(_("Layer “{layer}” is empty.").format(layer=info.name))
        declared = kind(info.kind)
        beside = [_CLASS_NAME] if declared.has_field(_CLASS_NAME) else []
        near = read_near(
            self.project,
            info,
            boundary,
            (*rule.fields, declared.name_field, *([declared.class_field] if beside else []), *beside),
            progress,
        )
        return near if rule.where is None else self._chosen(rule, rule.where, near)

    def _chosen(self, rule: SectionRule, where: Where, near: Near) -> Near:
        """Return the features a section looks at; a layer that holds none anywhere cannot be checked by."""
        elsewhere = self.rules.named_elsewhere(rule, near.info.kind)

        def wanted(value: str) -> bool:
            return value not in elsewhere if where.others else value in where.values

        chosen = np.array([wanted(value) for value in near.values[where.field]], dtype=bool)
        if not chosen.any() and not any(wanted(value) for value in self._all_values(near.info, where.field)):
            names = _("other values") if where.others else "、".join(where.values)
            raise _NothingToCheckError(
                _("Layer “{layer}” holds no feature of this kind: {names}.").format(
                    layer=near.info.name, names=names
                )
            )
        return near.take(chosen)

    def _all_values(self, info: LayerInfo, name: str) -> frozenset[str]:
        key = (info.uid, info.version, name)
        if key not in self._values:
            if not any(each.name == name for each in info.fields):
                return frozenset()
            blocks = self.project.table(info).blocks([name])
            self._values[key] = frozenset(
                "" if row[0] is None else str(row[0]).strip() for block in blocks for row in block
            )
        return self._values[key]


def unchecked(rule: SectionRule, reason: str) -> Section:
    """Return a section that was not checked, with the reason."""
    return Section(rule.key, rule.title, rule.clause, rule.source, rule.status, Outcome.NOT_CHECKED, reason)


def _rest_name(rule: SectionRule, info: LayerInfo) -> str:
    if rule.is_complete(info.kind):
        return _("Data does not cover it")
    return rule.rest_as or _("Not touched")


def _judged(
    rule: SectionRule, info: LayerInfo, boundary: Boundary, lines: Sequence[Line], digits: int
) -> tuple[Outcome, str]:
    """Return what a section came to, and what is missing for it to be the whole truth."""
    hits = [line for line in lines if line.role is LineRole.CLASS and not line.sliver]
    rest = [line for line in lines if line.role is LineRole.REST and not line.sliver]
    complete = rule.is_complete(info.kind)
    gap = ""
    if rest and complete:
        gap = _("Layer “{layer}” has no data for {ha} ha of the red line.").format(
            layer=info.name, ha=f"{rest[0].ha:,.{digits}f}"
        )
    elif not complete and not _within(boundary, info):
        gap = _(
            "The red line reaches beyond the extent of layer “{layer}”: that nothing lies there may mean "
            "that there is no data."
        ).format(layer=info.name)
    if not hits and complete:
        return Outcome.NO_DATA, gap
    effects = [line.effect for line in hits]
    effects += [line.effect for line in rest if not complete]
    heavy = heaviest(*effects)
    if not hits and heavy is Effect.INFO:
        return Outcome.CLEAR, gap
    return _OUTCOME[heavy], gap


def _within(boundary: Boundary, info: LayerInfo) -> bool:
    """Tell whether a layer's extent holds the red line."""
    west, south, east, north = info.bounds or (0.0, 0.0, 0.0, 0.0)
    shape = transform(np.array([boundary.geometry], dtype=object), boundary.crs, info.crs)[0]
    return bool(shapely.covers(shapely.box(west, south, east, north), shapely.box(*shapely.bounds(shape))))


def _pieces(cut: Cut, near: Near, of_piece: np.ndarray[tuple[int], np.dtype[np.int64]]) -> SectionPieces:
    rest_cents = [cut.rest_cents] * len(cut.rest)
    return SectionPieces(
        geometry=np.concatenate([cut.geometry, cut.rest]),
        line=of_piece,
        uids=(*(near.uids[place] for place in cut.feature.tolist()), *("" for _each in cut.rest)),
        cents=np.concatenate([cut.cents, np.array(rest_cents, dtype=np.int64)]),
        crs=cut.plane,
    )
