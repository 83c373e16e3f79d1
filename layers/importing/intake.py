"""A file's layer as read, with what it is taken for: what import, check and dialogs start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from layers.coordinates.places import ZHONGSHAN, Region
from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceReader
from layers.formats.registry import WITH_READINGS, format_called, format_of
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.tables.reader import TABLES
from layers.guard.encodings import judge_encoding
from layers.guard.examination import examine
from layers.guard.fingerprint import Reference
from layers.guard.model import Examination, Shift
from layers.importing.columns import match_fields
from layers.importing.kind_guess import guess_kind, plain_geometry
from layers.importing.request import ImportRequest
from layers.kind import Kind
from layers.kinds import kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _

_SURELY_FOUND = 4
_ANYTHING = "zones"


class NoShapesError(InputError):
    """A table without shapes becomes columns of a layer, not a layer."""


@dataclass(frozen=True)
class Surroundings:
    """What the new layer is expected to fit into.

    Attributes
    ----------
    expected : Region
        Where data is expected to lie, degrees on CGCS2000.
    reference : callable or None
        Returns base data that is known to lie right, or nothing; other systems and the shift of consumer
        maps show against it. It may take long and is called only where that is possible.
    """

    expected: Region = ZHONGSHAN
    reference: Callable[[], Reference | None] | None = None


@dataclass(frozen=True)
class Intake:
    """A layer of a file as read, and what the guard says of it."""

    path: Path
    format_key: str
    options: ReadOptions
    kind: Kind
    data: SourceData
    examination: Examination


def options_of(request: ImportRequest) -> ReadOptions:
    """Return what a request tells the reader."""
    return ReadOptions(request.source_layer, request.encoding, dict(request.choices))


def list_source_layers(
    reader: SourceReader, path: Path, options: ReadOptions | None = None, progress: Progress | None = None
) -> tuple[SourceLayer, ...]:
    """Return the layers of a file, plain tables included.

    Raises
    ------
    InputError
        When the file is of no known family or cannot be read.
    """
    return reader.layers(format_of(path).key, path, options or ReadOptions(), progress)


def take_intake(
    reader: SourceReader,
    request: ImportRequest,
    surroundings: Surroundings | None = None,
    progress: Progress | None = None,
) -> Intake:
    """Read a layer of a file and have it examined; nothing is decided or written.

    Raises
    ------
    UsageError
        For an unknown kind or family of files.
    InputError
        When the file cannot be read or holds no shapes.
    JobCancelled
        When the user stopped.
    """
    around = surroundings or Surroundings()
    reporter = progress or NoProgress()
    declared = kind(request.kind) if request.kind else None
    chosen = format_called(request.format) if request.format else format_of(request.path)
    options = options_of(request)
    readings = _readings(reader, chosen.key, request, options)
    options = _with_encoding(options, chosen.key, readings)
    data = reader.read(chosen.key, request.path, options, ProgressPart(reporter, 0.0, 0.8))
    declared = declared or _guess(request.path, data)
    if not declared.shape_optional:
        _require_shapes(data, request.path, is_table=chosen.key == TABLES.key)
    reporter.step(0.8, _("Looking at coordinates and codes"))
    examination = _examined(data, declared, request, around, readings)
    reporter.step(1.0)
    return Intake(request.path, chosen.key, options, declared, data, examination)


def _require_shapes(data: SourceData, path: Path, *, is_table: bool) -> None:
    """Refuse a layer of rows none of which has a shape: a table becomes columns of a layer, not a layer."""
    shapes = data.frame.geometry
    if not len(shapes) or not shapes.isna().all() or data.unreadable:
        return
    if is_table:
        raise NoShapesError(
            _("The file is a table without shapes."),
            where=str(path),
            remedy=_(
                "Join it to a layer (zsgis join), or name the columns that hold coordinates "
                "(--choose x_column=… --choose y_column=…)."
            ),
        )
    told = "; ".join(note.text for note in data.notes)
    raise InputError(
        _("None of the {count} features of layer “{layer}” has a shape.").format(
            count=len(shapes), layer=data.layer
        ),
        where=str(path),
        remedy=_("Choose another layer of the file, or get the file once more."),
        details=told,
    )


@dataclass(frozen=True)
class _Reading:
    """A way to read a file's text, as the reading process tells it."""

    name: str
    stated: bool
    sample: str
    score: float
    reason: str


def _readings(
    reader: SourceReader, key: str, request: ImportRequest, options: ReadOptions
) -> tuple[_Reading, ...]:
    if request.encoding or key not in WITH_READINGS:
        return ()
    answer = reader.question("encodings", request.path, options)
    return tuple(_Reading(**each) for each in answer)


def _mapped(data: SourceData, declared: Kind, request: ImportRequest) -> Mapping[str, str]:
    """Return the columns that will fill the kind's fields, as far as can be told before anybody was asked."""
    columns = [str(name) for name in data.frame.columns if name != "geometry"]
    try:
        return match_fields(declared, columns, request.mapping)
    except InputError:
        # the import itself says which column is not there
        return request.mapping


def _with_encoding(options: ReadOptions, key: str, readings: Sequence[_Reading]) -> ReadOptions:
    """Have a plain text read with what the guard is sure of, so that both say the same."""
    chosen = judge_encoding(readings).chosen
    # a shapefile's reader weighs header, .cpg and text itself, and tells what contradicts
    if chosen is None or key == SHAPEFILE.key:
        return options
    return replace(options, encoding=chosen.value)


def _examined(
    data: SourceData,
    declared: Kind,
    request: ImportRequest,
    around: Surroundings,
    readings: Sequence[_Reading],
) -> Examination:
    def look(reference: Reference | None) -> Examination:
        return examine(
            data,
            kind=declared,
            reference=reference,
            expected=around.expected,
            readings=readings,
            mapping=_mapped(data, declared, request),
        )

    examination = look(None)
    shifted = any(candidate.shift is not Shift.NONE for candidate in examination.crs.candidates)
    if around.reference is None or (examination.crs.sure and not shifted):
        return examination
    reference = around.reference()
    return examination if reference is None else look(reference)


def _guess(path: Path, data: SourceData) -> Kind:
    types = {plain_geometry(name) for name in data.frame.geometry.geom_type.dropna().unique()}
    columns = [str(name) for name in data.frame.columns if name != "geometry"]
    guess = guess_kind((path.stem, data.layer), next(iter(types)) if len(types) == 1 else "", columns)
    if guess.kind.shape_optional and not types and not guess.named and guess.found < _SURELY_FOUND:
        # a few columns of the same name do not make a plain table a register
        return kind(_ANYTHING)
    return guess.kind
