"""What is put in of each run: its record, its tables, its parcels, what is thought of it, its pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from layers.words import _
from zsgis.evidence.model import RUNS
from zsgis.evidence.packing import Packer, safe_name
from zsgis.evidence.table_book import table_book
from zsgis.ledger.documents import standing_document, standing_lines
from zsgis.ledger.standing import RunStanding
from zsgis.result import Result
from zsgis.run_records import KeptRun, KeptTable, unpacked_sources
from zsgis.run_records.figures import row_labels

TABLES = "tables.xlsx"
"""All tables of a run in one workbook."""
_DPI = 150
_MOST_PARCELS = 1_000_000


def folder_of(standing: RunStanding) -> str:
    """Return the folder of a run: its number and its analysis."""
    return f"{RUNS}/{standing.number:03d}-{safe_name(standing.run.capability)}"


def pack_run(
    packer: Packer, standing: RunStanding, record: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Write a run as it was recorded and what is thought of it now; return what is not in it.

    Parameters
    ----------
    record : mapping
        As the project keeps it.
    names : mapping
        Names of layers by uid.
    """
    folder, run = folder_of(standing), standing.run
    packer.json(f"{folder}/run.json", record)
    packer.json(f"{folder}/standing.json", standing_document(standing))
    packer.text(f"{folder}/standing.txt", "\n".join(standing_lines(standing)) + "\n", marked=True)
    if not isinstance(run, KeptRun):
        return ()
    notes = []
    for table in run.tables:
        packer.rows(f"{folder}/table-{safe_name(table.key)}.csv", _table_rows(table))
        if table.left_out:
            text = _("Run {number}: {count} rows of “{table}” were not kept with the run.")
            notes.append(text.format(number=standing.number, count=f"{table.left_out:,}", table=table.title))
    book = table_book(run.tables, packer.moment)
    if book:
        packer.data(f"{folder}/{TABLES}", book)
    parcels = _parcels(run, names)
    if parcels is not None:
        packer.json(f"{folder}/parcels.json", parcels)
    elif run.sources or run.sources_left_out:
        text = _("Run {number}: the parcels behind its rows are too many to list.")
        notes.append(text.format(number=standing.number))
    return tuple(notes)


def _table_rows(table: KeptTable) -> Iterator[list[object]]:
    yield [f"{each.title}（{each.unit}）" if each.unit else each.title for each in table.columns]
    for row in table.rows:
        yield [
            _cell(row.values.get(column.key), column.digits) if column.key in row.values else ""
            for column in table.columns
        ]


def _cell(value: Any, digits: int | None) -> object:
    if isinstance(value, Mapping):
        return str(value.get("not_derivable", ""))
    if digits is not None and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.{digits}f}"
    return value


def _parcels(run: KeptRun, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the parcels behind each row, by table; None where they are too many or were not kept."""
    try:
        sources = unpacked_sources(run.sources)
    except ValueError:
        return None
    count = sum(len(uids) for rows in sources.values() for row in rows for uids in row.values())
    if not sources or count > _MOST_PARCELS:
        return None
    document: dict[str, Any] = {}
    for table in run.tables:
        rows = sources.get(table.key, ())
        document[table.key] = [
            {"row": label, "parcels": {names.get(layer, layer): list(uids) for layer, uids in row.items()}}
            for label, row in zip(row_labels(table), rows, strict=False)
        ]
    return document


def pictures_of(result: Result) -> Iterator[tuple[str, bytes]]:
    """Yield each chart and map of a result as PNG, with what it is called.

    Raises
    ------
    InputError
        When the program's font is missing.
    """
    from zsgis.reports.charts import PAPER, draw

    for place, chart in enumerate((*result.charts, *result.maps, *result.grids), start=1):
        out = io.BytesIO()
        # a picture bears no day and no version, so that the same result gives the same picture
        draw(chart).savefig(
            out, format="png", dpi=_DPI, facecolor=PAPER.ground, metadata={"Software": "zsgis"}
        )
        yield f"{place:02d}-{safe_name(chart.title)}.png", out.getvalue()
