"""A layer's features as analyses read them: no value is None, whatever the column's type."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest

from layers.errors import InputError
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import at
from zsgis.analysis.features import Features, read_features


@pytest.fixture
def project(tmp_path: Path) -> Project:
    columns = {
        "name": ["甲", None],
        "approved_on": [dt.date(2020, 1, 2), None],
        "approved_area_ha": [1.5, None],
        "approval_number": [" 粤府1号 ", None],
        "geometry": [at(0, 0, 10, 10), at(10, 0, 20, 10)],
    }
    made = Project.create(tmp_path / "p.gpkg", 4547)
    frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
    made.add_layer(NewLayer(name="批地红线", kind="approved", crs=pyproj.CRS(4547)), frame)
    return made


def read(project: Project) -> Features:
    (info,) = project.layers()
    return read_features(
        project, info, ["approved_on", "approved_area_ha", "approval_number", "project_code"]
    )


def test_what_has_no_value_is_none_in_every_type_of_column(project: Project) -> None:
    with project:
        features = read(project)
    assert [features.columns[name][1] for name in ("approved_on", "approved_area_ha", "approval_number")] == [
        None
    ] * 3
    assert not features.present("no_such")
    assert features.texts("no_such") == ("", "")
    assert features.holds("approval_number")
    assert not features.holds("no_such")
    assert features.texts("approval_number") == ("粤府1号", "")
    assert features.names[0] == "甲"
    assert "2" in features.names[1]


def test_recorded_areas_are_in_square_metres_and_missing_ones_are_nan(project: Project) -> None:
    with project:
        areas = read(project).areas_m2("approved_area_ha")
    assert areas[0] == 15_000.0
    assert np.isnan(areas[1])


def test_a_required_field_that_is_missing_is_named_with_its_layer(project: Project) -> None:
    with project, pytest.raises(InputError, match="批地红线") as refused:
        read_features(project, project.layers()[0], required=["no_such"])
    assert "no_such" in str(refused.value)
