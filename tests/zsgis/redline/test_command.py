"""The command: a file, a folder of red lines, and what is told of files that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import typer
from shapely import Polygon
from shapely.affinity import translate
from typer.testing import CliRunner, Result

from layers.datum_parameters import DatumParameters
from layers.errors import JobCancelled
from layers.formats.isolated import IsolatedReader
from layers.importing.request import ImportRequest
from layers.locations import resource_path
from layers.store import Project
from tests.layers.formats.boundary_txt_samples import standard_file
from tests.zsgis.redline.samples import HUNDRED, project
from tests.zsgis.stock_samples import at
from zsgis.commands.redline_command import add_redline_command
from zsgis.redline import redline_rules
from zsgis.redline.folder import Fate, RedlineRun

HERE = translate(HUNDRED, -64_000, 0)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A project whose land lies under :data:`HERE`: 60 x 100 m of field, 40 x 100 m of factory."""
    land = {
        "name": ["田", "厂"],
        "class_code": ["0101", "100101"],
        "ownership_code": ["30", "20"],
        "geometry": [
            translate(at(-500, -500, 60, 600), -64_000, 0),
            translate(at(60, -500, 600, 600), -64_000, 0),
        ],
    }
    path = tmp_path / "p.gpkg"
    with project(path, {"land_use": land}):
        pass
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: one red line, two plots in a TXT, an outline that crosses itself."""
    made = tmp_path / "红线"
    made.mkdir()
    geopandas.GeoDataFrame({"XMMC": ["甲"]}, geometry=[HERE], crs=4547).to_file(made / "一.gpkg")
    (made / "二.txt").write_bytes(standard_file().encode("gbk"))
    bow = translate(Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), 436_000, 2_490_000)
    geopandas.GeoDataFrame({"XMMC": ["叉"]}, geometry=[bow], crs=4547).to_file(made / "三.gpkg")
    (made / "说明.md").write_text("不是数据", encoding="utf-8")
    return made


def run(*arguments: object) -> Result:
    app = typer.Typer()
    add_redline_command(app)
    return CliRunner().invoke(app, [str(each) for each in arguments])


def answer(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_one_file(tmp_path: Path, city: Path, folder: Path) -> None:
    done = run(city, folder / "一.gpkg", "--out", tmp_path / "成果", "--json")
    assert done.exit_code == 1  # sections that were not checked are told
    (line,) = answer(done)["red_lines"]
    assert (line["name"], line["fate"], line["planar_m2"]) == ("甲", "done", 10_000.0)
    written = [Path(each) for each in line["written"]]
    assert [each.suffix for each in written] == [".xlsx", ".docx", ".json"]
    assert all(each.is_file() for each in written)
    with Project.open(city, read_only=True) as project_:
        assert [each["capability"] for each in project_.runs()] == ["redline"]


def test_settings_and_rules_of_the_bureau(tmp_path: Path, city: Path, folder: Path) -> None:
    own = tmp_path / "本局.toml"
    own.write_text(
        'key = "own"\ntitle = "本局规则"\nversion = "1"\nstatus = "现行"\nsource = "本局"\n'
        '[ownership]\nstate = ["20"]\ncollective = ["30"]\n'
        '[[sections]]\nkey = "land"\ntitle = "现状"\nkinds = ["land_use"]\nclass_fields = ["class_code"]\n'
        'land_classes = true\nownership_field = "ownership_code"\nsource = "本局"\nstatus = "现行"\n',
        encoding="utf-8",
    )
    out = tmp_path / "成果"
    done = run(city, folder / "一.gpkg", "--out", out, "--rules", own, "--set", "ha_digits=2", "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(next(out.glob("*.json")).read_text(encoding="utf-8"))
    table = next(each for each in document["tables"] if each["key"] == "redline_land_1")
    assert [row["values"]["total"] for row in table["rows"]] == [0.6, 0.6, 0.4, 0.4, 1.0]
    assert "本局规则" in document["run"]["rules"]["redline"]


@pytest.mark.parametrize(
    ("option", "value", "code", "words"),
    [
        ("--set", "没有=1", 2, "没有"),
        ("--set", "ha_digits=x", 2, "ha_digits"),
        ("--rules", "没有", 3, "没有"),
        ("--crs", "胡说", 3, "胡说"),
    ],
)
def test_a_wrong_call_is_told(
    tmp_path: Path, city: Path, folder: Path, option: str, value: str, code: int, words: str
) -> None:
    done = run(city, folder / "一.gpkg", "--out", tmp_path / "成果", option, value)
    assert done.exit_code == code
    assert words in done.stderr


def test_broken_rules_name_the_entry(tmp_path: Path, city: Path, folder: Path) -> None:
    own = tmp_path / "坏.toml"
    text = resource_path("rules", "redline.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('kinds = ["towns"]', 'kinds = ["镇"]'), encoding="utf-8")
    done = run(city, folder / "一.gpkg", "--out", tmp_path / "成果", "--rules", own)
    assert done.exit_code == 3
    assert "sections.0" in done.stderr


def test_a_folder_is_done_but_for_what_is_refused(tmp_path: Path, city: Path, folder: Path) -> None:
    out = tmp_path / "成果"
    done = run(city, folder, "--out", out, "--json")
    assert done.exit_code == 3
    lines = {(each["file"], each["name"]): each for each in answer(done)["red_lines"]}
    assert {key: each["fate"] for key, each in lines.items()} == {
        ("一.gpkg", "甲"): "done",
        ("二.txt", "东区，一期"): "done",
        ("二.txt", "乙"): "done",
        ("三.gpkg", "三"): "refused",
    }
    assert "自相交" in lines["三.gpkg", "三"]["text"]
    assert len(list(out.glob("*用地红线核查.xlsx"))) == 3
    sheet: Any = openpyxl.load_workbook(out / "用地红线核查汇总表.xlsx").active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[3] for row in cells if row[1] in ("一.gpkg", "二.txt", "三.gpkg")] == [
        "已核查",
        "不能用",
        "已核查",
        "已核查",
    ]


def test_an_empty_folder_is_told(tmp_path: Path, city: Path) -> None:
    (tmp_path / "空").mkdir()
    done = run(city, tmp_path / "空", "--out", tmp_path / "成果")
    assert done.exit_code == 3
    assert "没有红线文件" in done.stderr


def test_a_folder_stopped_at_once_has_an_empty_list(tmp_path: Path, city: Path, folder: Path) -> None:
    class Stops:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled

    (tmp_path / "成果").mkdir()
    with Project.open(city) as made, IsolatedReader() as reader:
        work = RedlineRun(made, redline_rules(), reader, tmp_path / "成果", ImportRequest(folder))
        with pytest.raises(JobCancelled):
            work.check_folder(folder, Stops())
        assert made.runs() == ()
    assert [path.name for path in (tmp_path / "成果").iterdir()] == ["用地红线核查汇总表.xlsx"]


def test_a_stop_at_the_last_step_leaves_no_file(tmp_path: Path, city: Path, folder: Path) -> None:
    """The files of a red line appear together: before they are put in place, a stop leaves none of them."""

    class Stops:
        def step(self, done: float, text: str = "") -> None:
            if any(out.glob(".redline-*/*.json")):
                raise JobCancelled

    out = tmp_path / "成果"
    out.mkdir()
    with Project.open(city) as made, IsolatedReader() as reader:
        work = RedlineRun(made, redline_rules(), reader, out, ImportRequest(folder))
        with pytest.raises(JobCancelled):
            work.check_file(folder / "一.gpkg", Stops())
    assert list(out.iterdir()) == []


def test_a_stopped_folder_keeps_what_was_done(tmp_path: Path, city: Path, folder: Path) -> None:
    """Cancelled in the second file: the first is written, and the list says that it was stopped."""
    (tmp_path / "成果").mkdir()

    class Stops:
        def step(self, done: float, text: str = "") -> None:
            if any(account.fate is Fate.DONE for account in work.accounts):
                raise JobCancelled

    none: tuple[DatumParameters, ...] = ()
    with Project.open(city) as made, IsolatedReader() as reader:
        out = tmp_path / "成果"
        work = RedlineRun(made, redline_rules(), reader, out, ImportRequest(folder), none)
        with pytest.raises(JobCancelled):
            work.check_folder(folder, Stops())
        assert len(made.runs()) == 1
    sheet: Any = openpyxl.load_workbook(out / "用地红线核查汇总表.xlsx").active
    assert any("被中止" in str(cell.value) for row in sheet.iter_rows() for cell in row)
