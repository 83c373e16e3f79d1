"""Files brought to the window, tables joined, layers written out: by mouse and key, answers prepared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from layers.errors import CrsError
from layers.formats.model import FormatChoice
from layers.formats.registry import WRITERS
from layers.importing.intake import NoShapesError
from layers.importing.request import ImportRequest
from layers.store import LayerInfo
from tests.layers.formats.photos_samples import photo, place
from tests.layers.formats.raster_samples import with_world
from tests.layers.formats.tables_samples import workbook
from tests.ui.import_samples import own_parameters, phone_parcels
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import write_zones
from ui.dialogs.format_choices import FormatChoicesDialog
from zsgis.intake.offer import ImportOffer

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "boundary_txt"


def drop(desk: Desk, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    desk.window.dropEvent(
        QDropEvent(
            QPointF(400, 300),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def called(desk: Desk, name: str) -> LayerInfo:
    return next(layer for layer in desk.session.layers if layer.name == name)


def choose(desk: Desk, uid: str) -> None:
    tree = desk.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(uid))
    assert tree.current_layer() == uid


def take_as(crs: str, **said: str) -> Callable[[ImportOffer], ImportRequest]:
    return lambda offer: replace(
        offer.request, kind=said.get("kind", offer.intake.kind.key), name=said["name"], crs=crs
    )


def wait_for_layers(desk: Desk, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(desk.session.layers) == count and desk.idle(), timeout=WAIT_MS)


def test_a_photo_that_is_dropped_becomes_a_point(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.dialogs.importing = take_as("4490", name="照片", kind="points")
    drop(desk, photo(tmp_path / "a.jpg", place()))
    wait_for_layers(desk, qtbot, 3)
    layer = called(desk, "照片")
    (point,) = desk.session.project.read(layer.uid).geometry
    # 113°24'18"E, 22°30'36"N
    assert (point.x, point.y) == pytest.approx((113.405, 22.51), abs=1e-9)
    assert desk.session.pictures == ()


def test_photos_of_a_folder_may_become_one_layer(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "现场照片"
    folder.mkdir()
    paths = [photo(folder / f"{name}.jpg", place()) for name in "abc"]
    desk.dialogs.importing = take_as("4490", name="照片", kind="points")
    desk.dialogs.verb = "folder"
    drop(desk, *paths[:2])
    wait_for_layers(desk, qtbot, 3)
    assert called(desk, "照片").feature_count == 3
    assert any("现场照片" in question for question in desk.dialogs.asked)


def test_a_picture_with_a_world_file_still_goes_under_the_map(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    picture = with_world(tmp_path / "扫描图.jpg", "JPEG", ".jgw")
    drop(desk, picture, picture.with_suffix(".jgw"))
    rasters = next(part for part in desk.bench.extensions if type(part).__name__ == "RasterFlows")
    qtbot.waitUntil(lambda: rasters.adding is not None, timeout=WAIT_MS)
    qtbot.keyClick(rasters.adding, Qt.Key.Key_Escape)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert len(desk.session.layers) == 2


def test_a_folder_that_is_dropped_is_taken_in_with_an_account(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    write_zones(folder / "zones.gpkg")
    phone_parcels(folder / "手机地块.gpkg")
    (folder / "readme.docx").write_bytes(b"x")
    drop(desk, folder)
    wait_for_layers(desk, qtbot, 3)
    qtbot.waitUntil(lambda: len(desk.dialogs.findings) == 3, timeout=WAIT_MS)
    names = [line.split("\t")[0] for line in desk.dialogs.findings]
    assert names == ["readme.docx", "zones.gpkg", "手机地块.gpkg"]
    assert called(desk, "zones").feature_count == 1


def test_own_parameters_lead_a_legacy_layer_in(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    book = desk.bench.imports._tools.book
    path = phone_parcels(tmp_path / "旧.gpkg")
    desk.dialogs.importing = take_as("4610", name="旧")
    drop(desk, path)
    qtbot.waitUntil(lambda: len(desk.dialogs.errors) == 1, timeout=WAIT_MS)
    assert isinstance(desk.dialogs.errors[0], CrsError)
    book.put(own_parameters())
    desk.dialogs.importing = take_as("4610+with:全市", name="旧")
    drop(desk, path)
    wait_for_layers(desk, qtbot, 3)
    assert called(desk, "旧").crs.to_epsg() == 4490
    # the project keeps the set's name and none of its numbers
    assert "全市" in str(called(desk, "旧").source)
    assert not [name for name in ("dx", "dy") if name in str(called(desk, "旧").source)]


def test_the_command_shows_the_users_own_book(desk: Desk) -> None:
    desk.bench.actions["datum_parameters"].trigger()
    assert [book.path for book in desk.dialogs.books] == [desk.bench.imports._tools.book.path]


def test_a_layer_read_from_boundary_points_is_written_back_byte_for_byte(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    if not SHARED.is_dir():
        pytest.skip("the real files are not beside the checkout")
    given = SHARED / "plot_001.txt"
    desk.dialogs.importing = lambda offer: replace(offer.request, kind=offer.intake.kind.key)
    # a file of boundary points could be a red line to be checked: it is asked
    desk.dialogs.verb = "import"
    drop(desk, given)
    wait_for_layers(desk, qtbot, 3)
    layer = called(desk, "plot_001")
    choose(desk, layer.uid)
    desk.dialogs.files = [tmp_path / "out.txt"]
    desk.bench.exports.ask(layer.uid)
    qtbot.waitUntil((tmp_path / "out.txt").exists, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert (tmp_path / "out.txt").read_bytes() == given.read_bytes()


def test_what_a_format_leaves_open_is_asked_and_remembered(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    uid = layer_uid(desk, "platforms")
    desk.dialogs.chosen_of_format = lambda keys: {"encoding": "GBK"} if keys == ["encoding"] else None
    desk.dialogs.files = [tmp_path / "a.shp", tmp_path / "b.shp", tmp_path / "c.geojson", tmp_path / "d.gpkg"]
    for name in ("a.shp", "b.shp"):
        desk.bench.exports.ask(uid)
        qtbot.waitUntil((tmp_path / name).exists, timeout=WAIT_MS)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.dialogs.said == [{}, {"encoding": "GBK"}]
    assert (tmp_path / "a.cpg").read_text(encoding="ascii") == "936"
    assert "科学城".encode("gbk") in (tmp_path / "a.dbf").read_bytes()
    # leaving the question leaves the file
    desk.bench.exports.ask(uid)
    assert desk.idle()
    assert not (tmp_path / "c.geojson").exists()
    # a format without choices is not asked about
    asked = len(desk.dialogs.said)
    desk.bench.exports.ask(uid)
    qtbot.waitUntil((tmp_path / "d.gpkg").exists, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert len(desk.dialogs.said) == asked


def every_choice() -> list[tuple[str, FormatChoice]]:
    return [(writer.key, choice) for writer in WRITERS for choice in writer.choices]


@pytest.mark.parametrize(("key", "choice"), every_choice(), ids=lambda each: getattr(each, "key", each))
def test_each_declared_choice_has_a_default_among_its_values(key: str, choice: FormatChoice) -> None:
    values = [value for value, _words in choice.values]
    assert choice.default in values
    assert len(set(values)) == len(values) > 1


def test_the_dialog_of_choices_answers_with_what_was_chosen(qtbot: QtBot) -> None:
    choices = (
        FormatChoice("version", "Version", (("R2000", "2000"), ("R2010", "2010")), "R2010"),
        FormatChoice("variant", "Form", (("", "as read"), ("standard", "standard"))),
    )
    dialog = FormatChoicesDialog("导出", choices, {"version": "R1", "variant": "standard"})
    qtbot.addWidget(dialog)
    dialog.show()
    # what is no longer offered is passed over
    assert dialog.answer() == {"version": "R2010", "variant": "standard"}
    dialog.choosers["version"].setFocus()
    qtbot.keyClick(dialog.choosers["version"], Qt.Key.Key_Up)
    qtbot.keyClick(dialog.choosers["variant"], Qt.Key.Key_Up)
    assert dialog.answer() == {"version": "R2000"}
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def table_of(path: Path) -> Path:
    rows = [["name", "价款", "备注"], ["西地块", 12.5, "甲"], ["东地块", 3, None], ["别处", 1, None]]
    return workbook(path, {"台账": rows})


def test_a_table_is_joined_after_a_look_at_what_it_does(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    uid = layer_uid(desk, "land_use")
    choose(desk, uid)
    desk.dialogs.files = [table_of(tmp_path / "台账.xlsx")]
    desk.bench.actions["join_table"].trigger()
    qtbot.waitUntil(lambda: desk.bench.joins.dialog is not None, timeout=WAIT_MS)
    dialog = desk.bench.joins.dialog
    assert dialog is not None
    assert dialog.layer.currentData() == uid
    qtbot.waitUntil(lambda: dialog.matched.rows() == 2, timeout=WAIT_MS)
    assert (dialog.unmatched.rows(), dialog.unclear.rows(), dialog.differing.rows()) == (1, 0, 0)
    assert dialog.join.isEnabled()
    # nothing is written before the button is pressed
    assert "价款" not in desk.session.project.read(uid)
    qtbot.mouseClick(dialog.join, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "价款" in desk.session.project.read(uid), timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    frame = desk.session.project.read(uid).set_index("name")
    assert (frame.loc["西地块", "价款"], frame.loc["东地块", "价款"]) == (12.5, 3.0)
    assert "价款" in [field.name for field in desk.session.layer(uid).fields]
    assert any("别处" in text for text in desk.dialogs.findings)
    undo = desk.bench.actions["undo"]
    qtbot.waitUntil(undo.isEnabled, timeout=WAIT_MS)
    assert "台账.xlsx" in undo.text()
    undo.trigger()
    qtbot.waitUntil(lambda: desk.session.project.read(uid)["价款"].isna().all(), timeout=WAIT_MS)


def test_values_that_differ_are_asked_about(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    uid = layer_uid(desk, "land_use")
    choose(desk, uid)
    desk.bench.joins.open(workbook(tmp_path / "a.xlsx", {"a": [["name", "class_code"], ["西地块", "0802"]]}))
    qtbot.waitUntil(lambda: desk.bench.joins.dialog is not None, timeout=WAIT_MS)
    dialog = desk.bench.joins.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.differing.rows() == 1, timeout=WAIT_MS)
    assert not dialog.join.isEnabled()
    assert dialog.on_conflict.isVisible()
    dialog.on_conflict.setFocus()
    qtbot.keyClick(dialog.on_conflict, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.on_conflict, Qt.Key.Key_Down)
    assert dialog.join.isEnabled()
    # another key: what was worked out holds no more
    dialog.fields[0].setFocus()
    qtbot.keyClick(dialog.fields[0], Qt.Key.Key_Down)
    assert not dialog.join.isEnabled()
    assert dialog.matched.rows() == 0
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: desk.bench.joins.dialog is None and desk.idle(), timeout=WAIT_MS)
    assert desk.session.project.read(uid)["class_code"].tolist() == ["100101", "0701"]


def test_a_table_that_is_imported_can_be_joined_instead(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.dialogs.remedy = "join"
    drop(desk, table_of(tmp_path / "台账.xlsx"))
    qtbot.waitUntil(lambda: desk.bench.joins.dialog is not None, timeout=WAIT_MS)
    (error,) = desk.dialogs.errors
    assert isinstance(error, NoShapesError)
    assert "join" in desk.dialogs.offered[0]
    dialog = desk.bench.joins.dialog
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert len(desk.session.layers) == 2


def test_a_join_that_cannot_be_worked_out_says_why(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "点.xlsx"
    workbook(path, {"点": [["经度", "纬度", "价款"], [113.0, 22.5, 1]]})
    desk.bench.joins.open(path)
    qtbot.waitUntil(lambda: desk.bench.joins.dialog is not None, timeout=WAIT_MS)
    dialog = desk.bench.joins.dialog
    assert dialog is not None
    assert dialog.by_place.isChecked()
    qtbot.waitUntil(lambda: desk.idle() and bool(dialog.complaint.text()), timeout=WAIT_MS)
    assert not dialog.join.isEnabled()
    dialog.distance.setFocus()
    qtbot.keyClicks(dialog.distance, "x")
    assert not dialog.join.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: desk.bench.joins.dialog is None and desk.idle(), timeout=WAIT_MS)
