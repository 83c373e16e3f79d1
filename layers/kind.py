"""The vocabulary in which a layer kind is declared.

A kind is declared once, at the top of ``layers/``; importers, checks, forms, tables, legends and
survey forms derive from the declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from layers.errors import UsageError
from layers.style import Style, Symbol
from layers.words import _


class GeometryType(StrEnum):
    """The shape of a kind's features."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"


class AreaBasis(StrEnum):
    """Which area counts for a kind (the three stand side by side and are never exchanged)."""

    ELLIPSOIDAL = "ellipsoidal"
    PLANAR = "planar"
    RECORDED = "recorded"
    NONE = "none"


class FieldType(StrEnum):
    """The type of a field's values. Codes are text: 0802 stays 0802."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


def type_words(kind: FieldType) -> str:
    """Return what a field type is called in the user's language."""
    return {
        FieldType.TEXT: _("text"),
        FieldType.INTEGER: _("a whole number"),
        FieldType.NUMBER: _("a number"),
        FieldType.DATE: _("a date"),
        FieldType.BOOLEAN: _("yes or no"),
    }[kind]


class Computation(StrEnum):
    """How the value of a computed field comes about.

    The areas are those of the shape; the others take what stands in other fields of the same feature.
    """

    ELLIPSOIDAL_AREA = "ellipsoidal_area"
    PLANAR_AREA = "planar_area"
    CLASS_NAME = "class_name"
    CLASS_ABOVE = "class_above"
    CODE_NAME = "code_name"
    PRODUCT = "product"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Computed:
    """The rule by which a field is computed; nobody types such a field.

    Attributes
    ----------
    of : tuple of str
        The fields it is computed from; empty for an area. A product and a difference take them in order.
    level : int
        For the class above: which level of the standard is wanted, 1 for the coarsest.
    """

    rule: Computation
    of: tuple[str, ...] = ()
    level: int = 0

    @property
    def is_area(self) -> bool:
        """Whether it follows the shape."""
        return self.rule in (Computation.ELLIPSOIDAL_AREA, Computation.PLANAR_AREA)


@dataclass(frozen=True)
class Field:
    """One field of a kind.

    Attributes
    ----------
    name : str
        Column name in the project file: ASCII, lower case.
    alias : str
        The data standard's Chinese term; what an officer reads.
    unit : str
        ``m2``, ``ha``, ``mu``, ``m``, ``percent`` or empty.
    domain : tuple of str
        The values allowed; empty means any.
    met_as : tuple of str
        Other names under which the field is met in files.
    names : tuple of (str, str)
        What codes mean; a code that is not among them stands for itself.
    length : int
        How many characters the data standard gives a text; 0 where it says nothing.
    computed : Computed or None
        By which rule its value comes about; None where somebody states it.
    cascade : str
        Name of the field on whose value the values of this one depend; empty where they do not.
    low, high : float or None
        Beyond them a value is impossible: a share over 1, an area below 0.
    usual : tuple of (float or None, float or None)
        Beyond them a value is unlikely, and asked about.
    digits : int or None
        Decimals the data standard gives a number; None where it says nothing.
    not_below : str
        Name of a field whose value this one is never smaller or earlier than; empty where there is none.
    """

    name: str
    alias: str
    type: FieldType = FieldType.TEXT
    unit: str = ""
    domain: tuple[str, ...] = ()
    required: bool = False
    met_as: tuple[str, ...] = ()
    default: Any = None
    names: tuple[tuple[str, str], ...] = ()
    length: int = 0
    computed: Computed | None = None
    cascade: str = ""
    low: float | None = None
    high: float | None = None
    usual: tuple[float | None, float | None] = (None, None)
    digits: int | None = None
    not_below: str = ""


@dataclass(frozen=True)
class Kind:
    """What a layer is.

    Attributes
    ----------
    key : str
        The kind's name in commands and files, ``land_use``.
    title : str
        English title (a message id; show it through ``_``).
    group : str
        The heading it stands under in the layer tree (a message id).
    area_basis : AreaBasis
        Which area its tables use by default; the bureau may change it per project.
    recorded_area : str
        Name of the field that holds a recorded area in its own unit; empty where there is none.
    class_field : str
        Name of the field that holds a land-class code; empty where the kind is not classified.
    name_field : str
        Name of the field that names a feature for people.
    style : Style
        How it is drawn until the user says otherwise. A classified kind takes its class
        colours from the layer's classification standard.
    partition : bool
        Its features share the ground out: they never overlap, and where they meet they leave no gap.
    shape_optional : bool
        A feature without a shape is whole: a project that has no site yet, a figure of a document. Such a
        layer may be made from a plain table.
    """

    key: str
    title: str
    group: str
    geometry: GeometryType
    fields: tuple[Field, ...]
    area_basis: AreaBasis = AreaBasis.NONE
    recorded_area: str = ""
    class_field: str = ""
    name_field: str = "name"
    style: Style = field(default_factory=lambda: Style(symbol=Symbol()))
    order: int = 100
    partition: bool = False
    shape_optional: bool = False

    def field(self, name: str) -> Field:
        """Return the field called ``name``.

        Raises
        ------
        UsageError
            When the kind has no such field.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise UsageError(
            _("Kind “{kind}” has no field “{name}”.").format(kind=self.key, name=name),
            remedy=_("Fields: {names}").format(names=", ".join(f.name for f in self.fields)),
        )

    def below(self, name: str) -> tuple[str, ...]:
        """Return the fields that ``name`` is never smaller or earlier than, the next one first.

        Of stages in their order all earlier ones are among them: any of them may have been left out.
        """
        found: list[str] = []
        after = self.field(name).not_below
        while after and after not in found:
            found.append(after)
            after = self.field(after).not_below
        return tuple(found)

    def has_field(self, name: str) -> bool:
        """Tell whether the kind declares a field called ``name``."""
        return any(candidate.name == name for candidate in self.fields)
