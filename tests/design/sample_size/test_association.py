"""Correlations, tables and linear models against R, and by other routes to their power."""

from math import atanh, sqrt

import pytest
from scipy.integrate import quad
from scipy.stats import chi2, f, ncf, nct, ncx2, norm, t

from tests.design.size_reference import R, values_of
from trialkit.design.sample_size.association import ChiSquare, Correlation, LinearModelF
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import ProtocolError


def test_correlation_by_fishers_z_is_that_of_pwr() -> None:
    size = Correlation(correlation=0.3, test="fisher_z").solve_n(0.8)
    assert size.n_unrounded == pytest.approx(R["correlation_fisher_z"], rel=1e-6)


def test_exact_correlation_is_that_of_its_density() -> None:
    expected = R["correlation_exact_power"]
    assert Correlation(correlation=0.3).power(84) == pytest.approx(
        expected["rho_0.3_n_84"], abs=1e-10
    )
    assert Correlation(correlation=-0.6).power(12) == pytest.approx(
        expected["rho_0.6_n_12"], abs=1e-10
    )
    assert Correlation(correlation=0.3).solve_n(0.8).n == 84


def test_chi_square_and_linear_models_are_those_of_pwr() -> None:
    assert ChiSquare(w=0.3, df=1).solve_n(0.8).n_unrounded == pytest.approx(
        R["chi_square"], rel=1e-6
    )
    assert ChiSquare(w=0.3, df=4).solve_n(0.8).n_unrounded == pytest.approx(
        R["chi_square_df_4"], rel=1e-6
    )
    one = LinearModelF(f_squared=0.15, tested=1).solve_n(0.8)
    assert one.n_unrounded - 2 == pytest.approx(R["linear_model_v"], rel=1e-6)
    three = LinearModelF(f_squared=0.15, tested=3).solve_n(0.8)
    assert three.n_unrounded - 4 == pytest.approx(R["linear_model_v_u_3"], rel=1e-6)
    more = LinearModelF(f_squared=0.15, tested=1, predictors=4)
    assert more.power(60) < LinearModelF(f_squared=0.15, tested=1).power(60)


@pytest.mark.parametrize("sides", [1, 2])
def test_fishers_z_by_hand(sides: int) -> None:
    trial = Correlation(correlation=-0.4, test="fisher_z", alpha=0.1, sides=sides)
    limit = t.isf(0.1 / sides, 18)
    critical = atanh(limit / sqrt(limit**2 + 18))
    z = atanh(0.4) + 0.4 / 38
    right = norm.cdf((z - critical) * sqrt(17))
    wrong = norm.cdf((-z - critical) * sqrt(17))
    assert trial.power(20) == pytest.approx(right + (wrong if sides == 2 else 0), abs=1e-12)


@pytest.mark.parametrize("sides", [1, 2])
def test_the_exact_power_averages_t_over_the_other_variable(sides: int) -> None:
    """An adaptive quadrature of the same average, with the two tails of t one by one."""
    trial = Correlation(correlation=-0.4, alpha=0.1, sides=sides)
    limit, slope = t.isf(0.1 / sides, 18), 0.4 / sqrt(1 - 0.16)

    def given(squares: float) -> float:
        shift = slope * sqrt(squares)
        found = nct.sf(limit, 18, shift)
        found += nct.cdf(-limit, 18, shift) if sides == 2 else 0
        return float(found * chi2.pdf(squares, 19))

    assert trial.power(20) == pytest.approx(quad(given, 0, 120)[0], abs=1e-8)


def test_a_table_and_a_linear_model_by_their_noncentral_distributions() -> None:
    table = ChiSquare(w=0.25, df=3, alpha=0.02)
    assert table.power(90) == pytest.approx(ncx2.sf(chi2.isf(0.02, 3), 3, 90 / 16), abs=1e-12)
    some = LinearModelF(f_squared=0.2, tested=2, predictors=5, alpha=0.02)
    limit = f.isf(0.02, 2, 44)
    assert some.power(50) == pytest.approx(ncf.sf(limit, 2, 44, 10), abs=1e-12)
    assert values_of(some.quantities((50,))) == [
        ("noncentrality", pytest.approx(10)),
        ("critical_f", pytest.approx(limit)),
        ("df_num", 2),
        ("df_den", 44),
    ]
    every = LinearModelF(f_squared=0.2, tested=2)
    assert dict(values_of(every.quantities((50,))))["df_den"] == 47


def test_the_fewest_with_which_each_test_exists() -> None:
    trials = {
        Correlation(correlation=0.3): 4,
        ChiSquare(w=0.3, df=2): 1,
        LinearModelF(f_squared=0.2, tested=2): 4,
        LinearModelF(f_squared=0.2, tested=2, predictors=5): 7,
    }
    for trial, least in trials.items():
        assert [trial.possible((n,)) for n in (least - 1, least)] == [False, True]


@pytest.mark.parametrize(
    "trial",
    [
        Correlation(correlation=-0.3),
        ChiSquare(w=0.3, df=2),
        LinearModelF(f_squared=0.15, tested=2, predictors=3),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_detectable_effect_is_the_one_assumed(
    trial: Correlation | ChiSquare | LinearModelF,
) -> None:
    assert trial.detectable(70, trial.power(70)) == pytest.approx(trial.assumed_effect, rel=1e-6)


def test_a_correlation_is_looked_for_on_its_side() -> None:
    assert Correlation(correlation=0.3).effect_range() == EffectRange(null=0, limit=1)
    assert Correlation(correlation=-0.3).effect_range() == EffectRange(null=0, limit=-1)


def test_questions_name_effect_and_test_and_notes_what_is_not_analysed() -> None:
    correlation = Correlation(correlation=-0.3, alpha=0.01, sides=1)
    assert correlation.question() == (
        "to detect a correlation of −0.3 by a one-sided t test at the level 0.01"
    )
    assert correlation.notes() == ("trialkit cannot yet analyse correlations",)
    table = ChiSquare(w=0.3, df=2)
    assert table.question() == (
        "to detect an effect of w = 0.3 by a χ² test with 2 degree(s) of freedom at the level 0.05"
    )
    assert table.notes() == ("trialkit analyses 2 × 2 tables, not yet larger ones",)
    model = LinearModelF(f_squared=0.15, tested=2, predictors=3)
    assert model.question() == (
        "to detect an effect of f² = 0.15 of 2 of 3 predictor(s) by F at the level 0.05"
    )
    assert "of 2 of 2 predictor(s)" in LinearModelF(f_squared=0.15, tested=2).question()
    assert model.notes() == ("trialkit analyses arms with covariates, not yet any linear model",)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Correlation(correlation=0),
        lambda: Correlation(correlation=1),
        lambda: ChiSquare(w=0.3, df=0),
        lambda: LinearModelF(f_squared=0.1, tested=3, predictors=2),
    ],
    ids=lambda each: f"line {each.__code__.co_firstlineno}",
)
def test_what_cannot_be_is_refused(call: object) -> None:
    with pytest.raises(ProtocolError):
        call()
