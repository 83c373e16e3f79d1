"""The web map shows what the project holds, makes no request, and runs nothing that came in with the data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import folium
import geopandas as gpd
import pytest
from shapely import Point, box

from layers.errors import InputError, SecrecyError
from layers.store import NewLayer, Project
from layers.style import ClassRule, ScaledSymbol, Style, Symbol
from layers.tree import LayerTree
from zsgis.arrangement import Arrangement, settings_of
from zsgis.webmap import write_webmap
from zsgis.webmap.assets import leaflet_styles, leaflet_version

HOSTILE = (
    "<img src=x onerror=\"document.title='stolen'\">{{ 7*7 }}"
    "</script><script>document.title='stolen'</script>"
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project of two parcels west and east of each other and a station, with hostile texts."""
    with Project.create(tmp_path / "图.gpkg", 4547, title="测试 <b>图</b>") as project:
        parcels = gpd.GeoDataFrame(
            {"class_code": ["1001", "0802"], "name": [HOSTILE, "研究所 & 实验室"]},
            geometry=[box(436000, 2491000, 437000, 2492000), box(437000, 2491000, 438000, 2492000)],
            crs=4547,
        )
        style = Style(
            class_field="class_code",
            rules=(
                ClassRule(value="1001", title="1001 工业用地", symbol=Symbol(fill="#BB9674")),
                ClassRule(value="0802", title="0802 科研用地", symbol=Symbol(fill="#E6005C")),
                ClassRule(value="0701", title="0701 城镇住宅用地", symbol=Symbol(fill="#FFFF2D")),
            ),
        )
        project.add_layer(
            NewLayer(name="地类图斑", kind="land_use", crs=project.crs, standard="yd2023", style=style),
            parcels,
        )
        stations = gpd.GeoDataFrame({"name": [HOSTILE]}, geometry=[Point(436500, 2491500)], crs=4547)
        project.add_layer(NewLayer(name=f"站点{HOSTILE}", kind="points", crs=project.crs), stations)
        yield project


@pytest.fixture
def page(project: Project, tmp_path: Path) -> Path:
    return write_webmap(project, tmp_path / "图.html").path


def test_leaflet_is_the_version_folium_was_written_for() -> None:
    asked = dict(folium.Map(tiles=None).default_js)["leaflet"]
    assert f"leaflet@{leaflet_version()}/" in asked


def test_pictures_of_the_style_sheet_are_inside_it() -> None:
    addresses = re.findall(r"url\(([^)]*)\)", leaflet_styles())
    assert addresses
    assert all(address.startswith(("data:", "#")) for address in addresses)


def test_nothing_in_the_page_points_elsewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=", text)
    assert not re.findall(r"<link[^>]*href=", text)
    assert "@import" not in text


def test_no_value_is_read_as_a_template(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "{{ 7*7 }}" in text


def test_legend_has_the_classes_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "1001 工业用地" in text
    assert "0701 城镇住宅用地" not in text


def test_secret_layer_is_refused_by_name(project: Project, tmp_path: Path) -> None:
    secret = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[Point(436500, 2491500)], crs=4547)
    project.add_layer(NewLayer(name="重要设施", kind="points", crs=project.crs, secrecy="秘密★10年"), secret)
    out = tmp_path / "secret.html"
    with pytest.raises(SecrecyError, match="重要设施"):
        write_webmap(project, out)
    assert not out.exists()


def test_hidden_secret_layer_stays_out_and_is_named(project: Project, tmp_path: Path) -> None:
    secret = gpd.GeoDataFrame({"name": ["某要害部位"]}, geometry=[Point(436500, 2491500)], crs=4547)
    new = NewLayer(name="重要设施", kind="points", crs=project.crs, secrecy="机密", visible=False)
    project.add_layer(new, secret)
    report = write_webmap(project, tmp_path / "open.html")
    assert report.kept_back == ("重要设施",)
    assert "某要害部位" not in report.path.read_text(encoding="utf-8")


def test_a_secret_layer_in_a_hidden_group_stays_out_too(project: Project, tmp_path: Path) -> None:
    uids = [info.uid for info in project.layers()]
    project.update_layer(uids[0], secrecy="秘密")
    tree = LayerTree().with_layers(uids).grouped(uids[:1], "group", "内部").with_visible("group", False)
    for key, value in settings_of(Arrangement(tree)).items():
        project.set_setting(key, value)
    report = write_webmap(project, tmp_path / "图.html")
    assert report.kept_back == (project.layer(uids[0]).name,)
    assert report.layers == (project.layer(uids[1]).name,)


def test_demonstration_data_carry_the_watermark(project: Project, tmp_path: Path) -> None:
    demo = gpd.GeoDataFrame({"name": ["演示"]}, geometry=[Point(436500, 2491500)], crs=4547)
    new = NewLayer(name="演示层", kind="points", crs=project.crs, demo=True, status="示意")
    project.add_layer(new, demo)
    text = write_webmap(project, tmp_path / "demo.html").path.read_text(encoding="utf-8")
    assert "演示数据 非真实界线" in text
    assert "示意" in text


def test_empty_project_is_told(tmp_path: Path) -> None:
    with Project.create(tmp_path / "空.gpkg", 4547) as project, pytest.raises(InputError):
        write_webmap(project, tmp_path / "x.html")


def test_a_layer_without_features_stays_off_the_page(project: Project, tmp_path: Path) -> None:
    none = gpd.GeoDataFrame({"name": ["没有图形"]}, geometry=[None], crs=4547)
    project.add_layer(NewLayer(name="空图层", kind="zones", crs=project.crs), none)
    project.add_layer(NewLayer(name="无要素", kind="zones", crs=project.crs), none.iloc[:0])
    page = write_webmap(project, tmp_path / "图.html").path.read_text(encoding="utf-8")
    assert "空图层" not in page
    assert "测试" in page


def test_folder_that_is_not_there_is_told(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        write_webmap(project, tmp_path / "missing" / "x.html")


@pytest.fixture
def browser(chromium: Path) -> Iterator[Any]:
    """A real headless Chromium that tells every request it makes."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(chromium)
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--window-size=1200,800",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


def requested(browser: Any) -> list[str]:
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


@pytest.mark.peer
def test_in_a_real_browser(browser: Any, page: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(page.as_uri())
    # layers are there and can be switched
    boxes = browser.find_elements(By.CSS_SELECTOR, ".leaflet-control-layers-overlays input")
    assert len(boxes) == 2
    assert all(box.is_selected() for box in boxes)
    boxes[1].click()
    assert not boxes[1].is_selected()
    boxes[1].click()
    # a click on the west parcel, left of the middle, shows its values as text
    middle = browser.find_element(By.CSS_SELECTOR, ".folium-map").size
    action = ActionChains(browser)
    map_element = browser.find_element(By.CSS_SELECTOR, ".folium-map")
    action.move_to_element_with_offset(
        map_element, -middle["width"] // 12, -middle["height"] // 8
    ).click().perform()
    # it fades in: its words are none until it is seen
    popup = WebDriverWait(browser, 30).until(
        lambda _: browser.find_element(By.CSS_SELECTOR, ".leaflet-popup-content").text
    )
    assert "工业" not in popup
    assert "1001" in popup
    assert HOSTILE in popup
    switches = browser.find_element(By.CSS_SELECTOR, ".leaflet-control-layers-overlays").text
    assert HOSTILE in switches
    # nothing of the data was run, and nothing was asked of anybody
    assert browser.title == "测试 <b>图</b>"
    others = [url for url in requested(browser) if urlparse(url).scheme not in {"file", "data", "blob"}]
    assert others == []
    assert [
        url for url in requested(browser) if urlparse(url).scheme == "file" and not url.endswith(".html")
    ] == []
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.peer
def test_looks_follow_the_scale_in_a_real_browser(browser: Any, tmp_path: Path) -> None:
    near = ScaledSymbol(symbol=Symbol(fill="#0000FF"), max_denominator=20_000)
    style = Style(symbol=Symbol(fill="#FF0000"), other_scales=(near,), max_denominator=500_000)
    with Project.create(tmp_path / "比例.gpkg", 4547) as project:
        frame = gpd.GeoDataFrame({"name": ["区"]}, geometry=[box(436000, 2491000, 437000, 2492000)], crs=4547)
        project.add_layer(NewLayer(name="区", kind="zones", crs=project.crs, style=style), frame)
        page = write_webmap(project, tmp_path / "比例.html").path
    browser.get(page.as_uri())
    look = """
        const map = Object.values(window).find((each) => each instanceof L.Map);
        map.setView(map.getCenter(), arguments[0], {animate: false});
        const {fill, fillColor, interactive} = zsLayers[0].getLayers()[0].options;
        return [fill, fillColor, interactive];
    """
    # at 22.5 degrees north zoom 16 is about 1:8,300, zoom 14 1:33,000, zoom 9 1:1,070,000
    assert browser.execute_script(look, 16) == [True, "#0000FF", True]
    assert browser.execute_script(look, 14) == [True, "#FF0000", True]
    assert browser.execute_script(look, 9)[::2] == [False, False]
    assert browser.execute_script(look, 16) == [True, "#0000FF", True]
