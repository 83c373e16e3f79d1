"""Plans from folders: those that ship, and those that a bureau keeps in a folder of its own.

A plan is a folder with ``plan.toml`` (key, title, period, status, source) and any further TOML files;
``[[platforms]]``, ``[[carriers]]``, ``[[indicators]]``, ``[[counts]]`` and ``[[clauses]]`` may stand in
any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from layers.errors import InputError, UsageError
from layers.locations import resource_path
from layers.words import _
from zsgis.plan.catalogue import Plan, PlanInfo, contradictions
from zsgis.plan.indicators import Indicator
from zsgis.plan.model import Carrier, Clause, ConflictingCount, Declared, Key, Period, Platform, Text
from zsgis.plan.reading import entries, read_toml, validated

DEFAULT_PLAN = "zhongshan-145"
_HEAD = "plan.toml"
_GROUPS: dict[str, type[BaseModel]] = {
    "platforms": Platform,
    "carriers": Carrier,
    "indicators": Indicator,
    "counts": ConflictingCount,
    "clauses": Clause,
}


class _Head(Declared):
    key: Key
    title: Text
    period: Period
    status: Text
    source: Text
    remark: str = ""


def plans(folders: Sequence[Path] = ()) -> tuple[PlanInfo, ...]:
    """Return the plans that can be loaded: the shipped ones, then those of ``folders``.

    Parameters
    ----------
    folders : sequence of Path
        The bureau's folders; each is a plan's folder or holds plans' folders.

    Raises
    ------
    InputError
        A folder is missing, a ``plan.toml`` cannot be used, or two plans have one key.
    """
    found: dict[str, PlanInfo] = {}
    for folder in _plan_folders([resource_path("plans"), *folders]):
        path = folder / _HEAD
        head = _head(path, read_toml(path))
        if head.key in found:
            raise InputError(
                _("Two plans have the key {key}: {first} and {second}.").format(
                    key=head.key, first=found[head.key].folder, second=folder
                ),
                where=str(path),
                remedy=_("Give your own plan a key of its own."),
            )
        found[head.key] = PlanInfo(head.key, head.title, head.period, folder)
    return tuple(found.values())


def load_plan(key: str = DEFAULT_PLAN, *, folders: Sequence[Path] = ()) -> Plan:
    """Return a plan, wholly checked.

    Parameters
    ----------
    key : str
        The plan's key; the 14th five-year sci-tech plan of Zhongshan by default.
    folders : sequence of Path
        As for :func:`plans`.

    Raises
    ------
    UsageError
        There is no such plan; the message names those there are.
    InputError
        A file cannot be used; the message names file, entry and field.
    """
    known = plans(folders)
    for info in known:
        if info.key == key:
            return read_plan(info.folder)
    raise UsageError(
        _("There is no plan {key!r}.").format(key=key),
        remedy=_("Known: {names}.").format(names=", ".join(info.key for info in known)),
    )


def read_plan(folder: Path) -> Plan:
    """Return the plan that lies in a folder; errors as in :func:`load_plan`."""
    groups: dict[str, list[Any]] = {name: [] for name in _GROUPS}
    content = read_toml(folder / _HEAD)
    head = _head(folder / _HEAD, content)
    for path in sorted(folder.glob("*.toml")):
        here = content if path.name == _HEAD else read_toml(path)
        _collect(path, here, groups)
    plan = Plan.model_validate({**head.model_dump(), **groups})
    problems = list(contradictions(plan))
    if problems:
        raise InputError(" ".join(problems), where=str(folder), remedy=_("Correct the entries named."))
    return plan


def _plan_folders(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        if (folder / _HEAD).is_file():
            yield folder
        elif folder.is_dir():
            yield from sorted(path.parent for path in folder.glob(f"*/{_HEAD}"))
        else:
            raise InputError(
                _("The folder of plans does not exist."),
                where=str(folder),
                remedy=_("Check the folder's name in the settings."),
            )


def _head(path: Path, content: dict[str, Any]) -> _Head:
    raw = {name: value for name, value in content.items() if name not in _GROUPS}
    return validated(_Head, raw, where=str(path))


def _collect(path: Path, content: dict[str, Any], groups: dict[str, list[Any]]) -> None:
    for name, model in _GROUPS.items():
        for number, raw in enumerate(entries(content, name, where=str(path)), start=1):
            label = f"{path} [[{name}]] {number} ({raw.get('key', '?')})"
            groups[name].append(validated(model, raw, where=label))
    unknown = sorted(set(content) - set(_GROUPS) - set(_Head.model_fields))
    if path.name != _HEAD:
        unknown = sorted(set(content) - set(_GROUPS))
    if unknown:
        raise InputError(
            _("These parts are not known: {names}.").format(names=", ".join(unknown)),
            where=str(path),
            remedy=_("Known: {names}.").format(names=", ".join(_GROUPS)),
        )
