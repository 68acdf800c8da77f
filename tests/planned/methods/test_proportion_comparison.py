"""The choice of the plan reaches every measure of risks, with an arm in which nobody had the event."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats.contingency import odds_ratio

from tests.planned.hand import BETTER, Rows, task_of
from trialkit.planned.methods.proportion_comparison import state_proportion_comparison
from trialkit.protocol.methods.comparisons import IntervalMethod, OddsRatioMethod, RatioInterval
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.results.effect import Status
from trialkit.results.vocabulary import Stat

SCORE, MEE = IntervalMethod.MIETTINEN_NURMINEN, IntervalMethod.MEE
NOBODY = np.where(np.arange(24)[:, None] < 8, 0.0, BETTER)
"""The outcome, which nobody of the reference arm has, and seven of the eight of A2."""
EVENTS = 7
ZERO = {"term": "A2 - A0", "visit": "V2"}
FAR = norm.isf(0.05)


def stated(specification: ProportionComparison) -> Rows:
    task = task_of(specification, "better", better=NOBODY)
    return Rows(state_proportion_comparison(task, specification))


def limits(rows: Rows, measure: str) -> tuple[float, float]:
    low, high = rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), **ZERO, by=measure)
    return low, high


def test_the_trial_has_an_arm_without_an_event() -> None:
    reference, _, experimental = np.split(NOBODY[:, 2], 3)
    assert (reference.sum(), experimental.sum()) == (0, EVENTS)


def score_of_risk_ratio(log_ratio: float) -> float:
    """With nobody in the reference arm, the likeliest risks under a ratio in closed form."""
    ratio, n = math.exp(log_ratio), 8
    a, b = 2 * n * ratio, -(n * ratio + EVENTS + n)
    reference = (-b - math.sqrt(b * b - 4 * a * EVENTS)) / (2 * a)
    risk = ratio * reference
    variance = risk * (1 - risk) / n + ratio**2 * reference * (1 - reference) / n
    return EVENTS / n / math.sqrt(variance * 16 / 15)


def score_of_odds_ratio(log_ratio: float) -> float:
    """The same under an odds ratio; the reference risk that expects all events is a root."""
    n = 8

    def other(risk: float) -> float:
        odds = math.exp(log_ratio) * risk / (1 - risk)
        return odds / (1 + odds)

    reference = brentq(lambda p: n * (p + other(p)) - EVENTS, 1e-12, EVENTS / n, xtol=1e-15)
    risk = other(reference)
    information = 1 / (n * risk * (1 - risk)) + 1 / (n * reference * (1 - reference))
    return (EVENTS - n * risk) * math.sqrt(information * 15 / 16)


@pytest.mark.parametrize("interval", [SCORE, MEE])
def test_beside_a_score_interval_the_ratios_have_the_score_limits(interval: IntervalMethod) -> None:
    rows = stated(ProportionComparison(interval=interval))
    for measure, score in (
        ("risk_ratio", score_of_risk_ratio),
        ("odds_ratio", score_of_odds_ratio),
    ):
        low = math.exp(brentq(lambda u, z=score: z(u) - FAR, -3, 5, xtol=1e-12))
        assert limits(rows, measure) == pytest.approx((low, math.inf), rel=1e-7)
        row = rows.row(Stat.CONF_LOW, **ZERO, by=measure)
        assert (row.status, row.note) == (Status.ESTIMATED, "")
        assert rows.value(Stat.ESTIMATE, **ZERO, by=measure) == math.inf


def test_the_exact_limits_of_the_odds_ratio_are_those_of_fisher() -> None:
    planned = ProportionComparison(
        ratio_interval=RatioInterval.KATZ, odds_ratio_method=OddsRatioMethod.CONDITIONAL
    )
    rows = stated(planned)
    table = np.array([[EVENTS, 8 - EVENTS], [0, 8]])
    low, high = odds_ratio(table).confidence_interval(0.9)
    assert limits(rows, "odds_ratio") == pytest.approx((low, high), rel=1e-6)
    assert rows.row(Stat.CONF_LOW, **ZERO, by="risk_ratio").status is Status.NOT_ESTIMABLE


@pytest.mark.parametrize(
    "specification",
    [
        ProportionComparison(interval=IntervalMethod.NEWCOMBE),
        ProportionComparison(interval=IntervalMethod.WALD),
        ProportionComparison(
            interval=SCORE,
            ratio_interval=RatioInterval.KATZ,
            odds_ratio_method=OddsRatioMethod.WOOLF,
        ),
    ],
    ids=["newcombe", "wald", "named"],
)
def test_limits_that_do_not_exist_are_never_replaced_by_others(
    specification: ProportionComparison,
) -> None:
    rows = stated(specification)
    for measure, name in (("risk_ratio", "Katz"), ("odds_ratio", "Woolf")):
        row = rows.row(Stat.CONF_LOW, **ZERO, by=measure)
        assert row.status is Status.NOT_ESTIMABLE
        assert row.note == f"a zero cell: the interval of {name} does not exist"
