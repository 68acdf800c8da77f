"""Planned models of an event: what they state where arms are told apart, and where they end in nothing."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.planned.hand import ARM, BETTER, Rows, task_of
from tests.report.factory import made_up_protocol
from trialkit.errors import AnalysisError
from trialkit.planned.methods.log_binomial import state_log_binomial
from trialkit.planned.methods.logistic import state_logistic
from trialkit.planned.methods.modified_poisson import state_modified_poisson
from trialkit.planned.methods.standardised_risks import state_standardised_risks
from trialkit.planned.task.ratios import NO_EVENT
from trialkit.protocol.methods.generalised_models import RatioLimits, RiskVariance, WhenSeparated
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.results.effect import Scale, Status
from trialkit.results.vocabulary import Stat

NOBODY = np.where(ARM[:, None] == 0, 0.0, BETTER)
"""Nobody of the reference arm has the event, four and seven of the eight of the others."""
FIRST, SECOND = ({"term": f"{arm} - A0", "visit": "V2"} for arm in ("A1", "A2"))
LABEL = made_up_protocol(arms=3, visits=3).arm("A0").label


def stated(specification: Logistic, better: np.ndarray = NOBODY) -> Rows:
    return Rows(state_logistic(task_of(specification, "better", better=better), specification))


def test_where_events_are_told_apart_firths_likelihood_adds_a_half_to_each_cell() -> None:
    rows = stated(Logistic())
    counts = [NOBODY[arm == ARM, 2].sum() for arm in (1, 2)]
    for place, events in zip((FIRST, SECOND), counts, strict=True):
        odds = (events + 0.5) / (8 - events + 0.5) / (0.5 / 8.5)
        assert rows.value(Stat.ESTIMATE, **place, by="odds_ratio") == pytest.approx(odds, rel=1e-6)
        row = rows.row(Stat.CONF_LOW, **place, by="odds_ratio")
        assert (row.status, row.scale) == (Status.ESTIMATED, Scale.ODDS_RATIO)
        assert row.note == (
            "by Firth's penalised likelihood, since maximum likelihood has no finite estimate of "
            f"{LABEL}"
        )


def test_maximum_likelihood_keeps_an_infinite_ratio_with_the_limit_that_there_is() -> None:
    rows = stated(Logistic(when_separated=WhenSeparated.LIKELIHOOD))
    assert rows.value(Stat.ESTIMATE, **SECOND, by="odds_ratio") == math.inf
    low, high = rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), **SECOND, by="odds_ratio")
    assert 1 < low < high == math.inf
    table = [[7, 1], [0, 8]]
    test = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert rows.value(Stat.P_VALUE, **SECOND, by="odds_ratio") == pytest.approx(test.pvalue)


def test_walds_test_of_an_infinite_ratio_does_not_exist_and_that_is_said() -> None:
    asked = Logistic(when_separated=WhenSeparated.LIKELIHOOD, limits=RatioLimits.WALD)
    p = stated(asked).row(Stat.P_VALUE, **SECOND, by="odds_ratio")
    assert (p.stat, p.status) == (None, Status.NOT_ESTIMABLE)
    assert "told apart there without exception" in p.note
    assert not [each for each in stated(asked).rows if each.stat_name is Stat.SE]


@pytest.mark.parametrize("limits", [RatioLimits.WALD, RatioLimits.PROFILE])
def test_a_risk_ratio_over_no_event_has_no_limits_of_wald(limits: RatioLimits) -> None:
    asked = LogBinomialRegression(limits=limits)
    task = task_of(asked, "better", better=NOBODY)
    row = Rows(state_log_binomial(task, asked)).row(Stat.CONF_LOW, **FIRST, by="risk_ratio")
    wald = limits is RatioLimits.WALD
    assert row.status is (Status.NOT_ESTIMABLE if wald else Status.ESTIMATED)
    assert row.note == f"no finite estimate of {LABEL}: {NO_EVENT}"


def test_a_modified_poisson_model_without_an_event_in_the_reference_arm_states_no_p() -> None:
    asked = ModifiedPoisson()
    rows = Rows(state_modified_poisson(task_of(asked, "better", better=NOBODY), asked))
    assert rows.row(Stat.P_VALUE, **FIRST, by="risk_ratio").stat is None


def test_without_a_maximum_below_1_a_log_binomial_model_is_refused_with_another_method() -> None:
    everybody = np.where(ARM[:, None] == 2, 1.0, BETTER)
    asked = LogBinomialRegression()
    with pytest.raises(AnalysisError, match="no maximum with all risks below 1"):
        list(state_log_binomial(task_of(asked, "better", better=everybody), asked))


def test_arms_without_variance_have_a_difference_and_no_test_of_it() -> None:
    apart = np.where(ARM[:, None] == 0, 0.0, np.ones_like(BETTER))
    asked = StandardisedRiskComparison(variance=RiskVariance.YE)
    rows = Rows(state_standardised_risks(task_of(asked, "better", better=apart), asked))
    p = rows.row(Stat.P_VALUE, **FIRST, by="risk_difference")
    assert (p.stat, p.status) == (None, Status.NOT_ESTIMABLE)
    assert rows.value(Stat.ESTIMATE, **FIRST, by="risk_difference") == 1
    assert rows.row(Stat.CONF_LOW, **FIRST, by="risk_ratio").status is Status.NOT_ESTIMABLE


def test_standardised_risks_state_p_of_the_difference_alone() -> None:
    """The ratios stand beside it, so that a family counts each comparison once."""
    asked = StandardisedRiskComparison()
    rows = Rows(state_standardised_risks(task_of(asked, "better"), asked))
    tested = {each.method for each in rows.rows if each.stat_name is Stat.P_VALUE}
    assert tested == {"risk_difference"}
    risks = [
        rows.value(Stat.ESTIMATE, term="standardised risk", visit="V2", arm=arm)
        for arm in ("A0", "A1", "A2")
    ]
    assert risks == pytest.approx([BETTER[arm == ARM, 2].mean() for arm in range(3)])


def test_only_limits_of_a_likelihood_have_its_ratio_test() -> None:
    asked = Logistic()
    task = task_of(asked, "better")
    rows = {
        limits: Rows(state_logistic(task, replace(asked, limits=limits))) for limits in RATIO_LIMITS
    }
    statistics = {
        limits: each.value(Stat.STATISTIC, **SECOND, by="odds_ratio")
        for limits, each in rows.items()
    }
    assert statistics[RatioLimits.PROFILE] > 0
    assert statistics[RatioLimits.WALD] ** 2 < statistics[RatioLimits.PROFILE]
    dfs = [row for row in rows[RatioLimits.WALD].rows if row.stat_name is Stat.DF]
    assert dfs == []


RATIO_LIMITS = (RatioLimits.WALD, RatioLimits.PROFILE)
