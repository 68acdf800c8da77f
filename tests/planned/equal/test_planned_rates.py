"""Rates of a plan are what the estimators, and statsmodels, say of a diary that the test adds up itself."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import binomtest, chi2, ttest_ind

from tests.planned.equal.planned import with_the_plan
from tests.planned.equal.test_methods import OF_RATES
from tests.report.falls_trial import write_falls
from trialkit.analysis.clusters.cluster_summaries import compare_cluster_summaries
from trialkit.analysis.counts.exact_rates import exact_rate_ratio
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.cluster_comparisons import ClusterMeansComparison
from trialkit.protocol.methods.cluster_models import ClusterGee, ClusterGlmm
from trialkit.protocol.methods.cluster_options import ClusterWeights, SummaryScale
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.generalised_models import (
    CountVariance,
    ExactRateLimits,
    RatioLimits,
)
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.clusters import Clusters
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

AGE = "demographics.age"
PLANNED: dict[str, Specification] = {
    **{f"poisson {each}": PoissonComparison(variance=each) for each in CountVariance},
    "poisson adjusted": PoissonComparison(covariates=(AGE,), variance=CountVariance.HC1),
    "poisson profile": PoissonComparison(variance=CountVariance.MODEL, limits=RatioLimits.PROFILE),
    **{f"nb {each}": NegativeBinomialComparison(limits=each) for each in RatioLimits},
    "nb adjusted": NegativeBinomialComparison(covariates=(AGE,)),
    **{f"exact {each}": ExactRateComparison(limits=each) for each in ExactRateLimits},
    "imputed": MultipleImputation(
        draws=DrawMethod.APPROXIMATE_BAYES, samples=4, seed=1, covariates=(AGE,)
    ),
    "classes": ClusterMeansComparison(scale=SummaryScale.RATIO),
    "classes by time": ClusterMeansComparison(
        scale=SummaryScale.RATIO, weights=ClusterWeights.SIZE
    ),
    "classes gee": ClusterGee(covariates=(AGE,)),
    "classes glmm": ClusterGlmm(covariates=(AGE,)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_falls(tmp_path_factory.mktemp("falls") / "trial")


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    protocol, datasets = with_the_plan(folder, PLANNED, lambda _: "falls")
    # no form of this trial asks for a class: five of each arm are added to what it has
    clusters = Clusters(label="class", plural="classes", randomised=False)
    people = datasets.subjects
    named = [class_of(*each) for each in zip(people["arm"], people["subject_id"], strict=True)]
    datasets = replace(datasets, subjects=people.assign(cluster=named))
    return carry_out(replace(protocol, clusters=clusters), datasets)


def class_of(arm: object, subject: str) -> str:
    return f"{arm}-{int(re.sub('[^0-9]', '', subject)) % 5}"


@pytest.fixture(scope="module")
def frame(folder: Path) -> pd.DataFrame:
    """Falls and days of each participant, added up from the files."""
    data = folder / "data"
    diary = pd.read_csv(data / "diary.csv").groupby("subject_id")[["falls", "days"]].sum()
    people = pd.read_csv(data / "randomisation.csv").set_index("subject_id")["arm"]
    age = pd.read_csv(data / "demographics.csv").set_index("subject_id")["age"].rename(AGE)
    found = diary.join(people).join(age).reset_index()
    found["class"] = [
        class_of(*each) for each in zip(found["arm"], found["subject_id"], strict=True)
    ]
    return found.assign(arm=pd.Categorical(found["arm"], ["CARE", "TRAIN"], ordered=True))


def stated(results: Results, analysis: str, term: str = "TRAIN - CARE") -> dict[Stat, float]:
    return {
        row.stat_name: row.stat
        for row in results.rows
        if (row.analysis_id, row.outcome, row.term) == (analysis, "falls", term)
        and row.stat is not None
    }


def test_every_method_of_counts_is_planned() -> None:
    assert {each.method for each in PLANNED.values()} == OF_RATES


@pytest.mark.parametrize("name", PLANNED)
def test_a_plan_states_what_its_estimator_says(
    name: str, results: Results, frame: pd.DataFrame
) -> None:
    asked = PLANNED[name]
    who = {"outcome": "falls", "arm": "arm", "reference": "CARE", "exposure": "days"}
    found = stated(results, name)
    spread = stated(results, name, "dispersion")
    match asked:
        case PoissonComparison():
            fit = poisson_regression(
                frame, **who, covariates=asked.covariates, variance=asked.variance
            )
            row = fit.contrasts(limits=asked.limits).iloc[0]
            assert spread == {Stat.DISPERSION: pytest.approx(fit.dispersion, rel=1e-12)}
        case NegativeBinomialComparison():
            fit = negative_binomial_regression(frame, **who, covariates=asked.covariates)
            row = fit.contrasts(limits=asked.limits).iloc[0]
            assert spread[Stat.THETA] == pytest.approx(fit.theta, rel=1e-9)
            assert spread[Stat.THETA_SE] == pytest.approx(fit.theta_se, rel=1e-9)
        case MultipleImputation():  # nobody lacks a count
            fit = negative_binomial_regression(frame, **who, covariates=asked.covariates)
            row = fit.contrasts().iloc[0]
        case ClusterMeansComparison():
            rates = {"summary": "rate", "scale": "ratio", "weights": asked.weights}
            row = (
                compare_cluster_summaries(frame, cluster="class", **who, **rates).to_frame().iloc[0]
            )
        case ClusterGee() | ClusterGlmm():
            gee = isinstance(asked, ClusterGee)
            model = generalised_estimating_equations if gee else random_intercept_model
            options = {"family": "poisson", "covariates": asked.covariates}
            row = model(frame, cluster="class", **who, **options).contrasts().iloc[0]
        case _:
            row = exact_rate_ratio(frame, **who, limits=asked.limits).to_frame().iloc[0]
    for stat in (Stat.ESTIMATE, Stat.SE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL):
        if stat.value in row:
            assert found[stat] == pytest.approx(row[stat.value], rel=1e-9), stat
    if getattr(asked, "limits", None) is RatioLimits.PROFILE:
        tested = fit.likelihood_ratio_test().iloc[0]
        assert found[Stat.P_VALUE] == pytest.approx(tested["p_value"], rel=1e-8)
        assert found[Stat.DF] == 1
    else:
        assert found[Stat.P_VALUE] == pytest.approx(row["p_value"], rel=1e-9)


def test_simple_methods_agree_with_statsmodels_and_scipy(
    results: Results, frame: pd.DataFrame
) -> None:
    arm = (frame["arm"] == "TRAIN").to_numpy(dtype=float)
    design = sm.add_constant(arm)
    model = sm.GLM(
        frame["falls"], design, family=sm.families.Poisson(), offset=np.log(frame["days"])
    )
    for name, kind in (("model", "nonrobust"), ("HC0", "HC0")):
        fit = model.fit(cov_type=kind)
        found = stated(results, f"poisson {name}")
        assert found[Stat.ESTIMATE] == pytest.approx(np.exp(fit.params.iloc[1]), rel=1e-8)
        assert found[Stat.SE] == pytest.approx(fit.bse.iloc[1], rel=1e-6)
    negative = sm.NegativeBinomial(frame["falls"], design, offset=np.log(frame["days"]))
    fit = negative.fit(disp=False, maxiter=200, method="newton", start_params=[-5.0, 0.0, 1.0])
    found = stated(results, "nb wald")
    assert found[Stat.ESTIMATE] == pytest.approx(np.exp(fit.params.iloc[1]), rel=1e-5)
    assert stated(results, "nb wald", "dispersion")[Stat.THETA] == pytest.approx(
        1 / fit.params.iloc[2], rel=1e-4
    )
    events = frame.groupby("arm", observed=True)[["falls", "days"]].sum()
    x, total = int(events.loc["TRAIN", "falls"]), int(events["falls"].sum())
    share = events.loc["TRAIN", "days"] / events["days"].sum()
    exact = stated(results, "exact exact")
    assert exact[Stat.P_VALUE] == pytest.approx(binomtest(x, total, share).pvalue, rel=1e-8)


def test_the_description_is_of_what_was_entered(results: Results, frame: pd.DataFrame) -> None:
    for arm, own in frame.groupby("arm", observed=True):
        found = {
            row.stat_name: row
            for row in results.rows
            if (row.analysis_id, row.outcome, row.visit, row.arm)
            == ("descriptive", "falls", "V1", arm)
        }
        events, days = own["falls"].sum(), own["days"].sum()
        per = 365.25 / days
        expected = {
            Stat.N: len(own),
            Stat.N_EVENTS: events,
            Stat.EVENTS: (own["falls"] > 0).sum(),
            Stat.PERCENT: 100 * (own["falls"] > 0).mean(),
            Stat.EXPOSURE: days,
            Stat.RATE: events * per,
            Stat.CONF_LOW: chi2.ppf(0.025, 2 * events) / 2 * per,
            Stat.CONF_HIGH: chi2.ppf(0.975, 2 * events + 2) / 2 * per,
        }
        for stat, number in expected.items():
            assert found[stat].stat == pytest.approx(number, rel=1e-9), stat
        assert found[Stat.RATE].unit == "per person-year"
        assert found[Stat.EXPOSURE].unit == "days"
        assert Method.NEGATIVE_BINOMIAL.value not in {row.method for row in found.values()}


def test_rates_of_classes_are_compared_by_the_logarithms_of_what_the_files_add_up_to(
    results: Results, frame: pd.DataFrame
) -> None:
    classes = frame.groupby("class").agg(
        falls=("falls", "sum"), days=("days", "sum"), arm=("arm", "first")
    )
    logs = np.log(classes["falls"] / classes["days"])
    test = ttest_ind(logs[classes["arm"] == "TRAIN"], logs[classes["arm"] == "CARE"])
    found = stated(results, "classes")
    assert found[Stat.P_VALUE] == pytest.approx(test.pvalue, rel=1e-9)
    assert found[Stat.DF] == 8
    low, high = test.confidence_interval(0.95)
    assert found[Stat.CONF_LOW] == pytest.approx(np.exp(low), rel=1e-9)
    assert found[Stat.CONF_HIGH] == pytest.approx(np.exp(high), rel=1e-9)
    sizes = stated(results, "classes gee", "clusters")
    assert Stat.ICC not in sizes
    assert sizes[Stat.N_CLUSTERS] == 5
