"""Reports of checks as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from layers.checking.model import CheckFinding, CheckReport
from layers.findings import Severity
from layers.whole_file import whole_file
from layers.words import _

LISTED_PER_RULE = 10_000
"""So many findings of a rule are listed one by one; all are counted."""


def report_document(report: CheckReport, listed: int = LISTED_PER_RULE) -> dict[str, Any]:
    """Return a report as JSON takes it: all counts, the first ``listed`` findings of every rule."""
    return {
        "layer": report.layer,
        "layer_uid": report.layer_uid,
        "kind": report.kind,
        "crs": report.crs,
        "secrecy": report.secrecy,
        "features": report.features,
        "seconds": round(report.seconds, 3),
        "rules_version": report.rules.version,
        "rules_status": report.rules.status,
        "findings": len(report),
        "by_severity": {severity.value: report.weighing(severity) for severity in Severity},
        "rules": [
            {
                "key": one.rule.key,
                "title": one.rule.title,
                "severity": one.rule.severity.value,
                "source": one.rule.source,
                "status": one.rule.status,
                "parameters": dict(one.rule.parameters),
                "findings": one.findings,
                "features": one.features,
                "total": one.total,
                "unit": one.unit,
                "listed": min(one.findings, listed),
            }
            for one in report.counts()
        ],
        "skipped": dict(report.skipped),
        "list": [_listed(report, finding, listed) for finding in report.listed(listed)],
    }


def _listed(report: CheckReport, finding: CheckFinding, listed: int) -> dict[str, Any]:
    """Return a finding; of one about many features, the first ``listed`` with row (from 1) and ``zs_uid``."""
    document = finding.document()
    rows = report.rows_of(finding.number)
    if finding.row < 0 and len(rows):
        document["features"] = [
            {"row": row + 1, "uid": report.called.uid(row), "name": report.called.name(row)}
            for row in rows[:listed].tolist()
        ]
    return document


def write_document(reports: Sequence[CheckReport], path: Path) -> Path:
    """Write reports as one JSON document; the file appears whole or not at all.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    document = {"reports": [report_document(report) for report in reports]}
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    with whole_file(path, _("The report cannot be written.")) as draft:
        draft.write_text(text + "\n", encoding="utf-8")
    return path
