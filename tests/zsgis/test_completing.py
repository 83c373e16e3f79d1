"""What an edit leaves to the program: defaults and computed fields, in a real project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest
import shapely

from layers.crs import parse_crs
from layers.edits import AddFeature, ChangeFeature, Edit, EditKind, RemoveFeature
from layers.errors import InputError
from layers.store import NewLayer, Project
from zsgis.forms.completing import complete

CRS = parse_crs("4547")
PARCEL = "019313a0-0000-7000-8000-000000000001"
SURVEY = "019313a0-0000-7000-8000-000000000002"
UIDS = {"宗地": PARCEL, "图斑": SURVEY}


def square(side: float, x: float = 500_000.0, y: float = 2_490_000.0) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "work.gpkg", CRS) as made:
        parcels = geopandas.GeoDataFrame(
            {
                "zs_uid": [PARCEL],
                "name": ["宗地一"],
                "certificate_area_m2": [9_990.0],
                "parcel_area_m2": [10_000.0],
            },
            geometry=[square(100)],
            crs=CRS,
        )
        made.add_layer(NewLayer("宗地", "cadastral_parcels", CRS, status="待核实"), parcels)
        survey = geopandas.GeoDataFrame(
            {
                "zs_uid": [SURVEY],
                "class_code": ["0101"],
                "class_name": ["水田"],
                "survey_area_m2": [9_998.5],
                "deducted_share": [0.1],
                "deducted_area_m2": [999.85],
                "net_class_area_m2": [8_998.65],
            },
            geometry=[square(100)],
            crs=CRS,
        )
        made.add_layer(NewLayer("图斑", "land_use", CRS, standard="sandiao"), survey)
        yield made


def layer_uid(project: Project, name: str) -> str:
    return project.layer(name).uid


def changed(
    project: Project, name: str, *, kind: EditKind = EditKind.EDIT, **given: object
) -> dict[str, object]:
    """Return the values of a completed change of the one feature of a layer."""
    change = ChangeFeature(layer_uid(project, name), UIDS[name], **given)  # type: ignore[arg-type]
    (one,) = complete(Edit("改", (change,), kind=kind), project).changes
    assert isinstance(one, ChangeFeature)
    assert one.geometry is change.geometry
    return dict(one.values)


def test_the_area_follows_the_shape_and_the_certificate_does_not(project: Project) -> None:
    assert changed(project, "宗地", geometry=square(50)) == {"parcel_area_m2": 2_500.0}
    assert changed(project, "宗地", geometry=None) == {"parcel_area_m2": None}


def test_all_that_follows_from_the_area_follows_with_it(project: Project) -> None:
    found = changed(project, "图斑", geometry=square(50))
    # 2 500 m2 in the plane; the scale at this place changes it by less than 0.02 %
    area = found["survey_area_m2"]
    assert isinstance(area, float)
    assert 2_499.0 < area < 2_500.5
    assert found["deducted_area_m2"] == pytest.approx(area * 0.1, abs=0.005001)
    assert round((area - found["deducted_area_m2"]) * 100) == round(found["net_class_area_m2"] * 100)  # type: ignore[operator,call-overload]
    assert set(found) == {"survey_area_m2", "deducted_area_m2", "net_class_area_m2"}


def test_values_alone_leave_an_adjusted_area_as_it_is(project: Project) -> None:
    assert changed(project, "图斑", values={"remark": "核实"}) == {"remark": "核实"}
    assert changed(project, "图斑", values={"class_code": "0102"}) == {
        "class_code": "0102",
        "class_name": "水浇地",
    }
    assert changed(project, "图斑", values={"deducted_share": 0.2}) == {
        "deducted_share": 0.2,
        "deducted_area_m2": 1_999.7,
        "net_class_area_m2": 7_998.8,
    }


def test_a_computed_value_typed_by_hand_is_refused_and_says_what_it_is(project: Project) -> None:
    with pytest.raises(InputError) as refusal:
        changed(project, "宗地", values={"parcel_area_m2": 12_000.0})
    assert "10,000.00" in str(refusal.value.what)
    with pytest.raises(InputError):
        changed(project, "图斑", values={"class_name": "旱地"})
    with pytest.raises(InputError):
        changed(project, "图斑", values={"net_class_area_m2": None})


def test_what_is_computed_anyway_may_be_stated(project: Project) -> None:
    assert changed(project, "宗地", values={"parcel_area_m2": 10_000.0}) == {"parcel_area_m2": 10_000.0}
    both = {"class_code": "0103", "class_name": "旱地"}
    assert changed(project, "图斑", values=both) == both
    # who puts the measured area in place of the adjusted one may
    area = changed(project, "图斑", geometry=square(100))["survey_area_m2"]
    assert changed(project, "图斑", values={"survey_area_m2": area})["survey_area_m2"] == area
    # and a name where no standard gives one
    assert changed(project, "图斑", values={"class_code": "9999", "class_name": "待定"}) == {
        "class_code": "9999",
        "class_name": "待定",
    }


def test_an_area_stated_with_its_shape_is_kept_where_it_may_be_an_adjusted_one(project: Project) -> None:
    found = changed(project, "宗地", geometry=square(100), values={"parcel_area_m2": 10_000.4})
    assert found == {"parcel_area_m2": 10_000.4}
    found = changed(project, "宗地", geometry=square(50), values={"parcel_area_m2": 10_000.0})
    assert found == {"parcel_area_m2": 2_500.0}


@pytest.mark.parametrize("kind", [EditKind.UNDO, EditKind.REDO, EditKind.RESTORE])
def test_what_comes_back_comes_back_as_it_was(project: Project, kind: EditKind) -> None:
    values = {"parcel_area_m2": 1.0}
    assert changed(project, "宗地", kind=kind, geometry=square(50), values=values) == values


def test_a_merge_brings_what_follows_into_line_and_refuses_nothing(project: Project) -> None:
    found = changed(
        project, "图斑", kind=EditKind.MERGE, values={"class_code": "0103", "class_name": "水浇地"}
    )
    assert found == {"class_code": "0103", "class_name": "旱地"}


def test_a_new_feature_has_its_defaults_and_its_area(project: Project) -> None:
    edit = Edit("画", (AddFeature(layer_uid(project, "宗地"), square(20), {"name": "新"}),))
    (added,) = complete(edit, project).changes
    assert isinstance(added, AddFeature)
    assert added.values == {"name": "新", "status": "待核实", "parcel_area_m2": 400.0}
    # a piece that still says the area of the whole
    edit = Edit("割", (AddFeature(layer_uid(project, "宗地"), square(20), {"parcel_area_m2": 10_000.0}),))
    (piece,) = complete(edit, project).changes
    assert isinstance(piece, AddFeature)
    assert piece.values["parcel_area_m2"] == 400.0


def test_what_is_removed_or_gone_is_left_to_the_store(project: Project) -> None:
    uid = layer_uid(project, "宗地")
    gone = ChangeFeature(uid, "019313a0-0000-7000-8000-00000000ffff", geometry=square(5))
    edit = Edit("改", (RemoveFeature(uid, PARCEL), gone))
    assert complete(edit, project) == edit


def test_what_is_completed_can_be_written(project: Project) -> None:
    uid = layer_uid(project, "图斑")
    edit = Edit("改", (ChangeFeature(uid, SURVEY, geometry=square(60), values={"class_code": "0103"}),))
    record = project.apply(complete(edit, project))
    (state,) = project.states(uid, [SURVEY])
    assert state.values["class_name"] == "旱地"
    assert record.changes[0].after is not None
    assert 3_599.0 < state.values["survey_area_m2"] < 3_600.5


def test_a_second_change_of_a_feature_follows_upon_the_first(project: Project) -> None:
    uid = layer_uid(project, "图斑")
    changes = (
        ChangeFeature(uid, SURVEY, values={"deducted_share": 0.5}),
        ChangeFeature(uid, SURVEY, square(50)),
    )
    project.apply(complete(Edit("改", changes), project))
    (state,) = project.states(uid)
    area, deducted = state.values["survey_area_m2"], state.values["deducted_area_m2"]
    assert 2_000 < area < 3_000
    assert deducted == pytest.approx(area / 2, abs=0.01)
    assert state.values["net_class_area_m2"] == pytest.approx(area - deducted, abs=0.005)
