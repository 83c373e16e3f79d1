"""What was issued: when, by whom, which file, and every figure, kept in the project."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from zsgis.reports.securing.figures import IssuedFigure

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.reports.securing.blocks import FigureKey

SETTING = "issued_reports"
_WITH_FIGURES = 6
"""Of so many issues of a form the figures are kept; of older ones what the file was."""
_MOST_BYTES = 64_000_000


class Issue(BaseModel):
    """A report that was issued.

    Attributes
    ----------
    form : str
        ``docx`` or ``xlsx``; an issue is held against the last one of its form.
    issued : str
        When, UTC, ISO 8601.
    sha256 : str
        Of the file as it was written.
    runs : mapping of str to str
        The number of each run that figures came from, and its uid.
    packed : str
        The figures, packed; empty in an old issue.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    form: str
    issued: str
    who: str
    machine: str
    file: str
    sha256: str
    template: str
    secrecy: str = ""
    runs: Mapping[str, str] = {}
    figures: int = 0
    packed: str = ""


@dataclass(frozen=True)
class LastIssue:
    """The last issue of a form with its figures."""

    number: int
    issue: Issue
    figures: Mapping[FigureKey, IssuedFigure]


def issues_of(project: Project) -> tuple[Issue, ...]:
    """Return what was issued, the first one first; records that cannot be read are passed over."""
    found = []
    for raw in project.setting(SETTING, []):
        try:
            found.append(Issue.model_validate(raw))
        except ValidationError:
            continue
    return tuple(found)


def last_issue(project: Project, form: str) -> LastIssue | None:
    """Return the last issue of a form whose figures can be read; None where there is none."""
    known = issues_of(project)
    for number in range(len(known), 0, -1):
        issue = known[number - 1]
        if issue.form == form and issue.packed:
            figures = unpacked(issue.packed)
            if figures is not None:
                return LastIssue(number, issue, figures)
    return None


def keep_issue(project: Project, issue: Issue) -> int:
    """Keep an issue with the project and return its number.

    Raises
    ------
    InputError
        When the project cannot be written.
    """
    kept = [*issues_of(project), issue]
    documents: list[dict[str, Any]] = []
    left = {"docx": _WITH_FIGURES, "xlsx": _WITH_FIGURES}
    for each in reversed(kept):
        left[each.form] = left.get(each.form, _WITH_FIGURES) - 1
        document = each.model_dump(mode="json")
        documents.append(document if left[each.form] >= 0 else {**document, "packed": ""})
    project.set_setting(SETTING, documents[::-1])
    return len(kept)


def packed(figures: Mapping[FigureKey, IssuedFigure]) -> str:
    """Return figures as one text."""
    rows = [
        [*key, figure.title, figure.words, figure.unit, figure.run, figure.stale]
        for key, figure in figures.items()
    ]
    return base64.b64encode(zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 6)).decode()


def unpacked(text: str) -> dict[FigureKey, IssuedFigure] | None:
    """Return the figures of :func:`packed`; None for a text that it did not make."""
    unzip = zlib.decompressobj()
    try:
        rows: Any = json.loads(unzip.decompress(base64.b64decode(text, validate=True), _MOST_BYTES))
        return {
            (str(table), str(row), str(column)): IssuedFigure(
                str(title), str(words), str(unit), str(run), bool(stale)
            )
            for table, row, column, title, words, unit, run, stale in rows
        }
    except (zlib.error, ValueError, TypeError):
        return None
