"""Rasters and files named in the form of an analysis: chosen by mouse and key, asked for, dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pydantic import Field
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from layers.pictures.adding import raster_facts, raster_picture
from layers.pictures.model import RasterPicture
from layers.store.uids import new_uid
from tests.layers.pictures.raster_samples import write_raster
from tests.ui.window_desk import WAIT_MS, Desk
from ui.forms.fields import field_specs
from ui.forms.parameters_form import ParametersForm
from ui.forms.source_editors import SourceChooser, SourceEditor, SourcesEditor
from zsgis.capability import Parameters
from zsgis.registry import CAPABILITIES

# around the sample project's parcels, which lie at 500,000 to 500,200 and 2,490,000 to 2,490,100
CORNER = rasterio.Affine(10, 0, 499_900, 0, -10, 2_490_200)
RASTERS = (("uid-1", "高程"), ("uid-2", "噪声"))


class Sourced(Parameters):
    """Every way to name a source."""

    dem: str = Field("", title="Terrain", json_schema_extra={"raster": "one", "empty": "as shown"})
    by_key: str = Field("", title="By key", json_schema_extra={"raster": "by key"})
    rule: str = Field(
        "first",
        title="Rule",
        json_schema_extra={"file": ["toml"], "offered": {"first": "One", "other": "Two"}},
    )


@pytest.fixture
def form(qtbot: QtBot) -> ParametersForm:
    made = ParametersForm(Sourced)
    qtbot.addWidget(made)
    made.set_rasters(RASTERS)
    made.show()
    qtbot.waitExposed(made)
    return made


def chooser(form: ParametersForm, name: str) -> SourceChooser:
    editor = form.editor(name)
    assert isinstance(editor, SourceEditor)
    return editor.chooser


def titles(box: SourceChooser) -> list[str]:
    return [box.box.itemText(place) for place in range(box.box.count())]


def drop(target: SourceChooser, *paths: Path) -> bool:
    """Drag files onto a chooser and let go; tell whether it welcomed them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    given = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    middle = target.rect().center()
    enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, *given)
    target.dragEnterEvent(enter)
    if enter.isAccepted():
        target.dropEvent(QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, *given))
    return enter.isAccepted()


def test_the_declaration_says_what_may_be_named() -> None:
    specs = {spec.name: spec for spec in field_specs(Sourced)}
    assert {name: spec.form for name, spec in specs.items()} == {
        "dem": "source",
        "by_key": "sources",
        "rule": "source",
    }
    assert specs["dem"].rasters
    assert "tif" in specs["dem"].endings
    assert (specs["rule"].rasters, specs["rule"].endings) == (False, ("toml",))


def test_every_raster_and_rule_file_of_the_analyses_is_chosen_and_not_typed() -> None:
    forms = {
        (capability.key, spec.name): spec.form
        for capability in CAPABILITIES.values()
        for spec in field_specs(capability.parameters)
        if spec.name in ("dem", "raster", "rasters", "rule")
    }
    assert forms[("suitability", "dem")] == forms[("fragmentation", "raster")] == "source"
    assert forms[("suitability", "rasters")] == "sources"
    assert {form for (_key, name), form in forms.items() if name == "rule"} == {"source"}


def test_a_raster_is_chosen_by_the_keyboard(form: ParametersForm, qtbot: QtBot) -> None:
    dem = chooser(form, "dem")
    assert titles(dem) == ["as shown", "高程", "噪声"]
    assert form.values()["dem"] == ""
    dem.box.setFocus()
    qtbot.keyClick(dem.box, Qt.Key.Key_Down)
    assert form.values()["dem"] == "uid-1"
    qtbot.keyClick(dem.box, Qt.Key.Key_Down)
    assert form.values()["dem"] == "uid-2"


def test_a_raster_that_leaves_the_project_is_no_longer_named(form: ParametersForm, qtbot: QtBot) -> None:
    dem = chooser(form, "dem")
    dem.set_value("uid-2")
    form.set_rasters(RASTERS[::-1])
    assert form.values()["dem"] == "uid-2"
    with qtbot.waitSignal(form.changed, timeout=WAIT_MS):
        form.set_rasters(RASTERS[:1])
    assert form.values()["dem"] == ""
    assert titles(dem) == ["as shown", "高程"]


def test_a_file_is_dropped_and_stays_on_offer(form: ParametersForm, qtbot: QtBot, tmp_path: Path) -> None:
    dem, path = chooser(form, "dem"), tmp_path / "坡地.TIF"
    assert drop(dem, path)
    assert form.values()["dem"] == str(path)
    assert (dem.box.currentText(), dem.box.toolTip()) == ("坡地.TIF", str(path))
    dem.box.setFocus()
    qtbot.keyClick(dem.box, Qt.Key.Key_Home)
    assert form.values()["dem"] == ""
    qtbot.keyClick(dem.box, Qt.Key.Key_End)
    assert form.values()["dem"] == str(path)


@pytest.mark.parametrize("names", [("zones.shp",), ("one.tif", "two.tif"), ()])
def test_what_does_not_fit_is_left_to_the_window(
    form: ParametersForm, tmp_path: Path, names: tuple[str, ...]
) -> None:
    assert not drop(chooser(form, "dem"), *(tmp_path / name for name in names))
    assert form.values()["dem"] == ""


def test_a_rule_is_one_of_those_offered_or_a_file(form: ParametersForm, tmp_path: Path) -> None:
    rule = chooser(form, "rule")
    assert titles(rule) == ["One", "Two"]
    assert form.values()["rule"] == "first"
    form.set_rasters(RASTERS)
    assert titles(rule) == ["One", "Two"]
    assert not drop(rule, tmp_path / "dem.tif")
    assert drop(rule, tmp_path / "own.toml")
    assert form.values()["rule"] == str(tmp_path / "own.toml")


def test_sources_by_key_are_rows_that_make_a_text(form: ParametersForm, qtbot: QtBot, tmp_path: Path) -> None:
    editor = form.editor("by_key")
    assert isinstance(editor, SourcesEditor)
    keys = (("slope", "坡度"), ("noise", "噪声"))
    with qtbot.waitSignal(form.keys_asked, timeout=WAIT_MS) as asked:
        qtbot.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["by_key"]
    assert form.add_source("by_key", keys)
    assert form.values()["by_key"] == ""
    first = editor.rows[0].chooser
    qtbot.keyClick(first.box, Qt.Key.Key_Down)
    assert form.values()["by_key"] == "slope=uid-1"
    assert form.add_source("by_key", keys)
    assert drop(editor.rows[1].chooser, tmp_path / "n;1.tif")
    assert form.values()["by_key"] == f"slope=uid-1; noise={tmp_path / 'n;1.tif'}"
    assert not form.add_source("by_key", keys)
    text = form.values()["by_key"]
    qtbot.mouseClick(editor.rows[0].remove, Qt.MouseButton.LeftButton)
    assert form.values()["by_key"] == f"noise={tmp_path / 'n;1.tif'}"
    form.put({"by_key": text})
    assert [row.key for row in editor.rows] == ["slope", "noise"]
    assert form.values()["by_key"] == text


def show_analysis(desk: Desk, qtbot: QtBot, key: str) -> ParametersForm:
    desk.bench.actions["stage_analysis"].trigger()
    panel = desk.window.analysis_panel
    panel.chooser.setCurrentIndex(panel.chooser.findData(key))
    form = panel.form
    assert form is not None
    if form.more is not None:
        qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    return form


def heights(path: Path) -> Path:
    return write_raster(path, np.zeros((30, 40), dtype=np.float32), transform=CORNER)


def in_project(desk: Desk, path: Path) -> RasterPicture:
    picture = raster_picture(
        raster_facts(path), uid=new_uid(), name=path.stem, project_folder=path.parent, crs=None
    )
    desk.bench.edits.tree.add_picture(picture)
    return picture


def test_the_window_offers_the_projects_rasters_and_asks_for_files(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    form = show_analysis(desk, qtbot, "suitability")
    dem = chooser(form, "dem")
    assert dem.box.count() == 1
    picture = in_project(desk, heights(tmp_path / "高程.tif"))
    assert titles(dem)[1:] == ["高程"]
    desk.bench.undo_stack.undo()
    assert dem.box.count() == 1
    desk.bench.undo_stack.redo()
    assert dem.box.findData(picture.uid) == 1
    desk.dialogs.files = [None, tmp_path / "另一个.tif"]
    qtbot.mouseClick(dem.browse, Qt.MouseButton.LeftButton)
    assert form.values()["dem"] == ""
    dem.browse.setFocus()
    qtbot.keyClick(dem.browse, Qt.Key.Key_Space)
    assert form.values()["dem"] == str(tmp_path / "另一个.tif")


def test_criteria_of_the_rule_are_offered_for_rasters(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    form = show_analysis(desk, qtbot, "suitability")
    picture = in_project(desk, heights(tmp_path / "高程.tif"))
    editor = form.editor("rasters")
    assert isinstance(editor, SourcesEditor)
    qtbot.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(editor.rows) == 1, timeout=WAIT_MS)
    assert editor.rows[0].key == "slope"
    editor.rows[0].chooser.box.setFocus()
    qtbot.keyClick(editor.rows[0].chooser.box, Qt.Key.Key_Down)
    assert form.values()["rasters"] == f"slope={picture.uid}"
    desk.dialogs.files = [tmp_path / "dem.tif"]
    qtbot.mouseClick(editor.rows[0].chooser.browse, Qt.MouseButton.LeftButton)
    assert form.values()["rasters"] == f"slope={tmp_path / 'dem.tif'}"
    # one criterion of the rule is measured on a raster: there is no second row
    qtbot.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert len(editor.rows) == 1


def test_metrics_of_a_raster_of_the_project_are_run_from_the_panel(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    cells = np.array([[1, 1], [2, 2]], dtype=np.uint8)
    path = write_raster(tmp_path / "地类.tif", cells, transform=CORNER)
    form = show_analysis(desk, qtbot, "fragmentation")
    picture = in_project(desk, path)
    raster = chooser(form, "raster")
    raster.box.setFocus()
    qtbot.keyClick(raster.box, Qt.Key.Key_End)
    assert form.values()["raster"] == picture.uid
    qtbot.mouseClick(desk.window.analysis_panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(desk.session.results) == 1 and desk.idle(), timeout=WAIT_MS)
    assert desk.session.results[0].facts["patches"] == 2
