"""VCT files as layers: one for each feature code that has objects, one for each plain table that has rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.findings import Severity
from layers.formats.file_heads import require_head
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.formats.object_columns import object_column
from layers.formats.vct.attributes import VctRows, is_number, read_rows
from layers.formats.vct.head import VctClass, VctHead, crs_of, read_head
from layers.formats.vct.lines import Lines, OddObjectError, encoding_of
from layers.formats.vct.objects import VctObject, pass_to_end, read_object
from layers.formats.vct.shapes import Assembly
from layers.formats.vector_columns import unique_names
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_reading import choose_layer
from layers.progress import NoProgress, Progress
from layers.words import N_, _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SECTIONS = {
    "pointbegin": "point",
    "linebegin": "line",
    "polygonbegin": "polygon",
    "annotationbegin": "annotation",
}
_TEXT_COLUMNS = ("注记内容", "注记角度")
_EXAMPLES = 10


@dataclass
class _Content:
    """What was read of a file for one class."""

    head: VctHead
    wanted: VctClass
    objects: list[VctObject] = field(default_factory=list)
    lines: dict[str, VctObject] = field(default_factory=dict)
    polygons: dict[str, VctObject] = field(default_factory=dict)
    odd: list[OddObjectError] = field(default_factory=list)
    rows: VctRows | None = None
    ended: bool = False


@dataclass(frozen=True)
class Vct:
    """VCT 3.0 (GB/T 17798-2007); takes no choices.

    The easting is the first coordinate unless the head says that its X axis points north. Polygons may be
    given by rings or by signed numbers of lines; which rings are holes is told from where they lie.
    """

    key = "vct"
    title = N_("VCT file")
    suffixes = (".vct",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending or by the first word."""
        return bool(head) and (path.suffix.lower() in self.suffixes or _begins(head))

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the classes that have objects; see :class:`layers.formats.model.SourceFormat`."""
        refuse_choices(options)
        with _opened(path, options, NoProgress()) as (lines, _encoding, _guessed):
            head = read_head(lines, path)
            counts = _counts(lines, head)
        return _layers(head, counts)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one class; see :class:`layers.formats.model.SourceFormat`."""
        layer = choose_layer(str(path), self.layers(path, options), options.layer, tables=True)
        with _opened(path, options, progress) as (lines, encoding, guessed):
            head = read_head(lines, path)
            wanted = next(each for each in head.classes if head.layer_name(each) == layer.name)
            content = _content(lines, head, wanted)
        frame, curved, renamed = _frame(content)
        stated = dict(content.head.stated)
        stated |= {"feature_code": wanted.code, "feature_name": wanted.name}
        return SourceData(
            frame=frame,
            layer=layer.name,
            crs=layer.crs,
            encoding=encoding,
            encoding_guessed=guessed,
            curves=("CIRCULARSTRING",) if curved else (),
            renamed=renamed,
            notes=tuple(_notes(content)),
            stated=stated,
        )


VCT = Vct()


def _begins(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower() == b"headbegin"


@contextmanager
def _opened(path: Path, options: ReadOptions, progress: Progress) -> Iterator[tuple[Lines, str, bool]]:
    require_head(path, _(VCT.title), _begins)
    encoding, guessed = encoding_of(path, options.encoding)
    with path.open("rb") as file:
        yield Lines(file, path, "gb18030" if encoding == "GBK" else encoding, progress), encoding, guessed


def _counts(lines: Lines, head: VctHead) -> dict[str, int]:
    """Return how many objects each feature code has, and how many rows each plain table."""
    counts = {each.code: 0 for each in head.classes}
    plain = {each.table for each in head.classes if not each.geometry}
    section, table = "", ""
    before = ""
    while (line := lines.next()) is not None:
        word = line.casefold()
        if word in _SECTIONS or word == "attributebegin":
            section, table = word, ""
        elif section in _SECTIONS and line in counts and before != line:
            counts[line] += 1
        elif section == "attributebegin":
            if word in ("tableend", "attributeend"):
                table = ""
            elif not table:
                table = line.split(head.separator)[0].strip()
            elif table in plain:
                counts[table] += 1
        before = line
    return counts


def _layers(head: VctHead, counts: dict[str, int]) -> tuple[SourceLayer, ...]:
    crs = crs_of(head)
    filled = [each for each in head.classes if counts[each.code]] or list(head.classes)
    return tuple(
        SourceLayer(
            head.layer_name(each),
            each.shape,
            counts[each.code],
            crs,
            tuple(unique_names(_names(head, each))[0]),
        )
        for each in filled
    )


def _names(head: VctHead, wanted: VctClass) -> list[str]:
    names = [each.name for each in head.tables.get(wanted.table, ())]
    return [*names, *_TEXT_COLUMNS] if wanted.geometry == "annotation" else names


def _content(lines: Lines, head: VctHead, wanted: VctClass) -> _Content:
    content = _Content(head, wanted)
    while (line := lines.next()) is not None:
        word = line.casefold()
        if word in _SECTIONS:
            _read_section(lines, _SECTIONS[word], content)
        elif word == "attributebegin":
            content.ended |= _read_attributes(lines, content)
    return content


def _read_section(lines: Lines, section: str, content: _Content) -> None:
    head, wanted = content.head, content.wanted
    while (line := lines.next()) is not None:
        if line.casefold() == f"{section}end":
            return
        try:
            each = read_object(lines, line, section, head)
        except OddObjectError as error:
            content.odd.append(error)
            pass_to_end(lines)
            continue
        if each.code == wanted.code:
            content.objects.append(each)
        if section == "line":
            content.lines[each.number] = each
        elif section == "polygon" and wanted.geometry == "polygon":
            content.polygons[each.number] = each


def _read_attributes(lines: Lines, content: _Content) -> bool:
    """Take the rows of the wanted table; tell whether the section has its end."""
    wanted = content.wanted
    while (line := lines.next()) is not None:
        if line.casefold() == "attributeend":
            return True
        table = line.split(content.head.separator)[0].strip()
        rows = None
        if table == wanted.table:
            rows = content.rows or VctRows(content.head.tables.get(table, ()))
            content.rows = rows
        read_rows(lines, rows, content.head.separator)
    return False


def _frame(content: _Content) -> tuple[GeoDataFrame, bool, dict[str, str]]:
    """Return the frame, whether shapes were curved, and columns that could not keep their names."""
    import geopandas
    import pandas as pd

    head, wanted = content.head, content.wanted
    assembly = Assembly(head, content.lines, content.polygons)
    values = content.rows.values if content.rows else {}
    shapes: list[Any] = []
    rows: list[list[Any]] = []
    texts: list[list[Any]] = []
    width = len(head.tables.get(wanted.table, ()))
    met = {each.number for each in content.objects}
    for each in content.objects:
        try:
            shapes.append(assembly.shape(each, wanted.geometry))
        except OddObjectError as error:
            content.odd.append(error)
            shapes.append(None)
        rows.append(values.get(each.number, [None] * width))
        texts.append([each.text, each.angle])
    # a code of a table that others share too has no right to their rows
    alone = sum(each.table == wanted.table for each in head.classes) == 1
    for number, row in values.items():
        if number not in met and alone:
            shapes.append(None)
            rows.append(row)
            texts.append([None, None])
    if wanted.geometry == "annotation":
        rows = [[*row, *text] for row, text in zip(rows, texts, strict=True)]
    names, renamed = unique_names(_names(head, wanted))
    fields = head.tables.get(wanted.table, ())
    columns = {
        name: _column([row[i] for row in rows], fields[i].type if i < width else "char")
        for i, name in enumerate(names)
    }
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    frame = geopandas.GeoDataFrame(
        pd.DataFrame(columns, index=pd.RangeIndex(len(shapes))), geometry=geometry, crs=crs_of(head)
    )
    return frame, any(each.curved for each in content.objects), renamed


def _column(values: list[Any], kind: str) -> Any:
    if is_number(kind):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return object_column(values)


def _notes(content: _Content) -> Iterator[SourceNote]:
    odd = sorted(content.odd, key=lambda error: error.line)
    if odd:
        places = "；".join(
            _("line {number}: {reason}").format(number=error.line, reason=error.reason)
            for error in odd[:_EXAMPLES]
        )
        text = _("{count} objects could not be read and have no shape or were left out ({places}).")
        yield _note("vct.odd_objects", text.format(count=len(odd), places=places))
    numbers = {each.number for each in content.objects}
    values = content.rows.values if content.rows else {}
    bare = len(numbers - set(values))
    if content.wanted.geometry and bare:
        text = _("{count} objects have no row in the table “{table}”.")
        yield _note("vct.no_attributes", text.format(count=bare, table=content.wanted.table))
    if content.rows:
        yield from _row_notes(content.rows)
    if not content.ended:
        yield _note(
            "vct.no_table", _("The file breaks off: the end of its attributes (AttributeEnd) is missing.")
        )


def _row_notes(rows: VctRows) -> Iterator[SourceNote]:
    about = (
        (
            "vct.odd_rows",
            rows.odd_lines,
            _("{count} rows do not have as many values as fields; left out: {lines}"),
        ),
        (
            "vct.doubled_rows",
            rows.doubled,
            _("{count} rows repeat the number of another one; left out: {lines}"),
        ),
    )
    for code, places, text in about:
        if places:
            yield _note(code, text.format(count=len(places), lines=_lines_named(places)))
    for name, places in rows.unread.items():
        text = _("{count} values of field “{name}” are not of its type and were left empty: {lines}")
        yield _note(
            "vct.unread_values", text.format(count=len(places), name=name, lines=_lines_named(places))
        )


def _lines_named(places: list[int]) -> str:
    words = "、".join(_("line {number}").format(number=place) for place in places[:_EXAMPLES])
    return words + ("…" if len(places) > _EXAMPLES else "")


def _note(code: str, text: str) -> SourceNote:
    return SourceNote(code, Severity.WARNING, text)
