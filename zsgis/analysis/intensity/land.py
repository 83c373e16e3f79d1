"""The land layer's parcels and what their classes count to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.classification import LandClass3Rules, Standard
from layers.errors import InputError
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.intensity.amounts import Mask
from zsgis.analysis.intensity.rules import IntensityRule, classes_below
from zsgis.analysis.zoned import IntArray

OTHER, CONSTRUCTION, INDUSTRIAL, UNTOLD = range(4)
"""Columns of the table of land: no construction land, construction but no industry, industry, not told."""


@dataclass(frozen=True)
class ClassedLand:
    """Parcels by what they count to.

    Attributes
    ----------
    parcels : Features
    column : ndarray of int64, shape (n,)
        :data:`OTHER` to :data:`UNTOLD`.
    built : ndarray of bool, shape (n,)
        Construction land that is built upon.
    industry : ndarray of bool, shape (n,) or None
        Built land of industry, mining and storage; None where the rule names no classes of the standard.
    standard : str
        The standard's title and version.
    """

    parcels: Features
    column: IntArray
    built: Mask
    industry: Mask | None
    standard: str


def classed_land(
    parcels: Features,
    codes: tuple[str, ...],
    standard: Standard,
    class3: LandClass3Rules,
    rule: IntensityRule,
) -> ClassedLand:
    """Return what each parcel counts to.

    Raises
    ------
    InputError
        When the layer's classes are of no standard that tells construction land; names the layer.
    """
    if not standard.construction.derivable or not standard.industrial.derivable:
        raise InputError(
            standard.construction.reason or standard.industrial.reason,
            where=parcels.layer_name,
            remedy=_(
                "State the standard of the layer's classes (its properties, or zsgis import --standard)."
            ),
        )
    column_of = {code: _column(code, standard, class3) for code in set(codes)}
    column = np.array([column_of[code] for code in codes], dtype=np.int64)
    unbuilt = classes_below(standard, rule.unbuilt.get(standard.key, ()))
    construction = (column == CONSTRUCTION) | (column == INDUSTRIAL)
    built = construction & np.array([code not in unbuilt for code in codes], dtype=bool)
    industry = None
    if standard.key in rule.industry:
        named = classes_below(standard, rule.industry[standard.key])
        industry = built & np.array([code in named for code in codes], dtype=bool)
    return ClassedLand(
        parcels, column, built, industry, f"{standard.key} {standard.title} {standard.version}".strip()
    )


def _column(code: str, standard: Standard, class3: LandClass3Rules) -> int:
    if standard.is_industrial(code):
        return INDUSTRIAL
    construction = standard.is_construction(code, class3)
    if construction is None:
        return UNTOLD
    return CONSTRUCTION if construction else OTHER
