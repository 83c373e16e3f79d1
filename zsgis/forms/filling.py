"""What stands in a form about one feature or many, and the changes that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from layers.edits import ChangeFeature, FeatureState
from layers.findings import Severity
from layers.forms.computing import areas_of, computed_values
from layers.forms.fields import form_of
from layers.forms.judging import judge
from layers.forms.model import Form, Issue
from layers.forms.reading import read_texts, write_value
from layers.kind import Computation, Computed
from layers.progress import NoProgress, Progress
from layers.store.model import LayerInfo

_STEP = 2_000


@dataclass(frozen=True)
class Filled:
    """A form as it stands while it is filled in.

    Attributes
    ----------
    values : mapping
        What is typed, by field; what is no value is left out.
    computed : mapping
        By field, as text: what follows from everything that stands in the form.
    issues : tuple of Issue
    blocking : tuple of Issue
        Errors in fields that were changed: those keep the changes from being written. What was wrong before
        does not hold up other work.
    """

    values: Mapping[str, Any]
    computed: Mapping[str, str]
    issues: tuple[Issue, ...]
    blocking: tuple[Issue, ...]


@dataclass(frozen=True)
class Filling:
    """The features a form is about.

    Attributes
    ----------
    states : tuple of FeatureState
        As they are stored; at least one.
    common : mapping
        The values in which all of them agree.
    several : frozenset of str
        The fields in which they differ.
    """

    layer: LayerInfo
    form: Form
    states: tuple[FeatureState, ...]
    common: Mapping[str, Any]
    several: frozenset[str]

    @classmethod
    def of(
        cls, layer: LayerInfo, states: tuple[FeatureState, ...], progress: Progress | None = None
    ) -> Filling:
        """Return the form of some features."""
        reporter, form = progress or NoProgress(), form_of(layer)
        common = {name: states[0].values.get(name) for name in form.by_name}
        for number, state in enumerate(states):
            if number % _STEP == 0:
                reporter.step(number / len(states))
            for name in [name for name, value in common.items() if state.values.get(name) != value]:
                del common[name]
        return cls(layer, form, states, common, frozenset(form.by_name) - set(common))

    @property
    def uids(self) -> tuple[str, ...]:
        """The features' ``zs_uid``."""
        return tuple(state.zs_uid for state in self.states)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The common values as text; empty where the features differ."""
        return {
            name: write_value(one.declared, self.common.get(name)) for name, one in self.form.by_name.items()
        }

    @cached_property
    def stored_areas(self) -> Mapping[Computation, float | None]:
        """The areas of the one feature's shape as it is stored; none for several features."""
        if len(self.states) > 1:
            return {}
        return areas_of(self.form, self.states[0].geometry)

    def filled(
        self, touched: Mapping[str, str], areas: Mapping[Computation, float | None] | None = None
    ) -> Filled:
        """Return what the form says with some fields changed.

        Parameters
        ----------
        areas : mapping, optional
            Of a shape that is being changed; without them the areas stand as they are stored.
        """
        typed, unread = read_texts(self.form, touched)
        known = {**self.common, **typed}
        emptied = {name for name, value in typed.items() if value is None}
        found = computed_values(self.form, known, areas, emptied=emptied)
        issues = (*unread, *judge(self.form, {**known, **found}))
        follow = {**self._standing(), **found}
        return Filled(
            values={name: value for name, value in typed.items() if name not in follow},
            computed={
                name: write_value(self.form.by_name[name].declared, value) for name, value in follow.items()
            },
            issues=issues,
            blocking=tuple(one for one in issues if one.severity is Severity.ERROR and one.field in touched),
        )

    def _standing(self) -> dict[str, Any]:
        """Return the computed fields nobody types here, as they are stored."""
        held: dict[str, Any] = {}
        for one in self.form.fields:
            computed = one.declared.computed
            if computed is None:
                continue
            if computed.rule in self.stored_areas or self._differs_below(computed):
                held[one.name] = self.common.get(one.name)
        return held

    def _differs_below(self, computed: Computed) -> bool:
        """Tell whether features differ in what a value is computed from, so that each gets its own."""
        if len(self.states) == 1:
            return False
        if computed.is_area:
            return True
        by_class = computed.rule in (Computation.CLASS_NAME, Computation.CLASS_ABOVE)
        return not self.several.isdisjoint(computed.of) and not (by_class and self.form.standard is None)

    def changes(self, values: Mapping[str, Any]) -> tuple[ChangeFeature, ...]:
        """Return the changes that give the features these values; who has them already is left out."""
        return tuple(
            ChangeFeature(self.layer.uid, state.zs_uid, values=differing, version=state.version)
            for state in self.states
            for differing in (
                {name: value for name, value in values.items() if state.values.get(name) != value},
            )
            if differing
        )
