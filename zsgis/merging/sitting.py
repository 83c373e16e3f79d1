"""A merge under way: files that are open, the plan, the decisions, until it is written or left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.progress import Progress
from zsgis.merging.model import Decision, Decisions, Side

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.merging.applying import Files, MergeResult
    from zsgis.merging.decisions import DecisionBook
    from zsgis.merging.planning import MergePlan

OpenCopy = Callable[[Path], "Project"]


@dataclass(frozen=True)
class MergeFiles:
    """Base, mine and theirs."""

    base: Path
    mine: Path
    theirs: Path

    def name(self) -> str:
        """Return a name for what is remembered of merging these three."""
        text = "\n".join(str(path.absolute()) for path in (self.base, self.mine, self.theirs))
        return blake2b(text.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Sitting:
    """What :func:`begin` makes ready.

    Attributes
    ----------
    target : Project or None
        The open project that takes the merge in; None where it is written to a new file.
    decisions : mapping
        Those that were kept and still hold.
    """

    files: MergeFiles
    stack: ExitStack
    sources: Files
    target: Project | None
    plan: MergePlan
    book: DecisionBook
    decisions: dict[str, Decision]

    def write(self, decisions: Decisions, progress: Progress) -> MergeResult:
        """Write the merge into the open project; raises as :func:`apply_merge`."""
        if self.target is None:
            raise ValueError("no project takes the merge in")
        from zsgis.merging.applying import apply_merge

        return apply_merge(self.target, self.sources, self.plan, decisions, progress)

    def write_to(self, out: Path, decisions: Decisions, progress: Progress) -> MergeResult:
        """Write the merge into a new file; raises as :func:`merge_to_file`."""
        from zsgis.merging.applying import merge_to_file

        return merge_to_file(self.sources, self.plan, decisions, out, progress)

    def close(self) -> None:
        """Let go of the files."""
        self.stack.close()


def begin(files: MergeFiles, target: Project | None, folder: Path, progress: Progress) -> Sitting:
    """Open the files, work the merge out, and find what was decided before.

    Parameters
    ----------
    target : Project, optional
        The project that is open and stands for theirs.
    folder : Path
        Where decisions are kept.

    Raises
    ------
    InputError
        When a file cannot be read, the files do not come from one another, or the copy came in already.
    JobCancelled
    """
    from layers.store import Project
    from zsgis.merging.decisions import DecisionBook
    from zsgis.merging.planning import plan_merge
    from zsgis.merging.repeats import require_first_time

    stack = ExitStack()
    try:
        base = stack.enter_context(Project.open(files.base, read_only=True))
        mine = stack.enter_context(Project.open(files.mine, read_only=True))
        theirs = target or stack.enter_context(Project.open(files.theirs, read_only=True))
        sources = {Side.BASE: base, Side.MINE: mine, Side.THEIRS: theirs}
        require_first_time(sources)
        plan = plan_merge(sources, progress)
        book = DecisionBook(folder / f"{files.name()}.json", plan)
        decisions: dict[str, Decision] = {}
        with suppress(InputError):  # none were kept, or a file that nobody can read: they are asked again
            decisions = book.read()
    except BaseException:
        stack.close()
        raise
    return Sitting(files, stack, sources, target, plan, book, decisions)


def finish(sitting: Sitting, moment: datetime, open_copy: OpenCopy) -> InputError | None:
    """Let go of the files, forget the decisions, and note in a working copy that it came back.

    Parameters
    ----------
    open_copy : callable
        Opens a project file with the right to write, its lock taken; raises InputError where there is none.

    Returns
    -------
    InputError or None
        Why the copy could not be noted in. The merge is done, and the project's own record keeps the copy
        from coming in once more.
    """
    from layers.store.working_copies import mark_handed_in, read_origin

    sitting.close()
    with suppress(OSError):
        sitting.book.path.unlink(missing_ok=True)
    if sitting.target is None or read_origin(sitting.files.mine) is None:
        return None
    try:
        with open_copy(sitting.files.mine) as copy:
            mark_handed_in(copy, moment)
    except InputError as error:
        return error
    return None
