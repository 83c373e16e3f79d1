"""The command that runs an analysis, and the list of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError, UsageError
from layers.words import _
from zsgis.commands.console import Outcome, pairs

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.commands.ports import Screen
    from zsgis.parcel_pages import ParcelPages
    from zsgis.result import Result


def list_capabilities() -> Outcome:
    """Return every analysis with its parameters, as the registry declares them."""
    from zsgis.capability import ordered_fields
    from zsgis.registry import CAPABILITIES

    documents: list[dict[str, Any]] = []
    lines: list[str] = []
    for capability in CAPABILITIES.values():
        lines.append(f"{capability.key}\t{_(capability.title)}\t{_(capability.summary)}")
        parameters = []
        for name, info in ordered_fields(capability.parameters).items():
            title, help_text = _(info.title or name), _(info.description or "")
            default = info.get_default(call_default_factory=True)
            parameters.append({"name": name, "title": title, "help": help_text, "default": str(default)})
            lines.append(f"    -p {name}={default}\t{title}: {help_text}")
        documents.append(
            {
                "key": capability.key,
                "title": _(capability.title),
                "summary": _(capability.summary),
                "parameters": parameters,
            }
        )
    return Outcome({"capabilities": documents}, tuple(lines))


def run(
    key: str,
    path: Path | None,
    parameter: list[str],
    out: Path | None,
    progress: Progress,
    screen: Screen | None = None,
) -> Outcome:
    """Run an analysis; write its tables, and pages of parcels where it has any, where a folder is given."""
    from zsgis.registry import capability
    from zsgis.run import run_capability
    from zsgis.sharing.opening import open_as_allowed

    if not key or path is None:
        raise UsageError(
            _("Which analysis, and on which project?"), remedy=_("zsgis run CAPABILITY PROJECT; see --list.")
        )
    chosen = capability(key)
    given = pairs(parameter, "-p")
    with open_as_allowed(path, progress) as project:
        result = run_capability(project, chosen.key, given, progress)
    document = result_document(result)
    lines = [result.title]
    if out is not None:
        written = write_result(result, out)
        if screen is not None and result.pages is not None:
            written.append(_write_pages(result, result.pages, out, screen, progress))
        document["written"] = [str(file) for file in written]
        lines += [_("Written: {path}").format(path=file) for file in written]
    lines += [line for table in result.tables for line in ["", table.title, *_table_lines(table)]]
    return Outcome(document, tuple(lines), result.findings)


def write_result(result: Result, folder: Path) -> list[Path]:
    """Write a result into ``folder`` (Excel, JSON, pictures, maps as layers) and return the files."""
    from zsgis.reports import BureauHeading, write_json, write_workbook
    from zsgis.reports.charts import write_pictures
    from zsgis.result_grids import write_grid_file
    from zsgis.result_layers import write_map

    make_folder(folder)
    return [
        write_workbook(result, folder / f"{result.title}.xlsx", BureauHeading()),
        write_json(result, folder / f"{result.title}.json"),
        *write_pictures(result, folder),
        *(write_map(result, chart, folder) for chart in result.maps),
        *(write_grid_file(result, grid, folder) for grid in result.grids),
    ]


def _write_pages(
    result: Result, pages: ParcelPages, folder: Path, screen: Screen, progress: Progress
) -> Path:
    from zsgis.sheets.parcel_pages import pages_file, write_parcel_pages

    return write_parcel_pages(
        result, pages, folder / pages_file(result, pages), screen.export_sheet, progress
    )


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are not there yet.

    Raises
    ------
    InputError
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            _("The folder cannot be made: {reason}").format(reason=error.strerror or error),
            where=str(folder),
            remedy=_("Choose another folder."),
        ) from error


def result_document(result: Result) -> dict[str, Any]:
    """Return a result as a command answers it: the findings stand in the answer's own list."""
    from zsgis.reports import result_json

    document = dict(result_json(result))
    document.pop("findings", None)
    return document


def _table_lines(table: Any) -> list[str]:
    from zsgis.result import NotDerivable

    def cell(value: Any, digits: int | None) -> str:
        if value is None:
            return ""
        if isinstance(value, NotDerivable):
            return _("not derivable")
        return f"{value:,.{digits}f}" if digits is not None and not isinstance(value, str) else str(value)

    header = "\t".join(f"{c.title}({c.unit})" if c.unit else c.title for c in table.columns)
    body = ["\t".join(cell(row.values.get(c.key), c.digits) for c in table.columns) for row in table.rows]
    return [header, *body]
