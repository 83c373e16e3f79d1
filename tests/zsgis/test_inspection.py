"""What stands at a place is found, and every area of it is shown beside the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from layers.errors import ZsgisError
from layers.filtering import fields_of
from layers.kind import AreaBasis
from layers.store import LayerInfo, NewLayer, Project
from tests.ui.window_samples import EAST, PLATFORM, WEST, make_project
from zsgis.inspection import EMPTY_VALUE, feature_card, selection_size
from zsgis.tabulation.shown import shown_fields


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = make_project(tmp_path / "p.gpkg")
    yield made
    made.close()


def layer_of(project: Project, kind: str) -> LayerInfo:
    return project.layers_of(kind)[0]


def test_a_card_names_fields_and_classes_in_words(project: Project) -> None:
    card = feature_card(project, layer_of(project, "land_use"), WEST)
    fields = dict(card.fields)
    assert fields["地类编码"] == "100101 一类工业用地"
    assert EMPTY_VALUE in fields.values()
    assert not any(name.isascii() for name in fields)


def test_codes_are_told_with_their_names_and_small_hectares_are_not_zero(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        shape = box(500_000, 2_490_000, 500_100, 2_490_100)
        parcels = gpd.GeoDataFrame(
            {"zs_uid": [WEST], "farmland_type": ["TT"], "slope_class": ["3"], "ownership_code": ["99"]},
            geometry=[shape],
            crs=4547,
        )
        sites = gpd.GeoDataFrame({"zs_uid": [EAST], "planned_area_ha": [0.0034]}, geometry=[shape], crs=4547)
        land = project.add_layer(NewLayer("图斑", "land_use", project.crs), parcels)
        site = project.add_layer(NewLayer("平台", "platforms", project.crs), sites)
        told = dict(feature_card(project, land, WEST).fields)
        area = dict(feature_card(project, site, EAST).fields)["规划面积"]
        shown = {field.name: field for field in shown_fields(land)}
        hectares = next(field for field in shown_fields(site) if field.name == "planned_area_ha")
        offered = {field.name: field.values for field in fields_of(land)}
    assert (told["耕地类型"], told["耕地坡度级别"]) == ("TT 梯田", "3 6°～15°")
    assert told["权属性质"] == "99"
    assert shown["farmland_type"].text("PD") == "PD 坡地"
    assert offered["farmland_type"] == (("TT", "梯田"), ("PD", "坡地"))
    # 0.0034 ha are 34 m²
    assert (area, hectares.text(0.0034)) == ("0.0034 公顷", "0.0034")


def test_areas_stand_side_by_side_and_one_of_them_counts(project: Project) -> None:
    card = feature_card(project, layer_of(project, "land_use"), WEST)
    by_basis = {figure.basis: figure for figure in card.areas}
    assert by_basis[AreaBasis.PLANAR].area_m2 == pytest.approx(10_000.0)
    # on the central meridian the projection keeps lengths to within 1 m²/10,000 m²
    assert by_basis[AreaBasis.ELLIPSOIDAL].area_m2 == pytest.approx(10_000.0, abs=1.0)
    assert [basis for basis, figure in by_basis.items() if figure.counts] == [AreaBasis.ELLIPSOIDAL]


def test_a_selection_adds_up_what_it_holds(project: Project) -> None:
    layers, uid = project.layers(), layer_of(project, "land_use").uid
    each = [selection_size(project, layers, {uid: frozenset({one})}).area_m2 for one in (WEST, EAST)]
    both = selection_size(project, layers, {uid: frozenset({WEST, EAST})})
    assert both.count == 2
    assert both.area_m2 == pytest.approx(sum(area or 0.0 for area in each))


def test_what_has_no_shape_is_counted_beside_the_sum(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        frame = gpd.GeoDataFrame(
            {"zs_uid": [WEST, EAST], "name": ["有", "无"]},
            geometry=[box(500_000, 2_490_000, 500_100, 2_490_100), None],
            crs=4547,
        )
        uid = project.add_layer(NewLayer("范围", "zones", project.crs), frame).uid
        size = selection_size(project, project.layers(), {uid: frozenset({WEST, EAST})})
        card = feature_card(project, project.layers()[0], EAST)
    assert (size.count, size.unmeasured, size.without_area) == (2, 0, 1)
    assert (card.areas, card.unmeasured) == ((), "数据中该要素没有图形")
    assert size.area_m2 == pytest.approx(10_000.0, abs=1.0)


def test_a_feature_that_is_gone_is_named_not_shown(project: Project) -> None:
    with pytest.raises(ZsgisError):
        feature_card(project, layer_of(project, "land_use"), PLATFORM)


def test_a_selection_is_summed_as_tables_sum_it(tmp_path: Path) -> None:
    # three squares of 0.066 m x 0.0667 m are 0.0044022 m2 each: 0.00 as stated, 0.00 together and not 0.01;
    # three of 0.0748 m x 0.0736 m are 0.00550528 m2 each: 0.01 as stated, so 0.03 together and not 0.02
    for side_x, side_y, expected in ((0.066, 0.0667, 0.0), (0.0748, 0.0736, 0.03)):
        path = tmp_path / f"{expected}.gpkg"
        with Project.create(path, 4547) as project:
            plots = gpd.GeoDataFrame(
                {"name": ["一", "二", "三"]},
                geometry=[box(x, 2491000, x + side_x, 2491000 + side_y) for x in (436000, 436001, 436002)],
                crs=4547,
            )
            info = project.add_layer(NewLayer(name="批地", kind="approved", crs=project.crs), plots)
            chosen = frozenset(project.read(info.uid).index)
            assert selection_size(project, project.layers(), {info.uid: chosen}).area_m2 == expected
