"""One form about many features, values pasted from a spreadsheet, fields filled by a measure."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from layers.edits import FeatureState
from layers.errors import InputError
from layers.forms.fields import form_of
from layers.kind import FieldType
from layers.store.model import LayerField, LayerInfo
from tests.layers.form_samples import layer_of
from zsgis.forms.calculating import Calculation, Source, calculated, sources
from zsgis.forms.filling import Filling
from zsgis.forms.pasting import cells_of, fitted, pasted

SURVEY = layer_of("land_use", standard="sandiao")
SQUARE = shapely.box(500_000, 2_490_000, 500_100, 2_490_100)


def state(number: int, shape: Any = SQUARE, **values: Any) -> FeatureState:
    return FeatureState(f"uid-{number}", 7, shape, values)


def values_of(
    layer: LayerInfo, states: list[FeatureState], names: list[str], text: str
) -> list[dict[str, Any]]:
    found = pasted(layer, states, names, fitted(cells_of(text), len(states)))
    assert found.wrong == ()
    return [dict(change.values) for change in found.changes]


def test_a_form_of_many_says_what_they_have_in_common() -> None:
    states = (
        state(1, class_code="0101", remark="甲", data_year=2026),
        state(2, class_code="0101", remark="乙", data_year=2026),
    )
    filling = Filling.of(SURVEY, states)
    assert filling.common["class_code"] == "0101"
    assert filling.several == {"remark"}
    assert filling.texts["remark"] == ""
    assert filling.texts["data_year"] == "2026"


def test_only_features_that_have_another_value_are_changed() -> None:
    states = (state(1, remark="甲"), state(2, remark="乙"), state(3))
    changes = Filling.of(SURVEY, states).changes({"remark": "甲"})
    assert [(change.zs_uid, dict(change.values), change.version) for change in changes] == [
        ("uid-2", {"remark": "甲"}, 7),
        ("uid-3", {"remark": "甲"}, 7),
    ]


def test_what_was_wrong_before_holds_up_nothing() -> None:
    filling = Filling.of(SURVEY, (state(1, class_code="9999", survey_area_m2=1.0),))
    filled = filling.filled({"remark": "甲"})
    assert [issue.field for issue in filled.issues] == ["class_code"]
    assert filled.blocking == ()
    assert [issue.field for issue in filling.filled({"class_code": "98"}).blocking] == ["class_code"]


def test_areas_stay_as_they_are_stored_until_the_shape_changes() -> None:
    filling = Filling.of(SURVEY, (state(1, class_code="0101", survey_area_m2=9_998.5),))
    filled = filling.filled({"deducted_share": "0.1"})
    assert filled.computed["survey_area_m2"] == "9,998.50"
    assert filled.computed["deducted_area_m2"] == "999.85"
    assert filled.values == {"deducted_share": 0.1}


def test_a_column_copied_from_a_spreadsheet_goes_into_rows() -> None:
    states = [state(1), state(2, remark="乙")]
    assert values_of(SURVEY, states, ["remark"], "甲\r\n丙\r\n") == [{"remark": "甲"}, {"remark": "丙"}]
    assert values_of(SURVEY, states, ["remark"], "丁") == [{"remark": "丁"}] * 2
    assert values_of(SURVEY, states, ["remark"], '"a ""b"""\n\n') == [{"remark": 'a "b"'}, {"remark": None}]


def test_a_block_goes_into_neighbouring_columns() -> None:
    states = [state(1), state(2)]
    text = "0101\t2026\n0601\t2,025"
    assert values_of(SURVEY, states, ["class_code", "data_year", "remark"], text) == [
        {"class_code": "0101", "data_year": 2026},
        {"class_code": "0601", "data_year": 2025},
    ]


def test_one_fault_keeps_all_of_a_paste_back_and_names_its_line() -> None:
    found = pasted(SURVEY, [state(1), state(2)], ["class_code"], [["0101"], ["9999"]])
    assert found.changes == ()
    assert len(found.wrong) == 1
    assert found.wrong[0].startswith("第2行，地类编码")


def test_a_computed_column_takes_no_paste_but_its_own_value() -> None:
    one = state(1, class_code="0101", survey_area_m2=9_998.5)
    assert pasted(SURVEY, [one], ["survey_area_m2"], [["1"]]).wrong
    assert pasted(SURVEY, [one], ["survey_area_m2"], [["9998.5"]]).wrong == ()


@pytest.mark.parametrize("lines", [2, 4])
def test_another_number_of_lines_than_rows_is_refused(lines: int) -> None:
    with pytest.raises(InputError):
        fitted([["1"]] * lines, 3)


def test_more_columns_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(InputError):
        pasted(SURVEY, [state(1)], ["remark"], [["甲", "乙"]])


def filled_with(layer: LayerInfo, states: list[FeatureState], wanted: Calculation) -> list[Any]:
    return [change.values[wanted.field] for change in calculated(layer, states, wanted).changes]


def test_a_field_is_filled_with_a_value_or_another_field() -> None:
    states = [state(1, name="A1"), state(2, name="A2", remark="x")]
    assert filled_with(SURVEY, states, Calculation("remark", Source.VALUE, "x")) == ["x"]
    assert filled_with(SURVEY, states, Calculation("remark", Source.FIELD, "name")) == ["A1", "A2"]
    wrong = calculated(SURVEY, states, Calculation("data_year", Source.FIELD, "name"))
    assert wrong.changes == ()
    assert len(wrong.wrong) == 2


def test_a_field_is_filled_with_a_measure_in_its_own_unit() -> None:
    layer = layer_of("industrial_parcels", further=(LayerField("周长", "", FieldType.NUMBER),))
    states = [state(1), state(2, shape=None, floor_area_m2=3.0)]
    assert filled_with(layer, states, Calculation("floor_area_m2", Source.PLANAR_AREA)) == [10_000.0, None]
    assert filled_with(layer, [state(1)], Calculation("周长", Source.LENGTH)) == [400.0]
    hectares = layer_of("reserve")
    assert filled_with(hectares, [state(1)], Calculation("recorded_area_ha", Source.PLANAR_AREA)) == [1.0]


def test_what_is_computed_cannot_be_filled() -> None:
    with pytest.raises(InputError):
        calculated(SURVEY, [state(1)], Calculation("survey_area_m2", Source.VALUE, "1"))


def test_measures_are_offered_where_they_fit() -> None:
    form = form_of(SURVEY)
    assert Source.PLANAR_AREA not in sources(form, form.by_name["remark"].declared)
    assert sources(form, form.by_name["line_width_m"].declared)[-1] is Source.LENGTH
    points = form_of(layer_of("carriers"))
    assert Source.PLANAR_AREA not in sources(points, points.by_name["land_area_m2"].declared)
