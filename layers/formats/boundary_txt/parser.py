"""Text to document: every line is a section, a key, a record, a point, or is named with its number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from layers.errors import InputError
from layers.formats.boundary_txt.document import (
    ATTRIBUTES,
    PLOTS,
    Block,
    Document,
    Plot,
    PointRow,
    Section,
    StrayLine,
)
from layers.progress import Progress
from layers.words import _

# A header line or record is a few hundred characters; more is no text of this kind.
LINE_CHARACTERS = 20_000
# The largest surveyed plots have some ten thousand points; a province's file has some million.
PLOT_POINTS = 1_000_000
FILE_POINTS = 5_000_000

KEYS = (
    "格式版本号",
    "数据产生单位",
    "数据产生日期",
    "坐标系",
    "几度分带",
    "投影类型",
    "计量单位",
    "带号",
    "精度",
    "转换参数",
)
GEOMETRY_TYPES = ("点", "线", "面")

_LINE = re.compile(r"[^\r\n]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}(?:\.[0-9]{0,12})?")
_LARGE_NUMBER = re.compile(r"[0-9]{6,8}(?:\.[0-9]{0,12})?")
_HEIGHT = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{0,6})?")
_LIKE_A_POINT = re.compile(r"[A-Za-z]{0,3}[0-9]+[,\s]")
_SECTION = re.compile(r"\[([^\[\]]+)\]")
_BRACKETS = str.maketrans("【】〔〕﹝﹞", "[][][]")
_COMMA = re.compile("[,，﹐︐]")
_PROGRESS_LINES = 20_000
_SECTION_LENGTH = 100


def parse(text: str, progress: Progress) -> Document:
    """Read a boundary TXT of any dialect.

    Parameters
    ----------
    text : str
        Decoded; line ends may be mixed.

    Returns
    -------
    Document
        With no block where nothing of the form is found.

    Raises
    ------
    InputError
        When a line, a plot or the file is longer than such files are; ``where`` is the line.
    JobCancelled
        When the user stopped.
    """
    collected = _Collected()
    for taken, (number, start, stop) in enumerate(_lines(text)):
        if taken % _PROGRESS_LINES == 0:
            progress.step(start / len(text), _("Reading features"))
        line = text[start : min(stop, start + LINE_CHARACTERS + 1)]
        if not line.isspace():
            _take(collected, line, number)
    return Document(
        blocks=collected.finished(),
        line_end=_line_end(text),
        ends_with_line_end=text.endswith(("\r", "\n")),
        stray=tuple(collected.stray),
    )


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield number, start and stop of each line that is not empty."""
    number, reached = 1, 0
    for found in _LINE.finditer(text):
        number += _line_ends(text, reached, found.start())
        reached = found.end()
        yield number, found.start(), reached


def _line_ends(text: str, start: int, stop: int) -> int:
    count = text.count
    return count("\n", start, stop) + count("\r", start, stop) - count("\r\n", start, stop)


def _line_end(text: str) -> str:
    """Return the one line end of a text; CRLF where it mixes several or has none."""
    both = text.count("\r\n")
    kinds = {"\r\n": both, "\r": text.count("\r") - both, "\n": text.count("\n") - both}
    used = [end for end, count in kinds.items() if count]
    return used[0] if len(used) == 1 else "\r\n"


@dataclass
class _OpenPlot:
    tokens: tuple[str, ...]
    marked: bool
    line: int
    points: list[PointRow] = field(default_factory=list)
    odd: list[StrayLine] = field(default_factory=list)

    def finished(self, stray: list[StrayLine]) -> Plot:
        """Sort the odd lines: among the points or like one, they may hold a corner; else they are stray."""
        last = self.points[-1].line if self.points else 0
        missing: list[StrayLine] = []
        for one in self.odd:
            (missing if one.line < last or _like_a_point(one.text) else stray).append(one)
        return Plot(self.tokens, self.marked, self.line, tuple(self.points), tuple(missing))


@dataclass
class _Collected:
    """What has been read so far; the last block and the last plot are still open."""

    blocks: list[Block] = field(default_factory=list)
    sections: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    heading: bool = False
    plots: list[Plot] = field(default_factory=list)
    plot: _OpenPlot | None = None
    stray: list[StrayLine] = field(default_factory=list)
    count: int = 0

    def close_plot(self) -> None:
        if self.plot is not None:
            self.plots.append(self.plot.finished(self.stray))
        self.plot = None

    def close_block(self) -> None:
        self.close_plot()
        if self.sections or self.plots or self.heading:
            sections = tuple(Section(title, tuple(entries)) for title, entries in self.sections)
            self.blocks.append(Block(sections, self.heading, tuple(self.plots)))
        self.sections, self.plots, self.heading = [], [], False

    def finished(self) -> tuple[Block, ...]:
        self.close_block()
        return tuple(self.blocks)

    def open_section(self, title: str) -> None:
        named = {name for name, _entries in self.sections}
        if self.plots or self.plot or self.heading or title in named:
            self.close_block()
        self.sections.append((title, []))

    def open_plots(self) -> None:
        if self.heading:
            self.close_block()
        self.heading = True

    def open_plot(self, tokens: tuple[str, ...], marked: bool, line: int) -> None:
        self.close_plot()
        self.plot = _OpenPlot(tokens, marked, line)

    def add_entry(self, key: str, value: str) -> None:
        if self.plots or self.plot:
            self.close_block()
        if not self.sections:
            self.sections.append(("", []))
        self.sections[-1][1].append((key, value))

    def add_point(self, point: PointRow) -> None:
        self.count += 1
        plot = self.plot = self.plot or _OpenPlot((), False, point.line)
        plot.points.append(point)
        if len(plot.points) > PLOT_POINTS or self.count > FILE_POINTS:
            raise InputError(
                _("The file has more points than such files have; reading stopped."),
                where=_("line {number}").format(number=point.line),
                remedy=_("Split the file into several."),
            )


def _take(collected: _Collected, line: str, number: int) -> None:
    if len(line) > LINE_CHARACTERS:
        raise InputError(
            _("This line is too long for a file of boundary points."),
            where=_("line {number}").format(number=number),
            remedy=_("Check that it is what its name says and that it is whole."),
        )
    point = _point(line, number)
    if point is not None:
        collected.add_point(point)
        return
    plain = plain_text(line)
    section = _SECTION.match(plain[:_SECTION_LENGTH])
    if section is not None:
        _take_section(collected, section.group(1).strip(), line)
    elif not (_take_record(collected, line, plain, number) or _take_entry(collected, line, plain)):
        odd = collected.plot.odd if collected.plot is not None else collected.stray
        odd.append(StrayLine(number, line.strip()[:80]))


def _take_section(collected: _Collected, title: str, line: str) -> None:
    if title == PLOTS:
        collected.open_plots()
    else:
        collected.open_section(ATTRIBUTES if title == ATTRIBUTES else _inner(line))


def _inner(line: str) -> str:
    """Return the text between the brackets as written."""
    return line.strip()[1:].split("]")[0].split("】")[0].split("］")[0]


def _take_record(collected: _Collected, line: str, plain: str, number: int) -> bool:
    marked = plain.endswith("@") and "," in plain
    tokens = split_tokens(line)
    typed = any(plain_text(token) in GEOMETRY_TYPES for token in tokens)
    if not marked and not (len(tokens) >= 5 and typed):
        return False
    if marked:
        # in the standard form the "@" is a token of its own
        last = tokens[-1].strip()[:-1]
        tokens = (*tokens[:-1], last) if last else tokens[:-1]
    collected.open_plot(tokens, marked, number)
    return True


def _take_entry(collected: _Collected, line: str, plain: str) -> bool:
    if "=" not in plain:
        return False
    key, _sign, value = line.replace("＝", "=", 1).partition("=") if "=" not in line else line.partition("=")
    if (collected.plots or collected.plot) and plain_text(key) not in KEYS:
        return False
    collected.add_entry(key, value)
    return True


def plain_text(text: str) -> str:
    """Return text with full-width signs, digits and brackets as ASCII, for what the form is told by."""
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS).strip()


def split_tokens(line: str) -> tuple[str, ...]:
    """Split at commas; a full-width one is one only where the line has too few others to be a record."""
    narrow = line.split(",")
    return tuple(narrow if len(narrow) >= 5 else _COMMA.split(line))


def _point(line: str, number: int) -> PointRow | None:
    tokens = line.split(",")
    if len(tokens) == 4:
        x, y = tokens[2].strip(), tokens[3].strip()
        if _NUMBER.fullmatch(x) and _NUMBER.fullmatch(y):
            return PointRow(tokens[0].strip(), tokens[1].strip(), x, y, float(x), float(y), number)
    if "@" in line or "=" in line:
        return None
    tokens = _point_tokens([token.strip() for token in plain_text(line).split(",")])
    if not tokens:
        return None
    label, ring, x, y = tokens
    return PointRow(label, ring, x, y, float(x), float(y), number)


def _point_tokens(tokens: list[str]) -> list[str]:
    """Return label, ring, X, Y of a row in another form; nothing where it is not certain which is which."""
    if tokens and not tokens[-1]:
        tokens = tokens[:-1]
    if len(tokens) == 4 and all(_NUMBER.fullmatch(token) for token in tokens[2:]):
        return tokens
    large = [_LARGE_NUMBER.fullmatch(token) is not None for token in tokens]
    if len(tokens) == 5 and large[2] and large[3] and _HEIGHT.fullmatch(tokens[4]):
        return tokens[:4]
    if len(tokens) == 3 and large[1] and large[2]:
        return [tokens[0], "", tokens[1], tokens[2]]
    return []


def _like_a_point(text: str) -> bool:
    plain = plain_text(text)
    return plain.count(",") >= 2 or _LIKE_A_POINT.match(plain) is not None
