"""Features by what their fields say, out of a project file; and the filters a project keeps."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from layers.crs import parse_crs
from layers.errors import CrsError
from layers.filtering import MOST_CHARACTERS, fields_of, parse
from layers.store import LayerInfo, NewLayer, Project
from zsgis.selection import KeptFilters, LayerColumns

CRS = parse_crs("4547")


def make_layer(project: Project, epsg: str = "4547") -> LayerInfo:
    """Return a layer of squares of 10, 50, 100 and 200 m, and of a parcel without a shape."""
    crs = parse_crs(epsg)
    squares = [
        shapely.box(500_000, 2_490_000, 500_000 + side, 2_490_000 + side) for side in (10, 50, 100, 200)
    ]
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": [f"019313a0-0000-7000-8000-00000000000{n}" for n in range(5)],
            "name": ["甲", "乙", "", None, "戊"],
            "class_code": ["0101", "0201", "0101", "1001", None],
            "survey_area_m2": [100.0, 2500.0, 10_000.0, None, 1.0],
            "data_year": [2020, None, 2022, 2023, 2024],
            "入库": [True, False, None, True, True],
        },
        geometry=[*squares, None],
        crs=CRS,
    ).to_crs(crs)
    return project.add_layer(NewLayer("图斑", "land_use", crs, standard="sandiao"), frame)


def chosen(columns: LayerColumns, text: str) -> list[int]:
    mask = columns.matches(parse(text, fields_of(columns.info)))
    return sorted(int(uid[-1]) for uid in columns.uids(mask))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("地类编码 = '0101'", [0, 2]),
        ("DLBM = '0101' 且 TBMJ >= 15亩", [2]),
        ("数据年份 > 2020", [2, 3, 4]),
        ("图斑编号 为空", [2, 3]),
        ("入库 = 否", [1]),
        ("图形面积(平面) >= 1公顷", [2, 3]),
        ("图形面积(椭球) 介于 图斑面积 * 0.9999 和 图斑面积 * 1.0001", [0, 1, 2]),
        ("图形面积(平面) 为空", [4]),
        ("图形长度(平面) = 40m", [0]),
    ],
)
def test_a_filter_finds_features_of_a_layer(tmp_path: Path, text: str, wanted: list[int]) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        assert chosen(LayerColumns(project, make_layer(project)), text) == wanted


def test_what_was_read_is_kept(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        columns = LayerColumns(project, make_layer(project))
        steps: list[float] = []

        class Noting:
            def step(self, done: float, _text: str = "") -> None:
                steps.append(done)

        question = parse("地类编码 = '0101'", fields_of(columns.info))
        assert columns.matches(question, Noting()).sum() == 2
        assert steps
        steps.clear()
        assert columns.matches(question, Noting()).sum() == 2
        assert steps == []


def test_plane_measures_of_a_layer_in_degrees_are_refused(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        columns = LayerColumns(project, make_layer(project, "4490"))
        with pytest.raises(CrsError):
            chosen(columns, "图形面积(平面) > 1")
        assert chosen(columns, "图形面积(椭球) > 9999m2") == [2, 3]


def test_the_names_of_a_standard_come_with_its_codes(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        fields = {field.name: field for field in fields_of(make_layer(project))}
    assert ("0101", "水田") in fields["class_code"].values
    assert fields["farmland_type"].values == (("TT", "梯田"), ("PD", "坡地"))
    assert "DLBM" in fields["class_code"].met_as


def test_a_project_keeps_filters(tmp_path: Path) -> None:
    kept = (
        KeptFilters().with_named("水田", "a", "地类编码='0101'").with_used("a", "x=1").with_used("b", "y=1")
    )
    kept = kept.with_named("水田", "a", "地类编码 = '0101'").with_used("a", "x=1")
    assert [(entry.name, entry.text) for entry in kept.of_layer("a")] == [
        ("水田", "地类编码 = '0101'"),
        ("", "x=1"),
    ]
    assert [entry.layer for entry in kept.used] == ["a", "b"]
    with Project.create(tmp_path / "p.gpkg", CRS) as project:
        assert KeptFilters.of(project) == KeptFilters()
        project.set_setting("filters", kept.model_dump(mode="json"))
        assert KeptFilters.of(project) == kept
        project.set_setting("filters", {"named": [{"layer": "a", "text": "x" * (MOST_CHARACTERS + 1)}]})
        assert KeptFilters.of(project) == KeptFilters()
        # one that cannot be read does not take the others with it
        spoilt = kept.model_dump(mode="json")
        spoilt["named"] = [{"layer": 7}, *spoilt["named"]]
        project.set_setting("filters", spoilt | {"later": 1})
        assert KeptFilters.of(project) == kept
    assert kept.without("水田", "a").named == ()


def test_only_the_latest_used_are_kept() -> None:
    kept = KeptFilters()
    for number in range(30):
        kept = kept.with_used("a", f"x={number}")
    assert [entry.text for entry in kept.used] == [f"x={number}" for number in range(29, 9, -1)]
