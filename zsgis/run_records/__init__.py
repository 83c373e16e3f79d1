"""What a project keeps of a run: who, inputs, rules, and every figure with its unit and parcels."""

from zsgis.run_records.figures import Figure, FigureDifference, differences, figures_of, kept_tables
from zsgis.run_records.keeping import kept_record
from zsgis.run_records.model import (
    KeptColumn,
    KeptInput,
    KeptRow,
    KeptRule,
    KeptRun,
    KeptTable,
    UnreadableRun,
    kept_runs,
)
from zsgis.run_records.sources import packed_sources, unpacked_sources

__all__ = [
    "Figure",
    "FigureDifference",
    "KeptColumn",
    "KeptInput",
    "KeptRow",
    "KeptRule",
    "KeptRun",
    "KeptTable",
    "UnreadableRun",
    "differences",
    "figures_of",
    "kept_record",
    "kept_runs",
    "kept_tables",
    "packed_sources",
    "unpacked_sources",
]
