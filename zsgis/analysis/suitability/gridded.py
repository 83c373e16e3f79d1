"""Criteria that rasters hold the values of: measured over parcels, and picked at places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import coordinate_change, describe_crs, transform, transform_points
from layers.errors import InputError
from layers.progress import Progress
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.rasters.cells import BandCells, CellValues, SlopeCells, SlopeUnit
from zsgis.analysis.rasters.means import CellMeans, cell_means, cells_at
from zsgis.analysis.rasters.terrain import GradeCells, ReliefCells
from zsgis.analysis.suitability.raster_criteria import RasterValue, Relief, Slope
from zsgis.analysis.suitability.sources import GridSource
from zsgis.result import Finding, InputRecord, Severity

FloatArray = NDArray[np.float64]
_WHOLE = 1.0 - 1e-6
_NAMED = 10


@dataclass(frozen=True)
class UsedRaster:
    """A raster that took part: its record, and in words how it was measured."""

    record: InputRecord
    words: str
    secrecy: str


def raster_means(
    source: GridSource, parcels: Features, progress: Progress
) -> tuple[FloatArray, tuple[Finding, ...], UsedRaster]:
    """Return the mean of a raster, or of its slopes, over each parcel.

    The parcels are brought onto the raster's cells, which are not resampled. A cell on a parcel's border
    weighs as much of it as lies within; cells without a value do not count. A parcel that no cell with a
    value lies under has no value (NaN), and is named.

    Raises
    ------
    InputError, CrsError
        As :class:`BandCells` and :class:`SlopeCells`.
    """
    band, cells = _opened(source)
    try:
        shapes = transform(parcels.geometry, parcels.crs, cells.crs)
        found = cell_means(shapes, cells, progress)
        findings = (*_uncertain(source, parcels, cells.crs), *_gaps(source, parcels, found))
        return found.mean, findings, _used(source, cells)
    finally:
        band.close()


def raster_values_at(
    source: GridSource, x: FloatArray, y: FloatArray, crs: pyproj.CRS, progress: Progress
) -> FloatArray:
    """Return the value, or slope, of the cell that each place lies in, shape (n,); NaN for none."""
    band, cells = _opened(source)
    try:
        east, north = transform_points(x, y, crs, cells.crs)
        return cells_at(east, north, cells, progress)
    finally:
        band.close()


def _opened(source: GridSource) -> tuple[BandCells, CellValues]:
    band = BandCells(source.raster, source.entry.band)
    try:
        return band, _cells(source, band)
    except InputError:
        band.close()
        raise


def _cells(source: GridSource, band: BandCells) -> CellValues:
    entry = source.entry
    if isinstance(entry, RasterValue):
        return band
    unit: SlopeUnit = entry.unit if isinstance(entry, Slope) else "deg"
    slopes = SlopeCells(band, unit, entry.height_unit, where=str(source.raster.path))
    if isinstance(entry, Slope):
        return slopes
    relief = ReliefCells(slopes, entry.window_m)
    return relief if isinstance(entry, Relief) else GradeCells(slopes, relief, entry)


def _uncertain(source: GridSource, parcels: Features, crs: pyproj.CRS) -> Iterator[Finding]:
    change = coordinate_change(parcels.crs, crs)
    if change.uncertainty_m > 0:
        text = _("Raster “{name}”: {change} Uncertainty {metres:g} m.").format(
            name=source.raster.name, change=change.description, metres=change.uncertainty_m
        )
        yield Finding("crs.uncertain_change", Severity.NOTE, text, {})


def _gaps(source: GridSource, parcels: Features, found: CellMeans) -> Iterator[Finding]:
    none = np.flatnonzero(np.isnan(found.mean) & ~np.isnan(found.known))
    partly = np.flatnonzero(~np.isnan(found.mean) & (found.known < _WHOLE))
    if len(none):
        text = _(
            "Criterion “{title}”: {count} parcels lie on no cell of “{raster}” with a value, data is "
            "missing: {names}. They have no score."
        )
        yield _named("suitability.no_cells", text, source, parcels, none)
    if len(partly):
        text = _(
            "Criterion “{title}”: of {count} parcels a part lies on no cell of “{raster}” with a value; the "
            "rest stands for them: {names}."
        )
        yield _named("suitability.part_of_cells", text, source, parcels, partly)


def _named(code: str, text: str, source: GridSource, parcels: Features, places: NDArray[np.int64]) -> Finding:
    names = "、".join(parcels.names[place] for place in places[:_NAMED])
    words = text.format(
        title=source.entry.title,
        count=f"{len(places):,}",
        raster=source.raster.name,
        names=names + ("…" if len(places) > _NAMED else ""),
    )
    return Finding(code, Severity.WARNING, words, parcels.sources(places))


def _used(source: GridSource, cells: CellValues) -> UsedRaster:
    raster, entry = source.raster, source.entry
    with raster.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = raster.name if entry.band == 1 else f"{raster.name} · {entry.band}"
    rows, columns = cells.size
    record = InputRecord("criterion", "", name, "raster", 0, rows * columns, digest, describe_crs(cells.crs))
    return UsedRaster(record, _method(source, cells), raster.secrecy)


def _method(source: GridSource, cells: CellValues) -> str:
    if isinstance(cells, (ReliefCells, GradeCells)):
        return _relief_method(source, cells)
    if isinstance(cells, SlopeCells):
        across, down = cells.cell_m
        return _(
            "“{title}”: mean slope in {unit} over the parcel, from “{raster}” with cells of {across:.2f} by "
            "{down:.2f} m, by Horn's method; a cell beside one without a height has none. Cells on the "
            "border weigh as much of them as lies within."
        ).format(
            title=source.entry.title,
            unit=source.entry.unit_text,
            raster=source.raster.name,
            across=across,
            down=down,
        )
    return _(
        "“{title}”: mean of “{raster}” over the parcel; cells on the border weigh as much of them as lies "
        "within, cells without a value do not count."
    ).format(title=source.entry.title, raster=source.raster.name)


def _relief_method(source: GridSource, cells: ReliefCells | GradeCells) -> str:
    if isinstance(cells, ReliefCells):
        square = cells.square
        words = _(
            "“{title}”: mean over the parcel of the relief of “{raster}”, the highest less the lowest height "
            "in a square of {rows} by {columns} cells around each."
        )
    else:
        square = cells.relief.square
        words = _(
            "“{title}”: mean over the parcel of the scores of the cells of “{raster}”: the class of the "
            "slope, lowered by the relief, the highest less the lowest height in a square of {rows} by "
            "{columns} cells."
        )
    return words.format(
        title=source.entry.title, raster=source.raster.name, rows=square[0], columns=square[1]
    )
