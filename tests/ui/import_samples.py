"""Files as bureaus hand them over, and what the import dialog is offered of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import shapely
from openpyxl import Workbook

from layers.datum_parameters import DatumParameters, read_parameters
from layers.formats.direct import DirectReader
from layers.importing.intake import Surroundings
from layers.importing.mappings import MappingShelf
from layers.importing.request import ImportRequest
from layers.progress import NoProgress
from zsgis.intake.offer import ImportOffer, make_offer

WEST, SOUTH = 113.36, 22.50
"""Degrees in the middle of the city: they read the same on CGCS2000 and in the maps of phones."""


def squares(count: int, side: float = 0.003, step: float = 0.004) -> list[shapely.Polygon]:
    """Return squares in a row, in degrees."""
    return [
        shapely.box(WEST + step * at, SOUTH, WEST + step * at + side, SOUTH + side) for at in range(count)
    ]


def phone_parcels(path: Path, **columns: Sequence[Any]) -> Path:
    """Write parcels in degrees without a coordinate system: nothing tells whether they are shifted."""
    shapes = squares(6)
    values = columns or {"名称": [f"地块{at + 1}" for at in range(6)], "备注": ["甲"] * 6}
    return write(path, values, shapes)


def write(path: Path, columns: Mapping[str, Sequence[Any]], shapes: Sequence[Any], crs: Any = None) -> Path:
    """Write a GeoPackage of one layer."""
    frame = geopandas.GeoDataFrame(dict(columns), geometry=list(shapes), crs=crs)
    with warnings.catch_warnings():
        # that nothing is said of the system is the point
        warnings.simplefilter("ignore", UserWarning)
        frame.to_file(path, layer="地块", engine="pyogrio")
    return path


def merged_workbook(path: Path) -> Path:
    """Write a survey as offices keep it: a title, two merged rows of heading, coordinates, a sum."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "低效用地"
    for cell, text in {
        "A1": "低效工业用地调查表（单位：亩）",
        "A2": "序号",
        "B2": "企业名称",
        "C2": "用地情况",
        "C3": "地类编码",
        "D3": "面积",
        "E2": "位置（2000坐标）",
        "E3": "X坐标",
        "F3": "Y坐标",
    }.items():
        sheet[cell] = text
    for merged in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"):
        sheet.merge_cells(merged)
    for at in range(12):
        sheet.append(
            [at + 1, f"企业{at + 1}", "0802", 10.5 + at, 2491514.243 + at * 500, 38436212.615 + at * 300]
        )
    sheet.append(["合计", None, None, 192.0, None, None])
    book.save(path)
    return path


def own_parameters(name: str = "全市", source: str = "4610", **values: Any) -> DatumParameters:
    """Return three parameters that move the city by some metres; the numbers are made up."""
    numbers = values or {"method": "3", "dx": 1.0, "dy": 2.0, "dz": 3.0}
    return read_parameters(
        {"name": name, "source": source, "target": "4490", "values": numbers, "accuracy_m": 0.05}
    )


def offer_of(request: ImportRequest, folder: Path, parameters: Sequence[DatumParameters] = ()) -> ImportOffer:
    """Read a file as the window does and return what is shown of it."""
    shelf = MappingShelf(folder / "mappings")
    return make_offer(DirectReader(), request, Surroundings(), shelf, NoProgress(), parameters=parameters)
