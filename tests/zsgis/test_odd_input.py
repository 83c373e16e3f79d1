"""Every analysis against every kind of odd input: counted as its docstring says, or refused, and named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.errors import InputError, ZsgisError
from tests.zsgis.odd_input_samples import (
    PARCEL_M2,
    SAMPLES,
    WHOLE_M2,
    outcome,
    world,
)
from tests.zsgis.stock_samples import EAST, NORTH, at
from zsgis.analysis.zone_names import deduction_name, outside_name
from zsgis.registry import CAPABILITIES

EVERY = tuple(SAMPLES)
CLASSED = ("stock", "intensity", "fragmentation", "contiguity", "change")
"""Those that count the land classes of the layer they count."""
ONCE = ("three_plans", "three_lines", "supply_gap")
"""Those in which land under two zones counts to the one that came in first."""


def test_every_analysis_is_tried() -> None:
    # what secures land is tried beside its own worked cases: test_supply.py, test_demand.py
    assert set(EVERY) == {key for key, each in CAPABILITIES.items() if each.stage == "analysis"}


@pytest.mark.parametrize("key", EVERY)
def test_parcels_on_the_border_count_in_each_zone_with_their_part(tmp_path: Path, key: str) -> None:
    found = outcome(tmp_path, key, world())
    # the border at 150 m cuts the second of the three parcels in halves
    assert found.rows() == {"西": 15_000.0, "东": 15_000.0}
    assert found.whole_m2 == WHOLE_M2


@pytest.mark.parametrize("key", EVERY)
def test_zones_over_each_other_count_as_it_says_and_the_total_once(tmp_path: Path, key: str) -> None:
    odd = world()
    odd["范围"]["geometry"] = [at(0, 0, 200, 100), at(100, 0, 300, 100)]
    found = outcome(tmp_path, key, odd)
    rows = found.rows()
    # the zones share the second parcel, 10,000 m2
    if key in ONCE:
        assert sorted(rows.values()) == [PARCEL_M2, 2 * PARCEL_M2]
    else:
        assert rows == {"西": 20_000.0, "东": 20_000.0, deduction_name(): -PARCEL_M2}
    assert found.whole_m2 == WHOLE_M2 == sum(rows.values())
    assert found.names("范围", 0, 1)


@pytest.mark.parametrize("shape", [at(5000, 0, 5100, 100), None], ids=["far away", "no shape"])
@pytest.mark.parametrize("key", EVERY)
def test_an_empty_zone_has_a_row_of_nothing(tmp_path: Path, key: str, shape: Any) -> None:
    odd = world()
    odd["范围"] = {"name": ["西", "东", "空"], "geometry": [*odd["范围"]["geometry"], shape]}
    found = outcome(tmp_path, key, odd)
    assert found.rows() == {"西": 15_000.0, "东": 15_000.0, "空": 0.0}
    assert found.whole_m2 == WHOLE_M2


@pytest.mark.parametrize("key", EVERY)
def test_what_lies_in_no_zone_has_a_row_of_its_own(tmp_path: Path, key: str) -> None:
    odd = world()
    odd["范围"] = {"name": ["西"], "geometry": [at(0, 0, 150, 100)]}
    found = outcome(tmp_path, key, odd)
    assert found.rows() == {"西": 15_000.0, outside_name(): 15_000.0}
    assert found.whole_m2 == WHOLE_M2


@pytest.mark.parametrize("key", EVERY)
def test_zones_of_one_name_stay_apart(tmp_path: Path, key: str) -> None:
    odd = world()
    odd["范围"]["name"] = ["西", "西"]
    assert list(outcome(tmp_path, key, odd).rows().values()) == [15_000.0, 15_000.0]


@pytest.mark.parametrize(("side", "called"), [("", "乙"), ("范围", "东")], ids=["parcels", "zones"])
@pytest.mark.parametrize("key", EVERY)
def test_a_coordinate_that_is_no_number_is_refused_with_its_feature_named(
    tmp_path: Path, key: str, side: str, called: str
) -> None:
    layer = side or SAMPLES[key].layer
    with pytest.raises(ZsgisError) as told:
        outcome(tmp_path, key, world(), spoiled=layer)
    assert layer in str(told.value)
    assert called in str(told.value)


@pytest.mark.parametrize("key", EVERY)
def test_a_parcel_without_a_shape_counts_nowhere_and_is_named(tmp_path: Path, key: str) -> None:
    odd, layer = world(), SAMPLES[key].layer
    odd[layer]["geometry"][0] = None
    found = outcome(tmp_path, key, odd)
    rows = found.rows()
    if key == "change":  # the later date still has it
        assert found.whole_m2 == WHOLE_M2
    else:
        assert (rows["西"], rows["东"], found.whole_m2) == (5_000.0, 15_000.0, 2 * PARCEL_M2)
    assert found.names(layer, 0)


@pytest.mark.parametrize("key", EVERY)
def test_a_broken_parcel_is_repaired_for_the_computation_and_named(tmp_path: Path, key: str) -> None:
    odd, layer = world(), SAMPLES[key].layer
    # two triangles of 50 m by 100 m / 2 that meet in the middle
    west, south = EAST, NORTH
    odd[layer]["geometry"][0] = shapely.Polygon(
        [(west, south), (west + 100, south + 100), (west + 100, south), (west, south + 100)]
    )
    found = outcome(tmp_path, key, odd)
    if key != "change":
        assert found.rows()["西"] == 5_000.0 + 5_000.0
    assert found.whole_m2 == (WHOLE_M2 if key == "change" else 25_000.0)
    assert found.names(layer, 0)


@pytest.mark.parametrize("key", EVERY)
def test_parcels_over_each_other_are_named(tmp_path: Path, key: str) -> None:
    odd, layer = world(), SAMPLES[key].layer
    odd[layer]["geometry"][1] = at(50, 0, 150, 100)
    assert outcome(tmp_path, key, odd).names(layer, 0, 1)


@pytest.mark.parametrize("key", EVERY)
def test_a_layer_in_degrees_counts_in_the_plane_of_the_project(tmp_path: Path, key: str) -> None:
    layer = SAMPLES[key].layer
    found = outcome(tmp_path, key, world(), crs={layer: 4490})
    assert found.whole_m2 == pytest.approx(WHOLE_M2, abs=0.05)
    assert list(found.rows().values()) == pytest.approx([15_000.0, 15_000.0], abs=0.05)


@pytest.mark.parametrize("key", EVERY)
def test_zones_in_degrees_are_brought_to_the_plane(tmp_path: Path, key: str) -> None:
    found = outcome(tmp_path, key, world(), crs={"范围": 4490})
    assert found.whole_m2 == WHOLE_M2
    rows = found.rows()
    assert [rows["西"], rows["东"]] == pytest.approx([15_000.0, 15_000.0], abs=0.05)


@pytest.mark.parametrize("key", EVERY)
def test_a_layer_without_features_is_zero_or_refused_by_name(tmp_path: Path, key: str) -> None:
    odd, layer = world(), SAMPLES[key].layer
    odd[layer] = {name: [] for name in odd[layer]}
    if key in ("contiguity", "fragmentation"):
        with pytest.raises(InputError, match=layer):
            outcome(tmp_path, key, odd)
    else:
        # the land of the later date is still there
        assert outcome(tmp_path, key, odd).whole_m2 == (WHOLE_M2 if key == "change" else 0.0)


@pytest.mark.parametrize("key", CLASSED)
def test_a_layer_without_classes_is_refused_or_counted_and_named(tmp_path: Path, key: str) -> None:
    odd = world()
    odd["用地"]["class_code"] = [None] * 3
    found = outcome(tmp_path, key, odd)
    assert found.whole_m2 == WHOLE_M2
    assert found.names("用地", 0, 1, 2)


@pytest.mark.parametrize("key", CLASSED)
def test_a_layer_without_its_field_of_classes_is_refused_by_name(tmp_path: Path, key: str) -> None:
    given = {"classes": "10"} if key == "contiguity" else {}
    with pytest.raises(InputError) as told:
        outcome(tmp_path, key, world(), dropped=("用地", "class_code"), **given)
    assert "用地" in str(told.value)
    assert "class_code" in str(told.value)


@pytest.mark.parametrize(
    "value", ["M1", "99", None, float("nan")], ids=["of another standard", "unknown", "none", "nan"]
)
@pytest.mark.parametrize("key", CLASSED)
def test_parcels_with_an_odd_class_are_counted_and_named(tmp_path: Path, key: str, value: Any) -> None:
    odd = world()
    odd["用地"]["class_code"][1] = value
    found = outcome(tmp_path, key, odd)
    assert found.whole_m2 == WHOLE_M2
    assert found.names("用地", 1)


@pytest.mark.parametrize(
    ("key", "layer", "field"),
    [
        ("three_plans", "土规", "zone_type"),
        ("three_plans", "控规", "class_code"),
        ("three_plans", "国空", "class_code"),
        ("three_lines", "控制线", "line_type"),
        ("suitability", "控制线", "line_type"),
        ("suitability", "国空", "class_code"),
    ],
)
def test_a_plan_without_the_field_that_tells_it_is_refused_by_name(
    tmp_path: Path, key: str, layer: str, field: str
) -> None:
    with pytest.raises(InputError) as told:
        outcome(tmp_path, key, world(), dropped=(layer, field))
    assert layer in str(told.value)
    assert field in str(told.value)


@pytest.mark.parametrize(
    ("key", "layer", "field"),
    [
        ("supply_gap", "批地", "approval_number"),
        ("supply_gap", "批地", "approved_area_ha"),
        ("supply_gap", "供地", "contract_area_m2"),
        ("policy", "供地", "supervision_number"),
        ("screening", "地块", "use_state"),
        ("screening", "地块", "floor_area_m2"),
    ],
)
def test_land_without_a_field_that_is_only_looked_at_is_counted_all_the_same(
    tmp_path: Path, key: str, layer: str, field: str
) -> None:
    # what cannot be judged without the field is told in the table, as 缺资料 or without a batch
    assert outcome(tmp_path, key, world(), dropped=(layer, field)).whole_m2 == WHOLE_M2
