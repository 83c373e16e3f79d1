"""What a form of a feature is: its fields, what is wrong in one, what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import pyproj

from layers.classification import Standard, standard
from layers.findings import Severity
from layers.kind import AreaBasis, Field, GeometryType
from layers.words import N_, _

Values = Mapping[str, Any]
"""By field: text, int, float, bool or None; dates as ``YYYY-MM-DD``."""


class Section(StrEnum):
    """The parts of a form, in their order."""

    REQUIRED = "required"
    FIELDS = "fields"
    AREAS = "areas"
    CLOSING = "closing"
    FURTHER = "further"

    @property
    def heading(self) -> str:
        """What stands over it, in the user's language."""
        return _(_SECTION_TITLES[self])


_SECTION_TITLES = {
    Section.REQUIRED: N_("Required fields"),
    Section.FIELDS: N_("Fields"),
    Section.AREAS: N_("Areas and figures"),
    Section.CLOSING: N_("Source and remarks"),
    Section.FURTHER: N_("Further columns of the file"),
}


@dataclass(frozen=True)
class FormField:
    """One field of a form.

    Attributes
    ----------
    declared : Field
        The kind's declaration; of a column the kind does not know, its name and stored type.
    section : Section
        Where it stands.
    """

    declared: Field
    section: Section

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.declared.name

    @property
    def title(self) -> str:
        """What an officer reads."""
        return self.declared.alias or self.declared.name


@dataclass(frozen=True)
class Issue:
    """What is wrong with, or doubtful about, one value: one sentence."""

    field: str
    severity: Severity
    text: str


@dataclass(frozen=True)
class Choice:
    """A value that may be chosen, and what it means; empty where it means nothing more."""

    value: Any
    name: str = ""

    @property
    def text(self) -> str:
        """How it is offered."""
        return f"{self.value} {self.name}".strip() if isinstance(self.value, str) else self.name


@dataclass(frozen=True)
class Form:
    """The form of a layer's features.

    Attributes
    ----------
    kind : str
        Key of the layer's kind.
    standard_key : str
        Key of the land classification of its codes; empty where it has none.
    class_field : str
        The field whose codes belong to it; empty where there is none.
    crs : pyproj.CRS
        The layer's own.
    """

    kind: str
    standard_key: str
    class_field: str
    area_basis: AreaBasis
    geometry: GeometryType
    crs: pyproj.CRS
    fields: tuple[FormField, ...]
    defaults: Values = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, FormField]:
        """The fields by their names."""
        return {one.name: one for one in self.fields}

    @cached_property
    def standard(self) -> Standard | None:
        """The land classification; None where codes belong to none."""
        return standard(self.standard_key) if self.standard_key not in ("", "custom") else None

    def classes_above(self, code: Any) -> tuple[str, ...]:
        """Return a class and those above it; empty where the standard does not know it."""
        known = self.standard
        if known is None or not isinstance(code, str) or not known.knows(code):
            return ()
        line = [code]
        while known.classes[line[-1]].parent:
            line.append(known.classes[line[-1]].parent)
        return tuple(line)
