"""Whether what a run says still stands: its inputs, its rules and its figures, then and now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers.words import N_, _
from zsgis.run_records import FigureDifference, KeptInput, KeptRun, UnreadableRun


class Verdict(StrEnum):
    """What is to be thought of a run."""

    HOLDS = "holds"
    INPUT_CHANGED = "input_changed"
    RULE_CHANGED = "rule_changed"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The verdict in the user's language."""
        return _(_WORDS[self])


_WORDS = {
    Verdict.HOLDS: N_("Still holds"),
    Verdict.INPUT_CHANGED: N_("Input changed"),
    Verdict.RULE_CHANGED: N_("Rule changed"),
    Verdict.DIFFERS: N_("Program changed, figures differ"),
    Verdict.UNCHECKED: N_("Program changed, not run again yet"),
    Verdict.UNKNOWN: N_("Cannot be checked"),
}


class FeatureFate(StrEnum):
    """What became of a feature since a run."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"

    @property
    def words(self) -> str:
        """The fate in the user's language."""
        return _(_FATES[self])


_FATES = {
    FeatureFate.ADDED: N_("added since"),
    FeatureFate.CHANGED: N_("changed since"),
    FeatureFate.REMOVED: N_("removed since"),
}


@dataclass(frozen=True)
class ChangedFeature:
    """A feature that is another than it was; called by its ``zs_uid`` where it has no name."""

    zs_uid: str
    name: str
    fate: FeatureFate


@dataclass(frozen=True)
class InputChange:
    """A layer that no longer holds what it held.

    Attributes
    ----------
    gone : bool
        It is no longer in the project.
    features : tuple of ChangedFeature
        Empty where the journal does not tell: another program changed the layer.
    text : str
        What happened, a sentence with at most five names.
    """

    input: KeptInput
    gone: bool
    features: tuple[ChangedFeature, ...]
    text: str


@dataclass(frozen=True)
class RuleChange:
    """A rule that is another than it was; ``after`` is empty where the file is gone."""

    role: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """What happened, a sentence."""
        if not self.after:
            return _("The rule “{rule}” is gone or cannot be read.").format(rule=self.before)
        return _("The rule was “{before}” and is now “{after}”.").format(before=self.before, after=self.after)


@dataclass(frozen=True)
class RunStanding:
    """A run and what is to be thought of it.

    Attributes
    ----------
    number : int
        The run's place among those of its project, from 1.
    again : bool
        Whether it was run again; else inputs, rules and program were compared.
    differences : tuple of FigureDifference
        Figures that another run on the present data gives; empty where it was not run again.
    unkept : tuple of str
        Titles of tables that differ in rows the record did not keep.
    reason : str
        Why it cannot be checked; empty otherwise.
    """

    number: int
    run: KeptRun | UnreadableRun
    verdict: Verdict
    inputs: tuple[InputChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    differences: tuple[FigureDifference, ...] = ()
    unkept: tuple[str, ...] = ()
    again: bool = False
    reason: str = ""

    @property
    def current(self) -> bool:
        """Whether its figures may be printed as they are."""
        return self.verdict is Verdict.HOLDS

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why its figures may not be printed as they are, a sentence each."""
        said = [change.text for change in self.inputs] + [rule.text for rule in self.rules]
        return tuple(dict.fromkeys([*said, *([self.reason] if self.reason else [])]))
