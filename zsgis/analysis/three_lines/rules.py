"""The rule file: which lines, in which layer, and which side of each is a hit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from zsgis.analysis.rule_files import RuleFile, read_rule


class LineItem(BaseModel):
    """One line.

    Attributes
    ----------
    field, values
        Which features of the layer are meant: those with one of these values; all of them for an empty field.
    hit : str
        ``inside``: land within is a hit; ``outside``: land that it does not hold.
    beside : bool
        Stands beside the lines and is none of them: it does not make a parcel one in conflict.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    kind: Literal["control_lines", "forest_stands"]
    field: str
    values: tuple[str, ...]
    hit: Literal["inside", "outside"]
    color: str
    clause: str
    beside: bool = False


class ThreeLinesRule(RuleFile):
    """A rule file as read."""

    items: tuple[LineItem, ...]


def three_lines_rule(asked: str = "") -> ThreeLinesRule:
    """Read a rule file; empty for the one that comes with the program.

    Raises
    ------
    InputError
    """
    return read_rule(ThreeLinesRule, asked, "three_lines")
