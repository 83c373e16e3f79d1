"""Files of sheets: which endings there are, and what the files of a series are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from layers.errors import InputError, UsageError
from layers.words import _
from zsgis.sheets.fields import replaced, unknown_fields
from zsgis.sheets.layout import MapItem, SheetLayout

SHEET_SUFFIXES = (".pdf", ".svg", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
NAME_FIELDS = ("number", "sheet", "zone", "title", "scale")
"""What the pattern of a file's name may name in braces."""

# bytes in the name of a file: Linux allows 255, and drafts are called by the name with something before it;
# some of them for a number that tells two names apart
_LONGEST_NAME, _NUMBER_ROOM = 200, 12

# What Windows refuses in a file name; a platform's name becomes part of one.
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
# what Windows takes for a device, whatever ending stands behind it
_NOT_FOR_FILES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)


def require_sheet_file(out: Path) -> None:
    """Refuse a file whose ending names no format that sheets are drawn in.

    Raises
    ------
    UsageError
    """
    if out.suffix.lower() not in SHEET_SUFFIXES:
        raise UsageError(
            _("A sheet cannot be written as “{suffix}”.").format(suffix=out.suffix),
            where=str(out),
            remedy=_("Endings: {endings}").format(endings=" ".join(SHEET_SUFFIXES)),
        )


def series_files(out: Path, names: Sequence[str]) -> list[Path]:
    """Return a file beside ``out`` for each name.

    No two are the same on any system (letter case does not count), and none is too long for one.
    """
    room = max(_LONGEST_NAME - len(f"{out.stem}-{out.suffix}".encode()) - _NUMBER_ROOM, _NUMBER_ROOM)
    taken: set[str] = set()
    files = []
    for name in names:
        base = file_name(name).encode()[:room].decode(errors="ignore")
        number, candidate = 1, base
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{base} ({number})"
        taken.add(candidate.casefold())
        files.append(out.with_name(f"{out.stem}-{candidate}{out.suffix}"))
    return files


def file_name(text: str) -> str:
    """Return ``text`` as part of a file name on every system."""
    name = _NOT_IN_FILE_NAMES.sub("_", text).strip(" .") or "_"
    return f"_{name}" if name.split(".")[0].casefold() in _NOT_FOR_FILES else name


def files_of_series(out: Path, pattern: str, layouts: Sequence[SheetLayout]) -> list[Path]:
    """Return a file beside ``out`` for each sheet: called by a pattern, or by ``out`` and its name."""
    if pattern:
        return named_files(out, pattern, layouts)
    return series_files(out, [layout.name for layout in layouts])


def index_file(out: Path) -> Path:
    """Return the file of the sheet before a series."""
    return out.with_name(f"{out.stem}-图幅索引{out.suffix}")


def named_files(out: Path, pattern: str, layouts: Sequence[SheetLayout]) -> list[Path]:
    """Return a file beside ``out`` for each sheet, called by a pattern.

    Parameters
    ----------
    out : Path
        Its folder and its ending hold for all.
    pattern : str
        ``{number}-{zone}`` for instance; the fields are :data:`NAME_FIELDS`, numbers all of one width.

    Raises
    ------
    UsageError
        When the pattern names something else.
    InputError
        When two sheets would have the same file; both are named.
    """
    if unknown := unknown_fields(pattern, NAME_FIELDS):
        raise UsageError(
            _("The pattern of file names cannot be filled: {pattern}").format(pattern=pattern),
            remedy=_("Fields: {names}").format(names=" ".join(f"{{{name}}}" for name in NAME_FIELDS)),
            details=unknown,
        )
    width = len(str(len(layouts)))
    files: list[Path] = []
    taken: dict[str, str] = {}
    for number, layout in enumerate(layouts, 1):
        values = {
            "number": f"{number:0{width}}",
            "sheet": layout.name,
            "zone": layout.zone,
            "title": layout.title,
            "scale": f"{layout.first.items_of(MapItem)[0].scale_denominator:.0f}",
        }
        name = file_name(replaced(pattern, values))
        if len(name.encode()) > _LONGEST_NAME:
            raise InputError(
                _("The name of a file would be too long: {name}").format(name=name[:60] + "…"),
                remedy=_("Take a shorter pattern."),
            )
        if (other := taken.get(name.casefold())) is not None:
            raise InputError(
                _("The sheets of “{one}” and “{other}” would have the same file: {name}").format(
                    one=other, other=layout.zone, name=name + out.suffix
                ),
                remedy=_("Take {number} into the pattern of file names.").format(number="{number}"),
            )
        taken[name.casefold()] = layout.zone
        files.append(out.with_name(f"{name}{out.suffix}"))
    return files
