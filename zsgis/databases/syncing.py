"""A project file and a project in a database brought together, from the state in which both parted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from layers.edits import Edit, EditKind
from layers.errors import InputError, ProjectFileError
from layers.progress import Progress, ProgressPart
from layers.store.merging import LayerCopy, ProjectChanges
from layers.store.uids import new_uid
from layers.words import _
from zsgis.merging.applying import LayerNames, project_changes
from zsgis.merging.model import Decision, Decisions, Side
from zsgis.merging.origins import CAPABILITY, authors_words, edits_since, record_of
from zsgis.merging.planning import MergePlan, plan_merge
from zsgis.merging.resolving import edit_of

if TYPE_CHECKING:
    from layers.store import Project
    from layers.store.postgis.address import DatabaseAddress
    from layers.store.postgis.store import PostgisStore

_OWN_SETTINGS = ("window.",)
_OF_THE_FILE = ("project.format", "project.uid")


@dataclass(frozen=True)
class SyncResult:
    """What came of it.

    Attributes
    ----------
    plan : MergePlan or None
        How both came together; None where one of them was made anew.
    done : bool
        False where conflicts are to be decided; nothing was written then.
    sent, taken : int
        Features written into the database, and into the file.
    """

    plan: MergePlan | None
    done: bool
    sent: int = 0
    taken: int = 0


def base_file(project: Path, address: DatabaseAddress) -> Path:
    """Return where the state is kept in which a project file and a database last were alike."""
    place = f"{address.key_origin}/{address.schema}"
    mark = hashlib.sha256(place.encode()).hexdigest()[:12]
    return project.with_name(f".{project.stem}.{mark}.base.gpkg")


def push_new(project: Project, address: DatabaseAddress, password: str, progress: Progress) -> SyncResult:
    """Make a project in a database of a project file.

    Raises
    ------
    ProjectFileError
        When the schema exists or may not be made.
    InputError
        When the database cannot hold something; nothing is left behind then but an empty project.
    """
    from layers.store.postgis.store import PostgisStore

    store = PostgisStore.create(
        address, project.crs, title=project.title, password=password, uid=project.uid, author=project.author
    )
    with store:
        sent = _fill(store, project, ProgressPart(progress, 0.0, 0.8))
        for run in project.runs():
            store.record_run(run)
    _keep_base(project, address, ProgressPart(progress, 0.8, 1.0))
    return SyncResult(None, done=True, sent=sent)


def pull_new(store: PostgisStore, path: Path, progress: Progress) -> SyncResult:
    """Make a project file of a project in a database; it appears whole or not at all.

    Raises
    ------
    ProjectFileError
        When the file exists or cannot be written.
    """
    from layers.store import Project

    if path.exists() or path.suffix.lower() != ".gpkg":
        raise ProjectFileError(
            _("The file exists already, or its name does not end in .gpkg."),
            where=str(path),
            remedy=_("Choose another name."),
        )
    draft = path.with_name(f".{path.stem}.{new_uid()}.gpkg")
    try:
        with Project.create(draft, store.crs, title=store.title) as project:
            project.set_setting("project.uid", store.uid)
        with Project.open(draft) as project:
            taken = _fill(project, store, ProgressPart(progress, 0.0, 0.8))
            for run in store.runs():
                project.record_run(run)
            _keep_base(project, store.address, ProgressPart(progress, 0.8, 1.0), path)
        draft.rename(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return SyncResult(None, done=True, taken=taken)


def synchronise(
    project: Project,
    store: PostgisStore,
    decide: Callable[[MergePlan], Decisions],
    progress: Progress,
    *,
    send: bool = True,
    take: bool = True,
) -> SyncResult:
    """Bring a project file and its database together, as far as it is wanted.

    Where both changed the same and nobody has decided, nothing is written at all.

    Parameters
    ----------
    decide : callable
        Returns decisions by the key of the question, as far as there are any.
    send, take : bool
        Whether the database gets what the file has, and the file what the database has.

    Raises
    ------
    InputError
        When the state in which both parted is not there.
    StaleEditError
        When somebody edited meanwhile; what was written until then stands in both.
    """
    from layers.store import Project

    base_path = base_file(project.path, store.address)
    if not base_path.is_file():
        raise InputError(
            _("The state in which this file and the database parted is not known."),
            where=str(base_path),
            remedy=_("Pull the database into a new file, and merge this file's work into that."),
        )
    seen = _state_of(store)
    with Project.open(base_path, read_only=True) as base:
        sources: dict[Side, Any] = {Side.BASE: base, Side.MINE: project, Side.THEIRS: store}
        plan = plan_merge(sources, ProgressPart(progress, 0.0, 0.4))
        decisions = decide(plan)
        if plan.undecided(decisions):
            return SyncResult(plan, done=False)
        sent = _send(store, sources, plan, decisions, ProgressPart(progress, 0.4, 0.6)) if send else 0
        taken = 0
        if take:
            turned = {Side.BASE: base, Side.MINE: store, Side.THEIRS: project}
            taken = _take(project, turned, decisions, ProgressPart(progress, 0.6, 0.9))
    if send:
        # what was not sent was decided for the database: it is news to the file then, which a pull takes
        _keep_base(project, store.address, ProgressPart(progress, 0.9, 1.0))
    elif take:
        _advance_base(base_path, store, seen, ProgressPart(progress, 0.9, 1.0))
    return SyncResult(plan, done=True, sent=sent, taken=taken)


def _send(
    store: PostgisStore,
    sources: Mapping[Side, Any],
    plan: MergePlan,
    decisions: Decisions,
    progress: Progress,
) -> int:
    """Write into the database what the file has."""
    mine = sources[Side.MINE]
    heads = edits_since(sources[Side.BASE], mine)
    edit = edit_of(plan.layers, decisions, title=_("Send to the database"), reason=authors_words(heads))
    changes = _changes(plan, decisions, sources)
    if not edit.changes and not _says_anything(changes):
        return 0
    record = {
        "capability": CAPABILITY,
        "started": datetime.now(UTC).isoformat(),
        "mine": mine.path.name,
        "work": record_of(heads, mine.touched_by([head.uid for head in heads])),
    }
    store.merge(_with_record(changes, record), edit, progress)
    return len(edit.changes)


def _take(project: Project, sources: Mapping[Side, Any], decided: Decisions, progress: Progress) -> int:
    """Write into the file what the database has; where both differ still, the database was decided for."""
    plan = plan_merge(sources, ProgressPart(progress, 0.0, 0.5))
    decisions = {
        question.key: _turned(decided.get(question.key))
        for conflict in plan.conflicts
        for question in conflict.questions
    }
    edit = edit_of(plan.layers, decisions, title=_("Take from the database"), reason="")
    changes = _changes(plan, decisions, sources)
    if not edit.changes and not _says_anything(changes):
        return 0
    project.merge(changes, edit, ProgressPart(progress, 0.5, 1.0))
    return len(edit.changes)


def _turned(decision: Decision | None) -> Decision:
    """Return a decision with the sides exchanged; what the database has where there was none."""
    if decision is None:
        return Decision(side=Side.MINE)
    return decision if decision.side is None else Decision(side=decision.side.other)


def _changes(plan: MergePlan, decisions: Decisions, sources: Mapping[Side, Any]) -> ProjectChanges:
    # a database answers what a merge asks of a file
    return project_changes(plan, decisions, cast("Mapping[Side, Project]", sources), LayerNames(plan))


def _says_anything(changes: ProjectChanges) -> bool:
    return any(
        (changes.added, changes.removed, changes.columns, changes.looks, changes.order, changes.settings)
    )


def _with_record(changes: ProjectChanges, record: Mapping[str, Any]) -> ProjectChanges:
    return replace(changes, record=record)


def _fill(target: Project | PostgisStore, source: Project | PostgisStore, progress: Progress) -> int:
    """Bring all layers, their order and the settings of a project into an empty one."""
    infos = source.layers()
    copies = []
    for number, info in enumerate(infos):
        progress.step(0.3 * number / max(len(infos), 1), _("Reading layer “{name}”").format(name=info.name))
        copies.append(LayerCopy(info.name, info, source.states(info.uid)))
    settings = {
        key: value
        for key, value in source.settings().items()
        if not key.startswith(_OWN_SETTINGS) and key not in _OF_THE_FILE
    }
    changes = ProjectChanges(added=tuple(copies), order=tuple(info.uid for info in infos), settings=settings)
    target.merge(changes, Edit("", (), kind=EditKind.MERGE), ProgressPart(progress, 0.3, 1.0))
    return sum(info.feature_count for info in infos)


def _state_of(store: PostgisStore) -> tuple[Any, ...]:
    """Return what rises with every change that a merge reads."""
    return store.layers(), store.settings()


def _advance_base(base_path: Path, store: PostgisStore, seen: tuple[Any, ...], progress: Progress) -> None:
    """Bring the state in which both were alike up to what the database has, all of which was taken.

    Where somebody edited meanwhile it stays as it is: the next time may ask, but takes nothing for known.
    """
    from layers.store import Project

    draft = base_path.with_name(f".{new_uid()}.gpkg")
    try:
        with Project.open(base_path, read_only=True) as base:
            base.copies.copy_to(draft, ProgressPart(progress, 0.0, 0.3))
            with Project.open(draft) as ahead:
                sides: dict[Side, Any] = {Side.BASE: base, Side.MINE: store, Side.THEIRS: ahead}
                _take(ahead, sides, {}, ProgressPart(progress, 0.3, 1.0))
        if _state_of(store) == seen:
            draft.replace(base_path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _keep_base(
    project: Project, address: DatabaseAddress, progress: Progress, path: Path | None = None
) -> None:
    """Keep the project file as the state in which it and the database are alike."""
    base = base_file(path or project.path, address)
    draft = base.with_name(f".{new_uid()}.gpkg")
    try:
        project.copies.copy_to(draft, progress)
        draft.replace(base)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
