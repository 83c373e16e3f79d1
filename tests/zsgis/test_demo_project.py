"""The demonstration project as a planner meets it: its layers, what they say, and the figures they follow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.classification import standard
from layers.errors import InputError, JobCancelled
from layers.kind import GeometryType
from layers.kinds import kind
from layers.store import Project
from zsgis.demo import DEFAULT_SEED, build_demo
from zsgis.demo.build import demo_layers
from zsgis.demo.city import make_city
from zsgis.demo.frames import DemoLayer
from zsgis.demo.land import LOW_RISE_BELOW
from zsgis.plan import load_plan
from zsgis.plan.starter import carrier_sites

MU_M2 = 2000.0 / 3.0
LAYERS = {
    "镇街": "towns",
    "重大平台": "platforms",
    "科技企业孵化器": "incubators",
    "科研机构与载体": "carriers",
    "土地利用现状图斑": "land_use",
    "工业和科研用地": "industrial_parcels",
    "批地红线": "approved",
    "供地红线": "supplied",
    "储备用地": "reserve",
    "闲置土地": "idle",
    "三旧改造用地": "redevelopment",
    "用地需求库": "project_demand",
    "用地指标台账": "quotas",
    "控制线": "control_lines",
    "林地图斑": "forest_stands",
    "建筑物": "buildings",
    "国土空间规划用地": "territorial_plan",
    "控规地块": "detailed_plan",
    "土规管制区": "old_plan_zones",
}


def test_the_layers_have_their_names_kinds_and_marks(demonstration: Project) -> None:
    infos = {info.name: info for info in demonstration.layers()}
    assert {name: info.kind for name, info in infos.items()} == LAYERS
    assert all(info.demo and info.status == "示意" for info in infos.values())
    assert all(info.crs.to_epsg() == 4547 for info in infos.values())


def test_points_lie_over_platforms_over_parcels_over_land_use(demonstration: Project) -> None:
    order = {info.kind: info.order for info in demonstration.layers()}
    assert max(order["incubators"], order["carriers"]) < order["platforms"] < order["industrial_parcels"]
    assert order["industrial_parcels"] < order["land_use"] < order["territorial_plan"]


def test_what_is_seen_first(demonstration: Project) -> None:
    seen = {info.kind for info in demonstration.layers() if info.visible}
    assert seen == {"towns", "platforms", "incubators", "carriers", "land_use"}


def test_every_feature_says_that_it_is_a_demonstration(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    for key, frame in demo_frames.items():
        assert set(frame["status"]) == {"演示"}, key


def test_what_could_be_taken_for_real_is_named_as_a_demonstration(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    # the plan's projects and the quotas bear their own names, what is made up about them says so
    real_names = {"towns", "platforms", "incubators", "carriers", "project_demand", "quotas"}
    for key in demo_frames.keys() - real_names:
        assert demo_frames[key]["name"].str.startswith("演示").all(), key
    demand, quotas = demo_frames["project_demand"], demo_frames["quotas"]
    assert demand.loc[demand["land_wanted_m2"].notna(), "remark"].str.startswith("示意").all()
    assert quotas["remark"].str.startswith("示意").all()
    for documents in (demand["intent_number"].dropna(), quotas["document"]):
        assert documents.str.startswith("示意").all()
    assert demo_frames["supplied"]["holder"].str.startswith("演示").all()
    assert demo_frames["industrial_parcels"]["parcel_code"].str.startswith("演示").all()


def test_the_fields_are_those_the_kinds_declare(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    for key, frame in demo_frames.items():
        unknown = [name for name in frame.columns if name != "geometry" and not kind(key).has_field(name)]
        assert unknown == [], key
        for field in kind(key).fields:
            if field.domain and field.name in frame.columns:
                assert set(frame[field.name].dropna()) - {""} <= set(field.domain), (key, field.name)


def test_class_colours_come_from_the_standard(demonstration: Project) -> None:
    for info in demonstration.layers_of(
        "land_use", "industrial_parcels", "territorial_plan", "detailed_plan"
    ):
        assert info.standard == ("gb50137" if info.kind == "detailed_plan" else "yd2023")
        table = standard(info.standard)
        present = set(demonstration.read(info.uid, columns=["class_code"])["class_code"])
        assert {rule.value for rule in info.style.rules} == present
        assert {rule.symbol.fill for rule in info.style.rules} == {table.color(code) for code in present}


def test_land_use_codes_are_of_level_two_or_three_with_the_standards_names(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    table = standard("yd2023")
    for key in ("land_use", "territorial_plan"):
        pairs = demo_frames[key][["class_code", "class_name"]].drop_duplicates()
        assert all(table.classes[code].level in (2, 3) for code in pairs["class_code"])
        assert all(table.name(code) == name for code, name in pairs.itertuples(index=False))


def test_land_use_is_an_exact_partition_of_the_towns(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    land, towns = demo_frames["land_use"], demo_frames["towns"]
    assert shapely.coverage_is_valid(land.geometry.to_numpy())
    # the two layers together fit as well: no town edge lies beside the land's edge
    assert shapely.coverage_is_valid(towns.geometry.to_numpy())
    per_town = land.geometry.area.groupby(land["town"]).sum()
    whole = towns.set_index("name").geometry.area
    assert len(whole) == 23
    assert (per_town - whole).abs().max() < 0.01
    assert abs(land.geometry.area.sum() - whole.sum()) < 0.01


def test_about_four_tenths_of_the_land_is_built(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Codes 07 to 16 are construction land; published are about 40 %.

    The share comes from cells of 25 ha chosen by rank, not one by one at random, so that it hardly scatters;
    two points either way is what "about 40 %" can bear.
    """
    land = demo_frames["land_use"]
    built = land["class_code"].between("07", "16z")
    assert land.geometry.area[built].sum() / land.geometry.area.sum() == pytest.approx(0.40, abs=0.02)


def test_the_city_looks_like_its_surroundings(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    land = demo_frames["land_use"]
    area = land.geometry.area.groupby(land["class_code"]).sum()
    for code in ("1701", "1202", "1201", "1207", "0301", "0101", "1704", "070102", "100102", "0802", "1401"):
        assert area[code] > 0, code
    forest = land["class_code"].str.startswith("03")
    share = (
        land.geometry.area[forest].groupby(land["town"][forest]).sum()
        / land.geometry.area.groupby(land["town"]).sum()
    )
    assert share.idxmax() == "五桂山街道"
    assert share["五桂山街道"] > 0.7
    assert share.get("小榄镇", 0.0) < 0.05


def test_platforms_are_seven_and_do_not_lie_over_each_other(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    platforms = demo_frames["platforms"]
    assert set(platforms["name"]) == {platform.name for platform in load_plan().platforms}
    shapes = platforms.geometry.to_numpy()
    for first in range(7):
        for second in range(first + 1, 7):
            assert shapely.area(shapely.intersection(shapes[first], shapes[second])) == 0.0
    assert shapely.coverage_is_valid(shapes)


def test_platforms_cut_no_land_use_polygon(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    land = demo_frames["land_use"]
    point = land.geometry.representative_point()
    for row in demo_frames["platforms"].itertuples():
        shapely.prepare(row.geometry)
        inside = shapely.contains(row.geometry, point.to_numpy())
        assert land.geometry.area[inside].sum() == pytest.approx(row.geometry.area, abs=0.01)


def test_about_6000_parcels_each_exactly_one_land_use_polygon_of_its_code(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    land, parcels = demo_frames["land_use"], demo_frames["industrial_parcels"]
    assert 5_600 <= len(parcels) <= 6_400
    wanted = land[land["class_code"].str.startswith("1001") | (land["class_code"] == "0802")]
    as_sets = [
        set(zip(frame.geometry.to_wkb(), frame["class_code"], strict=True)) for frame in (wanted, parcels)
    ]
    assert as_sets[0] == as_sets[1]
    assert len(as_sets[1]) == len(parcels)
    assert (parcels["class_code"] == "0802").sum() >= 150


def test_half_of_industrial_plots_are_under_5_mu_and_seven_tenths_under_10(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    """Published: about 70 % under 10 mu and 50 % under 5.

    A share p of n plots scatters by sqrt(p(1-p)/n), for n = 5700 0.0066; plots of one block are alike, about
    16 to a block, which makes it up to sqrt(16) times as much, 0.026. 0.03 is that, and still "about".
    """
    parcels = demo_frames["industrial_parcels"]
    size_mu = parcels.geometry.area[parcels["class_code"] != "0802"] / MU_M2
    assert (size_mu < 10).mean() == pytest.approx(0.70, abs=0.03)
    assert (size_mu < 5).mean() == pytest.approx(0.50, abs=0.03)


def test_the_low_sheds_have_a_floor_area_ratio_of_065_by_land(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    parcels = demo_frames["industrial_parcels"]
    low = parcels[(parcels["class_code"] != "0802") & (parcels["floor_area_ratio"] < LOW_RISE_BELOW)]
    ratio = low["floor_area_m2"].sum() / low.geometry.area.sum()
    # ratios are written with two digits: the mean moves by 0.005 at most, and by a little more because
    # the few sheds above the limit of 1.5 are not counted
    assert ratio == pytest.approx(0.65, abs=0.015)
    assert len(low) > 0.9 * (parcels["class_code"] != "0802").sum()


def test_floor_area_ratio_and_density_agree(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    parcels = demo_frames["industrial_parcels"]
    computed = parcels["floor_area_m2"] / parcels.geometry.area
    # floor area is rounded to 0.01 m2, and no parcel is under 200 m2: 0.005/200 = 2.5e-5
    assert (computed - parcels["floor_area_ratio"]).abs().max() < 2.5e-5
    # more ground cannot be covered than there is floor
    assert (parcels["building_density_pct"] <= 100.0 * parcels["floor_area_ratio"] + 0.05).all()
    assert parcels["built_year"].between(1984, 2021).all()
    assert set(parcels["ownership"]) == {"国有", "集体"}


def test_a_missing_certificate_is_no_data_not_nought(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    parcels = demo_frames["industrial_parcels"]
    certificate = parcels["certificate_area_m2"]
    assert certificate.isna().any()
    assert (certificate.dropna() > 0).all()
    assert set(parcels["ownership"][certificate.isna()]) == {"集体"}


def test_the_nine_incubators_of_the_plan(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    incubators, carriers = demo_frames["incubators"], demo_frames["carriers"]
    assert len(incubators) == 9
    # one object with two roles: among the incubators, and named as an institute there
    both = incubators.set_index("name").loc["中山工业技术研究院"]
    assert "科研机构" in both["remark"]
    assert "中山工业技术研究院" not in set(carriers["name"])
    every = pd.concat([incubators["plan_key"], carriers["plan_key"]])
    assert set(every) == {carrier.key for carrier in load_plan().carriers if carrier.named}
    assert every.is_unique


def test_unknown_places_are_listed_and_not_drawn(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    for key in ("incubators", "carriers"):
        frame = demo_frames[key]
        unknown = frame["precision"] == "unknown"
        assert unknown.any()
        assert frame.geometry[unknown].isna().all()
        assert frame.geometry[~unknown].notna().all()
    assert set(demo_frames["incubators"]["name"][demo_frames["incubators"]["precision"] == "unknown"]) == {
        "“互联网+美居产业”孵化平台",
        "大唐盛视孵化器",
        "坦南创客园",
    }


def test_a_point_stands_in_the_town_it_names(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    towns = demo_frames["towns"].set_index("name").geometry
    platforms = demo_frames["platforms"].set_index("name").geometry
    known = {site.carrier_key: site for site in carrier_sites()}
    for key in ("incubators", "carriers"):
        placed = demo_frames[key][demo_frames[key]["precision"] != "unknown"]
        for row in placed.itertuples():
            assert towns[row.town].contains(row.geometry), row.name
            if row.precision == "town" and known.get(row.plan_key) and row.platform in platforms:
                composition = demo_frames["platforms"].set_index("name").loc[row.platform, "towns"]
                assert row.town not in composition or platforms[row.platform].contains(row.geometry), row.name
        assert placed.geometry.to_wkb().is_unique


def test_no_land_area_is_made_up_for_a_carrier(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    carriers = demo_frames["carriers"]
    assert "land_area_m2" not in carriers or carriers["land_area_m2"].isna().all()
    # the plan's 56 300 m2 is planned floor area and stands as such
    stated = carriers.dropna(subset=["planned_floor_area_m2"])
    assert stated[["plan_key", "planned_floor_area_m2"]].to_numpy().tolist() == [["caiq_institute", 56300.0]]


def test_some_approved_land_is_supplied_some_in_part_and_some_not(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    approved = demo_frames["approved"]
    share = approved["supplied_area_ha"] / approved["approved_area_ha"]
    assert min((share == 0).sum(), (share == 1).sum(), share.between(0.01, 0.99).sum()) >= 20
    left = approved["approved_area_ha"] - approved["supplied_area_ha"]
    assert (left - approved["unsupplied_area_ha"]).abs().max() < 1e-9
    assert (approved.geometry.area / 1e4 - approved["approved_area_ha"]).abs().max() < 1e-4


def test_supplied_land_lies_inside_approved_land(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    approved, supplied = demo_frames["approved"], demo_frames["supplied"]
    joined = gpd.sjoin(
        supplied.set_geometry(supplied.geometry.representative_point())[["geometry", "signed_on"]],
        approved[["geometry", "approved_on"]],
        predicate="within",
    )
    assert len(joined) == len(supplied)
    assert (joined["signed_on"] > joined["approved_on"]).all()
    assert supplied.geometry.area.sum() / 1e4 == pytest.approx(approved["supplied_area_ha"].sum(), abs=0.02)
    assert supplied["started_on"].isna().any()


def test_redevelopment_has_old_factories_and_old_villages(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    renewal = demo_frames["redevelopment"]
    assert set(renewal["renewal_type"]) == {"旧厂房", "旧村庄"}
    assert (renewal.geometry.area / 1e4 - renewal["recorded_area_ha"]).abs().max() < 1e-4
    assert shapely.is_valid(renewal.geometry.to_numpy()).all()


def test_offices_write_numbers_areas_and_states_down_as_offices_do(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    supplied, parcels = demo_frames["supplied"], demo_frames["industrial_parcels"]
    number = supplied["approval_number"].fillna("")
    assert 0.02 < (number == "").mean() < 0.1
    assert set(number) - {""} <= set(demo_frames["approved"]["approval_number"])
    older = (supplied["contract_area_m2"] / supplied.geometry.area - 1.08).abs() < 1e-4
    assert 0.01 < older.mean() < 0.06
    assert 0 < parcels["use_state"].isna().mean() < 0.05
    assert 0 < parcels["tax_10k_yuan"].isna().mean() < 0.15
    assert (parcels["tax_10k_yuan"].dropna() >= 0).all()


def test_the_same_seed_gives_the_same_features(
    demonstration: Project, demo_frames: Mapping[str, gpd.GeoDataFrame]
) -> None:
    again: dict[str, DemoLayer] = {layer.kind: layer for layer in demo_layers(make_city(DEFAULT_SEED))}
    for info in demonstration.layers():
        written, made = demo_frames[info.kind], again[info.kind].frame.set_index("zs_uid")
        assert set(written.index) == set(made.index)
        made = made.loc[written.index]
        assert (written.geometry.to_wkb() == made.geometry.to_wkb()).sum() == written.geometry.notna().sum()
        named = kind(info.kind).name_field
        assert (written[named] == made[named]).all()


def test_points_are_points_and_the_rest_polygons(demonstration: Project) -> None:
    for info in demonstration.layers():
        wanted = GeometryType.POINT if info.kind in ("incubators", "carriers") else GeometryType.POLYGON
        assert info.geometry is wanted


def test_the_points_attribution_is_kept_in_the_project(demonstration: Project) -> None:
    assert "GeoNames" in demonstration.layer("镇街").source["attribution"]


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "there.gpkg"
    path.write_bytes(b"mine")
    with pytest.raises(InputError):
        build_demo(path)
    assert path.read_bytes() == b"mine"


class _Stopping:
    """Cancels in the middle of writing."""

    def step(self, done: float, text: str = "") -> None:
        if done > 0.7:
            raise JobCancelled(text)


def test_a_cancelled_build_leaves_no_half_project(tmp_path: Path) -> None:
    path = tmp_path / "half.gpkg"
    with pytest.raises(JobCancelled):
        build_demo(path, _Stopping())
    assert list(tmp_path.iterdir()) == []


class _Recording:
    def __init__(self) -> None:
        self.done: list[float] = []
        self.texts: list[str] = []

    def step(self, done: float, text: str = "") -> None:
        self.done.append(done)
        self.texts.append(text)


def test_progress_rises_from_0_to_1() -> None:
    recording = _Recording()
    make_city(3, recording)
    assert recording.done == sorted(recording.done)
    assert recording.done[0] == 0.0
    assert recording.done[-1] == 1.0
    assert [text for text in recording.texts if text] == ["正在布置镇街和平台", "正在划分道路、街区和地块"]
