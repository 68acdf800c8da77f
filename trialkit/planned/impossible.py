"""An analysis without numbers is a result like any other: rows of its contrasts that say why."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.errors import AnalysisError
from trialkit.planned.task.stating import (
    Statement,
    contrast_statement,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

NOT_ASKED = "not asked for in this run"


def state_impossible(task: Task, error: AnalysisError) -> Iterator[Result]:
    """The rows of an analysis that these data do not allow: who is analysed, and why it is not.

    Its p values are stated without a number, so that a family counts as many as were planned.
    """
    yield from state_numbers_analysed(task)
    if task.due.is_due:
        yield from _without_numbers(
            task, Status.NOT_ESTIMABLE, f"not estimable: {_why(task, error)}"
        )
    else:
        yield from _without_numbers(task, Status.NOT_DUE, _when(task))


def state_not_asked(task: Task) -> Iterator[Result]:
    """The rows of an analysis of the plan that this run leaves out."""
    yield from _without_numbers(task, Status.NOT_ASKED, NOT_ASKED)


def _without_numbers(task: Task, status: Status, note: str) -> Iterator[Result]:
    """An estimate and a p value without a number for each contrast that the plan makes."""
    visit = task.outcome.time_point
    about: Statement = replace(contrast_statement(task), status=status)
    effect = about.effect
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


def _when(task: Task) -> str:
    """That the outcome is still to come at the data cut, and of how many."""
    due, visit = task.due, task.protocol.visit(task.due.visit).label
    if not due.randomised:
        return "not yet due at the data cut: nobody has been randomised"
    return (
        f"not yet due at the data cut: {visit} is still to come for {due.to_come} of "
        f"{due.randomised} randomised"
    )


def _why(task: Task, error: AnalysisError) -> str:
    """What the data lack, in the words of the protocol; else what the method says itself."""
    analysed = task.included.measurements.drop_duplicates("subject_id")["arm"]
    empty = [arm for arm in task.arms if not (analysed == arm).any()]
    if not empty:
        return _in_the_words_of_the_protocol(str(error), task)
    excluded = task.included.excluded
    return "; ".join(
        f"nobody in {task.protocol.arm(arm).label} has what the analysis of {_place(task)} needs"
        f"{_reasons(excluded.loc[excluded['arm'] == arm, 'reason'].astype('str').tolist())}"
        for arm in empty
    )


def _reasons(texts: list[str]) -> str:
    """Each reason once with its number, in brackets."""
    counted = (f"{text}: {texts.count(text)}" for text in dict.fromkeys(texts))
    return f" ({'; '.join(counted)})" if texts else ""


def _in_the_words_of_the_protocol(error: str, task: Task) -> str:
    """The estimator's own message; the columns of our frames have other names for everybody else."""
    repeated = task.analysis.specification.IS_REPEATED
    place = task.outcome.label if repeated else _place(task)
    words = {
        "value": place,
        "final": place,
        "change": f"change in {place}",
        "baseline": f"{task.outcome.label} at {task.protocol.baseline.label}",
        "group": "arm",
    }
    words |= {each.code: each.label for each in (*task.protocol.arms, *task.protocol.visits)}
    for column, word in words.items():
        error = error.replace(f"'{column}'", word)
    return error


def _place(task: Task) -> str:
    visit = task.protocol.visit(task.outcome.time_point)
    return f"{task.outcome.label} at {visit.label}"
