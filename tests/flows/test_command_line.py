"""The command line keeps its promises: one JSON document, exit codes, a clean stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from layers.progress import NoProgress, Progress
from layers.store import Project
from tests.flows.command import environment, zsgis
from zsgis.commands.output_commands import demo
from zsgis.demo.chain import CHAIN_FOLDER, EVIDENCE, REPORT, WORKBOOK
from zsgis.evidence import check_evidence
from zsgis.sheets.layout import SheetLayout

COMMANDS = (
    *("open", "new", "import", "join", "check", "layers"),
    *("run", "sheet", "preflight", "webmap", "export", "demo"),
)


def test_help_names_every_command_in_chinese() -> None:
    ended = zsgis("--help")
    assert ended.code == 0
    assert all(f"  {command} " in ended.out for command in COMMANDS)
    assert "新建空工程" in ended.out


def test_help_speaks_english_where_that_is_set() -> None:
    assert "Make an empty project" in zsgis("--help", ZSGIS_LANGUAGE="en").out


def test_analyses_are_listed_with_their_parameters() -> None:
    document = zsgis("run", "--list", "--json").document
    stock = next(entry for entry in document["capabilities"] if entry["key"] == "stock")
    assert {"zones", "land", "basis", "unit"} <= {parameter["name"] for parameter in stock["parameters"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nonsense", "{project}"],
        ["run", "stock", "{project}", "-p", "nonsense=1"],
        ["run", "stock", "{project}", "-p", "nonsense"],
        ["run", "stock", "{project}", "-p", "basis=guess"],
        ["run"],
        ["sheet", "{project}", "x.docx"],
        ["import", "{project}", "x.gpkg", "--as", "zones", "--map", "broken"],
        ["no-such-command"],
    ],
)
def test_wrong_calls_end_with_2(tmp_path: Path, arguments: list[str]) -> None:
    project = tmp_path / "p.gpkg"
    Project.create(project, 4547).close()
    ended = zsgis(*[argument.format(project=project) for argument in arguments])
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("content", [None, b"", b"SQLite format 3\0" + bytes(84), b"just text"])
def test_a_file_that_is_no_project_ends_with_3(tmp_path: Path, content: bytes | None) -> None:
    project = tmp_path / "p.gpkg"
    if content is not None:
        project.write_bytes(content)
    for command in (["layers", project], ["webmap", project, tmp_path / "x.html"], ["run", "stock", project]):
        ended = zsgis(*command)
        assert ended.code == 3, ended.err
        assert "p.gpkg" in ended.err
        assert "Traceback" not in ended.err


def test_new_never_overwrites(tmp_path: Path) -> None:
    project = tmp_path / "p.gpkg"
    assert zsgis("new", project).code == 0
    before = project.read_bytes()
    assert zsgis("new", project).code == 3
    assert project.read_bytes() == before


def test_an_unknown_coordinate_system_is_refused(tmp_path: Path) -> None:
    ended = zsgis("new", tmp_path / "p.gpkg", "--crs", "999999")
    assert ended.code == 3
    assert "999999" in ended.err
    assert not (tmp_path / "p.gpkg").exists()


def test_a_secret_layer_is_marked_at_import_and_stays_in_the_house(tmp_path: Path) -> None:
    project, file = tmp_path / "p.gpkg", tmp_path / "zones.geojson"
    ring = [[113.3, 22.5], [113.4, 22.5], [113.4, 22.6], [113.3, 22.5]]
    feature = {
        "type": "Feature",
        "properties": {"name": "甲"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert zsgis("new", project).code == 0
    imported = zsgis(
        "import", project, file, "--as", "zones", "--secrecy", "秘密★10年", "--status", "待核实", "--json"
    )
    layer = imported.document["layer"]
    assert (layer["secrecy"], layer["status"]) == ("秘密★10年", "待核实")
    refused = zsgis("webmap", project, tmp_path / "out.html")
    assert refused.code == 3
    assert not (tmp_path / "out.html").exists()
    assert zsgis("export", project, "zones", tmp_path / "out.geojson").code == 3
    assert zsgis("import", project, file, "--as", "zones", "--secrecy", "很密").code == 3
    assert zsgis("import", project, file, "--as", "zones", "--status", "差不多").code == 2


def test_an_error_is_a_json_document_too(tmp_path: Path) -> None:
    document = zsgis("layers", tmp_path / "none.gpkg", "--json").document
    assert document["error"]["exit_code"] == 3


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C reaches a child in another way on Windows")
def test_ctrl_c_stops_with_130_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "zsgis", "demo", str(tmp_path / "out"), "--json"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stderr is not None
    assert running.stderr.readline(), "no progress was told"
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err.decode()
    assert json.loads(out)["error"]["exit_code"] == 130
    assert list((tmp_path / "out").iterdir()) == []


class _NoPaper:
    """Sheets are numbered and laid out; what is on the paper does not count here."""

    def open_window(self, project: Path | None) -> int:
        raise AssertionError("a command opens no window")

    def export_sheet(self, layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress) -> Path:
        return out


def test_two_demonstrations_agree_down_to_the_parcels(tmp_path: Path) -> None:
    first = zsgis("demo", tmp_path / "one", "--json")
    assert first.code == 0, first.err
    # the way from demand to proof is gone once: it takes as long as all the rest
    second = demo(tmp_path / "two", _NoPaper(), NoProgress(), securing=False).document
    assert first.document["figures"] == json.loads(json.dumps(second["figures"]))
    written = [Path(file) for file in first.document["written"]]
    assert all(file.stat().st_size > 0 for file in written)
    chain = [file for file in written if file.parent.name == CHAIN_FOLDER]
    assert {REPORT, WORKBOOK, EVIDENCE} <= {file.name for file in chain}
    found = check_evidence(tmp_path / "one" / CHAIN_FOLDER / EVIDENCE)
    assert found.whole, found.faults
    written = [file for file in written if file not in chain]
    assert [file.name for file in written] == [Path(file).name for file in second["written"]]
    # project, table as Excel and JSON, its chart twice, the city's sheet and seven platforms' sheets, web map
    endings = [".gpkg", ".html", ".json", *[".pdf"] * 8, ".png", ".svg", ".xlsx"]
    assert sorted(file.suffix for file in written) == endings
