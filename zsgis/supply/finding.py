"""The whole way from a project's layers to candidates of land: gathered, joined, placed, scored, grouped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.area import M2_PER_MU
from layers.errors import InputError, UsageError
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.contiguity.near import box_pairs, components, within
from zsgis.analysis.features import read_features
from zsgis.analysis.layered import NOBODY
from zsgis.analysis.layers_used import area_basis_of
from zsgis.analysis.suitability.measuring import measure_parcels
from zsgis.analysis.suitability.parameters import SuitabilityParameters
from zsgis.analysis.suitability.rules import suitability_rule
from zsgis.analysis.suitability.sources import find_sources
from zsgis.analysis.suitability.weighting import weighting_of
from zsgis.analysis.zoned import Measuring, UsedLayer, plane_of
from zsgis.overlay import SliverPolicy
from zsgis.result import Finding, Severity
from zsgis.supply.gathering import gather
from zsgis.supply.joining import join_lots, overlap_findings
from zsgis.supply.model import Land, Placed, Supply
from zsgis.supply.parameters import SupplyParameters
from zsgis.supply.placing import Classes, classes_over, covering, draws_of, lines_over, named_by_most
from zsgis.supply.rooms import rooms_of
from zsgis.supply.rules import SupplyRule

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """The supply, how it was measured, and the rules by which it was found."""

    supply: Supply
    how: Measuring
    rules: dict[str, str]


def find_supply(
    project: Project, rule: SupplyRule, parameters: SupplyParameters, progress: Progress
) -> Found:
    """Return all land that could be supplied, each piece once, with where it lies and what stands against it.

    Raises
    ------
    InputError
        When the project has none of the layers that the rule gathers from, or a rule cannot be used.
    GeometryError
        Names the feature that cannot be used.
    JobCancelled
    """
    first = next((info for each in rule.sources for info in project.layers_of(each.kind)), None)
    if first is None:
        raise InputError(
            _("The project has no layer from which land is gathered."),
            where=str(project.path),
            remedy=_(
                "Import approved, supplied, idle, reserve or redevelopment land, or industrial parcels."
            ),
        )
    how = _measuring(project, parameters, first)
    gathered = gather(project, rule, how, parameters.day, ProgressPart(progress, 0.0, 0.35))
    land = join_lots(gathered.lots, how, rule.least_m2, ProgressPart(progress, 0.35, 0.5))
    places = _Placing(project, land, rule, how, list(gathered.used))
    placed = places.placed(parameters.gap_m, ProgressPart(progress, 0.5, 0.9))
    rooms, rooms_info, words = rooms_of(project, rule.rooms, parameters.day, ProgressPart(progress, 0.9, 1.0))
    if rooms_info is not None:
        places.used.append(("rooms", rooms_info))
    findings = (*gathered.findings, *land.findings, *overlap_findings(land), *places.findings)
    rules = {"supply": rule.words, **gathered.rules, **places.rules, **({"rooms": words} if words else {})}
    return Found(Supply(land, placed, rooms, findings, tuple(places.layers(how))), how, rules)


def _measuring(project: Project, parameters: SupplyParameters, first: LayerInfo) -> Measuring:
    return Measuring(
        area_basis_of(project, first, parameters.basis),
        plane_of(project, first),
        parameters.sliver_m2,
        parameters.sliver_width_m,
        SliverPolicy(parameters.sliver_policy),
    )


class _Placing:
    """What is told of land on the layers of a project."""

    def __init__(
        self,
        project: Project,
        land: Land,
        rule: SupplyRule,
        how: Measuring,
        used: list[tuple[str, LayerInfo]],
    ) -> None:
        self._project, self._land, self._rule, self._how = project, land, rule, how
        self.used = used
        self.findings: list[Finding] = []
        self.rules: dict[str, str] = {}

    def layers(self, how: Measuring) -> list[UsedLayer]:
        """Return the layers that took part, each once."""
        seen: dict[str, UsedLayer] = {}
        for role, info in self.used:
            gathered = role in {each.key for each in self._rule.sources}
            seen.setdefault(info.uid, UsedLayer(role, info, how.basis if gathered else None))
        return list(seen.values())

    def placed(self, gap_m: float, progress: Progress) -> tuple[Placed, ...]:
        """Return where each piece lies and what stands against it."""
        land, project, how = self._land, self._project, self._how
        towns, info = named_by_most(project, "towns", land, how, ProgressPart(progress, 0.0, 0.1))
        self._use("towns", info)
        platforms, info = named_by_most(project, "platforms", land, how, ProgressPart(progress, 0.1, 0.15))
        self._use("platforms", info)
        classes = self._classes("land_use", ProgressPart(progress, 0.15, 0.35))
        planned = self._classes("territorial_plan", ProgressPart(progress, 0.35, 0.45))
        forest = self._forest(ProgressPart(progress, 0.45, 0.5))
        lines, usable, told = lines_over(
            project, land, self._rule.lines, how, ProgressPart(progress, 0.5, 0.65)
        )
        self.findings += told
        self._use("control_lines", next(iter(project.layers_of("control_lines")), None))
        draws = draws_of(land, classes, forest)
        self._tell_untold(classes)
        score, excluded = self._scores(ProgressPart(progress, 0.65, 0.95))
        group = contiguous(land, gap_m, ProgressPart(progress, 0.95, 1.0))
        return tuple(
            Placed(
                town=towns[place],
                platform=platforms[place],
                class_code=classes.codes[place] if classes else "",
                class_name=classes.names[place] if classes else "",
                planned_code=planned.codes[place] if planned else "",
                lines={title: int(each[place]) for title, each in lines.items() if each[place] > 0},
                usable_cents=int(usable[place]),
                draws_cents=draws[place],
                untold_cents=int(classes.untold[place]) if classes and self._draws(place) else 0,
                score=float(score[place]),
                excluded=bool(excluded[place]),
                group=int(group[place]),
                cost_yuan=_cost_yuan(land, place, int(usable[place])),
            )
            for place in range(len(land))
        )

    def _use(self, role: str, info: LayerInfo | None) -> None:
        if info is not None:
            self.used.append((role, info))

    def _draws(self, place: int) -> bool:
        return self._land.reasons[place][0].source.draws

    def _classes(self, kind_key: str, progress: Progress) -> Classes | None:
        info = next(iter(self._project.layers_of(kind_key)), None)
        if info is None:
            return None
        self._use(kind_key, info)
        return classes_over(self._project, info, self._land, self._rule, self._how, progress)

    def _forest(self, progress: Progress) -> IntArray | None:
        info = next(iter(self._project.layers_of("forest_stands")), None)
        if info is None:
            return None
        self._use("forest_stands", info)
        covers, _told = covering(self._land, read_features(self._project, info), self._how, progress)
        return covers.sums(covers.member != NOBODY, len(self._land))

    def _tell_untold(self, classes: Classes | None) -> None:
        drawing = [place for place in range(len(self._land)) if self._draws(place)]
        if not drawing:
            return
        if classes is None:
            text = _("The project has no land use; what new land draws on the quotas is not known.")
            self.findings.append(Finding("supply.no_land_use", Severity.WARNING, text))
            return
        untold = [place for place in drawing if classes.untold[place] > 0]
        if untold:
            text = _(
                "{count} candidates draw on quotas with {area:,.2f} m² of unknown class; it is counted "
                "nowhere."
            ).format(count=len(untold), area=float(classes.untold[untold].sum()) / 100)
            self.findings.append(Finding("supply.class_unknown", Severity.WARNING, text))

    def _scores(self, progress: Progress) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Return suitability, 0 to 100, and what a hard limit excludes."""
        count = len(self._land)
        unknown = np.full(count, np.nan), np.zeros(count, dtype=np.bool_)
        if not count:
            return unknown
        chosen, shipped = SuitabilityParameters(), suitability_rule("")
        # control lines are told by the rule of supply, which takes off a part and not the whole
        limits = tuple(each for each in shipped.limits if each.kind != "control_lines")
        rule = shipped.model_copy(update={"limits": limits})
        parcels = self._land.features(_("Candidates"))
        sources = find_sources(self._project, rule, chosen)
        measured = measure_parcels(self._project, parcels, rule, sources, self._how, progress)
        self.used += [("criterion", info) for info in measured.infos]
        self.findings += [each for each in measured.findings if each not in self.findings]
        try:
            weights = weighting_of(rule.criteria, measured.used, chosen).weights
        except UsageError as error:
            self.findings.append(Finding("supply.no_score", Severity.NOTE, error.what))
            return unknown
        self.rules["suitability"] = rule.words
        beyond = np.array([limit.most_share_pct for limit in rule.limits], dtype=np.float64)
        excluded = np.asarray((np.nan_to_num(measured.limits, nan=-1.0) > beyond).any(axis=1), dtype=np.bool_)
        return np.where(excluded, np.nan, measured.parts @ weights), excluded


def contiguous(land: Land, gap_m: float, progress: Progress) -> IntArray:
    """Return the group of each piece of land, 0 for the largest; -1 for what stands alone, shape (n,)."""
    count = len(land)
    left, right = box_pairs(land.geometry, land.geometry, gap_m, ProgressPart(progress, 0.0, 0.5))
    once = left < right
    left, right = left[once], right[once]
    near = within(land.geometry[left], land.geometry[right], gap_m, ProgressPart(progress, 0.5, 1.0))
    label = components(count, left[near], right[near])
    sizes = np.bincount(label, minlength=1)
    area = np.bincount(label, weights=land.cents, minlength=1)
    grouped = np.flatnonzero(sizes > 1)
    order = grouped[np.lexsort((grouped, -area[grouped]))]
    number = np.full(len(sizes), -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    return number[label] if count else np.zeros(0, dtype=np.int64)


def _cost_yuan(land: Land, place: int, cents: int) -> int | None:
    each = land.reasons[place][0].source.cost_10k_yuan_per_mu
    return None if each is None else round(cents / 100 / M2_PER_MU * each * 10_000)
