"""Any text, number or name goes into a project and comes back unchanged; nothing in it is ever run as SQL."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import CRS, add_parcels, new_project

from layers.kind import FieldType
from layers.store import NewLayer
from layers.store.naming import column_name, table_name
from layers.store.values import convert

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "",
        "中山市火炬开发区",
        "'; DROP TABLE zs_layers; --",
        '"',
        "'",
        "\x00",
        "0802",
        "１２",
        "x" * 100_000,
        "\r\n",
    ]
)
_columns: dict[str, st.SearchStrategy[Any]] = {
    "文字": st.none() | _text,
    "整数": st.none() | st.integers(-(2**63), 2**63 - 1),
    "小数": st.none() | st.floats(allow_nan=False),
    "是否": st.none() | st.booleans(),
    "日期": st.none() | st.dates(),
}
_rows = st.lists(st.fixed_dictionaries(_columns), min_size=1, max_size=6)


def _frame(rows: list[dict[str, Any]]) -> geopandas.GeoDataFrame:
    values = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]})
    return geopandas.GeoDataFrame(values, geometry=[shapely.Point(0, 0)] * len(rows), crs=CRS)


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, dt.datetime) else value


@settings(max_examples=40, deadline=None)
@given(_rows)
def test_every_value_comes_back(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_project(Path(folder)) as project:
        back = project.read(project.add_layer(NewLayer("层", "points", CRS), _frame(rows)).uid)
        for name in _columns:
            found = [_plain(value) for value in back[name]]
            assert found == [row[name] for row in rows]
            assert [type(each) for each in found if each is not None] == [
                type(row[name]) for row in rows if row[name] is not None
            ] or name in ("整数", "是否")


@settings(max_examples=40, deadline=None)
@given(_text.filter(lambda name: name.isprintable() and name.strip() != ""), _text)
def test_any_name_of_layer_and_column_is_only_a_name(layer: str, column: str) -> None:
    with tempfile.TemporaryDirectory() as folder, new_project(Path(folder)) as project:
        first = add_parcels(project, name="图斑").uid
        fingerprint = project.content_hash(first)
        name = column_name(
            column, ["name", "code", "category", "address", "town", "precision", "source", "status", "remark"]
        )
        info = (
            project.add_layer(NewLayer(layer, "points", CRS), _frame([{name: "值"}]))
            if layer != "图斑"
            else None
        )
        if info is not None:
            assert project.read(info.uid)[name].tolist() == ["值"]
            assert project.layer(layer).uid == info.uid
            project.remove_layer(info.uid)
        assert project.content_hash(first) == fingerprint
        assert [each.name for each in project.layers()] == ["图斑"]


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("土地利用现状图斑", [], "土地利用现状图斑"),
        ("图斑", ["图斑"], "图斑_2"),
        ("Parcels", ["PARCELS", "parcels_2"], "Parcels_3"),
        ("gpkg_contents", [], "layer_gpkg_contents"),
        ("a|b;c\"d'e", [], "a_b_c_d_e"),
        ('"', [], "_"),
    ],
)
def test_a_table_bears_its_layers_name(name: str, taken: list[str], expected: str) -> None:
    assert table_name(name, taken) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("地类编码", "地类编码"),
        ("FID", "source_FID"),
        ("zs_uid", "source_zs_uid"),
        ("name:zh", "name:zh"),
        ("", "field"),
    ],
)
def test_a_column_keeps_its_name_unless_the_program_needs_it(name: str, expected: str) -> None:
    assert column_name(name, []) == expected


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (802, FieldType.TEXT, "802"),
        (802.0, FieldType.TEXT, "802"),
        (0.1, FieldType.TEXT, "0.1"),
        ("0802", FieldType.TEXT, "0802"),
        ("0802", FieldType.INTEGER, 802),
        ("1,234.50", FieldType.NUMBER, 1234.5),
        ("约3亩", FieldType.NUMBER, None),
        ("nan", FieldType.NUMBER, None),
        ("1e400", FieldType.NUMBER, None),
        (2**53 + 1, FieldType.NUMBER, None),
        (2.5, FieldType.INTEGER, None),
        (2**63, FieldType.INTEGER, None),
        ("2021年5月3日", FieldType.DATE, "2021-05-03"),
        ("2021/5/3", FieldType.DATE, "2021-05-03"),
        ("20210503", FieldType.DATE, "2021-05-03"),
        ("2021-02-30", FieldType.DATE, None),
        ("2021-05-03T10:00:00", FieldType.DATE, None),
        ("是", FieldType.BOOLEAN, 1),
        ("否", FieldType.BOOLEAN, 0),
        ("也许", FieldType.BOOLEAN, None),
        (2, FieldType.BOOLEAN, None),
    ],
)
def test_a_value_becomes_its_fields_type_or_is_named_as_failing(
    value: Any, wanted: FieldType, expected: Any
) -> None:
    (converted,), failed = convert([value], wanted)
    assert converted == expected
    assert type(converted) is type(expected)
    assert failed.tolist() == [expected is None]
