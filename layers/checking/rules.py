"""The rules a layer is checked by, as the rule file states them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.findings import Severity
from layers.locations import resource_path
from layers.words import _


@dataclass(frozen=True)
class UniqueKey:
    """Fields that together tell features apart, each compared by its first ``digits`` signs (0: all)."""

    fields: tuple[str, ...]
    digits: tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    title, source, status : str
        In the words of the standard, as they stand in the file.
    parameters : mapping
        Numbers; the name ends in the unit.
    fields : mapping
        The field a rule looks at, by the key of a kind.
    kinds : tuple of str
        Kinds the rule holds for in full.
    keys : mapping
        What must be unique, by the key of a kind; ``*`` stands for every kind.
    codes : mapping
        Land-class codes by the key of a standard.
    """

    key: str
    title: str
    severity: Severity
    source: str
    status: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    keys: Mapping[str, tuple[UniqueKey, ...]] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """Return a parameter.

        Raises
        ------
        InputError
            When the rule file does not give it.
        """
        if name not in self.parameters:
            raise InputError(
                _("Rule “{rule}” has no parameter “{name}”.").format(rule=self.key, name=name),
                where="checking.toml",
                remedy=_("Put it back under resources/rules."),
            )
        return self.parameters[name]


@dataclass(frozen=True)
class RuleSet:
    """A rule file."""

    title: str
    version: str
    status: str
    source: str
    rules: Mapping[str, Rule]

    def __getitem__(self, key: str) -> Rule:
        if key not in self.rules:
            raise InputError(
                _("There is no rule “{rule}”.").format(rule=key),
                where="checking.toml",
                remedy=_("Put it back under resources/rules."),
            )
        return self.rules[key]


@lru_cache(maxsize=4)
def checking_rules() -> RuleSet:
    """Return the rules that ship with the program."""
    return read_rules(resource_path("rules", "checking.toml"))


def read_rules(path: Path) -> RuleSet:
    """Read a rule file.

    Raises
    ------
    InputError
        When the file is missing or is no rule file; the message names the rule at fault.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = [_rule(entry, path.name) for entry in data["rules"]]
        heading = {name: str(data[name]) for name in ("title", "version", "status", "source")}
    except (OSError, UnicodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(
            _("The file of rules cannot be read: {reason}").format(reason=error),
            where=path.name,
            remedy=_("Put it back under resources/rules."),
        ) from error
    return RuleSet(rules={rule.key: rule for rule in rules}, **heading)


def _rule(entry: Mapping[str, Any], where: str) -> Rule:
    key = str(entry["key"])
    try:
        return Rule(
            key=key,
            title=str(entry["title"]),
            severity=Severity(entry["severity"]),
            source=str(entry["source"]),
            status=str(entry["status"]),
            parameters={str(name): float(value) for name, value in entry.get("parameters", {}).items()},
            fields={str(kind): str(name) for kind, name in entry.get("fields", {}).items()},
            kinds=tuple(str(kind) for kind in entry.get("kinds", ())),
            keys=_unique_keys(entry.get("keys", ())),
            codes={str(name): tuple(map(str, codes)) for name, codes in entry.get("codes", {}).items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            _("Rule “{rule}” is not written as a rule: {reason}").format(rule=key, reason=error),
            where=where,
            remedy=_("Put it back under resources/rules."),
        ) from error


def _unique_keys(entries: Sequence[Mapping[str, Any]]) -> dict[str, tuple[UniqueKey, ...]]:
    found: dict[str, tuple[UniqueKey, ...]] = {}
    for entry in entries:
        names = tuple(str(name) for name in entry["fields"])
        digits = tuple(int(number) for number in entry["digits"])
        if len(names) != len(digits):
            raise ValueError(f"{len(names)} fields, {len(digits)} digits")
        kind = str(entry["kind"])
        found[kind] = (*found.get(kind, ()), UniqueKey(names, digits))
    return found
