"""Why a project gets its land, or none, and what more of a quota brings: each in one sentence."""

from __future__ import annotations

from collections import Counter

from layers.words import _
from zsgis.allocating.answers import Answers
from zsgis.allocating.more_quota import QuotaWorth
from zsgis.allocating.printed import Printed
from zsgis.allocation.bars import bar
from zsgis.allocation.objective import Level, Measure
from zsgis.allocation.plan import Assignment
from zsgis.allocation.problem import Candidate, Problem, Project
from zsgis.allocation.reach import reach_cents
from zsgis.allocation.sentences import explained
from zsgis.allocation.why import Reason

_NOTHING = 1e-6
_NAMED = 3


def why_sentence(project: Project, answers: Answers, printed: Printed) -> str:
    """Return why a project gets this land, or none, in one sentence."""
    reason = answers.reasons.get(project.key)
    if reason is None:
        return _without_reason(project, answers, printed)
    if reason.sites:
        return _why_this(reason, printed)
    if reason.next_plan is not None:
        return _why_not(reason, printed)
    return why_none(project, answers, printed)


def why_none(project: Project, answers: Answers, printed: Printed) -> str:
    """Return why no plan at all serves a project."""
    problem = printed.joined.problem
    fitting, against = candidates_against(problem, project)
    if fitting == 0:
        return _("No candidate suits it: {reasons}.").format(reasons=against)
    short = _short_of_land(problem, project, printed)
    if short:
        return short
    lacking = answers.lacking.get(project.key)
    if lacking is not None and (lacking.amounts or lacking.postponed):
        return _("Beside the others of its rank and before: {said}").format(said=explained(problem, lacking))
    if lacking is not None and lacking.decided:
        return _("No plan that keeps all limits serves it; {count} candidates suit it.").format(count=fitting)
    return _("Not decided in the time.")


def _short_of_land(problem: Problem, project: Project, printed: Printed) -> str:
    """Return how much land is lacking where neither quotas nor others are to blame; else nothing."""
    reached = reach_cents(problem, project)
    if reached >= project.least_cents:
        return ""
    sites = (
        _("on {count} contiguous sites at most") if project.contiguous else _("on {count} sites at most")
    ).format(count=project.most_sites)
    return _(
        "The land that suits it offers {reached} ({sites}); its least area of {least} lacks {short}, "
        "whatever the quotas are."
    ).format(
        reached=printed.text(reached),
        sites=sites,
        least=printed.text(project.least_cents),
        short=printed.text(project.least_cents - reached),
    )


def impossible_sentence(answers: Answers, printed: Printed) -> str:
    """Return why there is no plan: what would have to give way, and whose land is too small whatever does."""
    if answers.impossible is None:
        return _("Whether there is a plan was not decided in the time.")
    problem = printed.joined.problem
    short = [
        _("{project}: {said}").format(project=each.name, said=said)
        for each in problem.projects
        if each.must and (said := _short_of_land(problem, each, printed))
    ]
    return "".join((explained(problem, answers.impossible), *short))


def candidates_against(problem: Problem, project: Project) -> tuple[int, str]:
    """Return how many candidates suit a project, and what keeps the others from it, in words."""
    against = Counter(bar(problem, project, candidate) for candidate in problem.candidates)
    fitting = against.pop(None, 0)
    words = "、".join(
        f"{_(each.words)} {count:,}" for each, count in against.most_common() if each is not None
    )
    return fitting, words or _("there is no candidate at all")


def next_best(project: Project, answers: Answers, printed: Printed) -> str:
    """Return what the best other plan gives a project; empty where none is known."""
    reason = answers.reasons.get(project.key)
    if reason is None or reason.next_plan is None:
        return ""
    return sites_words(reason.next_sites, printed) or _("no land")


def sites_words(sites: tuple[Assignment, ...], printed: Printed) -> str:
    """Return sites by their names, the first few."""
    names = {each.key: each.name for each in printed.joined.problem.candidates}
    words = "、".join(names[each.candidate] for each in sites[:_NAMED])
    return (
        words
        if len(sites) <= _NAMED
        else _("{names} and others, {count} in all").format(names=words, count=len(sites))
    )


def _without_reason(project: Project, answers: Answers, printed: Printed) -> str:
    served = bool(printed.of(project.key))
    if answers.plan is None:
        return _("There is no plan.")
    return "" if served else _("Not looked for, or not decided in the time.")


def _why_this(reason: Reason, printed: Printed) -> str:
    if reason.next_plan is None:
        return (
            _("Nothing else is possible for it.")
            if reason.decided
            else _("Not decided in the time what would be the next best.")
        )
    other = sites_words(reason.next_sites, printed) or _("no land")
    loss = _loss(reason, printed)
    if not loss:
        return _("{other} would be as good.").format(other=other)
    if reason.others_kept:
        return _("With {other} instead, and the others as they are, {loss}.").format(other=other, loss=loss)
    return _("With {other} instead {loss}.").format(other=other, loss=loss)


def _why_not(reason: Reason, printed: Printed) -> str:
    loss = _loss(reason, printed)
    sites = sites_words(reason.next_sites, printed)
    if not loss:
        return _("It could have {sites} at no cost to others.").format(sites=sites)
    return _("With {sites} for it {loss}.").format(sites=sites, loss=loss)


def _loss(reason: Reason, printed: Printed) -> str:
    """Return the first level on which the other plan is worth less, and who loses; empty where none is."""
    problem = printed.joined.problem
    # a reason may be of the first levels only
    for level, loss in zip(problem.objective.levels, reason.losses, strict=False):
        if float(loss) < -_NOTHING:
            return ""
        if float(loss) <= _NOTHING:
            continue
        if level.terms[0].measure is Measure.SECURED and reason.losers_cents:
            names = {each.key: each.name for each in problem.projects}
            losers = "、".join(
                f"{names[key]} {printed.text(cents)}" for key, cents in reason.losers_cents[:_NAMED]
            )
            return _("less is secured: {losers}").format(losers=losers)
        return _("{level} is less by {amount}").format(level=_(level.title), amount=f"{float(loss):,.2f}")
    return ""


def worth_sentence(worth: QuotaWorth | None, levels: tuple[Level, ...]) -> str:
    """Return what 1 ha more of a quota in a year would bring."""
    if worth is None:
        return _("Not looked for, or not decided in the time.")
    if worth.level is not None:
        return _("{level} grows by at least {amount}.").format(
            level=_(levels[worth.level].title), amount=f"{worth.gain:,.2f}"
        )
    return _("No more area would be secured.") if worth.decided else _("Not decided in the time.")


def suits_nobody(problem: Problem, candidate: Candidate) -> str:
    """Return why a candidate suits no project at all; empty where it suits one."""
    against = Counter(bar(problem, project, candidate) for project in problem.projects)
    if None in against or not against:
        return ""
    return _("it suits no project: {reasons}.").format(
        reasons="、".join(f"{_(each.words)} {count:,}" for each, count in against.most_common() if each)
    )
