"""A project to edit by chance: layers of each shape and field type, and an editor who knows what it holds."""

from __future__ import annotations

import random
from pathlib import Path

import geopandas
import pandas as pd
import shapely

from benchmarks.project_witness import Witness
from benchmarks.random_edits import LARGE_SHARE, EditedLayer, RandomEditor, Step
from layers.crs import parse_crs
from layers.edits import EditRecord
from layers.store import NewLayer, Project

_X, _Y = 436_000.0, 2_491_000.0
_KINDS = {"POLYGON": ("zones", "范围"), "LINE": ("lines", "线"), "POINT": ("points", "点")}


def make_edited_project(path: Path, features: int = 12) -> None:
    """Make a project of three layers with ``features`` features each and fields of every type."""
    crs = parse_crs("4547")
    with Project.create(path, crs) as project:
        for geometry, (kind, name) in _KINDS.items():
            frame = geopandas.GeoDataFrame(
                {
                    "name": [f"{name}{number}" for number in range(features)],
                    "年份": list(range(2000, 2000 + features)),
                    "面积": [number / 7 for number in range(features)],
                    "日期": pd.Timestamp("2021-12-31"),
                    "有效": [number % 2 == 0 for number in range(features)],
                },
                geometry=[_shape(geometry, number) for number in range(features)],
                crs=crs,
            )
            project.add_layer(NewLayer(name, kind, crs), frame)


def _shape(geometry: str, number: int) -> shapely.Geometry:
    x = _X + 100 * number
    if geometry == "POINT":
        return shapely.Point(x, _Y)
    if geometry == "LINE":
        return shapely.LineString([(x, _Y), (x + 90, _Y + 0.1 * number)])
    return shapely.box(x, _Y, x + 100, _Y + 100)


def editor_of(path: Path, seed: int, large_share: float = LARGE_SHARE) -> RandomEditor:
    """Return an editor who starts from what the file holds now; what was edited before is not his to undo."""
    with Witness(path) as witness:
        layers: list[EditedLayer] = witness.layers()
        chance = random.Random(seed)  # noqa: S311 - chance, no secret
        return RandomEditor(layers, witness.features(), chance, large_share=large_share)


def make_step(project: Project, step: Step) -> EditRecord:
    """Do a step; return what the project says of it.

    Raises
    ------
    RuntimeError
        When there is nothing to undo or redo, which the editor would not have asked for.
    """
    if step.edit is not None:
        return project.apply(step.edit)
    record = project.undo() if step.word == "undo" else project.redo()
    if record is None:
        raise RuntimeError(f"nothing to {step.word}")
    return record
