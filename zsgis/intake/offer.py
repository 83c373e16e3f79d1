"""What an officer is shown before a file is taken in: the layer as read, what it may be, where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.crs import parse_crs, transform
from layers.errors import CrsError, InputError
from layers.importing.columns import match_fields
from layers.importing.intake import Intake, Surroundings, list_source_layers, options_of, take_intake
from layers.importing.mappings import MappingShelf, NamedMapping
from layers.importing.request import ImportRequest
from layers.progress import Progress, ProgressPart
from zsgis.intake.outlines import outline_of, outlines_of, some_shapes
from zsgis.plan.starter import towns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.datum_parameters import DatumParameters
    from layers.formats.model import SourceLayer, SourceReader
    from layers.kind import Kind

_DEGREES = 4490
_SHAPES_SHOWN = 400
_SHAPES_BEHIND = 1500
_ROWS_SHOWN = 20


@dataclass(frozen=True)
class Backdrop:
    """What candidates are drawn against, degrees on CGCS2000.

    Attributes
    ----------
    region : tuple
        West, south, east, north of where data is expected.
    shapes : ndarray of shapely geometries
        Some of the project's own.
    names : tuple of (str, float, float)
        Towns to find one's way by, with longitude and latitude.
    """

    region: tuple[float, float, float, float]
    shapes: NDArray[Any]
    names: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class ImportOffer:
    """A layer of a file, ready to be confirmed or corrected.

    Attributes
    ----------
    request : ImportRequest
        What was said so far.
    outlines : mapping
        Some of the layer's shapes where each coordinate candidate puts them (degrees), by its ``value``; a
        candidate that leads nowhere is missing.
    rows : sequence
        The first rows as texts, in the order of ``columns``.
    preview : mapping
        First rows of a table with its headers, as the tables' reader tells them; empty for other families.
    remembered : sequence of NamedMapping
        Mappings whose columns the file has, for any kind.
    parameters : tuple of DatumParameters
        The user's own.
    """

    request: ImportRequest
    intake: Intake
    backdrop: Backdrop
    outlines: Mapping[str, NDArray[Any]]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    preview: Mapping[str, Any] = field(default_factory=dict)
    remembered: tuple[NamedMapping, ...] = ()
    parameters: tuple[DatumParameters, ...] = ()

    @property
    def geometry(self) -> str:
        """``point``, ``line`` or ``polygon``; empty where shapes are mixed or there are none."""
        from layers.importing.kind_guess import plain_geometry

        types = {plain_geometry(name) for name in self.intake.data.frame.geometry.geom_type.dropna().unique()}
        return types.pop() if len(types) == 1 else ""

    def outline(self, value: str, parameters: Sequence[DatumParameters] | None = None) -> NDArray[Any] | None:
        """Return some of the shapes where any way to take the coordinates puts them; None for nowhere.

        Parameters
        ----------
        parameters : sequence of DatumParameters, optional
            The user's own, where they are no longer those of the offer.
        """
        return outline_of(value, _shown(self.intake), self.parameters if parameters is None else parameters)

    def mapping(self, kind: Kind) -> Mapping[str, str]:
        """Return the column proposed for each field: by a remembered mapping, else by the names."""
        fitting = [each for each in self.remembered if each.kind == kind.key]
        if fitting:
            return fitting[0].columns
        return match_fields(kind, list(self.columns), {})


def make_offer(
    reader: SourceReader,
    request: ImportRequest,
    surroundings: Surroundings,
    shelf: MappingShelf,
    progress: Progress,
    *,
    parameters: Sequence[DatumParameters] = (),
) -> ImportOffer:
    """Read a layer and prepare what is shown of it.

    Raises
    ------
    InputError
        When the file cannot be read or is a table without shapes.
    JobCancelled
        When the user stopped.
    """
    intake = take_intake(reader, request, surroundings, ProgressPart(progress, 0.0, 0.85))
    attributes = intake.data.frame.drop(columns=["geometry"])
    columns = tuple(str(name) for name in attributes.columns)
    progress.step(0.9)
    behind = _behind(surroundings)
    return ImportOffer(
        request=request,
        intake=intake,
        backdrop=Backdrop(surroundings.expected, behind, _town_names()),
        outlines=outlines_of(intake.examination.crs.candidates, _shown(intake), parameters),
        columns=columns,
        rows=tuple(
            tuple("" if value is None else str(value) for value in row)
            for row in attributes.head(_ROWS_SHOWN).astype(object).itertuples(index=False, name=None)
        ),
        preview=_preview(reader, intake, progress),
        remembered=tuple(each for each in shelf.all() if each.fits(columns)),
        parameters=tuple(parameters),
    )


def layers_with_shapes(
    reader: SourceReader, request: ImportRequest, progress: Progress
) -> tuple[SourceLayer, ...]:
    """Return the layers of a file that hold shapes; all of them where none does."""
    layers = list_source_layers(reader, request.path, options_of(request), progress)
    return tuple(layer for layer in layers if layer.geometry) or layers


def _shown(intake: Intake) -> NDArray[Any]:
    return some_shapes(np.asarray(intake.data.frame.geometry.array, dtype=object), _SHAPES_SHOWN)


def _town_names() -> tuple[tuple[str, float, float], ...]:
    return tuple((town.name, town.lon, town.lat) for town in towns())


def _behind(surroundings: Surroundings) -> NDArray[Any]:
    reference = surroundings.reference() if surroundings.reference is not None else None
    if reference is None:
        return np.empty(0, dtype=object)
    shapes = some_shapes(np.asarray(reference.geometry, dtype=object), _SHAPES_BEHIND)
    try:
        return transform(shapes, reference.crs, parse_crs(_DEGREES))
    except CrsError:
        return np.empty(0, dtype=object)


def _preview(reader: SourceReader, intake: Intake, progress: Progress) -> Mapping[str, Any]:
    if intake.format_key not in _WITH_PREVIEW:
        return {}
    try:
        answer = reader.question("table_preview", intake.path, intake.options, progress)
    except InputError:
        return {}
    return dict(answer)


_WITH_PREVIEW = frozenset({"xlsx", "xls", "csv", "tables"})
