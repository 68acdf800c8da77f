"""The antidepressant trial as R's rbmi and SAS's five macros impute it."""

import pytest

from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.protocol.methods.imputation import VarianceMeant

FILE = "rbmi_antidepressant.json"
STRATEGIES = (
    "missing-at-random",
    "jump-to-reference",
    "copy-reference",
    "copy-increments-in-reference",
)
ANALYSIS = ImputedAncova(covariates=("BASVAL",))


def difference(imputations, visit="7", deltas=None):
    analyses = analyse_imputations(imputations, ANALYSIS, deltas=deltas)
    return pool_imputations(analyses), (visit, "difference", "DRUG")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_conditional_means_with_the_jackknife_are_those_of_rbmi(jackknifed, rbmi, strategy):
    pooled, key = difference(impute(jackknifed, strategy=strategy))
    found, expected = pooled.effect(*key), rbmi["conditional_mean_jackknife"][strategy]
    assert -found.estimate == pytest.approx(expected["estimate"], rel=1e-4)
    assert found.se == pytest.approx(expected["se"], rel=1e-4)
    assert pooled.variance is VarianceMeant.REPEATED_SAMPLING


def test_five_added_to_the_missing_values_of_the_drug_is_as_in_rbmi(jackknifed, rbmi):
    imputations = impute(jackknifed)
    deltas = imputation_deltas(imputations, delta={"DRUG": [5, 5, 5, 5]})
    pooled, key = difference(imputations, deltas=deltas)
    name = "jump-to-reference and 5 added to the missing values of DRUG"
    expected = rbmi["conditional_mean_jackknife"][name]
    assert -pooled.effect(*key).estimate == pytest.approx(expected["estimate"], rel=1e-4)
    assert pooled.effect(*key).se == pytest.approx(expected["se"], rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["approximate-bayes", "bayes"])
def test_draws_from_the_posterior_are_near_the_five_macros(antidepressant_model, rbmi, method):
    draws = imputation_draws(antidepressant_model, method=method, draws=2000, seed=3)
    for strategy in STRATEGIES:
        pooled, key = difference(impute(draws, strategy=strategy))
        found, expected = pooled.effect(*key), rbmi["five_macros"][strategy]
        # the between-imputation deviation is 0.4: 0.009 of Monte Carlo error each
        assert -found.estimate == pytest.approx(expected["estimate"], abs=0.04), strategy
        assert found.se == pytest.approx(expected["se"], rel=0.02), strategy
        assert found.df == pytest.approx(expected["df"], abs=3), strategy
        assert pooled.variance is VarianceMeant.INFORMATION_ANCHORED


def test_the_visits_of_the_quickstart_are_near(antidepressant_model, rbmi):
    draws = imputation_draws(antidepressant_model, method="bayes", draws=400, seed=11)
    pooled, _ = difference(impute(draws))
    for visit in ("5", "6", "7"):
        found = pooled.effect(visit, "difference", "DRUG")
        assert -found.estimate == pytest.approx(rbmi["quickstart"][visit]["estimate"], abs=0.12)
    last, expected = pooled.effect("7", "difference", "DRUG"), rbmi["quickstart"]["7"]
    assert -last.conf_high == pytest.approx(expected["conf_low"], abs=0.15)
    assert -last.conf_low == pytest.approx(expected["conf_high"], abs=0.15)
    assert last.p_value == pytest.approx(expected["p_value"], abs=0.015)
    # nobody misses visit 4, so that it is an analysis of covariance
    first, expected = pooled.effect("4", "difference", "DRUG"), rbmi["quickstart"]["4"]
    assert -first.estimate == pytest.approx(expected["estimate"], rel=1e-7)
    assert first.se == pytest.approx(expected["se"], rel=1e-7)
