"""The import dialog shows what a file may be, asks only where that is not sure, and says what is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from layers.formats.secrecy_mark import mark_of, write_beside
from layers.importing.mappings import MappingShelf, NamedMapping
from layers.importing.request import ImportRequest
from layers.secrecy import LEVELS
from tests.layers.formats.drawings_samples import drawing, save
from tests.layers.formats.tables_samples import write_text
from tests.ui.import_samples import merged_workbook, offer_of, own_parameters, phone_parcels, write
from ui.dialogs.importing.dialog import ImportDialog
from ui.theme import LIGHT
from zsgis.intake.offer import ImportOffer

OWN = "gk:114.5"
WHAT, COORDINATES, FIELDS, TEXT = range(4)
Shown = Callable[[ImportOffer], ImportDialog]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    def show(offer: ImportOffer) -> ImportDialog:
        dialog = ImportDialog(offer, LIGHT)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    return show


@pytest.fixture
def phone(tmp_path: Path, shown: Shown) -> ImportDialog:
    """Return a dialog over degrees that five systems explain equally well."""
    return shown(offer_of(ImportRequest(phone_parcels(tmp_path / "手机地块.gpkg")), tmp_path))


def land(path: Path, **columns: list[object]) -> Path:
    """Write squares of 100 m, 15 mu each, in 4547."""
    shapes = [shapely.box(436_000 + 200 * at, 2_491_000, 436_100 + 200 * at, 2_491_100) for at in range(6)]
    return write(path, columns, shapes, 4547)


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_row(qtbot: QtBot, dialog: ImportDialog, row: int) -> None:
    candidates = dialog.coordinates.list
    place = candidates.visualItemRect(candidates.item(row)).center()
    qtbot.mouseClick(candidates.viewport(), Qt.MouseButton.LeftButton, pos=place)


def open_page(dialog: ImportDialog, page: int) -> None:
    dialog.tabs.setCurrentIndex(page)


def marked(dialog: ImportDialog) -> list[int]:
    """Return which pages are marked as open."""
    return [page for page in range(dialog.tabs.count()) if "●" in dialog.tabs.tabText(page)]


def test_what_is_not_sure_opens_its_page_and_stops_the_import(phone: ImportDialog) -> None:
    assert phone.tabs.currentIndex() == COORDINATES
    assert marked(phone) == [COORDINATES]
    assert not phone.take.isEnabled()
    assert phone.coordinates.value() == ""
    assert phone.complaint.text() == phone.tabs.tabToolTip(COORDINATES) != ""


def test_a_candidate_is_chosen_in_the_list(phone: ImportDialog, qtbot: QtBot) -> None:
    click_row(qtbot, phone, 1)
    assert phone.answer().crs == "gcj02"
    assert phone.take.isEnabled()
    assert marked(phone) == []
    assert phone.complaint.text() == ""
    qtbot.keyClick(phone.coordinates.list, Qt.Key.Key_Up)
    assert phone.answer().crs == "4490"


def test_a_click_on_the_number_on_the_map_chooses(phone: ImportDialog, qtbot: QtBot) -> None:
    page = phone.coordinates
    places = {value: page.map.place_of(value) for value in ("4490", "gcj02", "bd09")}
    for value in ("bd09", "gcj02", "4490"):
        place = page.map.place_of(value)
        assert place is not None
        qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=place.toPoint())
        assert page.value() == value
        assert page.list.currentItem().text().startswith(str(["4490", "gcj02", "bd09"].index(value) + 1))
    # no two numbers lie over one another
    known = [place for place in places.values() if place is not None]
    assert len({(place.x(), place.y()) for place in known}) == 3


def test_a_click_beside_all_numbers_chooses_nothing(phone: ImportDialog, qtbot: QtBot) -> None:
    page = phone.coordinates
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=page.map.rect().bottomLeft())
    assert page.value() == ""


def test_the_shift_of_a_phone_moves_the_shapes_to_the_north_west(phone: ImportDialog) -> None:
    outlines = phone.coordinates._offer.outlines
    plain, shifted = (shapely.total_bounds(outlines[value]) for value in ("4490", "gcj02"))
    # in Zhongshan GCJ-02 lies some 550 m east and 300 m south of the truth (4490 taken as it stands)
    assert 0.003 < plain[0] - shifted[0] < 0.008
    assert 0.001 < shifted[1] - plain[1] < 0.005


def test_a_system_of_ones_own_is_typed(phone: ImportDialog, qtbot: QtBot) -> None:
    page = phone.coordinates
    qtbot.keyClicks(page.own, "nonsense")
    assert page.list.currentRow() == page.list.count() - 1
    assert not phone.take.isEnabled()
    assert "nonsense" in phone.complaint.text()
    page.own.clear()
    qtbot.keyClicks(page.own, "4490+swapped")
    assert phone.answer().crs == "4490+swapped"
    assert phone.take.isEnabled()


def test_where_a_typed_system_puts_the_data_is_drawn(tmp_path: Path, shown: Shown, qtbot: QtBot) -> None:
    # a drawing near its own origin: no system of the region explains it
    document = drawing()
    document.modelspace().add_lwpolyline([(1000, 2000), (1100, 2000), (1100, 2100)], close=True)
    offer = offer_of(ImportRequest(save(document, tmp_path / "本地.dxf")), tmp_path)
    assert offer.intake.examination.crs.candidates == ()
    dialog = shown(offer)
    page = dialog.coordinates
    assert dialog.tabs.currentIndex() == COORDINATES
    assert "gk:113.35" in page.reason.text()
    assert page.map.place_of("") is None
    qtbot.keyClicks(page.own, "4547+offset:435000:2489000")
    place = page.map.place_of("")
    assert place is not None
    assert page.map.rect().contains(place.toPoint())
    assert dialog.answer().crs == "4547+offset:435000:2489000"


def test_a_legacy_datum_needs_the_users_own_parameters(phone: ImportDialog, qtbot: QtBot) -> None:
    page = phone.coordinates
    assert not page.parameters.isVisible()
    page.choose("4610")
    assert page.parameters.isVisible()
    assert not phone.take.isEnabled()
    assert phone.complaint.text()
    with qtbot.waitSignal(page.parameters_asked):
        press(qtbot, page.parameters.edit)
    page.show_sets([own_parameters()])
    # the only set that fits is proposed
    assert phone.answer().crs == "4610+with:全市"
    assert phone.take.isEnabled()
    page.choose("4490")
    assert phone.answer().crs == "4490"


def test_only_sets_that_fit_are_offered_and_several_are_asked_about(
    phone: ImportDialog, qtbot: QtBot
) -> None:
    page = phone.coordinates
    page.show_sets([own_parameters("甲"), own_parameters("乙"), own_parameters("旧", "4214")])
    page.choose("4610")
    offered = [page.parameters.sets.itemData(place) for place in range(page.parameters.sets.count())]
    assert offered == ["", "甲", "乙"]
    assert not phone.take.isEnabled()
    page.parameters.sets.setFocus()
    qtbot.keyClick(page.parameters.sets, Qt.Key.Key_Down)
    qtbot.keyClick(page.parameters.sets, Qt.Key.Key_Down)
    assert phone.answer().crs == "4610+with:乙"
    page.choose("4214")
    assert phone.answer().crs == "4214+with:旧"


def test_a_set_that_was_removed_is_complained_about(tmp_path: Path, shown: Shown) -> None:
    request = ImportRequest(phone_parcels(tmp_path / "a.gpkg"), crs="4610+with:全市")
    dialog = shown(offer_of(request, tmp_path, [own_parameters()]))
    assert dialog.answer().crs == "4610+with:全市"
    dialog.coordinates.show_sets([])
    assert dialog.coordinates.value() == "4610"
    assert not dialog.take.isEnabled()


def test_codes_are_not_imported_without_their_standard(tmp_path: Path, shown: Shown, qtbot: QtBot) -> None:
    path = land(tmp_path / "图斑.gpkg", DLBM=["0802"] * 6, TBMJ=[15.0] * 6)
    dialog = shown(offer_of(ImportRequest(path), tmp_path))
    assert dialog.tabs.currentIndex() == WHAT
    assert marked(dialog) == [WHAT]
    assert not dialog.take.isEnabled()
    dialog.what.standard.setFocus()
    qtbot.keyClick(dialog.what.standard, Qt.Key.Key_Down)
    assert dialog.answer().standard == "yd2023"
    assert dialog.take.isEnabled()


def test_a_sure_unit_is_set_and_an_unsure_one_is_asked_about(
    tmp_path: Path, shown: Shown, qtbot: QtBot
) -> None:
    sure = shown(
        offer_of(ImportRequest(land(tmp_path / "a.gpkg", DLBM=["0802"] * 6, TBMJ=[15.0] * 6)), tmp_path)
    )
    # 100 m x 100 m are 15 mu
    assert sure.answer().units == {"TBMJ": "mu"}
    # the heading says hectares, the numbers are mu
    path = land(tmp_path / "b.gpkg", DLBM=["0802"] * 6, **{"图斑面积（公顷）": [15.0] * 6})
    request = ImportRequest(
        path, kind="land_use", standard="yd2023", mapping={"survey_area_m2": "图斑面积（公顷）"}
    )
    dialog = shown(offer_of(request, tmp_path))
    assert marked(dialog) == [FIELDS]
    assert dialog.tabs.currentIndex() == FIELDS
    assert "图斑面积（公顷）" in dialog.complaint.text()
    unit = dialog.fields.unit_chooser("survey_area_m2")
    assert unit is not None
    assert unit.currentData() == ""
    assert "亩" in unit.toolTip()
    unit.setFocus()
    for _step in range(3):
        qtbot.keyClick(unit, Qt.Key.Key_Down)
    assert dialog.answer().units == {"图斑面积（公顷）": "mu"}
    assert dialog.take.isEnabled()


def test_another_kind_has_other_fields(phone: ImportDialog, qtbot: QtBot) -> None:
    phone.coordinates.choose("4490")
    assert phone.answer().mapping["name"] == "名称"
    kind = phone.what.kind
    kind.setCurrentIndex(kind.findData("platforms"))
    answer = phone.answer()
    assert answer.kind == "platforms"
    assert answer.mapping["name"] == "名称"
    assert {field.name for field in phone.what.current_kind().fields} == set(answer.mapping)


def test_a_kind_of_another_shape_is_refused_with_a_sentence(phone: ImportDialog) -> None:
    phone.coordinates.choose("4490")
    kind = phone.what.kind
    kind.setCurrentIndex(kind.findData("points"))
    assert not phone.take.isEnabled()
    assert marked(phone) == [WHAT]
    assert phone.complaint.text()


def test_a_proposed_column_can_be_taken_back(phone: ImportDialog, qtbot: QtBot) -> None:
    chooser = phone.fields.column_chooser("name")
    chooser.setFocus()
    qtbot.keyClick(chooser, Qt.Key.Key_Home)
    # empty, not absent: the field stays empty although a column bears its name
    assert phone.answer().mapping["name"] == ""
    assert "名称" in phone.fields.kept.text()


def test_first_values_of_a_column_are_shown(phone: ImportDialog) -> None:
    rows = range(phone.fields.table.rowCount())
    values = [phone.fields.table.item(row, 3).text() for row in rows]
    assert "地块1、地块2、地块3" in values


def test_a_remembered_mapping_is_proposed_and_can_be_left(tmp_path: Path, shown: Shown, qtbot: QtBot) -> None:
    path = phone_parcels(tmp_path / "a.gpkg")
    MappingShelf(tmp_path / "mappings").keep(
        NamedMapping(name="测绘队", kind="zones", columns={"name": "备注", "remark": "名称"})
    )
    dialog = shown(offer_of(ImportRequest(path), tmp_path))
    assert dialog.fields.remembered.currentData() == "测绘队"
    assert dialog.answer().mapping["name"] == "备注"
    open_page(dialog, FIELDS)
    dialog.fields.remembered.setFocus()
    qtbot.keyClick(dialog.fields.remembered, Qt.Key.Key_Home)
    dialog.fields.remembered.activated.emit(0)
    assert dialog.answer().mapping["name"] == "名称"


def test_a_mapping_is_kept_under_the_name_that_is_given(phone: ImportDialog, qtbot: QtBot) -> None:
    phone.coordinates.choose("4490")
    qtbot.keyClicks(phone.fields.keep_as, " survey team ")
    with qtbot.waitSignal(phone.answered) as told:
        press(qtbot, phone.take)
    request, remember = told.args
    assert remember == "survey team"
    assert request == phone.answer()


def test_enter_imports_and_escape_leaves(
    phone: ImportDialog, tmp_path: Path, shown: Shown, qtbot: QtBot
) -> None:
    click_row(qtbot, phone, 0)
    with qtbot.waitSignal(phone.answered):
        qtbot.keyClick(phone, Qt.Key.Key_Return)
    other = shown(offer_of(ImportRequest(tmp_path / "手机地块.gpkg"), tmp_path))
    with qtbot.waitSignal(other.rejected), qtbot.assertNotEmitted(other.answered):
        qtbot.keyClick(other, Qt.Key.Key_Escape)


def test_enter_does_nothing_while_a_question_is_open(phone: ImportDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(phone.answered):
        qtbot.keyClick(phone, Qt.Key.Key_Return)
    assert phone.isVisible()


def test_another_encoding_has_the_file_read_again(tmp_path: Path, shown: Shown, qtbot: QtBot) -> None:
    path = write_text(
        tmp_path / "点.csv", "名称,经度,纬度\r\n石岐,113.38,22.52\r\n小榄,113.25,22.66\r\n", "gb18030"
    )
    dialog = shown(offer_of(ImportRequest(path), tmp_path))
    assert dialog.text.encoding.currentText().upper().endswith("GB18030")
    open_page(dialog, TEXT)
    chooser = dialog.text.encoding
    chooser.setFocus()
    first = chooser.currentIndex()
    with qtbot.waitSignal(dialog.reread_asked) as told, qtbot.assertNotEmitted(dialog.rejected):
        qtbot.keyClick(chooser, Qt.Key.Key_Down)
    (request,) = told.args
    assert request.encoding == chooser.itemData(first + 1) != ""
    assert request.path == path


def test_rows_of_the_header_are_shown_and_can_be_read_otherwise(
    tmp_path: Path, shown: Shown, qtbot: QtBot
) -> None:
    path = merged_workbook(tmp_path / "低效用地.xlsx")
    dialog = shown(offer_of(ImportRequest(path), tmp_path))
    open_page(dialog, TEXT)
    table, page = dialog.text.table, dialog.text
    assert page.header_rows.text() == "2-3"
    assert [table.item(row, 1).font().bold() for row in range(1, 4)] == [True, True, False]
    assert (table.rowSpan(0, 0), table.columnSpan(0, 0)) == (1, 6)
    assert (table.rowSpan(1, 1), table.columnSpan(1, 2)) == (2, 2)
    # header rows are tinted, not only bold
    picture = table.grab().toImage()
    factor = picture.devicePixelRatio()

    def ground(row: int) -> str:
        box = table.visualItemRect(table.item(row, 1))
        corner = table.viewport().mapTo(table, box.topRight())
        return (
            picture.pixelColor(int((corner.x() - 3) * factor), int((corner.y() + 3) * factor)).name().upper()
        )

    assert ground(1) == LIGHT.chosen
    assert ground(4) == LIGHT.surface
    page.header_rows.setFocus()
    page.header_rows.selectAll()
    qtbot.keyClicks(page.header_rows, "3")
    with qtbot.waitSignal(dialog.reread_asked) as told:
        qtbot.keyClick(page.header_rows, Qt.Key.Key_Return)
    assert told.args[0].choices == {"header_rows": "3"}
    assert told.args[0].mapping == {}


def test_an_earlier_answer_stands_in_the_dialog_to_be_corrected(tmp_path: Path, shown: Shown) -> None:
    request = ImportRequest(
        phone_parcels(tmp_path / "a.gpkg"),
        kind="zones",
        name="范围",
        crs="4490+swapped",
        mapping={"name": "备注", "remark": ""},
        secrecy="秘密★10年",
        status="待核实",
    )
    dialog = shown(offer_of(request, tmp_path))
    answer = dialog.answer()
    assert (answer.kind, answer.name, answer.crs) == ("zones", "范围", "4490+swapped")
    assert (answer.mapping["name"], answer.mapping["remark"]) == ("备注", "")
    assert answer.status == "待核实"


def test_a_layer_needs_a_name(phone: ImportDialog, qtbot: QtBot) -> None:
    phone.coordinates.choose("4490")
    assert phone.what.name.text() == "手机地块"
    phone.what.name.clear()
    assert not phone.take.isEnabled()
    qtbot.keyClicks(phone.what.name, "parcels")
    assert phone.answer().name == "parcels"


def test_what_is_open_on_the_page_one_looks_at_is_said_first(tmp_path: Path, shown: Shown) -> None:
    path = phone_parcels(tmp_path / "land_use.gpkg", DLBM=["0802"] * 6)
    dialog = shown(offer_of(ImportRequest(path, kind="land_use"), tmp_path))
    assert marked(dialog) == [WHAT, COORDINATES]
    for page in (WHAT, COORDINATES):
        open_page(dialog, page)
        assert dialog.complaint.text() == dialog.tabs.tabToolTip(page)


def test_what_the_file_says_of_its_secrecy_is_chosen_and_cannot_be_lowered(
    tmp_path: Path, shown: Shown, qtbot: QtBot
) -> None:
    path = land(tmp_path / "密.gpkg", 名称=["甲"] * 6)
    assert choices(shown(offer_of(ImportRequest(path), tmp_path))) == ["", *LEVELS[1:]]
    write_beside(path, mark_of("内部★10年"))
    dialog = shown(offer_of(ImportRequest(path), tmp_path))
    open_page(dialog, WHAT)
    assert dialog.answer().secrecy == "内部★10年"
    assert choices(dialog) == ["内部★10年", "秘密", "机密", "绝密"]
    assert any("内部★10年" in label.text() for label in dialog.what.findChildren(QLabel))
    qtbot.keyClick(dialog.what.secrecy, Qt.Key.Key_Down)
    assert dialog.answer().secrecy == "秘密"


def choices(dialog: ImportDialog) -> list[str]:
    secrecy = dialog.what.secrecy
    return [str(secrecy.itemData(row)) for row in range(secrecy.count())]
