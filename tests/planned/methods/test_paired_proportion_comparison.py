"""How the share with the event changed in each arm: McNemar's test, and the limits of the change."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from tests.planned.hand import ARM, ARMS, BETTER, Rows, task_of
from trialkit.analysis.proportions.paired_difference import PairedCounts, paired_difference_limits
from trialkit.planned.methods.paired_proportion_comparison import state_paired_proportion_comparison
from trialkit.planned.methods.within_arms import CAUTION
from trialkit.protocol.methods.comparisons import PairedInterval
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat


def stated(method: Method, interval: PairedInterval = PairedInterval.NEWCOMBE) -> Rows:
    specification = PairedProportionComparison(method=method, interval=interval)
    return Rows(state_paired_proportion_comparison(task_of(specification, "better"), specification))


@pytest.mark.parametrize("method", [Method.MCNEMAR, Method.MCNEMAR_EXACT])
def test_the_share_with_the_event_changes_by_those_who_gained_and_lost_it(method: Method) -> None:
    rows = stated(method)
    for code, arm in enumerate(ARMS):
        before, after = BETTER[code == ARM, 0], BETTER[code == ARM, 2]
        gained, lost = int((after > before).sum()), int((after < before).sum())
        about = {"term": "V2 - V0", "visit": "V2", "arm": arm}
        row = rows.row(Stat.ESTIMATE, **about, by="risk_difference")
        assert row.stat == pytest.approx((gained - lost) / 8)
        assert row.note == f"{gained} gained and {lost} lost the event; {CAUTION}"
        table = [[0, gained], [lost, 0]]
        if gained + lost:
            test = mcnemar(table, exact=method is Method.MCNEMAR_EXACT, correction=False)
            assert rows.value(Stat.P_VALUE, **about, by=method.value) == pytest.approx(test.pvalue)


@pytest.mark.parametrize("interval", PairedInterval)
def test_the_change_has_the_limits_that_the_plan_asks_for(interval: PairedInterval) -> None:
    rows = stated(Method.MCNEMAR_EXACT, interval)
    for code, arm in enumerate(ARMS):
        before, after = BETTER[code == ARM, 0], BETTER[code == ARM, 2]
        pairs = PairedCounts(
            both=int((before * after).sum()),
            gained=int((after > before).sum()),
            lost=int((after < before).sum()),
            neither=int(((1 - before) * (1 - after)).sum()),
        )
        about = {"term": "V2 - V0", "visit": "V2", "arm": arm, "by": "risk_difference"}
        found = [
            rows.value(each, **about) for each in (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
        ]
        limits = paired_difference_limits(pairs, interval=interval, conf_level=0.9)
        np.testing.assert_allclose(found, [*limits, 0.9])
        row = rows.row(Stat.ESTIMATE, **about)
        assert row.scale is Scale.PERCENTAGE_POINTS
        assert found[0] <= row.stat <= found[1]
