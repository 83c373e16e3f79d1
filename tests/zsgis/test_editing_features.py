"""Edits of shapes and of whole features, written into a real project."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.crs import transform
from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from layers.errors import InputError, StaleEditError
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from tests.zsgis.coverage_samples import CELL, EAST, NORTH, grid, is_coverage
from zsgis.editing.feature_edits import copy_features, delete_features, move_features, moved, paste_features
from zsgis.editing.merging_shapes import MergeAnswer, merge_edit, merge_offer
from zsgis.editing.overlapping import told_of_overlaps
from zsgis.editing.settings import GuardMode
from zsgis.editing.shape_edits import Manner, move_places, read_held, remove_place, reshape_feature
from zsgis.editing.vertices import FaultyShapeError
from zsgis.forms.completing import complete

CRS = pyproj.CRS.from_epsg(4547)
JOINED = Manner(joined=True, guard=GuardMode.CLIP, gap_m=0.2)
ALONE = Manner(guard=GuardMode.CLIP, gap_m=0.2)


def node(column: float, row: float) -> np.ndarray:
    return np.array([[EAST + column * CELL, NORTH + row * CELL]])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "工程.gpkg", CRS)
    cells = grid(3, 3, [])
    frame = geopandas.GeoDataFrame(
        {
            "name": [f"图斑{number}" for number in range(9)],
            "class_code": ["0601"] * 8 + ["0602"],
            "certificate_area_m2": [10000.1] * 9,
        },
        geometry=cells,
        crs=CRS,
    )
    made.add_layer(NewLayer("宗地", "cadastral_parcels", CRS), frame)
    made.add_layer(NewLayer("图斑", "land_use", CRS, standard="yd2023"), frame)
    return made


def layer_of(project: Project, name: str = "图斑") -> LayerInfo:
    return project.layer(name)


def uids(project: Project, name: str = "图斑") -> list[str]:
    return [str(uid) for uid in project.read(layer_of(project, name).uid).index]


def shapes(project: Project, name: str = "图斑") -> list[shapely.Geometry]:
    return list(project.read(layer_of(project, name).uid).geometry)


def test_a_joined_move_is_one_edit_of_all_four_neighbours(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    thought = move_places(project, info, held, node(1, 1), node(1.1, 1.05), JOINED)
    assert {change.zs_uid for change in thought.edit.changes if isinstance(change, ChangeFeature)} == {
        names[0],
        names[1],
        names[3],
        names[4],
    }
    record = project.apply(thought.edit)
    assert record.head.count == 4
    assert is_coverage(shapes(project))
    assert thought.notes == ()


def test_the_guard_cuts_off_what_a_vertex_alone_takes_from_neighbours(project: Project) -> None:
    """The corner of the middle cell goes 10 m into the cell to the south west: both its edges would cross."""
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    outward = move_places(project, info, held, node(1, 1), node(0.9, 0.9), ALONE)
    assert len(outward.notes) == 1
    project.apply(outward.edit)
    assert shapely.area(shapely.symmetric_difference(shapes(project)[4], grid(3, 3, [])[4])) < 1e-6


def test_the_guard_finds_the_same_however_many_vertices_there_are(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at about the change first, what joins well is passed over and what overlaps is cut off."""
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    found = []
    for many in (2_000, 0):
        monkeypatch.setattr("zsgis.editing.shape_edits._MANY", many)
        thoughts = [
            move_places(project, info, held, node(1, 1), node(*to), manner)
            for to, manner in (((1.1, 1.05), JOINED), ((0.9, 0.9), ALONE), ((1.001, 1.0), ALONE))
        ]
        found.append([(thought.notes, len(thought.edit.changes)) for thought in thoughts])
    assert found[0] == found[1]
    assert [bool(notes) for notes, _count in found[0]] == [False, True, True]


def test_without_the_guard_an_overlap_is_told_and_stays(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    warned = move_places(project, info, held, node(1, 1), node(0.9, 0.9), Manner(guard=GuardMode.WARN))
    silent = move_places(project, info, held, node(1, 1), node(0.9, 0.9), Manner())
    assert (len(warned.notes), silent.notes) == (1, ())
    project.apply(warned.edit)
    assert shapes(project)[4].area > CELL * CELL + 900


def test_a_shape_turned_inside_out_is_refused_and_nothing_is_written(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    with pytest.raises(FaultyShapeError) as caught:
        move_places(project, info, held, node(1, 1), node(2.5, 1.5), JOINED)
    assert caught.value.place is not None
    assert project.layer(info.uid).version == info.version


def test_a_vertex_is_put_in_moved_and_deleted_again(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    project.apply(move_places(project, info, held, node(1, 1.5), node(1.1, 1.5), JOINED).edit)
    assert is_coverage(shapes(project))
    held = read_held(project, info, names[4])
    assert shapely.get_num_coordinates(held.shape) == 6
    project.apply(remove_place(project, info, held, node(1.1, 1.5), JOINED).edit)
    assert [shapely.get_num_coordinates(shape) for shape in shapes(project)] == [5] * 9


def test_a_reshaped_feature_takes_its_neighbours_along(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    line = np.concatenate([node(1.9, 1.2), node(2.3, 1.2), node(2.3, 1.8), node(1.9, 1.8)])
    thought = reshape_feature(project, info, held, line, JOINED)
    project.apply(thought.edit)
    assert {change.zs_uid for change in thought.edit.changes if isinstance(change, ChangeFeature)} == {
        names[4],
        names[5],
    }
    assert is_coverage(shapes(project))
    assert shapes(project)[4].area == pytest.approx(CELL * CELL * 1.18, abs=1e-6)


def test_a_feature_changed_meanwhile_is_not_overwritten(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    held = read_held(project, info, names[4])
    thought = move_places(project, info, held, node(1, 1), node(1.1, 1.1), JOINED)
    project.apply(move_places(project, info, held, node(2, 2), node(2.1, 2.1), JOINED).edit)
    with pytest.raises(StaleEditError):
        project.apply(thought.edit)


def test_a_feature_that_is_gone_is_told_of(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    project.apply(delete_features(project, [(info, names[:1])], NoProgress()).edit)
    with pytest.raises(StaleEditError):
        read_held(project, info, names[0])


# whole features


def test_features_move_by_the_same_shift(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    before = shapes(project)
    project.apply(move_features(project, info, names[:2], (12.5, -3.25)).edit)
    for number, shape in enumerate(shapes(project)):
        shift = (12.5, -3.25) if number < 2 else (0, 0)
        assert shapely.get_coordinates(shape) == pytest.approx(
            shapely.get_coordinates(before[number]) + shift
        )


def test_what_is_moved_keeps_its_heights() -> None:
    high = shapely.from_wkt("POLYGON Z ((0 0 5, 10 0 6, 10 10 7, 0 0 5))")
    assert moved(high, (1, 2)).wkt == "POLYGON Z ((1 2 5, 11 2 6, 11 12 7, 1 2 5))"
    assert moved(shapely.Point(3, 4), (1, 2)).wkt == "POINT (4 6)"


def test_features_of_several_layers_are_deleted_in_one_edit_and_come_back(project: Project) -> None:
    land, parcels = layer_of(project), layer_of(project, "宗地")
    chosen = [(land, uids(project)[:2]), (parcels, uids(project, "宗地")[:3])]
    thought = delete_features(project, chosen, NoProgress())
    assert all(isinstance(change, RemoveFeature) for change in thought.edit.changes)
    project.apply(thought.edit)
    assert (len(shapes(project)), len(shapes(project, "宗地"))) == (7, 6)
    project.undo()
    assert (len(shapes(project)), len(shapes(project, "宗地"))) == (9, 9)


def test_a_moved_feature_is_not_clipped_and_what_it_lies_on_is_told(project: Project) -> None:
    """Half a cell to the east and a quarter to the north: 1/2 x 3/4 of it lies where it lay before."""
    info, names = layer_of(project), uids(project)
    shift = (CELL / 2, CELL / 4)
    thought = move_features(project, info, names[:1], shift)
    told = told_of_overlaps(project, info, thought, GuardMode.CLIP, NoProgress())
    assert told.edit == thought.edit
    area = CELL * CELL * (1 - 1 / 2 * 3 / 4)
    assert told.notes == (f"有 {area:,.2f} 平方米与 3 个相邻要素重叠",)
    assert told_of_overlaps(project, info, thought, GuardMode.OFF, NoProgress()) == thought
    away = move_features(project, info, names[:1], (-5 * CELL, 0.0))
    assert told_of_overlaps(project, info, away, GuardMode.WARN, NoProgress()) == away
    together = move_features(project, info, names, shift)
    assert told_of_overlaps(project, info, together, GuardMode.WARN, NoProgress()) == together


def test_a_pasted_feature_on_its_original_is_told(project: Project) -> None:
    info, names = layer_of(project), uids(project)
    pasted = paste_features(copy_features(project, info, names[:2]), info)
    told = told_of_overlaps(project, info, pasted, GuardMode.WARN, NoProgress())
    assert f"{2 * CELL * CELL:,.2f} 平方米" in told.notes[-1]


def test_copies_are_changed_into_the_other_layers_system(project: Project) -> None:
    degrees = pyproj.CRS.from_epsg(4490)
    target = project.add_layer(
        NewLayer("其他", "zones", degrees),
        geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(113, 22, 113.1, 22.1)], crs=degrees),
    )
    info, names = layer_of(project), uids(project)
    copied = copy_features(project, info, names[:2])
    thought = paste_features(copied, project.layer(target.uid))
    added = [change for change in thought.edit.changes if isinstance(change, AddFeature)]
    assert [change.parents for change in added] == [(names[0],), (names[1],)]
    assert added[0].values == {"name": "图斑0"}
    assert len(thought.notes) == 1
    project.apply(thought.edit)
    expected = transform(np.array(shapes(project)[:2], dtype=object), CRS, degrees)
    found = list(project.read(target.uid).geometry)[1:]
    assert all(one.equals_exact(other, 1e-12) for one, other in zip(found, expected, strict=True))


def test_the_area_in_the_plane_is_measured_anew_in_another_projection(project: Project) -> None:
    """The plane of a local meridian differs by far less than 0.1 %, which would pass for an adjusted area."""
    said = CRS.to_json_dict()
    said.pop("id")
    said["name"] = "CGCS2000 / 113E"
    (meridian,) = (
        one for one in said["conversion"]["parameters"] if one["name"] == "Longitude of natural origin"
    )
    meridian["value"] = 113
    zone = pyproj.CRS.from_json_dict(said)
    parcels, names = layer_of(project, "宗地"), uids(project, "宗地")
    move = move_features(project, parcels, names[:1], (0.0, 0.5))
    project.apply(complete(move.edit, project))
    copied = copy_features(project, parcels, names[:1])
    shape = transform(np.array([copied.states[0].geometry], dtype=object), CRS, zone)[0]
    target = project.add_layer(
        NewLayer("邻带宗地", "cadastral_parcels", zone),
        geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shape.buffer(50).envelope], crs=zone),
    )
    thought = paste_features(copied, project.layer(target.uid))
    assert any("宗地面积" in note for note in thought.notes)
    record = project.apply(complete(thought.edit, project))
    (change,) = record.changes
    stated = copied.states[0].values["parcel_area_m2"]
    found = change.after.values["parcel_area_m2"]
    assert found == round(shape.area, 2)
    assert 0 < abs(found / stated - 1) < 1e-3
    # what was recorded comes along as it is, and so does an area in the same plane
    assert change.after.values["certificate_area_m2"] == 10000.1
    (again,) = paste_features(copied, parcels).edit.changes
    assert again.values["parcel_area_m2"] == stated


def test_copies_go_only_into_layers_of_the_same_type(project: Project) -> None:
    points = project.add_layer(
        NewLayer("点", "incubators", CRS),
        geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.Point(EAST, NORTH)], crs=CRS),
    )
    copied = copy_features(project, layer_of(project), uids(project)[:1])
    with pytest.raises(InputError):
        paste_features(copied, points)


def test_merged_features_live_on_as_one_with_the_sum_of_their_ground(project: Project) -> None:
    parcels, names = layer_of(project, "宗地"), uids(project, "宗地")
    states = project.states(parcels.uid, names[7:])
    offer = merge_offer(parcels, states)
    assert offer.parts == 1
    assert {difference.field.name for difference in offer.differences} >= {"name"}
    thought = merge_edit(offer, MergeAnswer(0, summed=True))
    project.apply(thought.edit)
    winner = offer.states[0]
    left = {state.zs_uid: state for state in project.states(parcels.uid)}
    assert len(left) == 8
    assert left[winner.zs_uid].values["certificate_area_m2"] == pytest.approx(20000.2, abs=1e-9)
    assert shapely.area(left[winner.zs_uid].geometry) == pytest.approx(2 * CELL * CELL, abs=1e-6)
    changed = next(change for change in thought.edit.changes if isinstance(change, ChangeFeature))
    assert changed.parents == (offer.states[1].zs_uid,)


def test_a_recorded_area_of_one_part_is_not_said_of_all(project: Project) -> None:
    parcels, names = layer_of(project, "宗地"), uids(project, "宗地")
    thought = merge_edit(merge_offer(parcels, project.states(parcels.uid, names[:2])), MergeAnswer(1))
    changed = next(change for change in thought.edit.changes if isinstance(change, ChangeFeature))
    assert changed.values == {"certificate_area_m2": None}
    assert len(thought.notes) == 1


def test_a_typed_deduction_of_one_part_is_not_said_of_all(project: Project) -> None:
    info, names = layer_of(project), uids(project)[:2]
    typed = ChangeFeature(info.uid, names[0], values={"deducted_area_m2": 500.0})
    project.apply(complete(Edit("扣除", (typed,)), project))
    offer = merge_offer(info, project.states(info.uid, names))
    winner = next(place for place, state in enumerate(offer.states) if state.zs_uid == names[0])
    thought = merge_edit(offer, MergeAnswer(winner))
    record = project.apply(complete(thought.edit, project))
    values = next(change.after for change in record.changes if change.zs_uid == names[0]).values
    assert values["deducted_area_m2"] is None
    assert values["net_class_area_m2"] == values["survey_area_m2"] > 0
    assert any("扣除地类面积" in note for note in thought.notes)


def test_features_apart_make_several_parts_and_slits_are_closed(project: Project) -> None:
    parcels, names = layer_of(project, "宗地"), uids(project, "宗地")
    assert merge_offer(parcels, project.states(parcels.uid, [names[0], names[8]])).parts == 2
    with pytest.raises(InputError):
        merge_offer(parcels, project.states(parcels.uid, names[:1]))
