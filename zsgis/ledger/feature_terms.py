"""Terms from layers: a field added up over features, or their number, whole and by line."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from layers.kinds import KINDS
from layers.words import _
from zsgis.analysis.features import Features, read_features
from zsgis.ledger.formulas import FeatureSum
from zsgis.ledger.terms import AREA, WHOLE, Line, Lines, Term, lacking

if TYPE_CHECKING:
    from layers.kind import Kind
    from layers.store import Project

_AREA_UNITS = ("m2", "ha", "mu")


class FeatureTerms:
    """Reads a project's layers as they stand, for a day.

    Parameters
    ----------
    on, today : date
        For a day before today only features with a day of their own can be told.
    """

    def __init__(self, project: Project, on: dt.date, today: dt.date) -> None:
        self._project = project
        self._on = on
        self._past = on < today
        self._read: dict[str, Features | None] = {}

    def total(self, wanted: FeatureSum) -> Lines:
        """Return the sum or number, the whole and each line."""
        declared = KINDS.get(wanted.kind)
        if declared is None:
            return lacking(_("This program knows no layers “{kind}”.").format(kind=wanted.kind))
        features = self._features(declared)
        if features is None or len(features) == 0:
            return lacking(_("The project has nothing in “{kind}” yet.").format(kind=_(declared.title)))
        for field in (*wanted.where, *wanted.each, *filter(None, (wanted.sum, wanted.on))):
            if not features.present(field):
                return lacking(_no_field(declared, features, field))
        if self._past and not wanted.on:
            text = _("“{kind}” tells only how it stands today, not on {day}.")
            return lacking(text.format(kind=_(declared.title), day=self._on.isoformat()))
        places = self._chosen(features, wanted)
        lines: dict[Line, list[int]] = {WHOLE: places}
        for axis in wanted.each:
            texts = features.texts(axis)
            for place in places:
                lines.setdefault((axis, texts[place] or _("not stated")), []).append(place)
        terms = {line: _added(declared, features, wanted, chosen) for line, chosen in lines.items()}
        return Lines(terms, filled=True)

    def _features(self, declared: Kind) -> Features | None:
        if declared.key not in self._read:
            found = self._project.layers_of(declared.key)
            names = [field.name for field in declared.fields]
            self._read[declared.key] = read_features(self._project, found[0], names) if found else None
        return self._read[declared.key]

    def _chosen(self, features: Features, wanted: FeatureSum) -> list[int]:
        chosen = range(len(features))
        places = list(chosen)
        for field, values in wanted.where.items():
            texts = features.texts(field)
            places = [place for place in places if texts[place] in values]
        if wanted.on:
            days = features.texts(wanted.on)
            limit = self._on.isoformat()
            places = [place for place in places if days[place] and days[place][:10] <= limit]
        return places


def _added(declared: Kind, features: Features, wanted: FeatureSum, places: Sequence[int]) -> Term:
    sources = features.sources(places) if places else {}
    if not wanted.sum:
        return Term(float(len(places)), sources=sources)
    unit = declared.field(wanted.sum).unit if declared.has_field(wanted.sum) else ""
    area = unit in _AREA_UNITS
    values = (features.areas_m2(wanted.sum) if area else features.numbers(wanted.sum))[list(places)]
    empty = int(np.isnan(values).sum())
    title = declared.field(wanted.sum).alias
    if places and empty == len(places):
        text = _("{count} features of “{kind}” have no {field} yet (to be entered).")
        said = text.format(count=empty, kind=_(declared.title), field=title)
        return Term(unit=AREA if area else unit, missing=(said,), sources=sources)
    notes: tuple[str, ...] = ()
    if empty:
        text = _("{count} more features have no {field} yet (to be entered).")
        notes = (text.format(count=empty, field=title),)
    total = math.fsum(value for value in values.tolist() if not math.isnan(value))
    return Term(total, AREA if area else unit, notes=notes, sources=sources)


def _no_field(declared: Kind, features: Features, field: str) -> str:
    title = declared.field(field).alias if declared.has_field(field) else field
    return _("Layer “{layer}” has no field “{field}”.").format(layer=features.layer_name, field=title)
