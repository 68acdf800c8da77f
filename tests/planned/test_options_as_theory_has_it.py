"""Which way an option moves the results, and by how much, where statistics theory says so.

The second numbers come from the datasets by pandas and scipy, or from the definition of what was
chosen; the first are rows of the results.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from tests.planned.feeling import AGE, SEX, Tried, tried
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import (
    Alternative,
    IntervalMethod,
    MissingRule,
    ProportionTest,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.repeated import CovarianceStructure, Inference, Likelihood
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.results.vocabulary import Stat

MEANS = (
    ("example", "vas"),
    ("template", "symptoms"),
    ("three arms", "function"),
    ("made up", "pain"),
)
RISKS = (("three arms", "improved"), ("made up", "better"))


def in_trials(*cases: tuple[str, str]) -> pytest.MarkDecorator:
    """A test for each of these trials, by name, with one of its outcomes."""
    ids = [name for name, _ in cases]
    return pytest.mark.parametrize(("trial", "outcome"), cases, ids=ids, indirect=["trial"])


CONTINUOUS = in_trials(*MEANS)
"""The shipped trials, the template and the made-up one, with an outcome that has a mean."""
THREE_ARMS = in_trials(*MEANS[2:])
BINARY = in_trials(*RISKS)

Numbers = dict[tuple[str, str, str], float]


@pytest.fixture
def trial(request: pytest.FixtureRequest) -> Tried:
    return next(own for own in tried() if own.name == request.param)


def contrasts(trial: Tried, specification: Specification, outcome: str, stat: Stat) -> np.ndarray:
    """A statistic of all contrasts, in the order in which they are stated."""
    return np.array([*trial.numbers(specification, outcome, "contrasts", stat).values()])


def reach(trial: Tried, specification: Specification, outcome: str) -> np.ndarray:
    """How many standard errors the limits stand from the estimate, the same on both sides."""
    low, high, middle, se = (
        contrasts(trial, specification, outcome, stat)
        for stat in (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.ESTIMATE, Stat.SE)
    )
    np.testing.assert_allclose(high - middle, middle - low, rtol=1e-9)
    return (high - middle) / se


def by_arm(trial: Tried, outcome: str, column: str, *, both: bool = True) -> dict[str, np.ndarray]:
    """Values at the time point by arm, of those with a baseline value too unless told otherwise."""
    end, start = trial.protocol.outcome(outcome).time_point, trial.protocol.baseline.code
    rows = trial.analysed(outcome, complete=(start, end) if both else (end,))
    at_end = rows[rows["visit"] == end]
    return {
        code: at_end.loc[at_end["arm"] == code, column].to_numpy(dtype=float)
        for code in trial.protocol.arm_codes
    }


@CONTINUOUS
def test_robust_standard_errors_stand_in_their_known_order(trial: Tried, outcome: str) -> None:
    """HC1 is HC0 times n / (n - p); HC2 and HC3 divide by less than one."""
    of = {each: replace(Ancova(), robust=each) for each in RobustCovariance}
    se = {each: contrasts(trial, own, outcome, Stat.SE) for each, own in of.items()}
    df = contrasts(trial, Ancova(), outcome, Stat.DF)[0]
    n = sum(trial.numbers(Ancova(), outcome, "numbers", Stat.N).values())
    assert n - df == 1 + len(trial.protocol.arms)
    np.testing.assert_allclose(
        se[RobustCovariance.HC1] / se[RobustCovariance.HC0], np.sqrt(n / df), rtol=1e-9
    )
    for less, more in pairwise((RobustCovariance.HC0, RobustCovariance.HC2, RobustCovariance.HC3)):
        assert (se[less] < se[more]).all()


@THREE_ARMS
def test_bonferroni_shares_the_error_and_multiplies_the_p_value(trial: Tried, outcome: str) -> None:
    for start, of in (
        (Ancova(), 2),
        (Ancova(comparisons=Comparisons.ALL_PAIRS), 3),
        (MixedAnova(), 2),
    ):
        own = replace(start, adjustment=ContrastAdjustment.BONFERRONI)
        raw = contrasts(trial, own, outcome, Stat.P_VALUE)
        adjusted = contrasts(trial, own, outcome, Stat.P_ADJUSTED)
        np.testing.assert_allclose(adjusted, np.minimum(1, of * raw), rtol=1e-9)
        df = contrasts(trial, own, outcome, Stat.DF)
        np.testing.assert_allclose(
            reach(trial, own, outcome), stats.t.ppf(1 - 0.05 / (2 * of), df), rtol=1e-9
        )


@THREE_ARMS
def test_holm_steps_down_beside_limits_of_bonferroni(trial: Tried, outcome: str) -> None:
    start = Ancova(comparisons=Comparisons.ALL_PAIRS)
    holm = replace(start, adjustment=ContrastAdjustment.HOLM)
    raw = contrasts(trial, holm, outcome, Stat.P_VALUE)
    order = np.argsort(raw)
    stepped = np.minimum(1, np.maximum.accumulate(raw[order] * [3, 2, 1]))
    np.testing.assert_allclose(
        contrasts(trial, holm, outcome, Stat.P_ADJUSTED)[order], stepped, rtol=1e-9
    )
    bonferroni = replace(start, adjustment=ContrastAdjustment.BONFERRONI)
    np.testing.assert_allclose(reach(trial, holm, outcome), reach(trial, bonferroni, outcome))


@THREE_ARMS
def test_tukey_is_the_studentised_range(trial: Tried, outcome: str) -> None:
    own = Ancova(comparisons=Comparisons.ALL_PAIRS, adjustment=ContrastAdjustment.TUKEY)
    df = contrasts(trial, own, outcome, Stat.DF)[0]
    of_range = stats.studentized_range(3, df)
    np.testing.assert_allclose(
        reach(trial, own, outcome), of_range.ppf(0.95) / np.sqrt(2), rtol=1e-5
    )
    t = np.abs(contrasts(trial, own, outcome, Stat.STATISTIC))
    np.testing.assert_allclose(
        contrasts(trial, own, outcome, Stat.P_ADJUSTED), of_range.sf(t * np.sqrt(2)), rtol=1e-5
    )


@THREE_ARMS
@pytest.mark.parametrize("start", [Ancova(), MixedAnova()], ids=["ancova", "mixed_anova"])
def test_dunnett_lies_between_no_adjustment_and_bonferroni(
    trial: Tried, outcome: str, start: Ancova | MixedAnova
) -> None:
    none, dunnett, bonferroni = (
        replace(start, adjustment=each)
        for each in (
            ContrastAdjustment.NONE,
            ContrastAdjustment.DUNNETT,
            ContrastAdjustment.BONFERRONI,
        )
    )
    for less, more in pairwise((none, dunnett, bonferroni)):
        assert (reach(trial, less, outcome) < reach(trial, more, outcome)).all()
    p = contrasts(trial, dunnett, outcome, Stat.P_VALUE)
    adjusted = contrasts(trial, dunnett, outcome, Stat.P_ADJUSTED)
    assert ((p < adjusted) & (adjusted < 2 * p)).all()


@CONTINUOUS
def test_the_adjusted_mean_of_a_change_is_that_of_the_final_value_less_the_mean_baseline(
    trial: Tried, outcome: str
) -> None:
    baseline = np.concatenate([*by_arm(trial, outcome, "baseline").values()]).mean()
    final = trial.numbers(Ancova(), outcome, "means", Stat.ESTIMATE)
    change = trial.numbers(Ancova(response=Response.CHANGE), outcome, "means", Stat.ESTIMATE)
    assert final.keys() == change.keys()
    for key, value in final.items():
        assert change[key] == pytest.approx(value - baseline, rel=1e-9)


@CONTINUOUS
@pytest.mark.parametrize(
    ("response", "column"), [(Response.CHANGE, "change"), (Response.FINAL, "value")]
)
def test_a_response_is_the_value_that_it_names(
    trial: Tried, outcome: str, response: Response, column: str
) -> None:
    """Differences of means, of an ANCOVA without covariates and a bootstrap as of a t test."""
    values = by_arm(trial, outcome, column, both=response is Response.CHANGE)
    reference, *others = trial.protocol.arm_codes
    expected = [values[arm].mean() - values[reference].mean() for arm in others]
    for own in (
        MeanComparison(method=Method.WELCH_T, response=response),
        MeanComparison(method=Method.STUDENT_T, response=response),
        MeanComparison(method=Method.PERMUTATION, response=response),
        Ancova(covariates=(), response=response),
        Bootstrap(replicates=999, response=response),
        MarginComparison(method=Method.EQUIVALENCE, margin=5, response=response),
    ):
        found = contrasts(trial, own, outcome, Stat.ESTIMATE)
        np.testing.assert_allclose(found, expected, rtol=1e-9, err_msg=own.method.value)


@CONTINUOUS
def test_on_the_log_scale_geometric_means_are_compared(trial: Tried, outcome: str) -> None:
    values = by_arm(trial, outcome, "value", both=False)
    reference, *others = (stats.gmean(each) for each in values.values())
    own = Ancova(covariates=(), scale=OutcomeScale.LOG)
    np.testing.assert_allclose(
        contrasts(trial, own, outcome, Stat.ESTIMATE), np.array(others) / reference, rtol=1e-9
    )


@CONTINUOUS
def test_proportional_weights_move_every_mean_by_the_same(trial: Tried, outcome: str) -> None:
    """By the share of a level beyond one half, times what the level is worth."""
    equal = Ancova(covariates=("baseline", SEX))
    proportional = replace(equal, weights=MarginalWeights.PROPORTIONAL)
    before = trial.numbers(equal, outcome, "means", Stat.ESTIMATE)
    after = trial.numbers(proportional, outcome, "means", Stat.ESTIMATE)
    moved = np.array([after[key] - value for key, value in before.items()])
    assert abs(moved[0]) > 1e-6
    np.testing.assert_allclose(moved, moved[0], rtol=1e-6)


@CONTINUOUS
@pytest.mark.parametrize("method", [Method.WELCH_T, Method.STUDENT_T])
def test_a_one_sided_p_value_is_a_half_or_one_less_it(
    trial: Tried, outcome: str, method: Method
) -> None:
    two = MeanComparison(method=method)
    less, greater = (
        replace(two, alternative=each) for each in (Alternative.LESS, Alternative.GREATER)
    )
    both = contrasts(trial, two, outcome, Stat.P_VALUE)
    below = contrasts(trial, less, outcome, Stat.STATISTIC) < 0
    half = both / 2
    np.testing.assert_allclose(
        contrasts(trial, less, outcome, Stat.P_VALUE), np.where(below, half, 1 - half), rtol=1e-9
    )
    np.testing.assert_allclose(
        contrasts(trial, greater, outcome, Stat.P_VALUE), np.where(below, 1 - half, half), rtol=1e-9
    )
    estimate, se, df = (
        contrasts(trial, two, outcome, stat) for stat in (Stat.ESTIMATE, Stat.SE, Stat.DF)
    )
    one = stats.t.ppf(0.95, df) * se
    np.testing.assert_allclose(contrasts(trial, less, outcome, Stat.CONF_HIGH), estimate + one)
    np.testing.assert_allclose(contrasts(trial, greater, outcome, Stat.CONF_LOW), estimate - one)


@CONTINUOUS
@pytest.mark.parametrize(
    "two",
    [MeanComparison(method=Method.PERMUTATION), Rerandomisation(replicates=999)],
    ids=["permutation", "rerandomisation"],
)
def test_two_one_sided_tests_of_allocations_count_the_observed_one_twice(
    trial: Tried, outcome: str, two: MeanComparison | Rerandomisation
) -> None:
    less, greater = (
        contrasts(trial, replace(two, alternative=each), outcome, Stat.P_VALUE)
        for each in (Alternative.LESS, Alternative.GREATER)
    )
    assert (less + greater >= 1).all()
    estimate = contrasts(trial, two, outcome, Stat.ESTIMATE)
    assert ((less < greater) == (estimate < 0)).all()
    assert ((greater < less) == (estimate > 0)).all()


@THREE_ARMS
def test_types_of_sums_of_squares_weigh_the_arms_by_size_or_alike(
    trial: Tried, outcome: str
) -> None:
    """F of the visits goes with the squares of their means: over people (II) or over arms (III)."""
    rows = trial.analysed(outcome, complete=trial.protocol.visit_codes)
    wide = rows.pivot_table(
        index=["arm", "subject_id"], columns="visit", values="value", observed=True
    )
    of_people = wide.mean().to_numpy()
    of_arms = wide.groupby("arm", observed=True).mean().mean().to_numpy()
    sizes = wide.groupby("arm", observed=True).size().to_numpy()
    squares = {
        2: sizes.sum() * np.square(of_people - of_people.mean()).sum(),
        3: len(sizes) ** 2 / (1 / sizes).sum() * np.square(of_arms - of_arms.mean()).sum(),
    }
    two, three = (
        trial.numbers(MixedAnova(sum_of_squares=each), outcome, "visit", Stat.STATISTIC)
        for each in (2, 3)
    )
    assert two["", "visit", ""] / three["", "visit", ""] == pytest.approx(
        squares[2] / squares[3], rel=1e-9
    )


PARAMETERS = {
    CovarianceStructure.UNSTRUCTURED: 6,
    CovarianceStructure.HETEROGENEOUS_TOEPLITZ: 5,
    CovarianceStructure.HETEROGENEOUS_ANTE_DEPENDENCE: 5,
    CovarianceStructure.HETEROGENEOUS_AR1: 4,
    CovarianceStructure.HETEROGENEOUS_COMPOUND_SYMMETRY: 4,
    CovarianceStructure.TOEPLITZ: 3,
    CovarianceStructure.ANTE_DEPENDENCE: 3,
    CovarianceStructure.AR1: 2,
    CovarianceStructure.COMPOUND_SYMMETRY: 2,
    CovarianceStructure.SPATIAL_EXPONENTIAL: 2,
}
"""How many numbers a covariance of three visits has."""


def test_a_covariance_of_more_parameters_fits_better_than_one_that_it_holds() -> None:
    trial = tried()[2]
    fits = {each: _fit(trial, Mmrm(covariance=each)) for each in CovarianceStructure}
    n = sum(trial.numbers(Mmrm(), "function", "numbers", Stat.N).values())
    for structure, fit in fits.items():
        assert fit["aic"] == pytest.approx(-2 * fit["log_likelihood"] + 2 * PARAMETERS[structure])
        assert fit["bic"] == pytest.approx(
            -2 * fit["log_likelihood"] + np.log(n) * PARAMETERS[structure]
        )
        assert fit["log_likelihood"] <= fits[CovarianceStructure.UNSTRUCTURED]["log_likelihood"]
    for name in ("toeplitz", "ar1", "compound-symmetry", "ante-dependence"):
        own = fits[CovarianceStructure(name)]["log_likelihood"]
        assert own < fits[CovarianceStructure(f"heterogeneous-{name}")]["log_likelihood"]


def _fit(trial: Tried, specification: Mmrm) -> dict[str, float]:
    return {
        stat.value: next(iter(trial.numbers(specification, "function", "fit", stat).values()))
        for stat in (Stat.LOG_LIKELIHOOD, Stat.AIC, Stat.BIC)
    }


def test_maximum_likelihood_makes_the_variances_smaller() -> None:
    trial = tried()[2]
    reml = Mmrm(inference=Inference.SATTERTHWAITE)
    of_reml, of_ml = (
        trial.numbers(own, "function", "covariance", Stat.COVARIANCE)
        for own in (reml, replace(reml, likelihood=Likelihood.ML))
    )
    for visit in ("W4", "W8", "W12"):
        assert of_ml["", f"{visit}, {visit}", ""] < of_reml["", f"{visit}, {visit}", ""]


def test_residual_degrees_of_freedom_are_values_less_coefficients() -> None:
    trial = tried()[2]
    rows = trial.analysed("function", complete=("BL",))
    values = rows[rows["visit"].isin(["W4", "W8", "W12"])]["value"].notna().sum()
    found = contrasts(trial, Mmrm(inference=Inference.RESIDUAL), "function", Stat.DF)
    assert set(found) == {values - (1 + 3 * 3)}  # the baseline, and a mean for each arm and visit


def test_a_fallback_gives_the_model_that_it_names() -> None:
    """All but the note, which says what failed before it."""
    trial = next(each for each in tried() if each.name == "too few")
    named = Mmrm(covariates=(), covariance=CovarianceStructure.AR1)
    behind = Mmrm(covariates=(), fallback=(CovarianceStructure.AR1,))
    one, other = (trial.rows(each, "pain") for each in (named, behind))
    assert one.keys() == other.keys()
    assert {key for key in one if one[key] != other[key]} == {
        key for key, row in other.items() if "unstructured failed" in getattr(row, "note", "")
    }
    assert [row.stat for row in one.values() if hasattr(row, "stat")] == [
        row.stat for row in other.values() if hasattr(row, "stat")
    ]


@CONTINUOUS
@pytest.mark.parametrize("alpha", [0.01, 0.05])
def test_a_margin_is_held_against_an_interval_of_both_sides(
    trial: Tried, outcome: str, alpha: float
) -> None:
    """Welch's interval at 1 - 2 alpha; p from the bad side, of equivalence the larger of the two."""
    values = by_arm(trial, outcome, "change")
    lower = trial.protocol.outcome(outcome).direction is Direction.LOWER
    of_worse, of_equal = (
        MarginComparison(method=each, margin=4, alpha=alpha)
        for each in (Method.NON_INFERIORITY, Method.EQUIVALENCE)
    )
    reference, *others = values.values()
    for place, other in enumerate(others):
        limits = stats.ttest_ind(other, reference, equal_var=False).confidence_interval(
            1 - 2 * alpha
        )
        below_4 = stats.ttest_ind(other - 4, reference, equal_var=False, alternative="less").pvalue
        above_4 = stats.ttest_ind(
            other + 4, reference, equal_var=False, alternative="greater"
        ).pvalue
        for own, p in (
            (of_worse, below_4 if lower else above_4),
            (of_equal, max(below_4, above_4)),
        ):
            found = {
                stat: contrasts(trial, own, outcome, stat)[place]
                for stat in (Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
            }
            assert found[Stat.P_VALUE] == pytest.approx(p, rel=1e-9)
            assert found[Stat.CONF_LOW] == pytest.approx(limits.low, rel=1e-9)
            assert found[Stat.CONF_HIGH] == pytest.approx(limits.high, rel=1e-9)
            assert found[Stat.CONF_LEVEL] == pytest.approx(1 - 2 * alpha)


@in_trials(MEANS[0], MEANS[2])
def test_a_bootstrap_resamples_the_estimate_that_it_names(trial: Tried, outcome: str) -> None:
    reference, *others = by_arm(trial, outcome, "value", both=False).values()
    start = Bootstrap(replicates=999, response=Response.FINAL)
    for estimator, estimate in (
        (TwoGroupEstimate.MEDIAN_DIFFERENCE, lambda a, b: np.median(a) - np.median(b)),
        (TwoGroupEstimate.MEAN_RATIO, lambda a, b: a.mean() / b.mean()),
        (
            TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY,
            lambda a, b: stats.mannwhitneyu(a, b).statistic / (len(a) * len(b)),
        ),
    ):
        found = contrasts(trial, replace(start, estimator=estimator), outcome, Stat.ESTIMATE)
        np.testing.assert_allclose(found, [estimate(each, reference) for each in others])


@CONTINUOUS
def test_responders_improved_by_the_amount_or_the_share_that_is_asked(
    trial: Tried, outcome: str
) -> None:
    change, baseline = (by_arm(trial, outcome, each) for each in ("change", "baseline"))
    sign = -1 if trial.protocol.outcome(outcome).direction is Direction.LOWER else 1
    for amount in (5.0, 9.0, 16.0):
        own = ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=amount)
        events = trial.numbers(own, outcome, "responders", Stat.EVENTS)
        for arm, values in change.items():
            assert (
                events[_end(trial, outcome), "responders", arm] == (sign * values >= amount).sum()
            )
    own = ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by_share=0.2)
    events = trial.numbers(own, outcome, "responders", Stat.EVENTS)
    for arm, values in change.items():
        reached = (sign * values / baseline[arm] >= 0.2).sum()
        assert events[_end(trial, outcome), "responders", arm] == reached


@CONTINUOUS
def test_who_lacks_a_value_is_left_out_or_has_not_responded(trial: Tried, outcome: str) -> None:
    observed = ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=5)
    everybody = replace(observed, missing=MissingRule.NON_RESPONDER)
    members = trial.datasets.population("itt").members.groupby("arm", observed=True).size()
    complete = {arm: len(values) for arm, values in by_arm(trial, outcome, "change").items()}
    for own, expected in ((observed, complete), (everybody, members.to_dict())):
        counts = trial.numbers(own, outcome, "responders", Stat.N)
        assert {arm: n for (*_, arm), n in counts.items()} == expected
    one, other = (
        trial.numbers(own, outcome, "responders", Stat.EVENTS) for own in (observed, everybody)
    )
    assert one == other


@CONTINUOUS
def test_a_covariate_costs_those_who_lack_it(trial: Tried, outcome: str) -> None:
    known = trial.datasets.characteristics
    unknown = known[(known["characteristic"] == AGE) & known["value"].isna()]["subject_id"]
    without = trial.numbers(Ancova(), outcome, "numbers", Stat.N)
    adjusted = trial.numbers(Ancova(covariates=("baseline", AGE)), outcome, "numbers", Stat.N)
    end, start = _end(trial, outcome), trial.protocol.baseline.code
    rows = trial.analysed(outcome, complete=(start, end)).drop_duplicates("subject_id")
    lost = rows[rows["subject_id"].isin(unknown)]["arm"].value_counts()
    for (*where, arm), n in without.items():
        assert adjusted[(*where, arm)] == n - lost[arm]


def _end(trial: Tried, outcome: str) -> str:
    return trial.protocol.outcome(outcome).time_point


def _tables(trial: Tried, outcome: str) -> list[np.ndarray]:
    """The fourfold table of each arm with the reference: events and others."""
    values = by_arm(trial, outcome, "value", both=False).values()
    reference, *others = (np.array([each.sum(), len(each) - each.sum()]) for each in values)
    return [np.array([each, reference]) for each in others]


@BINARY
@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (ProportionTest.FISHER_EXACT, lambda table: stats.fisher_exact(table).pvalue),
        (
            ProportionTest.CHI_SQUARE,
            lambda table: stats.chi2_contingency(table, correction=False).pvalue,
        ),
        (
            ProportionTest.CHI_SQUARE_CORRECTED,
            lambda table: stats.chi2_contingency(table, correction=True).pvalue,
        ),
        (
            ProportionTest.CHI_SQUARE_N_MINUS_1,
            lambda table: stats.chi2.sf(
                stats.chi2_contingency(table, correction=False).statistic * (1 - 1 / table.sum()),
                1,
            ),
        ),
        (
            ProportionTest.LIKELIHOOD_RATIO,
            lambda table: (
                stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue
            ),
        ),
    ],
)
def test_proportions_are_tested_by_the_test_that_is_named(
    trial: Tried, outcome: str, test: ProportionTest, expected
) -> None:
    found = trial.numbers(ProportionComparison(test=test), outcome, "test", Stat.P_VALUE)
    np.testing.assert_allclose(
        [*found.values()], [expected(table) for table in _tables(trial, outcome)], rtol=1e-9
    )


@BINARY
def test_intervals_of_a_risk_difference_are_those_that_are_named(
    trial: Tried, outcome: str
) -> None:
    """Wald's by hand; a continuity correction widens; a score interval is Mee's, a little wider."""
    limits = {
        each: np.array(
            [
                [*trial.numbers(own, outcome, "risk_difference", stat).values()]
                for stat in (Stat.CONF_LOW, Stat.CONF_HIGH)
            ]
        )
        for each in IntervalMethod
        for own in [ProportionComparison(interval=each)]
    }
    for place, table in enumerate(_tables(trial, outcome)):
        n = table.sum(axis=1)
        risk = table[:, 0] / n
        half = stats.norm.ppf(0.975) * np.sqrt((risk * (1 - risk) / n).sum())
        middle = risk[0] - risk[1]
        np.testing.assert_allclose(
            limits[IntervalMethod.WALD][:, place], [middle - half, middle + half]
        )
    for narrow, wide in (
        (IntervalMethod.NEWCOMBE, IntervalMethod.NEWCOMBE_CORRECTED),
        (IntervalMethod.WALD, IntervalMethod.WALD_CORRECTED),
        (IntervalMethod.MEE, IntervalMethod.MIETTINEN_NURMINEN),
    ):
        assert (limits[wide][0] < limits[narrow][0]).all()
        # Wald's alone may pass 1, as published; corrected, it does not
        assert (limits[wide][1] > np.minimum(limits[narrow][1], 1 - 1e-12)).all()
