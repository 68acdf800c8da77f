"""The baseline as an outcome: nlme's fits in constrained.json, and the likelihood of all rows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.mixed.mixed_cases import dense_inference, dense_value
from tests.conftest import examples
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.repeated.constrained_longitudinal import constrained_longitudinal
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "mmrm"
MODEL: dict[str, Any] = {"outcome": "y", "subject": "id", "visit": "visit", "arm": "arm"}


def _antidepressant() -> pd.DataFrame:
    wide = pd.read_csv(REFERENCE / "antidepressant_data.csv")
    later = wide.assign(y=wide["BASVAL"] + wide["CHANGE"], visit=wide["VISIT"])
    first = wide.drop_duplicates("PATIENT").assign(y=wide["BASVAL"], visit=0)
    names = {"PATIENT": "id", "THERAPY": "arm"}
    return pd.concat([first, later], ignore_index=True).rename(columns=names)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_it_is_that_of_nlme(method: str) -> None:
    wanted = json.loads((REFERENCE / "constrained.json").read_text(encoding="utf-8"))[method]
    fit = constrained_longitudinal(
        _antidepressant(), baseline=0, reference="PLACEBO", method=method,
        inference="satterthwaite", **MODEL,
    )  # fmt: skip
    table = fit.contrasts()
    assert table["visit"].tolist() == wanted["visit"]
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], abs=1e-9)
    np.testing.assert_allclose(table["estimate"], wanted["estimate"], rtol=1e-6)
    np.testing.assert_allclose(table["se"], wanted["se"], rtol=1e-6)
    # nlme itself stops a little earlier, below the maximum
    nlme = wanted["nlme"]
    assert np.abs((table["estimate"] - nlme["estimate"]) / table["se"]).max() < 1e-4
    assert -1e-6 < nlme["log_likelihood"] - fit.log_likelihood < 0
    changes = fit.changes().set_index("arm").loc["PLACEBO"]
    np.testing.assert_allclose(changes["estimate"], wanted["change_placebo"], rtol=1e-6)
    means = fit.marginal_means()
    at_baseline = means.loc[means["visit"] == 0, "estimate"]
    assert at_baseline.tolist() == pytest.approx([wanted["baseline"]] * 2)
    assert fit.model.n_observations == wanted["n"]


def _made_up(seed: int, *, n: int = 24, missing: float = 0.2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    spread = np.array([[4.0, 2, 1], [2, 5, 3], [1, 3, 6]])
    y = 20 + rng.multivariate_normal(np.zeros(3), spread, n)
    data = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), 3),
            "visit": np.tile([0, 6, 12], n),
            "arm": np.repeat(np.where(np.arange(n) % 2, "E", "C"), 3),
            "y": y.ravel(),
        }
    )
    return data[rng.random(len(data)) >= missing].reset_index(drop=True)


def test_the_likelihood_of_all_rows_gives_the_same() -> None:
    data = _made_up(3)
    fit = constrained_longitudinal(data, baseline=0, reference="C", **MODEL)
    sigma = fit.model.covariance().to_numpy()
    place = data["visit"].to_numpy() // 6
    same = data["id"].to_numpy()[:, None] == data["id"].to_numpy()
    late = np.column_stack([place == 1, place == 2])
    arm = (data["arm"] == "E").to_numpy()
    x = np.column_stack([np.ones(len(data)), late, late & arm[:, None]]).astype(float)
    cells = [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]
    vs = []
    for u, v in cells:
        unit = np.zeros((3, 3))
        unit[u, v] = unit[v, u] = 1
        vs.append(unit[np.ix_(place, place)] * same)
    theta = np.array([sigma[cell] for cell in cells])

    def value(at: np.ndarray) -> float:
        return dense_value(x, data["y"].to_numpy(), at, vs, restricted=True)

    assert -2 * fit.log_likelihood == pytest.approx(value(theta), abs=1e-8)
    step = 2e-3 * np.eye(6)
    hessian = np.array(
        [
            [
                (value(theta + a + b) - value(theta + a - b) - value(theta - a + b)
                 + value(theta - a - b)) / (4 * 2e-3**2)
                for b in step
            ]
            for a in step
        ]
    )  # fmt: skip
    for visit, row in ((6, [0, 0, 0, 1, 0]), (12, [0, 0, 0, 0, 1])):
        wanted = dense_inference(x, theta, vs, 2 * np.linalg.inv(hessian), np.array(row, float))
        found = fit.contrasts().set_index("visit").loc[visit]
        assert found["se"] == pytest.approx(wanted["kr_se"], rel=1e-5)
        assert found["df"] == pytest.approx(wanted["df"], rel=1e-4)


@settings(max_examples=examples(20))
@given(seed=st.integers(0, 10_000))
def test_complete_data_of_two_visits_have_the_difference_of_the_ancova(seed: int) -> None:
    data = _made_up(seed, missing=0)
    data = data[data["visit"] < 12]
    wide = data.pivot_table(index=["id", "arm"], columns="visit", values="y").reset_index()
    wide = wide.rename(columns={0: "base", 6: "y"})
    wanted = ancova(wide, outcome="y", arm="arm", reference="C", covariates=["base"]).contrasts()
    found = constrained_longitudinal(
        data, baseline=0, reference="C", method="ml", inference="satterthwaite", **MODEL
    ).contrasts()
    assert found["estimate"][0] == pytest.approx(wanted["estimate"][0], rel=1e-7, abs=1e-8)
    mirrored = constrained_longitudinal(
        data.sample(frac=1, random_state=seed), baseline=0, reference="E", method="ml",
        inference="satterthwaite", **MODEL,
    ).contrasts()  # fmt: skip
    assert mirrored["estimate"][0] == pytest.approx(-found["estimate"][0], rel=1e-6, abs=1e-8)


def test_contrasts_are_differences_of_changes_and_of_means() -> None:
    fit = constrained_longitudinal(_made_up(5), baseline=0, reference="C", **MODEL)
    contrasts = fit.contrasts().set_index("visit")["estimate"]
    changes = fit.changes().set_index(["arm", "visit"])["estimate"]
    means = fit.marginal_means().set_index(["arm", "visit"])["estimate"]
    for visit in (6, 12):
        assert contrasts[visit] == pytest.approx(changes["E", visit] - changes["C", visit])
        assert contrasts[visit] == pytest.approx(means["E", visit] - means["C", visit])
    average = fit.averaged_contrasts().iloc[0]
    assert average["estimate"] == pytest.approx(contrasts.mean())
    assert list(fit.contrasts().columns[:3]) == ["contrast", "visit", "estimate"]
    tests = fit.model.term_tests().set_index("term")
    assert tests.index.tolist() == ["visit", "arm:visit"]
    assert tests["df_num"]["arm:visit"] == 2


def test_three_arms_are_compared_visit_by_visit() -> None:
    data = _made_up(6, n=36)
    data["arm"] = data["id"].map(lambda who: "CDE"[who % 3])
    fit = constrained_longitudinal(
        data, baseline=0, reference="C", order={"arm": ["C", "D", "E"]}, **MODEL
    )
    table = fit.contrasts(adjustment="dunnett")
    assert table[["contrast", "visit"]].to_numpy().tolist() == [
        ["D - C", 6], ["D - C", 12], ["E - C", 6], ["E - C", 12],
    ]  # fmt: skip
    assert (table["p_adjusted"] > table["p_value"]).all()


def test_who_has_the_baseline_alone_stays_in() -> None:
    data = _made_up(7, missing=0)
    data = data[(data["id"] > 2) | (data["visit"] == 0)]
    fit = constrained_longitudinal(data, baseline=0, reference="C", **MODEL)
    assert fit.model.n_subjects == 24
    assert fit.excluded.empty
    assert fit.visits == (6, 12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"baseline": 3}, "is not a visit"),
        ({"baseline": 6}, "must be the first visit; 0 stands before it"),
        ({"covariates": "age"}, "must be a list of columns"),
        ({"method": "ml"}, "does not go with method='ml'"),
    ],
)
def test_a_baseline_that_is_none_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        constrained_longitudinal(_made_up(8), **MODEL | {"baseline": 0, "reference": "C"} | change)


def test_the_baseline_itself_has_no_difference() -> None:
    fit = constrained_longitudinal(_made_up(8), baseline=0, reference="C", **MODEL)
    with pytest.raises(AnalysisError, match="one mean at the baseline"):
        fit.averaged_contrasts([0, 6])
    data = _made_up(8)
    with pytest.raises(AnalysisError, match="no visit but the baseline"):
        constrained_longitudinal(data[data["visit"] == 0], baseline=0, reference="C", **MODEL)
