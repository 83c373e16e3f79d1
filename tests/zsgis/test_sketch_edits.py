"""What dividing, holes and drawing change: identity, parents, recorded areas, neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs
from layers.edits import AddFeature, ChangeFeature, FeatureState
from layers.errors import GeometryError, InputError
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from zsgis.editing.drawing_edits import NewFeature, Surroundings, new_features
from zsgis.editing.entry import (
    EAST_FIRST,
    OPEN,
    TO_POINT,
    CoordinateRequest,
    TextRequest,
    TraverseRequest,
    work_out,
)
from zsgis.editing.hole_edits import cut_features, fill_features
from zsgis.editing.settings import GuardMode
from zsgis.editing.splitting_edits import split_features
from zsgis.editing.splitting_values import shared_out
from zsgis.editing.targets import lines_of, roomy, states_near
from zsgis.forms.completing import complete

CRS = parse_crs("4547")
LEFT, RIGHT = "019313a0-0000-7000-8000-00000000000a", "019313a0-0000-7000-8000-00000000000b"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.gpkg", CRS) as made:
        yield made


def parcels(project: Project) -> LayerInfo:
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": [LEFT, RIGHT],
            "name": ["甲", "乙"],
            "feature_code": ["F1", "F2"],
            "certificate_area_m2": [10_001.0, 9_999.5],
            "parcel_area_m2": [10_000.0, 10_000.0],
        },
        geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
        crs=CRS,
    )
    return project.add_layer(NewLayer("宗地", "cadastral_parcels", CRS), frame)


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(places)


def test_the_largest_piece_keeps_the_identity_and_recorded_areas_are_left_empty(project: Project) -> None:
    layer = parcels(project)
    thought = split_features(
        layer, project.states(layer.uid, [LEFT]), line((-1, 30), (150, 30)), NoProgress()
    )
    kept, new = thought.edit.changes
    assert isinstance(kept, ChangeFeature)
    assert isinstance(new, AddFeature)
    assert (kept.zs_uid, kept.version, kept.geometry.area) == (LEFT, 1, 7000.0)
    assert dict(kept.values) == {"certificate_area_m2": None}
    assert new.parents == (LEFT,)
    assert (new.geometry.area, new.values["name"], new.values["feature_code"]) == (3000.0, "甲", None)
    assert new.values["certificate_area_m2"] is None
    assert "parcel_area_m2" not in new.values
    assert "证载面积" in "".join(thought.notes)
    project.apply(complete(thought.edit, project))
    areas = {state.zs_uid: state.values["parcel_area_m2"] for state in project.states(layer.uid)}
    assert areas[LEFT] == 7000.0
    assert math.fsum(areas.values()) == 20_000.0


def test_a_typed_deduction_of_the_whole_is_not_said_of_a_piece(project: Project) -> None:
    frame = geopandas.GeoDataFrame(
        {"deducted_area_m2": [800.0, 100.0], "deducted_share": [None, 0.01]},
        geometry=[shapely.box(436_000 + x, 2_491_000, 436_100 + x, 2_491_100) for x in (0, 200)],
        crs=CRS,
    )
    layer = project.add_layer(NewLayer("图斑", "land_use", CRS, standard="yd2023"), frame)
    cutter = line((435_999, 2_491_030), (436_301, 2_491_030))
    thought = split_features(layer, project.states(layer.uid), cutter, NoProgress())
    record = project.apply(complete(thought.edit, project))
    found = [change.after.values for change in record.changes if change.after is not None]
    assert [one["deducted_area_m2"] for one in found[:2]] == [None, None]
    # where there is a factor it is computed anew: 70 and 30 m2, but for the ellipsoid
    assert [one["deducted_area_m2"] for one in found[2:]] == pytest.approx([70.0, 30.0], rel=1e-3)
    assert sum("扣除地类面积" in note for note in thought.notes) == 1


def test_recorded_areas_are_shared_out_only_when_asked(project: Project) -> None:
    layer = parcels(project)
    thought = split_features(
        layer, project.states(layer.uid), line((-1, 30), (250, 30)), NoProgress(), apportioned=True
    )
    shares = [change.values["certificate_area_m2"] for change in thought.edit.changes]
    # by hand: 7 and 3 tenths of 10,001.00 and of 9,999.50
    assert shares == [7000.7, 3000.3, 6999.65, 2999.85]
    assert thought.about == {LEFT, RIGHT}


@given(
    st.integers(0, 10**8).map(lambda cents: cents / 100),
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=12),
)
@settings(deadline=None)
def test_shares_add_up_to_the_recorded_area(recorded: float, areas: list[float]) -> None:
    shares = shared_out(recorded, areas)
    assert round(math.fsum(shares), 2) == recorded
    for share, area in zip(shares, areas, strict=True):
        assert share == pytest.approx(recorded * area / math.fsum(areas), abs=0.011 + 0.005 * len(areas))


def test_a_neighbour_that_is_not_divided_gets_the_new_corner(project: Project) -> None:
    layer = parcels(project)
    states = project.states(layer.uid)
    mine = [state for state in states if state.zs_uid == LEFT]
    cut = line((-1, 30.3), (150, 33.7))
    thought = split_features(layer, mine, cut, NoProgress(), neighbours=states)
    neighbour = thought.edit.changes[-1]
    assert isinstance(neighbour, ChangeFeature)
    assert neighbour.zs_uid == RIGHT
    assert dict(neighbour.values) == {}
    new = set(map(tuple, shapely.get_coordinates(neighbour.geometry).tolist()))
    mine_new = set(map(tuple, shapely.get_coordinates(thought.edit.changes[0].geometry).tolist()))
    assert len(new & mine_new & {place for place in new if 30 < place[1] < 40}) == 1
    alone = split_features(layer, mine, cut, NoProgress())
    assert len(alone.edit.changes) == 2


def test_nothing_divided_is_a_sentence(project: Project) -> None:
    layer = parcels(project)
    with pytest.raises(GeometryError) as refused:
        split_features(layer, project.states(layer.uid), line((500, 0), (600, 0)), NoProgress())
    assert refused.value.remedy
    with pytest.raises(GeometryError):
        split_features(layer, (), line((500, 0), (600, 0)), NoProgress())


def test_lines_are_divided_by_a_point_and_by_a_line(project: Project) -> None:
    frame = geopandas.GeoDataFrame({"name": ["路"]}, geometry=[line((0, 0), (100, 0), (100, 50))], crs=CRS)
    layer = project.add_layer(NewLayer("线", "lines", CRS), frame)
    states = project.states(layer.uid)
    at_point = split_features(layer, states, shapely.Point(40, 1), NoProgress())
    assert [change.geometry.length for change in at_point.edit.changes] == [110.0, 40.0]
    crossed = split_features(layer, states, line((90, -5), (90, 5)), NoProgress())
    assert [change.geometry.length for change in crossed.edit.changes] == [90.0, 60.0]


def test_a_hole_becomes_a_feature_with_its_parent(project: Project) -> None:
    layer = parcels(project)
    states = project.states(layer.uid)
    ring = shapely.box(20, 20, 40, 40)
    kept, new = cut_features(layer, states, ring, as_feature=True).edit.changes
    assert isinstance(kept, ChangeFeature)
    assert isinstance(new, AddFeature)
    assert (kept.zs_uid, kept.geometry.area, new.geometry.area) == (LEFT, 9600.0, 400.0)
    assert (new.parents, new.values["feature_code"]) == ((LEFT,), None)
    assert len(cut_features(layer, states, ring, as_feature=False).edit.changes) == 1
    with pytest.raises(GeometryError):
        cut_features(layer, states, shapely.box(90, 20, 110, 40), as_feature=False)
    with pytest.raises(GeometryError):
        cut_features(layer, states, shapely.box(900, 20, 910, 40), as_feature=False)


def test_of_two_that_lie_on_each_other_the_chosen_one_is_cut(project: Project) -> None:
    layer = parcels(project)
    twins = [FeatureState(uid, 1, shapely.box(0, 0, 100, 100), {}) for uid in ("a", "b")]
    ring = shapely.box(20, 20, 40, 40)
    assert len(cut_features(layer, twins, ring, as_feature=False).edit.changes) == 2
    (only,) = cut_features(layer, twins, ring, as_feature=False, chosen={"b"}).edit.changes
    assert isinstance(only, ChangeFeature)
    assert only.zs_uid == "b"


def test_an_occupied_hole_is_not_filled_but_its_free_land_can_be_a_feature(project: Project) -> None:
    layer = parcels(project)
    ring = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(20, 20, 40, 40).exterior])
    holed = FeatureState("a", 3, ring, {"certificate_area_m2": 5.0})
    half = shapely.box(20, 20, 30, 40)
    plain = fill_features(layer, [holed], (25.0, 25.0), as_feature=False).edit.changes[0]
    assert isinstance(plain, ChangeFeature)
    assert (plain.geometry.area, plain.version, dict(plain.values)) == (
        10_000.0,
        3,
        {"certificate_area_m2": None},
    )
    with pytest.raises(GeometryError):
        fill_features(layer, [holed], (25.0, 25.0), as_feature=False, neighbours=[half, None])
    (new,) = fill_features(layer, [holed], (35.0, 25.0), as_feature=True, neighbours=[half]).edit.changes
    assert isinstance(new, AddFeature)
    assert new.geometry.area == 200.0
    full = shapely.box(0, 0, 50, 50)
    with pytest.raises(GeometryError):
        fill_features(layer, [holed], (25.0, 25.0), as_feature=True, neighbours=[full])
    with pytest.raises(GeometryError):
        fill_features(layer, [holed], (5.0, 5.0), as_feature=False)


@pytest.mark.parametrize(
    ("mode", "area"), [(GuardMode.OFF, 2000.0), (GuardMode.WARN, 2000.0), (GuardMode.CLIP, 1000.0)]
)
def test_the_guard_does_what_it_is_told(project: Project, mode: GuardMode, area: float) -> None:
    layer = parcels(project)
    drawn = NewFeature(shapely.box(20, 90, 120, 110))
    around = Surroundings(project.states(layer.uid), mode)
    thought = new_features("绘制", layer, [drawn], around)
    new = thought.edit.changes[0]
    assert isinstance(new, AddFeature)
    assert new.geometry.area == pytest.approx(area)
    assert bool(thought.notes) == (mode is not GuardMode.OFF)
    assert len(thought.edit.changes) == (3 if mode is GuardMode.CLIP else 1)


def test_features_added_together_do_not_overlap_each_other_either(project: Project) -> None:
    layer = parcels(project)
    new = [NewFeature(shapely.box(0, 200, 100, 300)), NewFeature(shapely.box(50, 200, 150, 300))]
    thought = new_features("录入", layer, new, Surroundings((), GuardMode.CLIP))
    assert [change.geometry.area for change in thought.edit.changes] == [10_000.0, 5_000.0]
    with pytest.raises(GeometryError):
        new_features("录入", layer, [new[0], new[0]], Surroundings((), GuardMode.CLIP))


def test_targets_are_those_near_and_of_chosen_ones_only_those(project: Project) -> None:
    layer = parcels(project)
    assert {state.zs_uid for state in states_near(project, layer, (10, 10, 20, 20))} == {LEFT}
    near = states_near(project, layer, roomy(line((50, 50), (150, 50))))
    assert {state.zs_uid for state in near} == {LEFT, RIGHT}
    assert [s.zs_uid for s in states_near(project, layer, (0, 0, 200, 100), {RIGHT})] == [RIGHT]
    assert states_near(project, layer, (900, 900, 901, 901)) == ()
    outline = lines_of(project, layer, [LEFT], CRS)
    assert outline is not None
    assert outline.length == 400.0
    assert lines_of(project, layer, [], CRS) is None


def placed(project: Project, kind: str = "cadastral_parcels") -> LayerInfo:
    shape: Any = shapely.box(436_000, 2_491_000, 436_100, 2_491_100)
    if kind == "points":
        shape = shapely.Point(436_000, 2_491_000)
    if kind == "lines":
        shape = line((436_000, 2_491_000), (436_100, 2_491_000))
    frame = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shape], crs=CRS)
    return project.add_layer(NewLayer(kind, kind, CRS), frame)


LOOP = (("0-00-00", "100"), ("90-00-00", "100"), ("180-00-00", "100.1"), ("270-00-00", "99.9"))


def test_a_typed_traverse_says_its_misclosure_and_makes_a_polygon_or_a_line(project: Project) -> None:
    request = TraverseRequest(("2491200", "436200"), LOOP)
    entered = work_out(request, placed(project))
    assert entered.features[0].shape.area == pytest.approx(10_000, abs=20)
    assert any("1 : 2,828" in figure for _title, figure in entered.facts)
    assert entered.corrections is None
    # a start with its zone number is the same place
    zoned = TraverseRequest(("2491200", "38436200"), LOOP, adjusted=True)
    adjusted = work_out(zoned, project.layers()[0])
    assert adjusted.corrections is not None
    assert adjusted.corrections.sum(axis=0) == pytest.approx([-0.1, 0.1])
    first = shapely.get_coordinates(adjusted.features[0].shape)[0]
    assert first == pytest.approx([436_200.0, 2_491_200.0], abs=1e-6)
    lines = placed(project, "lines")
    assert shapely.get_num_coordinates(work_out(request, lines).features[0].shape) == 5
    to_point = TraverseRequest(("2491200", "436200"), LOOP[:2], TO_POINT, ("2491300.1", "436300"), True)
    end = shapely.get_coordinates(work_out(to_point, lines).features[0].shape)[-1]
    assert end.tolist() == [436_300.0, 2_491_300.1]
    anywhere = work_out(TraverseRequest(("2491200", "436200"), LOOP[:2], OPEN), lines)
    assert not any(":" in figure for _title, figure in anywhere.facts)


def test_named_points_come_as_features_of_their_own(project: Project) -> None:
    rows = (("甲", "", "2491010", "436010"), ("", "", "", ""), ("", "", "2491020", "436020"))
    entered = work_out(CoordinateRequest(rows), placed(project, "points"))
    assert [dict(feature.values) for feature in entered.features] == [{"name": "甲"}, {}]
    assert entered.features[1].shape.equals(shapely.Point(436_020, 2_491_020))
    assert entered.north_first


def test_the_order_can_be_said_and_is_found(project: Project) -> None:
    layer = placed(project)
    rows = tuple(
        ("", "", str(y), str(x)) for x, y in [(2491000, 436000), (2491050, 436000), (2491050, 436050)]
    )
    found = work_out(CoordinateRequest(rows), layer)
    assert not found.north_first
    said = work_out(CoordinateRequest(rows, order=EAST_FIRST), layer)
    for entered in (found, said):
        assert entered.features[0].shape.bounds == pytest.approx((436_000, 2_491_000, 436_050, 2_491_050))


@pytest.mark.parametrize(
    "request_",
    [
        TraverseRequest(("", ""), LOOP),
        TraverseRequest(("2491200", "436200"), ()),
        TraverseRequest(("2491200", "436200"), (("95-99-00", "1"),)),
        TraverseRequest(("2491200", "436200"), (("95-00-00", "abc"),)),
        TraverseRequest(("2491200", "436200"), (("95-00-00", "inf"),)),
        TraverseRequest(("2491200", "436200"), LOOP, TO_POINT, ("", "")),
        TraverseRequest(("2491200", "436200"), LOOP[:1]),
        CoordinateRequest(()),
        CoordinateRequest((("", "", "1", ""),)),
        CoordinateRequest((("", "", "2491000", "436000"),)),
        TextRequest("没有界址点"),
    ],
)
def test_what_makes_nothing_says_why(project: Project, request_: Any) -> None:
    with pytest.raises(InputError) as refused:
        work_out(request_, placed(project))
    assert refused.value.remedy
