"""Sheet templates: where things stand and what fills them, read from ``resources/sheets/*.toml``.

Lengths are millimetres; positions are from the paper's top left corner, those inside a form from the form's.
Patterns may name the fields that :mod:`zsgis.sheets.fields` fills, ``{zone}``.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from layers.style import Style, Symbol
from layers.words import _
from zsgis.sheets.layout import INK, Align, Box, Frozen


class TextSpec(Frozen):
    """Text filled from a pattern; left out where ``only_if`` names a field that is empty."""

    kind: Literal["text"]
    name: str = ""
    box: Box
    pattern: str
    size_mm: float = Field(ge=1.8)
    align: Align = "left"
    color: str = INK
    only_if: str = ""


class RectSpec(Frozen):
    """A frame or a filled ground."""

    kind: Literal["rect"]
    name: str = ""
    box: Box
    line_mm: float = 0.0
    color: str = INK
    fill: str | None = None


class MapSpec(Frozen):
    """The map: which kinds of layers it shows, lowest first, and how the chosen zone stands out.

    Attributes
    ----------
    gap_mm : float
        Between the frame and the neat line; the kilometre labels stand there.
    scales : tuple of int
        The denominators that the map may have, the largest scale that fits being taken; empty means any
        round one, with ``margin`` as the share of the frame kept free on each side.
    kinds : tuple of str
        Layer kinds, lowest first; of a kind only visible layers take part.
    styles : mapping
        A kind's own look on this sheet.
    outline_mm : mapping
        A kind's own width of outlines on this sheet, for all its classes; 0 leaves them out.
    zone : Symbol or None
        The chosen zone's boundary; None means that no zone stands out.
    veil : float
        Opacity of the white veil outside the chosen zone.
    """

    kind: Literal["map"]
    name: str = ""
    box: Box
    gap_mm: float = 4.6
    frame_mm: float = 0.5
    neat_mm: float = 0.15
    tick_mm: float = 3.0
    tick_text_mm: float = Field(default=2.2, ge=1.8)
    margin: float = 0.05
    scales: tuple[int, ...] = ()
    kinds: tuple[str, ...]
    styles: dict[str, Style] = Field(default_factory=dict)
    outline_mm: dict[str, float] = Field(default_factory=dict)
    zone: Symbol | None = None
    veil: float = Field(default=0.0, ge=0.0, le=1.0)


class ScaleSpec(Frozen):
    """North arrow, ratio and bar in one row."""

    kind: Literal["scale"]
    height_mm: float = 18.0
    arrow_mm: float = 13.0
    bar_mm: float = 64.0


class FiguresSpec(Frozen):
    """Where the legend finds area and share of a class: a result table and its columns."""

    table: str
    zone_column: str = ""
    code: str
    area: str
    share: str


class LegendSpec(Frozen):
    """The legend; its height follows from the classes present.

    ``figures`` stand with layers of ``figures_kind``.
    """

    kind: Literal["legend"]
    title: str = "图例"
    columns: int = Field(default=2, ge=1)
    row_mm: float = 7.2
    least_row_mm: float = 6.5
    swatch_width_mm: float = 10.0
    swatch_height_mm: float = 6.0
    text_mm: float = Field(default=2.8, ge=1.8)
    note_mm: float = Field(default=2.2, ge=1.8)
    figures: FiguresSpec | None = None
    figures_kind: str = "land_use"


class ColumnSpec(Frozen):
    """One column of the printed table.

    ``key`` is a result column's key, or several with spaces between, whose texts are joined; an empty
    ``title`` keeps the result's.
    """

    key: str
    title: str = ""
    width_mm: float = Field(gt=0.0)
    align: Align = "right"


class TableSpec(Frozen):
    """A table of the result; ``zone_column`` keeps only the chosen zone's rows, or those of the grand total.

    A table of more than ``most_rows`` rows would fill a book: ``instead`` is printed then, and the sheet says
    so.
    """

    kind: Literal["table"]
    table: str
    pattern: str
    zone_column: str = ""
    most_rows: int = Field(default=400, ge=1)
    instead: TableSpec | None = None
    columns: tuple[ColumnSpec, ...]
    size_mm: float = Field(default=2.8, ge=1.8)
    row_mm: float = 4.6
    least_row_mm: float = 3.9


class NotesSpec(Frozen):
    """Notes, wrapped; a note whose fields are empty is left out."""

    kind: Literal["notes"]
    patterns: tuple[str, ...]
    size_mm: float = Field(default=2.2, ge=1.8)
    line_mm: float = 3.3


class CellSpec(Frozen):
    """One cell of a form: its box inside the form, and the setting that fills it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    key: str
    label_width_mm: float = 13.0
    stacked: bool = False


class FormSpec(Frozen):
    """A ruled form: 图签, 审图号, 签章."""

    kind: Literal["form"]
    height_mm: float
    size_mm: float = Field(default=2.8, ge=1.8)
    cells: tuple[CellSpec, ...]


StackPart = Annotated[
    ScaleSpec | LegendSpec | TableSpec | NotesSpec | FormSpec,
    Field(discriminator="kind"),
]


class StackSpec(Frozen):
    """Parts below each other; what stands behind the table is pushed down to the box's lower edge."""

    kind: Literal["stack"]
    name: str = ""
    box: Box
    gap_mm: float = 4.0
    parts: tuple[StackPart, ...]


Spec = Annotated[TextSpec | RectSpec | MapSpec | StackSpec, Field(discriminator="kind")]


class Template(Frozen):
    """A sheet template.

    Attributes
    ----------
    width_mm, height_mm : float
        The page as it is laid out.
    enlarge : float
        How much larger it comes onto paper, everything on it included: 2 makes an A1 page of an A3 one.
    purpose : str
        ``sheet``, or ``index``: made before a series and never asked for by itself.
    extent : str
        ``zone``: the chosen feature; ``all``: everything of the listed kinds.
    order : int
        Where it stands in a list of templates, the usual one first.
    name_pattern : str
        Pattern of the sheet's name, used for files and bookmarks.
    settings : tuple of str
        Names of the settings a caller may give, beside those that the form's cells name.
    """

    key: str
    title: str
    width_mm: float = Field(gt=0.0)
    height_mm: float = Field(gt=0.0)
    enlarge: float = Field(default=1.0, ge=0.25, le=6.0)
    purpose: Literal["sheet", "index"] = "sheet"
    extent: Literal["zone", "all"]
    title_pattern: str
    subtitle_pattern: str = ""
    order: int = 100
    name_pattern: str
    settings: tuple[str, ...] = ()
    items: tuple[Spec, ...]

    @model_validator(mode="after")
    def _has_one_map(self) -> Self:
        if sum(isinstance(item, MapSpec) for item in self.items) != 1:
            raise ValueError(_("A sheet template needs exactly one map."))
        return self

    @property
    def map(self) -> MapSpec:
        """The map; every template has exactly one."""
        return next(item for item in self.items if isinstance(item, MapSpec))

    @property
    def stacks(self) -> tuple[StackSpec, ...]:
        """The columns, in their order."""
        return tuple(item for item in self.items if isinstance(item, StackSpec))

    def setting_names(self) -> tuple[str, ...]:
        """Return the names of all settings that fill this template."""
        parts = [part for stack in self.stacks for part in stack.parts]
        cells = [cell.key for part in parts if isinstance(part, FormSpec) for cell in part.cells]
        return tuple(dict.fromkeys([*self.settings, *cells]))
