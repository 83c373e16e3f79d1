"""A boundary TXT (界址点坐标) as it is written: sections, plots and points with every text kept.

    file      = [ section ] "[属性描述]" { key "=" value } "[地块坐标]" { plot } ;
    plot      = record { point } ;
    record    = tokens separated by commas, the last one "@" ;
    point     = 点号 "," 圈号 "," X (north) "," Y (east) ;

The form is that of 《勘测定界界址点坐标交换格式》.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ATTRIBUTES = "属性描述"
PLOTS = "地块坐标"


@dataclass(frozen=True, slots=True)
class PointRow:
    """One row of a plot.

    Attributes
    ----------
    label, ring : str
        点号 and 圈号 as written, without blanks around them.
    x_text, y_text : str
        The third and the fourth figure as written.
    x, y : float
        Their values: north and east by the format's rule, whatever they are in truth.
    line : int
        From 1.
    """

    label: str
    ring: str
    x_text: str
    y_text: str
    x: float
    y: float
    line: int


@dataclass(frozen=True)
class StrayLine:
    """A line that is no section, key, record or point."""

    line: int
    text: str


@dataclass(frozen=True)
class Plot:
    """A record and the points below it.

    Attributes
    ----------
    tokens : tuple of str
        What stands before the "@", as written with its blanks; empty where points came without a record.
    marked : bool
        The record ends with "@".
    line : int
        Where the record stands, from 1; that of the first point where there is none.
    unreadable : tuple of StrayLine
        Rows among the points that cannot be read: the plot's shape is not known without them.
    """

    tokens: tuple[str, ...]
    marked: bool
    line: int
    points: tuple[PointRow, ...]
    unreadable: tuple[StrayLine, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading in brackets and the ``key=value`` lines below it; texts as written."""

    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Block:
    """Some sections and the plots they are about; a file put together from several has several.

    Attributes
    ----------
    heading : bool
        ``[地块坐标]`` stands before the plots.
    """

    sections: tuple[Section, ...]
    heading: bool
    plots: tuple[Plot, ...]

    def value(self, key: str) -> str:
        """Return what the header says under a key, without blanks around it; empty where it says nothing."""
        for section in self.sections:
            for name, value in section.entries:
                if name.strip() == key:
                    return value.strip()
        return ""


@dataclass(frozen=True)
class Document:
    """A whole file.

    Attributes
    ----------
    line_end : str
        The line end of the file; CRLF where it mixes several or has none.
    ends_with_line_end : bool
        The last line is ended too.
    stray : tuple of StrayLine
        Lines that belong to nothing.
    """

    blocks: tuple[Block, ...]
    line_end: str
    ends_with_line_end: bool
    stray: tuple[StrayLine, ...] = ()


def render(document: Document) -> str:
    """Return a document as text; for a file in the standard form it is the text that was parsed."""
    lines = [line for block in document.blocks for line in _block_lines(block)]
    return document.line_end.join(lines) + (document.line_end if document.ends_with_line_end else "")


def _block_lines(block: Block) -> Iterator[str]:
    for section in block.sections:
        if section.title:
            yield f"[{section.title}]"
        for key, value in section.entries:
            yield f"{key}={value}"
    if block.heading:
        yield f"[{PLOTS}]"
    for plot in block.plots:
        if plot.tokens:
            yield ",".join((*plot.tokens, "@") if plot.marked else plot.tokens)
        for point in plot.points:
            yield f"{point.label},{point.ring},{point.x_text},{point.y_text}"
