"""Boundary TXT files as they are met, typed or built from rings with known areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

HEADER_37 = """[属性描述]
格式版本号=
数据产生单位=
数据产生日期=
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=37
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
HEADER = HEADER_37.replace("带号=37", "带号=38")

# The first plot of the sample of Windr07/Txt-ShpConverter, as it stands there.
WINDR07 = (
    HEADER_37
    + """5,109.43,1,,面,,,,@
J1,1,2369625.708,37465566.598
J2,1,2369635.954,37465579.173
J3,1,2369628.036,37465584.762
J4,1,2369623.845,37465578.707
J5,1,2369625.708,37465566.598
"""
)

NORTH, EAST = 2_491_500.0, 38_436_200.0
"""A place in 石岐, zone 38."""

Corners = Sequence[tuple[float, float]]


def box(width: float, height: float, east: float = 0.0, north: float = 0.0) -> Corners:
    """Return a rectangle (east, north) clockwise from its north-western corner, off :data:`EAST`."""
    west, south = EAST + east, NORTH + north
    return (
        (west, south + height),
        (west + width, south + height),
        (west + width, south),
        (west, south),
    )


def square(area_m2: float, east: float = 0.0, north: float = 0.0) -> Corners:
    """Return a rectangle of an area to 0.01 m2, 10 m wide."""
    return box(10.0, area_m2 / 10.0, east, north)


def rows(rings: Iterable[Corners], *, closing: bool = True, prefix: bool = True) -> str:
    """Return the point rows of rings; ring numbers and labels run on."""
    lines: list[str] = []
    number = 0
    for ring, corners in enumerate(rings, start=1):
        first = number + 1
        for east, north in corners:
            number += 1
            y = east if prefix else east - 38_000_000.0
            lines.append(f"J{number},{ring},{north:.3f},{y:.3f}")
        if closing:
            label, _comma, rest = lines[-len(corners)].partition(",")
            assert label == f"J{first}"
            lines.append(f"{label},{rest}")
    return "".join(line + "\n" for line in lines)


def plot(
    area: str, rings: Sequence[Corners], *, record: str = "{count},{area},1,甲,面,,,,@", closing: bool = True
) -> str:
    """Return a record and its points."""
    count = sum(len(ring) + closing for ring in rings)
    return record.format(count=count, area=area) + "\n" + rows(rings, closing=closing)


def standard_file() -> str:
    """Return a file in the standard form: a plot with a hole and a second part, another plot, CRLF."""
    first = [box(100.0, 80.0), tuple(reversed(box(10.0, 10.0, 20.0, 20.0))), box(30.0, 30.0, 200.0)]
    # holes run anticlockwise from their north-western corner
    hole = first[1]
    first[1] = (hole[-1], *hole[:-1])
    text = HEADER + plot(
        "0.8800", first, record="{count},{area},DK-01,东区，一期,面,F49G001,科研用地,080302,@"
    )
    text += plot("0.2500", [box(50.0, 50.0, 500.0)], record="{count},{area},DK-02,乙,面,,,,@")
    return text.replace("\n", "\r\n")


def valid_files(folder: Path) -> list[Path]:
    """Write small valid files of several dialects and encodings."""
    two_rings = [square(459.73 + 16.62), square(16.62, 2.0, 3.0)]
    files = {
        "standard.txt": standard_file().encode("gb18030"),
        "windr07.txt": WINDR07.replace("\n", "\r", 6).encode("gb18030"),
        "marked.txt": (HEADER + plot("109.4", [square(109.4)])).encode("utf-8-sig"),
        "wide.txt": (HEADER + plot("459.73", two_rings)).encode("utf-16"),
        "yzt.txt": (HEADER + plot("", [square(200.0)], record="A-7,村路,面,,@")).encode("utf-8"),
        "full_width.txt": (
            HEADER.replace("[", "【").replace("]", "】") + plot("300", [square(300.0)]).replace(",", "，")
        ).encode("gb18030"),
        "bare.txt": rows([square(250.0)], closing=False).encode("ascii"),
    }
    paths = []
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        paths.append(path)
    return paths
