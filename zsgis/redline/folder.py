"""A file or a folder of red lines, each checked and written by itself; one that is refused stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError, JobCancelled, ProjectFileError, ZsgisError
from layers.findings import Finding, Severity
from layers.importing.doubt import UncertainError
from layers.importing.intake import Surroundings
from layers.importing.request import ImportRequest
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.intake.sources import is_data_folder, sources_of_folder
from zsgis.intake.surroundings import surroundings_of
from zsgis.redline.boundaries import read_boundaries
from zsgis.redline.boundary import Boundaries, Boundary
from zsgis.redline.checking import RedlineChecker
from zsgis.redline.files import report_stem, write_report
from zsgis.redline.layer_choice import LayerChoiceError
from zsgis.redline.model import LineRole, Outcome, RedlineReport
from zsgis.redline.rules import Effect, RedlineRules
from zsgis.redline.summary import write_summary

if TYPE_CHECKING:
    from layers.datum_parameters import DatumParameters
    from layers.formats.model import SourceReader
    from layers.store import Project
    from zsgis.sheets.production import SheetDrawer


_CHECKED = 0.5


class Fate(StrEnum):
    """What became of a red line."""

    DONE = "done"
    UNSURE = "unsure"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """The fate in the user's language."""
        return _(_FATES[self])


_FATES = {Fate.DONE: N_("checked"), Fate.UNSURE: N_("to be said"), Fate.REFUSED: N_("unusable")}


@dataclass(frozen=True)
class RedlineAccount:
    """What became of one red line of a file, or of a file that could not be read.

    Attributes
    ----------
    file : str
        Its path as seen from the folder; the file's name where one file was checked.
    text : str
        Why it was refused, and what to do; empty where it was checked.
    planar_m2, ellipsoidal_m2 : float or None
        The red line's own area.
    forbidden_m2, warned_m2 : float or None
        Ground of all sections that hits of that weight lie on; a place counts once for each section.
    not_checked : tuple of str
        Titles of the sections that were not checked.
    """

    file: str
    name: str
    fate: Fate
    text: str = ""
    outcome: Outcome | None = None
    planar_m2: float | None = None
    ellipsoidal_m2: float | None = None
    forbidden: tuple[str, ...] = ()
    forbidden_m2: float | None = None
    warned: tuple[str, ...] = ()
    warned_m2: float | None = None
    not_checked: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    written: tuple[Path, ...] = ()

    @property
    def weighty(self) -> bool:
        """Whether something about it is more than a note."""
        return any(each.severity is not Severity.NOTE for each in self.findings)


@dataclass
class RedlineRun:
    """Checks files of red lines and writes what comes of it.

    Parameters
    ----------
    wanted : ImportRequest
        What holds for every file: system, encoding, layer; its path is not used.
    out : Path
        A folder that exists.
    draw : SheetDrawer, optional
        Draws the sheet of each red line; without it none is written.
    """

    project: Project
    rules: RedlineRules
    reader: SourceReader
    out: Path
    wanted: ImportRequest
    parameters: Sequence[DatumParameters] = ()
    draw: SheetDrawer | None = None
    accounts: list[RedlineAccount] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def check_file(self, path: Path, progress: Progress) -> tuple[RedlineReport, ...]:
        """Check every red line of one file; what of it is none is told in the accounts.

        Raises
        ------
        UncertainError, InputError, CrsError
            When the file cannot be used, or what it is must be said.
        JobCancelled
            When the user stopped; what was written stays.
        """
        found = self._read(path, ProgressPart(progress, 0.0, 0.2))
        checker = RedlineChecker(self.project, self.rules)
        reports: list[RedlineReport] = []
        self._tell_refused(path.name, found)
        for number, boundary in enumerate(found.boundaries):
            part = _share(progress, number, len(found.boundaries), 0.2)
            reports.append(self._check(checker, path, path.name, boundary, part))
        return tuple(reports)

    def check_folder(self, folder: Path, progress: Progress) -> Path:
        """Check every file of a folder, and write the list of all red lines; return the list's path.

        Raises
        ------
        InputError
            When the folder holds no file of data, or more than can be meant.
        ProjectFileError
            When the project cannot be read or written.
        JobCancelled
            When the user stopped; what was done until then stays, and the list tells it.
        """
        sources = sources_of_folder(folder)
        if not sources.data:
            raise InputError(
                _("The folder holds no files of red lines."),
                where=str(folder),
                remedy=_("Choose the folder that holds them."),
            )
        checker = RedlineChecker(self.project, self.rules)
        try:
            for number, path in enumerate(sources.data):
                part = _share(progress, number, len(sources.data))
                part.step(0.0, _("Checking {section}").format(section=path.name))
                self._check_one_of_many(checker, folder, path, part)
        except JobCancelled:
            write_summary(self.accounts, self.out, self.rules, stopped=True)
            raise
        return write_summary(self.accounts, self.out, self.rules)

    def _check_one_of_many(
        self, checker: RedlineChecker, folder: Path, path: Path, progress: Progress
    ) -> None:
        file = str(path.relative_to(folder))

        def read() -> None:
            found = self._read(path, ProgressPart(progress, 0.0, 0.2))
            self._tell_refused(file, found)
            for number, boundary in enumerate(found.boundaries):
                part = _share(progress, number, len(found.boundaries), 0.2)
                work = partial(self._check, checker, path, file, boundary, part)
                self._guarded(file, boundary.name, work)

        self._guarded(file, path.stem, read)

    def _guarded(self, file: str, name: str, work: Callable[[], object]) -> None:
        try:
            work()
        except ProjectFileError:
            raise
        except ZsgisError as error:
            self.accounts.append(_refusal(file, name, error))

    def _read(self, path: Path, progress: Progress) -> Boundaries:
        return read_boundaries(
            replace(self.wanted, path=path),
            self.reader,
            surroundings=self._surroundings,
            parameters=self.parameters,
            layer_names=self.rules.settings.boundary_layers,
            progress=progress,
        )

    @cached_property
    def _surroundings(self) -> Surroundings:
        return surroundings_of(self.project)

    def _tell_refused(self, file: str, found: Boundaries) -> None:
        self.accounts.extend(_refusal(file, name, error) for name, error in found.refused)

    def _check(
        self, checker: RedlineChecker, path: Path, file: str, boundary: Boundary, progress: Progress
    ) -> RedlineReport:
        report = checker.check(boundary, ProgressPart(progress, 0.0, _CHECKED))
        own = boundary.name if boundary.name.startswith(path.stem) else f"{path.stem} {boundary.name}"
        written = write_report(
            report,
            self.out,
            self._stem(own),
            draw=self.draw,
            progress=ProgressPart(progress, _CHECKED, 1.0),
        )
        self.accounts.append(account_of(report, file, written))
        return report

    def _stem(self, name: str) -> str:
        plain = report_stem(name)
        number, stem = 1, plain
        while stem.casefold() in self._taken:
            number += 1
            stem = f"{plain} ({number})"
        self._taken.add(stem.casefold())
        return stem


def is_folder_of_files(path: Path) -> bool:
    """Tell whether a path is a folder of red lines, and no data set that is a folder (.gdb)."""
    return path.is_dir() and not is_data_folder(path)


def account_of(report: RedlineReport, file: str, written: tuple[Path, ...] = ()) -> RedlineAccount:
    """Return the account of a red line that was checked."""
    forbidden, forbidden_m2 = _weighed(report, Effect.FORBIDDEN)
    warned, warned_m2 = _weighed(report, Effect.WARN)
    return RedlineAccount(
        file=file,
        name=report.boundary.name,
        fate=Fate.DONE,
        outcome=report.worst,
        planar_m2=report.planar_cents / 100,
        ellipsoidal_m2=report.ellipsoidal_cents / 100,
        forbidden=forbidden,
        forbidden_m2=forbidden_m2,
        warned=warned,
        warned_m2=warned_m2,
        not_checked=tuple(s.title for s in report.sections if s.outcome is Outcome.NOT_CHECKED),
        findings=report.findings,
        written=written,
    )


def _weighed(report: RedlineReport, effect: Effect) -> tuple[tuple[str, ...], float]:
    titles, cents = [], 0
    for section in report.sections:
        lines = [
            line
            for line in section.lines
            if line.effect is effect and not line.sliver and line.role is not LineRole.DEDUCTION
        ]
        if lines and section.outcome is not Outcome.NO_DATA:
            titles.append(section.title)
            cents += sum(line.cents for line in lines)
    return tuple(dict.fromkeys(titles)), cents / 100


def _refusal(file: str, name: str, error: ZsgisError) -> RedlineAccount:
    asked = isinstance(error, (UncertainError, LayerChoiceError))
    fate = Fate.UNSURE if asked else Fate.REFUSED
    return RedlineAccount(file, name, fate, f"{error.what} {error.remedy}".strip())


def _share(progress: Progress, number: int, count: int, start: float = 0.0) -> Progress:
    room = 1.0 - start
    return ProgressPart(progress, start + room * number / count, start + room * (number + 1) / count)
