"""Small drawings for the tests: made with ezdxf, so that nothing of the reader is in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ezdxf.document import Drawing
from ezdxf.filemanagement import new

from layers.formats.drawings import DRAWINGS
from layers.formats.model import ReadOptions, SourceData
from layers.progress import NoProgress

EAST, NORTH = 38_436_000.0, 2_491_000.0


def drawing(version: str = "R2010", *, metres: bool = True) -> Drawing:
    """Return an empty drawing."""
    document = new(version)
    document.header["$INSUNITS"] = 6 if metres else 4
    return document


def parcel_drawing(version: str = "R2010") -> Drawing:
    """Return a red line with a name in it, a line, a point, a block with an attribute, as offices draw."""
    document = drawing(version)
    document.layers.add("JZD", color=1)
    document.layers.add("地块", true_color=0x0080FF)
    document.appids.add("SOUTH")
    space = document.modelspace()
    red = space.add_lwpolyline(
        [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 50), (EAST, NORTH + 50)],
        close=True,
        dxfattribs={"layer": "JZD"},
    )
    red.set_xdata("SOUTH", [(1000, "300000"), (1000, "440-001"), (1000, "石岐街道")])
    space.add_text("宗地一", dxfattribs={"insert": (EAST + 50, NORTH + 25), "height": 2, "layer": "地块"})
    space.add_line((EAST, NORTH, 3.5), (EAST + 10, NORTH, 3.5), dxfattribs={"layer": "地块"})
    space.add_point((EAST + 1, NORTH + 2, 7.25))
    block = document.blocks.new("界桩", base_point=(1, 1))
    block.add_circle((1, 1), radius=2)
    reference = space.add_blockref("界桩", (EAST + 5, NORTH + 5), dxfattribs={"layer": "JZD"})
    reference.add_attrib("编号", "J01", (EAST + 6, NORTH + 6))
    return document


def save(document: Drawing, path: Path, *, binary: bool = False) -> Path:
    """Write a drawing."""
    if document.dxfversion < "AC1021":
        document.encoding = "gbk"
    document.saveas(path, fmt="bin" if binary else "asc")
    return path


def made(folder: Path, fill: Callable[[Drawing], object], *, metres: bool = True) -> Path:
    """Write a drawing that ``fill`` puts something into."""
    document = drawing(metres=metres)
    fill(document)
    return save(document, folder / "made.dxf")


def read(path: Path, layer: str = "", encoding: str = "", **choices: str) -> SourceData:
    """Read one layer of a drawing."""
    return DRAWINGS.read(path, ReadOptions(layer=layer, encoding=encoding, choices=choices), NoProgress())


def valid_files(folder: Path) -> list[Path]:
    """Write one small drawing of each kind of DXF."""
    hatched = drawing("R2010")
    space = hatched.modelspace()
    hatch = space.add_hatch()
    hatch.paths.add_polyline_path([(0, 0), (10, 0), (10, 10), (0, 10)], is_closed=True)
    edges = hatch.paths.add_edge_path()
    edges.add_arc((5, 5), 2, 0, 360)
    space.add_spline([(0, 0, 0), (1, 1, 0), (2, 0, 0)])
    space.add_ellipse((0, 0), (5, 0), 0.5)
    space.add_mtext("{\\fSimSun;第一}\\P第二", dxfattribs={"insert": (1, 1)})
    return [
        save(parcel_drawing("R2000"), folder / "gbk.dxf"),
        save(parcel_drawing("R2010"), folder / "utf8.dxf"),
        save(parcel_drawing("R2010"), folder / "binary.dxf", binary=True),
        save(hatched, folder / "curves.dxf"),
    ]
