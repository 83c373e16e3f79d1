"""What a style needs to know of a layer's rows: read and reckoned aside."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.store.default_style import default_style
from layers.style import Style
from layers.styling import Classed, ClassingWish, FieldValues, Grouping, classed, rule_counts

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_READING = 0.8


class StyleData:
    """Reads the fields of one layer, each once while the editor is open."""

    def __init__(self, project: Project, layer: LayerInfo) -> None:
        self._project = project
        self._layer = layer
        self._known: dict[str, FieldValues] = {}

    def classed(self, style: Style, wish: ClassingWish, progress: Progress) -> Classed:
        """Return a style with the classes that are wished for."""
        if wish.grouping is Grouping.NONE:
            return classed(style, wish, None, self._layer.geometry)
        values = self._values(wish.field, progress)
        own_field = wish.field == kind(self._layer.kind).class_field
        standard = self._layer.standard if own_field else ""
        return classed(style, wish, values, self._layer.geometry, standard)

    def counted(self, style: Style, progress: Progress) -> Classed:
        """Return how many features the classes of a style hold."""
        counts, rest = rule_counts(style, self._values(style.class_field, progress))
        return Classed(style, counts, rest)

    def standard(self, progress: Progress) -> Style:
        """Return the style a layer of this kind and classification standard has of itself."""
        declared = kind(self._layer.kind)
        codes: tuple[str, ...] = ()
        if declared.class_field in self.fields and self._layer.standard:
            codes = self._values(declared.class_field, progress).texts
        return default_style(declared, self._layer.standard if codes else "", codes)

    @property
    def fields(self) -> frozenset[str]:
        """The names of the layer's fields."""
        return frozenset(field.name for field in self._layer.fields)

    def _values(self, name: str, progress: Progress) -> FieldValues:
        if name not in self._known:
            reading = ProgressPart(progress, 0.0, _READING)
            field = next(field for field in self._layer.fields if field.name == name)
            blocks = self._project.table(self._layer).blocks([name], reading)
            self._known[name] = FieldValues.of((row[0] for row in chain.from_iterable(blocks)), field.type)
        progress.step(_READING)
        return self._known[name]


def fitting(style: Style, fields: frozenset[str]) -> Style:
    """Return a style without classes and words of fields that a layer does not have."""
    changes: dict[str, object] = {}
    if style.class_field not in fields:
        changes |= {"class_field": "", "rules": (), "numeric": False, "rest_visible": True}
    if style.label is not None and style.label.field not in fields:
        changes["label"] = None
    return style.model_copy(update=changes)
