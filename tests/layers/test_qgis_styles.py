"""What the project file tells QGIS about the look of its layers: one default style each, kept right."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import CRS, add_parcels, new_project, parcels

from layers.errors import ProjectFileError
from layers.kind import Field, FieldType, GeometryType
from layers.store import NewLayer, Project
from layers.style import ClassRule, LabelStyle, Style, Symbol
from layers.style.model import Hatch
from layers.style.qml import qml

HOSTILE = '<b>&"\'图斑"</category>&amp;]]><!--'
AREA = GeometryType.POLYGON
CODE = Field("code", "地类编码")


def _read(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - written by this very program


def _rows(file: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def _change(file: Path, sql: str) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.executescript(sql)
    connection.close()


def _styles(file: Path) -> dict[str, tuple[str, ElementTree.Element]]:
    """Return by table: the default style's name and content."""
    found = _rows(file, "SELECT f_table_name, styleName, styleQML FROM layer_styles WHERE useAsDefault = 1")
    assert len({row[0] for row in found}) == len(found)
    return {table: (name, _read(text)) for table, name, text in found}


def _colors(root: ElementTree.Element) -> list[str]:
    return [
        option.attrib["value"]
        for option in root.findall("renderer-v2/symbols/symbol/layer[@class='SimpleFill']/Option/Option")
        if option.attrib["name"] == "color"
    ]


def test_every_layer_has_one_default_style_where_qgis_looks_for_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        project.add_layer(NewLayer("红线", "zones", CRS), parcels())
        file = project.path
    found = _rows(
        file, "SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column FROM layer_styles"
    )
    # QGIS asks for an empty schema (not a missing one) and the geometry's column
    assert found == [("", "", "土地利用现状图斑", "geom"), ("", "", "红线", "geom")]
    assert list(_styles(file)) == ["土地利用现状图斑", "红线"]
    registered = "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
    assert _rows(file, registered) == [("attributes",)]


def test_a_style_follows_its_layer(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        file = project.path
        project.update_layer(info.uid, style=Style(symbol=Symbol(fill="#010203", fill_opacity=0.5)))
        name, root = _styles(file)[info.table]
        # half of 255 is 127.5, the even neighbour is 128
        assert (name, _colors(root)) == ("土地利用现状图斑", ["1,2,3,128"])
        project.update_layer(info.uid, opacity=0.25, name="改过的名字")
        name, root = _styles(file)[info.table]
        assert (name, root.findtext("layerOpacity")) == ("改过的名字", "0.25")
        assert _colors(root) == ["1,2,3,128"]
        before = _rows(file, "SELECT * FROM layer_styles")
        project.update_layer(info.uid, visible=False, status="法定")
        assert _rows(file, "SELECT * FROM layer_styles") == before
        project.remove_layer(info.uid)
        assert _rows(file, "SELECT * FROM layer_styles") == []


def test_what_fails_afterwards_takes_the_style_back_with_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        file = project.path
    before = _rows(file, "SELECT * FROM layer_styles")
    # the journal is written last
    _change(file, "CREATE TRIGGER full BEFORE INSERT ON zs_journal BEGIN SELECT RAISE(ABORT, 'full'); END")
    with Project.open(file) as project:
        with pytest.raises(ProjectFileError):
            project.add_layer(NewLayer("半个", "zones", CRS), parcels())
        with pytest.raises(ProjectFileError):
            project.update_layer(info.uid, opacity=0.1)
        with pytest.raises(ProjectFileError):
            project.remove_layer(info.uid)
    assert _rows(file, "SELECT * FROM layer_styles") == before


def _old_project(folder: Path) -> Path:
    """Write a project as it was before it had styles for QGIS."""
    with new_project(folder) as project:
        add_parcels(project)
        project.add_layer(NewLayer("红线", "zones", CRS), parcels())
    _change(
        project.path,
        "DROP TABLE layer_styles; DELETE FROM gpkg_contents WHERE table_name = 'layer_styles'",
    )
    return project.path


def test_an_old_project_gets_styles_at_its_next_change_and_not_before(tmp_path: Path) -> None:
    file = _old_project(tmp_path)
    before = file.read_bytes()
    with Project.open(file) as project:
        assert [info.name for info in project.layers()] == ["红线", "土地利用现状图斑"]
        project.read(project.layers()[0].uid)
    assert file.read_bytes() == before
    with Project.open(file) as project:
        project.update_layer(project.layer("红线").uid, visible=False)
        assert project.journal()[-1]["action"] == "update_layer"
    assert set(_styles(file)) == {"土地利用现状图斑", "红线"}
    (tmp_path / "another").mkdir()
    file = _old_project(tmp_path / "another")
    with Project.open(file) as project:
        project.remove_layer(project.layer("红线").uid)
    assert set(_styles(file)) == {"土地利用现状图斑"}


def test_an_old_layer_may_bear_the_tables_name(tmp_path: Path) -> None:
    file = _old_project(tmp_path)
    _change(
        file,
        "UPDATE gpkg_contents SET identifier = 'layer_styles' WHERE table_name = '红线';"
        "UPDATE zs_layers SET name = 'layer_styles' WHERE table_name = '红线'",
    )
    with Project.open(file) as project:
        project.update_layer(project.layer("layer_styles").uid, opacity=0.5)
    assert set(_styles(file)) == {"土地利用现状图斑", "红线"}


@pytest.mark.parametrize(
    "made",
    ["CREATE TABLE layer_styles (id INTEGER)", "CREATE VIEW Layer_Styles AS SELECT 1 AS styleQML"],
)
def test_a_strange_table_of_that_name_does_not_keep_anybody_from_working(tmp_path: Path, made: str) -> None:
    file = _old_project(tmp_path)
    _change(file, made)
    with Project.open(file) as project:
        project.update_layer(project.layer("红线").uid, opacity=0.5)
        project.remove_layer(project.layer("红线").uid)
        assert len(project.layers()) == 1
    assert _rows(file, "SELECT count(*) FROM sqlite_master WHERE lower(name) = 'layer_styles'") == [(1,)]


def test_hostile_titles_names_and_values_stay_text(tmp_path: Path) -> None:
    rules = (ClassRule(value=HOSTILE, title=HOSTILE, symbol=Symbol(fill="#0000FF")),)
    style = Style(class_field="name", rules=rules, label=LabelStyle(field="name"))
    frame = parcels(1).assign(name=HOSTILE, **{"<&>": "x"})
    with new_project(tmp_path) as project:
        project.add_layer(NewLayer("名 <&> '", "zones", CRS, style=style), frame)
        (name, root), *others = _styles(project.path).values()
    assert not others
    assert name == "名 <&> '"
    first, other = root.findall("renderer-v2/categories/category")
    assert (first.attrib["value"], first.attrib["label"]) == (HOSTILE, HOSTILE)
    assert other.attrib["value"] == ""
    assert len(root.findall("renderer-v2")) == 1


@given(text=st.text(max_size=20), value=st.text(min_size=1, max_size=20))
def test_any_text_gives_a_style_that_can_be_read(text: str, value: str) -> None:
    rules = (
        ClassRule(value=value, title=text, symbol=Symbol()),
        ClassRule(value="A", title="甲", symbol=Symbol()),
    )
    style = Style(class_field="code", rules=rules, label=LabelStyle(field=text or "code"))
    root = _read(qml(style, AREA, fields=[CODE, Field(text or "x", value)]))
    values = [each.attrib["value"] for each in root.findall("renderer-v2/categories/category")]
    # what XML cannot hold cannot be told; it is never told wrongly
    assert values in ([value, "A", ""], ["A", ""])
    if value.isprintable():
        assert values[0] == value


def test_a_field_that_is_not_there_is_no_expression() -> None:
    # QGIS would take a name it does not know for an expression and run it
    rules = (ClassRule(value="1", title="甲", symbol=Symbol()),)
    style = Style(class_field="env('HOME')", rules=rules, label=LabelStyle(field="env('HOME')"))
    root = _read(qml(style, AREA, fields=[CODE]))
    assert root.find("renderer-v2[@type='singleSymbol']") is not None
    assert root.attrib["labelsEnabled"] == "0"
    assert root.find("labeling") is None


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (FieldType.TEXT, "5.0", "5.0"),
        (FieldType.TEXT, "0802", "0802"),
        (FieldType.INTEGER, "5", "5"),
        (FieldType.NUMBER, "5.0", "5"),
        (FieldType.NUMBER, "0.25", "0.25"),
        (FieldType.BOOLEAN, "True", "true"),
    ],
)
def test_a_class_value_is_written_as_qgis_reads_it_from_the_field(
    kind: FieldType, value: str, expected: str
) -> None:
    style = Style(class_field="f", rules=(ClassRule(value=value, title="甲", symbol=Symbol()),))
    root = _read(qml(style, AREA, fields=[Field("f", "字段", kind)]))
    assert root.findall("renderer-v2/categories/category")[0].attrib["value"] == expected


def test_the_last_of_several_rules_for_a_value_counts_as_on_our_maps() -> None:
    rules = [
        ClassRule(value="1", title=title, symbol=Symbol(fill=fill))
        for title, fill in (("甲", "#000001"), ("乙", "#000002"))
    ]
    root = _read(qml(Style(class_field="code", rules=tuple(rules)), AREA, fields=[CODE]))
    labels = [each.attrib["label"] for each in root.findall("renderer-v2/categories/category")]
    assert labels[:-1] == ["乙"]
    assert _colors(root)[0] == "0,0,2,255"


def test_all_fills_are_drawn_before_all_hatches_and_these_before_all_outlines() -> None:
    hatched = Symbol(hatch=Hatch.CROSS, tint_mm=1.0)
    for count in (2, 400):  # QGIS ignores levels from 1000 on
        rules = tuple(ClassRule(value=str(i), title="甲", symbol=hatched) for i in range(count))
        root = _read(qml(Style(class_field="code", rules=rules), AREA, fields=[CODE]))
        assert root.find("renderer-v2[@symbollevels='1']") is not None
        turns: dict[str, list[int]] = {"SimpleFill": [], "LinePatternFill": [], "SimpleLine": []}
        for symbol in root.findall("renderer-v2/symbols/symbol"):
            parts = symbol.findall("layer")
            for kind, levels in turns.items():
                levels.extend(int(part.attrib["pass"]) for part in parts if part.attrib["class"] == kind)
            assert [int(part.attrib["pass"]) for part in parts] == sorted(
                int(p.attrib["pass"]) for p in parts
            )
        assert max(turns["SimpleFill"]) < min(turns["LinePatternFill"]) <= min(turns["SimpleLine"])
        assert max(turns["SimpleLine"]) < 1000


@pytest.mark.peer
def test_gdals_validator_passes_a_project_with_styles(tmp_path: Path, gdal_python: Path) -> None:
    file = _old_project(tmp_path)
    with Project.open(file) as project:
        add_parcels(project, name="名字很长" * 12)
    assert len(_styles(file)) == 3
    command = [gdal_python, "-m", "osgeo_utils.samples.validate_gpkg", file]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")
