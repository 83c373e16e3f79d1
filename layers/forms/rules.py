"""The dated rule file of entry: which values a field takes under which value of another field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from layers.locations import resource_path

Codes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Group:
    """Land classes that a rule speaks of; ``codes`` by the key of their standard."""

    title: str
    codes: Codes


@dataclass(frozen=True)
class Option:
    """A value with its name; ``under`` names the groups of classes it belongs to, none means all."""

    code: str
    name: str
    under: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntryRule:
    """What a field of a kind may hold.

    Attributes
    ----------
    only_under : tuple of str
        The groups of classes for which the field is filled at all; empty means all.
    options : tuple of Option
        The values it takes; empty where the rule names none.
    """

    kind: str
    field: str
    source: str
    status: str
    only_under: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class EntryRules:
    """The whole file."""

    groups: Mapping[str, Group]
    rules: Mapping[tuple[str, str], EntryRule]

    def rule(self, kind: str, field: str) -> EntryRule | None:
        """Return what is said of a field."""
        return self.rules.get((kind, field))

    def covers(self, groups: Sequence[str], standard: str, line: Sequence[str]) -> bool | None:
        """Tell whether a class belongs to one of some groups.

        Parameters
        ----------
        line : sequence of str
            The class and those above it; empty where it is not known.

        Returns
        -------
        bool or None
            None where nothing can be said: no class, or a standard the groups do not speak of.
        """
        codes = [
            code
            for name in groups
            if name in self.groups
            for code in self.groups[name].codes.get(standard, ())
        ]
        if not line or not codes:
            return None
        return not set(codes).isdisjoint(line)


@lru_cache(maxsize=1)
def entry_rules() -> EntryRules:
    """Return the rules of ``resources/rules/entry.toml``."""
    data = tomllib.loads(resource_path("rules", "entry.toml").read_text(encoding="utf-8"))
    rules = [_rule(entry) for entry in data["fields"]]
    return EntryRules(
        groups={name: _group(entry) for name, entry in data["groups"].items()},
        rules={(rule.kind, rule.field): rule for rule in rules},
    )


def _group(entry: Mapping[str, Any]) -> Group:
    codes = {key: tuple(value) for key, value in entry.items() if key != "title"}
    return Group(entry["title"], codes)


def _rule(entry: Mapping[str, Any]) -> EntryRule:
    return EntryRule(
        kind=entry["kind"],
        field=entry["field"],
        source=entry["source"],
        status=entry["status"],
        only_under=tuple(entry.get("only_under", ())),
        options=tuple(
            Option(option["code"], option["name"], tuple(option.get("under", ())))
            for option in entry.get("options", ())
        ),
    )
