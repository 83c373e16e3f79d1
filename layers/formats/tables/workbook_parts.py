"""The parts of an .xlsx file, looked at before a library builds anything of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import iterparse

from layers.errors import InputError
from layers.formats.tables.grid import Block, Place, SheetInfo
from layers.formats.tables.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_USED_COLUMNS,
    WORKBOOK_LIMITS,
    too_many_cells,
)
from layers.formats.zip_directory import ZipMember, too_large
from layers.formats.zip_guard import list_members
from layers.progress import Progress
from layers.words import _

_LISTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_SHEET_PARTS = "xl/worksheets/"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_TAGS = re.compile(
    rb"<(?:\w+:)?(?:row\b([^<>]*)>|c\b([^<>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)|mergeCell\b([^<>]*)>)", re.DOTALL
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_R = re.compile(rb"""\sr\s*=\s*["']([^"']*)""")
_REF = re.compile(rb"""\sref\s*=\s*["']([^"']*)""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)""")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v\b[^<>]*>[^<]|is\b)")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_STEP_TAGS = 20_000
_MOST_BLOCKS = 200_000


@dataclass(frozen=True)
class SheetShape:
    """What the XML of a sheet tells besides its values.

    Attributes
    ----------
    last_row, last_column : int
        Of the cells that hold something, from 0; -1 for an empty sheet.
    """

    last_row: int = -1
    last_column: int = -1
    blocks: tuple[Block, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    uncomputed: tuple[Place, ...] = ()


@dataclass(frozen=True)
class WorkbookParts:
    """The sheets of a workbook in their order, and the part that each is kept in."""

    sheets: tuple[SheetInfo, ...]
    part_of: Mapping[str, str]


def workbook_parts(path: Path) -> WorkbookParts:
    """Return a workbook's sheets after its package has been measured.

    Raises
    ------
    InputError
        When the package is damaged, locked, out of all measure, or no workbook.
    """
    members = list_members(path, limits=WORKBOOK_LIMITS)
    names = {member.name for member in members}
    if not any(name.startswith("xl/") for name in names):
        raise InputError(
            _("The file is a zip file, but no workbook."),
            where=str(path),
            remedy=_("Give it its right ending, or unpack it and import what is in it."),
        )
    if "xl/workbook.bin" in names:
        raise InputError(
            _("The file is a binary workbook (.xlsb), which is not read."),
            where=str(path),
            remedy=_("Open it in Excel or WPS and save it as .xlsx."),
        )
    _require_measure(path, members)
    return _described(path, names, {name: _part(path, name) for name in _LISTS if name in names})


def require_plain_parts(path: Path) -> None:
    """Refuse a workbook any part of which declares entities, or is in an encoding that could hide them.

    What is left can be given to the fast parser: there is nothing to expand in it. Call
    :func:`workbook_parts` first, which measures the parts.

    Raises
    ------
    InputError
        Such a part is there.
    """
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                _require_plain(path, archive.read(name))


def _require_plain(path: Path, data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _refused(path, _("The workbook declares XML entities, as no workbook does; it was not read."))
    if b"\x00" in data:
        raise _refused(path, _("The workbook is damaged or no workbook."))


def _require_measure(path: Path, members: Sequence[ZipMember]) -> None:
    """Refuse a package whose parts are too large, each or together, or shrink as no tables do."""
    parts = [member for member in members if member.suffix in (".xml", ".rels")]
    largest = max((member.size for member in parts), default=0)
    total = sum(member.size for member in parts)
    packed = sum(member.packed_size for member in parts)
    limits = WORKBOOK_LIMITS
    bomb = total > limits.ratio_from_bytes and total > limits.ratio * max(packed, 1)
    if bomb or largest > limits.member_bytes or total > limits.total_bytes:
        raise too_large(str(path), total)


def _part(path: Path, name: str) -> bytes:
    """Return a part of the package; its size has been measured, and no more than that is unpacked."""
    with ZipFile(path) as archive:
        return archive.read(name)


def _described(path: Path, names: set[str], texts: Mapping[str, bytes]) -> WorkbookParts:
    if _LISTS[0] not in texts:
        raise InputError(
            _("The workbook has no list of sheets: a part of the file is missing."),
            where=str(path),
            remedy=_("Get the file once more."),
        )
    targets = {
        element.get("Id", ""): _absolute(element.get("Target", ""))
        for element in _elements(texts.get(_LISTS[1], b"<x/>"), "Relationship")
    }
    sheets: list[SheetInfo] = []
    part_of: dict[str, str] = {}
    for element in _elements(texts[_LISTS[0]], "sheet"):
        link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        part = targets.get(link, "")
        if part in names and part.startswith(_SHEET_PARTS):
            name = element.get("name", "")
            sheets.append(SheetInfo(name, element.get("state", "visible") != "visible"))
            part_of[name] = part
    return WorkbookParts(tuple(sheets), part_of)


def sheet_shape(path: Path, part: str, progress: Progress) -> SheetShape:
    """Return where a sheet ends, what is merged and hidden, and which formulas have no result.

    Raises
    ------
    InputError
        When rows or columns lie beyond a worksheet's end, out of order, or are too many.
    """
    found = _Shape(path)
    found.scan(_part(path, part), progress)
    return found.result()


class _Shape:
    """Gathers what :func:`sheet_shape` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._row = self._column = -1
        self._last_row = self._last_column = -1
        self._hidden: set[int] = set()
        self._uncomputed: list[Place] = []
        self._blocks: list[Block] = []

    def scan(self, data: bytes, progress: Progress) -> None:
        """Go through the XML of a sheet once, by its tags: building its tree would take a minute."""
        _require_plain(self._path, data)
        for count, found in enumerate(_TAGS.finditer(_COMMENT.sub(b"", data))):
            if count % _STEP_TAGS == 0:
                progress.step(found.end() / len(data), _("Looking at the sheet"))
            row, cell, content, merged = found.groups()
            if cell is not None:
                self._take_cell(cell, content or b"")
            elif row is not None:
                self._take_row(row)
            else:
                self._take_block(_attribute(_REF, merged))

    def result(self) -> SheetShape:
        """Return what was gathered."""
        if (self._last_row + 1) * (self._last_column + 1) > MOST_CELLS:
            raise too_many_cells(self._path, (self._last_row + 1) * (self._last_column + 1))
        return SheetShape(
            self._last_row,
            self._last_column,
            tuple(block for block in self._blocks if block.left <= self._last_column),
            frozenset(self._hidden),
            tuple(self._uncomputed),
        )

    def _take_row(self, attributes: bytes) -> None:
        number = _attribute(_R, attributes)
        row = self._row + 1 if not number else int(number) - 1
        if not self._row < row < MOST_ROWS:
            raise self._refusal(_("Row {row} is out of order or beyond a sheet's end.").format(row=row + 1))
        self._row = row
        self._column = -1
        if _HIDDEN.search(attributes):
            self._hidden.add(row)

    def _take_cell(self, attributes: bytes, content: bytes) -> None:
        reference = _attribute(_R, attributes)
        place = self._place(reference) if reference else (self._row, self._column + 1)
        row, self._column = place
        if row != self._row:
            raise self._refusal(
                _("Cell {cell} stands in row {row}.").format(cell=reference, row=self._row + 1)
            )
        value = _VALUE.search(content) is not None
        formula = _FORMULA.search(content) is not None
        if not (value or formula):
            return
        if not value and b't="str"' not in attributes:
            self._uncomputed.append(place)
        self._last_row = row
        self._last_column = max(self._last_column, self._column)
        if self._column >= MOST_USED_COLUMNS:
            raise self._refusal(
                _("Column {number} holds something; {most} columns are the most.").format(
                    number=self._column + 1, most=MOST_USED_COLUMNS
                )
            )

    def _take_block(self, reference: str) -> None:
        corners = reference.split(":")
        if len(corners) == 2 and len(self._blocks) < _MOST_BLOCKS:
            (top, left), (bottom, right) = (self._place(corner) for corner in corners)
            self._blocks.append(Block(top, left, bottom, right))

    def _place(self, reference: str) -> Place:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise self._refusal(_("“{text}” is no name of a cell.").format(text=reference[:40]))
        column = 0
        for letter in found.group(1):
            column = column * 26 + ord(letter) - ord("A") + 1
        row = int(found.group(2))
        if not (1 <= row <= MOST_ROWS and column <= MOST_COLUMNS):
            raise self._refusal(_("Cell {cell} lies beyond a sheet's end.").format(cell=reference))
        return row - 1, column - 1

    def _refusal(self, what: str) -> InputError:
        return _refused(self._path, what)


def _refused(path: Path, what: str) -> InputError:
    return InputError(
        what,
        where=str(path),
        remedy=_("Open it in Excel or WPS and save it as .xlsx, or get the file once more."),
    )


def _elements(data: bytes, *names: str) -> Iterator[Any]:
    """Yield the finished elements of these names; each is emptied after use."""
    for _event, element in iterparse(BytesIO(data)):
        if element.tag.rsplit("}", 1)[-1] in names:
            yield element
            element.clear()


def _attribute(pattern: re.Pattern[bytes], attributes: bytes) -> str:
    found = pattern.search(attributes)
    return "" if found is None else found.group(1).decode("utf-8", "replace")


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
