"""Power failures while a project is edited: calls of the disk recorded once, then cut off at every place.

For every prefix of the recorded calls the files are put together as a disk would hold them that forgot what
was not synchronised (``benchmarks/power_failure.py``), and opened with the ordinary file layer: SQLite finds
the rollback journal and sets the file right. The project must then be, in every row of every table, what it
was after the last acknowledged edit, or after the one that was under way.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.edited_project import editor_of, make_edited_project, make_step
from benchmarks.power_failure import Arrival, CachingDisk
from benchmarks.project_witness import Witness
from benchmarks.watched_disk import CallKind, DiskCall, watched_disk
from layers.store import Project

_RECORDED = frozenset({CallKind.OPEN, CallKind.WRITE, CallKind.TRUNCATE, CallKind.SYNC, CallKind.DELETE})
_EDITS_OF_A_SESSION = 40

T = TypeVar("T")


@dataclass(frozen=True)
class Acknowledged:
    """Stands among the calls where an edit had returned; ``count`` of them so far."""

    count: int


@dataclass(frozen=True)
class Session:
    """Edits of one project as the disk saw them.

    Attributes
    ----------
    files : mapping
        Path to content, before the first edit.
    states : tuple of str
        The project's fingerprint before the first edit and after each.
    """

    path: Path
    files: Mapping[str, bytes]
    calls: tuple[DiskCall | Acknowledged, ...]
    states: tuple[str, ...]


@dataclass
class PowerTally:
    """What became of the power failures.

    Attributes
    ----------
    prefixes : int
        Places at which the power failed with everything unsynchronised gone; all there are.
    partial : int
        Failures in which some of it had arrived, by chance.
    opened : int
        How many different remains were opened; equal ones are opened once.
    lost, half_done, damaged : int
        Failures after which an acknowledged edit was gone, the project was in no state between two edits, or
        SQLite found a fault.
    """

    edits: int = 0
    calls: int = 0
    prefixes: int = 0
    partial: int = 0
    opened: int = 0
    lost: int = 0
    half_done: int = 0
    damaged: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, half done or damaged."""
        return not (self.lost or self.half_done or self.damaged)


class DiskRecorder:
    """Keeps what changes the disk, in its order.

    Parameters
    ----------
    honest : bool
        Otherwise the disk says that it has synchronised, and has not.
    """

    def __init__(self, *, honest: bool = True) -> None:
        self.calls: list[DiskCall | Acknowledged] = []
        self._honest = honest

    def around(self, call: DiskCall, happen: Callable[[], T]) -> T:
        """Let the call happen and keep it."""
        result = happen()
        if call.kind in _RECORDED and (self._honest or call.kind is not CallKind.SYNC):
            self.calls.append(call)
        return result


def record_session(
    folder: Path,
    edits: int,
    seed: int,
    *,
    honest: bool = True,
    synchronous: str = "",
    large_share: float = 0.02,
) -> Session:
    """Edit a new project and record what its disk is asked for.

    Parameters
    ----------
    synchronous : str
        SQLite's ``PRAGMA synchronous`` in place of the one the store sets.
    """
    path = folder / "recorded.gpkg"
    make_edited_project(path, features=6)
    editor = editor_of(path, seed, large_share)
    files = {str(path): path.read_bytes()}
    recorder = DiskRecorder(honest=honest)
    states = [_fingerprint(path)]
    with watched_disk(recorder), Project.open(path) as project:
        if synchronous:
            with project._database.reading() as connection:
                connection.execute("ROLLBACK")
                connection.execute(f"PRAGMA synchronous = {synchronous}")
        for number in range(edits):
            step = editor.draw()
            make_step(project, step)
            editor.take(step)
            recorder.calls.append(Acknowledged(number + 1))
            states.append(_fingerprint(path))
    path.unlink()
    return Session(path, files, tuple(recorder.calls), tuple(states))


def _fingerprint(path: Path) -> str:
    # a copy: closing a second handle would take the locks of the first with it
    copy = path.with_name("copy.gpkg")
    shutil.copy(path, copy)
    with Witness(copy) as witness:
        found = witness.fingerprint()
    copy.unlink()
    return found


class PowerCutter:
    """Lets the power fail during a recorded session and looks at what remains."""

    def __init__(self, session: Session, folder: Path, seed: int) -> None:
        self._session = session
        self._folder = folder
        self._chance = random.Random(seed)  # noqa: S311 - chance, no secret
        self._judged: dict[tuple[str, ...], str] = {}
        self.tally = PowerTally(
            edits=len(session.states) - 1,
            calls=sum(isinstance(call, DiskCall) for call in session.calls),
        )

    def cut(self, partial: int) -> PowerTally:
        """Let it fail at every place, and ``partial`` times with some of the rest arrived."""
        session, tally = self._session, self.tally
        disk = CachingDisk.holding(session.files)
        extra = self._spread(partial)
        acknowledged = 0
        for place, call in enumerate(session.calls):
            if isinstance(call, Acknowledged):
                acknowledged = call.count
            else:
                disk.take(call)
            tally.prefixes += 1
            self._look(disk.after_power_failure(Arrival.NOTHING, self._chance), acknowledged, place)
            for _number in range(extra[place]):
                tally.partial += 1
                self._look(disk.after_power_failure(Arrival.SOME, self._chance), acknowledged, place)
        return tally

    def _spread(self, partial: int) -> Sequence[int]:
        counts = [0] * len(self._session.calls)
        for _number in range(partial):
            counts[self._chance.randrange(len(counts))] += 1
        return counts

    def _look(self, files: Mapping[str, bytes], acknowledged: int, place: int) -> None:
        states = self._session.states
        found = self._opened(files)
        if found in states[acknowledged : acknowledged + 2]:
            return
        what = "damaged" if found.startswith("damaged") else "lost" if found in states else "half_done"
        setattr(self.tally, what, getattr(self.tally, what) + 1)
        text = f"cut after call {place}, {acknowledged} edits acknowledged: {what} {found[:300]}"
        self.tally.troubles = [*self.tally.troubles, text][:20]

    def _opened(self, files: Mapping[str, bytes]) -> str:
        """Return the project's fingerprint once it was opened, or what is wrong with it."""
        key = tuple(f"{path} {hash(content)}" for path, content in sorted(files.items()))
        if key not in self._judged:
            self.tally.opened += 1
            self._judged[key] = self._judge(files)
        return self._judged[key]

    def _judge(self, files: Mapping[str, bytes]) -> str:
        with _laid_out(files, self._folder) as path:
            try:
                with Project.open(path / self._session.path.name) as project:
                    project.layers()
                with Witness(path / self._session.path.name) as witness:
                    damages = witness.damages()
                    return f"damaged: {damages}" if damages else witness.fingerprint()
            except Exception as error:  # whatever a file full of holes leads to
                return f"damaged: {error!r}"


@contextmanager
def _laid_out(files: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    place = folder / "after"
    place.mkdir()
    try:
        for path, content in files.items():
            (place / Path(path).name).write_bytes(content)
        yield place
    finally:
        shutil.rmtree(place)


def cut_power(folder: Path, partial: int, seed: int, edits: int = _EDITS_OF_A_SESSION) -> PowerTally:
    """Record a session and let the power fail at every place of it; see :class:`PowerCutter`."""
    return PowerCutter(record_session(folder, edits, seed), folder, seed).cut(partial)
