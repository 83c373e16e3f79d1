"""A red line arrives by mail: checked, looked at and written on a real X server, its figures found again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import geopandas
import pyproj
import pytest
import shapely

from tests.flows.screen import Hand, missing_program, on_screen

pytestmark = pytest.mark.peer

MAP = (356, 90, 1058, 460)
# of a place in the demonstration city
CORNERS = ((447155, 2501426), (447506, 2501635), (448055, 2501457), (447905, 2500988), (447205, 2501057))
# from the list by the meridian to the field
TABS = 2
CGCS2000 = pyproj.Geod(a=6378137.0, rf=298.257222101)


def write_points(path: Path) -> None:
    """Write a shapefile without a word on its system and without the leading figures of its coordinates."""
    shape = shapely.transform(shapely.Polygon(CORNERS), lambda xy: xy - (400_000.0, 2_400_000.0))
    frame = geopandas.GeoDataFrame({"XMMC": ["临海路北侧地块"]}, geometry=[shape], crs=4547)
    frame.to_file(path, encoding="utf-8")
    path.with_suffix(".prj").unlink()


def morning(hand: Hand, points: Path, out: Path) -> None:
    """Check the red line by the keyboard, write its tables, and look at the rules."""
    hand.until(lambda: hand.title().startswith(("desk", "演示")), "the window")
    title = hand.title()
    before = hand.still(MAP)
    hand.press("ctrl+shift+j")
    hand.until(lambda: hand.title() not in ("", title), "the dialog of files")
    hand.write(str(points))
    hand.press("Return")
    hand.until(lambda: hand.title() == "红线坐标系", "the question of coordinates")
    hand.keep("redline_1_system")
    hand.press(*["Tab"] * TABS)
    hand.write("4547+offset:400000:2400000")
    hand.keep("redline_2_typed")
    hand.press("Return")
    hand.until(lambda: hand.title() == title, "the window again")
    hand.until(lambda: bool((hand.part(MAP) != before).any(axis=2).mean() > 0.3), "the red line on the map")
    hand.still(MAP)
    hand.keep("redline_3_checked")
    hand.press("ctrl+alt+shift+y")
    hand.until(lambda: hand.title() not in ("", title), "the rules")
    hand.keep("redline_4_rules")
    hand.press("Escape")
    hand.until(lambda: hand.title() == title, "the window again")
    hand.press("ctrl+shift+w")
    hand.until(lambda: hand.title() not in ("", title), "the dialog of folders")
    hand.write(str(out))
    hand.press("Return")
    hand.until(lambda: any(out.glob("*.pdf")), "the files")
    hand.until(lambda: hand.title() == title, "the window again")
    hand.still(MAP)
    hand.keep("redline_5_written")


def land_by_hand(project: Path) -> dict[str, float]:
    """Return m2 by class code under the red line: shapely's pieces one by one, geodesic areas."""
    line = shapely.Polygon(CORNERS)
    land = geopandas.read_file(project, layer=land_table(project), bbox=line.bounds)
    to_degrees = pyproj.Transformer.from_crs(4547, 4490, always_xy=True)
    found: dict[str, float] = {}
    for code, shape in zip(land["class_code"], land.geometry, strict=True):
        piece = shapely.intersection(shape, line)
        for part in shapely.get_parts(piece):
            if part.geom_type == "Polygon" and not part.is_empty:
                longitude, latitude = to_degrees.transform(*shapely.get_coordinates(part.exterior).T)
                area = abs(CGCS2000.polygon_area_perimeter(longitude, latitude)[0])
                for hole in part.interiors:
                    longitude, latitude = to_degrees.transform(*shapely.get_coordinates(hole).T)
                    area -= abs(CGCS2000.polygon_area_perimeter(longitude, latitude)[0])
                found[code] = found.get(code, 0.0) + area
    return found


def land_table(project: Path) -> str:
    from layers.store import Project

    with Project.open(project) as opened:
        return str(opened.layers_of("land_use")[0].table)


def test_a_red_line_from_the_mail_to_the_note(tmp_path: Path, demonstration_file: Path) -> None:
    missing = missing_program()
    if missing:
        pytest.skip(f"peer missing: {missing} (make peers)")
    project, points, out = tmp_path / "desk.gpkg", tmp_path / "line.shp", tmp_path / "out"
    shutil.copy(demonstration_file, project)
    write_points(points)
    out.mkdir()
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "zsgis"
    settings.mkdir(parents=True)
    (settings / "preferences.json").write_text(json.dumps({"tour_seen": True}), encoding="utf-8")
    with on_screen(tmp_path, tmp_path, project, "1366x768") as hand:
        morning(hand, points, out)
        hand.press("ctrl+q")
        assert hand.program.wait(30) == 0
        assert hand.program.stderr is not None
        assert "Traceback" not in hand.program.stderr.read().decode()
    assert sorted(path.suffix for path in out.iterdir()) == [".docx", ".json", ".pdf", ".xlsx"]
    (document,) = (json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.json"))
    land = next(table for table in document["tables"] if table["key"] == "redline_land_1")
    printed = {
        row["values"]["code"]: row["values"]["total"] for row in land["rows"] if row["values"].get("code")
    }
    by_hand = land_by_hand(project)
    assert set(printed) == set(by_hand)
    for code, hectares in printed.items():
        # printed with four digits and balanced: at most one in the last digit from what stands alone
        assert hectares == pytest.approx(by_hand[code] / 10_000, abs=2e-4, rel=1e-5)
