"""What is shown of a file before it is taken in, and where new data is expected to lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from layers.coordinates.places import ZHONGSHAN
from layers.datum_parameters import DatumParameters, read_parameters
from layers.errors import CrsError
from layers.formats.direct import DirectReader
from layers.importing.intake import NoShapesError, Surroundings
from layers.importing.mappings import MappingShelf, NamedMapping
from layers.importing.request import ImportRequest
from layers.kinds import kind
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from tests.layers.formats.tables_samples import workbook
from tests.ui.import_samples import SOUTH, WEST, merged_workbook, offer_of, own_parameters, phone_parcels
from zsgis.intake.offer import layers_with_shapes, make_offer
from zsgis.intake.outlines import fitting_sets, outline_of, some_shapes
from zsgis.intake.surroundings import surroundings_of
from zsgis.intake.typed_systems import read_typed


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "工程.gpkg", 4547) as opened:
        yield opened


def add(project: Project, *shapes: shapely.Geometry, crs: int = 4490, demo: bool = False) -> None:
    frame = geopandas.GeoDataFrame({"name": ["甲"] * len(shapes)}, geometry=list(shapes), crs=crs)
    project.add_layer(NewLayer(f"范围{len(project.layers())}", "zones", frame.crs, demo=demo), frame)


def test_an_offer_holds_rows_columns_and_candidates(tmp_path: Path) -> None:
    offer = offer_of(ImportRequest(phone_parcels(tmp_path / "a.gpkg")), tmp_path)
    assert offer.columns == ("名称", "备注")
    assert offer.rows[0] == ("地块1", "甲")
    assert len(offer.rows) == 6
    assert offer.geometry == "polygon"
    assert offer.mapping(kind("zones"))["name"] == "名称"
    assert list(offer.outlines) == [each.value for each in offer.intake.examination.crs.candidates]


def test_outlines_lie_where_each_candidate_puts_the_data(tmp_path: Path) -> None:
    offer = offer_of(ImportRequest(phone_parcels(tmp_path / "a.gpkg")), tmp_path)
    # on CGCS2000 the degrees are what they are
    assert shapely.total_bounds(offer.outlines["4490"])[:2] == pytest.approx((WEST, SOUTH), abs=1e-9)
    # Xi'an 1980 without parameters: one box, uncertain by some hundred metres (0.005 degrees at most)
    (box,) = offer.outlines["4610"]
    assert shapely.total_bounds([box]) == pytest.approx(
        shapely.total_bounds(offer.outlines["4490"]), abs=0.005
    )


def test_any_system_can_be_tried(tmp_path: Path) -> None:
    offer = offer_of(ImportRequest(phone_parcels(tmp_path / "a.gpkg")), tmp_path)
    swapped = offer.outline("4490+swapped")
    assert swapped is None or shapely.total_bounds(swapped)[0] == pytest.approx(SOUTH, abs=1e-9)
    assert offer.outline("4547+offset:1:x") is None
    assert offer.outline("4610") is None
    placed = offer.outline("4610+with:全市", [own_parameters()])
    assert placed is not None
    # translations of 1, 2 and 3 m and other ellipsoids move it by metres, never by hundreds of them
    moved = np.abs(shapely.total_bounds(placed) - shapely.total_bounds(offer.outlines["4490"]))
    assert 0 < moved.max() < 0.001


def test_only_sets_of_the_datum_fit() -> None:
    sets = (own_parameters("甲"), own_parameters("乙", "4214"))
    plane = own_parameters_of_plane()
    assert [each.name for each in fitting_sets(read_typed("2383"), (*sets, plane))] == ["甲", "平面"]
    # degrees go to the plane and back exactly
    assert [each.name for each in fitting_sets(read_typed("4610"), (*sets, plane))] == ["甲", "平面"]
    assert [each.name for each in fitting_sets(read_typed("4214"), sets)] == ["乙"]


def own_parameters_of_plane() -> DatumParameters:
    values = {"method": "4", "north_m": 1.0, "east_m": -2.0, "rotation_arcsec": 0.1, "scale_ppm": 0.5}
    return read_parameters(
        {"name": "平面", "source": "2383", "target": "4547", "values": values, "accuracy_m": 0.1}
    )


def test_a_sample_of_shapes_is_spread_over_all_of_them() -> None:
    shapes = np.array([shapely.Point(at, 0) for at in range(10)] + [None, shapely.Point()], dtype=object)
    assert [point.x for point in some_shapes(shapes, 4)] == [0, 3, 6, 9]
    assert len(some_shapes(shapes, 100)) == 10


def test_a_text_that_is_not_understood_leads_nowhere() -> None:
    shapes = np.array([shapely.Point(113.4, 22.5)], dtype=object)
    assert outline_of("4490+nonsense", shapes) is None
    assert outline_of("4490", shapes) is not None


@pytest.mark.parametrize("text", ["4547", "epsg:4547", "gk:114.5", "utm49", "ＧＣＪ０２", "4547+swapped+mm"])
def test_what_is_typed_is_read(text: str) -> None:
    assert read_typed(text).text


@pytest.mark.parametrize("text", ["", "中山坐标", "4547+", "45", "gk:", "4547+sw", "+proj=utm", "999999"])
def test_what_is_half_typed_is_no_system_yet(text: str) -> None:
    with pytest.raises(CrsError):
        read_typed(text)


def test_the_preview_of_a_workbook_tells_its_header(tmp_path: Path) -> None:
    offer = offer_of(ImportRequest(merged_workbook(tmp_path / "a.xlsx")), tmp_path)
    assert offer.preview["header_rows"] == (2, 3)
    assert offer.preview["cells"][0][0] == "低效工业用地调查表（单位：亩）"
    assert len(offer.rows) == 12


def test_remembered_mappings_that_fit_are_offered(tmp_path: Path) -> None:
    shelf = MappingShelf(tmp_path / "mappings")
    shelf.keep(NamedMapping(name="合", kind="zones", columns={"name": "备注"}))
    shelf.keep(NamedMapping(name="不合", kind="zones", columns={"name": "没有的列"}))
    offer = make_offer(
        DirectReader(), ImportRequest(phone_parcels(tmp_path / "a.gpkg")), Surroundings(), shelf, NoProgress()
    )
    assert [each.name for each in offer.remembered] == ["合"]
    assert offer.mapping(kind("zones")) == {"name": "备注"}
    # the mapping of another kind is not used
    assert offer.mapping(kind("platforms"))["name"] == "名称"


def test_a_table_without_shapes_is_no_layer(tmp_path: Path) -> None:
    path = workbook(tmp_path / "表.xlsx", {"甲": [["编号", "价款"], ["0802", 12]], "乙": [["a"], [1]]})
    request = ImportRequest(path, source_layer="甲")
    assert len(layers_with_shapes(DirectReader(), request, NoProgress())) == 2
    with pytest.raises(NoShapesError) as error:
        offer_of(request, tmp_path)
    assert error.value.where == str(path)
    assert error.value.remedy


def test_new_data_is_expected_in_the_city(project: Project) -> None:
    assert surroundings_of(project).expected == ZHONGSHAN
    add(project, shapely.box(113.36, 22.5, 113.37, 22.51))
    # far from the city, but a layer that lies in it speaks for it
    add(project, shapely.box(120.0, 30.0, 120.1, 30.1))
    assert surroundings_of(project).expected == ZHONGSHAN


def test_a_project_elsewhere_expects_data_there(project: Project) -> None:
    add(project, shapely.box(120.0, 30.0, 120.1, 30.1))
    add(project, shapely.box(121.0, 31.0, 121.2, 31.3))
    assert surroundings_of(project).expected == pytest.approx((120.0, 30.0, 121.2, 31.3))


def test_schematic_shapes_count_for_nothing(project: Project) -> None:
    add(project, shapely.box(120.0, 30.0, 120.1, 30.1), demo=True)
    around = surroundings_of(project)
    assert around.expected == ZHONGSHAN
    assert around.reference is not None
    assert around.reference() is None


def test_the_largest_layer_is_what_shifts_show_against(project: Project) -> None:
    add(project, shapely.box(113.36, 22.5, 113.37, 22.51))
    add(project, *(shapely.box(113.36 + 0.01 * at, 22.5, 113.365 + 0.01 * at, 22.51) for at in range(3)))
    reference = surroundings_of(project).reference
    assert reference is not None
    found = reference()
    assert found is not None
    assert (found.name, len(found.geometry)) == ("范围1", 3)
