"""A planned exact comparison of two rates, given how many events there are in both arms."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.counts.exact_rates import exact_rate_ratio
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.rates import (
    NO_EVENT_IN,
    exposure_of,
    state_dispersion,
    state_ratio,
    with_exposure,
)
from trialkit.planned.task.stating import contrast_statement, records, state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.results.results import Result


def state_exact_rates(task: Task, specification: ExactRateComparison) -> Iterator[Result]:
    """The rate ratio of each arm; where one has no event, with one finite limit."""
    frame = with_exposure(task.at_time_point(), task)
    found = exact_rate_ratio(
        frame,
        outcome="value",
        arm="arm",
        reference=task.reference,
        exposure=exposure_of(task),
        limits=specification.limits,
        conf_level=task.level,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    without = {each.arm for each in found.rates if not each.events}
    about = replace(contrast_statement(task), unit="")
    for ratio, row in zip(found.ratios, records(found.to_frame()), strict=True):
        arms = [each.arm for each in (ratio.experimental, ratio.reference) if each.arm in without]
        note = "; ".join(NO_EVENT_IN.format(task.protocol.arm(arm).label) for arm in arms)
        own = about.about(visit=task.outcome.time_point, term=ratio.contrast, note=note)
        yield from state_ratio(own, row)
    yield from state_dispersion(task, _dispersion(task, frame))


def _dispersion(task: Task, frame: pd.DataFrame) -> float:
    """Pearson's, of the Poisson model that has the arms alone."""
    return poisson_regression(
        frame,
        outcome="value",
        arm="arm",
        reference=task.reference,
        exposure=exposure_of(task),
        subject="subject_id",
    ).dispersion


EXACT_RATE_RATIO = MethodCard(specification=ExactRateComparison, carry_out=state_exact_rates)
