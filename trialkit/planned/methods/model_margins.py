"""Contrasts that a model of the plan states, held against a margin."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.margins.estimates import compare_estimates_with_margin
from trialkit.planned.task.contrasts_stated import compared_arm, contrasts_stated, place_of
from trialkit.planned.task.stating import CONTRAST_STATS, contrast_statement, records
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.margins import better_effect, conclude_of
from trialkit.results.effect import MEASURES, Effect, Scale, Status
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

Stated = Result | Series
CarryOut = Callable[[Task, Any], Iterator[Stated]]
"""How a model states its rows."""
_READ = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


def state_model_against_margin(
    task: Task, specification: MarginComparison, carry_out: CarryOut
) -> Iterator[Stated]:
    """All that the model states, its contrasts (at every visit) held against the margin.

    A contrast that the data do not give stays as the model has it, with its reason. Other measures of
    the same contrast keep their limits, and no test: the one p is of the margin.
    """
    effect = specification.effect(task.outcome.type, len(task.arms))
    stated = list(carry_out(task, specification.model))
    held = contrasts_stated(stated, task, effect.scale)
    for row in stated:
        if not isinstance(row, Result) or not (place_of(row) in held or _is_test(row, task)):
            yield row
    for (_, visit, term), own in held.items():
        yield from _held(task, specification, effect, visit=visit, term=term, own=own)


def _is_test(row: Result, task: Task) -> bool:
    """Whether it tests a contrast against no difference, which such a plan does not ask."""
    tests = {Stat.STATISTIC, Stat.P_VALUE}
    return row.stat_name in tests and not row.arm and bool(compared_arm(row.term, task))


def _held(
    task: Task,
    specification: MarginComparison,
    effect: Effect,
    *,
    visit: str,
    term: str,
    own: dict[Stat, Result],
) -> Iterator[Result]:
    """One contrast with p against the margin, limits of level 1 - 2 alpha, and what they show.

    What the model says of the contrast, such as its time, stands behind that.
    """
    about = contrast_statement(task).about(visit=visit, term=term)
    if effect.scale.is_ratio or effect.scale in MEASURES:
        about = replace(about, unit="")
    numbers = {stat: own[stat].stat for stat in _READ if stat in own}
    if any(numbers.get(stat) is None for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)):
        why = own[Stat.ESTIMATE].note or "not estimable: the model gives no limits"
        nothing = replace(about, note=why, status=Status.NOT_ESTIMABLE)
        yield nothing.state(Stat.ESTIMATE, None)
        yield nothing.state(Stat.P_VALUE, None)
        return
    better = better_effect(effect.scale, task.outcome.direction, of=task.outcome.kind.summary)
    table = pd.DataFrame(
        {
            "contrast": [contrast_label(compared_arm(term, task), task.reference)],
            **{
                stat.value: [float(number)]
                for stat, number in numbers.items()
                if number is not None
            },
        }
    )
    found = compare_estimates_with_margin(
        table,
        scale=effect.scale,
        question=specification.margin_question,
        margin=specification.margin,
        direction=better,
        alpha=specification.alpha,
    )
    (row,) = records(found.to_frame())
    finite = {
        **row,
        Stat.DF.value: row[Stat.DF.value] if np.isfinite(found.contrasts[0].df) else None,
    }
    _, words = conclude_of(
        specification.margin_question,
        better,
        scale=effect.scale,
        limits=(found.contrasts[0].conf_low, found.contrasts[0].conf_high),
        margin=specification.margin,
        names=(
            task.protocol.arm(compared_arm(term, task)).label,
            task.protocol.reference.label,
        ),
    )
    said = f"{words} (margin {margin_size(specification, effect.scale, task)})"
    noted = replace(about, note="; ".join(filter(None, (said, own[Stat.ESTIMATE].note))))
    yield from noted.state_row(finite, (*CONTRAST_STATS, Stat.MARGIN))


def margin_size(specification: MarginComparison, scale: Scale, task: Task) -> str:
    """The margin with its unit; a ratio has none."""
    if scale is Scale.PERCENTAGE_POINTS:
        return f"{100 * specification.margin:g} percentage points"
    unit = "" if scale.is_ratio else task.outcome.unit
    return f"{specification.margin:g} {unit}".rstrip()
