"""All checks of one layer, one after the other, in the order of the rules."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.checking import areas, attributes, classes, extent, gaps, overlaps, rings, shapes
from layers.checking.edges import match_sides
from layers.checking.model import CheckReport, Hits, about_layer
from layers.checking.neighbours import Neighbours
from layers.checking.rules import RuleSet
from layers.checking.spread import aside
from layers.checking.subject import Ground, Subject
from layers.datums import describe_crs
from layers.errors import CrsError
from layers.memory import give_back
from layers.progress import Progress, ProgressPart
from layers.words import _


@dataclass
class _Course:
    """A check under way."""

    ground: Ground
    rules: RuleSet
    progress: Progress
    hits: list[Hits] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def part(self, start: float, end: float, text: str) -> Progress:
        """Return the progress of a stretch of the work."""
        self.progress.step(start, text)
        return ProgressPart(self.progress, start, end)

    def attempt(self, rule: str, work: Callable[[], list[Hits]]) -> None:
        """Do a check that may not be possible in the layer's coordinate system, and note why not."""
        try:
            self.hits += work()
        except CrsError as error:
            self.skipped[rule] = error.what or _("The layer's coordinate system does not reach the city.")


def check_layer(
    subject: Subject, rules: RuleSet, progress: Progress, *, boundary: Any | None = None
) -> CheckReport:
    """Check a layer by every rule that suits its kind.

    Parameters
    ----------
    progress : Progress
        Told the share done at least every 0.3 s; may stop the work.
    boundary : shapely polygon or multipolygon, optional
        What nothing may reach beyond, in the layer's own coordinate system; valid.

    Returns
    -------
    CheckReport
        Findings in the order of the rules, rows ascending in each.

    Raises
    ------
    InputError
        When the rule file lacks a rule or a parameter.
    JobCancelled
        When the user stopped.
    """
    began = time.monotonic()
    course = _Course(aside(lambda: Ground(subject), ProgressPart(progress, 0.0, 0.0)), rules, progress)
    _check_values(course)
    course.hits += shapes.existence(course.ground)
    if subject.polygonal and len(course.ground.shapes.coords):
        _check_polygons(course)
    if len(subject):
        _check_extent(course, boundary)
    aside(give_back, ProgressPart(progress, 1.0, 1.0))
    order = {key: place for place, key in enumerate(rules.rules)}
    found = sorted((one for one in course.hits if len(one)), key=lambda one: order[one.rule])
    return CheckReport(
        layer=subject.name,
        layer_uid=subject.uid,
        kind=subject.kind.key,
        crs="" if subject.crs is None else describe_crs(subject.crs),
        features=len(subject),
        rules=rules,
        hits=tuple(_by_row(one) for one in found),
        called=subject.called,
        skipped=course.skipped,
        aliases={declared.name: declared.alias for declared in subject.kind.fields},
        seconds=time.monotonic() - began,
        secrecy=subject.secrecy,
    )


def _check_values(course: _Course) -> None:
    ground, rules = course.ground, course.rules
    part = course.part(0.0, 0.03, _("Checking fields and codes"))
    course.hits += attributes.attribute_hits(ground, part)
    course.hits += aside(lambda: classes.class_hits(ground), course.part(0.03, 0.04, ""))
    course.hits += aside(lambda: attributes.duplicate_hits(ground, rules), course.part(0.04, 0.06, ""))
    course.hits += attributes.identifier_hits(ground)
    if not ground.subject.polygonal:
        return
    least, part = rules["geometry.below_minimum"], course.part(0.06, 0.08, "")
    course.hits += aside(lambda: [*areas.minimum_hits(ground, least), *areas.sum_hits(ground, rules)], part)
    part = course.part(0.08, 0.2, _("Measuring areas"))
    rule = rules["area.recorded"]
    course.attempt(rule.key, lambda: areas.recorded_hits(ground, rule, part))


def _check_polygons(course: _Course) -> None:
    ground, rules = course.ground, course.rules
    part = course.part(0.2, 0.35, _("Checking shapes"))
    invalid = shapes.invalid(ground, rules["geometry.invalid"], part)
    course.hits.append(invalid)
    course.hits += shapes.vertices(ground, rules, course.part(0.35, 0.48, ""))
    sliver, hole = rules["geometry.sliver"], rules["geometry.tiny_hole"]
    course.hits += aside(
        lambda: [
            shapes.slivers(ground, sliver, invalid.rows),
            shapes.tiny_holes(ground, hole),
            shapes.parts(ground),
        ],
        course.part(0.48, 0.5, ""),
    )
    _check_coverage(course)


def _check_coverage(course: _Course) -> None:
    ground, rules = course.ground, course.rules
    sides = match_sides(ground, course.part(0.5, 0.7, _("Matching neighbours")))
    twice = rings.identical(ground, sides, course.part(0.7, 0.72, ""))
    neighbours = Neighbours(ground)
    pairs = set(zip(twice.others.tolist(), twice.rows.tolist(), strict=True))
    part = course.part(0.72, 0.85, _("Looking for overlaps"))
    overlap, near = overlaps.overlaps(ground, neighbours, sides, rules["topology.overlap"], pairs, part)
    part = course.part(0.85, 0.96, _("Looking for gaps"))
    gap, thin = gaps.gaps(ground, neighbours, sides, rules["topology.gap"], part)
    island = aside(lambda: rings.islands(ground, sides, rules), course.part(0.96, 0.97, ""))
    course.hits += [twice, overlap, gap, *island]
    if near + thin:
        course.hits.append(about_layer("topology.unmatched_vertices", float(near + thin)))


def _check_extent(course: _Course, boundary: Any | None) -> None:
    ground, rules = course.ground, course.rules
    part = course.part(0.97, 1.0, _("Looking for what lies outside"))
    course.attempt("extent.city", lambda: aside(lambda: extent.city_hits(ground, rules["extent.city"]), part))
    if boundary is not None and ground.subject.polygonal:
        course.hits += extent.boundary_hits(ground, rules["extent.boundary"], boundary, part)


def _by_row(hits: Hits) -> Hits:
    """Return hits in the order of rows, and of what stands second among equal rows."""
    order = np.lexsort((hits.others, hits.rows))
    if (order[1:] > order[:-1]).all():
        return hits
    return Hits(
        rule=hits.rule,
        rows=hits.rows[order],
        places=hits.places[order],
        boxes=hits.boxes[order],
        figures=hits.figures[order],
        others=hits.others[order],
        unit=hits.unit,
        field=hits.field,
        values=None if hits.values is None else [hits.values[i] for i in order],
        wanted=None if hits.wanted is None else [hits.wanted[i] for i in order],
        shapes=None if hits.shapes is None else hits.shapes[order],
        groups=None if hits.groups is None else [hits.groups[i] for i in order],
    )
