"""The red-line check: one red line held against every layer that a rule names."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from layers.cents import to_cents
from layers.crs import coordinate_change, describe_crs
from layers.errors import GeometryError
from layers.findings import Finding, Severity
from layers.kind import AreaBasis, GeometryType
from layers.kinds import kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.secrecy import highest
from layers.standing import is_schematic
from layers.words import _
from zsgis.redline.boundary import Boundary
from zsgis.redline.cutting import area_of_boundary
from zsgis.redline.model import Outcome, RedlineReport, Section
from zsgis.redline.planes import degrees_beyond_zone, plane_of_boundary, printed_system
from zsgis.redline.points import rings_of
from zsgis.redline.record import facts_of, record_of
from zsgis.redline.rules import RedlineRules, SectionRule
from zsgis.redline.sections import SectionMaker, unchecked
from zsgis.run_records import kept_record

if TYPE_CHECKING:
    import pyproj

    from layers.store import LayerInfo, Project

_SMALLEST_CENTS = 1


def check_redline(
    project: Project, boundary: Boundary, rules: RedlineRules, progress: Progress | None = None
) -> RedlineReport:
    """Check one red line and record the run in the project, unless it is open for reading only.

    Only features near the red line are read. A layer that the project does not have, that is empty or that
    cannot be used makes a section that was not checked; nothing is passed over.

    Raises
    ------
    CrsError
        When neither the red line nor the project is in a plane in metres.
    GeometryError
        When the red line has no area.
    JobCancelled
        When the user stopped; nothing is recorded.
    """
    return RedlineChecker(project, rules).check(boundary, progress)


class RedlineChecker:
    """Checks red lines of one project by one set of rules, one after the other."""

    def __init__(self, project: Project, rules: RedlineRules) -> None:
        self._project = project
        self._rules = rules
        self._maker = SectionMaker(project, rules)

    def check(self, boundary: Boundary, progress: Progress | None = None) -> RedlineReport:
        """Check one red line; see :func:`check_redline`."""
        reporter = progress or NoProgress()
        started, clock = datetime.now(UTC), time.perf_counter()
        plane = plane_of_boundary(boundary, self._project)
        planar, ellipsoidal = (
            int(to_cents(area_of_boundary(boundary, basis, plane))[0])
            for basis in (AreaBasis.PLANAR, AreaBasis.ELLIPSOIDAL)
        )
        if min(planar, ellipsoidal) < _SMALLEST_CENTS:
            raise GeometryError(
                _("The red line has no area."), where=boundary.name, remedy=_("Correct or remove this shape.")
            )
        points_crs = printed_system(plane, self._rules.settings.zone_prefix)
        sections, findings = self._sections(boundary, plane, reporter)
        used = tuple(section.layer for section in sections if section.layer is not None)
        report = RedlineReport(
            boundary=boundary,
            rules=self._rules,
            plane=plane,
            points_crs=points_crs,
            rings=rings_of(boundary, points_crs, self._rules.settings),
            planar_cents=planar,
            ellipsoidal_cents=ellipsoidal,
            sections=sections,
            findings=(
                *boundary.findings,
                *self._of_boundary(boundary, plane, planar),
                *findings,
                *_not_checked(sections),
                *self._of_rules(),
            ),
            unruled=self._unruled(),
            run=record_of(boundary, self._rules, sections, started),
            demo=any(layer.demo for layer in used),
            schematic=any(is_schematic(layer.status) for layer in used),
            secrecy=highest(boundary.source.secrecy, *(layer.secrecy for layer in used)),
            facts=facts_of(sections, planar, ellipsoidal),
        )
        return self._recorded(report, round(time.perf_counter() - clock, 3))

    def _sections(
        self, boundary: Boundary, plane: pyproj.CRS, progress: Progress
    ) -> tuple[tuple[Section, ...], list[Finding]]:
        work = [(rule, info) for rule in self._rules.sections for info in self._layers(rule)]
        sections: list[Section] = []
        findings: list[Finding] = []
        for number, (rule, info) in enumerate(work):
            part = ProgressPart(progress, number / len(work), (number + 1) / len(work))
            part.step(0.0, _("Checking {section}").format(section=rule.title))
            if info is None:
                sections.append(unchecked(rule, _absent(rule)))
                continue
            made = self._maker.make(rule, info, boundary, plane, part)
            if made is not None:
                sections.append(made[0])
                findings += made[1]
        progress.step(1.0)
        return tuple(sections), findings

    def _layers(self, rule: SectionRule) -> tuple[LayerInfo | None, ...]:
        found = self._project.layers_of(*rule.kinds)
        return found or (None,)

    def _unruled(self) -> tuple[str, ...]:
        ruled = {key for rule in self._rules.sections for key in rule.kinds}
        return tuple(
            info.name
            for info in self._project.layers()
            if info.kind not in ruled and info.geometry is GeometryType.POLYGON
        )

    def _of_boundary(self, boundary: Boundary, plane: pyproj.CRS, planar: int) -> Iterator[Finding]:
        if boundary.crs != plane:
            change = coordinate_change(boundary.crs, plane)
            text = _(
                "The red line came in {crs}; points and planar areas were computed in {plane}. {change}"
            ).format(crs=describe_crs(boundary.crs), plane=describe_crs(plane), change=change.description)
            yield Finding("redline.plane", Severity.NOTE, text)
        beyond = degrees_beyond_zone(boundary, plane)
        if beyond > 0:
            text = _(
                "The red line reaches {degrees:.4f}° over the edge of its zone; its points stand in {plane}, "
                "and planar areas grow with the distance from the central meridian."
            ).format(degrees=beyond, plane=describe_crs(plane))
            yield Finding("redline.zone", Severity.WARNING, text)
        recorded = boundary.recorded_m2
        if recorded is not None and abs(recorded - planar / 100) > max(
            1.0, self._rules.settings.recorded_share * planar / 100
        ):
            text = _("The file states {recorded} m² for the red line; its points give {measured} m².").format(
                recorded=f"{recorded:,.2f}", measured=f"{planar / 100:,.2f}"
            )
            yield Finding("redline.recorded", Severity.WARNING, text)

    def _of_rules(self) -> Iterator[Finding]:
        unruled = self._unruled()
        if unruled:
            text = _("No rule looks at these layers, and nothing is said of them: {names}").format(
                names="、".join(unruled)
            )
            yield Finding("redline.unruled", Severity.NOTE, text)

    def _recorded(self, report: RedlineReport, seconds: float) -> RedlineReport:
        signed = dataclasses.replace(report, run=dataclasses.replace(report.run, seconds=seconds))
        if not self._project.read_only:
            marks = {"demo": signed.demo, "schematic": signed.schematic, "secrecy": signed.secrecy}
            kept = kept_record(signed.run, title=_("Red-line check"), facts=signed.facts, marks=marks)
            self._project.record_run(kept)
        return signed


def _absent(rule: SectionRule) -> str:
    kinds = "、".join(_(kind(key).title) for key in rule.kinds)
    return _("The project has no layer of this kind: {kinds}.").format(kinds=kinds)


def _not_checked(sections: tuple[Section, ...]) -> Iterator[Finding]:
    missing = [section for section in sections if section.outcome is Outcome.NOT_CHECKED]
    if missing:
        reasons = "；".join(f"{section.title}（{section.reason.rstrip('。.')}）" for section in missing)
        text = _("{count} sections were not checked: {reasons}").format(count=len(missing), reasons=reasons)
        yield Finding("redline.not_checked", Severity.WARNING, text)
