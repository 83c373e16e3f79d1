"""The demonstration's way to proof: how land stands, demand, supply, allocation, report, evidence folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.progress import Progress, ProgressPart
from layers.words import _

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.result import Result

CHAIN_FOLDER = "科研用地保障"
REPORT, WORKBOOK, EVIDENCE = "科研用地保障报告.docx", "科研用地保障报告.xlsx", "证据包.zip"

# a gap at which a plan of the whole city is there within seconds
_ALLOCATION: dict[str, Any] = {"gap_pct": 1.0, "alternatives": 3, "explain": "all", "seconds": 60.0}
_LAST = "allocate"
_STEPS: tuple[tuple[str, dict[str, Any], float], ...] = (
    ("intensity", {}, 0.08),
    ("fragmentation", {}, 0.1),
    ("contiguity", {}, 0.13),
    ("three_plans", {}, 0.2),
    ("supply_gap", {}, 0.21),
    ("screening", {}, 0.23),
    ("demand", {}, 0.24),
    ("supply", {}, 0.4),
    (_LAST, _ALLOCATION, 0.7),
)


def secure_land(
    project: Project,
    out: Path,
    write: Callable[[Result, Path], Sequence[Path]],
    earlier: Sequence[Result],
    progress: Progress,
) -> list[Path]:
    """Run the chain on a project, write what comes of it, and return the files.

    Parameters
    ----------
    out : Path
        A folder that is there.
    write : callable
        Writes a result's tables and pictures into a folder; asked for the allocation.
    earlier : sequence of Result
        Results of this sitting, whose pictures go into the evidence folder too.

    Raises
    ------
    InputError
        When the project lacks a register or layers, or a file cannot be written.
    JobCancelled
    """
    from zsgis.reports import write_workbook
    from zsgis.reports.securing.making import ReportOrder, make_report
    from zsgis.run import run_capability

    results, start = [*earlier], 0.0
    files: list[Path] = []
    for key, parameters, end in _STEPS:
        result = run_capability(project, key, parameters, ProgressPart(progress, start, end))
        results.append(result)
        # the charts and maps of the steps before stand in the report and in the evidence folder
        files += (
            write(result, out) if key == _LAST else [write_workbook(result, out / f"{result.title}.xlsx")]
        )
        start = end
    for name, end in ((REPORT, 0.85), (WORKBOOK, 0.92)):
        made = make_report(project, ReportOrder(out / name), ProgressPart(progress, start, end))
        files.append(made.path)
        start = end
    files.append(_prove(project, out / EVIDENCE, results, ProgressPart(progress, start, 1.0)))
    return files


def _prove(project: Project, path: Path, results: Sequence[Result], progress: Progress) -> Path:
    from zsgis.evidence import EvidenceOrder, write_evidence
    from zsgis.plan import load_plan

    progress.step(0.0, _("Evidence folder {name}").format(name=path.name))
    now = dt.datetime.now().astimezone()
    order = EvidenceOrder(
        out=path,
        plan=load_plan(),
        on=now.date(),
        moment=now,
        again=False,
        results={result.run.uid: result for result in results},
        overwrite=True,
    )
    return write_evidence(project, order, progress).path
