"""A map's layers in a PDF: switched one by one, faded as one, all vector."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image
from PyQt6.QtWidgets import QApplication

from tests.sheet_example import WEST_PLATFORM, drawables, example_project
from ui.sheets.export import export_sheet
from zsgis.sheets import SheetLayout, bind, compose
from zsgis.sheets.layout import MapItem

pytestmark = pytest.mark.usefixtures("qapp")
_HALF = 0.5


def _layout(folder: Path, opacity: float = 1.0) -> SheetLayout:
    with example_project(folder / "p.gpkg") as project:
        faded = [
            dataclasses.replace(layer, opacity=opacity) if layer.title == "土地利用现状图斑" else layer
            for layer in drawables(project)
        ]
        return compose(project, zone=WEST_PLATFORM, drawables=faded)


@pytest.fixture
def faded(tmp_path: Path, qapp: QApplication) -> Iterator[pikepdf.Pdf]:
    path = export_sheet(_layout(tmp_path, _HALF), tmp_path / "faded.pdf")
    with pikepdf.open(path) as opened:
        yield opened


def _titles(layout: SheetLayout) -> set[str]:
    (item,) = layout.first.items_of(MapItem)
    assert isinstance(item, MapItem)
    # the veil over the surroundings is no layer of the project: it has no title
    return {layer.title for layer in item.layers if layer.title}


def test_each_layer_of_the_map_is_one_switch_of_the_document(faded: pikepdf.Pdf, tmp_path: Path) -> None:
    groups = faded.Root.OCProperties
    names = [str(group.Name) for group in groups.OCGs]
    (tmp_path / "again").mkdir()
    assert set(names) == _titles(_layout(tmp_path / "again")) | {"标注"}
    assert len(names) == len(set(names))
    # the reader's list has the top layer first, as the tree has
    assert [str(group.Name) for group in groups.D.Order] == names[::-1]
    (page,) = faded.pages
    stream = page.Contents.read_bytes()
    assert stream.count(b"BDC") == stream.count(b"EMC") == len(names)


def test_two_layers_of_one_name_are_switched_apart(tmp_path: Path) -> None:
    with example_project(tmp_path / "p.gpkg") as project:
        alike = [
            dataclasses.replace(layer, title="界线") if layer.title in ("镇街", "重大平台") else layer
            for layer in drawables(project)
        ]
        layout = compose(project, zone=WEST_PLATFORM, drawables=alike)
    with pikepdf.open(export_sheet(layout, tmp_path / "alike.pdf")) as pdf:
        names = [str(group.Name) for group in pdf.Root.OCProperties.OCGs]
    assert names.count("界线") == 2


def test_a_faded_layer_is_a_transparency_group_and_nothing_a_picture(faded: pikepdf.Pdf) -> None:
    (page,) = faded.pages
    forms = page.Resources.XObject
    grouped = [form for form in forms.values() if "/Group" in form]
    (state,) = page.Resources.ExtGState.values()
    assert (float(state.ca), float(state.CA)) == (_HALF, _HALF)
    assert len(grouped) == 1
    assert grouped[0].Group.S == "/Transparency"
    streams = [thing for thing in faded.objects if isinstance(thing, pikepdf.Stream)]
    assert not [thing for thing in streams if thing.get("/Subtype") == "/Image"]


def test_a_layer_faded_to_nothing_is_not_in_the_file(tmp_path: Path, qapp: QApplication) -> None:
    path = export_sheet(_layout(tmp_path, 0.0), tmp_path / "none.pdf")
    with pikepdf.open(path) as pdf:
        assert "土地利用现状图斑" not in [str(group.Name) for group in pdf.Root.OCProperties.OCGs]
        (page,) = pdf.pages
        assert not page.Resources.ExtGState.keys()


def test_pages_of_one_document_share_the_switches(tmp_path: Path, qapp: QApplication) -> None:
    layout = _layout(tmp_path)
    both = bind([layout, layout], title="两张")
    with pikepdf.open(export_sheet(both, tmp_path / "both.pdf")) as pdf:
        assert len(pdf.pages) == 2
        assert len(pdf.Root.OCProperties.OCGs) == len(_titles(layout)) + 1
        assert not pdf.check_pdf_syntax()


@pytest.mark.peer
def test_half_the_ink_shines_through(tmp_path: Path, qapp: QApplication) -> None:
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.skip("peer missing: pdftoppm (make peers)")
    drawn = []
    for opacity in (1.0, _HALF):
        folder = tmp_path / f"{opacity}"
        folder.mkdir()
        path = export_sheet(_layout(folder, opacity), folder / "sheet.pdf")
        subprocess.run([program, "-r", "72", "-png", "-singlefile", path, folder / "drawn"], check=True)
        with Image.open(folder / "drawn.png") as image:
            drawn.append(image.convert("RGB"))
    # left of the column; the most frequent colour that is no grey is a class's fill. Half of it lies over
    # white: each channel is the mean of it and 255, below the veil too
    before, after = (np.asarray(image)[:, : image.width * 2 // 3].reshape(-1, 3).tolist() for image in drawn)
    coloured = Counter(tuple(pixel) for pixel in before if max(pixel) - min(pixel) > 60)
    ((fill, _count),) = coloured.most_common(1)
    found = Counter(tuple(now) for was, now in zip(before, after, strict=True) if tuple(was) == fill)
    ((seen, often),) = found.most_common(1)
    assert seen == pytest.approx([(channel + 255) / 2 for channel in fill], abs=1.5)
    assert often > 0.9 * sum(found.values())
