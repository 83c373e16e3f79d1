"""A merge written: into the project that takes it in, or into a new file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.edits import EditHead, EditRecord
from layers.errors import ProjectFileError
from layers.progress import Progress, ProgressPart
from layers.store.column_writing import ColumnValues
from layers.store.merging import LayerCopy, ProjectChanges
from layers.style import Style
from layers.words import _
from zsgis.forms.completing import complete
from zsgis.merging.model import ConflictKind, Decisions, Side
from zsgis.merging.origins import CAPABILITY, authors_words, edits_since, record_of
from zsgis.merging.planning import MergePlan
from zsgis.merging.project_model import SETTING_MARK, ProjectAction, with_part
from zsgis.merging.repeats import coming_record
from zsgis.merging.resolving import checked, edit_of

if TYPE_CHECKING:
    from layers.store import Project

Files = Mapping[Side, "Project"]


@dataclass(frozen=True)
class MergeResult:
    """A merge that is on disk.

    Attributes
    ----------
    record : EditRecord or None
        The edit that holds it; None where no feature changed.
    edits : tuple of EditHead
        The edits of the copy that came in with it.
    renamed : mapping
        What layers are called whose name was taken, by the name they had.
    """

    plan: MergePlan
    decisions: Decisions
    record: EditRecord | None
    edits: tuple[EditHead, ...]
    renamed: Mapping[str, str]


def open_sides(stack: ExitStack, base: Path, mine: Path, theirs: Path) -> Files:
    """Open three project files for reading only, until the stack is closed."""
    from layers.store import Project

    paths = {Side.BASE: base, Side.MINE: mine, Side.THEIRS: theirs}
    return {side: stack.enter_context(Project.open(path, read_only=True)) for side, path in paths.items()}


def apply_merge(
    target: Project,
    sources: Files,
    plan: MergePlan,
    decisions: Decisions,
    progress: Progress | None = None,
) -> MergeResult:
    """Write a merge into ``target``, which stands as theirs did: one transaction, one edit.

    Raises
    ------
    InputError
        When something is not decided; nothing is changed.
    StaleEditError
        When the target was changed since; nothing is changed.
    ProjectFileError
        When it cannot be written; nothing is changed.
    """
    heads = edits_since(sources[Side.BASE], sources[Side.MINE])
    edit = edit_of(plan.layers, decisions, title=_("Bring a working copy back"), reason=authors_words(heads))
    names = LayerNames(plan)
    changes = project_changes(plan, decisions, sources, names)
    work = record_of(heads, sources[Side.MINE].touched_by([head.uid for head in heads]))
    record = {
        "capability": CAPABILITY,
        "started": datetime.now(UTC).isoformat(),
        "mine": sources[Side.MINE].path.name,
        "base": sources[Side.BASE].path.name,
        "decisions": _plain_decisions(decisions),
        "work": work,
        **coming_record(sources),
    }
    written = target.merge(replace(changes, record=record), complete(edit, target), progress)
    return MergeResult(plan, decisions, written, heads, names.given)


def merge_to_file(
    sources: Files, plan: MergePlan, decisions: Decisions, out: Path, progress: Progress
) -> MergeResult:
    """Write a merge into a new project file; it appears whole or not at all.

    Raises
    ------
    ProjectFileError
        When the file exists or cannot be written.
    InputError
        When something is not decided.
    """
    from layers.store import Project
    from layers.store.uids import new_uid

    if out.exists() or out.suffix.lower() != ".gpkg":
        raise ProjectFileError(
            _("The merged project needs a new file that ends in .gpkg."),
            where=str(out),
            remedy=_("Choose another name."),
        )
    draft = out.with_name(f".{out.stem}.{new_uid()}.gpkg")
    try:
        sources[Side.THEIRS].copies.copy_to(draft, ProgressPart(progress, 0.0, 0.5))
        with Project.open(draft) as target:
            result = apply_merge(target, sources, plan, decisions, ProgressPart(progress, 0.5, 1.0))
        _publish(draft, out)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return result


def project_changes(
    plan: MergePlan, decisions: Decisions, sources: Files, names: LayerNames
) -> ProjectChanges:
    """Return what becomes of layers, looks, columns and settings of the project that takes the merge in."""
    facts = plan.sides.facts
    made = _Changes(plan)
    for change in plan.project.changes:
        if change.side is not Side.MINE:
            continue
        made.take(change.action, change.layer_uid, change.key, change.value)
    for conflict in plan.project.conflicts:
        question = conflict.questions[0]
        decision = checked(question, decisions[question.key])
        if decision.side is Side.THEIRS:
            continue
        value = question.values[decision.side] if decision.side is not None else decision.value
        made.take(_action(conflict.kinds[0], question.name, value), conflict.layer_uid, question.name, value)
    looks = {
        uid: {key: Style.model_validate(value) if key == "style" else value for key, value in look.items()}
        for uid, look in made.looks.items()
        if uid not in made.removed
    }
    mine = sources[Side.MINE]
    return ProjectChanges(
        expected={uid: info.version for uid, info in facts[Side.THEIRS].layers.items()},
        added=tuple(
            LayerCopy(name, facts[Side.MINE].layers[uid], mine.states(uid))
            for uid, name in names.for_added(made.added, made.removed, looks).items()
        ),
        removed=tuple(made.removed),
        columns={uid: tuple(columns) for uid, columns in made.columns.items()},
        looks=looks,
        order=tuple(made.order),
        settings=made.settings,
        runs=tuple(made.runs),
    )


class _Changes:
    """What a merge writes besides features, gathered."""

    def __init__(self, plan: MergePlan) -> None:
        self._theirs = plan.sides.facts[Side.THEIRS].settings
        self.added: list[str] = []
        self.removed: list[str] = []
        self.columns: dict[str, list[ColumnValues]] = {}
        self.looks: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.runs: list[Mapping[str, Any]] = []
        self.settings: dict[str, Any] = {}

    def take(self, action: ProjectAction, uid: str, key: str, value: Any) -> None:
        """Take one change in."""
        if action is ProjectAction.ADD_LAYER:
            self.added.append(uid)
        elif action is ProjectAction.REMOVE_LAYER:
            self.removed.append(uid)
        elif action is ProjectAction.ADD_COLUMN:
            column = ColumnValues(value.name, value.type, {}, value.alias, value.unit)
            self.columns.setdefault(uid, []).append(column)
        elif action is ProjectAction.LOOK:
            self.looks.setdefault(uid, {})[key] = value
        elif action is ProjectAction.ORDER:
            self.order = list(value)
        elif action is ProjectAction.ADD_RUN:
            self.runs.append(value)
        else:
            name = key.partition(SETTING_MARK)[0]
            self.settings[name] = with_part({**self._theirs, **self.settings}, key, value)[name]


class LayerNames:
    """Names of layers that come in, each made one of its own.

    Attributes
    ----------
    given : mapping
        The name given, by the one that was taken.
    """

    def __init__(self, plan: MergePlan) -> None:
        self._facts = plan.sides.facts
        self.given: dict[str, str] = {}

    def for_added(
        self, added: list[str], removed: list[str], looks: dict[str, dict[str, Any]]
    ) -> dict[str, str]:
        """Return the names of layers to be added, by uid; see to names of renamed layers too."""
        theirs = self._facts[Side.THEIRS].layers
        taken = {
            info.name
            for uid, info in theirs.items()
            if uid not in removed and "name" not in looks.get(uid, {})
        }
        for look in looks.values():
            if "name" in look:
                look["name"] = self._free(look["name"], taken)
        return {uid: self._free(self._facts[Side.MINE].layers[uid].name, taken) for uid in added}

    def _free(self, name: str, taken: set[str]) -> str:
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name} ({number})"
        if free != name:
            self.given[name] = free
        taken.add(free)
        return free


def _action(kind: ConflictKind, key: str, value: Any) -> ProjectAction:
    if kind is ConflictKind.LAYER:
        return ProjectAction.ADD_LAYER if value else ProjectAction.REMOVE_LAYER
    if kind is ConflictKind.LOOK:
        return ProjectAction.ORDER if key == "order" else ProjectAction.LOOK
    return ProjectAction.SETTING


def _plain_decisions(decisions: Decisions) -> dict[str, Any]:
    return {
        key: {"side": one.side.value} if one.side is not None else {"value": one.value}
        for key, one in decisions.items()
    }


def _publish(draft: Path, out: Path) -> None:
    """Give a finished file its name, unless something bears it by now."""
    try:
        out.hardlink_to(draft)
    except FileExistsError as error:
        raise ProjectFileError(
            _("The file exists already; it was left as it is."),
            where=str(out),
            remedy=_("Choose another name."),
        ) from error
    except OSError:
        draft.rename(out)  # no hard links on this file system
