"""Small frames and projects that the tests about the project file share."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pyproj
import shapely

from layers.store import LayerInfo, NewLayer, Project

CRS = pyproj.CRS.from_epsg(4547)
X, Y = 436000.123456789, 2491000.987654321


def square(column: int = 0, side: float = 100.0) -> shapely.Polygon:
    """Return a square beside its neighbours, in 4547."""
    return shapely.box(X + column * side, Y, X + (column + 1) * side, Y + side)


def parcels(count: int = 3) -> geopandas.GeoDataFrame:
    """Return squares in a row with codes that begin with zero."""
    return geopandas.GeoDataFrame(
        {
            "name": [f"图斑{i + 1}" for i in range(count)],
            "class_code": ["0802"] * count,
            "survey_area_m2": [10000.0 + i for i in range(count)],
            "备注栏": ["“引号”'单'; DROP TABLE zs_layers;--"] * count,
        },
        geometry=[square(i) for i in range(count)],
        crs=CRS,
    )


def new_project(folder: Path, name: str = "工程.gpkg") -> Project:
    """Make an empty project in 4547."""
    return Project.create(folder / name, CRS, title="中山")


def add_parcels(project: Project, count: int = 3, name: str = "土地利用现状图斑") -> LayerInfo:
    """Add a layer of squares."""
    return project.add_layer(NewLayer(name, "land_use", CRS, standard="yd2023"), parcels(count))
