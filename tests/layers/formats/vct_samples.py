"""VCT files written by hand after the grammar of GB/T 17798-2007; areas worked out on paper.

Polygon 1 is a square of 100 m with a square hole of 20 m: 10,000 - 400 = 9,600 m². Polygon 2 lies east of it,
150 m by 100 m: 15,000 m². Both are made of lines and share line 11 (the second one backwards).
"""

from __future__ import annotations

from pathlib import Path

EAST, NORTH = 38436000.0, 2491000.0
HEAD = """HeadBegin
Datamark:LANDUSE-VCT
Version:3.0
CoordinateSystemType:P
Dim:2
XAxisDirection:E
YAxisDirection:N
XYUnit:M
ZUnit:M
Spheroid:CGCS2000,6378137.0,298.257222101
PrimeMeridian:Greenwich
Projection:高斯-克吕格投影
Parameters:114,1,38500000,0,3,38
VerticalDatum:1985国家高程基准
TemporalReferenceSystem:北京时间
ExtentMin:38436000,2491000
ExtentMax:38436250,2491100
MapScale:2000
Offset:0,0
Date:20231231
Separator:,
HeadEnd
"""
CODES = """
FeatureCodeBegin
1000110000,测量控制点,Point,CLKZD
1000600200,行政区界线,Line,XZQJX
2001010100,地类图斑,Polygon,DLTB
2005010200,永久基本农田,Polygon,YJJBNT
2001010200,地类图斑注记,Annotation,ZJ
FeatureCodeEnd

TableStructureBegin
CLKZD,1
BSM,Char,18
0

XZQJX,2
BSM,Char,18
JXLX,Char,6
0

DLTB,5
BSM,Char,18
DLBM,Char,5
DLMC,Char,60
TBMJ,Float,15,2
SJNF,Int4
0

YJJBNT,1
BSM,Char,18
0

ZJ,1
BSM,Char,18
0

QLR,2,NoneGeometry
BSM,Char,18
DJRQ,Date
0
TableStructureEnd
"""


def at(*points: tuple[float, float]) -> str:
    """Return the lines of points, metres from the corner."""
    return "\n".join(f"{EAST + x},{NORTH + y}" for x, y in points)


LINES: dict[int, list[tuple[float, float]]] = {
    11: [(100, 0), (100, 100)],
    12: [(100, 100), (0, 100), (0, 0), (100, 0)],
    13: [(100, 0), (250, 0), (250, 100), (100, 100)],
    14: [(20, 20), (40, 20), (40, 40), (20, 40), (20, 20)],
}


def line(number: int, points: list[tuple[float, float]], code: str = "1099000000", kind: int = 11) -> str:
    """Return a line object of one segment."""
    return f"{number}\n{code}\nunknown\n1\n1\n{kind}\n{len(points)}\n{at(*points)}\n0\n"


def of_lines(number: int, references: str, count: int, code: str = "2001010100") -> str:
    """Return a polygon object made of lines."""
    return f"{number}\n{code}\nunknown\n100\n{at((50, 50))}\n21\n{count}\n{references}\n0\n"


def of_rings(number: int, rings: list[list[tuple[float, float]]], code: str = "2005010200") -> str:
    """Return a polygon object made of rings."""
    drawn = "".join(f"11\n{len(ring)}\n{at(*ring)}\n" for ring in rings)
    return f"{number}\n{code}\nunknown\n1\n{at((50, 50))}\n{len(rings)}\n{drawn}0\n"


SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]
HOLE = [(20.0, 20.0), (40.0, 20.0), (40.0, 40.0), (20.0, 40.0), (20.0, 20.0)]
APART = [(200.0, 0.0), (210.0, 0.0), (210.0, 10.0), (200.0, 10.0), (200.0, 0.0)]
POINTS = (
    f"PointBegin\n1\n1000110000\nunknown\n1\n1\n{at((5, 6))}\n0\n\n"
    f"2\n1000110000\nunknown\n1\n{at((7, 8))}\n0\nPointEnd\n"
)
SHARED = "".join(line(number, points) for number, points in LINES.items())
POLYGONS = of_lines(21, "11,12,0,14", 4) + of_lines(22, "13,-11", 2) + of_rings(31, [SQUARE, HOLE, APART])
ANNOTATIONS = (
    f"AnnotationBegin\n41\n2001010200\nunknown\n1\n石岐, 中山\n{at((50, 50))},30\n0\nAnnotationEnd\n"
)
ATTRIBUTES = """AttributeBegin
CLKZD
1,KZD1
2,KZD2
TableEnd
XZQJX
15,JX15,660200
TableEnd
DLTB
21,BSM21,0101,水田,9600.00,2023
22,BSM22,0802,,15000.0,
TableEnd
YJJBNT
31
TableEnd
ZJ
41,ZJ41
TableEnd
QLR
1,QLR1,20231231
TableEnd
AttributeEnd
"""
STYLES = "StyleBegin\nunknown\n0\nStyleEnd\n"


def text(**parts: str) -> str:
    """Return a whole file; ``parts`` replace what it is made of."""
    made = {
        "head": HEAD,
        "codes": CODES,
        "points": POINTS,
        "lines": f"LineBegin\n{SHARED}{line(15, [(0, 0), (3, 4)], '1000600200')}LineEnd\n",
        "polygons": f"PolygonBegin\n{POLYGONS}PolygonEnd\n",
        "annotations": ANNOTATIONS,
        "attributes": ATTRIBUTES,
        "styles": STYLES,
    } | parts
    return "\n".join(made.values())


def write(path: Path, body: str | None = None, encoding: str = "gbk") -> Path:
    """Write a file with the line ends of Windows."""
    path.write_bytes((body if body is not None else text()).replace("\n", "\r\n").encode(encoding))
    return path


def valid_files(folder: Path) -> list[Path]:
    """Write a file in GBK and one in UTF-8."""
    return [write(folder / "a.vct"), write(folder / "b.vct", encoding="utf-8-sig")]
