"""The rule file of fragmentation: size classes, and what counts as small."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from layers.errors import InputError
from layers.locations import resource_path
from layers.words import _


class FragmentationRule(BaseModel):
    """A rule file as read.

    Attributes
    ----------
    size_classes_mu : tuple of float
        Limits between size classes in 亩, rising; a patch of exactly a limit belongs to the class above it.
    small_mu : float
        Patches under so many 亩 are small.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    version: str
    status: str
    source: str
    size_classes_mu: tuple[float, ...] = Field(min_length=1)
    small_mu: float = Field(gt=0.0)

    @field_validator("size_classes_mu")
    @classmethod
    def _rising(cls, limits: tuple[float, ...]) -> tuple[float, ...]:
        if limits[0] <= 0 or any(low >= high for low, high in pairwise(limits)):
            raise ValueError("the limits of size classes are above zero and rise")
        return limits

    @property
    def words(self) -> str:
        """What a run record calls the rule."""
        return f"{self.title} {self.version} ({self.status})"


def fragmentation_rule(name: str = "") -> FragmentationRule:
    """Read a rule file: a path, a name under ``resources/rules``, or empty for the one that ships.

    Raises
    ------
    InputError
        When there is no such file or it does not hold such a rule.
    """
    shipped = resource_path("rules", f"{name or 'fragmentation'}.toml")
    path = shipped if shipped.is_file() else Path(name)
    if not path.is_file():
        raise InputError(
            _("There is no rule file “{name}”.").format(name=name),
            remedy=_("Name a file under resources/rules, or give a path."),
        )
    try:
        return FragmentationRule.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        raise InputError(
            _("The rule file cannot be read as a rule of fragmentation."),
            where=path.name,
            remedy=_("Take the shipped file as the pattern."),
            details=str(error),
        ) from error
