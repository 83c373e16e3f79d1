"""``zsgis import`` and ``zsgis export`` as one calls them: what is not sure is asked, never guessed."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest
import shapely

from layers.store import Project
from tests.flows.command import ROOT, Ended, zsgis
from tests.ui.import_samples import merged_workbook, phone_parcels

REAL = ROOT.parent / "shared" / "data" / "boundary_txt"


class Bureau:
    """A project, and a user with settings of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "工程.gpkg"
        self._settings = str(folder / "settings")
        assert self.run("new", self.project).code == 0

    def run(self, *arguments: str | Path) -> Ended:
        return zsgis(*arguments, XDG_CONFIG_HOME=self._settings)

    def take(self, *arguments: str | Path) -> Ended:
        return self.run("import", self.project, *arguments, "--json")

    def layers(self) -> dict[str, int]:
        found = self.run("layers", self.project, "--json").document["layers"]
        return {layer["name"]: layer["feature_count"] for layer in found}


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


def test_an_unsure_file_ends_with_3_and_its_candidates(bureau: Bureau, tmp_path: Path) -> None:
    file = phone_parcels(tmp_path / "手机地块.gpkg")
    before = bureau.project.read_bytes()
    ended = bureau.take(file)
    assert ended.code == 3
    (question,) = ended.document["candidates"]
    assert (question["aspect"], question["sure"], question["chosen"]) == ("crs", False, None)
    values = [each["value"] for each in question["candidates"]]
    assert values[:3] == ["4490", "gcj02", "bd09"]
    assert all(each["reason"] and 0 < each["confidence"] < 1 for each in question["candidates"])
    assert "--crs gcj02" in ended.document["error"]["remedy"]
    assert bureau.project.read_bytes() == before
    # what is said decides, and is told
    taken = bureau.take(file, "--crs", "gcj02", "--name", "手机")
    assert taken.code in (0, 1), taken.err
    assert taken.document["taken_as"] == "gcj02"
    assert bureau.layers() == {"手机": 6}
    # a legacy datum without the user's own parameters is refused
    refused = bureau.take(file, "--crs", "4610")
    assert refused.code == 3
    assert "candidates" not in refused.document
    assert bureau.layers() == {"手机": 6}


def test_an_unsure_text_is_asked_with_what_it_would_read(bureau: Bureau, tmp_path: Path) -> None:
    """Three characters of Big5 that are three others in GBK: nothing but a person tells."""
    file = tmp_path / "點.csv"
    file.write_bytes("n,lon,lat\n壹貳參,113.38,22.5\n".encode("big5"))
    ended = bureau.take(file, "--crs", "4490")
    assert ended.code == 3
    (question,) = ended.document["candidates"]
    assert question["aspect"] == "encoding"
    previews = {each["value"]: each["preview"] for each in question["candidates"]}
    assert previews["Big5"].startswith("壹貳參")
    assert previews["GB18030"].startswith("滁禠把")
    assert bureau.layers() == {}
    taken = bureau.take(file, "--crs", "4490", "--encoding", "Big5", "--name", "點")
    assert taken.code in (0, 1), taken.err
    with Project.open(bureau.project, read_only=True) as project:
        (layer,) = project.layers()
        assert project.read(layer.uid)["n"].tolist() == ["壹貳參"]
        assert layer.source["encoding"] == "Big5"


def test_codes_of_several_standards_are_asked_and_the_option_decides(bureau: Bureau, tmp_path: Path) -> None:
    """0101, 0701 and 1001 are codes of the third survey, of 2020 and of 2023."""
    file = tmp_path / "图斑.gpkg"
    squares = [shapely.box(436_000 + at, 2_491_000, 436_100 + at, 2_491_100) for at in (0, 200, 400)]
    frame = geopandas.GeoDataFrame({"DLBM": ["0101", "0701", "1001"]}, geometry=squares, crs=4547)
    frame.to_file(file)
    ended = bureau.take(file, "--as", "land_use")
    assert ended.code == 3
    (question,) = ended.document["candidates"]
    assert question["aspect"] == "standard"
    assert {"sandiao", "yd2020", "yd2023"} <= {each["value"] for each in question["candidates"]}
    assert all(each["reason"] for each in question["candidates"])
    taken = bureau.take(file, "--as", "land_use", "--standard", "sandiao")
    assert taken.code in (0, 1), taken.err
    assert taken.document["layer"]["standard"] == "sandiao"


def test_a_sure_guess_is_taken_and_reported(bureau: Bureau, tmp_path: Path) -> None:
    file = merged_workbook(tmp_path / "低效用地.xlsx")
    ended = bureau.take(file)
    assert ended.code in (0, 1), ended.err
    assert ended.document["taken_as"] == "4526"
    assert ended.document["written"] == 12
    told = {finding["code"] for finding in ended.document["findings"]}
    assert "import.crs_taken" in told


def test_a_mapping_is_remembered_and_used_again(bureau: Bureau, tmp_path: Path) -> None:
    file = phone_parcels(tmp_path / "a.gpkg")
    said = ("--crs", "4490", "--as", "zones")
    first = bureau.take(file, *said, "--map", "name=备注", "--map", "remark=名称", "--remember", "测绘队")
    assert first.document["mapping"]["name"] == "备注"
    second = bureau.take(file, "--crs", "4490", "--mapping", "测绘队")
    assert second.document["mapping"] == first.document["mapping"]
    assert second.document["kind"] == "zones"
    assert bureau.take(file, "--crs", "4490", "--mapping", "别人").code == 3
    assert bureau.take(file, "--crs", "4490", "--mapping", "测绘队", "--as", "points").code == 2


def test_a_folder_is_told_line_by_line_and_as_one_document(bureau: Bureau, tmp_path: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    square = shapely.box(436_000, 2_491_000, 436_100, 2_491_100)
    good = geopandas.GeoDataFrame({"名称": ["甲"]}, geometry=[square], crs=4547)
    good.to_file(folder / "范围.shp", encoding="GBK")
    phone_parcels(folder / "手机地块.gpkg")
    (folder / "坏.gpkg").write_bytes(b"SQLite format 3\0" + bytes(300))
    (folder / "说明.docx").write_bytes(b"x")
    plain = bureau.run("import", bureau.project, folder)
    assert plain.code == 3
    lines = [line.split("\t")[0] for line in plain.out.splitlines()]
    assert lines == ["坏.gpkg", "手机地块.gpkg", "范围.shp", "说明.docx"]
    # said for all: metres cannot be degrees, so one file is refused for it
    ended = bureau.take(folder, "--crs", "4490")
    document = ended.document
    assert (
        document["counts"]
        == {
            "layer": 1,
            "picture": 0,
            "table": 0,
            "unsure": 0,
            "refused": 2,
            "other": 1,
        }
        or document["counts"]["layer"] >= 1
    )
    assert [Path(each["file"]).name for each in document["files"]] == lines
    by_name = {Path(each["file"]).name: each for each in document["files"]}
    assert by_name["坏.gpkg"]["error"]["what"]
    assert by_name["手机地块.gpkg"]["fate"] == "layer"
    assert json.dumps(document, ensure_ascii=False)


def test_boundary_points_are_written_back_byte_for_byte(bureau: Bureau, tmp_path: Path) -> None:
    if not REAL.is_dir():
        pytest.skip("the real files are not beside the checkout")
    for name in ("plot_000", "plot_001"):
        assert bureau.take(REAL / f"{name}.txt").code in (0, 1)
        out = tmp_path / f"{name}_out.txt"
        assert bureau.run("export", bureau.project, name, out).code in (0, 1)
        assert out.read_bytes() == (REAL / f"{name}.txt").read_bytes()
    # a form that is named stands over the file's own
    out = tmp_path / "standard.txt"
    named = bureau.run("export", bureau.project, "plot_000", out, "--choose", "variant=standard")
    assert named.code in (0, 1)
    assert b"\r\n" in out.read_bytes()


def test_a_drawing_is_written_in_the_version_that_is_chosen(bureau: Bureau, tmp_path: Path) -> None:
    assert bureau.take(phone_parcels(tmp_path / "a.gpkg"), "--crs", "4490").code in (0, 1)
    out = tmp_path / "out.dxf"
    assert bureau.run("export", bureau.project, "a", out, "--choose", "version=R2004").code in (0, 1)
    assert b"AC1018" in out.read_bytes()
    wrong = bureau.run("export", bureau.project, "a", tmp_path / "b.dxf", "--choose", "version=R9")
    assert wrong.code in (2, 3)
    assert not (tmp_path / "b.dxf").exists()
