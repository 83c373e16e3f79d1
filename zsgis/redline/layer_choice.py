"""Which layer of a file is the red line: the only one with areas, one named so, or a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.findings import Finding, Severity
from layers.formats.drawings import DRAWINGS
from layers.formats.registry import format_of
from layers.importing.intake import list_source_layers, options_of
from layers.importing.kind_guess import plain_geometry
from layers.importing.request import ImportRequest
from layers.words import _

if TYPE_CHECKING:
    from layers.formats.model import SourceLayer, SourceReader

_SHOWN = 8
# 面/JZD: what lies on the layer JZD of a drawing
_OWN_LAYER = "/"


class LayerChoiceError(InputError):
    """Several layers of a file could be the red line.

    Attributes
    ----------
    layers : tuple of str
        Their names, each an answer for ``ImportRequest.source_layer``.
    """

    def __init__(self, path: Path, layers: tuple[str, ...]) -> None:
        super().__init__(
            _(
                "The file has {count} layers with areas; which of them is the red line is never guessed."
            ).format(count=len(layers)),
            where=str(path),
            remedy=_("Name one (--source-layer): {names}").format(names="、".join(layers[:_SHOWN])),
        )
        self.layers = layers

    @property
    def facts(self) -> Mapping[str, Any]:
        """The layers that could be meant."""
        return {"layers": list(self.layers)}


def chosen_layer(
    request: ImportRequest, reader: SourceReader, layer_names: Sequence[str]
) -> tuple[str, tuple[Finding, ...]]:
    """Return the layer of the file that holds the red lines, and what is to be told of the choice.

    Parameters
    ----------
    layer_names : sequence of str
        Of several layers of areas, the only one whose name holds one of these is taken.

    Raises
    ------
    LayerChoiceError
        When several could be meant.
    InputError
        When the file cannot be read or holds no shapes.
    """
    if request.source_layer:
        return request.source_layer, ()
    layers = _layers(request, reader)
    areas = [each for each in layers if plain_geometry(each.geometry) == "polygon"] or layers
    if not areas:
        raise InputError(
            _("The file holds no shapes."), where=str(request.path), remedy=_("Choose another file.")
        )
    if len(areas) == 1:
        return areas[0].name, tuple(_left_out(layers, areas[0]))
    named = [each for each in areas if any(word in each.name for word in layer_names)]
    if len(named) == 1:
        text = _("Of {count} layers with areas, “{layer}” was taken by its name.").format(
            count=len(areas), layer=named[0].name
        )
        return named[0].name, (Finding("redline.layer_taken", Severity.WARNING, text),)
    raise LayerChoiceError(request.path, tuple(each.name for each in areas))


def _layers(request: ImportRequest, reader: SourceReader) -> list[SourceLayer]:
    """Return the layers of a file that hold shapes; of a drawing its own layers, not all its areas in one."""
    options = options_of(request)
    key = request.format or format_of(request.path).key
    if key != DRAWINGS.key:
        return [each for each in list_source_layers(reader, request.path, options) if each.geometry]
    options = replace(options, choices={**options.choices, "by": "layer"})
    return [each for each in reader.layers(key, request.path, options) if _OWN_LAYER in each.name]


def _left_out(layers: Sequence[SourceLayer], taken: SourceLayer) -> Iterator[Finding]:
    others = [each.name for each in layers if each.name != taken.name]
    if others:
        text = _("Only “{layer}” holds areas; these layers of the file were left out: {names}").format(
            layer=taken.name, names="、".join(others[:_SHOWN])
        )
        yield Finding("redline.layers_left_out", Severity.NOTE, text)
