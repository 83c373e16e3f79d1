"""The parts of an .xlsx file, looked at before a library builds anything of them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from layers.errors import InputError
from layers.formats.tables.grid import SheetInfo
from layers.formats.tables.limits import WORKBOOK_LIMITS
from layers.formats.tables.workbook_xml import WorkbookXml
from layers.formats.zip_directory import ZipMember, too_large
from layers.formats.zip_guard import list_members
from layers.words import _

_LISTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_PROPERTIES = "docProps/core.xml"
_SHEET_PARTS = "xl/worksheets/"
_TRUE = ("1", "true")


@dataclass(frozen=True)
class WorkbookParts:
    """The sheets of a workbook in their order, and the parts of the package.

    Attributes
    ----------
    part_of : mapping
        The part each sheet is kept in, by its name.
    texts, styles, properties : str
        The parts of shared texts, of styles and of what the workbook says of itself; empty where there is
        none.
    from_1904 : bool
        Days are counted from 1904.
    """

    sheets: tuple[SheetInfo, ...]
    part_of: Mapping[str, str]
    texts: str = ""
    styles: str = ""
    properties: str = ""
    from_1904: bool = False


def workbook_parts(path: Path) -> WorkbookParts:
    """Return a workbook's sheets after its package has been measured.

    Raises
    ------
    InputError
        When the package is damaged, locked, out of all measure, or no workbook.
    """
    if path.is_file() and not is_zipfile(path):
        raise InputError(
            _("The workbook is cut off: the list of its contents, which stands at its end, is missing."),
            where=str(path),
            remedy=_(
                "Get the file once more; or open it in Excel or WPS, which may repair it, and save it anew."
            ),
        )
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
    return _described(path, names)


def part_of_workbook(path: Path, name: str) -> WorkbookXml:
    """Return a part of the package; its size has been measured, and no more than that is unpacked."""
    with ZipFile(path) as archive:
        return WorkbookXml(path, archive.read(name))


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


def _described(path: Path, names: set[str]) -> WorkbookParts:
    if _LISTS[0] not in names:
        raise InputError(
            _("The workbook has no list of sheets: a part of the file is missing."),
            where=str(path),
            remedy=_("Get the file once more."),
        )
    links = _elements(path, _LISTS[1], "Relationship") if _LISTS[1] in names else []
    targets = {link.get("Id", ""): _absolute(link.get("Target", "")) for link in links}
    kinds = {link.get("Type", "").rpartition("/")[2]: _absolute(link.get("Target", "")) for link in links}
    sheets: list[SheetInfo] = []
    part_of: dict[str, str] = {}
    elements = _elements(path, _LISTS[0], "sheet", "workbookPr")
    for element in elements:
        link = next((value for key, value in element.items() if key.endswith(":id")), "")
        part = targets.get(link, "")
        if part in names and part.startswith(_SHEET_PARTS):
            name = element.get("name", "")
            sheets.append(SheetInfo(name, element.get("state", "visible") != "visible"))
            part_of[name] = part
    return WorkbookParts(
        tuple(sheets),
        part_of,
        texts=kinds["sharedStrings"] if kinds.get("sharedStrings") in names else "",
        styles=kinds["styles"] if kinds.get("styles") in names else "",
        properties=_PROPERTIES if _PROPERTIES in names else "",
        from_1904=any(element.get("date1904") in _TRUE for element in elements),
    )


def _elements(path: Path, part: str, *names: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of these names."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in names:
            found.append(attributes)

    part_of_workbook(path, part).walk(start, lambda _name: None)
    return found


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
