"""Zip files: what is inside is offered under its name and read; what must not be opened is not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyogrio
import pytest
from vector_family_samples import parcels, shapefile, zipped

from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData
from layers.formats.packed import Packed
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.vct.reading import VCT
from layers.formats.vector_families import FILE_GEODATABASE, GEOPACKAGE
from layers.progress import NoProgress

PACKED = Packed(lambda: (GEOPACKAGE, SHAPEFILE, FILE_GEODATABASE, VCT))


def read(path: Path, layer: str = "") -> SourceData:
    return PACKED.read(path, ReadOptions(layer), NoProgress())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.mark.parametrize("names", ["utf-8", "gbk"])
def test_a_shapefile_in_a_zip_file_is_read_under_its_chinese_name(
    tmp_path: Path, folder: Path, names: str
) -> None:
    shapefile(folder, cpg="GBK")
    path = zipped(tmp_path / "a.zip", folder, names)
    (layer,) = PACKED.layers(path, ReadOptions())
    assert (layer.name, layer.columns) == ("土地.shp", ("名称", "面积"))
    data = read(path)
    assert data.frame["名称"].tolist() == parcels()["名称"].tolist()
    assert data.crs is not None
    assert (data.layer, data.stated["packed"]) == ("土地.shp", "土地.shp")


def test_several_files_and_layers_need_a_choice(tmp_path: Path, folder: Path) -> None:
    shapefile(folder, cpg="GBK")
    (folder / "子").mkdir()
    for layer, count in (("甲", 1), ("乙", 2)):
        parcels(count).to_file(folder / "子" / "b.gpkg", layer=layer)
    (folder / "说明.txt").write_text("x")
    path = zipped(tmp_path / "a.zip", folder)
    names = [each.name for each in PACKED.layers(path, ReadOptions())]
    assert names == ["土地.shp", "子/b.gpkg/甲", "子/b.gpkg/乙"]
    with pytest.raises(InputError, match=r"子/b\.gpkg/乙"):
        read(path)
    assert len(read(path, "子/b.gpkg/乙").frame) == 2


def test_a_file_geodatabase_comes_zipped_with_or_without_its_folder(tmp_path: Path, folder: Path) -> None:
    pyogrio.write_dataframe(parcels(), folder / "国土.gdb", driver="OpenFileGDB", layer="地类图斑")
    for root in (folder, folder / "国土.gdb"):
        data = read(zipped(tmp_path / f"{root.name}.zip", root))
        assert data.frame["名称"].tolist() == parcels()["名称"].tolist()


def test_one_broken_file_does_not_cost_the_others(tmp_path: Path, folder: Path) -> None:
    parcels(1).to_file(folder / "a.gpkg")
    (folder / "b.gpkg").write_bytes(b"SQLite format 3\0 and nothing more")
    data = read(zipped(tmp_path / "a.zip", folder))
    assert len(data.frame) == 1
    (note,) = data.notes
    assert note.code == "packed.unreadable"
    assert "b.gpkg" in note.text


def test_archives_inside_are_named_and_stay_shut(tmp_path: Path, folder: Path) -> None:
    shapefile(folder, cpg="GBK")
    (folder / "更多.zip").write_bytes(b"PK\x03\x04")
    data = read(zipped(tmp_path / "a.zip", folder))
    assert [note.code for note in data.notes] == ["packed.archives"]
    assert "更多.zip" in data.notes[0].text


def test_a_zip_file_that_holds_nothing_is_told_with_what_it_holds(tmp_path: Path, folder: Path) -> None:
    (folder / "说明.txt").write_text("x")
    with pytest.raises(InputError, match=r"说明\.txt"):
        read(zipped(tmp_path / "a.zip", folder))
    (tmp_path / "b.zip").write_bytes(b"no zip at all")
    with pytest.raises(InputError):
        read(tmp_path / "b.zip")


@pytest.mark.parametrize("name", ["../escape.shp", "/etc/escape.shp", "a/../../escape.shp", "C:\\escape.shp"])
def test_a_name_that_leads_out_is_refused_and_nothing_is_written(
    tmp_path: Path, folder: Path, name: str
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(InputError):
        read(path)
    assert not list(tmp_path.rglob("escape*"))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.shp", "w") as member:
        for _piece in range(300):
            member.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(InputError):
        read(path)
