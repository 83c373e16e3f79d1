"""Features of a project held against a rule file of clauses.

Features
    Those on a zone's border are cut for the table of zones; what they are held against is the whole feature.
    Zones over each other each count theirs, the total once, with a row for the deduction; an empty zone has a
    row of zeros; what lies in no zone has a row of its own. Without a shape the area is missing, and clauses
    on it say so.
Clauses
    Only clauses in force decide: one that is not met excludes a feature, one without data leaves it open.
    Drafts and facts to be checked hint. A missing field or layer is missing data, never a failure. A feature
    that meets every clause but the one that establishes it (the gate) is suspected, and counted apart; so it
    is by a rule that is still to be checked, of which nobody fails. A draft concludes nothing.
Classes
    Read in the layer's standard; an unknown or coarse code is missing data.
Coordinates
    Layers in degrees are cut in the project's plane; areas are on the basis of the features' layer. NaN is
    refused by name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from layers.errors import InputError
from layers.kinds import KINDS, kind
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.classes import class_codes, class_standard
from zsgis.analysis.clauses.conclusions import CONCLUSION_COLORS, Conclusion, Judgement, judge_features
from zsgis.analysis.clauses.evidence import Evidence
from zsgis.analysis.clauses.parameters import ClauseParameters
from zsgis.analysis.clauses.rules import ClauseRule
from zsgis.analysis.clauses.tables import clause_table, feature_table, zone_table
from zsgis.analysis.clauses.what_if import changed_rule, what_if_table
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.layered import NOBODY, cut_by_layers
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.zoned import (
    FloatArray,
    Measured,
    Measuring,
    UsedLayer,
    Zones,
    at_most,
    basis_words,
    chosen_among,
    find_zones,
    input_findings,
    line_table,
    measure_pieces,
    measuring_of,
    measuring_words,
    overlay_findings,
    read_zones,
    signed,
    without_geometry,
)
from zsgis.charts import BarChart, MapClass, ResultMap, Series
from zsgis.printed_balance import printed_unit
from zsgis.result import Finding, Result

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


@dataclasses.dataclass(frozen=True)
class Subject:
    """What is held against the rule, and how.

    Attributes
    ----------
    industrial : sequence of bool or None, length n
    covers : sequence of (clause key, layers)
        Layers that clauses on coverage look at.
    """

    features: Features
    zones: Zones | None
    how: Measuring
    industrial: Sequence[bool | None]
    covers: Sequence[tuple[str, tuple[Features, ...]]]


def compute(
    key: str, title: str, subject: Subject, rule: ClauseRule, parameters: ClauseParameters, progress: Progress
) -> Result:
    """Return verdicts and conclusions: tables, chart, map, findings.

    Reads nothing and changes nothing; the run record holds method and rules, and no inputs yet.
    """
    features, zones, how = subject.features, subject.zones, subject.how
    measured = measure_pieces(features, zones, how, ProgressPart(progress, 0.0, 0.4))
    notices = [
        *input_findings(features, zones, how, measured),
        *overlay_findings(features, zones, measured),
    ]
    outlines = measured.overlay.geometry
    pieces = measured.overlay.feature
    measured = without_geometry(measured)
    covered, more = _covered(subject, ProgressPart(progress, 0.4, 0.7))
    area = np.where(measured.control_cents > 0, measured.control_cents / 100, np.nan)
    evidence = Evidence(features, area, subject.industrial, covered, parameters.day)
    judgement = judge_features(rule, evidence)
    progress.step(0.8, _("Writing the tables"))
    unit = printed_unit(parameters.unit, parameters.digits)
    column = np.array(judgement.conclusions, dtype=np.int64)
    exact = line_table(features, zones, measured, column, len(Conclusion))
    notes = (_("Area basis: {basis}.").format(basis=basis_words(how.basis)),)
    by_zone, _printed = zone_table(judgement, exact, unit, notes)
    tables = [by_zone, feature_table(judgement, unit), clause_table(judgement)]
    if parameters.what_if:
        tried = judge_features(changed_rule(rule, parameters.what_if), evidence)
        tables.insert(1, what_if_table(judgement, tried, parameters.what_if, unit))
    progress.step(1.0)
    return Result(
        capability=key,
        title=title,
        tables=tuple(tables),
        findings=(*notices, *at_most(more)),
        adjustments=(),
        run=unsigned_record((), _method(subject, judgement), {key: rule.words}),
        facts=_facts(judgement, measured),
        charts=(_chart(judgement),),
        maps=(_map(judgement, how, outlines, pieces),),
    )


def _covered(subject: Subject, progress: Progress) -> tuple[dict[str, FloatArray], list[Finding]]:
    out: dict[str, FloatArray] = {}
    noticed: list[Finding] = []
    for number, (key, layers) in enumerate(subject.covers):
        part = ProgressPart(progress, number / len(subject.covers), (number + 1) / len(subject.covers))
        cut = cut_by_layers(subject.features, layers, subject.how, part)
        inside = (cut.member != NOBODY).any(axis=1)
        cents = np.bincount(cut.feature[inside], weights=cut.cents[inside], minlength=len(subject.features))
        whole = cut.control_cents.astype(np.float64)
        out[key] = np.divide(100 * cents, whole, out=np.full(len(whole), np.nan), where=whole > 0)
        noticed += [each for each in cut.findings if each not in noticed]
    return out, noticed


def _facts(judgement: Judgement, measured: Measured) -> dict[str, object]:
    counts = {each.name.lower(): judgement.conclusions.count(each) for each in Conclusion}
    return {
        **counts,
        "features": len(judgement.conclusions),
        "largest_imbalance_m2": float(np.abs(measured.overlay.imbalance_m2).max(initial=0.0)),
    }


def _method(subject: Subject, judgement: Judgement) -> tuple[str, ...]:
    return (
        *measuring_words(subject.features, subject.zones, subject.how),
        _(
            "Every clause of “{rule}” was held against every feature on {day}. Clauses in force decide; "
            "drafts and facts to be checked only hint."
        ).format(rule=judgement.rule.title, day=judgement.evidence.on.isoformat()),
        _("Features are in the order of conclusion, share of clauses met by weight, and name."),
    )


def _chart(judgement: Judgement) -> BarChart:
    met = [each for each in Conclusion if each in judgement.conclusions]
    return BarChart(
        "conclusions",
        _("Features by conclusion"),
        tuple(each.words(judgement.rule) for each in met),
        (Series(_("Number"), tuple(float(judgement.conclusions.count(each)) for each in met)),),
        digits=0,
        colors=tuple(CONCLUSION_COLORS[each] for each in met),
        category_title=_("Conclusion"),
    )


def _map(judgement: Judgement, how: Measuring, outlines: np.ndarray, pieces: np.ndarray) -> ResultMap:
    features, rule = judgement.evidence.features, judgement.rule
    title = _("Conclusion")
    places = pieces.tolist()
    return ResultMap(
        "conclusions",
        _("Map of conclusions"),
        how.plane,
        outlines,
        {
            _("Name"): tuple(features.names[place] for place in places),
            title: tuple(judgement.conclusions[place].words(rule) for place in places),
            _("Reasons"): tuple(judgement.reasons(place) for place in places),
        },
        title,
        tuple(
            MapClass(each.words(rule), each.words(rule), CONCLUSION_COLORS[each])
            for each in Conclusion
            if each in judgement.conclusions
        ),
        features.layer_uid,
        tuple((features.uids[place],) for place in places),
    )


def run_clauses(
    key: str,
    title: str,
    project: Project,
    rule: ClauseRule,
    parameters: ClauseParameters,
    progress: Progress,
) -> Result:
    """Hold the features of a project against a rule.

    Raises
    ------
    InputError
        When the project has no layer that the rule looks at.
    UsageError
        When what is to be tried changes no limit of the rule.
    """
    if parameters.what_if:
        changed_rule(rule, parameters.what_if)
    info = find_layer(project, parameters.subject, rule.kinds)
    if info is None:
        raise InputError(
            _("The project has no layer that the rule “{rule}” looks at.").format(rule=rule.title),
            where=str(project.path),
            remedy=_("Import one of these kinds: {kinds}").format(
                kinds="、".join(_(kind(each).title) for each in rule.kinds)
            ),
        )
    zones_info = find_zones(project, parameters.zones, (info.kind, *_cover_kinds(rule)))
    covers = _cover_infos(project, rule, info)
    others = list({side.uid: side for _key, sides in covers for side in sides}.values())
    features = read_features(project, info, _fields(rule, info))
    zones = None if zones_info is None else read_zones(project, zones_info)
    how = measuring_of(project, parameters, info, zones_info, *others)
    read = {side.uid: read_features(project, side) for side in others}
    subject = Subject(
        features,
        zones,
        how,
        _industrial(project, info, features),
        [(each, tuple(read[side.uid] for side in sides)) for each, sides in covers],
    )
    result = compute(key, title, subject, rule, parameters, ProgressPart(progress, 0.05, 0.98))
    used = [UsedLayer("subject", info, how.basis)]
    used += [UsedLayer("cover", side, how.basis) for side in others]
    used += [UsedLayer("zones", zones_info)] if zones_info is not None else []
    done = signed(project, result, used, how.plane)
    chosen = (
        *chosen_among(project, info, parameters.subject),
        *chosen_among(project, zones_info, parameters.zones),
    )
    return dataclasses.replace(done, findings=chosen + done.findings)


def _fields(rule: ClauseRule, info: LayerInfo) -> tuple[str, ...]:
    wanted = [each.field for each in rule.clauses if each.field]
    if any(each.kind == "floor_area_ratio" for each in rule.clauses):
        wanted += ["floor_area_ratio", "floor_area_m2"]
    if any(each.kind == "industrial" for each in rule.clauses) and kind(info.kind).class_field:
        wanted.append(kind(info.kind).class_field)
    return tuple(dict.fromkeys(wanted))


def _cover_kinds(rule: ClauseRule) -> tuple[str, ...]:
    return tuple(key for each in rule.clauses for key in each.layers if key in KINDS)


def _cover_infos(
    project: Project, rule: ClauseRule, subject: LayerInfo
) -> list[tuple[str, tuple[LayerInfo, ...]]]:
    out = []
    for clause in rule.clauses:
        found = tuple(
            side for key in clause.layers for side in project.layers_of(key)[:1] if side.uid != subject.uid
        )
        if found:
            out.append((clause.key, found))
    return out


def _industrial(project: Project, info: LayerInfo, features: Features) -> tuple[bool | None, ...]:
    field = kind(info.kind).class_field
    if not field or not features.present(field):
        return (None,) * len(features)
    standard = class_standard(project, info)
    codes = class_codes(features.columns[field], standard)
    told = {code: standard.is_industrial(code) for code in set(codes)}
    return tuple(told[code] for code in codes)
