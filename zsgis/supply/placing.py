"""Where each piece of land lies, which lines concern it, and what using it draws on quotas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.classification import Standard, land_class3_rules
from layers.crs import transform
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.quotas import CONSTRUCTION_SCALE, FARMLAND_BALANCE, FOREST, NEW_CONSTRUCTION
from layers.words import _
from zsgis.analysis.classes import class_codes, class_standard
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.layered import NOBODY, cut_by_layers
from zsgis.analysis.zoned import Measuring
from zsgis.result import Finding, Severity
from zsgis.supply.model import Land
from zsgis.supply.rules import Line, SupplyRule

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Covering:
    """How much of each piece of land each feature of a layer covers.

    Attributes
    ----------
    land, member : ndarray of int64, shape (k,)
        Places of the land and of the feature; :data:`~zsgis.analysis.layered.NOBODY` where none covers.
    cents : ndarray of int64, shape (k,)
    """

    land: IntArray
    member: IntArray
    cents: IntArray

    def most(self, count: int) -> IntArray:
        """Return the feature that covers most of each piece, shape (count,); NOBODY where none does."""
        out = np.full(count, NOBODY, dtype=np.int64)
        best: dict[int, tuple[int, int]] = {}
        summed: dict[tuple[int, int], int] = {}
        for land, member, cents in zip(
            self.land.tolist(), self.member.tolist(), self.cents.tolist(), strict=True
        ):
            if member != NOBODY:
                summed[land, member] = summed.get((land, member), 0) + cents
        for (land, member), cents in sorted(summed.items()):
            if cents > best.get(land, (0, 0))[0]:
                best[land] = cents, member
        for land, (_cents, member) in best.items():
            out[land] = member
        return out

    def sums(self, chosen: NDArray[np.bool_], count: int) -> IntArray:
        """Return the sum over chosen entries by piece of land, shape (count,)."""
        out = np.zeros(count, dtype=np.int64)
        np.add.at(out, self.land[chosen], self.cents[chosen])
        return out


def covering(
    land: Land, others: Features, how: Measuring, progress: Progress
) -> tuple[Covering, tuple[Finding, ...]]:
    """Cut land by a layer; of the layer only what lies near is looked at."""
    shapes = transform(others.geometry, others.crs, how.plane)
    if len(land):
        near, _land = shapely.STRtree(land.geometry).query(shapes)
        near = np.unique(near)
    else:
        near = np.zeros(0, dtype=np.int64)
    if not len(near):
        everything = np.arange(len(land))
        return Covering(everything, np.full(len(land), NOBODY, dtype=np.int64), land.cents.copy()), ()
    pieces = cut_by_layers(land.features(_("Candidates")), [others.taken(near.tolist())], how, progress)
    member = pieces.member[:, 0]
    place = np.where(member == NOBODY, NOBODY, near[member])
    return Covering(pieces.feature, place, pieces.cents), pieces.findings


def named_by_most(
    project: Project, kind_key: str, land: Land, how: Measuring, progress: Progress
) -> tuple[tuple[str, ...], LayerInfo | None]:
    """Return the name of the feature of a kind that covers most of each piece; empty where none does."""
    there = project.layers_of(kind_key)
    if not there:
        return ("",) * len(land), None
    features = read_features(project, there[0])
    covers, _told = covering(land, features, how, progress)
    most = covers.most(len(land)).tolist()
    return tuple("" if place == NOBODY else features.names[place] for place in most), there[0]


@dataclass(frozen=True)
class Classes:
    """Land classes over the land.

    Attributes
    ----------
    codes, names : tuple of str, length n
        Class of most of each piece; empty where none is known.
    new, untold, farmland : ndarray of int64, shape (n,)
        Land that is no construction land yet, land of which the class does not tell, and farmland.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    new: IntArray
    untold: IntArray
    farmland: IntArray


def classes_over(
    project: Project, info: LayerInfo, land: Land, rule: SupplyRule, how: Measuring, progress: Progress
) -> Classes:
    """Return which classes the land has in a layer with land classes."""
    field = kind(info.kind).class_field
    features = read_features(project, info, (field,))
    standard = class_standard(project, info)
    codes = class_codes(features.columns.get(field, (None,) * len(features)), standard)
    covers, _told = covering(land, features, how, progress)
    known = {code: _told_of(code, standard, rule) for code in set(codes)}
    each = [known[codes[place]] if place != NOBODY else (None, False) for place in covers.member.tolist()]
    new = np.array([construction is False for construction, _farm in each], dtype=bool)
    untold = np.array([construction is None for construction, _farm in each], dtype=bool)
    farm = np.array([is_farmland for _construction, is_farmland in each], dtype=bool)
    most = [codes[place] if place != NOBODY else "" for place in covers.most(len(land)).tolist()]
    return Classes(
        tuple(most),
        tuple(standard.name(code) if code else "" for code in most),
        covers.sums(new, len(land)),
        covers.sums(untold, len(land)),
        covers.sums(farm, len(land)),
    )


def _told_of(code: str, standard: Standard, rule: SupplyRule) -> tuple[bool | None, bool]:
    """Return whether a class is construction land, and whether it is farmland."""
    farmland = rule.farmland.get(standard.key, ())
    construction = standard.is_construction(code, land_class3_rules()) if code else None
    return construction, any(standard.ancestor(code, level) in farmland for level in (1, 2, 3))


def lines_over(
    project: Project, land: Land, lines: Sequence[Line], how: Measuring, progress: Progress
) -> tuple[dict[str, IntArray], IntArray, tuple[Finding, ...]]:
    """Return by line how much of each piece it concerns, and how much no forbidding line concerns.

    Land that two forbidding lines concern is taken off once.
    """
    there = project.layers_of("control_lines")
    usable = land.cents.copy()
    if not there:
        missing = Finding(
            "supply.no_lines",
            Severity.WARNING,
            _("The project has no control lines; whether they concern the land is not known."),
        )
        return {}, usable, (missing,)
    features = read_features(project, there[0], ("line_type",))
    concerned: dict[str, IntArray] = {}
    found: list[Finding] = []
    forbidding = tuple(value for line in lines if line.forbid and not line.outside for value in line.values)
    steps = len(lines) + 1
    for number, line in enumerate(lines):
        part = ProgressPart(progress, number / steps, (number + 1) / steps)
        drawn = features.where("line_type", line.values)
        if not len(drawn):
            continue  # a line that nobody has drawn concerns nothing, inside or outside
        covers, told = covering(land, drawn, how, part)
        found += [each for each in told if each not in found]
        outside = covers.member == NOBODY
        concerned[line.title] = covers.sums(outside if line.outside else ~outside, len(land))
        if line.forbid and line.outside:
            usable -= concerned[line.title]
    if forbidding:
        covers, _told = covering(
            land, features.where("line_type", forbidding), how, ProgressPart(progress, 1 - 1 / steps, 1.0)
        )
        usable -= covers.sums(covers.member != NOBODY, len(land))
    return concerned, np.maximum(usable, 0), tuple(found)


def draws_of(land: Land, classes: Classes | None, forest: IntArray | None) -> tuple[Mapping[str, int], ...]:
    """Return what using each piece draws on each quota.

    Only land of sources that draw does. New construction land draws on the yearly plan and on the scale of
    construction land, farmland on the balance of farmland, forest stands on the forest quota; 0 is left out.
    """
    out: list[Mapping[str, int]] = []
    for place in range(len(land)):
        if not land.reasons[place][0].source.draws:
            out.append({})
            continue
        amounts: dict[str, int] = {}
        if classes is not None:
            amounts[NEW_CONSTRUCTION] = amounts[CONSTRUCTION_SCALE] = int(classes.new[place])
            amounts[FARMLAND_BALANCE] = int(classes.farmland[place])
        if forest is not None:
            amounts[FOREST] = int(forest[place])
        out.append({name: cents for name, cents in amounts.items() if cents > 0})
    return tuple(out)
