"""A project holds layers: they come back as given, in drawing order, and what was done is written down."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import apsw
import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from store_samples import CRS, X, Y, add_parcels, new_project, parcels, square

from layers.errors import CrsError, InputError, JobCancelled, UsageError
from layers.kind import FieldType
from layers.store import NewLayer, Project
from layers.store.uids import is_uid, new_uids
from layers.style import Style, Symbol


def test_what_was_put_in_comes_back_after_closing(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        uid = add_parcels(project).uid
        project_uid = project.uid
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert (project.uid, project.title, project.crs) == (project_uid, "中山", CRS)
        info = project.layer("土地利用现状图斑")
        assert (info.uid, info.table, info.kind, info.standard) == (
            uid,
            "土地利用现状图斑",
            "land_use",
            "yd2023",
        )
        assert info.feature_count == 3
        # three squares of 100 m in a row
        assert info.bounds == (X, Y, X + 300.0, Y + 100.0)
        frame = project.read(uid)
    assert frame.crs == CRS
    assert frame.index.name == "zs_uid"
    assert frame["class_code"].tolist() == ["0802"] * 3
    assert frame["备注栏"].tolist() == parcels()["备注栏"].tolist()
    assert shapely.to_wkb(frame.geometry.array).tolist() == shapely.to_wkb(parcels().geometry.array).tolist()
    assert all(is_uid(each) for each in frame.index)


def test_columns_have_the_kinds_types_whether_filled_or_not(tmp_path: Path) -> None:
    frame = parcels(2).assign(
        data_year=[2020, None],
        整数=[2**60 + 1, 7],
        缺数=pd.array([2**60 + 1, None], dtype="Int64"),
        日期=[dt.date(2021, 12, 31), None],
        是否=[True, False],
        时刻=pd.to_datetime(["2021-12-31 10:00", "2021-12-31 10:30"]),
    )
    with new_project(tmp_path) as project:
        info = project.add_layer(NewLayer("图斑", "land_use", CRS), frame)
        read = project.read(info.uid)
        types = {field.name: field.type for field in info.fields}
        feature = project.feature(info.uid, read.index[0])
    assert read["data_year"].tolist() == [2020, pd.NA]
    assert read["整数"].tolist() == [1152921504606846977, 7]
    assert read["缺数"].tolist() == [1152921504606846977, pd.NA]
    assert read["日期"].tolist() == [pd.Timestamp("2021-12-31"), pd.NaT]
    assert read["是否"].tolist() == [True, False]
    # GeoPackage knows times in UTC only, so a time without a zone stays text
    assert read["时刻"].tolist() == ["2021-12-31T10:00:00", "2021-12-31T10:30:00"]
    assert read["deducted_share"].isna().all()
    assert types["survey_area_m2"] is FieldType.NUMBER
    assert types["日期"] is FieldType.DATE
    assert feature["日期"] == "2021-12-31"
    assert feature["是否"] is True
    assert feature["deducted_share"] is None
    assert feature["geometry"].equals_exact(square(0), 0.0)


def test_no_data_is_null_and_never_zero(tmp_path: Path) -> None:
    frame = parcels(3).assign(survey_area_m2=[np.nan, 0.0, np.nan], name=["", None, "丙"])
    with new_project(tmp_path) as project:
        read = project.read(project.add_layer(NewLayer("图斑", "land_use", CRS), frame).uid)
    assert read["survey_area_m2"].isna().tolist() == [True, False, True]
    assert read["survey_area_m2"].iloc[1] == 0.0
    # an empty text is not the same as none
    assert read["name"].isna().tolist() == [False, True, False]


def test_a_field_knows_its_chinese_name_and_unit(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        fields = {field.name: field for field in add_parcels(project).fields}
    assert (fields["class_code"].alias, fields["class_code"].unit) == ("地类编码", "")
    assert (fields["survey_area_m2"].alias, fields["survey_area_m2"].unit) == ("图斑面积", "m2")
    assert fields["备注栏"].alias == "备注栏"


def test_a_classified_layer_gets_its_standards_colours(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        rules = add_parcels(project).style.rules
    assert [(rule.value, rule.title) for rule in rules] == [("0802", "科研用地")]


def test_points_lie_over_lines_and_land_lies_under_platforms(tmp_path: Path) -> None:
    box = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[square()], crs=CRS)
    dot = geopandas.GeoDataFrame({"name": ["乙"]}, geometry=[shapely.Point(X, Y)], crs=CRS)
    with new_project(tmp_path) as project:
        for name, kind, frame in (
            ("孵化器", "incubators", dot),
            ("用地", "land_use", box),
            ("平台", "platforms", box),
            ("另一批用地", "land_use", box),
        ):
            project.add_layer(NewLayer(name, kind, CRS), frame)
        assert [info.name for info in project.layers()] == ["孵化器", "平台", "另一批用地", "用地"]
        project.update_layer(project.layer("用地").uid, order=1)
        assert [(info.order, info.name) for info in project.layers()] == [
            (1, "用地"),
            (2, "孵化器"),
            (3, "平台"),
            (4, "另一批用地"),
        ]
        assert [info.name for info in project.layers_of("land_use", "platforms")] == [
            "用地",
            "平台",
            "另一批用地",
        ]


def test_a_layers_look_and_name_change_and_the_change_is_written_down(tmp_path: Path) -> None:
    style = Style(symbol=Symbol(fill="#112233"))
    with new_project(tmp_path) as project:
        uid = add_parcels(project).uid
        info = project.update_layer(
            uid, name="现状图斑", visible=False, opacity=0.5, style=style, secrecy="秘密★10年"
        )
        assert (info.name, info.visible, info.opacity, info.style) == ("现状图斑", False, 0.5, style)
        assert info.table == "土地利用现状图斑"
        assert info.secrecy == "秘密★10年"
        assert [entry["action"] for entry in project.journal()] == ["add_layer", "update_layer"]
        assert project.journal()[1]["before"]["name"] == "土地利用现状图斑"
        with pytest.raises(UsageError):
            project.update_layer(uid, opacity=1.5)
        with pytest.raises(InputError):
            project.update_layer(uid, secrecy="很秘密")
        assert len(project.journal()) == 2


def test_an_identifier_is_never_used_again_even_after_its_layer_is_gone(tmp_path: Path) -> None:
    uids = new_uids(3)
    frame = parcels(3).assign(zs_uid=uids)
    with new_project(tmp_path) as project:
        info = project.add_layer(NewLayer("图斑", "land_use", CRS), frame)
        assert project.read(info.uid).index.tolist() == uids
        with pytest.raises(InputError, match=uids[0]):
            project.add_layer(NewLayer("另一层", "land_use", CRS), frame.iloc[:1])
        project.remove_layer(info.uid)
        assert project.layers() == ()
        with pytest.raises(InputError, match=uids[2]):
            project.add_layer(NewLayer("图斑", "land_use", CRS), frame.iloc[2:])
        assert add_parcels(project, name="图斑").uid != info.uid
        assert [entry["action"] for entry in project.journal()] == ["add_layer", "remove_layer", "add_layer"]


def test_new_identifiers_rise_and_differ() -> None:
    uids = [*new_uids(20_000), *new_uids(10)]
    assert len(set(uids)) == 20_010
    assert uids[:20_000] == sorted(uids[:20_000])
    # version 7, variant 10 (RFC 9562)
    assert all(is_uid(uid) and uid[14] == "7" and uid[19] in "89ab" for uid in uids)


@pytest.mark.parametrize(
    ("new", "change", "error"),
    [
        ({"kind": "no_such_kind"}, {}, UsageError),
        ({"standard": "no_such_standard"}, {}, UsageError),
        ({"name": " "}, {}, InputError),
        ({"secrecy": "绝对"}, {}, InputError),
        ({"crs": pyproj.CRS.from_epsg(4526)}, {}, CrsError),
        ({}, {"survey_area_m2": ["一万", "2", "3"]}, InputError),
        ({}, {"zs_version": 1}, InputError),
        ({}, {"NAME": "x"}, InputError),
        ({}, {"fid": 1}, InputError),
        ({}, {"zs_uid": "1"}, InputError),
        ({}, {"zs_uid": new_uids(1)[0]}, InputError),
        ({}, {"对象": [{"a": 1}, {}, {}]}, InputError),
    ],
)
def test_what_a_layer_cannot_hold_is_refused_and_the_project_stays_as_it_was(
    tmp_path: Path, new: dict[str, object], change: dict[str, object], error: type[Exception]
) -> None:
    given = {"name": "图斑", "kind": "land_use", "crs": CRS, **new}
    with new_project(tmp_path) as project:
        before = (tmp_path / "工程.gpkg").stat().st_size
        with pytest.raises(error):
            project.add_layer(NewLayer(**given), parcels().assign(**change))
        assert project.layers() == ()
        assert project.journal() == ()
        assert (tmp_path / "工程.gpkg").stat().st_size == before


def test_two_layers_cannot_have_one_name(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        with pytest.raises(InputError, match="土地利用现状图斑"):
            add_parcels(project)
        assert len(project.layers()) == 1


def test_a_stopped_job_leaves_no_layer(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: float, _text: str = "") -> None:
            if done > 0.4:
                raise JobCancelled

    with new_project(tmp_path) as project:
        with pytest.raises(JobCancelled):
            project.add_layer(NewLayer("图斑", "land_use", CRS), parcels(5000), Stop())
        assert project.layers() == ()
        assert add_parcels(project, 5000).feature_count == 5000


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        uid = add_parcels(project, 5).uid
        everything = project.read(uid)
        some = [everything.index[3], everything.index[1]]
        assert project.read(uid, uids=some).index.tolist() == sorted(some)
        assert project.read(uid, uids=[]).empty
        assert list(project.read(uid, columns=["name", "zs_version"]).columns) == [
            "name",
            "zs_version",
            "geometry",
        ]
        # squares 1 and 2 end and begin at 200 m; a box of 1 m around that line meets both
        near = project.read(uid, bounds=(X + 199.5, Y + 10, X + 200.5, Y + 11))
        assert near["name"].tolist() == ["图斑2", "图斑3"]
        with pytest.raises(InputError):
            project.read(uid, columns=["no_such_column"])
        with pytest.raises(InputError):
            project.read(uid, uids=[*some, "no-such-feature"])
        with pytest.raises(InputError):
            project.feature(uid, "no-such-feature")
        with pytest.raises(InputError, match="土地利用现状图斑"):
            project.layer("没有这个图层")


def test_a_click_finds_what_lies_under_it_exactly(tmp_path: Path) -> None:
    diamond = shapely.Polygon([(X + 50, Y), (X + 100, Y + 50), (X + 50, Y + 100), (X, Y + 50)])
    frame = geopandas.GeoDataFrame({"name": ["菱形", "无形"]}, geometry=[diamond, None], crs=CRS)
    with new_project(tmp_path) as project:
        info = project.add_layer(NewLayer("地块", "zones", CRS), frame)
        uid = project.read(info.uid).index[0]
        assert project.identify(info.uid, X + 50, Y + 50, 0.0) == [uid]
        # inside the box, outside the diamond: the edge x + y = 50 is 40 / sqrt(2) = 28.28 m away
        assert project.identify(info.uid, X + 5, Y + 5, 28.2) == []
        assert project.identify(info.uid, X + 5, Y + 5, 28.3) == [uid]


def test_the_fingerprint_follows_the_data_and_nothing_else(tmp_path: Path) -> None:
    frame = parcels(4)
    moved = frame.copy()
    moved.geometry = [shapely.transform(g, lambda p: np.nextafter(p, np.inf)) for g in frame.geometry]
    with new_project(tmp_path) as project:
        hashes = [
            project.content_hash(project.add_layer(NewLayer(f"层{i}", "land_use", CRS), each).uid)
            for i, each in enumerate(
                (
                    frame,
                    frame.iloc[::-1],
                    moved,
                    frame.assign(class_code=["0802", "0802", "0802", "0801"]),
                    frame.assign(survey_area_m2=None),
                    frame.iloc[:3],
                )
            )
        ]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 5


def test_settings_and_runs_are_kept(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.set_setting("map.view", {"center": [X, Y], "scale": 10000})
        uid = project.record_run(
            {"capability": "stock", "started": "2026-11-22T09:14:00", "figures": {"亩": 1}}
        )
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert project.setting("map.view") == {"center": [X, Y], "scale": 10000}
        assert project.setting("never.set", 7) == 7
        (run,) = project.runs()
    assert (run["uid"], run["capability"], run["figures"]) == (uid, "stock", {"亩": 1})


def test_several_threads_read_and_write_at_once(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        uid = add_parcels(project, 50).uid
        errors: list[BaseException] = []

        def work(number: int) -> None:
            try:
                for turn in range(5):
                    assert len(project.read(uid)) == 50
                    project.set_setting(f"thread.{number}", turn)
                    assert project.layer(uid).feature_count == 50
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert [project.setting(f"thread.{number}") for number in range(4)] == [4] * 4


def test_an_empty_layer_can_be_made_and_read(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = project.add_layer(NewLayer("空", "land_use", CRS), parcels(3).iloc[:0])
        assert (info.feature_count, info.bounds) == (0, None)
        assert project.read(info.uid).empty
        assert "class_code" in project.read(info.uid).columns


def test_of_the_layers_that_are_there_a_new_one_only_moves_the_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def listen(connection: apsw.Connection) -> None:
        connection.exec_trace = lambda _cursor, statement, _bindings: told.append(statement) or True

    monkeypatch.setattr(apsw, "connection_hooks", [*apsw.connection_hooks, listen])
    counts = []
    with new_project(tmp_path) as project:
        for number in range(30):
            told.clear()
            add_parcels(project, 1, f"图层{number}")
            counts.append(len(told))
    assert counts[1] > 5
    # so three hundred layers take three times as long as a hundred, not nine times
    assert np.diff(counts[1:]).tolist() == [1] * 28
