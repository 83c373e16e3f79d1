"""Sheets as SVG: the same in a browser, layers as groups, text in its own font, vectors throughout."""

from __future__ import annotations

import base64
import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageStat
from PyQt6.QtWidgets import QApplication

from layers.progress import NoProgress
from tests.sheet_example import WEST_PLATFORM, drawables, example_project
from ui.sheets import draw_picture, export_sheet
from zsgis.analysis.stock import CAPABILITY
from zsgis.sheets import SheetLayout, compose

pytestmark = pytest.mark.usefixtures("qapp")

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> SheetLayout:
    path = tmp_path_factory.mktemp("sheet") / "p.gpkg"
    with example_project(path, demo=True) as project:
        result = CAPABILITY.run(project, CAPABILITY.parameters(level="full"), NoProgress())
        # the template has a look of its own for towns and platforms, not for the incubators
        layers = [
            replace(layer, opacity=0.5) if layer.title == "科技企业孵化器" else layer
            for layer in drawables(project)
        ]
        given = {"审核": "王五"}
        return compose(project, zone=WEST_PLATFORM, drawables=layers, result=result, settings=given)


@pytest.fixture(scope="module")
def file(layout: SheetLayout, tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Path:
    return export_sheet(layout, tmp_path_factory.mktemp("svg") / "平台.svg")


@pytest.fixture(scope="module")
def root(file: Path) -> Element:
    found = parse(file).getroot()
    assert found is not None
    return found


def test_the_page_has_its_size_on_paper(root: Element) -> None:
    assert (root.get("width"), root.get("height")) == ("420mm", "297mm")
    assert root.get("viewBox") == "0 0 42000 29700"


def test_every_layer_of_the_map_is_a_group_of_its_own(file: Path, root: Element) -> None:
    groups = {group.get(f"{INKSCAPE}label"): group for group in root.iter(f"{SVG}g") if group.get("id")}
    assert {"土地利用现状图斑", "镇街", "科技企业孵化器"} <= set(groups)
    assert groups["科技企业孵化器"].get("opacity") == "0.5"
    assert [text.text for text in groups["标注"].iter(f"{SVG}text")].count("中山市创新中心") >= 1
    # nothing of the marks that told the layers apart is left
    assert "#010203" not in file.read_text(encoding="utf-8")


def test_everything_is_vector(root: Element) -> None:
    assert not list(root.iter(f"{SVG}image"))
    # ten classes of land, each filled and outlined, and the rest of the sheet
    assert len(list(root.iter(f"{SVG}path"))) > 50


def test_text_is_text_and_its_font_lies_in_the_file(file: Path, root: Element) -> None:
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert f"{WEST_PLATFORM}土地利用现状图（示意）" in texts
    assert "王五" in texts
    style = root.find(f"{SVG}style")
    assert style is not None
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", style.text or "")
    assert found is not None
    with TTFont(io.BytesIO(base64.b64decode(found[1]))) as font:
        known = font.getBestCmap()
    assert {ord(char) for text in texts for char in text if not char.isspace()} <= set(known)


def test_a_browser_shows_the_same_sheet(
    file: Path, layout: SheetLayout, tmp_path: Path, chromium: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f'<body style="margin:0"><img src="{file.as_uri()}" style="width:1654px;display:block"></body>',
        encoding="utf-8",
    )
    shot = tmp_path / "shot.png"
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options = ["--window-size=1654,1169", f"--screenshot={shot}", "--virtual-time-budget=5000"]
    subprocess.run([*command, *options, page.as_uri()], check=True, capture_output=True, timeout=120)
    ours = tmp_path / "ours.png"
    draw_picture(layout.first, 100).save(str(ours))
    with Image.open(shot) as one, Image.open(ours) as other:
        wide = min(one.width, other.width), min(one.height, other.height)
        seen, drawn = (picture.convert("RGB").crop((0, 0, *wide)) for picture in (one, other))
    # edges are smoothed in two ways; over eight pixels by eight what is drawn must have the same colour
    difference = ImageChops.difference(seen.reduce(8), drawn.reduce(8))
    assert max(ImageStat.Stat(difference).mean) < 1.5
    assert max(high for _low, high in difference.getextrema()) < 60
