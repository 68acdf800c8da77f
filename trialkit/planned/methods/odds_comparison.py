"""A planned comparison of levels by one odds ratio, and whether one describes them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from trialkit.analysis.ordinal.batched_odds import proportional_odds_batch
from trialkit.analysis.ordinal.proportional_odds import ProportionalOdds, proportional_odds
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials, decided
from trialkit.planned.task.covariates import title_of, with_characteristics
from trialkit.planned.task.stating import (
    contrast_statement,
    records,
    state_contrast,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ALL_ARMS = "group"
TEST_STATS = (Stat.STATISTIC, Stat.DF, Stat.P_VALUE)
ODDS_STATS = (*TEST_STATS, Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


def state_odds(task: Task, specification: OddsComparison) -> Iterator[Result]:
    """The odds ratio of each contrast, all arms together where there are more, and its assumption."""
    yield from state_numbers_analysed(task)
    fit = proportional_odds(
        with_characteristics(task, specification),
        outcome="value",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        subject="subject_id",
    )
    own = contrast_statement(task).by(specification.method.value, unit="")
    visit = task.outcome.time_point
    rows = records(fit.contrasts(limits=specification.limits, conf_level=task.level))
    for row, test in zip(rows, _tests(fit, specification), strict=True):
        about = own.about(visit=visit, term=str(row["contrast"]))
        yield from state_contrast(about, row | test, ODDS_STATS)
    if len(task.arms) > 2:
        together = replace(own, effect=None).about(visit=visit, term=ALL_ARMS)
        yield from together.state_row(records(fit.likelihood_ratio_test())[0], TEST_STATS)
    yield from _state_proportionality(task, fit)


def _tests(fit: ProportionalOdds, specification: OddsComparison) -> list[dict[str, object]]:
    """Beside profile limits the test of that very likelihood; beside Wald's, Wald's, without df."""
    if specification.limits is RatioLimits.WALD:
        return [{Stat.DF.value: None} for _ in fit.rows.arm.other_levels]
    return records(fit.contrast_tests())


def _state_proportionality(task: Task, fit: ProportionalOdds) -> Iterator[Result]:
    """Whether one odds ratio does for every cut: of the arm, and of each covariate."""
    names = {"arm": "arm", BASELINE: BASELINE}
    for row in records(fit.nominal_test()):
        name = str(row["term"])
        place = names.get(name) or title_of(name, task)
        method = "likelihood ratio test of odds ratios of their own at each cut"
        note = "; ".join(filter(None, (method, str(row["note"] or ""))))
        about = replace(
            statement_of(task).about(term=f"{Check.PROPORTIONALITY.value}: {place}", note=note),
            unit="",
        )
        if np.isnan(float(str(row[Stat.P_VALUE.value]))):
            yield about.state(Stat.STATISTIC, None)
        else:
            yield from about.state_row(row, TEST_STATS)


def _decide(_: OddsComparison, trials: SimulatedTrials) -> Decisions:
    """On the log odds ratio, whose truth is the difference of the logistic variables."""
    values = trials.response(Response.FINAL)
    return decided(proportional_odds_batch(values, trials.arms, conf_level=trials.level))


def _refusal(specification: OddsComparison) -> str:
    if specification.covariates:
        return "proportional odds with covariates have no kernel"
    if specification.limits is not RatioLimits.WALD:
        return "profile limits have no kernel"
    return ""


ODDS_COMPARISON = MethodCard(
    specification=OddsComparison,
    carry_out=state_odds,
    kernel=Kernel(methods=(Method.PROPORTIONAL_ODDS,), decide=_decide, refusal=_refusal),
)
