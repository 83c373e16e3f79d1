"""Red lines out of a file of any family, from the hand or from a selection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import InputError
from layers.findings import Finding, Severity
from layers.formats.boundary_txt.forms import AREA_M2
from layers.formats.model import SourceData
from layers.guard.applying import apply
from layers.importing.bringing import sum_of_source
from layers.importing.columns import match_fields
from layers.importing.deciding import decide
from layers.importing.intake import Surroundings, take_intake
from layers.importing.request import ImportRequest
from layers.kinds import kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.analysis.zone_names import own_name
from zsgis.redline.boundary import Boundaries, Boundary, BoundarySource
from zsgis.redline.layer_choice import chosen_layer
from zsgis.redline.shapes import red_line_shape, shape_sum

if TYPE_CHECKING:
    from layers.datum_parameters import DatumParameters
    from layers.formats.model import SourceReader

# a generic kind has neither classes nor areas that would have to be asked about
_KIND = "zones"
_NAMED_LIKE = ("approved", "supplied", "zones")
_MOST = 10_000


def read_boundaries(
    request: ImportRequest,
    reader: SourceReader,
    *,
    surroundings: Surroundings | None = None,
    parameters: Sequence[DatumParameters] = (),
    layer_names: Sequence[str] = (),
    progress: Progress | None = None,
) -> Boundaries:
    """Read the red lines of a file; each feature is one.

    What the coordinates are is decided as in an import: what is sure is taken and told, what is not is asked.

    Parameters
    ----------
    request : ImportRequest
        The file; of the rest ``source_layer``, ``crs``, ``encoding``, ``format`` and ``choices`` count.
    surroundings : Surroundings, optional
        Where data is expected (:func:`zsgis.intake.surroundings.surroundings_of`).
    parameters : sequence of DatumParameters
        The user's own, for legacy datums.
    layer_names : sequence of str
        Of several layers of areas in the file, the only one whose name holds one of these is taken.

    Raises
    ------
    UncertainError
        When the coordinate system or the text's encoding was not said and is not sure; it has the candidates.
    LayerChoiceError
        When several layers of the file could be meant.
    InputError
        When the file cannot be read, or nothing in it is a red line; then with the reason of the first.
    CrsError
        When the coordinates cannot be what they are said to be, or need parameters that are not given.
    JobCancelled
        When the user stopped.
    """
    reporter = progress or NoProgress()
    chosen, told = chosen_layer(request, reader, layer_names)
    wanted = replace(request, kind=_KIND, source_layer=chosen, mapping={}, units={}, standard="")
    intake = take_intake(reader, wanted, surroundings, ProgressPart(reporter, 0.0, 0.9))
    decisions = decide(intake, wanted, {})
    shapes = np.asarray(intake.data.frame.geometry.array, dtype=object)
    if len(shapes) > _MOST:
        raise InputError(
            _("The file holds {count} features; so many red lines are not checked at once.").format(
                count=f"{len(shapes):,}"
            ),
            where=str(request.path),
            remedy=_("Choose a layer of red lines, or import it as a layer."),
        )
    placed = apply(decisions.taken_as, shapes, parameters)
    findings = (
        *told,
        *decisions.told,
        *(Finding(note.code, note.severity, note.text) for note in (*placed.notes, *intake.data.notes)),
    )
    source = BoundarySource(
        file=request.path.name,
        layer=intake.data.layer,
        taken_as=decisions.taken_as.text,
        sha256=sum_of_source(request.path),
        secrecy=intake.data.secrecy,
    )
    names = _names(intake.data, request.path.stem)
    areas = _recorded(intake.data)
    made = _made(names, placed.geometry, placed.crs, source, areas, findings)
    if not made.boundaries:
        raise _nothing(made, request.path)
    reporter.step(1.0)
    return made


def boundaries_of_shapes(
    shapes: Iterable[tuple[str, BaseGeometry]], crs: pyproj.CRS, layer: str = "", secrecy: str = ""
) -> Boundaries:
    """Return red lines from shapes that were drawn, or selected in a layer.

    Parameters
    ----------
    shapes : iterable of (str, geometry)
        Each with its name; an empty name becomes its number.
    crs : pyproj.CRS
        The system of the shapes, x east and y north.
    layer : str
        Name of the project's layer they were selected in; empty for drawn ones.
    secrecy : str
        That layer's secrecy.

    Raises
    ------
    InputError
        When none of them can be a red line, with the reason of the first.
    """
    pairs = list(shapes)
    names = _distinct([own_name(name) for name, _shape in pairs], _("Red line"))
    geometry = np.empty(len(pairs), dtype=object)
    geometry[:] = [shape for _name, shape in pairs]
    source = BoundarySource(file="", layer=layer, secrecy=secrecy)
    made = _made(names, geometry, crs, source, [None] * len(pairs), ())
    if not made.boundaries:
        raise _nothing(made, Path(layer or _("Red line")))
    return made


def _names(data: SourceData, stem: str) -> tuple[str, ...]:
    columns = [str(name) for name in data.frame.columns if name != "geometry"]
    found = ("",) * len(data.frame)
    for key in _NAMED_LIKE:
        column = match_fields(kind(key), columns, {}).get("name")
        if column is not None and any(own_name(value) for value in data.frame[column]):
            found = tuple(own_name(value) for value in data.frame[column])
            break
    return _distinct(found, stem)


def _distinct(names: Sequence[str], otherwise: str) -> tuple[str, ...]:
    """Return a name for each red line that no other has; one without gets the file's name and its number."""
    taken: set[str] = set()
    out = []
    for place, name in enumerate(names, start=1):
        plain = name or (otherwise if len(names) == 1 else f"{otherwise}-{place}")
        number, candidate = 1, plain
        while candidate in taken:
            number += 1
            candidate = f"{plain} ({number})"
        taken.add(candidate)
        out.append(candidate)
    return tuple(out)


def _recorded(data: SourceData) -> list[float | None]:
    if AREA_M2 not in data.frame:
        return [None] * len(data.frame)
    values: list[Any] = data.frame[AREA_M2].tolist()
    return [float(value) if isinstance(value, float) and np.isfinite(value) else None for value in values]


def _made(
    names: Sequence[str],
    geometry: Any,
    crs: pyproj.CRS,
    source: BoundarySource,
    areas: Sequence[float | None],
    findings: tuple[Finding, ...],
) -> Boundaries:
    boundaries: list[Boundary] = []
    refused: list[tuple[str, InputError]] = []
    for place, (name, shape, recorded) in enumerate(zip(names, geometry, areas, strict=True), start=1):
        try:
            area, told = red_line_shape(shape, crs, name)
        except InputError as error:
            refused.append((name, error))
            continue
        own = replace(source, place=place, sha256=source.sha256 or shape_sum(area, crs))
        boundaries.append(Boundary(name, area, crs, own, recorded, (*findings, *told)))
    over = _over_each_other(boundaries)
    return Boundaries(
        tuple(
            replace(each, findings=(*each.findings, *over.get(place, ())))
            for place, each in enumerate(boundaries)
        ),
        tuple(refused),
    )


def _over_each_other(boundaries: Sequence[Boundary]) -> dict[int, list[Finding]]:
    """Return, by place, that a red line of the file lies over another: perhaps it is a hole of it."""
    found: dict[int, list[Finding]] = {}
    shapes = [each.geometry for each in boundaries]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects") if shapes else ([], [])
    for one, other in zip(first, second, strict=True):
        shared = shapely.intersection(shapes[one], shapes[other]).area if one != other else 0.0
        if shared > 1e-9 * shapes[one].area:
            text = _(
                "“{name}” lies over “{other}” of the same file; each is checked as a red line of its own. "
                "If it is a hole, have it drawn as one."
            ).format(name=boundaries[one].name, other=boundaries[other].name)
            found.setdefault(int(one), []).append(Finding("redline.over", Severity.WARNING, text))
    return found


def _nothing(made: Boundaries, path: Path) -> InputError:
    if not made.refused:
        return InputError(_("The file holds no shapes."), where=str(path), remedy=_("Choose another file."))
    name, first = made.refused[0]
    return InputError(
        _("Nothing in it can be a red line. {reason}").format(reason=first.what),
        where=f"{path}: {name}",
        remedy=first.remedy,
        details="\n".join(f"{each}: {error}" for each, error in made.refused),
    )
