"""Areas: what is written down against what is measured, the survey's own sums, the least area on the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyproj

from layers.area import M2_PER_HA, M2_PER_MU, ellipsoidal_area_m2
from layers.checking.model import FloatArray, Hits, IntArray
from layers.checking.rules import Rule, RuleSet
from layers.checking.spread import spread
from layers.checking.subject import Ground, Mask
from layers.classification import land_class3_rules, standard
from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, require_projected_metres
from layers.datums import is_transverse_mercator
from layers.kind import AreaBasis
from layers.progress import Progress
from layers.style.ranges import numbers_of

_UNITS = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_MU}
_ROWS_AT_ONCE = 2_000
# What a plane area divided by the scale at the middle of its box may differ from the official area: the scale
# of a Gauss-Krüger map changes by 1.5e-8 per metre at 300 km from its meridian, and the edges of a feature of
# 2 km bend less than a millionth of its area. Larger features are measured in any case.
_LARGE_M = 2_000.0
_SCREEN_RELATIVE = 5e-5
_CELL_M = 1_000.0


def recorded_hits(ground: Ground, rule: Rule, progress: Progress) -> list[Hits]:
    """Return features whose area field is off by more than the rule allows, on the kind's own basis.

    The figure is what stands there less what is measured, m2.

    Raises
    ------
    CrsError
        When the kind's area cannot be measured in the layer's system.
    """
    subject = ground.subject
    name = rule.fields.get(subject.kind.key, "")
    if not name or not subject.columns.has(name):
        return []
    if subject.kind.area_basis is AreaBasis.PLANAR or subject.crs is None:
        require_projected_metres(subject.crs)
    stated = numbers_of(subject.columns.values[name]) * _UNITS.get(subject.kind.field(name).unit, 1.0)
    rows = np.flatnonzero(np.isfinite(stated) & (np.diff(ground.shapes.coord_offsets) > 0))
    if not len(rows):
        return []
    allowed = np.maximum(rule.number("absolute_m2"), rule.number("relative") * np.abs(stated))
    measured = np.full(len(stated), np.nan)
    if subject.kind.area_basis is AreaBasis.PLANAR:
        measured[rows] = ground.areas[rows]
    else:
        rows = rows[_doubtful(ground, stated, allowed, rows)]
        measured[rows] = _official(ground, rows, progress)
    off = stated[rows] - measured[rows]
    bad = np.abs(off) > allowed[rows]
    rows = rows[bad]
    hits = ground.hits(rule.key, rows, figures=off[bad], unit="m2")
    values = [f"{value:.2f}" for value in stated[rows]]
    wanted = [f"{value:.2f}" for value in measured[rows]]
    return [replace(hits, field=name, values=values, wanted=wanted)]


def _doubtful(ground: Ground, stated: FloatArray, allowed: FloatArray, rows: IntArray) -> Mask:
    """Tell which features must be measured by the formula: all but those a near value clears for certain."""
    crs = ground.subject.crs
    if crs is None or ground.scaled or not is_transverse_mercator(crs):
        return np.ones(len(rows), dtype=np.bool_)
    box = ground.bounds[rows]
    middle = (box[:, :2] + box[:, 2:]) / 2
    cells, which = np.unique(np.rint(middle / _CELL_M) @ [1.0, 1e6], return_inverse=True)
    x, y = np.mod(cells + 5e5, 1e6) - 5e5, np.rint(cells / 1e6)
    projection = pyproj.Proj(crs)
    factors = projection.get_factors(*projection(x * _CELL_M, y * _CELL_M, inverse=True))
    scales = np.asarray(factors.areal_scale)
    with np.errstate(invalid="ignore"):
        near = ground.areas[rows] / scales[which]
        margin = allowed[rows] - _SCREEN_RELATIVE * np.abs(near)
        clear: Mask = (np.abs(stated[rows] - near) < margin) & (
            (box[:, 2:] - box[:, :2]).max(axis=1) < _LARGE_M
        )
    return ~clear


def _official(ground: Ground, rows: IntArray, progress: Progress) -> FloatArray:
    """Return areas on the ellipsoid by the official formula, m2."""
    system = parse_crs(ground.subject.crs or GEOGRAPHIC_CGCS2000)

    def measure(start: int) -> FloatArray:
        polygons = ground.polygons(rows[start : start + _ROWS_AT_ONCE])
        return np.asarray(ellipsoidal_area_m2(ground.shapes_back(polygons), system))

    found = spread(measure, range(0, len(rows), _ROWS_AT_ONCE), progress)
    return np.concatenate(found) if found else np.empty(0)


def sum_hits(ground: Ground, rules: RuleSet) -> list[Hits]:
    """Return features in which KCMJ = TBMJ x KCXS or TBDLMJ = TBMJ - KCMJ does not hold, both in whole cents.

    A deduction that is not there counts as none. The figure is what stands there less what should.
    """
    columns = ground.subject.columns
    if not columns.has("survey_area_m2"):
        return []
    whole = numbers_of(columns.values["survey_area_m2"])
    hits = []
    taken = np.zeros(len(whole))
    if columns.has("deducted_area_m2"):
        taken = numbers_of(columns.values["deducted_area_m2"])
        if columns.has("deducted_share"):
            share = numbers_of(columns.values["deducted_share"])
            wanted = whole * np.nan_to_num(share)
            stated = np.where(np.isnan(share), np.nan_to_num(taken), taken)
            hits += _sum_hit(ground, rules["area.deducted"], "deducted_area_m2", stated, wanted)
        taken = np.nan_to_num(taken)
    if columns.has("net_class_area_m2"):
        net = numbers_of(columns.values["net_class_area_m2"])
        hits += _sum_hit(ground, rules["area.net"], "net_class_area_m2", net, whole - taken)
    return hits


def _sum_hit(ground: Ground, rule: Rule, name: str, stated: FloatArray, wanted: FloatArray) -> list[Hits]:
    wanted = whole_cents(wanted)
    off = stated - wanted
    rows = np.flatnonzero(np.abs(off) > rule.number("absolute_m2") + 1e-6)
    if not len(rows):
        return []
    hits = ground.hits(rule.key, rows, figures=off[rows], unit="m2")
    values = [f"{value:.2f}" for value in stated[rows]]
    should = [f"{value:.2f}" for value in wanted[rows]]
    return [replace(hits, field=name, values=values, wanted=should)]


def whole_cents(areas: FloatArray) -> FloatArray:
    """Return areas half up to the 0.01 m2 that a field of the survey holds; shape (n,), NaN stays."""
    # what is added is the error of doubles
    cents: FloatArray = np.floor(areas * 100.0 + 0.5 + 1e-6) / 100.0
    return cents


def minimum_hits(ground: Ground, rule: Rule) -> list[Hits]:
    """Return features smaller than the least area their class is mapped at; the figure is the area, m2."""
    subject = ground.subject
    name = rule.fields.get(subject.kind.key, "")
    if not name or not subject.columns.has(name) or subject.standard in ("", "custom"):
        return []
    import pandas as pd

    codes, values = pd.factorize(subject.columns.values[name])
    least = np.append([_least(str(value), subject.standard, rule) for value in values], 0.0)[codes]
    areas = ground.areas
    rows = np.flatnonzero((areas < least) & (areas > 0))
    hits = ground.hits(rule.key, rows, figures=areas[rows], unit="m2")
    return [replace(hits, field=name, wanted=[f"{value:g}" for value in least[rows]])]


def _least(code: str, key: str, rule: Rule) -> float:
    chosen = standard(key)
    read = chosen.normalise(code)
    if not chosen.knows(read):
        return 0.0
    if read in rule.codes.get(key, ()) or chosen.is_construction(read, land_class3_rules()):
        return rule.number("construction_m2")
    group = land_class3_rules().choice(key, read) or chosen.classes[read].land_class3
    return rule.number("agricultural_m2" if group == "农用地" else "other_m2")
