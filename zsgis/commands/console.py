"""How a command talks: results on standard output, progress and messages on standard error, an exit code."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from types import FrameType
from typing import Any, NoReturn

import typer

from layers.errors import JobCancelled, UsageError, ZsgisError
from layers.findings import Finding, Severity
from layers.progress import Progress
from layers.words import _


class ExitCode(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    FINDINGS = 1
    WRONG_CALL = 2
    UNUSABLE_INPUT = 3
    BROKEN = 70
    CANCELLED = 130


@dataclass(frozen=True)
class Outcome:
    """What a command did.

    Attributes
    ----------
    document : mapping
        The answer for programs, JSON-able.
    lines : tuple of str
        The same for people.
    findings : tuple of Finding
        Warnings and errors among them make the exit code 1.
    code : ExitCode, optional
        Over what the findings make it.
    """

    document: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    code: ExitCode | None = None


class _Cancellable:
    """Raises at the next step after the user has pressed Ctrl+C; a second Ctrl+C stops at once."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def check(self) -> None:
        if self._asked:
            raise JobCancelled


class _LineProgress:
    """Progress for a log: a line when the text changes."""

    def __init__(self, cancel: _Cancellable) -> None:
        self._cancel = cancel
        self._text = ""

    def step(self, done: float, text: str = "") -> None:
        """Print the share done when there is something new to say."""
        self._cancel.check()
        if text and text != self._text:
            self._text = text
            typer.echo(f"{done:5.0%}  {text}", err=True)


class _BarProgress:
    """Progress for a person at a terminal: one bar that moves."""

    def __init__(self, cancel: _Cancellable) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._cancel = cancel
        self.bar = Bar(
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self.bar.add_task("", total=1.0)

    def step(self, done: float, text: str = "") -> None:
        """Move the bar."""
        self._cancel.check()
        if text:
            self.bar.update(self._task, description=text)
        self.bar.update(self._task, completed=done)


@contextmanager
def _progress() -> Iterator[Progress]:
    cancel = _Cancellable()
    before = signal.signal(signal.SIGINT, cancel.ask)
    try:
        if sys.stderr.isatty():
            shown = _BarProgress(cancel)
            with shown.bar:
                yield shown
        else:
            yield _LineProgress(cancel)
    finally:
        signal.signal(signal.SIGINT, before)


def run_command(action: Callable[[Progress], Outcome], *, as_json: bool) -> NoReturn:
    """Do a command's work, print its answer and leave with its exit code."""
    try:
        with _progress() as progress:
            outcome = action(progress)
    except (JobCancelled, KeyboardInterrupt):
        _leave_with_error(ZsgisError(_("Cancelled.")), ExitCode.CANCELLED, as_json=as_json)
    except UsageError as error:
        _leave_with_error(error, ExitCode.WRONG_CALL, as_json=as_json)
    except ZsgisError as error:
        _leave_with_error(error, ExitCode.UNUSABLE_INPUT, as_json=as_json)
    except Exception as error:  # the last place before the shell
        import traceback

        broken = ZsgisError(
            _("The program met an error it does not know: {error}").format(error=error),
            remedy=_("Please report it with the details below."),
            details=traceback.format_exc(),
        )
        _leave_with_error(broken, ExitCode.BROKEN, as_json=as_json)
    _print_outcome(outcome, as_json=as_json)
    weighty = any(finding.severity is not Severity.NOTE for finding in outcome.findings)
    usual = ExitCode.FINDINGS if weighty else ExitCode.DONE
    raise SystemExit(int(usual if outcome.code is None else outcome.code))


def _print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    for finding in outcome.findings:
        typer.echo(f"[{finding.severity.words}] {finding.text}", err=True)
    if as_json:
        findings = [
            {"code": finding.code, "severity": str(finding.severity), "text": finding.text}
            for finding in outcome.findings
        ]
        _print_json({**outcome.document, "findings": findings})
    else:
        for line in outcome.lines:
            typer.echo(line)


def _leave_with_error(error: ZsgisError, code: ExitCode, *, as_json: bool) -> NoReturn:
    typer.echo(error, err=True)
    if error.details:
        typer.echo(error.details, err=True)
    if as_json:
        _print_json(
            {
                "error": {
                    "what": error.what,
                    "where": error.where,
                    "remedy": error.remedy,
                    "exit_code": int(code),
                },
                **error.facts,
            }
        )
    raise SystemExit(int(code))


def _print_json(document: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Return ``NAME=VALUE`` options as a mapping.

    Raises
    ------
    UsageError
        When a text has no ``=`` or a name comes twice.
    """
    mapping: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                _("“{text}” is not of the form NAME=VALUE.").format(text=text), where=f"{option} {text}"
            )
        if name.strip() in mapping:
            raise UsageError(
                _("“{name}” is given twice.").format(name=name.strip()), where=f"{option} {text}"
            )
        mapping[name.strip()] = value
    return mapping
