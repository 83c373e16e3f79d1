"""The user's own datum parameters: checked by arithmetic of its own, kept apart, never given away."""

from __future__ import annotations

import json
import logging
import math
import stat
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import coordinate_change, parse_crs, transform, transform_points
from layers.datum_parameters import DatumParameters, ParameterBook, read_parameters
from layers.datum_parameters.plausible import moved_m
from layers.errors import CrsError, InputError
from layers.guard import apply, parse_taken_as

# invented figures of the usual size; nobody's
SEVEN: dict[str, Any] = {
    "name": "演示七参数",
    "source": "2383",
    "target": "4547",
    "region": "演示区",
    "accuracy_m": 0.3,
    "values": {
        "method": "7",
        "dx": -12.646,
        "dy": 155.176,
        "dz": 80.863,
        "rx": -0.514,
        "ry": 0.923,
        "rz": -1.207,
        "scale_ppm": -3.118,
        "convention": "coordinate_frame",
    },
}
FOUR: dict[str, Any] = {
    "name": "演示四参数",
    "source": "2383",
    "target": "4547",
    "accuracy_m": 0.1,
    "values": {"method": "4", "north_m": -5.213, "east_m": 115.744, "rotation_arcsec": 0.4, "scale_ppm": 1.5},
}
IAG75, CGCS2000, KRASSOVSKY = (6378140.0, 298.257), (6378137.0, 298.257222101), (6378245.0, 298.3)


def changed(entry: dict[str, Any], **values: Any) -> dict[str, Any]:
    return entry | {"values": entry["values"] | values}


def geocentric(lon: float, lat: float, ellipsoid: tuple[float, float]) -> np.ndarray:
    """Return X, Y, Z at height 0 (the closed formula)."""
    a, rf = ellipsoid
    e2 = 1 / rf * (2 - 1 / rf)
    lam, phi = math.radians(lon), math.radians(lat)
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return np.array(
        [n * math.cos(phi) * math.cos(lam), n * math.cos(phi) * math.sin(lam), n * (1 - e2) * math.sin(phi)]
    )


def geographic(xyz: np.ndarray, ellipsoid: tuple[float, float]) -> tuple[float, float]:
    """Return longitude and latitude (fixed-point iteration of the latitude until it stands)."""
    a, rf = ellipsoid
    e2 = 1 / rf * (2 - 1 / rf)
    x, y, z = xyz
    p = math.hypot(x, y)
    phi = math.atan2(z, p * (1 - e2))
    for _step in range(50):
        n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * n * math.sin(phi), p)
    return math.degrees(math.atan2(y, x)), math.degrees(phi)


def by_hand(
    lon: float, lat: float, values: dict[str, Any], source: tuple[float, float]
) -> tuple[float, float]:
    """Return degrees on CGCS2000 by the small-angle matrix, written out."""
    rx, ry, rz = (math.radians(values.get(name, 0.0) / 3600) for name in ("rx", "ry", "rz"))
    if values.get("convention") == "position_vector":
        rx, ry, rz = -rx, -ry, -rz
    matrix = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])
    shift = np.array([values["dx"], values["dy"], values["dz"]])
    xyz = shift + (1 + values.get("scale_ppm", 0.0) * 1e-6) * matrix @ geocentric(lon, lat, source)
    return geographic(xyz, CGCS2000)


@settings(deadline=None, max_examples=25)
@given(
    st.floats(113.0, 114.0),
    st.floats(22.0, 23.0),
    st.tuples(*[st.floats(-150, 150)] * 3),
    st.tuples(*[st.floats(-5, 5)] * 3),
    st.floats(-10, 10),
    st.sampled_from(["coordinate_frame", "position_vector"]),
    st.sampled_from([("4610", IAG75), ("4214", KRASSOVSKY)]),
)
def test_seven_parameters_agree_with_arithmetic_written_out(
    lon: float,
    lat: float,
    shift: tuple[float, ...],
    turn: tuple[float, ...],
    scale: float,
    convention: str,
    datum: tuple[str, tuple[float, float]],
) -> None:
    values: dict[str, Any] = dict(zip(("dx", "dy", "dz", "rx", "ry", "rz"), (*shift, *turn), strict=True))
    values |= {"method": "7", "scale_ppm": scale, "convention": convention}
    own = read_parameters(SEVEN | {"source": datum[0], "target": "4490", "values": values})
    x, y = transform_points([lon], [lat], parse_crs(datum[0]), parse_crs(4490), (own,))
    # 1e-11 degrees are a thousandth of a millimetre
    assert (x[0], y[0]) == pytest.approx(by_hand(lon, lat, values, datum[1]), abs=1e-11)
    back = transform_points(x, y, parse_crs(4490), parse_crs(datum[0]), (own,))
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=3e-12)


def test_three_parameters_lead_from_plane_to_plane() -> None:
    values = {"method": "3", "dx": 15.8, "dy": -154.4, "dz": -82.3}
    own = read_parameters(SEVEN | {"source": "2435", "values": values})
    source, target = parse_crs(2435), parse_crs(4526)
    x, y = transform_points([436212.615], [2491514.243], source, target, (own,))
    lon, lat = transform_points([436212.615], [2491514.243], source, parse_crs(4214))
    there = by_hand(float(lon[0]), float(lat[0]), values, KRASSOVSKY)
    expected = transform_points([there[0]], [there[1]], parse_crs(4490), target)
    assert (x[0], y[0]) == pytest.approx((expected[0][0], expected[1][0]), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.floats(400_000, 480_000), st.floats(2_450_000, 2_530_000))
def test_four_parameters_with_x_north_and_back(east: float, north: float) -> None:
    own = read_parameters(FOUR)
    k, a = 1 + 1.5e-6, math.radians(0.4 / 3600)
    x, y = transform_points([east], [north], parse_crs(2383), parse_crs(4547), (own,))
    assert y[0] == pytest.approx(-5.213 + k * (north * math.cos(a) - east * math.sin(a)), abs=1e-6)
    assert x[0] == pytest.approx(115.744 + k * (north * math.sin(a) + east * math.cos(a)), abs=1e-6)
    back = transform_points(x, y, parse_crs(4547), parse_crs(2383), (own,))
    assert (back[0][0], back[1][0]) == pytest.approx((east, north), abs=1e-6)


def test_the_change_says_by_what_and_how_well() -> None:
    own = read_parameters(SEVEN)
    change = coordinate_change(parse_crs(2362), parse_crs(4326), (own,))
    # 0.3 m of the set and 1 m of WGS 84 taken for CGCS2000
    assert change.uncertainty_m == pytest.approx(1.3)
    assert change.one_datum_assumed
    assert not change.is_identity
    assert own.name in change.description
    assert own.short_hash in change.description
    assert "155" not in change.description


def test_without_parameters_or_with_others_legacy_data_stays_refused() -> None:
    seven = read_parameters(SEVEN)
    for given_sets in ((), (read_parameters(SEVEN | {"source": "2435"}),)):
        with pytest.raises(CrsError, match="不公开"):
            coordinate_change(parse_crs(2383), parse_crs(4547), given_sets)
    with pytest.raises(CrsError, match="多套参数") as several:
        coordinate_change(parse_crs(2383), parse_crs(4547), (seven, read_parameters(FOUR)))
    assert "演示四参数" in several.value.what
    with pytest.raises(CrsError):
        transform_points([436212.0], [2491514.0], parse_crs(2383), parse_crs(4547))
    # what needs no parameters pays them no heed
    assert coordinate_change(parse_crs(4547), parse_crs(4526), (seven,)).uncertainty_m == 0.0
    assert coordinate_change(parse_crs(2383), parse_crs(2362), (seven,)).uncertainty_m == 0.0


def test_shapes_are_led_off_a_legacy_datum_only_by_a_named_set() -> None:
    shapes = np.array([shapely.box(436212, 2491514, 436312, 2491614), None], dtype=object)
    sets = (read_parameters(SEVEN), read_parameters(FOUR))
    for text in ("2383", "2383+with:别的"):
        with pytest.raises(CrsError, match="自有参数") as refusal:
            apply(parse_taken_as(text), shapes, sets)
        assert "演示七参数" in refusal.value.remedy
    applied = apply(parse_taken_as("2383+with:演示七参数"), shapes, sets)
    assert applied.crs.to_epsg() == 4547
    assert [note.code for note in applied.notes] == ["guard.parameters"]
    alone = transform(shapes, parse_crs(2383), parse_crs(4547), sets[:1])
    assert shapely.equals_exact(applied.geometry[0], alone[0], 1e-9)
    assert applied.geometry[1] is None
    zone = apply(parse_taken_as("2362+with:演示七参数"), np.array([shapely.Point(38436212, 2491514)]), sets)
    assert zone.crs.to_epsg() == 4526
    assert apply(parse_taken_as("2333+with:演示七参数"), np.array([None]), sets).crs.to_epsg() == 4497
    assert apply(parse_taken_as("4610+with:演示七参数"), np.array([None]), sets).crs.to_epsg() == 4490


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({}, "名称"),
        (SEVEN | {"name": "  "}, "名称"),
        (SEVEN | {"name": "a+b"}, "名称"),
        (SEVEN | {"source": "4547"}, "1980西安"),
        (SEVEN | {"target": "2383"}, "2000国家"),
        (SEVEN | {"source": "没有"}, "没有"),
        (SEVEN | {"accuracy_m": 0}, "精度"),
        (SEVEN | {"more": 1}, "more"),
        (SEVEN | {"values": {"method": "9"}}, "参数值"),
        (changed(SEVEN, dx=155_176.0), "dx"),
        (changed(SEVEN, dy=float("nan")), "dy"),
        (changed(SEVEN, rx="x"), "rx"),
        (changed(SEVEN, rz=3600.0), "rz"),
        (changed(SEVEN, convention=None), "旋转方向"),
        ({**SEVEN, "values": {k: v for k, v in SEVEN["values"].items() if k != "convention"}}, "旋转方向"),
        (FOUR | {"source": "4610"}, "四参数"),
        (changed(FOUR, scale_ppm=5e5), "尺度"),
    ],
)
def test_what_cannot_be_right_is_named_without_its_numbers(entry: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_parameters(entry, where="表单")
    said = f"{refusal.value} {refusal.value.details} {refusal.value.__cause__}"
    assert word in said
    assert "155" not in said
    assert refusal.value.where == "表单"


def test_the_numbers_stand_in_no_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for own in (read_parameters(SEVEN), read_parameters(FOUR)):
        transform_points([436212.0], [2491514.0], parse_crs(2383), parse_crs(4547), (own,))
        shown = f"{own} {own!r} {own.values!r} {own.label} {caplog.text}"
        for secret in ("155.176", "12.646", "1.207", "3.118", "5.213", "115.744"):
            assert secret not in shown
    assert read_parameters(SEVEN).short_hash == read_parameters(SEVEN | {"name": "别名"}).short_hash
    assert read_parameters(SEVEN).short_hash != read_parameters(changed(SEVEN, dz=80.864)).short_hash


def book(folder: Path) -> ParameterBook:
    return ParameterBook(folder / "config" / "datum_parameters.json")


def test_a_book_keeps_sets_for_its_owner_alone(tmp_path: Path) -> None:
    kept = book(tmp_path)
    assert kept.sets() == ()
    kept.put(read_parameters(SEVEN))
    kept.put(read_parameters(FOUR))
    assert book(tmp_path).sets() == (read_parameters(SEVEN), read_parameters(FOUR))
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700
    better = read_parameters(changed(SEVEN, dz=80.9))
    kept.put(better)
    assert kept.find("演示七参数") == better
    kept.remove("演示七参数")
    assert [each.name for each in kept.sets()] == ["演示四参数"]
    kept.remove("演示四参数")
    assert not kept.path.exists()
    with pytest.raises(InputError, match="演示四参数"):
        kept.find("演示四参数")


def test_sets_are_handed_over_and_taken(tmp_path: Path) -> None:
    ours, theirs, letter = book(tmp_path / "a"), book(tmp_path / "b"), tmp_path / "参数.json"
    ours.put(read_parameters(SEVEN))
    ours.put(read_parameters(FOUR))
    ours.hand_over(["演示七参数"], letter)
    if sys.platform != "win32":
        assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    assert theirs.take_from(letter) == ("演示七参数",)
    assert theirs.sets() == (read_parameters(SEVEN),)
    assert theirs.take_from(letter) == ("演示七参数",)
    theirs.put(read_parameters(changed(SEVEN, dz=80.9)))
    with pytest.raises(InputError, match="演示七参数"):
        theirs.take_from(letter)
    assert theirs.find("演示七参数") == read_parameters(changed(SEVEN, dz=80.9))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\xff",
        "[]",
        "{}",
        '{"format":"zsgis-datum-parameters","version":2,"sets":[]}',
        '{"format":"zsgis-datum-parameters","version":1,"sets":{}}',
        '{"format":"zsgis-datum-parameters","version":1,"sets":[1]}',
        "[" * 200_000,
        "x" * 1_100_000,
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    kept = book(tmp_path)
    kept.path.parent.mkdir()
    kept.path.write_text(text, encoding="latin-1")
    with pytest.raises(InputError):
        kept.sets()
    with pytest.raises(InputError):
        kept.put(read_parameters(SEVEN))
    assert kept.path.read_text(encoding="latin-1") == text


def test_a_set_that_moves_the_city_is_not_kept(tmp_path: Path) -> None:
    kept = book(tmp_path)
    exchanged = read_parameters(changed(FOUR, rotation_arcsec=400.0))
    turned = math.radians(400 / 3600)
    # the middle of the city: 438.3 km east, 2,489.3 km north
    by = math.hypot(115.744 + 2_489_300 * turned, 5.213 + 438_300 * turned)
    assert moved_m(exchanged) == pytest.approx(by, rel=0.001)
    with pytest.raises(InputError, match="全市将移动"):
        kept.put(exchanged)
    entry = json.loads(exchanged.model_dump_json())
    letter = tmp_path / "x.json"
    letter.write_text(
        json.dumps({"format": "zsgis-datum-parameters", "version": 1, "sets": [entry]}), encoding="utf-8"
    )
    with pytest.raises(InputError, match="全市将移动"):
        kept.take_from(letter)
    assert not kept.path.exists()


def test_a_set_cannot_be_changed() -> None:
    own: DatumParameters = read_parameters(SEVEN)
    with pytest.raises(ValueError, match="frozen"):
        own.name = "x"
