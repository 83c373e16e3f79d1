"""The landscape metrics of a raster of classes, as a result."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyproj

from layers.crs import describe_crs, require_projected_metres
from layers.errors import CrsError, InputError
from layers.formats.raster_classes import ReadCells, read_cells
from layers.progress import Progress, ProgressPart
from layers.secrecy import highest
from layers.words import N_, _
from zsgis.analysis.fragmentation.parameters import FragmentationParameters
from zsgis.analysis.fragmentation.raster_zones import zone_tables
from zsgis.analysis.landscape.grid import ClassGrid, class_grid
from zsgis.analysis.landscape.patches import find_patches
from zsgis.analysis.landscape.summaries import Summaries, summarise
from zsgis.analysis.landscape.tables import class_table, landscape_table, patch_table
from zsgis.analysis.layers_used import unsigned_record
from zsgis.analysis.rasters.cells import RasterSource
from zsgis.analysis.rasters.naming import project_rasters, raster_named
from zsgis.analysis.zoned import NO_ZONES, UsedLayer, find_zones, read_zones, signed
from zsgis.charts import BarChart, Series
from zsgis.result import Finding, InputRecord, Result, Severity

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Landscape metrics")
_CLASSES_SHOWN = 30


def raster_result(project: Project, parameters: FragmentationParameters, progress: Progress) -> Result:
    """Return the metrics of a raster's landscape, its classes and its patches.

    Where zones are named, each is a landscape of its own too. Rows of the raster as a whole name no features:
    a raster has none. The file's contents are recorded by their fingerprint.

    Raises
    ------
    InputError
        When the file cannot be read or does not hold classes.
    CrsError
        When the raster is in degrees, or its system is not in metres.
    """
    source = raster_named(project, parameters.raster, project_rasters(project))
    if source is None:
        raise InputError(
            _("There is no raster “{name}”.").format(name=parameters.raster),
            remedy=_("Name a raster of the project, or a file."),
        )
    path = source.path
    read = _read(source, parameters.band, ProgressPart(progress, 0.0, 0.2))
    found = tuple(_unplaced(path, read.crs))
    grid = class_grid(read.cells, read.cell, known=read.known, where=str(path))
    eight = parameters.neighbours == "8"
    patches = find_patches(grid, ProgressPart(progress, 0.2, 0.6), corners=eight)
    summaries = summarise(grid, patches)
    progress.step(0.9, _("Writing the tables"))
    said = _notes(path, grid, read.crs, eight=eight)
    record = _input(path, parameters.band, read.crs, len(patches.cells))
    result = Result(
        capability="fragmentation",
        title=_(TITLE),
        tables=(
            landscape_table(summaries, _("Metrics of the landscape"), said),
            class_table(grid, summaries, _("Metrics of classes"), said),
            patch_table(grid, patches, _("Metrics of patches"), said),
        ),
        findings=found,
        adjustments=(),
        run=unsigned_record((record,), (*said, *_method()), {"landscape_metrics": "FRAGSTATS 4"}),
        facts={
            "cell_m": grid.cell_m,
            "cells": int(patches.cells.sum()),
            "classes": len(grid.values),
            "patches": len(patches.cells),
        },
        charts=_charts(grid, summaries),
        secrecy=source.secrecy,
    )
    if parameters.zones in ("", NO_ZONES):
        return result
    return _with_zones(project, parameters, read, result, ProgressPart(progress, 0.6, 0.98))


def _read(source: RasterSource, band: int, progress: Progress) -> ReadCells:
    """Return the cells of a raster, with what the project says of it."""
    read = read_cells(source.path, band, progress)
    known = read.known if source.nodata is None else read.known & (read.cells != source.nodata)
    return dataclasses.replace(read, known=known, crs=read.crs or source.crs)


def _with_zones(
    project: Project, parameters: FragmentationParameters, read: ReadCells, result: Result, progress: Progress
) -> Result:
    info = find_zones(project, parameters.zones)
    if info is None:
        return result
    if read.crs is None:
        text = _(
            "The raster states no coordinate system, so that the zones of “{layer}” cannot be placed on it."
        )
        said = Finding("raster.no_zones", Severity.WARNING, text.format(layer=info.name), {info.uid: ()})
        return dataclasses.replace(result, findings=(*result.findings, said))
    eight = parameters.neighbours == "8"
    tables = zone_tables(read, read_zones(project, info), progress, corners=eight)
    whole = dataclasses.replace(result, tables=(*tables, *result.tables))
    done = signed(project, whole, [UsedLayer("zones", info)], read.crs)
    record = dataclasses.replace(done.run, inputs=(*result.run.inputs, *done.run.inputs))
    return dataclasses.replace(done, run=record, secrecy=highest(done.secrecy, result.secrecy))


def _unplaced(path: Path, crs: pyproj.CRS | None) -> list[Finding]:
    if crs is None:
        text = _("{file} states no coordinate system; the side of its cells is taken to be in metres.")
        return [Finding("raster.no_crs", Severity.WARNING, text.format(file=path.name), {})]
    try:
        require_projected_metres(crs)
    except CrsError as error:
        raise CrsError(
            error.what,
            where=str(path),
            remedy=_("Have the raster brought into a projected system, each cell taking its nearest class."),
        ) from error
    return []


def _notes(path: Path, grid: ClassGrid, crs: pyproj.CRS | None, *, eight: bool) -> tuple[str, ...]:
    rows, columns = grid.places.shape
    joined = _("8 neighbours") if eight else _("4 neighbours")
    said = [
        _("{file}: {columns:,} by {rows:,} cells of {cell:g} m; patches over {joined}.").format(
            file=path.name, columns=columns, rows=rows, cell=grid.cell_m, joined=joined
        )
    ]
    if crs is not None:
        said.append(_("Coordinate system: {crs}").format(crs=describe_crs(crs)))
    return tuple(said)


def _method() -> tuple[str, ...]:
    return (
        _(
            "Metrics as FRAGSTATS 4 prints them: the landscape's boundary is no edge but belongs to "
            "perimeters; cells without data lie outside; standard deviations are those of the population."
        ),
        _(
            "Core: cells whose four neighbours are of their patch. Nearest neighbour: from cell centre to "
            "cell centre. An empty field: not defined, for example the distance of the only patch."
        ),
    )


def _input(path: Path, band: int, crs: pyproj.CRS | None, patches: int) -> InputRecord:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = path.name if band == 1 else f"{path.name} · {band}"
    described = describe_crs(crs) if crs is not None else ""
    return InputRecord("raster", "", name, "raster", 0, patches, digest, described)


def _charts(grid: ClassGrid, summaries: Summaries) -> tuple[BarChart, ...]:
    area = np.array([found["CA"] for found in summaries.classes])
    largest = np.sort(np.argsort(-area, kind="stable")[:_CLASSES_SHOWN]).tolist()
    names = tuple(str(grid.values[place]) for place in largest)
    counts = tuple(float(summaries.classes[place]["NP"]) for place in largest)
    return (
        BarChart(
            "class_area",
            _("Area by class"),
            names,
            (Series(_("Class area"), tuple(float(area[place]) for place in largest)),),
            "ha",
            4,
            category_title=_("Class value"),
        ),
        BarChart(
            "class_patches",
            _("Patches by class"),
            names,
            (Series(_("Number of patches"), counts),),
            "",
            0,
            category_title=_("Class value"),
        ),
    )
