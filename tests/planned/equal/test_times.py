"""Times to an event of a plan are what the estimators, and statsmodels, say of days that the test reads."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.planned.equal.planned import with_the_plan
from tests.planned.equal.test_methods import OF_TIMES
from tests.report.return_to_sport import write_return_to_sport
from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.fine_gray import fine_gray
from trialkit.analysis.survival.gray import gray_test
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.analysis.survival.restricted_mean import restricted_mean
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.cluster_models import ClusterCox
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.milestone import Milestone
from trialkit.protocol.methods.restricted_mean import RestrictedMean
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.time_to_event import (
    CurveLimits,
    HazardLimits,
    RestrictedContrast,
    TiedEvents,
)
from trialkit.protocol.trial.clusters import Clusters
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

AGE, SEX = "demographics.age", "demographics.sex"
PLANNED: dict[str, Specification] = {
    **{f"cox {each}": Cox(ties=each) for each in TiedEvents},
    "cox adjusted": Cox(covariates=(AGE,), strata=(SEX,)),
    "cox robust": Cox(covariates=(AGE,), robust=True),
    "cox profile": Cox(limits=HazardLimits.PROFILE),
    "cox of classes": ClusterCox(covariates=(AGE,), strata=(SEX,), ties=TiedEvents.BRESLOW),
    "log-rank": LogRank(),
    "log-rank stratified": LogRank(strata=(SEX,)),
    "mean": RestrictedMean(at=10),
    "mean ratio": RestrictedMean(at=10, contrast=RestrictedContrast.RATIO),
    **{f"milestone {each}": Milestone(limits=each) for each in CurveLimits},
    **{f"incidence {each}": IncidenceComparison(at=8, limits=each) for each in CurveLimits},
    "incidence stratified": IncidenceComparison(strata=(SEX,)),
    "fine-gray": SubdistributionHazards(),
    "fine-gray adjusted": SubdistributionHazards(covariates=(AGE, SEX)),
}
OF_HAZARDS = [
    name for name, each in PLANNED.items() if isinstance(each, Cox | ClusterCox | LogRank)
]
WHO = {"time": "weeks", "arm": "arm", "reference": "CARE"}
COMPETING = WHO | {"event": "cause", "censored": "none"}
NUMBERS = (Stat.ESTIMATE, Stat.SE, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_return_to_sport(tmp_path_factory.mktemp("returns") / "trial")


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    protocol, datasets = with_the_plan(folder, PLANNED, lambda _: "return")
    # no form of this trial asks for a class: six of each arm are added to what it has
    clusters = Clusters(label="class", plural="classes", randomised=False)
    people = datasets.subjects
    named = [class_of(*each) for each in zip(people["arm"], people["subject_id"], strict=True)]
    datasets = replace(datasets, subjects=people.assign(cluster=named))
    return carry_out(replace(protocol, clusters=clusters), datasets)


def class_of(arm: object, subject: str) -> str:
    return f"{arm}-{int(re.sub('[^0-9]', '', subject)) % 6}"


@pytest.fixture(scope="module")
def frame(folder: Path) -> pd.DataFrame:
    """Weeks at risk and what ended them of each participant, straight from the files."""
    data = folder / "data"

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(data / f"{name}.csv").set_index("subject_id")

    people = read("randomisation").join(read("sport")).join(read("end_of_study")["end_date"])
    people = people.join(read("demographics")[["age", "sex"]].set_axis([AGE, SEX], axis=1))
    start = pd.to_datetime(people["randomisation_date"])
    ends = pd.DataFrame(
        {name: (pd.to_datetime(people[name]) - start).dt.days for name in ("returned", "operated")}
    ).assign(left=(pd.to_datetime(people["end_date"]) - start).dt.days.clip(upper=84))
    ends = ends.where(ends <= 84)
    days = ends.min(axis=1)
    cause = np.where(
        ends["returned"] == days, "return", np.where(ends["operated"] == days, "surgery", "none")
    )
    arm = pd.Categorical(people["arm"], ["CARE", "TRAIN"], ordered=True)
    sex = pd.Categorical(people[SEX], ["f", "m"], ordered=True)
    frame = people[[AGE]].assign(weeks=days / 7, cause=cause, arm=arm, **{SEX: sex})
    frame = frame.assign(event=frame["cause"] == "return").reset_index()
    named = [class_of(*each) for each in zip(frame["arm"], frame["subject_id"], strict=True)]
    return frame.assign(**{"class": named})


def stated(results: Results, analysis: str, **where: str) -> dict[Stat, float]:
    about = {"term": "", "arm": ""} | where
    return {
        row.stat_name: row.stat
        for row in results.rows
        if (row.analysis_id, row.outcome) == (analysis, "return")
        and all(getattr(row, name) == said for name, said in about.items())
        and row.stat is not None
    }


def test_every_method_of_times_is_planned() -> None:
    assert {each.method for each in PLANNED.values()} == OF_TIMES


@pytest.mark.parametrize("name", OF_HAZARDS)
def test_a_plan_states_what_its_estimator_says(
    name: str, results: Results, frame: pd.DataFrame
) -> None:
    asked = PLANNED[name]
    who = {"time": "weeks", "event": "event", "arm": "arm", "reference": "CARE"}
    if isinstance(asked, Cox):
        fit = cox_regression(
            frame, **who, covariates=asked.covariates, strata=asked.strata, ties=asked.ties,
            robust=asked.robust,
        )  # fmt: skip
        row = fit.hazard_ratios(limits=asked.limits).iloc[0]
        if asked.ties is not TiedEvents.EXACT:
            for test in fit.proportional_hazards().to_dict("records"):
                place = {"arm": "arm", "global": "all terms together", AGE: "Age, years"}[
                    test["term"]
                ]
                found = stated(results, name, term=f"proportionality_of_hazards: {place}")
                for stat in (Stat.STATISTIC, Stat.DF, Stat.P_VALUE):
                    assert found[stat] == pytest.approx(test[stat.value], rel=1e-9)
    elif isinstance(asked, ClusterCox):
        fit = cox_regression(
            frame, **who, covariates=asked.covariates, strata=asked.strata, ties=asked.ties,
            robust=True, cluster="class",
        )  # fmt: skip
        row = fit.hazard_ratios().iloc[0]
        single = cox_regression(frame, **who, covariates=asked.covariates, strata=asked.strata)
        assert row["se"] != pytest.approx(single.hazard_ratios().iloc[0]["se"], rel=1e-3)
    else:
        test = log_rank(frame, **who, strata=asked.strata)
        row = test.peto_ratio(reference="CARE").iloc[0]
        assert row["p_value"] == pytest.approx(test.p_value, rel=1e-9)
    found = stated(results, name, term="TRAIN - CARE")
    wanted = (Stat.ESTIMATE, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH)
    for stat in wanted:
        assert found[stat] == pytest.approx(row[stat.value], rel=1e-9), stat
    for arm, own in frame.groupby("arm", observed=True):
        counted = stated(results, name, arm=str(arm))
        assert (counted[Stat.N], counted[Stat.EVENTS]) == (len(own), own["event"].sum())


def directly(asked: Specification, frame: pd.DataFrame) -> dict[Stat, float]:
    """What the estimator itself says of a contrast."""
    if isinstance(asked, RestrictedMean):
        found = restricted_mean(frame, **WHO, event="event", horizon=10).to_frame()
        row = found[found["scale"] == asked.contrast].iloc[0]
    elif isinstance(asked, Milestone):
        curves = kaplan_meier(frame, **WHO, event="event", limits=asked.limits)
        row = curves.differences([12.0], reference="CARE", limits=asked.limits).iloc[0]
    elif isinstance(asked, IncidenceComparison):
        curves = cumulative_incidence(frame, **COMPETING, limits=asked.limits)
        row = curves.differences(
            [asked.at or 12.0], reference="CARE", cause="return", limits=asked.limits
        ).iloc[0]
        gray = gray_test(frame, **COMPETING, cause="return", strata=asked.strata)
        row = row.copy()
        row["statistic"], row["p_value"] = gray.statistic, gray.p_value
    else:
        assert isinstance(asked, SubdistributionHazards)
        fit = fine_gray(frame, **COMPETING, cause="return", covariates=asked.covariates)
        row = fit.hazard_ratios().iloc[0]
    return {stat: row[stat.value] for stat in NUMBERS}


@pytest.mark.parametrize("name", [name for name in PLANNED if name not in OF_HAZARDS])
def test_a_comparison_at_a_time_or_of_incidences_is_its_estimator(
    name: str, results: Results, frame: pd.DataFrame
) -> None:
    found = stated(results, name, method=PLANNED[name].method.value, term="TRAIN - CARE")
    for stat, number in directly(PLANNED[name], frame).items():
        assert found[stat] == pytest.approx(number, rel=1e-9), stat
    for arm, own in frame.groupby("arm", observed=True):
        counted = stated(results, name, arm=str(arm))
        assert (counted[Stat.N], counted[Stat.EVENTS]) == (len(own), own["event"].sum())


def test_the_other_contrast_of_restricted_means_stands_beside(results: Results) -> None:
    where = {"term": "TRAIN - CARE"}
    for own, other, beside in (
        ("mean", "mean ratio", "ratio"),
        ("mean ratio", "mean", "difference"),
    ):
        there = stated(results, other, method="restricted_mean", **where)
        found = stated(results, own, method=f"restricted_mean_{beside}", **where)
        limits = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
        assert found == {stat: there[stat] for stat in limits}


def test_statsmodels_draws_the_curves_that_are_compared(
    results: Results, frame: pd.DataFrame
) -> None:
    """A restricted mean is the area under its curve, and a milestone its height."""
    means, shares = {}, {}
    for arm, own in frame.groupby("arm", observed=True):
        curve = sm.SurvfuncRight(own["weeks"], own["event"])
        early = curve.surv_times < 10
        steps = np.diff([0.0, *curve.surv_times[early], 10.0])
        means[arm] = steps @ np.array([1.0, *curve.surv_prob[early]])
        last = curve.surv_times <= 12
        shares[arm] = curve.surv_prob[last][-1], curve.surv_prob_se[last][-1]
        mean = stated(results, "mean", arm=str(arm), term="restricted mean")
        assert mean[Stat.ESTIMATE] == pytest.approx(means[arm], rel=1e-9)
        share = stated(results, "milestone plain", arm=str(arm), term="without the event")
        assert share[Stat.ESTIMATE] == pytest.approx(shares[arm][0], rel=1e-9)
        assert share[Stat.SE] == pytest.approx(shares[arm][1], rel=1e-9)
    found = stated(results, "mean", method="restricted_mean", term="TRAIN - CARE")
    assert found[Stat.ESTIMATE] == pytest.approx(means["TRAIN"] - means["CARE"], rel=1e-9)
    found = stated(results, "milestone plain", term="TRAIN - CARE")
    one, other = shares["TRAIN"], shares["CARE"]
    assert found[Stat.ESTIMATE] == pytest.approx(one[0] - other[0], rel=1e-9)
    assert found[Stat.SE] == pytest.approx(np.hypot(one[1], other[1]), rel=1e-9)


def test_statsmodels_says_the_same(results: Results, frame: pd.DataFrame) -> None:
    train = (frame["arm"] == "TRAIN").to_numpy(dtype=float)[:, None]
    for ties in (TiedEvents.EFRON, TiedEvents.BRESLOW):
        fit = sm.PHReg(frame["weeks"], train, status=frame["event"], ties=ties.value).fit()
        found = stated(results, f"cox {ties}", term="TRAIN - CARE")
        assert found[Stat.ESTIMATE] == pytest.approx(np.exp(fit.params[0]), rel=1e-6)
        assert found[Stat.SE] == pytest.approx(fit.bse[0], rel=1e-6)
    statistic, p = sm.duration.survdiff(frame["weeks"], frame["event"], frame["arm"])
    found = stated(results, "log-rank", term="TRAIN - CARE")
    assert found[Stat.STATISTIC] ** 2 == pytest.approx(statistic, rel=1e-8)
    assert found[Stat.P_VALUE] == pytest.approx(p, rel=1e-8)


def test_the_description_is_of_what_was_entered(results: Results, frame: pd.DataFrame) -> None:
    whole = cumulative_incidence(
        frame, time="weeks", event="cause", censored="none", arm="arm", reference="CARE"
    ).at([12.0])
    for arm, own in frame.groupby("arm", observed=True):
        found = stated(results, "descriptive", arm=str(arm))
        counts = own["cause"].value_counts()
        assert found[Stat.N] == len(own)
        assert found[Stat.EVENTS] == counts["return"]
        assert found[Stat.N_COMPETING] == counts["surgery"]
        assert found[Stat.N_CENSORED] == counts["none"]
        curve = sm.SurvfuncRight(own["weeks"], own["event"])
        median = stated(results, "descriptive", arm=str(arm), term="median time")
        assert median[Stat.ESTIMATE] == pytest.approx(curve.quantile(0.5), rel=1e-9)
        share = stated(results, "descriptive", arm=str(arm), term="with the event")
        row = whole[(whole["arm"] == arm) & (whole["cause"] == "return")].iloc[0]
        assert share[Stat.ESTIMATE] == pytest.approx(row["incidence"], rel=1e-9)
        assert share[Stat.CONF_LOW] == pytest.approx(row["conf_low"], rel=1e-9)
