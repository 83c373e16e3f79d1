"""A signed result as the record that its project keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from layers.edits import Author
from zsgis.result import RunRecord, Table
from zsgis.run_records.figures import kept_tables
from zsgis.run_records.rules import rule_files_of
from zsgis.run_records.sources import packed_sources


def kept_record(
    run: RunRecord,
    *,
    title: str,
    facts: Mapping[str, Any],
    tables: Sequence[Table] = (),
    marks: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what is kept of a run, anything JSON can hold.

    Parameters
    ----------
    facts : mapping
        Figures outside the tables.
    marks : mapping
        ``demo``, ``schematic``, ``secrecy`` of what it was made from.
    """
    author = Author.here()
    sources, left_out = packed_sources(tables)
    return {
        **dataclasses.asdict(run),
        "title": title,
        "who": author.name,
        "machine": author.machine,
        "rule_files": [rule.model_dump() for rule in rule_files_of(run.rules, run.parameters)],
        "figures": dict(facts),
        "tables": [table.model_dump(mode="json") for table in kept_tables(tables)],
        "sources": sources,
        "sources_left_out": left_out,
        **(marks or {}),
    }
