"""The rule file of contiguity: what can be bridged, what cannot be had, size classes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from layers.classification import Standard
from zsgis.analysis.rule_files import RuleFile, read_rule


class ClassLists(BaseModel):
    """Codes of one standard, each with all classes below it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bridges: tuple[str, ...]
    not_obtainable: tuple[str, ...]


class ContiguityRule(RuleFile):
    """A rule file as read.

    ``size_classes_mu`` are the limits between size classes in 亩, rising; a group of exactly a limit belongs
    to the class above it. The other names are those of :class:`~zsgis.analysis.contiguity.model.Terms` and
    :class:`~zsgis.analysis.contiguity.bridges.BridgeRule`.
    """

    clear_share: float = Field(gt=0.0, le=1.0)
    samples: int = Field(ge=1, le=64)
    drawing_m: float = Field(ge=0.0, le=1.0)
    size_classes_mu: tuple[float, ...]
    standards: dict[str, ClassLists]


def contiguity_rule(name: str = "") -> ContiguityRule:
    """Read a rule file: a path, a name under ``resources/rules``, or empty for the one that ships.

    Raises
    ------
    InputError
        When there is no such file or it does not hold such a rule.
    """
    return read_rule(ContiguityRule, name, "contiguity")


def belongs(code: str, chosen: tuple[str, ...], standard: Standard) -> bool:
    """Tell whether a class is one of the chosen ones or lies below one.

    A code that the standard does not know belongs to those it begins with.
    """
    if not code:
        return False
    if not standard.knows(standard.ancestor(code, 99)):
        return code.startswith(chosen)
    return any(standard.ancestor(code, level) in chosen for level in (1, 2, 3, 99))
