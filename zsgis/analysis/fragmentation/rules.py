"""The rule file of fragmentation: size classes, and what counts as small."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field, field_validator

from zsgis.analysis.rule_files import RuleFile, read_rule


class FragmentationRule(RuleFile):
    """A rule file as read.

    Attributes
    ----------
    size_classes_mu : tuple of float
        Limits between size classes in 亩, rising; a patch of exactly a limit belongs to the class above it.
    small_mu : float
        Patches under so many 亩 are small.
    """

    size_classes_mu: tuple[float, ...] = Field(min_length=1)
    small_mu: float = Field(gt=0.0)

    @field_validator("size_classes_mu")
    @classmethod
    def _rising(cls, limits: tuple[float, ...]) -> tuple[float, ...]:
        if limits[0] <= 0 or any(low >= high for low, high in pairwise(limits)):
            raise ValueError("the limits of size classes are above zero and rise")
        return limits


def fragmentation_rule(name: str = "") -> FragmentationRule:
    """Read a rule file: a path, a name under ``resources/rules``, or empty for the one that ships.

    Raises
    ------
    InputError
        When there is no such file or it does not hold such a rule.
    """
    return read_rule(FragmentationRule, name, "fragmentation")
