"""A folder of mixed files: each is taken in, or accounted for, by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest
import shapely
from PIL import Image

from layers.errors import InputError, JobCancelled
from layers.formats.direct import DirectReader
from layers.importing.request import ImportRequest
from layers.progress import NoProgress
from layers.store import Project
from tests.layers.formats import photos_samples, raster_samples
from tests.layers.formats.boundary_txt_samples import standard_file
from tests.layers.formats.tables_samples import write_text
from tests.ui.import_samples import merged_workbook, phone_parcels
from zsgis.intake import sources as listing
from zsgis.intake.accounts import Fate, FileAccount, count_by_fate
from zsgis.intake.folder import import_folder
from zsgis.intake.sources import sources_of_folder

SQUARE = shapely.box(436_000, 2_491_000, 436_100, 2_491_100)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "工程.gpkg", 4547) as opened:
        yield opened


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Return a folder as a bureau is handed one."""
    folder = tmp_path / "来件"
    inner = folder / "照片"
    inner.mkdir(parents=True)
    good = geopandas.GeoDataFrame({"名称": ["一区", "二区"]}, geometry=[SQUARE, SQUARE], crs=4547)
    good.to_file(folder / "范围.shp", encoding="GBK")
    (folder / "界址点.txt").write_bytes(standard_file().replace("080302", "").encode("gb18030"))
    phone_parcels(folder / "手机地块.gpkg")
    (folder / "坏.gpkg").write_bytes(b"SQLite format 3\0" + bytes(300))
    (folder / "空.kml").write_bytes(b"")
    write_text(folder / "台账.csv", "编号,价款\r\n0802,12\r\n0803,5\r\n", "gb18030")
    merged_workbook(folder / "低效用地.xlsx")
    raster_samples.write(
        folder / "影像.tif",
        raster_samples.colors(),
        "GTiff",
        crs="EPSG:4547",
        transform=(1.0, 0.0, 436_000.0, 0.0, -1.0, 2_491_100.0),
    )
    photos_samples.photo(inner / "a.jpg", photos_samples.place())
    photos_samples.photo(inner / "b.jpg")
    (folder / "说明.docx").write_bytes(b"PK\x05\x06" + bytes(18))
    (folder / "~$说明.docx").write_bytes(b"lock")
    return folder


def take(project: Project, folder: Path, request: ImportRequest | None = None) -> dict[str, FileAccount]:
    accounts = import_folder(project, folder, request or ImportRequest(folder), DirectReader(), NoProgress())
    return {str(account.path.relative_to(folder)): account for account in accounts}


def test_every_file_has_one_account(project: Project, mixed: Path) -> None:
    accounts = take(project, mixed)
    assert {name: account.fate for name, account in accounts.items()} == {
        "范围.shp": Fate.LAYER,
        "界址点.txt": Fate.LAYER,
        "低效用地.xlsx": Fate.LAYER,
        "照片": Fate.LAYER,
        "影像.tif": Fate.PICTURE,
        "手机地块.gpkg": Fate.UNSURE,
        "坏.gpkg": Fate.REFUSED,
        "空.kml": Fate.REFUSED,
        "台账.csv": Fate.TABLE,
        "说明.docx": Fate.OTHER,
    }
    assert count_by_fate(tuple(accounts.values())) == {
        "layer": 4,
        "picture": 1,
        "table": 1,
        "unsure": 1,
        "refused": 2,
        "other": 1,
    }
    layers = {info.name: info.feature_count for info in project.layers()}
    assert layers == {"范围": 2, "界址点": 2, "低效用地": 12, "照片": 2}


def test_accounts_are_read_by_programs_and_by_people(project: Project, mixed: Path) -> None:
    accounts = take(project, mixed)
    documents = json.loads(json.dumps([account.document() for account in accounts.values()]))
    by_name = {Path(document["file"]).name: document for document in documents}
    unsure = by_name["手机地块.gpkg"]
    (question,) = unsure["candidates"]
    assert question["aspect"] == "crs"
    assert [each["value"] for each in question["candidates"]][:3] == ["4490", "gcj02", "bd09"]
    taken = by_name["范围.shp"]
    assert (taken["read"], taken["written"], taken["taken_as"]) == (2, 2, "4547")
    assert taken["uid"] in {info.uid for info in project.layers()}
    lines = {name: account.line(mixed).split("\t") for name, account in accounts.items()}
    assert all(len(line) == 3 and "\n" not in "".join(line) for line in lines.values())
    assert lines["坏.gpkg"][:2] == ["坏.gpkg", Fate.REFUSED.words]
    assert by_name["空.kml"]["error"]["what"]
    assert by_name["空.kml"]["error"]["remedy"]


def test_refused_files_leave_the_project_as_it_was(project: Project, mixed: Path, tmp_path: Path) -> None:
    bad = tmp_path / "只有坏的"
    bad.mkdir()
    for name in ("坏.gpkg", "空.kml", "手机地块.gpkg", "台账.csv"):
        (mixed / name).rename(bad / name)
    before = (project.layers(), len(project.journal()), project.path.stat().st_size)
    accounts = take(project, bad)
    assert all("uid" not in account.facts for account in accounts.values())
    assert (project.layers(), len(project.journal()), project.path.stat().st_size) == before


def test_what_is_said_holds_for_every_file(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    for name in ("东.gpkg", "西.gpkg"):
        phone_parcels(folder / name)
    accounts = take(project, folder, ImportRequest(folder, crs="gcj02", secrecy="秘密★10年"))
    assert [account.facts["taken_as"] for account in accounts.values()] == ["gcj02", "gcj02"]
    assert {info.secrecy for info in project.layers()} == {"秘密★10年"}
    assert {info.name for info in project.layers()} == {"东", "西"}


def test_names_that_are_taken_are_numbered(project: Project, tmp_path: Path) -> None:
    for inner in ("东部", "西部"):
        (tmp_path / "来件" / inner).mkdir(parents=True)
        frame = geopandas.GeoDataFrame({"名称": ["甲"]}, geometry=[SQUARE], crs=4547)
        frame.to_file(tmp_path / "来件" / inner / "范围.gpkg", layer="范围", engine="pyogrio")
    take(project, tmp_path / "来件")
    names = [info.name for info in project.layers()]
    assert len(set(names)) == 2
    assert all(name.startswith("范围") for name in names)


def test_each_layer_of_a_file_has_its_account(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    frame = geopandas.GeoDataFrame({"名称": ["甲"]}, geometry=[SQUARE], crs=4547)
    for layer in ("东", "西"):
        frame.to_file(folder / "数据.gpkg", layer=layer, engine="pyogrio")
    accounts = import_folder(project, folder, ImportRequest(folder), DirectReader(), NoProgress())
    assert [(account.source_layer, account.fate) for account in accounts] == [
        ("东", Fate.LAYER),
        ("西", Fate.LAYER),
    ]
    assert [account.line(folder).split("\t")[0] for account in accounts] == [
        "数据.gpkg [东]",
        "数据.gpkg [西]",
    ]


def test_who_stops_keeps_what_was_taken_in_until_then(project: Project, mixed: Path) -> None:
    class StopAtHalf(NoProgress):
        def step(self, done: float, text: str = "") -> None:
            if project.layers():
                raise JobCancelled

    with pytest.raises(JobCancelled):
        import_folder(project, mixed, ImportRequest(mixed), DirectReader(), StopAtHalf())
    (layer,) = project.layers()
    assert layer.feature_count == len(project.read(layer.uid))


def test_parts_of_a_data_set_count_once(tmp_path: Path) -> None:
    for name in ("a.shp", "a.dbf", "a.shx", "a.prj", "a.cpg", "a.shp.xml", "b.dbf", ".hidden.gpkg", "c.GPKG"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "数据.gdb").mkdir()
    (tmp_path / "数据.gdb" / "a00000001.gdbtable").write_bytes(b"x")
    found = sources_of_folder(tmp_path)
    assert {path.name for path in found.data} == {"a.shp", "b.dbf", "c.GPKG", "数据.gdb"}
    assert found.other == ()


def test_a_photo_with_a_world_file_is_a_map(tmp_path: Path) -> None:
    for name in ("地图.jpg", "照片.jpg"):
        Image.new("RGB", (4, 4)).save(tmp_path / name)
    (tmp_path / "地图.jgw").write_text("1\n0\n0\n-1\n436000\n2491000\n", encoding="ascii")
    found = sources_of_folder(tmp_path)
    assert [path.name for path in found.rasters] == ["地图.jpg"]
    assert found.data == (tmp_path,)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.gpkg").write_bytes(b"x")
    folder = tmp_path / "来件"
    folder.mkdir()
    (folder / "link.gpkg").symlink_to(tmp_path / "secret.gpkg")
    (folder / "out").symlink_to(tmp_path, target_is_directory=True)
    assert sources_of_folder(folder).data == ()


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_MOST_FILES", 3)
    for number in range(4):
        (tmp_path / f"{number}.gpkg").write_bytes(b"x")
    with pytest.raises(InputError) as error:
        sources_of_folder(tmp_path)
    assert error.value.where == str(tmp_path)
