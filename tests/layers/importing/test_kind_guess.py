"""Which kind a layer most likely is: by its name, then by its columns, and nothing is claimed on a draw."""

from __future__ import annotations

import pytest

from layers.importing.kind_guess import guess_kind, plain_geometry


@pytest.mark.parametrize(
    ("names", "geometry", "columns", "key"),
    [
        (("DLTB",), "polygon", ("DLBM", "DLMC", "TBMJ", "QSXZ", "ZLDWDM"), "land_use"),
        (("2023", "土地利用现状图斑"), "polygon", (), "land_use"),
        (("全市控制线范围",), "polygon", (), "control_lines"),
        (("xinwu_land_use",), "polygon", ("Class", "area_m2"), "land_use"),
        (("未命名",), "polygon", (), "zones"),
        (("未命名",), "point", ("X1",), "points"),
        (("道路",), "line", ("a",), "lines"),
    ],
)
def test_a_kind_is_guessed(names: tuple[str, ...], geometry: str, columns: tuple[str, ...], key: str) -> None:
    assert guess_kind(names, geometry, columns).kind.key == key


def test_a_name_never_makes_points_of_polygons() -> None:
    assert guess_kind(("incubators",), "polygon", ()).kind.geometry == "polygon"


@pytest.mark.parametrize(
    ("declared", "plain"),
    [
        ("MultiPolygon Z", "polygon"),
        ("CurvePolygon", "polygon"),
        ("MultiSurface", "polygon"),
        ("3D Point", "point"),
        ("LineString", "line"),
        ("MultiCurve", "line"),
        ("Point", "point"),
        ("Unknown", ""),
        ("GeometryCollection", ""),
        ("", ""),
    ],
)
def test_declared_types_are_read(declared: str, plain: str) -> None:
    assert plain_geometry(declared) == plain
