"""Yes-or-no outcomes and counts, visit by visit: exact small cases, truth in simulation, refusals."""

import itertools

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.imputation.sequential import sequential_imputations
from trialkit.analysis.imputation.visit_chain import ChainData, metropolis
from trialkit.analysis.imputation.visit_regression import VisitRegression
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import SequentialFamily

FILE = "binary_indo_rct.json"  # by way of test_visit_regression.py
COLUMNS = {"outcome": "y", "subject": "id", "visit": "visit", "arm": "arm", "reference": "C"}


def binary(seed=1, *, n=80, drop=0.3, gaps=True, effect=1.0):
    """Three visits, of which the last is missing where the second was a failure, mostly."""
    random = np.random.default_rng(seed)
    arm, x = np.arange(n) % 2, random.normal(size=n)
    y = np.zeros((n, 3))
    past = np.zeros(n)
    for visit in range(3):
        eta = -0.4 + effect * arm + 0.5 * x + 1.2 * past
        y[:, visit] = random.random(n) < 1 / (1 + np.exp(-eta))
        past = y[:, visit] - 0.5
    whole = y.copy()
    y[random.random(n) < drop * (0.5 + (y[:, 1] == 0)), 2] = np.nan
    if gaps:
        y[(random.random(n) < 0.2), 1] = np.nan
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), 3),
            "visit": np.tile([1, 2, 3], n),
            "arm": np.repeat(np.array(["C", "E"])[arm], 3),
            "x": np.repeat(x, 3),
            "y": y.ravel(),
        }
    )
    return frame, whole


def imputed(frame, **options):
    given = {"family": "logistic", "draws": 6, "seed": 3, "covariates": ["x"], **COLUMNS}
    return sequential_imputations(frame, **{**given, **options})


def test_imputed_values_are_of_the_family_and_observed_ones_stay():
    frame, _ = binary()
    found = imputed(frame)
    assert np.isin(found.values, (0, 1)).all()
    again = found.data_set(5)
    seen = frame["y"].notna().to_numpy()
    assert again["y"].to_numpy()[seen].tolist() == frame["y"].to_numpy()[seen].tolist()
    assert again["y"].notna().all()
    counts = imputed(frame.assign(y=frame["y"] * 3), family="negative-binomial")
    assert (counts.values == np.round(counts.values)).all()
    assert counts.values.max() > 1


def test_seeds_and_the_order_of_rows():
    frame, _ = binary()
    one, same = imputed(frame), imputed(frame.sample(frac=1, random_state=2))
    assert np.array_equal(one.values, same.values)
    assert not np.array_equal(one.values, imputed(frame, seed=4).values)
    more = imputed(frame, draws=70, cycles=1)
    assert np.array_equal(more.values[:64], imputed(frame, draws=64, cycles=1).values)


def test_a_gap_has_the_distribution_given_what_came_before_and_after():
    """Parameters held: Metropolis' steps against the probabilities written out."""
    models = [
        VisitRegression(
            family=SequentialFamily.LOGISTIC,
            coefficients=np.tile(each, (4000, 1)),
            log_theta=np.zeros(4000),
        )
        for each in ([0.2], [-0.5, 2.0], [0.3, -1.5, 2.5])
    ]
    outcome = np.array([[1.0, np.nan, 0.0], [np.nan, np.nan, 1.0]])
    data = ChainData(
        family=SequentialFamily.LOGISTIC,
        base=np.ones((2, 1)),
        base_after=np.ones((2, 1)),
        after=np.zeros((2, 3), dtype=bool),
        outcome=outcome,
        used=~np.isnan(outcome),
        offset=np.zeros((2, 3)),
        shift=np.zeros((2, 3)),
    )
    values = np.repeat(np.nan_to_num(outcome)[None], 4000, axis=0)
    random = np.random.default_rng(8)
    for _ in range(30):
        for visit in range(3):
            metropolis(data, models, values, gaps=data.gaps, visit=visit, random=random)

    def joint(y):
        total = 1.0
        for visit, each in enumerate(([0.2], [-0.5, 2.0], [0.3, -1.5, 2.5])):
            eta = np.dot(each, [1.0, *(value - 0.5 for value in y[:visit])])
            share = 1 / (1 + np.exp(-eta))
            total *= share if y[visit] else 1 - share
        return total

    first = joint((1, 1, 0)) / sum(joint((1, k, 0)) for k in (0, 1))
    assert values[:, 0, 1].mean() == pytest.approx(first, abs=0.03)
    cells = {pair: joint((*pair, 1)) for pair in itertools.product((0, 1), repeat=2)}
    for pair, weight in cells.items():
        share = (values[:, 1, :2] == pair).all(axis=1).mean()
        assert share == pytest.approx(weight / sum(cells.values()), abs=0.03)


def risks(frame):
    found = standardised_risks(
        frame[frame["visit"] == 3], outcome="y", arm="arm", reference="C", covariates=["x"]
    ).to_frame()
    return found[found["stat_name"] == "risk_difference"]


def test_complete_data_are_the_analysis_alone():
    frame, _ = binary(drop=0.0, gaps=False)
    pooled = pool_imputations(analyse_imputations(imputed(frame), risks, by=["stat_name"]))
    alone = risks(frame).iloc[0]
    found = pooled.effects[0]
    assert [found.estimate, found.se] == pytest.approx([alone["estimate"], alone["se"]], rel=1e-12)


@pytest.mark.slow
def test_the_risk_difference_is_that_of_the_whole_data_on_average():
    """Of the same trials complete cases are biased, since whoever failed left."""
    errors, levels = [], []
    for seed in range(25):
        frame, whole = binary(seed, n=300, drop=0.5)
        true = [whole[k::2, 2].mean() for k in (0, 1)]
        found = imputed(frame, draws=10, seed=seed)
        pooled = pool_imputations(analyse_imputations(found, risks, by=["stat_name"]))
        errors.append(pooled.effects[0].estimate - (true[1] - true[0]))
        table = found.to_frame().set_index(["arm", "visit"])
        row, last = table.loc[("C", 3)], frame[(frame["visit"] == 3) & (frame["arm"] == "C")]
        share = row["n_missing"] / len(last)
        ours = share * row["imputed_mean"] + (1 - share) * row["observed_mean"]
        levels.append([ours - true[0], row["observed_mean"] - true[0]])
    error = np.std(errors, ddof=1) / np.sqrt(25)
    assert abs(np.mean(errors)) < 3 * error
    ours, cases = np.mean(levels, axis=0)
    assert abs(ours) < abs(cases) / 3


def test_copy_reference_draws_as_in_the_reference_arm():
    frame, _ = binary(5, n=400, gaps=False, effect=3.0)
    frame.loc[(frame["visit"] == 3) & (frame["id"] % 4 == 1), "y"] = np.nan
    gone = frame[(frame["visit"] == 3) & frame["y"].isna()]
    events = gone[["id", "visit"]].assign(strategy="copy-reference")
    at_random = imputed(frame)
    own = imputed(frame, events=events, references={"E": "E"})
    assert np.array_equal(own.values, at_random.values)
    reference = imputed(frame, events=events)
    table = reference.to_frame().set_index(["arm", "visit"])
    mar = at_random.to_frame().set_index(["arm", "visit"])
    assert table.loc[("E", 3), "imputed_mean"] < mar.loc[("E", 3), "imputed_mean"] - 0.2
    assert table.loc[("C", 3), "imputed_mean"] == mar.loc[("C", 3), "imputed_mean"]


def test_a_delta_moves_the_logit():
    frame, _ = binary(5, n=400, gaps=False)
    gone = frame[(frame["visit"] == 3) & frame["y"].isna() & (frame["arm"] == "E")]
    deltas = gone[["id", "visit"]].assign(delta=-50.0)
    found = imputed(frame, deltas=deltas).to_frame().set_index(["arm", "visit"])
    assert found.loc[("E", 3), "imputed_mean"] == 0
    assert found.loc[("C", 3), "imputed_mean"] > 0


def test_counts_with_an_exposure_are_pooled_as_ratios():
    random = np.random.default_rng(2)
    n = 300
    arm = np.arange(n) % 2
    mean = random.gamma(2, 1, n) * np.exp(0.5 * arm)
    months = np.tile([1.0, 3.0], n)
    y = random.poisson(mean[:, None] * np.array([1.0, 3.0])).astype(float)
    y[random.random(n) < 0.25, 1] = np.nan
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), 2),
            "visit": np.tile([1, 2], n),
            "arm": np.repeat(np.array(["C", "E"])[arm], 2),
            "months": months,
            "y": y.ravel(),
        }
    )
    found = imputed(frame, family="negative-binomial", covariates=[], exposure="months", draws=30)

    def rates(whole):
        return negative_binomial_regression(
            whole[whole["visit"] == 2], outcome="y", arm="arm", reference="C", exposure="months"
        ).contrasts()

    analyses = analyse_imputations(found, rates, by=["contrast"])
    pooled = pool_imputations(analyses)
    assert pooled.logarithmic
    row = pooled.to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(np.exp(row["log_estimate"]))
    assert row["log_estimate"] == pytest.approx(analyses.estimates.mean())
    assert row["conf_low"] < np.exp(0.5) < row["conf_high"]
    alone = rates(frame.dropna()).iloc[0]
    assert row["se"] == pytest.approx(alone["se"], rel=0.15)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"family": "probit"}, "family='probit' is not known"),
        ({"draws": 1}, "draws must be 2 or more"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"references": {"X": "C"}}, "references name the arm 'X'"),
        ({"exposure": "x"}, "exposure='x' must be above 0"),
        ({"covariates": "x"}, "must be a sequence"),
    ],
)
def test_calls_that_mean_nothing_are_refused(given, message):
    frame, _ = binary()
    with pytest.raises(AnalysisError, match=message):
        imputed(frame, **given)


def test_data_that_are_not_of_the_family_are_refused():
    frame, _ = binary()
    with pytest.raises(AnalysisError, match="each value is 0 or 1"):
        imputed(frame.assign(y=frame["y"] * 2))
    with pytest.raises(AnalysisError, match="a whole number of 0 or more"):
        imputed(frame.assign(y=frame["y"] / 2), family="poisson")
    with pytest.raises(AnalysisError, match="nobody has a value at visit 3"):
        imputed(frame.assign(y=frame["y"].where(frame["visit"] < 3)))
    events = pd.DataFrame({"id": [1], "visit": [3], "strategy": ["jump-to-reference"]})
    with pytest.raises(AnalysisError, match="supposes means of a joint normal distribution"):
        imputed(frame, events=events)


def test_a_gap_takes_no_delta_and_other_analyses_are_refused():
    frame, _ = binary()
    wide = frame["y"].isna().to_numpy().reshape(-1, 3)
    gap = int(np.flatnonzero(wide[:, 1] & ~wide[:, 2])[0])
    with pytest.raises(AnalysisError, match="such a gap is at random"):
        imputed(frame, deltas=pd.DataFrame({"id": [gap], "visit": [2], "delta": [1.0]}))
    found = imputed(frame)
    with pytest.raises(AnalysisError, match="analysed by a function of a frame"):
        analyse_imputations(found, ImputedAncova())
    with pytest.raises(AnalysisError, match="imputations 0 to 5, and not 6"):
        found.data_set(6)
