"""What the rule's sources find in a project's layers, brought into one plane."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.area import measure, to_cents
from layers.crs import transform
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.classes import class_codes, class_standard
from zsgis.analysis.clauses.conclusions import Conclusion
from zsgis.analysis.clauses.evidence import Evidence, found
from zsgis.analysis.clauses.parameters import ClauseParameters
from zsgis.analysis.clauses.rules import ClauseRule
from zsgis.analysis.clauses.running import run_clauses
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.judging import IN_FORCE, Verdict
from zsgis.analysis.layered import NOBODY, cut_by_layers
from zsgis.analysis.rule_files import read_rule
from zsgis.analysis.uniting import united
from zsgis.analysis.zoned import NO_ZONES, Measuring
from zsgis.result import Finding, Severity
from zsgis.supply.model import Lot
from zsgis.supply.rules import Source, SupplyRule

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class Gathered:
    """The lots in the order of the rule, the layers they come from, and what was not there."""

    lots: tuple[Lot, ...]
    used: tuple[tuple[str, LayerInfo], ...]
    findings: tuple[Finding, ...]
    rules: dict[str, str]


def gather(project: Project, rule: SupplyRule, how: Measuring, day: dt.date, progress: Progress) -> Gathered:
    """Return what every source of the rule finds; a source whose layer the project lacks is named.

    Raises
    ------
    InputError
        When a rule file named by a source cannot be used.
    GeometryError
        Names the feature that cannot be used.
    JobCancelled
    """
    lots: list[Lot] = []
    used: dict[str, tuple[str, LayerInfo]] = {}
    findings: list[Finding] = []
    rules: dict[str, str] = {}
    for number, source in enumerate(rule.sources):
        part = ProgressPart(progress, number / len(rule.sources), (number + 1) / len(rule.sources))
        part.step(0.0, source.title)
        there = project.layers_of(source.kind)
        if not there:
            text = _("{source}: the project has no layer of “{kind}”; nothing is gathered from it.")
            findings.append(
                Finding(
                    "supply.no_layer",
                    Severity.NOTE,
                    text.format(source=source.title, kind=_(kind(source.kind).title)),
                )
            )
            continue
        info = there[0]
        used[info.uid] = (source.key, info)
        if source.how == "unsupplied":
            lot, told = _unsupplied(project, source, info, how, part)
            used.update({side.uid: ("supplied", side) for side in project.layers_of("supplied")[:1]})
            findings += told
        elif source.how == "clauses":
            lot, words = _concluded(project, source, info, how, day, part)
            rules[source.key] = words
        else:
            lot = _filtered(project, source, info, how, day)
        lots.append(lot)
    progress.step(1.0)
    return Gathered(tuple(lots), tuple(used.values()), tuple(findings), rules)


def _lot(source: Source, info: LayerInfo, features: Features, how: Measuring) -> Lot:
    """Return features in the plane; those without a shape are land nowhere."""
    plane = transform(features.geometry, features.crs, how.plane)
    there = np.flatnonzero(~(shapely.is_missing(plane) | shapely.is_empty(plane)))
    chosen = features.taken(there.tolist())
    return Lot(
        source,
        info.uid,
        info.name,
        dataclasses.replace(chosen, geometry=plane[there], crs=how.plane, columns={}),
    )


def _unsupplied(
    project: Project, source: Source, info: LayerInfo, how: Measuring, progress: Progress
) -> tuple[Lot, tuple[Finding, ...]]:
    approved = read_features(project, info)
    sides = project.layers_of("supplied")[:1]
    if not sides:
        text = _("{source}: no supplied land is known; all approved land counts as unsupplied.")
        told = Finding("supply.no_supplied", Severity.WARNING, text.format(source=source.title))
        return _lot(source, info, approved, how), (told,)
    pieces = cut_by_layers(approved, [read_features(project, sides[0])], how, progress)
    left = np.flatnonzero(pieces.member[:, 0] == NOBODY)
    left = left[np.argsort(pieces.feature[left], kind="stable")]
    places, first = np.unique(pieces.feature[left], return_index=True)
    shapes = np.empty(len(places), dtype=object)
    shapes[:] = [united(pieces.geometry[mine]) for mine in np.split(left, first[1:])] if len(places) else []
    remaining = dataclasses.replace(approved.taken(places.tolist()), geometry=shapes, crs=how.plane)
    return _lot(source, info, remaining, how), pieces.findings


def _filtered(project: Project, source: Source, info: LayerInfo, how: Measuring, day: dt.date) -> Lot:
    features = read_features(project, info, source.fields)
    keep = np.ones(len(features), dtype=bool)
    if source.where:
        evidence = _evidence(project, info, features, how, day)
        for clause in source.where:
            met = [each.judged.verdict is Verdict.MEETS for each in found(clause, evidence, IN_FORCE)]
            keep &= np.array(met, dtype=bool)
    for name, values in source.unless.items():
        keep &= np.array([text not in values for text in features.texts(name)], dtype=bool)
    return _lot(source, info, features.taken(np.flatnonzero(keep).tolist()), how)


def _evidence(
    project: Project, info: LayerInfo, features: Features, how: Measuring, day: dt.date
) -> Evidence:
    cents = to_cents(np.nan_to_num(measure(_plain(features), features.crs, how.basis)))
    area = np.where(cents > 0, cents / 100, np.nan)
    field = kind(info.kind).class_field
    industrial: tuple[bool | None, ...] = (None,) * len(features)
    if field and features.present(field):
        standard = class_standard(project, info)
        codes = class_codes(features.columns[field], standard)
        told = {code: standard.is_industrial(code) for code in set(codes)}
        industrial = tuple(told[code] for code in codes)
    return Evidence(features, area, industrial, {}, day)


def _plain(features: Features) -> np.ndarray:
    """Return shapes that can be measured: an empty one instead of none."""
    shapes = np.array(features.geometry, dtype=object)
    shapes[shapely.is_missing(shapes)] = shapely.Polygon()
    return shapes


def _concluded(
    project: Project, source: Source, info: LayerInfo, how: Measuring, day: dt.date, progress: Progress
) -> tuple[Lot, str]:
    rule = read_rule(ClauseRule, source.rule, "policy_idle")
    concluded = dict(conclusions_of(project, info, rule, source.conclusions, day, progress))
    features = read_features(project, info)
    places = [place for place, uid in enumerate(features.uids) if uid in concluded]
    return _lot(source, info, features.taken(places), how), rule.words


def conclusions_of(
    project: Project,
    info: LayerInfo,
    rule: ClauseRule,
    wanted: tuple[str, ...],
    day: dt.date,
    progress: Progress,
) -> Iterator[tuple[str, str]]:
    """Yield uid and conclusion, in words, of the features of which a rule concludes what is wanted."""
    asked = ClauseParameters(subject=info.uid, zones=NO_ZONES, on=day.isoformat())
    result = run_clauses("supply", rule.title, project, rule, asked, progress)
    words = {Conclusion[name.upper()].words(rule) for name in wanted} - {""}
    picture = result.maps[0]
    for uids, said in zip(picture.sources, picture.columns[picture.color_by], strict=True):
        if said in words:
            yield uids[0], said
