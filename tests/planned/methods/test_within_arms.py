"""Each arm's own change, by scipy's paired tests, and the caution beside it."""

import numpy as np
import pytest
from scipy import stats

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.planned.methods.within_arms import CAUTION, state_within_arms
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.results.effect import StandardisedBy, Status
from trialkit.results.vocabulary import Stat


def stated(method: Method, pain: np.ndarray = PAIN) -> Rows:
    specification = WithinArms(method=method)
    return Rows(state_within_arms(task_of(specification, pain=pain), specification))


def test_each_arm_is_compared_with_its_own_baseline() -> None:
    rows = stated(Method.PAIRED_T)
    for code, arm in enumerate(ARMS):
        own = PAIN[code == ARM]
        test = stats.ttest_rel(own[:, 2], own[:, 0])
        low, high = test.confidence_interval(0.9)
        change = own[:, 2] - own[:, 0]
        about = {"term": "V2 - V0", "visit": "V2", "arm": arm}
        found = rows.values(
            (Stat.ESTIMATE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH),
            **about,
        )
        expected = [change.mean(), 7, test.statistic, test.pvalue, low, high]
        np.testing.assert_allclose(found, expected)
        assert rows.row(Stat.ESTIMATE, **about).note == CAUTION
        assert rows.row(Stat.ESTIMATE, **about).unit == "mm"
        hedges = rows.row(Stat.HEDGES_G, **about)
        assert np.sign(hedges.stat) == np.sign(change.mean())
        assert hedges.standardised_by is StandardisedBy.OWN_CHANGE


def test_ranks_are_those_of_wilcoxon() -> None:
    rows = stated(Method.SIGNED_RANK)
    for code, arm in enumerate(ARMS):
        own = PAIN[code == ARM]
        test = stats.wilcoxon(own[:, 2] - own[:, 0])
        found = rows.value(Stat.P_VALUE, term="V2 - V0", visit="V2", arm=arm)
        assert found == pytest.approx(test.pvalue)


def test_who_lacks_a_value_is_counted_out() -> None:
    pain = PAIN.copy()
    pain[9, 2] = pain[10, 0] = np.nan
    rows = stated(Method.PAIRED_T, pain=pain)
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    assert counts == [[8, 0], [6, 2], [8, 0]]
    own = pain[[8, 11, 12, 13, 14, 15]]
    found = rows.value(Stat.ESTIMATE, term="V2 - V0", visit="V2", arm="A1")
    assert found == pytest.approx((own[:, 2] - own[:, 0]).mean())


def test_an_arm_with_one_pair_leaves_the_others_alone() -> None:
    pain = PAIN.copy()
    pain[9:16, 2] = np.nan
    for method in (Method.PAIRED_T, Method.SIGNED_RANK):
        rows, whole = stated(method, pain=pain), stated(method)
        row = rows.row(Stat.ESTIMATE, term="V2 - V0", visit="V2", arm="A1")
        assert (row.stat, row.status) == (None, Status.NOT_ESTIMABLE)
        assert row.note == "not estimable in Arm 1: a paired test needs 2 pairs, got 1"
        for arm in ("A0", "A2"):
            own = [each for each in whole.rows if each.arm == arm]
            assert [each for each in rows.rows if each.arm == arm] == own


def test_so_few_pairs_have_no_limits_of_ranks_and_that_is_said() -> None:
    pain = PAIN.copy()
    pain[11:16, 2] = np.nan
    rows = stated(Method.SIGNED_RANK, pain=pain)
    about = {"term": "V2 - V0", "visit": "V2"}
    for stat in (Stat.CONF_LOW, Stat.CONF_HIGH):
        row = rows.row(stat, arm="A1", **about)
        assert row.status is Status.NOT_ESTIMABLE
        assert row.note == f"so few values have no limits at this confidence level; {CAUTION}"
        assert rows.row(stat, arm="A0", **about).note == CAUTION
