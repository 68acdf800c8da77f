"""Planned responders: who improved enough, with the rule and the missing rule named."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.proportions.responders import (
    ImprovedBy,
    ImprovedByShare,
    Responders,
    ResponseRule,
    compare_responders,
)
from trialkit.errors import AnalysisError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.proportion_comparison import state_effects
from trialkit.planned.task.stating import state_numbers_analysed, statement_of
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_responders(task: Task, specification: ResponderComparison) -> Iterator[Result]:
    """Responders in each arm, and their risk difference, risk ratio and odds ratio."""
    frame = _baseline_and_final(task)
    found = compare_responders(
        frame,
        baseline="baseline",
        final="final",
        arm="arm",
        reference=task.reference,
        rule=_rule(task, specification),
        direction=task.outcome.direction,
        missing=specification.missing,
        interval=specification.interval,
        ratio_interval=specification.ratio_interval,
        odds_ratio_method=specification.odds_ratio_method,
        test=specification.test,
        conf_level=task.level,
        subject="subject_id",
    )
    found = replace(found, n_missing=found.n_missing + len(task.included.left_out))
    yield from state_numbers_analysed(task, found.excluded)
    yield from _counts(task, found)
    yield from state_effects(task, found.to_frame())


def _counts(task: Task, found: Responders) -> Iterator[Result]:
    for arm in found.comparison.counts:
        about = statement_of(task).about(
            visit=task.outcome.time_point, term="responders", arm=str(arm.arm), note=found.note
        )
        yield from about.state_all(
            {Stat.N: arm.n, Stat.EVENTS: arm.events, Stat.PERCENT: 100 * arm.risk}
        )


def _rule(task: Task, specification: ResponderComparison) -> ResponseRule:
    if specification.improved_by_share is not None:
        return ImprovedByShare(share=specification.improved_by_share)
    amount = specification.improved_by or task.outcome.minimal_important_change
    if amount is None:
        raise AnalysisError(
            f"outcome {task.outcome.code!r} has no minimal_important_change; give improved_by"
        )
    return ImprovedBy(amount=amount)


def _baseline_and_final(task: Task) -> pd.DataFrame:
    return task.at_time_point().rename(columns={"value": "final"})


RESPONDERS = MethodCard(specification=ResponderComparison, carry_out=state_responders)
