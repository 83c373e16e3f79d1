"""Sheets as files: vectors, text that is found again, a stated resolution, all or nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from PyQt6.QtWidgets import QApplication

from layers.errors import InputError, JobCancelled, UsageError
from layers.progress import NoProgress
from tests.sheet_example import WEST_PLATFORM, StopAt, drawables, example_project
from ui.sheets import export_sheet
from zsgis.analysis.stock import CAPABILITY
from zsgis.sheets import SheetLayout, bind, compose

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> SheetLayout:
    path = tmp_path_factory.mktemp("sheet") / "p.gpkg"
    with example_project(path, demo=True) as project:
        result = CAPABILITY.run(project, CAPABILITY.parameters(level="full"), NoProgress())
        settings = {"编制单位": "中山市某单位", "审核": "王五"}
        return compose(
            project, zone=WEST_PLATFORM, drawables=drawables(project), result=result, settings=settings
        )


@pytest.fixture(scope="module")
def pdf_file(layout: SheetLayout, tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Path:
    return export_sheet(layout, tmp_path_factory.mktemp("pdf") / "平台.pdf")


@pytest.fixture
def pdf(pdf_file: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(pdf_file) as opened:
        yield opened


def _dictionaries(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)]


def test_the_page_is_a3_to_a_hundredth_of_a_millimetre(pdf: pikepdf.Pdf) -> None:
    (page,) = pdf.pages
    left, low, right, top = (float(edge) / 72 * 25.4 for edge in page.mediabox)
    assert (right - left, top - low) == pytest.approx((420, 297), abs=0.001)


def test_everything_is_vector_and_transparency_stays_transparency(pdf: pikepdf.Pdf) -> None:
    things = _dictionaries(pdf)
    assert not [thing for thing in things if thing.get("/Subtype") == "/Image"]
    drawn = b"\n".join(page.Contents.read_bytes() for page in pdf.pages)
    assert b"BI" not in drawn.split()  # no inline image either
    opacities = {round(float(thing["/ca"]), 2) for thing in things if "/ca" in thing}
    assert any(opacity < 1 for opacity in opacities)
    assert 0.66 in opacities  # the veil outside the platform


def test_every_font_is_embedded_and_its_text_is_plain(pdf: pikepdf.Pdf) -> None:
    fonts = [thing for thing in _dictionaries(pdf) if thing.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
    maps = [thing.ToUnicode.read_bytes() for thing in _dictionaries(pdf) if "/ToUnicode" in thing]
    assert maps
    for one in maps:
        assert b"<2F" not in one.upper().replace(b"<2FFF", b"")


def test_the_file_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/Title"]) == f"{WEST_PLATFORM}土地利用现状图（示意）"
    assert str(pdf.docinfo["/Creator"]) == "zsgis"
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == f"{WEST_PLATFORM}土地利用现状图（示意）"


@pytest.mark.peer
def test_another_makers_program_finds_the_chinese_text(pdf_file: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("peer missing: pdftotext (make peers)")
    text = subprocess.run([program, "-raw", pdf_file, "-"], capture_output=True, check=True).stdout.decode(
        "utf-8"
    )
    for words in (
        f"{WEST_PLATFORM}土地利用现状图（示意）",
        "中山市某单位",
        "中山市创新中心",
        "2000国家大地坐标系",
    ):
        assert words in text
    assert "比例尺 1:10,000" in text
    assert not [char for char in text if "\u2e80" <= char <= "\u2fdf"]


def test_a_second_export_is_the_same_but_for_dates_and_identifiers(
    layout: SheetLayout, pdf_file: Path, tmp_path: Path
) -> None:
    second = export_sheet(layout, tmp_path / "again.pdf")
    with pikepdf.open(pdf_file) as one, pikepdf.open(second) as other:
        assert one.pages[0].Contents.read_bytes() == other.pages[0].Contents.read_bytes()


@pytest.mark.parametrize("name", ["s.png", "s.jpg"])
def test_a_picture_records_its_resolution(layout: SheetLayout, tmp_path: Path, name: str) -> None:
    path = export_sheet(layout, tmp_path / name, dpi=100)
    with Image.open(path) as image:
        assert image.size == (round(420 / 25.4 * 100), round(297 / 25.4 * 100))
        assert image.info["dpi"] == pytest.approx((100, 100), abs=0.5)


@pytest.mark.peer
def test_picture_and_pdf_look_alike(layout: SheetLayout, pdf_file: Path, tmp_path: Path) -> None:
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.skip("peer missing: pdftoppm (make peers)")
    subprocess.run([program, "-r", "100", "-png", "-singlefile", pdf_file, tmp_path / "pdf"], check=True)
    ours = export_sheet(layout, tmp_path / "ours.png", dpi=100)
    with Image.open(tmp_path / "pdf.png") as theirs, Image.open(ours) as own:
        # a centimetre of the sheet is one pixel: thin lines count by their ink, not by their antialiasing
        blocks = [image.convert("RGB").resize((42, 30), Image.Resampling.BOX) for image in (theirs, own)]
    difference = ImageChops.difference(*blocks)
    assert max(ImageStat.Stat(difference).mean) < 2.0
    assert max(high for _low, high in difference.getextrema()) < 14
    inked = ImageStat.Stat(blocks[1].crop((5, 5, 27, 27))).mean
    assert max(inked) < 235  # and the map is there


def test_several_sheets_make_one_file_or_numbered_pictures(layout: SheetLayout, tmp_path: Path) -> None:
    book = bind([layout, layout], title="图集")
    with pikepdf.open(export_sheet(book, tmp_path / "book.pdf")) as opened:
        assert len(opened.pages) == 2
    export_sheet(book, tmp_path / "book.png", dpi=40)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["book-2.png", "book.png"]


def test_a_stopped_export_leaves_nothing_and_keeps_the_old_file(layout: SheetLayout, tmp_path: Path) -> None:
    old = tmp_path / "s.pdf"
    old.write_bytes(b"old")
    progress = StopAt(0.3)
    with pytest.raises(JobCancelled):
        export_sheet(layout, old, progress=progress)
    assert len(progress.shares) > 2
    assert [path.name for path in tmp_path.iterdir()] == ["s.pdf"]
    assert old.read_bytes() == b"old"


def test_what_cannot_be_written_is_said_and_nothing_is_left(layout: SheetLayout, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.docx"):
        export_sheet(layout, tmp_path / "s.docx")
    with pytest.raises(UsageError):
        export_sheet(layout, tmp_path / "s.png", dpi=5)
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(InputError):
        export_sheet(layout, blocked / "s.pdf")
    (tmp_path / "taken.pdf").mkdir()
    with pytest.raises(InputError):
        export_sheet(layout, tmp_path / "taken.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken.pdf"]
