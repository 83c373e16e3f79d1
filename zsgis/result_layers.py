"""A result's map as a layer: in the project, or as a file for other programs."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.errors import InputError
from layers.formats.model import OutgoingLayer
from layers.formats.moving import move_into_place
from layers.formats.registry import writer_of
from layers.formats.secrecy_mark import mark_of
from layers.progress import NoProgress, Progress
from layers.standing import SCHEMATIC
from layers.style import ClassRule, Style, Symbol
from layers.words import _
from zsgis.charts import ResultMap
from zsgis.map_symbols import class_symbol
from zsgis.result import Result

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from layers.store import LayerInfo, Project

_EDGE = "#58616B"
_EDGE_MM = 0.1
_REST = "#C8CCD1"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def map_frame(chart: ResultMap) -> GeoDataFrame:
    """Return a result's areas as a frame in the map's system; what has no area is left out.

    The column ``sources`` names the features behind each area, where the result names them.
    """
    from geopandas import GeoDataFrame

    has = np.array([shape is not None and shapely.area(shape) > 0 for shape in chart.geometry], dtype=bool)
    columns: dict[str, Any] = {
        name: [value for value, kept in zip(values, has, strict=True) if kept]
        for name, values in chart.columns.items()
    }
    if chart.sources:
        behind = [" ".join(uids) for uids, kept in zip(chart.sources, has, strict=True) if kept]
        columns["sources"] = behind
    return GeoDataFrame(columns, geometry=chart.geometry[has], crs=chart.crs)


def map_style(chart: ResultMap) -> Style:
    """Return the look of a result's map: its classes in their colours."""
    return Style(
        symbol=Symbol(fill=_REST, stroke=_EDGE, stroke_mm=_EDGE_MM),
        class_field=chart.color_by,
        rules=tuple(
            ClassRule(
                value=entry.value, title=entry.title, symbol=class_symbol(entry, edge=_EDGE, edge_mm=_EDGE_MM)
            )
            for entry in chart.classes
        ),
    )


def add_to_project(
    project: Project, result: Result, chart: ResultMap, progress: Progress | None = None
) -> LayerInfo:
    """Add a result's map to the project as a layer of zones, with what it inherits from its inputs.

    Raises
    ------
    InputError
        When nothing on the map has an area.
    ProjectFileError
        When the file cannot be written.
    """
    from layers.store import NewLayer

    frame = map_frame(chart)
    if frame.empty:
        raise InputError(
            _("There is no area on this map."), where=chart.title, remedy=_("Look at the tables.")
        )
    new = NewLayer(
        name=f"{result.title} {chart.title}",
        kind="zones",
        crs=chart.crs,
        demo=result.demo,
        status=SCHEMATIC if result.schematic else "",
        secrecy=result.secrecy,
        style=map_style(chart),
        source={"run": result.run.uid, "capability": result.capability, "map": chart.key},
    )
    return project.add_layer(new, frame, progress)


def file_stem(result: Result, title: str) -> str:
    """Return what a file that holds a part of a result is called, without its ending."""
    return _NOT_IN_NAMES.sub("_", f"{result.title}_{title}")


def write_map(result: Result, chart: ResultMap, folder: Path, progress: Progress | None = None) -> Path:
    """Write a result's map as a GeoPackage into a folder and return the file; it appears whole or not at all.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    out = folder / f"{file_stem(result, chart.title)}.gpkg"
    frame = map_frame(chart)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as place:
        draft = Path(place) / out.name
        writer_of(out).write(
            OutgoingLayer(name=chart.title, frame=frame, mark=mark_of(result.secrecy)),
            draft,
            {},
            progress or NoProgress(),
        )
        move_into_place(Path(place), out)
    return out
