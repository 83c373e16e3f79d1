"""An edited project stays an ordinary GeoPackage: index, extents and dates are right after every edit."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from benchmarks.edited_project import editor_of, make_edited_project, make_step
from benchmarks.journal_witness import disagreements
from benchmarks.project_witness import Witness
from benchmarks.random_edits import RandomEditor
from layers.edits import ChangeFeature, Edit, RemoveFeature
from layers.store import Project


def _in_order(file: Path, editor: RandomEditor) -> None:
    """Look whether a file holds what its editor left, with index, extents, versions and dates to match."""
    with Witness(file) as witness:
        assert witness.damages() == []
        assert disagreements(witness) == []
        assert witness.features() == editor.features


def test_index_extents_versions_and_dates_are_right_after_every_edit(tmp_path: Path) -> None:
    file = tmp_path / "工程.gpkg"
    make_edited_project(file)
    editor = editor_of(file, seed=3, large_share=0.0)
    with Project.open(file) as project:
        for _number in range(80):
            step = editor.draw()
            record = make_step(project, step)
            editor.take(step)
            assert frozenset(record.layer_versions) == step.layer_uids
            for uid, version in record.layer_versions.items():
                assert project.layer(uid).version == version
            _in_order(file, editor)


def test_the_extent_shrinks_with_the_shape_that_held_it_and_grows_again(tmp_path: Path) -> None:
    file = tmp_path / "工程.gpkg"
    make_edited_project(file, features=5)
    with Project.open(file) as project:
        layer = project.layer("范围")

        def reaches(edit: Edit | None) -> tuple[float, float, float, float] | None:
            if edit is None:
                project.undo()
            else:
                project.apply(edit)
            return project.layer(layer.uid).bounds

        # squares of 100 m beside each other, from 436000
        assert layer.bounds == (436_000.0, 2_491_000.0, 436_500.0, 2_491_100.0)
        uids = [state.zs_uid for state in project.states(layer.uid)]
        last = Edit("删除", (RemoveFeature(layer.uid, uids[-1]),))
        assert reaches(last) == (436_000, 2_491_000, 436_400, 2_491_100)
        up = ChangeFeature(layer.uid, uids[0], shapely.box(436_150, 2_491_000, 436_160, 2_491_300))
        assert reaches(Edit("移动", (up,))) == (436_100, 2_491_000, 436_400, 2_491_300)
        assert reaches(None) == (436_000, 2_491_000, 436_400, 2_491_100)
        assert reaches(None) == layer.bounds
        assert reaches(Edit("删除", tuple(RemoveFeature(layer.uid, uid) for uid in uids))) is None
        assert reaches(None) == layer.bounds
    with Witness(file) as witness:
        assert witness.damages() == []


def test_a_place_that_32_bits_cannot_hold_gives_the_extent_exactly(tmp_path: Path) -> None:
    # an R-tree holds 32-bit numbers: of 2491000.3 and 2491000.25 it keeps the same
    file = tmp_path / "工程.gpkg"
    make_edited_project(file, features=3)
    assert np.float32(2_491_000.3) == np.float32(2_491_000.25)
    with Project.open(file) as project:
        uid = project.layer("点").uid
        changes = [
            ChangeFeature(uid, state.zs_uid, shapely.Point(436_000 + n, 2_491_000.3 - 0.05 * n))
            for n, state in enumerate(project.states(uid))
        ]
        project.apply(Edit("移动", tuple(changes)))
        assert project.layer(uid).bounds == (436_000, 2_491_000.3 - 0.1, 436_002, 2_491_000.3)
        project.apply(Edit("删除", (RemoveFeature(uid, changes[0].zs_uid),)))
        assert project.layer(uid).bounds == (436_001, 2_491_000.3 - 0.1, 436_002, 2_491_000.3 - 0.05)


_ASK_QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsRectangle, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
found = {}
for table in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={table}", table, "ogr")
    features = list(layer.getFeatures())
    reach = QgsRectangle()
    reach.setMinimal()
    for feature in features:
        if feature.hasGeometry():
            reach.combineExtentWith(feature.geometry().boundingBox())
    box = lambda r: [r.xMinimum(), r.yMinimum(), r.xMaximum(), r.yMaximum()]
    found[table] = {
        "valid": layer.isValid(),
        "count": [layer.featureCount(), len(features)],
        "extent": box(layer.extent()),
        "reach": box(reach),
        "wkb": {f["zs_uid"]: bytes(f.geometry().asWkb()).hex() for f in features if f.hasGeometry()},
    }
print("ANSWER" + json.dumps(found))
app.exitQgis()
"""


def _ask_qgis(python: Path, file: Path, tables: list[str]) -> dict[str, Any]:
    home = {"HOME": str(file.parent), "XDG_RUNTIME_DIR": str(file.parent), "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run(
        [str(python), "-c", _ASK_QGIS, str(file), *tables],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **home},
        timeout=120,
    )
    answers = [line for line in said.stdout.splitlines() if line.startswith("ANSWER")]
    assert answers, said.stderr
    answer: dict[str, Any] = json.loads(answers[0].removeprefix("ANSWER"))
    return answer


def _passes_with_others(file: Path, editor: RandomEditor, gdal: Path, qgis: Path) -> None:
    command = [str(gdal), "-m", "osgeo_utils.samples.validate_gpkg", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")
    answer = _ask_qgis(qgis, file, [layer.table for layer in editor.layers])
    for layer in editor.layers:
        seen = answer[layer.table]
        held = {uid: each.wkb for (of, uid), each in editor.features.items() if of == layer.uid}
        placed = {uid: wkb for uid, wkb in held.items() if wkb is not None}
        assert seen["valid"]
        assert seen["count"] == [len(held)] * 2
        assert seen["wkb"] == {uid: wkb.hex() for uid, wkb in placed.items()}
        bounds = shapely.total_bounds(shapely.from_wkb(list(placed.values()))).tolist()
        assert seen["reach"] == bounds
        # QGIS rounds what it takes from gpkg_contents
        assert seen["extent"] == pytest.approx(bounds, rel=0, abs=1e-8)


@pytest.mark.peer
def test_before_and_after_a_thousand_edits_validator_and_qgis_find_all_in_order(
    tmp_path: Path, gdal_python: Path, qgis_python: Path
) -> None:
    file = tmp_path / "工程.gpkg"
    make_edited_project(file)
    editor = editor_of(file, seed=4, large_share=0.0005)
    _passes_with_others(file, editor, gdal_python, qgis_python)
    with Project.open(file) as project:
        for _number in range(1000):
            step = editor.draw()
            make_step(project, step)
            editor.take(step)
    _in_order(file, editor)
    _passes_with_others(file, editor, gdal_python, qgis_python)


def test_an_edit_does_not_count_the_features_of_the_layer(tmp_path: Path) -> None:
    # counting half a million takes longer than all the rest of an edit
    file = tmp_path / "工程.gpkg"
    make_edited_project(file)
    editor = editor_of(file, seed=5, large_share=0.0)
    said: list[str] = []

    def note(_cursor: object, sql: str, _values: object) -> bool:
        said.append(sql)
        return True

    with Project.open(file) as project:
        make_step(project, editor.draw())
        with project._database.reading() as connection:
            connection.exec_trace = note
        uid = editor.layers[0].uid
        state = project.states(uid)[0]
        for edit in (
            Edit("改", (ChangeFeature(uid, state.zs_uid, values={"name": "甲"}),)),
            Edit("删", (RemoveFeature(uid, state.zs_uid),)),
        ):
            before = project.layer(uid).feature_count
            project.apply(edit)
            assert project.layer(uid).feature_count == before - (edit.title == "删")
        project.undo()
    assert any(sql.startswith("UPDATE") for sql in said)
    assert [sql for sql in said if "count(" in sql] == []
