"""An analysis without numbers is a result like any other: rows of its contrasts that say why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from trialkit.errors import AnalysisError
from trialkit.planned.task.stating import (
    Statement,
    contrast_statement,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.outcome_kinds import OutcomeKind, Summary
from trialkit.results.effect import MEASURES, Effect, Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

NOT_ASKED = "not asked for in this run"
POOLED = "left out of a pooled report, which compares no arms"


def state_impossible(task: Task, error: AnalysisError) -> Iterator[Result]:
    """The rows of an analysis that these data do not allow: who is analysed, and why it is not.

    Its p values are stated without a number, so that a family counts as many as were planned.
    """
    if task.analysis.specification.made_outside is None:  # whom another program used, it must say
        yield from state_numbers_analysed(task)
    if task.due.is_due:
        yield from _without_numbers(task, Status.NOT_ESTIMABLE, f"not estimable: {error.reason}")
    else:
        yield from _without_numbers(task, Status.NOT_DUE, _when(task))


def state_impossible_arms(task: Task, impossible: Mapping[str, AnalysisError]) -> Iterator[Result]:
    """The rows of the arms that cannot be compared with the reference, where others can."""
    for row in state_numbers_analysed(task):
        if row.arm in impossible:
            yield row
    for arm, error in impossible.items():
        pair = task.of_arms((task.reference, arm))
        yield from _without_numbers(pair, Status.NOT_ESTIMABLE, f"not estimable: {error.reason}")


def to_come(rows: Iterable[Result | Series], task: Task) -> Iterator[Result | Series]:
    """The rows of an analysis that is not due yet: what it lacks waits for values, which are to come.

    Of an arm, a level or a contrast without a number "not estimable" would be a verdict too early.
    """
    for row in rows:
        if (
            isinstance(row, Result)
            and row.stat is None
            and row.stat_name in {Stat.ESTIMATE, Stat.P_VALUE}
            and row.status is Status.NOT_ESTIMABLE
        ):
            yield replace(row, status=Status.NOT_DUE, note=_when(task))
        else:
            yield row


def state_not_asked(task: Task) -> Iterator[Result]:
    """The rows of an analysis of the plan that this run leaves out."""
    note = POOLED if task.protocol.is_pooled else NOT_ASKED
    yield from _without_numbers(task, Status.NOT_ASKED, note)


def _without_numbers(task: Task, status: Status, note: str) -> Iterator[Result]:
    """An estimate and a p value without a number for each contrast that the plan makes."""
    visit = task.outcome.time_point
    about: Statement = replace(contrast_statement(task), status=status)
    effect = about.effect
    if effect is not None and _is_one_of_measures(effect, task.outcome.kind):
        about = about.measure(MEASURES[effect.scale])
    terms = () if effect is None else effect.terms(task.arms)
    if effect is None or not terms:
        whole = statement_of(task).about(visit=visit, term=Term.WHOLE, note=note)
        yield replace(whole.state(Stat.ESTIMATE, None), status=status)
        return
    for term in terms:
        own = about.about(visit=visit, term=term, note=note)
        yield own.state(Stat.ESTIMATE, None)
        if effect.has_headline_p:
            yield own.state(Stat.P_VALUE, None)


def _is_one_of_measures(effect: Effect, kind: OutcomeKind) -> bool:
    """Whether it compares risks in a row whose method is the name of its measure.

    An odds ratio of levels has the scale of one of risks, and stands under its own method.
    """
    of_risks = kind.summary_on(effect.scale) is Summary.PROPORTION
    return of_risks and effect.scale in MEASURES and effect.is_headline and not effect.one_sided


def _when(task: Task) -> str:
    """That the outcome is still to come at the data cut, and of how many."""
    due, visit = task.due, task.protocol.visit(task.due.visit).label
    if not due.randomised:
        return "not yet due at the data cut: nobody has been randomised"
    return (
        f"not yet due at the data cut: {visit} is still to come for {due.to_come} of "
        f"{due.randomised} randomised"
    )
