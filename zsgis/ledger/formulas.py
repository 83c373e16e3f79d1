"""How an indicator is computed, declared: references to figures and layers, and four ways to combine them.

Nothing here is evaluated as code: a formula is one of these models or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from layers.words import _
from zsgis.plan.model import Declared, Key, Text

Scale = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class FigureRef(Declared):
    """Figures of the tables of a recorded run, those of several rows added up.

    Attributes
    ----------
    where : mapping
        Texts by column that a row has; without any, the rows of totals.
    each : str
        Column whose texts make a line of their own each, besides the total.
    parameters : mapping
        What the run was made with, where it matters.
    run : str
        ``latest`` or ``first`` recorded run up to the day that is asked for.
    """

    capability: Key
    table: Text
    column: Text
    where: Mapping[str, Text | tuple[Text, ...]] = {}
    each: str = ""
    parameters: Mapping[str, Any] = {}
    run: Literal["latest", "first"] = "latest"


class FactRef(Declared):
    """A figure of a recorded run outside its tables, by its key: ``hits_m2.farmland``."""

    capability: Key
    key: Text
    parameters: Mapping[str, Any] = {}
    run: Literal["latest", "first"] = "latest"


class FeatureSum(Declared):
    """The sum of a field over features of a kind, or their number.

    Attributes
    ----------
    sum : str
        Field that is added up; empty counts the features.
    where : mapping
        Values by field, of which a feature has one.
    on : str
        Field with a day: only features that have one, not after the day that is asked for.
    each : tuple of str
        Fields whose texts make a line of their own each, besides the total.
    """

    kind: Key
    sum: str = ""
    where: Mapping[str, tuple[Text, ...]] = {}
    on: str = ""
    each: tuple[str, ...] = ()


class FigureFormula(Declared):
    """Figures of runs."""

    figure: FigureRef
    scale: Scale = 1.0


class FactFormula(Declared):
    """A figure of a run outside its tables."""

    fact: FactRef
    scale: Scale = 1.0


class FeatureFormula(Declared):
    """Features of a layer."""

    features: FeatureSum
    scale: Scale = 1.0


class TypedFormula(Declared):
    """A value that a department types in.

    Attributes
    ----------
    typed : str
        Key of the series; empty for the indicator's own.
    unit : str
        Of the value; empty for the indicator's own.
    """

    typed: str
    unit: str = ""
    scale: Scale = 1.0


class SumFormula(Declared):
    """Several formulas added up."""

    sum: Annotated[tuple[Formula, ...], Field(min_length=2)]
    scale: Scale = 1.0


class DifferenceFormula(Declared):
    """The first formula less the second."""

    difference: tuple[Formula, Formula]
    scale: Scale = 1.0


class RatioFormula(Declared):
    """The first formula over the second; ``scale = 100`` makes it a percentage."""

    ratio: tuple[Formula, Formula]
    scale: Scale = 1.0


_KINDS = ("figure", "fact", "features", "typed", "sum", "difference", "ratio")


def _which(raw: Any) -> str | None:
    """Return which kind of formula an entry is, by the one word that it begins with."""
    named = [name for name in _KINDS if (name in raw if isinstance(raw, Mapping) else hasattr(raw, name))]
    return named[0] if len(named) == 1 else None


Formula = Annotated[
    Annotated[FigureFormula, Tag("figure")]
    | Annotated[FactFormula, Tag("fact")]
    | Annotated[FeatureFormula, Tag("features")]
    | Annotated[TypedFormula, Tag("typed")]
    | Annotated[SumFormula, Tag("sum")]
    | Annotated[DifferenceFormula, Tag("difference")]
    | Annotated[RatioFormula, Tag("ratio")],
    Discriminator(_which),
]
for _model in (SumFormula, DifferenceFormula, RatioFormula):
    _model.model_rebuild()


def formula_words(formula: Formula) -> str:
    """Return a formula as people write it."""
    said = _combined_words(formula) or _reference_words(formula)
    return said if formula.scale == 1 else f"{said} × {formula.scale:g}"


def _combined_words(formula: Formula) -> str:
    if isinstance(formula, SumFormula):
        return "(" + " + ".join(map(formula_words, formula.sum)) + ")"
    if isinstance(formula, DifferenceFormula):
        return "(" + " - ".join(map(formula_words, formula.difference)) + ")"
    if isinstance(formula, RatioFormula):
        return "(" + " ÷ ".join(map(formula_words, formula.ratio)) + ")"
    return ""


def _reference_words(formula: Formula) -> str:
    if isinstance(formula, FigureFormula):
        return _figure_words(formula.figure)
    if isinstance(formula, FactFormula):
        return f"{_run_words(formula.fact.capability, formula.fact.run)}[{formula.fact.key}]"
    if isinstance(formula, FeatureFormula):
        return _feature_words(formula.features)
    typed = getattr(formula, "typed", "")
    return _("{series} as typed in").format(series=typed) if typed else _("typed in")


def typed_series(formula: Formula) -> dict[str, str]:
    """Return the series that a formula asks for, each with its unit; an empty key is the indicator's own."""
    if isinstance(formula, TypedFormula):
        return {formula.typed: formula.unit}
    parts: tuple[Formula, ...] = ()
    if isinstance(formula, SumFormula):
        parts = formula.sum
    elif isinstance(formula, DifferenceFormula):
        parts = formula.difference
    elif isinstance(formula, RatioFormula):
        parts = formula.ratio
    return {series: unit for part in parts for series, unit in typed_series(part).items()}


def _figure_words(figure: FigureRef) -> str:
    rows = [f"{column}={_listed(said)}" for column, said in figure.where.items()]
    rows += [f"{name}={value}" for name, value in figure.parameters.items()]
    parts = [figure.table, figure.column, *rows]
    return f"{_run_words(figure.capability, figure.run)}[{' · '.join(parts)}]"


def _run_words(key: str, run: str) -> str:
    from zsgis.registry import CAPABILITIES

    title = _(CAPABILITIES[key].title) if key in CAPABILITIES else key
    return _("{title} (first run)").format(title=title) if run == "first" else title


def _feature_words(features: FeatureSum) -> str:
    from layers.kinds import KINDS

    known = KINDS.get(features.kind)
    parts = [f"{_alias(known, field)}={_listed(said)}" for field, said in features.where.items()]
    if features.on:
        parts.append(_("with {field}").format(field=_alias(known, features.on)))
    what = _("sum of {field}").format(field=_alias(known, features.sum)) if features.sum else _("count")
    title = _(known.title) if known is not None else features.kind
    return f"{title}[{' · '.join([what, *parts])}]"


def _alias(known: Any, field: str) -> str:
    return known.field(field).alias if known is not None and known.has_field(field) else field


def _listed(said: str | tuple[str, ...]) -> str:
    return said if isinstance(said, str) else "、".join(said)
