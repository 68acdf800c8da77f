"""Missing baseline values: one value for each, without regard to the arm."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.baseline import fill_baseline
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.linear.ancova import ancova
from trialkit.errors import AnalysisError

FRAME = pd.DataFrame(
    {
        "id": ["a", "a", "b", "b", "c", "d", "e"],
        "arm": ["C", "C", "E", "E", "C", "E", "E"],
        "base": [1.0, np.nan, np.nan, np.nan, 3.0, 8.0, 6.0],
        "age": [10.0, 10.0, 20.0, 20.0, 30.0, 80.0, 60.0],
    }
)


def test_the_mean_counts_each_subject_once_whatever_the_arm():
    found = fill_baseline(FRAME, subject="id", covariates=["base"])
    mean = (1 + 3 + 8 + 6) / 4
    assert found.frame["base"].tolist() == [1, 1, mean, mean, 3, 8, 6]
    assert found.to_frame().to_numpy().tolist() == [["base", "b", mean, "mean"]]
    assert found.title == "Baseline values filled: 1 of base"
    assert "in place of 1 of 5 values of base" in found.filled[0].reason
    swapped = FRAME.assign(arm=FRAME["arm"].map({"C": "E", "E": "C"}))
    again = fill_baseline(swapped, subject="id", covariates=["base"])
    assert again.frame["base"].equals(found.frame["base"])


def test_a_regression_on_other_baseline_values():
    found = fill_baseline(
        FRAME, subject="id", covariates=["base"], fill="regression", predictors=["age"]
    )
    slope, intercept = np.polyfit([10, 30, 80, 60], [1, 3, 8, 6], 1)
    assert found.frame["base"][2] == pytest.approx(intercept + 20 * slope)
    assert "regression" in found.filled[0].reason


def test_complete_data_are_left_as_they_are():
    frame = FRAME.dropna()
    found = fill_baseline(frame, subject="id", covariates=["base"])
    assert found.frame.equals(frame)
    assert found.title == "Baseline values filled: none"


def test_whoever_lacks_a_baseline_is_imputed_with_it(trial, short):
    frame, events = trial(4)
    frame.loc[frame["id"].isin(["s03", "s08"]), "base"] = np.nan
    with pytest.raises(AnalysisError, match="fill_baseline"):
        imputation_model(frame, covariates=["base"], events=events, **short)
    filled = fill_baseline(frame, subject="id", covariates=["base"])
    model = imputation_model(filled.frame, covariates=["base"], events=events, **short)
    assert model.fit.n_subjects == 30


@pytest.mark.slow
def test_the_estimate_of_complete_outcomes_is_unbiased():
    """Filling lets those without a baseline weigh in; over many trials the effect is the true one."""
    random = np.random.default_rng(7)
    found = []
    for _ in range(60):
        base = random.normal(size=80)
        arm = random.permutation(80) % 2
        y = 2.0 * arm + base + random.normal(0, 0.5, 80)
        frame = pd.DataFrame(
            {
                "id": np.arange(80),
                "arm": np.array(["C", "E"])[arm],
                "y": y,
                "base": np.where(random.random(80) < 0.3, np.nan, base),
            }
        )
        whole = fill_baseline(frame, subject="id", covariates=["base"]).frame
        fit = ancova(whole, outcome="y", arm="arm", reference="C", covariates=["base"])
        assert fit.n == 80
        found.append(fit.contrasts()["estimate"].iloc[0])
    assert abs(np.mean(found) - 2.0) < 3.5 * np.std(found, ddof=1) / np.sqrt(60)


@pytest.mark.parametrize(
    ("change", "given", "message"),
    [
        ({}, {"fill": "regression"}, "needs predictors"),
        ({}, {"predictors": ["age"]}, "fill='mean' takes none"),
        ({}, {"fill": "regression", "predictors": ["base"]}, "cannot predict themselves"),
        ({}, {"fill": "median"}, "fill='median' is not known"),
        ({"base": [1.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0]}, {}, "several values in subject 'a'"),
        ({"base": np.nan}, {}, "nobody has a value"),
        ({"base": "x"}, {}, "must be numeric"),
        ({"id": [None, "a", "b", "b", "c", "d", "e"]}, {}, "subject='id' is missing in 1"),
        (
            {"age": [np.nan, np.nan, 1, 1, 2, 3, 4]},
            {"fill": "regression", "predictors": ["age"]},
            "the predictor 'age' is missing for 1",
        ),
        ({"age": 5.0}, {"fill": "regression", "predictors": ["age"]}, "cannot be fitted"),
    ],
)
def test_what_cannot_be_filled_is_refused(change, given, message):
    with pytest.raises(AnalysisError, match=message):
        fill_baseline(FRAME.assign(**change), subject="id", covariates=["base"], **given)
