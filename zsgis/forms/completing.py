"""What an edit leaves to the program: defaults of new features, and fields that follow from others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Protocol

from layers.edits import AddFeature, Change, ChangeFeature, Edit, EditKind, FeatureState, Keep
from layers.errors import InputError
from layers.forms.computing import areas_of, areas_of_all, computed_values, followers
from layers.forms.fields import form_of
from layers.forms.model import Form, Values
from layers.forms.reading import write_value
from layers.kind import Computation
from layers.store.model import LayerInfo
from layers.words import _

_AS_THEY_ARE = (EditKind.UNDO, EditKind.REDO, EditKind.RESTORE)
# as the rule area.recorded has it: areas adjusted to a control area differ a little from what is measured
_ADJUSTED_M2, _ADJUSTED_SHARE = 1.0, 0.001


class Holder(Protocol):
    """What completing asks of a store."""

    def layer(self, name_or_uid: str) -> LayerInfo:
        """Return one layer."""
        ...

    def states(self, layer_uid: str, uids: Collection[str] | None = None) -> tuple[FeatureState, ...]:
        """Return features as they stand."""
        ...


def complete(edit: Edit, store: Holder) -> Edit:
    """Return an edit with the defaults of new features and every field that follows from what it changes.

    Areas follow the shape at once, names follow their codes, products and differences their figures; nothing
    else is changed. What is undone, redone or restored comes back exactly as it was. A merge keeps an area
    that came with its shape and differs no more than an adjusted one may.

    Raises
    ------
    InputError
        When a value is stated for a field that is computed, and is not what is computed.
    GeometryError
        When a shape has a vertex without coordinates.
    """
    if edit.kind in _AS_THEY_ARE:
        return edit
    desk = _Desk(edit, store)
    return replace(edit, changes=tuple(desk.completed(change) for change in edit.changes))


class _Desk:
    """Completes the changes of one edit; asks the store once for each layer."""

    def __init__(self, edit: Edit, store: Holder) -> None:
        self._edit = edit
        self._store = store
        self._infos: dict[str, LayerInfo] = {}
        self._forms: dict[str, Form] = {}
        self._states: dict[str, dict[str, FeatureState]] = {}
        # by layer, and by the shape itself: the edit holds it for as long as this is asked
        self._measured: dict[str, dict[int, Mapping[Computation, float | None]]] = {}

    def completed(self, change: Change) -> Change:
        """Return one change with what follows from it."""
        if isinstance(change, AddFeature):
            return self._added(change)
        if not isinstance(change, ChangeFeature):
            return change
        done = self._changed(change)
        known = self._states.get(done.layer_uid, {})
        if done.zs_uid in known:
            # a later change of the same feature follows upon this one
            state = known[done.zs_uid]
            shape = state.geometry if done.geometry is Keep.SHAPE else done.geometry
            known[done.zs_uid] = replace(state, geometry=shape, values={**state.values, **done.values})
        return done

    def _added(self, change: AddFeature) -> AddFeature:
        form = self._form(change.layer_uid)
        values = {**form.defaults, **change.values}
        areas = _unless_adjusted(form, change.values, self._areas(change))
        values |= computed_values(form, values, areas)
        return replace(change, values=values)

    def _changed(self, change: ChangeFeature) -> ChangeFeature:
        form = self._form(change.layer_uid)
        reshaped = change.geometry is not Keep.SHAPE
        follow = followers(form, change.values, shape=reshaped)
        stated = {name for name in change.values if _is_computed(form, name)}
        if not follow and not stated:
            return change
        before = self._state(change)
        if before is None:  # gone meanwhile: the store says so
            return change
        values = {**before.values, **change.values}
        areas = {}
        if reshaped:
            areas = _unless_adjusted(form, change.values, self._areas(change))
        emptied = {name for name, value in change.values.items() if value in (None, "")}
        found = computed_values(form, values, areas, emptied=emptied)
        if self._edit.kind is not EditKind.MERGE:
            self._refuse_stated(form, change, before, found, reshaped=reshaped)
        new = {name: found[name] for name in form.by_name if name in found and name in (follow | stated)}
        differing = {
            name: value
            for name, value in new.items()
            if name in change.values or before.values.get(name) != value
        }
        return replace(change, values={**change.values, **differing})

    def _refuse_stated(
        self, form: Form, change: ChangeFeature, before: FeatureState, found: Values, *, reshaped: bool
    ) -> None:
        """Refuse a value stated for a computed field, unless it is the value computed, or no change."""
        for name, value in change.values.items():
            if reshaped or not _is_computed(form, name) or value == before.values.get(name):
                continue
            wanted = found
            if _is_area(form, name):
                wanted = computed_values(form, before.values, areas_of(form, before.geometry))
            if name in wanted and wanted[name] != value:
                one = form.by_name[name].declared
                raise InputError(
                    _("{field} is computed and cannot be typed: it is {value}.").format(
                        field=one.alias, value=write_value(one, wanted[name]) or "—"
                    ),
                    where=self._info(change.layer_uid).name,
                    remedy=_("Change what it is computed from, or note another figure in the remarks."),
                )

    def _info(self, layer_uid: str) -> LayerInfo:
        if layer_uid not in self._infos:
            self._infos[layer_uid] = self._store.layer(layer_uid)
        return self._infos[layer_uid]

    def _form(self, layer_uid: str) -> Form:
        if layer_uid not in self._forms:
            self._forms[layer_uid] = form_of(self._info(layer_uid))
        return self._forms[layer_uid]

    def _areas(self, change: AddFeature | ChangeFeature) -> Mapping[Computation, float | None]:
        """Return the areas of a change's shape; those of all shapes of its layer are measured together."""
        known = self._measured.get(change.layer_uid)
        if known is None:
            shapes = [
                one.geometry
                for one in self._edit.changes
                if isinstance(one, AddFeature | ChangeFeature)
                and one.layer_uid == change.layer_uid
                and one.geometry is not Keep.SHAPE
            ]
            areas = areas_of_all(self._form(change.layer_uid), shapes)
            known = {id(shape): found for shape, found in zip(shapes, areas, strict=True)}
            self._measured[change.layer_uid] = known
        return known[id(change.geometry)]

    def _state(self, change: ChangeFeature) -> FeatureState | None:
        states = self._states.get(change.layer_uid)
        if states is None:
            uids = [
                one.zs_uid
                for one in self._edit.changes
                if isinstance(one, ChangeFeature) and one.layer_uid == change.layer_uid
            ]
            states = {state.zs_uid: state for state in self._store.states(change.layer_uid, uids)}
            self._states[change.layer_uid] = states
        return states.get(change.zs_uid)


def _is_computed(form: Form, name: str) -> bool:
    return name in form.by_name and form.by_name[name].declared.computed is not None


def _is_area(form: Form, name: str) -> bool:
    computed = form.by_name[name].declared.computed
    return computed is not None and computed.is_area


def _unless_adjusted(
    form: Form, stated: Values, areas: Mapping[Computation, float | None]
) -> dict[Computation, float | None]:
    """Return the areas without those that are stated and differ no more than an adjusted one may."""
    kept = set()
    for one in form.fields:
        computed, value = one.declared.computed, stated.get(one.name)
        if computed is None or not computed.is_area or not isinstance(value, int | float):
            continue
        area = areas.get(computed.rule)
        if area is not None and abs(value - area) <= max(_ADJUSTED_M2, _ADJUSTED_SHARE * area):
            kept.add(computed.rule)
    return {rule: area for rule, area in areas.items() if rule not in kept}
