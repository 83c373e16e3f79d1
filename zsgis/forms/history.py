"""The history of features in words, and the edits that put a feature back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from layers.edits import (
    AddFeature,
    ChangeFeature,
    Edit,
    EditHead,
    EditKind,
    FeatureState,
    FeatureVersion,
    Keep,
)
from layers.forms.choices import choices
from layers.forms.fields import form_of
from layers.forms.model import Form
from layers.forms.reading import write_value
from layers.kinds import kind
from layers.progress import NoProgress, Progress
from layers.store.edits.losses import require_readable
from layers.store.model import LayerInfo
from layers.words import N_, _
from zsgis.merging.origins import Origin, origins_of

if TYPE_CHECKING:
    from layers.store.interface import EditStore, Store

NOTHING = "—"
_SHAPE = "geometry"
# an edit of more features than these is no splitting or merging of one
_MOST_RELATED = 500
_PAGE = 200
_KIND_WORDS = {
    EditKind.UNDO: N_("Undone: {title}"),
    EditKind.REDO: N_("Made again: {title}"),
    EditKind.RESTORE: N_("Put back: {title}"),
    EditKind.MERGE: N_("Merged: {title}"),
}


@dataclass(frozen=True)
class FieldStep:
    """One field before and after an entry, as people read it."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Relative:
    """A feature that another came from, or became; ``title`` is what people call it."""

    uid: str
    title: str


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of a feature's history.

    Attributes
    ----------
    before, after : FeatureState or None
        How the feature stood before and after it; None where it was not there, or nobody can tell.
    parents, children : tuple of Relative
        The features it was made from with this entry, and those made from it.
    is_now : bool
        Whether the feature still stands as after this entry.
    certain : bool
        Whether what stood then is known.
    origins : tuple of Origin
        The edits of a working copy that came to the feature with it, the earliest first.
    """

    version: FeatureVersion
    before: FeatureState | None
    after: FeatureState | None
    steps: tuple[FieldStep, ...]
    parents: tuple[Relative, ...]
    children: tuple[Relative, ...]
    is_now: bool
    certain: bool
    origins: tuple[Origin, ...] = ()

    @property
    def head(self) -> EditHead:
        """The edit it belongs to."""
        return self.version.head

    @property
    def shape_changed(self) -> bool:
        """Whether the shape is another one after it."""
        if self.before is None or self.after is None:
            return False
        return _SHAPE in self.version.changed

    @property
    def restorable(self) -> bool:
        """Whether the feature can be put back to how it stood after it."""
        return self.after is not None and not self.is_now


@dataclass(frozen=True)
class RemovedFeature:
    """A feature that is not there any more, as it stood last."""

    layer_uid: str
    state: FeatureState
    head: EditHead
    title: str


def head_words(head: EditHead) -> str:
    """Return what an edit did, in one line."""
    passed_over = head.kind is EditKind.UNDO and not head.count
    words = N_("Passed over by undo: {title}") if passed_over else _KIND_WORDS.get(head.kind)
    return _(words).format(title=head.title) if words is not None else head.title


def time_words(moment: datetime) -> str:
    """Return a time as it is read on this computer's clock."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def author_words(head: EditHead) -> str:
    """Return who did it, and where."""
    name = head.author.name or _("(unknown)")
    return f"{name}@{head.author.machine}" if head.author.machine else name


def feature_history(
    store: Store, layer: LayerInfo, zs_uid: str, progress: Progress | None = None
) -> tuple[HistoryEntry, ...]:
    """Return the history of a feature, the latest entry first.

    Raises
    ------
    InputError
        When the layer never had such a feature.
    """
    reporter, form = progress or NoProgress(), form_of(layer)
    versions = store.history(layer.uid, zs_uid)
    now = next(iter(store.states(layer.uid, [zs_uid])), None)
    merged = any(version.head.kind is EditKind.MERGE for version in versions)
    origins = origins_of(store, layer.uid, zs_uid) if merged else ()
    entries = []
    before: FeatureState | None = None
    for number, version in enumerate(versions):
        reporter.step(number / len(versions))
        after = version.state
        known = version.certain and (number == 0 or versions[number - 1].certain)
        parents, children = _relatives(store, version, layer, zs_uid)
        entries.append(
            HistoryEntry(
                version=version,
                before=before,
                after=after,
                steps=_steps(form, version, before, after) if known else (),
                parents=parents,
                children=children,
                is_now=_same(after, now) if version.certain else False,
                certain=version.certain,
                origins=tuple(one for one in origins if one.merge_uid == version.head.uid),
            )
        )
        before = after
    return tuple(reversed(entries))


def restoring(layer: LayerInfo, target: FeatureState, now: FeatureState | None, title: str) -> Edit | None:
    """Return the edit that puts a feature back to how it stood; None where it stands so.

    Raises
    ------
    GeometryError
        When the shape it had, or has, cannot be read: it could not be put back as it was.
    """
    for state in (target, now):
        if state is not None:
            require_readable(layer, state)
    if now is None:
        change: AddFeature | ChangeFeature = AddFeature(
            layer.uid, target.geometry, dict(target.values), zs_uid=target.zs_uid
        )
        return Edit(title, (change,), kind=EditKind.RESTORE)
    values = {name: value for name, value in target.values.items() if now.values.get(name) != value}
    same_shape = _same_shape(now.geometry, target.geometry)
    if not values and same_shape:
        return None
    shape = Keep.SHAPE if same_shape else target.geometry
    change = ChangeFeature(layer.uid, target.zs_uid, shape, values, now.version)
    return Edit(title, (change,), kind=EditKind.RESTORE)


def removed_features(
    store: EditStore, layer: LayerInfo, progress: Progress | None = None
) -> tuple[RemovedFeature, ...]:
    """Return the features of a layer that were removed and are not there now, the last removed first."""
    reporter = progress or NoProgress()
    found: dict[str, tuple[FeatureState, EditHead]] = {}
    before, total = 0, 0
    while True:
        heads = store.edits(layer_uid=layer.uid, limit=_PAGE, before=before)
        if not heads:
            break
        total = total or heads[0].number
        for head in heads:
            reporter.step(1.0 - head.number / (total + 1))
            for change in store.changes_of(head.uid):
                if change.layer_uid == layer.uid and change.after is None and change.before is not None:
                    found.setdefault(change.zs_uid, (change.before, head))
        before = heads[-1].number
    there = {state.zs_uid for state in store.states(layer.uid, list(found))} if found else set()
    return tuple(
        RemovedFeature(layer.uid, state, head, feature_title(layer, state))
        for uid, (state, head) in found.items()
        if uid not in there
    )


def _steps(
    form: Form, version: FeatureVersion, before: FeatureState | None, after: FeatureState | None
) -> tuple[FieldStep, ...]:
    if before is None and after is None:
        return ()
    old, new = (state.values if state is not None else {} for state in (before, after))
    if before is None or after is None:
        names = [name for name in form.by_name if old.get(name) is not None or new.get(name) is not None]
    else:
        names = [name for name in version.changed if name != _SHAPE]
    return tuple(
        FieldStep(
            form.by_name[name].title if name in form.by_name else name,
            _text(form, name, old),
            _text(form, name, new),
        )
        for name in names
    )


def _text(form: Form, name: str, values: Any) -> str:
    value = values.get(name)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if name not in form.by_name:
        return str(value)
    called = choices(form, name, values).name_of(value) if isinstance(value, str) else ""
    return f"{write_value(form.by_name[name].declared, value)} {called}".strip()


def _relatives(
    store: EditStore, version: FeatureVersion, layer: LayerInfo, zs_uid: str
) -> tuple[tuple[Relative, ...], tuple[Relative, ...]]:
    """Return the features it was made from with an entry, and those that were made from it."""
    parents, head = [uid for uid in version.parents if uid != zs_uid], version.head
    children: list[str] = []
    titles: dict[str, str] = {}
    if head.uid and 1 < head.count <= _MOST_RELATED:
        for change in store.changes_of(head.uid):
            state = change.after or change.before
            if change.layer_uid != layer.uid or state is None:
                continue
            titles[change.zs_uid] = feature_title(layer, state)
            if change.zs_uid != zs_uid and zs_uid in change.parents:
                children.append(change.zs_uid)
    missing = [uid for uid in parents if uid not in titles]
    if missing:
        titles |= {state.zs_uid: feature_title(layer, state) for state in store.states(layer.uid, missing)}
    return _titled(parents, titles), _titled(children, titles)


def _titled(uids: Sequence[str], titles: Mapping[str, str]) -> tuple[Relative, ...]:
    return tuple(Relative(uid, titles.get(uid) or f"…{uid[-12:]}") for uid in uids)


def feature_title(layer: LayerInfo, state: FeatureState) -> str:
    """Return what people call a feature."""
    return str(state.values.get(kind(layer.kind).name_field) or _("(no name)"))


def _same(first: FeatureState | None, second: FeatureState | None) -> bool:
    if first is None or second is None:
        return first is second
    return dict(first.values) == dict(second.values) and _same_shape(first.geometry, second.geometry)


def _same_shape(first: Any | None, second: Any | None) -> bool:
    if first is None or second is None:
        return first is second
    return bool(first.equals_exact(second, 0.0)) and first.geom_type == second.geom_type


def filtered_heads(
    heads: Sequence[EditHead], *, layer_uid: str = "", author: str = "", day: str = ""
) -> tuple[EditHead, ...]:
    """Return the edits of a layer, a person and a day (``YYYY-MM-DD`` on this computer's clock)."""
    return tuple(
        head
        for head in heads
        if (not layer_uid or layer_uid in head.layer_uids)
        and (not author or author_words(head) == author)
        and (not day or time_words(head.time).startswith(day))
    )
