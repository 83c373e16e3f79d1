"""Formulas evaluated: references looked up, combined line by line, nothing run as code."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.words import _
from zsgis.ledger.feature_terms import FeatureTerms
from zsgis.ledger.formulas import (
    DifferenceFormula,
    FactFormula,
    FeatureFormula,
    FigureFormula,
    Formula,
    RatioFormula,
    SumFormula,
    TypedFormula,
)
from zsgis.ledger.indicators import LedgerIndicator
from zsgis.ledger.run_terms import RunTerms
from zsgis.ledger.terms import AREA, WHOLE, Lines, Term, area_factor, combined, lacking
from zsgis.ledger.typed_values import TypedValue
from zsgis.run_records import KeptRun

if TYPE_CHECKING:
    from layers.store import Project


class Evaluator:
    """Evaluates formulas on one day.

    Parameters
    ----------
    runs : sequence of KeptRun
        All recorded runs, oldest first.
    typed : sequence of TypedValue
        Up to the day, each series by day.
    """

    def __init__(
        self,
        project: Project,
        runs: Sequence[KeptRun],
        typed: Sequence[TypedValue],
        on: dt.date,
        today: dt.date,
    ) -> None:
        self._runs = RunTerms(runs, on)
        self._features = FeatureTerms(project, on, today)
        self._typed, self._on = typed, on

    def lines(self, indicator: LedgerIndicator) -> Lines:
        """Return an indicator's terms by line; the whole is always among them."""
        found = self._scaled(indicator.formula, indicator)
        if WHOLE in found.terms:
            return found
        return Lines({**found.terms, **lacking(_("Nothing to compute it from.")).terms})

    def _scaled(self, formula: Formula, indicator: LedgerIndicator) -> Lines:
        found = self._bare(formula, indicator)
        if formula.scale == 1:
            return found
        terms = {
            line: term if term.value is None else dataclasses.replace(term, value=term.value * formula.scale)
            for line, term in found.terms.items()
        }
        return Lines(terms, found.filled)

    def _bare(self, formula: Formula, indicator: LedgerIndicator) -> Lines:
        if isinstance(formula, SumFormula):
            return combined([self._scaled(part, indicator) for part in formula.sum], "sum")
        if isinstance(formula, DifferenceFormula):
            return combined([self._scaled(part, indicator) for part in formula.difference], "difference")
        if isinstance(formula, RatioFormula):
            return combined([self._scaled(part, indicator) for part in formula.ratio], "ratio")
        return self._referred(formula, indicator)

    def _referred(self, formula: Formula, indicator: LedgerIndicator) -> Lines:
        if isinstance(formula, FigureFormula):
            return self._runs.figure(formula.figure)
        if isinstance(formula, FactFormula):
            return self._runs.fact(formula.fact)
        if isinstance(formula, FeatureFormula):
            return self._features.total(formula.features)
        if isinstance(formula, TypedFormula):
            return self._last_typed(formula, indicator)
        raise TypeError(type(formula))

    def _last_typed(self, formula: TypedFormula, indicator: LedgerIndicator) -> Lines:
        series, unit = formula.typed or indicator.key, formula.unit or indicator.unit
        found = [one for one in self._typed if one.series == series]
        base = indicator.base
        if not found and not formula.typed and base is not None and self._on == dt.date(base.year, 12, 31):
            return Lines({WHOLE: Term(float(base.value), notes=(_("The plan's own base value."),))})
        if not found:
            text = _("No value is entered (key {key}); enter it in the ledger.")
            return lacking(text.format(key=series))
        last = found[-1]
        note = _("As of {day}, from {source}.").format(day=last.on.isoformat(), source=last.source)
        factor = area_factor(unit)
        return Lines({WHOLE: Term(last.value * (factor or 1.0), AREA if factor else "", notes=(note,))})
