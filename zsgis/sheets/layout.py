"""A sheet as data: what stands where, in millimetres on paper. Nothing here draws.

The origin is the paper's top left corner, x runs right, y runs down. A finished layout is complete: every
text is final and every box is placed, so that a window, a PDF and a picture show the same sheet.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.secrecy import highest
from layers.style import Symbol
from zsgis.result import RowRole

INK = "#1A1A1A"
"""Colour of text and frames."""

Align = Literal["left", "center", "right"]
Side = Literal["left", "right", "top", "bottom"]


class Frozen(BaseModel):
    """Base of everything declared here: unchangeable, and no field that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Box(Frozen):
    """A rectangle on paper, in millimetres."""

    x: float
    y: float
    width: float = Field(ge=0.0)
    height: float = Field(ge=0.0)

    @property
    def right(self) -> float:
        """X of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Y of the lower edge."""
        return self.y + self.height

    def inset(self, by_mm: float) -> Box:
        """Return the box made smaller by ``by_mm`` on each side."""
        return Box(
            x=self.x + by_mm,
            y=self.y + by_mm,
            width=self.width - 2 * by_mm,
            height=self.height - 2 * by_mm,
        )

    def contains(self, other: Box, tolerance_mm: float = 0.01) -> bool:
        """Tell whether ``other`` lies inside."""
        return (
            other.x >= self.x - tolerance_mm
            and other.y >= self.y - tolerance_mm
            and other.right <= self.right + tolerance_mm
            and other.bottom <= self.bottom + tolerance_mm
        )


class TextItem(Frozen):
    """Lines of text from a box's top, each ``line_mm`` high; ``size_mm`` is a Chinese character's height."""

    kind: Literal["text"] = "text"
    name: str = ""
    box: Box
    lines: tuple[str, ...]
    size_mm: float = Field(ge=1.8)
    line_mm: float = Field(gt=0.0)
    align: Align = "left"
    color: str = INK


class RectItem(Frozen):
    """A rectangle: a frame, a filled ground, or both."""

    kind: Literal["rect"] = "rect"
    name: str = ""
    box: Box
    line_mm: float = Field(default=0.0, ge=0.0)
    color: str = INK
    fill: str | None = None


class LineItem(Frozen):
    """A straight line."""

    kind: Literal["line"] = "line"
    name: str = ""
    x1: float
    y1: float
    x2: float
    y2: float
    line_mm: float = Field(gt=0.0)
    color: str = INK


class GridTick(Frozen):
    """One kilometre line where it meets a side: its place along the side (page x or y, mm) and its label."""

    side: Side
    at_mm: float
    label: str


class MapItem(Frozen):
    """The map: a frame, a neat line inside it, and the layers drawn within the neat line, top first.

    The layers are cut to the neat line. ``crs`` is the coordinate system of the layers and of the centre.
    """

    kind: Literal["map"] = "map"
    name: str = ""
    box: Box
    neat: Box
    frame_mm: float = 0.5
    neat_mm: float = 0.15
    center_x: float
    center_y: float
    scale_denominator: float = Field(gt=0.0)
    crs: str
    tick_mm: float = 3.0
    tick_text_mm: float = 2.2
    grid_interval_m: float = 0.0
    ticks: tuple[GridTick, ...] = ()
    layers: tuple[DrawableLayer, ...] = Field(default=(), exclude=True, repr=False)
    system: Any = Field(default=None, exclude=True, repr=False)
    """The ``pyproj.CRS`` behind ``crs``; a map without one is not placed on earth in the file."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Xmin, ymin, xmax, ymax of the neat line in map coordinates."""
        half_w = self.neat.width / 2000.0 * self.scale_denominator
        half_h = self.neat.height / 2000.0 * self.scale_denominator
        return (
            self.center_x - half_w,
            self.center_y - half_h,
            self.center_x + half_w,
            self.center_y + half_h,
        )


class LegendEntry(Frozen):
    """One meaning: swatch, text, and a smaller second line (area and share, or what must be known)."""

    box: Box
    swatch: Box
    geometry: GeometryType
    symbol: Symbol
    text: str
    note: str = ""
    text_mm: float = 2.8
    note_mm: float = 2.2


class FurnitureItem(Frozen):
    """An item to which its painter adds lines and room of its own.

    Attributes
    ----------
    enlarged : float
        How much larger it is than it was laid out; what the painter adds is as much larger.
    """

    enlarged: float = Field(default=1.0, gt=0.0)


class LegendItem(FurnitureItem):
    """The legend: title and placed entries."""

    kind: Literal["legend"] = "legend"
    name: str = ""
    box: Box
    title: str
    title_mm: float = 3.6
    remark: str = ""
    entries: tuple[LegendEntry, ...]


class TableColumn(Frozen):
    """One column of a printed table; neighbours with the same ``group`` share a heading above."""

    title: str
    unit: str = ""
    group: str = ""
    width_mm: float = Field(gt=0.0)
    align: Align


class TableRow(Frozen):
    """One row of a printed table: final text per column."""

    cells: tuple[str, ...]
    role: RowRole = RowRole.BODY


class TableItem(FurnitureItem):
    """A printed table: title line, header, rows of equal height."""

    kind: Literal["table"] = "table"
    name: str = ""
    box: Box
    title: str
    title_mm: float = 3.2
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    title_height_mm: float
    header_mm: float
    row_mm: float
    size_mm: float = Field(default=2.8, ge=1.8)


class ScaleBarItem(FurnitureItem):
    """A bar in round metres and the ratio above it; ``labels`` has one text more than there are segments."""

    kind: Literal["scale_bar"] = "scale_bar"
    name: str = ""
    box: Box
    ratio: str
    segment_m: float
    segment_mm: float
    labels: tuple[str, ...]
    unit: str
    ratio_mm: float = 3.6
    label_mm: float = 2.2


class NorthArrowItem(FurnitureItem):
    """A plain arrow to grid north; ``angle_deg`` turns it clockwise."""

    kind: Literal["north_arrow"] = "north_arrow"
    name: str = ""
    box: Box
    label: str
    angle_deg: float = 0.0


class FormCell(Frozen):
    """One cell of a form: a label, and a value where it was given; ``stacked`` puts it under the label."""

    box: Box
    label: str
    value: str = ""
    label_width_mm: float
    stacked: bool = False


class FormItem(FurnitureItem):
    """A ruled form such as the 图签; what is not given stays empty."""

    kind: Literal["form"] = "form"
    name: str = ""
    box: Box
    cells: tuple[FormCell, ...]
    size_mm: float = 2.8


class WatermarkItem(Frozen):
    """Slanted text over a part of the sheet."""

    kind: Literal["watermark"] = "watermark"
    name: str = ""
    box: Box
    text: str


Item = Annotated[
    TextItem
    | RectItem
    | LineItem
    | MapItem
    | LegendItem
    | TableItem
    | ScaleBarItem
    | NorthArrowItem
    | FormItem
    | WatermarkItem,
    Field(discriminator="kind"),
]


ItemT = TypeVar("ItemT", bound=Frozen)


class SheetPage(Frozen):
    """One sheet of paper: size and items, drawn in their order."""

    width_mm: float = Field(gt=0.0)
    height_mm: float = Field(gt=0.0)
    items: tuple[Item, ...]

    def items_of(self, of: type[ItemT]) -> tuple[ItemT, ...]:
        """Return the items of one kind."""
        return tuple(item for item in self.items if isinstance(item, of))


class SheetLayout(Frozen):
    """A finished sheet: its pages (several where a table goes on) and what the file says of itself.

    ``zone`` is what the sheet calls the feature it is about. ``notices`` says what was done to make the
    content fit; the sheet prints it too.
    """

    title: str
    name: str
    zone: str = ""
    subject: str = ""
    demo: bool = False
    schematic: bool = False
    secrecy: str = ""
    notices: tuple[str, ...] = ()
    pages: tuple[SheetPage, ...] = Field(min_length=1)

    @property
    def first(self) -> SheetPage:
        """The first page, which holds the map."""
        return self.pages[0]


def bind(layouts: tuple[SheetLayout, ...] | list[SheetLayout], *, title: str) -> SheetLayout:
    """Return several sheets as one document, pages in their order.

    Raises
    ------
    ValueError
        When there is no sheet.
    """
    if not layouts:
        raise ValueError("no sheet to bind")
    return SheetLayout(
        title=title,
        name=title,
        subject=layouts[0].subject,
        demo=any(layout.demo for layout in layouts),
        schematic=any(layout.schematic for layout in layouts),
        secrecy=highest(*(layout.secrecy for layout in layouts)),
        notices=tuple(dict.fromkeys(notice for layout in layouts for notice in layout.notices)),
        pages=tuple(page for layout in layouts for page in layout.pages),
    )
