"""What a form shows for each field of a declared parameter model."""

from __future__ import annotations

import enum
import types
import typing
from dataclasses import dataclass
from typing import Any, Literal

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from layers.words import _
from zsgis.capability import Parameters, is_advanced, ordered_fields

Form = Literal["layer", "choice", "flag", "integer", "number", "text", "comparisons", "source", "sources"]


@dataclass(frozen=True)
class FieldSpec:
    """One field of a form, in the user's language.

    Attributes
    ----------
    form : str
        Which widget edits it.
    low, high : float or None
        The range allowed, ends included; None means no end.
    choices : tuple of (value, title)
        The values allowed; empty for anything else than ``choice``.
    kinds : tuple of str
        Keys of the layer kinds that fit; for ``layer`` only.
    optional : bool
        A number that may stay empty, or a layer that may be none.
    endings : tuple of str
        Of files that fit, without the point; for ``source`` and ``sources``.
    rasters : bool
        The project's rasters fit, too.
    offered : tuple of (value, title)
        What is offered beside rasters and files.
    empty : str
        What is taken where nothing is named.
    advanced : bool
        Few ever change it.
    """

    name: str
    form: Form
    title: str
    help: str = ""
    unit: str = ""
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[Any, str], ...] = ()
    kinds: tuple[str, ...] = ()
    optional: bool = False
    endings: tuple[str, ...] = ()
    rasters: bool = False
    offered: tuple[tuple[str, str], ...] = ()
    empty: str = ""
    advanced: bool = False


def field_specs(model: type[Parameters]) -> tuple[FieldSpec, ...]:
    """Return what a form shows for ``model``, in the order of its declaration, advanced fields last."""
    return tuple(_spec(name, info) for name, info in ordered_fields(model).items())


def _spec(name: str, info: FieldInfo) -> FieldSpec:
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    annotation = _plain(info.annotation)
    low, high = _range(info)
    choices = _choices(annotation, extra.get("choices", {}))
    return FieldSpec(
        name=name,
        form=_form(annotation, extra, choices),
        title=_(info.title or name),
        help=_(info.description) if info.description else "",
        unit=unit_text(str(extra.get("unit", ""))),
        default=None if info.default is PydanticUndefined else info.default,
        low=low,
        high=high,
        choices=choices,
        kinds=tuple(extra.get("layer", ())),
        optional=bool(extra.get("optional", False)) or annotation != info.annotation,
        endings=_endings(extra),
        rasters="raster" in extra,
        offered=tuple((value, _(title)) for value, title in extra.get("offered", {}).items()),
        empty=_(extra["empty"]) if "empty" in extra else "",
        advanced=is_advanced(info),
    )


def _endings(extra: dict[str, Any]) -> tuple[str, ...]:
    if "raster" not in extra:
        return tuple(extra.get("file", ()))
    from layers.formats.raster import RASTER_ENDINGS

    return RASTER_ENDINGS


def _plain(annotation: Any) -> Any:
    """Return the type without ``None`` and without metadata."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _plain(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        return _plain(parts[0]) if len(parts) == 1 else annotation
    return annotation


def _choices(annotation: Any, titles: dict[Any, str]) -> tuple[tuple[Any, str], ...]:
    values: list[Any] = list(titles)
    if typing.get_origin(annotation) is Literal:
        values = list(typing.get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        values = [member.value for member in annotation]
    return tuple((value, _(str(titles.get(value, titles.get(str(value), value))))) for value in values)


def _form(annotation: Any, extra: dict[str, Any], choices: tuple[tuple[Any, str], ...]) -> Form:
    if "layer" in extra:
        return "layer"
    if choices:
        return "choice"
    if extra.get("editor") == "comparisons":
        return "comparisons"
    if "raster" in extra or "file" in extra:
        return "sources" if extra.get("raster") == "by key" else "source"
    simple: dict[Any, Form] = {bool: "flag", int: "integer", float: "number"}
    return simple.get(annotation, "text")


def _range(info: FieldInfo) -> tuple[float | None, float | None]:
    low = high = None
    for limit in info.metadata:
        low = getattr(limit, "ge", getattr(limit, "gt", low))
        high = getattr(limit, "le", getattr(limit, "lt", high))
    return low, high


def unit_text(unit: str) -> str:
    """Return how a unit is written for people."""
    texts = {
        "m2": "m²",
        "ha": "公顷",
        "mu": "亩",
        "m": "m",
        "percent": "%",
        "px": "px",
        "mm": "mm",
        "km2": "km²",
    }
    return texts.get(unit, unit)
