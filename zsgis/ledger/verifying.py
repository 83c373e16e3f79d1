"""Recorded runs held against the present: inputs and rules compared, and run again.

Runs of one analysis with the same parameters give one answer on the present data, so each is run again once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from layers.errors import ZsgisError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis import __version__
from zsgis.ledger.input_changes import LayersNow, input_changes
from zsgis.ledger.standing import InputChange, RuleChange, RunStanding, Verdict
from zsgis.registry import CAPABILITIES
from zsgis.run import check_parameters, record_of, signed_result
from zsgis.run_records import KeptInput, KeptRule, KeptRun, UnreadableRun, differences, kept_runs
from zsgis.run_records.figures import changed_unkept
from zsgis.run_records.model import NO_FIGURES
from zsgis.run_records.rules import rule_now

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.result import Result

VERIFIED_SETTING = "ledger_verified"
"""Run uid to the version of the program that last gave the same figures."""
MadeAgain = Callable[[KeptRun, "Result"], object]
_COMPARED_ONLY = ("redline",)


def standings(project: Project, progress: Progress | None = None) -> tuple[RunStanding, ...]:
    """Return what is to be thought of every run, inputs, rules and program compared, nothing run again."""
    return _Verifier(project).all(progress or NoProgress(), again=False)


def verify(
    project: Project,
    progress: Progress | None = None,
    *,
    runs: Sequence[str] = (),
    made: MadeAgain | None = None,
) -> tuple[RunStanding, ...]:
    """Run recorded runs again and return what is to be thought of each.

    Runs that give the same figures with this program are remembered as such, where the project may
    be written.

    Parameters
    ----------
    runs : sequence of str
        Uids of those to look at; all where empty.
    made : callable, optional
        Handed a run, and its result as it comes out now; once for all runs with the same parameters.

    Raises
    ------
    JobCancelled
        When the user stopped the job.
    """
    verifier = _Verifier(project, made)
    found = verifier.all(progress or NoProgress(), again=True, only=runs)
    holding = {standing.run.uid: __version__ for standing in found if standing.current and standing.again}
    before = project.setting(VERIFIED_SETTING, {})
    if not project.read_only and any(before.get(uid) != version for uid, version in holding.items()):
        project.set_setting(VERIFIED_SETTING, {**before, **holding})
    return found


class _Verifier:
    """Looks at the runs of a project as it stands."""

    def __init__(self, project: Project, made: MadeAgain | None = None) -> None:
        self._project = project
        self._made = made
        self._layers = LayersNow(project)
        self._verified = project.setting(VERIFIED_SETTING, {})
        self._again: dict[tuple[str, str], KeptRun | str] = {}

    def all(self, progress: Progress, *, again: bool, only: Sequence[str] = ()) -> tuple[RunStanding, ...]:
        kept = [
            (number, run)
            for number, run in enumerate(kept_runs(self._project.runs()), start=1)
            if run.capability not in NO_FIGURES and (not only or run.uid in only)
        ]
        found = []
        for place, (number, run) in enumerate(kept):
            part = ProgressPart(progress, place / len(kept), (place + 1) / len(kept))
            part.step(0.0, _("Run {number}: {capability}").format(number=number, capability=run_title(run)))
            found.append(self._one(number, run, part, again=again))
        return tuple(found)

    def _one(
        self, number: int, run: KeptRun | UnreadableRun, progress: Progress, *, again: bool
    ) -> RunStanding:
        if isinstance(run, UnreadableRun):
            reason = _("The record of the run cannot be read: {reason}").format(reason=run.reason)
            return RunStanding(number, run, Verdict.UNKNOWN, reason=reason)
        if run.capability in _COMPARED_ONLY:
            changes = input_changes(self._layers, run, whole=False)
            rules = _rule_changes(run)
            return RunStanding(number, run, _verdict(changes, rules, Verdict.HOLDS), changes, rules)
        if run.capability not in CAPABILITIES:
            reason = _("This program has no analysis “{key}”; the run was made by zsgis {version}.").format(
                key=run.capability, version=run.program_version or "?"
            )
            return RunStanding(number, run, Verdict.UNKNOWN, reason=reason)
        changes, rules = input_changes(self._layers, run), _rule_changes(run)
        if again:
            return self._run_again(number, run, changes, rules, progress)
        known = __version__ in (run.program_version, self._verified.get(run.uid))
        verdict = _verdict(changes, rules, Verdict.HOLDS if known else Verdict.UNCHECKED)
        reason = "" if verdict is not Verdict.UNCHECKED else program_words(run)
        return RunStanding(number, run, verdict, changes, rules, reason=reason)

    def _run_again(
        self,
        number: int,
        run: KeptRun,
        changes: tuple[InputChange, ...],
        rules: tuple[RuleChange, ...],
        progress: Progress,
    ) -> RunStanding:
        now = self._present(run, progress)
        if isinstance(now, str):
            verdict = _verdict(changes, rules, Verdict.UNKNOWN)
            reason = _("It cannot be run again: {reason}").format(reason=now)
            return RunStanding(number, run, verdict, changes, rules, again=True, reason=reason)
        # records of older programs kept no tables; what was not kept cannot differ
        compared = now if run.tables else now.model_copy(update={"tables": ()})
        different, unkept = differences(run, compared), changed_unkept(run, now)
        changes = (*changes, *_other_layers(run, now, changes))
        rules = rules or _other_words(run, now)
        verdict = _verdict(changes, rules, Verdict.DIFFERS if different or unkept else Verdict.HOLDS)
        reason = program_words(run) if verdict is Verdict.DIFFERS else ""
        return RunStanding(number, run, verdict, changes, rules, different, unkept, again=True, reason=reason)

    def _present(self, run: KeptRun, progress: Progress) -> KeptRun | str:
        """Return the run as it comes out now, or why it cannot be made."""
        key = (run.capability, json.dumps(run.parameters, sort_keys=True))
        if key not in self._again:
            chosen = CAPABILITIES[run.capability]
            try:
                checked = check_parameters(chosen, run.parameters)
                result = signed_result(self._project, chosen, checked, progress)
                self._again[key] = KeptRun.model_validate(record_of(result))
                if self._made is not None:
                    self._made(run, result)
            except ZsgisError as error:
                self._again[key] = error.what
        return self._again[key]


def _verdict(changes: Sequence[InputChange], rules: Sequence[RuleChange], otherwise: Verdict) -> Verdict:
    if changes:
        return Verdict.INPUT_CHANGED
    return Verdict.RULE_CHANGED if rules else otherwise


def _rule_changes(run: KeptRun) -> tuple[RuleChange, ...]:
    found = []
    for kept in run.rule_files:
        now = rule_now(kept)
        if now is None or now.sha256 != kept.sha256:
            found.append(RuleChange(kept.role, _rule_words(kept), "" if now is None else _rule_words(now)))
    return tuple(found)


def _rule_words(rule: KeptRule) -> str:
    return f"{rule.title} {rule.version} ({rule.status}) {rule.sha256[:12]}"


def _other_words(run: KeptRun, now: KeptRun) -> tuple[RuleChange, ...]:
    return tuple(
        RuleChange(role, words, now.rules.get(role, ""))
        for role, words in run.rules.items()
        if now.rules.get(role) != words
    )


def _other_layers(run: KeptRun, now: KeptRun, changes: Sequence[InputChange]) -> tuple[InputChange, ...]:
    """Return the inputs in whose place another layer is taken now, though they stand as they did."""
    known = {change.input.layer_uid for change in changes}
    taken = {used.layer_uid for used in now.inputs}
    found = []
    for used in run.inputs:
        if used.layer_uid and used.layer_uid not in taken and used.layer_uid not in known:
            other = _in_its_place(used, now)
            text = _("In place of layer “{layer}” the analysis takes “{other}” now.").format(
                layer=used.name, other=other
            )
            found.append(InputChange(used, False, (), text))
    return tuple(found)


def _in_its_place(used: KeptInput, now: KeptRun) -> str:
    return next((each.name for each in now.inputs if each.role == used.role), "-")


def program_words(run: KeptRun) -> str:
    """Return which programs made a run and look at it, a sentence."""
    return _("It was made by zsgis {before}; this is zsgis {after}.").format(
        before=run.program_version or "?", after=__version__
    )


def run_title(run: KeptRun | UnreadableRun) -> str:
    """Return what a run is called."""
    if isinstance(run, KeptRun) and run.title:
        return run.title
    chosen = CAPABILITIES.get(run.capability)
    return _(chosen.title) if chosen is not None else run.capability
