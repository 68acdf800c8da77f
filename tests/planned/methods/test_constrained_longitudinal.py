"""A planned constrained longitudinal analysis: of complete data its differences are regressions on the baseline."""

import numpy as np
import pytest
import statsmodels.api as sm

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.errors import AnalysisError
from trialkit.planned.methods.constrained_longitudinal import (
    CONSTRAINED_LONGITUDINAL,
    fit_constrained,
    state_constrained,
)
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.repeated import CovarianceStructure, Likelihood
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat

ML = ConstrainedLongitudinal(likelihood=Likelihood.ML, inference="satterthwaite")


def stated(specification: ConstrainedLongitudinal, pain: np.ndarray = PAIN) -> Rows:
    return Rows(state_constrained(task_of(specification, pain=pain), specification))


def test_differences_of_complete_data_are_those_of_regressions_on_the_baseline() -> None:
    """The likelihood is that of the baseline, times that of each visit given the baseline."""
    rows = stated(ML)
    design = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0]]).astype(float)
    for place, visit in ((1, "V1"), (2, "V2")):
        fit = sm.OLS(PAIN[:, place], design).fit()
        for code in (1, 2):
            found = rows.value(Stat.ESTIMATE, term=f"A{code} - A0", visit=visit)
            assert found == pytest.approx(fit.params[code], rel=1e-6)
        # each arm's mean is that of somebody with the baseline mean of all
        for code, arm in enumerate(ARMS):
            at = np.array([1.0, code == 1, code == 2, PAIN[:, 0].mean()])
            found = rows.value(Stat.ESTIMATE, term="marginal mean", visit=visit, arm=arm)
            assert found == pytest.approx(at @ fit.params, rel=1e-6)


def test_all_arms_have_one_mean_at_baseline_and_no_contrast_there() -> None:
    rows = stated(ConstrainedLongitudinal())
    first = [rows.value(Stat.ESTIMATE, term="marginal mean", visit="V0", arm=arm) for arm in ARMS]
    assert first == pytest.approx([PAIN[:, 0].mean()] * 3)
    contrasts = {row.visit for row in rows.rows if " - " in row.term}
    assert contrasts == {"V1", "V2", "average"}
    terms = [row.term for row in rows.rows if row.stat_name is Stat.DF_NUM]
    assert terms == ["visit", "arm:visit"]


def test_who_has_the_baseline_alone_or_lacks_it_is_analysed() -> None:
    pain = PAIN.copy()
    pain[[3, 11], 1:] = np.nan
    pain[10, 0] = np.nan
    pain[20] = np.nan
    rows = stated(ConstrainedLongitudinal(), pain)
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    assert counts == [[8, 0], [8, 0], [7, 1]]
    note = rows.row(Stat.N_EXCLUDED, visit="V2", arm="A2").note
    assert note == "no value at any visit (moved away): 1"


def test_visits_that_are_not_chosen_tell_nothing() -> None:
    """Who has a value at another visit alone is left out, and told so."""
    pain = PAIN.copy()
    pain[20, [0, 2]] = np.nan
    rows = stated(ConstrainedLongitudinal(visits=("V2",)), pain)
    assert {row.visit for row in rows.rows if " - " in row.term} == {"V2", "average"}
    note = rows.row(Stat.N_EXCLUDED, visit="V2", arm="A2").note
    assert note == "no value at any visit analysed (moved away): 1"
    moved = pain.copy()
    moved[:, 1] += 7
    other = stated(ConstrainedLongitudinal(visits=("V2",)), moved)
    assert [row.stat for row in rows.rows] == [row.stat for row in other.rows]


def test_an_arm_without_any_baseline_is_refused_in_the_words_of_the_trial() -> None:
    pain = PAIN.copy()
    pain[ARM == 1, 0] = np.nan
    specification = ConstrainedLongitudinal()
    with pytest.raises(AnalysisError, match="Arm 1"):
        CONSTRAINED_LONGITUDINAL.analyse(task_of(specification, pain=pain), specification)


def test_residuals_are_values_less_what_the_model_expects() -> None:
    (points,) = (each.points for each in stated(ML).series if each.kind is SeriesKind.RESIDUALS)
    *points, _ = points
    assert len(points) == 72
    assert sorted(p.x + p.y for p in points) == pytest.approx(sorted(PAIN.ravel()))


def test_days_between_visits_are_those_of_the_protocol_for_a_spatial_covariance() -> None:
    """28 days lie between all visits, so that it is a first-order autoregressive one."""
    fits = [
        fit_constrained(task_of(asked), asked)
        for asked in (
            ConstrainedLongitudinal(covariance=each, inference="satterthwaite")
            for each in (CovarianceStructure.SPATIAL_EXPONENTIAL, CovarianceStructure.AR1)
        )
    ]
    one, other = (fit.contrasts()[["estimate", "se"]].to_numpy() for fit in fits)
    np.testing.assert_allclose(one, other, rtol=1e-5)
