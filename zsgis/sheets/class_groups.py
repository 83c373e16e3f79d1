"""Land classes of one look, told as one: a symbol has one meaning in the legend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from layers.style import ClassRule, Symbol


@dataclass(frozen=True)
class ClassTree:
    """What is known of the classes.

    Attributes
    ----------
    parent : callable
        The class above one; empty at the top.
    name : callable
        A class's name.
    read : callable
        The class that a code met in data stands for.
    """

    parent: Callable[[str], str]
    name: Callable[[str], str]
    read: Callable[[str], str] = field(default=str)

    def above(self, code: str) -> tuple[str, ...]:
        """Return the classes above ``code``, nearest first."""
        found: list[str] = []
        upper = self.parent(code)
        while upper and upper not in found:
            found.append(upper)
            upper = self.parent(upper)
        return tuple(found)


FLAT = ClassTree(parent=lambda _code: "", name=lambda code: code)
"""Classes with nothing above them."""


@dataclass(frozen=True)
class ClassGroup:
    """One legend entry: a class, or a class above several present ones of the same look."""

    code: str
    name: str
    symbol: Symbol
    members: tuple[str, ...]


def class_groups(rules: Sequence[ClassRule], tree: ClassTree, told: Collection[str] = ()) -> list[ClassGroup]:
    """Join neighbours of one look under the highest class whose present members all look alike.

    Parameters
    ----------
    rules : sequence of ClassRule
        The classes that are on the map, in the standard's order.
    tree : ClassTree
    told : collection of str
        Classes for which there is a figure: a class without one stands under the class above that has one,
        where no other look is under that.
    """
    looks: dict[str, list[ClassRule]] = {}
    for rule in rules:
        read = tree.read(rule.value)
        for code in (read, *tree.above(read)):
            looks.setdefault(code, []).append(rule)
    groups: dict[str, ClassGroup] = {}
    for rule in rules:
        code = read = tree.read(rule.value)
        if any(one.symbol != rule.symbol for one in looks[read]):
            groups[rule.value] = ClassGroup(read, rule.title, rule.symbol, (rule.value,))
            continue
        for upper in tree.above(read):
            members = looks[upper]
            if any(one.symbol != rule.symbol for one in members):
                break
            if len(members) > len(looks[code]) or (upper in told and code not in told):
                code = upper
        name = rule.title if code == rule.value or not code else tree.name(code)
        groups.setdefault(code, ClassGroup(code, name, rule.symbol, tuple(one.value for one in looks[code])))
    return list(groups.values())


def figure_of(group: ClassGroup, figures: Mapping[str, str], tree: ClassTree) -> str | None:
    """Return the printed figure of a group: its own row, or the one row of the table that lies under it.

    Empty where the table tells it in another division only (coarser, or in several rows); None where nothing
    of the group is in the table. Figures are never added up here.
    """
    if group.code in figures:
        return figures[group.code]
    under = [code for code in figures if group.code in tree.above(code)]
    lowest = [code for code in under if not any(code in tree.above(other) for other in under)]
    if len(lowest) == 1:
        return figures[lowest[0]]
    divided = {upper for code in figures for upper in tree.above(code)}
    told_above = any(code in figures and code not in divided for code in tree.above(group.code))
    return "" if lowest or told_above else None
