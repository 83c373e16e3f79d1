"""Indicators of the ledger as data: those beside a plan, its main indicators, and the bureau's own.

Beside a plan they stand in ``ledger/*.toml`` of its folder as ``[[indicators]]``; the bureau's own are kept
in the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from layers.errors import InputError
from layers.words import _
from zsgis.ledger.formulas import Formula, TypedFormula, typed_series
from zsgis.plan import Plan, plans
from zsgis.plan.indicators import Base, Indicator, Target
from zsgis.plan.model import Declared, Key, Text
from zsgis.plan.reading import entries, read_toml, validated

if TYPE_CHECKING:
    from layers.store import Project

SETTING = "ledger_indicators"


class LedgerIndicator(Declared):
    """One indicator.

    Attributes
    ----------
    clause : str
        Key of the plan's clause, or the place of one of its main indicators (``专栏 1-1``).
    department : str
        Who answers for it; empty where the plan names none.
    base, target : Base, Target or None
        None where the plan states none: then no light is given.
    good : str
        Whether more or less is better, for changes; empty where neither is.
    note : str
        What the figure means and what it does not.
    """

    key: Key
    name: Text
    clause: Text
    unit: str
    digits: Annotated[int, Field(ge=0, le=8)] = 2
    department: str = ""
    formula: Formula
    base: Base | None = None
    target: Target | None = None
    good: Literal["more", "less", ""] = ""
    note: str = ""
    origin: Literal["plan", "clause", "bureau"] = "clause"

    @property
    def series(self) -> dict[str, str]:
        """The series that are typed in for it, each with its unit; its own first."""
        return {key or self.key: unit or self.unit for key, unit in typed_series(self.formula).items()}


def main_indicator(indicator: Indicator) -> LedgerIndicator:
    """Return a main indicator of a plan as one of the ledger: a typed series with base and target."""
    return LedgerIndicator(
        key=indicator.key,
        name=indicator.name,
        clause=indicator.place,
        unit=indicator.unit,
        digits=2 if isinstance(indicator.base.value, float) else 0,
        department=indicator.department,
        formula=TypedFormula(typed=""),
        base=indicator.base,
        target=indicator.target,
        good="more" if indicator.target.direction == "at_least" else "less",
        note=indicator.target.reading,
        origin="plan",
    )


def plan_folder(plan: Plan, folders: Sequence[Path] = ()) -> Path:
    """Return where a plan's files lie."""
    return next(info.folder for info in plans(folders) if info.key == plan.key)


def clause_indicators(plan: Plan, folder: Path) -> tuple[LedgerIndicator, ...]:
    """Return the indicators beside a plan.

    Raises
    ------
    InputError
        A file cannot be used, a key stands twice, or a clause is not the plan's; names file and entry.
    """
    found: list[LedgerIndicator] = []
    for path in sorted((folder / "ledger").glob("*.toml")):
        found += read_indicators(path)
    _check(found, plan, str(folder / "ledger"))
    return tuple(found)


def read_indicators(path: Path) -> list[LedgerIndicator]:
    """Return the indicators of one file; errors as in :func:`clause_indicators`."""
    content = read_toml(path)
    unknown = sorted(set(content) - {"indicators"})
    if unknown:
        raise InputError(
            _("These parts are not known: {names}.").format(names=", ".join(unknown)),
            where=str(path),
            remedy=_("Known: {names}.").format(names="indicators"),
        )
    return [
        validated(LedgerIndicator, raw, where=f"{path} [[indicators]] {number} ({raw.get('key', '?')})")
        for number, raw in enumerate(entries(content, "indicators", where=str(path)), start=1)
    ]


def own_indicators(project: Project) -> tuple[LedgerIndicator, ...]:
    """Return the bureau's own indicators that the project keeps."""
    return tuple(
        validated(LedgerIndicator, raw, where=str(raw.get("key", "?")))
        for raw in project.setting(SETTING, [])
    )


def all_indicators(project: Project, plan: Plan, folders: Sequence[Path] = ()) -> tuple[LedgerIndicator, ...]:
    """Return the plan's main indicators, those of its clauses, and the bureau's own, in this order.

    Raises
    ------
    InputError
        As :func:`clause_indicators`.
    """
    found = (
        *map(main_indicator, plan.indicators),
        *clause_indicators(plan, plan_folder(plan, folders)),
        *own_indicators(project),
    )
    _check(found, plan, SETTING)
    return found


def take_indicators(
    project: Project, plan: Plan, path: Path, folders: Sequence[Path] = ()
) -> tuple[str, ...]:
    """Keep the indicators of a file in the project as the bureau's own; return their keys.

    One whose key the bureau already uses takes its place.

    Raises
    ------
    InputError
        A key is the plan's, or the file cannot be used; nothing is kept.
    """
    taken = [one.model_copy(update={"origin": "bureau"}) for one in read_indicators(path)]
    new = {one.key for one in taken}
    kept = [one for one in own_indicators(project) if one.key not in new]
    shipped = (
        *map(main_indicator, plan.indicators),
        *clause_indicators(plan, plan_folder(plan, folders)),
    )
    _check((*shipped, *kept, *taken), plan, str(path))
    project.set_setting(SETTING, [_raw(one) for one in (*kept, *taken)])
    return tuple(one.key for one in taken)


def drop_indicator(project: Project, key: str) -> None:
    """Take one of the bureau's own indicators out of the project.

    Raises
    ------
    InputError
        When it is none of the bureau's own.
    """
    kept = own_indicators(project)
    if key not in {one.key for one in kept}:
        raise InputError(
            _("“{key}” is none of the bureau's own indicators.").format(key=key),
            remedy=_("Known: {names}.").format(names=", ".join(one.key for one in kept) or "-"),
        )
    project.set_setting(SETTING, [_raw(one) for one in kept if one.key != key])


def _raw(indicator: LedgerIndicator) -> Mapping[str, Any]:
    return indicator.model_dump(mode="json", exclude_defaults=True) | {"origin": "bureau"}


def _check(found: Sequence[LedgerIndicator], plan: Plan, where: str) -> None:
    clauses = {clause.key for clause in plan.clauses} | {one.place for one in plan.indicators}
    met: set[str] = set()
    for one in found:
        if one.key in met:
            raise InputError(
                _("The key {key} stands twice among the indicators.").format(key=one.key),
                where=where,
                remedy=_("Give each indicator a key of its own."),
            )
        met.add(one.key)
        if one.clause not in clauses:
            raise InputError(
                _("Indicator {key}: the plan has no clause {clause}.").format(key=one.key, clause=one.clause),
                where=where,
                remedy=_("Known: {names}.").format(names=", ".join(sorted(clauses))),
            )
