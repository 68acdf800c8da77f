"""Cox regression against R's coxph and cox.zph, by its invariants, and where it has no answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import FILES, further, made_up, trial
from tests.conftest import examples
from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.errors import AnalysisError

FILE = "survival_veteran.json"  # the one that the docstring names
ADJUSTED = {
    "survival_veteran": ("karno", "age", "celltype"),
    "survival_colon_recurrence": ("age", "sex", "extent"),
    "MASS_gehan": (),
}
MADE_UP = {"time": "time", "event": "event", "arm": "arm", "reference": 0}


def models(name):
    """What R fitted to a trial, and how it is asked for here."""
    adjusted, strata = ADJUSTED[name], trial(name).strata
    asked = {
        "cox_efron": {},
        "cox_breslow": {"ties": "breslow"},
        "cox_stratified": {"strata": (strata,)},
        "cox_adjusted": {"covariates": adjusted},
        "cox_adjusted_breslow": {"covariates": adjusted, "ties": "breslow"},
        "cox_adjusted_robust": {"covariates": adjusted, "robust": True},
    }
    return {key: options for key, options in asked.items() if key in trial(name).expected}


CASES = [(name, key) for name in FILES for key in models(name)]


def fitted(name, key):
    case = trial(name)
    return cox_regression(case.frame, **case.columns, reference=case.arms[0], **models(name)[key])


def in_our_order(values, names):
    """R's coefficients, the arm's last."""
    arm = [name.startswith("arm") for name in names]
    return [each for each, own in zip(values, arm, strict=True) if not own] + [
        each for each, own in zip(values, arm, strict=True) if own
    ]


@pytest.mark.parametrize(("name", "key"), CASES)
def test_coefficients_errors_and_limits_are_those_of_r(name, key):
    expected, found = trial(name).expected[key], fitted(name, key)
    names = [each["_row"] for each in expected["coef"]]
    rows = in_our_order(expected["coef"], names)
    table = found.coefficients()
    assert (found.n, found.n_events) == (expected["n"], expected["events"])
    assert table["estimate"].tolist() == pytest.approx([each["coef"] for each in rows], rel=1e-9)
    assert table["hazard_ratio"].tolist() == pytest.approx([each["exp(coef)"] for each in rows])
    assert table["model_se"].tolist() == pytest.approx(
        [each["se(coef)"] for each in rows], rel=1e-9
    )
    errors = [each.get("robust se", each["se(coef)"]) for each in rows]
    assert table["se"].tolist() == pytest.approx(errors, rel=1e-9)
    assert table["statistic"].tolist() == pytest.approx([each["z"] for each in rows], rel=1e-9)
    p_values = [each["Pr(>|z|)"] for each in rows]
    assert table["p_value"].tolist() == pytest.approx(p_values, rel=1e-8)
    limits = in_our_order(expected["ci"], names)
    arm = [name.startswith("arm") for name in names].count(True)
    ratios = found.to_frame()
    assert ratios["conf_low"].tolist() == pytest.approx(
        [each["lower .95"] for each in limits[-arm:]]
    )
    assert ratios["conf_high"].tolist() == pytest.approx(
        [each["upper .95"] for each in limits[-arm:]]
    )
    assert set(ratios["status"]) == {"estimated"}


@pytest.mark.parametrize(("name", "key"), CASES)
def test_likelihood_and_the_three_tests_are_those_of_r(name, key):
    expected, found = trial(name).expected[key], fitted(name, key)
    assert found.log_likelihood == pytest.approx(expected["loglik"][1], rel=1e-11)
    assert found.fit.maximum.at_zero.log_likelihood == pytest.approx(
        expected["loglik"][0], rel=1e-11
    )
    tests = found.tests().set_index("test")
    for ours, theirs in (("likelihood_ratio", "lr_test"), ("score", "score_test")):
        statistic, df, p = expected[theirs]
        row = tests.loc[ours]
        assert row["statistic"] == pytest.approx(statistic, rel=1e-8)
        assert row["df"] == df
        assert row["p_value"] == pytest.approx(p, rel=1e-7)
    wald, df, p = expected["wald_test"]
    row = tests.loc["wald"]
    assert row["statistic"] == pytest.approx(wald, abs=0.0051)  # R rounds it
    assert row["p_value"] == pytest.approx(p, rel=1e-7)


@pytest.mark.parametrize("scale", ["km", "identity"])
@pytest.mark.parametrize(("name", "key"), CASES)
def test_tests_of_proportional_hazards_are_those_of_r(name, key, scale):
    expected = {each["_row"].lower(): each for each in trial(name).expected[key][f"zph_{scale}"]}
    found = fitted(name, key).proportional_hazards(scale)
    assert set(found["term"]) == set(expected)
    for row in found.to_dict("records"):
        each = expected[row["term"]]
        assert row["statistic"] == pytest.approx(each["chisq"], rel=1e-6)
        assert row["df"] == each["df"]
        assert row["p_value"] == pytest.approx(each["p"], rel=1e-6)


@pytest.mark.parametrize("name", ["MASS_gehan", "survival_veteran"])
def test_exact_ties_are_those_of_r(name):
    case = trial(name)
    expected = case.expected["cox_exact"]
    found = cox_regression(case.frame, **case.columns, reference=case.arms[0], ties="exact")
    row = found.coefficients().iloc[0]
    assert row["estimate"] == pytest.approx(expected["coef"], rel=1e-9)
    assert row["se"] == pytest.approx(expected["se"], rel=1e-9)


def veteran():
    frame = trial("survival_veteran").frame
    return frame.assign(entry=np.minimum(frame["diagtime"], frame["time"] * 0.5))


FURTHER = {
    "veteran_exact": {"covariates": ("karno", "age"), "ties": "exact"},
    "veteran_exact_strata": {"covariates": ("karno",), "ties": "exact", "strata": ("celltype",)},
    "veteran_clusters": {"covariates": ("karno",), "cluster": "diagtime"},
    "veteran_breslow_robust": {
        "covariates": ("karno",), "ties": "breslow", "robust": True, "strata": ("celltype",),
    },
    "veteran_truncated": {"covariates": ("karno",), "start": "entry", "strata": ("prior",)},
}  # fmt: skip


@pytest.mark.parametrize("key", FURTHER)
def test_strata_clusters_exact_ties_and_late_entries_are_those_of_r(key):
    case, expected = trial("survival_veteran"), further()[key]
    found = cox_regression(veteran(), **case.columns, reference="standard", **FURTHER[key])
    table = found.coefficients()
    arm_last = [*expected["coef"][1:], expected["coef"][0]]
    assert table["estimate"].tolist() == pytest.approx(arm_last, rel=1e-9)
    assert table["se"].tolist() == pytest.approx(
        [*expected["robust"][1:], expected["robust"][0]], rel=1e-9
    )
    assert found.log_likelihood == pytest.approx(expected["loglik"][1], rel=1e-11)
    tests = found.tests().set_index("test")["statistic"]
    assert tests["score"] == pytest.approx(expected["score"][0], rel=1e-9)
    assert tests["wald"] == pytest.approx(expected["wald"][0], rel=1e-9)


@pytest.mark.parametrize("scale", ["rank", "log", "km"])
def test_other_scales_of_time_are_those_of_r(scale):
    case, expected = trial("survival_veteran"), further()[f"veteran_zph_{scale}"]
    found = cox_regression(
        case.frame, **case.columns, reference="standard", covariates=("karno", "celltype")
    ).proportional_hazards(scale)
    arm, karno, celltype, overall = expected["chisq"]
    assert found["statistic"].tolist() == pytest.approx([karno, celltype, arm, overall], rel=1e-8)
    assert found["df"].tolist() == [1, 3, 1, 5]


def test_proportionality_with_late_entries_is_tested_as_in_r():
    case, expected = trial("survival_veteran"), further()["veteran_truncated_zph"]
    found = cox_regression(
        veteran(), **case.columns, reference="standard", **FURTHER["veteran_truncated"]
    ).proportional_hazards("identity")
    arm, karno, overall = expected["chisq"]
    assert found["statistic"].tolist() == pytest.approx([karno, arm, overall], rel=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_baseline_hazard_is_that_of_r(ties):
    case, expected = trial("survival_veteran"), further()["veteran_baseline"]
    found = cox_regression(
        case.frame, **case.columns, reference="standard", covariates=("karno",), ties=ties
    ).baseline_hazard()
    at = [found[found["time"] <= t]["cumulative_hazard"].max() for t in expected["time"]]
    assert at == pytest.approx(expected[ties], rel=1e-9)
    assert found["survival"].tolist() == pytest.approx(np.exp(-found["cumulative_hazard"]).tolist())


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(20, 60), st.sampled_from(["efron", "breslow", "exact"]))
def test_unit_of_time_order_of_rows_and_size_of_covariates_change_nothing(seed, n, ties):
    frame = made_up(seed, n=n)
    options = {**MADE_UP, "covariates": ("x",), "strata": ("stratum",), "ties": ties}
    found = cox_regression(frame, **options)
    other = frame.sample(frac=1, random_state=seed)
    other = other.assign(time=other["time"] / 3, x=40 + 10 * other["x"], stratum=-other["stratum"])
    again = cox_regression(other, **options)
    assert again.log_likelihood == pytest.approx(found.log_likelihood, rel=1e-9)
    mine, its = found.coefficients(), again.coefficients()
    if set(mine["status"]) == {"estimated"}:
        assert (its["estimate"] * [10, 1]).tolist() == pytest.approx(
            mine["estimate"].tolist(), rel=1e-6, abs=1e-8
        )
        assert (its["se"] * [10, 1]).tolist() == pytest.approx(mine["se"].tolist(), rel=1e-6)


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(12, 60))
def test_swapped_arms_have_the_inverse_ratio(seed, n):
    frame = made_up(seed, n=n)
    one = cox_regression(frame, **MADE_UP).to_frame().iloc[0]
    other = cox_regression(frame, **(MADE_UP | {"reference": 1})).to_frame().iloc[0]
    assert other["contrast"] == "0 - 1"
    with np.errstate(divide="ignore"):
        inverse = np.array([1 / one["estimate"], 1 / one["conf_high"], 1 / one["conf_low"]])
    ours = other[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    assert ours == pytest.approx(inverse, rel=1e-7)


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(10, 60), st.integers(2, 4))
def test_without_ties_the_score_test_is_the_log_rank_test(seed, n, arms):
    frame = made_up(seed, n=n, arms=arms, ties=False)
    score = cox_regression(frame, **MADE_UP).tests().set_index("test").loc["score"]
    test = log_rank(frame, time="time", event="event", arm="arm")
    assert score["statistic"] == pytest.approx(test.statistic, rel=1e-8)
    assert score["df"] == test.df


@settings(max_examples=examples(25))
@given(st.integers(0, 10_000), st.sampled_from(["breslow", "exact"]))
def test_with_ties_the_exact_score_test_is_the_log_rank_test_and_breslow_is_not(seed, ties):
    frame = made_up(seed, n=40)
    frame["time"] = np.ceil(frame["time"] / 4)
    score = cox_regression(frame, **MADE_UP, ties=ties).tests().set_index("test").loc["score"]
    statistic = log_rank(frame, time="time", event="event", arm="arm").statistic
    if ties == "exact":
        assert score["statistic"] == pytest.approx(statistic, rel=1e-9)
    else:
        assert score["statistic"] < statistic


def test_a_likelihood_that_rises_for_ever_is_told_though_rounding_hides_its_last_steps():
    """Late entries and strata leave a few small risk sets, whose sums cancel far out."""
    rng = np.random.default_rng(0)
    frame = made_up(0, n=16)
    frame["entry"] = np.floor(frame["time"] * rng.random(16) * 0.9)
    frame = frame[frame["entry"] < frame["time"]]
    found = cox_regression(
        frame, **MADE_UP, covariates=("x",), strata=("stratum",), start="entry"
    ).coefficients()
    assert np.isfinite(found["estimate"]).tolist() == [True, False]


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(16, 50), st.sampled_from(["efron", "breslow"]))
def test_the_fit_is_the_maximum_of_the_likelihood_written_out(seed, n, ties):
    """By brute force, a risk set at a time, with late entries and strata."""
    rng = np.random.default_rng(seed)
    frame = made_up(seed, n=n)
    frame["entry"] = np.floor(frame["time"] * rng.random(n) * 0.9)
    frame = frame[frame["entry"] < frame["time"]]
    try:
        found = cox_regression(
            frame, **MADE_UP, covariates=("x",), strata=("stratum",), start="entry", ties=ties
        )
    except AnalysisError as error:
        assert "at risk" in str(error)  # noqa: PT017  (a small trial may say nothing)
        return
    x = frame[["x", "arm"]].to_numpy(dtype=float)
    beta = found.coefficients()["estimate"].to_numpy()
    if not np.isfinite(beta).all():
        return

    def written_out(b):
        eta, total = x @ b, 0.0
        for stratum in frame["stratum"].unique():
            own = (frame["stratum"] == stratum).to_numpy()
            for t in frame.loc[own & frame["event"], "time"].unique():
                at_risk = own & (frame["time"] >= t).to_numpy() & (frame["entry"] < t).to_numpy()
                died = own & (frame["time"] == t).to_numpy() & frame["event"].to_numpy()
                total += eta[died].sum()
                for place in range(died.sum()):
                    part = place / died.sum() if ties == "efron" else 0.0
                    total -= np.log(np.exp(eta[at_risk]).sum() - part * np.exp(eta[died]).sum())
        return total

    assert found.log_likelihood == pytest.approx(written_out(beta), rel=1e-10)
    nearby = [
        written_out(beta + step) for step in 1e-3 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    ]
    assert max(nearby) <= found.log_likelihood + 1e-10


@settings(max_examples=examples(30))
@given(st.integers(0, 10_000), st.integers(20, 50))
def test_intervals_cut_in_two_are_the_same_fit(seed, n):
    frame = made_up(seed, n=n).assign(id=np.arange(n), start=0.0)
    whole = cox_regression(frame, **MADE_UP, covariates=("x",), robust=True)
    half = np.round(frame["time"] / 2, 1)
    first = frame.assign(time=half, event=False)
    both = pd.concat([first, frame.assign(start=half)])
    cut = cox_regression(both, **MADE_UP, covariates=("x",), start="start", cluster="id")
    ours, theirs = whole.coefficients(), cut.coefficients()
    if set(ours["status"]) == {"estimated"}:
        assert theirs["estimate"].tolist() == pytest.approx(ours["estimate"].tolist(), rel=1e-6)
        assert theirs["se"].tolist() == pytest.approx(ours["se"].tolist(), rel=1e-6)
    assert cut.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-9)


def test_a_stratum_without_an_event_or_of_one_arm_adds_nothing():
    frame = made_up(4, n=40).assign(stratum=0)
    idle = made_up(5, n=10).assign(stratum=1, event=False)
    alone = made_up(6, n=10).assign(stratum=2, arm=1)
    found = cox_regression(frame, **MADE_UP)
    again = cox_regression(pd.concat([frame, idle, alone]), **MADE_UP, strata=("stratum",))
    assert again.to_frame()["estimate"][0] == pytest.approx(found.to_frame()["estimate"][0])
    assert again.to_frame()["se"][0] == pytest.approx(found.to_frame()["se"][0])


def no_event_in(arm):
    frame = made_up(7, n=30, arms=3)
    frame.loc[frame["arm"] == arm, "event"] = False
    return frame


@pytest.mark.parametrize("ties", ["efron", "breslow", "exact"])
def test_an_arm_without_an_event_has_a_ratio_of_zero_without_limits(ties):
    frame = no_event_in(2)
    found = cox_regression(frame, **MADE_UP, ties=ties)
    first, second = found.to_frame().to_dict("records")
    assert first["status"] == "estimated"
    assert (second["estimate"], second["conf_low"], second["conf_high"]) == (0, 0, np.inf)
    assert second["status"] == "not_estimable"
    assert "no maximum" in second["note"]
    assert np.isnan(second["p_value"])
    two = cox_regression(frame[frame["arm"] < 2], **MADE_UP, ties=ties).to_frame().iloc[0]
    tests = found.tests().set_index("test")["p_value"]
    assert 0 < tests["likelihood_ratio"] < 1
    assert np.isnan(tests["wald"])
    assert first["estimate"] == pytest.approx(two["estimate"], rel=1e-6)
    assert first["se"] == pytest.approx(two["se"], rel=1e-6)
    for question in (found.proportional_hazards, found.baseline_hazard):
        with pytest.raises(AnalysisError):
            question()


def test_a_reference_without_an_event_has_infinite_ratios():
    found = cox_regression(no_event_in(0), **MADE_UP)
    assert found.to_frame()["estimate"].tolist() == [np.inf, np.inf]
    pairs = found.hazard_ratios(comparisons="all_pairs")
    assert pairs["contrast"].tolist() == ["1 - 0", "2 - 0", "2 - 1"]
    assert np.isnan(pairs["estimate"][2])
    assert pairs["status"][2] == "not_estimable"


def test_all_pairs_are_ratios_of_ratios():
    found = cox_regression(made_up(8, n=60, arms=3), **MADE_UP)
    one, two, between = found.hazard_ratios(comparisons="all_pairs")["estimate"]
    assert between == pytest.approx(two / one)


ONE = {"time": "t", "event": "e", "arm": "a", "reference": 0}


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({"e": [0] * 6}, {}, "nobody had the event"),
        ({"t": [-1, 2, 3, 4, 5, 6]}, {}, "negative"),
        ({"x": [1] * 6}, {"covariates": ("x",)}, "same in all rows"),
        ({"x": [0, 1] * 3, "y": [0, 2] * 3}, {"covariates": ("x", "y")}, "linear combination"),
        ({"s": [3] * 6}, {"start": "s"}, "do not end after they start"),
        ({}, {"ties": "efrom"}, "did you mean 'efron'"),
        ({"t": [5] * 6, "e": [1, 0] * 3, "a": [0, 0, 0, 1, 1, 1]}, {"ties": "exact", "robust": True}, "exact likelihood"),
        ({"s": [0] * 6}, {"start": "s", "ties": "exact"}, "not written for"),
        ({"s": [1] * 6}, {"subject": "s"}, "more than one row"),
        ({"s": [0, 0, 0, 1, 1, 1], "a": [0, 0, 0, 1, 1, 1]}, {"strata": ("s",)}, "does not vary among those at risk"),
        ({}, {"strata": "s"}, "sequence"),
        ({}, {"start": "t"}, "columns of their own"),
        ({"a": [0] * 6}, {}, "two arms or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_modelled_is_refused(changes, options, says):
    frame = pd.DataFrame({"t": [1, 2, 3, 4, 5, 6], "e": [1, 1, 1, 0, 1, 1], "a": [0, 1] * 3})
    with pytest.raises(AnalysisError, match=says):
        cox_regression(frame.assign(**changes), **(ONE | options))


def test_two_subjects_are_too_few():
    frame = pd.DataFrame({"t": [1, 2], "e": [1, 1], "a": [0, 1]})
    with pytest.raises(AnalysisError, match="at least 3 rows"):
        cox_regression(frame, **ONE)


def test_all_events_at_one_time_have_a_ratio_but_no_test_of_proportionality():
    frame = pd.DataFrame({"t": [5.0] * 8, "e": [1, 1, 1, 0, 1, 0, 0, 0], "a": [0] * 4 + [1] * 4})
    found = cox_regression(frame, **ONE, ties="exact")
    # the conditional odds ratio of Fisher's table
    assert 0 < found.to_frame()["estimate"][0] < 1
    with pytest.raises(AnalysisError, match="all events are at one time"):
        cox_regression(frame, **ONE).proportional_hazards()


def test_a_time_of_zero_has_no_logarithm():
    frame = made_up(9, n=30)
    frame.loc[0, "time"] = 0
    with pytest.raises(AnalysisError, match="logarithm"):
        cox_regression(frame, **MADE_UP).proportional_hazards("log")


def test_rows_without_a_value_are_left_out_and_told():
    frame = made_up(10, n=30).assign(id=lambda f: [f"P{i}" for i in f.index])
    frame["event"] = frame["event"].astype(float)
    frame.loc[2, "x"] = np.nan
    frame.loc[5, "event"] = np.nan
    frame.loc[7, "time"] = np.nan
    found = cox_regression(frame, **MADE_UP, covariates=("x",), subject="id")
    assert found.excluded.set_index("subject")["reason"].to_dict() == {
        "P2": "x is missing", "P5": "event is missing", "P7": "time is missing",
    }  # fmt: skip
    without = cox_regression(frame.drop(index=[2, 5, 7]), **MADE_UP, covariates=("x",))
    assert found.log_likelihood == pytest.approx(without.log_likelihood)


def test_it_prints_what_it_is_adjusted_for():
    case = trial("survival_veteran")
    found = cox_regression(
        case.frame, **case.columns, reference="standard", covariates=("karno",), robust=True
    )
    assert repr(found).startswith(
        "Cox regression of time to status adjusted for karno (efron ties, n = 137, 128 events, "
        "robust standard errors)\n"
    )
