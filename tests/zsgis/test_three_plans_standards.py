"""Plans in several standards and depths: GB 50137 and 用地用海 agree, coarse classes tell nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pyproj
import pytest

from layers.locations import resource_path
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import at
from tests.zsgis.test_three_plans import NAMES, sample
from zsgis.result import Result
from zsgis.run import run_capability


def compared(
    path: Path, layers: dict[str, dict[str, list[Any]]], standards: dict[str, str], **given: Any
) -> Result:
    with Project.create(path, 4547) as project:
        for kind, columns in layers.items():
            frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
            known = standards.get(kind, "yd2023" if kind == "industrial_parcels" else "")
            project.add_layer(
                NewLayer(name=NAMES[kind], kind=kind, crs=pyproj.CRS(4547), standard=known), frame
            )
        return run_capability(project, "three_plans", {"unit": "m2", "basis": "planar", **given})


def outcomes(result: Result) -> dict[str, Any]:
    (total,) = [dict(row.values) for row in result.table("outcomes").rows if "总计" in row.values.values()]
    return total


def test_a_detailed_plan_in_the_classes_of_land_and_sea_gives_the_same(tmp_path: Path) -> None:
    urban = compared(
        tmp_path / "a.gpkg", sample(), {"detailed_plan": "gb50137", "territorial_plan": "yd2023"}
    )
    layers = sample()
    # M1 is 100101, E2 farm and forest land, here 0101; R2 is 070102
    layers["detailed_plan"]["class_code"] = ["100101", "0101", "070102", "100101", "100101"]
    land_and_sea = compared(
        tmp_path / "b.gpkg", layers, {"detailed_plan": "yd2023", "territorial_plan": "yd2023"}
    )
    assert outcomes(land_and_sea) == outcomes(urban)
    assert outcomes(urban)["land_only"] == 1000.0
    detailed = {row.values["detailed"] for row in land_and_sea.table("parcels").rows}
    assert "100101 一类工业用地、0101 水田" in detailed


@pytest.mark.parametrize(
    ("level", "detailed", "territorial", "use", "same"),
    [
        # R2 is 070102, which is 0701 and 07
        (1, "R2", "07", 0.0, 1000.0),
        (2, "R2", "0701", 0.0, 1000.0),
        (2, "R2", "0702", 1000.0, 0.0),
        # residential land may be what R2 is, and commercial land can not
        (2, "R2", "07", 0.0, 1000.0),
        (2, "R2", "09", 1000.0, 0.0),
        (3, "R2", "0701", 0.0, 1000.0),
        (3, "R2", "070101", 1000.0, 0.0),
        # no class of land and sea is led to from H: built land in both, of a use that cannot be compared
        (1, "H", "07", 0.0, 1000.0),
    ],
)
def test_a_coarse_class_is_no_difference_to_what_it_may_hold(
    tmp_path: Path, level: int, detailed: str, territorial: str, use: float, same: float
) -> None:
    ground = at(0, 0, 100, 10)
    layers: dict[str, dict[str, list[Any]]] = {
        "industrial_parcels": {"name": ["甲"], "class_code": ["1001"], "geometry": [ground]},
        "old_plan_zones": {"zone_type": ["允许建设区"], "geometry": [ground]},
        "detailed_plan": {"name": ["1"], "class_code": [detailed], "geometry": [ground]},
        "territorial_plan": {"name": ["1"], "class_code": [territorial], "geometry": [ground]},
    }
    text = resource_path("rules", "three_plans.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace("compare_level = 1", f"compare_level = {level}"), encoding="utf-8")
    standards = {"detailed_plan": "gb50137", "territorial_plan": "yd2023"}
    total = outcomes(compared(tmp_path / "p.gpkg", layers, standards, rule=str(own)))
    assert (total["use"], total["same"]) == (use, same)
    assert total["total"] == 1000.0


def test_a_control_zone_that_nobody_knows_makes_nothing_agree(tmp_path: Path) -> None:
    layers = sample()
    # 300 to 400 m lay in 有条件建设区, where both plans have a factory: without a known zone nobody can tell
    layers["old_plan_zones"]["zone_type"][3] = "允建区"
    standards = {"detailed_plan": "gb50137", "territorial_plan": "yd2023"}
    total = outcomes(compared(tmp_path / "p.gpkg", layers, standards))
    # with the 100 m that no control zone covers
    assert (total["same"], total["conditional"], total["not_covered"]) == (0.0, 0.0, 2000.0)
