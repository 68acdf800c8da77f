"""What must hold whatever the data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples, few_at_once
from trialkit.analysis import mmrm
from trialkit.analysis.linear.ancova import ancova

SEEDS = st.integers(0, 10_000)


def least_squares(x, y):
    """Estimates, their standard errors and the residual degrees of freedom."""
    beta, *_ = np.linalg.lstsq(x, y, rcond=None)
    df = len(y) - x.shape[1]
    residual = y - x @ beta
    return beta, np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * (residual @ residual) / df), df


@settings(max_examples=examples(10), deadline=None)
@given(seed=SEEDS, visits=st.integers(2, 5))
def test_complete_data_give_the_ancova_of_each_visit(trial, trial_model, seed, visits):
    frame = trial(n=24, visits=visits, missing=0, seed=seed)
    fit = mmrm(frame, **trial_model, covariates_by_visit=("base",))
    found = fit.contrasts()
    for at in range(visits):
        own = frame[frame["visit"] == at + 1]
        x = np.column_stack([np.ones(24), own["arm"] == "E1", own["base"]]).astype(float)
        beta, se, df = least_squares(x, own["y"].to_numpy())
        assert found["estimate"][at] == pytest.approx(beta[1], rel=1e-8)
        assert found["se"][at] == pytest.approx(se[1], rel=1e-7)
        assert found["df"][at] == pytest.approx(df, rel=1e-6)


@settings(max_examples=examples(10), deadline=None)
@given(seed=SEEDS)
def test_two_visits_give_the_group_difference_in_change(trial, trial_model, seed):
    frame = trial(n=20, visits=2, missing=0, seed=seed)
    fit = mmrm(frame, **trial_model)
    wide = frame.set_index(["id", "visit"])["y"].unstack()  # noqa: PD010
    change = (wide[2] - wide[1]).to_numpy()
    arm = frame.groupby("id")["arm"].first().to_numpy() == "E1"
    beta, se, df = least_squares(np.column_stack([np.ones(20), arm]).astype(float), change)

    rows = fit.parts.design.marginal
    test = fit.test((rows[1, 1] - rows[0, 1]) - (rows[1, 0] - rows[0, 0]))

    assert test.estimate == pytest.approx(beta[1], rel=1e-8)
    assert test.se == pytest.approx(se[1], rel=1e-7)
    assert test.df == pytest.approx(df, rel=1e-6)


NESTED = [
    ("heterogeneous-toeplitz", "toeplitz"),
    ("heterogeneous-ar1", "ar1"),
    ("heterogeneous-compound-symmetry", "compound-symmetry"),
    ("heterogeneous-ante-dependence", "ante-dependence"),
    ("unstructured", "heterogeneous-toeplitz"),
    ("unstructured", "heterogeneous-ante-dependence"),
    ("heterogeneous-toeplitz", "heterogeneous-ar1"),
    ("heterogeneous-toeplitz", "heterogeneous-compound-symmetry"),
    ("heterogeneous-ante-dependence", "heterogeneous-ar1"),
    ("ar1", "spatial-exponential"),
]


@pytest.mark.parametrize(("wide", "narrow"), NESTED)
@pytest.mark.parametrize("seed", few_at_once([1, 2], 1))
def test_a_wider_structure_is_never_less_likely(trial, trial_model, wide, narrow, seed):
    frame = trial(n=40, visits=4, seed=seed)
    for method in ("reml", "ml"):
        options = {"method": method, "inference": "satterthwaite"}
        wider = mmrm(frame, **trial_model, covariance=wide, **options)
        narrower = mmrm(frame, **trial_model, covariance=narrow, **options)
        assert wider.log_likelihood >= narrower.log_likelihood - 1e-7


@settings(max_examples=examples(8), deadline=None)
@given(seed=SEEDS)
def test_the_order_of_rows_does_not_matter(trial, trial_model, seed):
    frame = trial(n=30, visits=3, seed=seed)
    shuffled = frame.sample(frac=1, random_state=seed)
    a = mmrm(frame, **trial_model, covariates=("base",))
    b = mmrm(shuffled, **trial_model, covariates=("base",))
    assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-9)
    np.testing.assert_allclose(a.contrasts()["df"], b.contrasts()["df"], rtol=1e-8)


def test_two_visits_make_all_heterogeneous_structures_one(trial, trial_model):
    frame = trial(n=30, visits=2, seed=8)
    names = ["unstructured", "heterogeneous-ar1", "heterogeneous-toeplitz"]
    names += ["heterogeneous-compound-symmetry", "heterogeneous-ante-dependence"]
    found = [mmrm(frame, **trial_model, covariance=name).log_likelihood for name in names]
    np.testing.assert_allclose(found, found[0], atol=1e-8)


@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_units_of_outcome_and_covariate_do_not_matter(trial, trial_model, shift):
    frame = trial(n=40, visits=4, seed=5)
    other = frame.assign(y=frame["y"] * 1000 + shift, base=frame["base"] * 0.001 + 10 * (shift > 0))
    a = mmrm(frame, **trial_model, covariates_by_visit=("base",)).contrasts()
    b = mmrm(other, **trial_model, covariates_by_visit=("base",)).contrasts()
    np.testing.assert_allclose(b["estimate"], 1000 * a["estimate"], rtol=1e-6)
    np.testing.assert_allclose(b["se"], 1000 * a["se"], rtol=1e-7)
    np.testing.assert_allclose(b["df"], a["df"], rtol=1e-6)


def test_equal_weights_change_nothing_but_the_variance(trial, trial_model):
    frame = trial(n=40, visits=3, seed=5).assign(w=4.0)
    plain = mmrm(frame, **trial_model)
    weighted = mmrm(frame, **trial_model, weights="w")
    assert weighted.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)
    np.testing.assert_allclose(weighted.contrasts()["se"], plain.contrasts()["se"], rtol=1e-8)
    np.testing.assert_allclose(weighted.covariance(), 4 * plain.covariance(), rtol=1e-7)


def test_one_visit_is_the_analysis_of_covariance(trial, trial_model):
    frame = trial(n=30, visits=3, missing=0, seed=2)
    frame = frame[frame["visit"] == 2]
    for structure in ("unstructured", "compound-symmetry", "toeplitz", "ar1"):
        fit = mmrm(frame, **trial_model, covariates=("base",), covariance=structure)
        x = np.column_stack([np.ones(30), frame["arm"] == "E1", frame["base"]]).astype(float)
        beta, se, df = least_squares(x, frame["y"].to_numpy())
        found = fit.contrasts().iloc[0]
        assert found["estimate"] == pytest.approx(beta[1])
        assert found["se"] == pytest.approx(se[1], rel=1e-8)
        assert found["df"] == pytest.approx(df, rel=1e-7)


@pytest.mark.parametrize(
    ("comparisons", "adjustment"), [("reference", "dunnett"), ("all_pairs", "tukey")]
)
def test_one_visit_adjusts_as_the_analysis_of_covariance(
    trial, trial_model, comparisons, adjustment
):
    frame = trial(n=40, visits=1, arms=3, missing=0, seed=6)
    asked = {"comparisons": comparisons, "adjustment": adjustment}
    model = {**trial_model, "order": {"arm": ["C", "E1", "E2"]}}
    repeated = mmrm(frame, **model, covariates=("base",)).contrasts(**asked)
    single = ancova(
        frame, outcome="y", arm="arm", reference="C", covariates=("base",), order=model["order"]
    ).contrasts(**asked)
    assert list(repeated["contrast"]) == list(single["contrast"])
    columns = ["estimate", "se", "df", "p_value", "p_adjusted", "conf_low", "conf_high"]
    np.testing.assert_allclose(
        repeated[columns].to_numpy(float), single[columns].to_numpy(float), rtol=1e-8
    )


@pytest.mark.parametrize("noise", [3e-3, 1e-3, 1e-4, 1e-5])
def test_visits_that_nearly_repeat_each_other_have_the_closed_form(noise):
    rng = np.random.default_rng(3)
    n, visits = 60, 3
    values = rng.normal(size=(n, 1)) + noise * rng.normal(size=(n, visits))
    arm = np.arange(n) % 2
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), visits),
            "visit": np.tile(np.arange(visits), n),
            "arm": np.repeat(np.array(["C", "E"])[arm], visits),
            "y": values.ravel(),
        }
    )
    fit = mmrm(frame, outcome="y", subject="id", visit="visit", arm="arm", reference="C")
    rows = np.column_stack([np.ones(n), arm])
    left = values - rows @ np.linalg.lstsq(rows, values, rcond=None)[0]
    closed = left.T @ left / (n - 2)
    found = fit.contrasts()
    np.testing.assert_allclose(found["se"], np.sqrt(np.diag(closed) * (2 / 30)), rtol=1e-7)
    np.testing.assert_allclose(found["df"], n - 2, rtol=1e-7)
    np.testing.assert_allclose(fit.covariance(), closed, rtol=1e-7)
    rounding = 1e-7 + 1e-12 / noise**2  # of the determinant taken here, not of the fit's
    assert fit.log_likelihood == pytest.approx(_restricted(closed, n=n, p=2), abs=rounding)


@pytest.mark.parametrize("structure", ["unstructured", "heterogeneous-toeplitz"])
def test_high_correlations_with_gaps_do_not_depend_on_the_unit_of_the_difference(structure):
    # visit 2 repeats visit 1 with a small error; as a difference it is an ordinary outcome
    rng = np.random.default_rng(8)
    n, noise = 50, 1e-3
    first = rng.normal(size=n)
    second = first + noise * rng.normal(size=n)
    arm = np.arange(n) % 2
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), 2),
            "visit": np.tile([1, 2], n),
            "arm": np.repeat(np.array(["C", "E"])[arm], 2),
            "y": np.column_stack([first, second]).ravel(),
        }
    )
    frame = frame.drop(index=[1, 11, 40])  # two second visits and one first
    fit = mmrm(
        frame,
        outcome="y",
        subject="id",
        visit="visit",
        arm="arm",
        reference="C",
        covariance=structure,
    )
    assert fit.structure.value == structure
    change = fit.test(_change(fit))
    complete = frame.set_index(["id", "visit"])["y"].unstack("visit").dropna()  # noqa: PD010 - one value a cell
    moved = (complete[2] - complete[1]).to_numpy()
    groups = arm[complete.index]
    plain = moved[groups == 1].mean() - moved[groups == 0].mean()
    # the errors of the subjects with one visit are a thousand times those of the change
    assert change.estimate == pytest.approx(plain, abs=2e-2 * noise)


def _change(fit):
    """The contrast of the arms in their change between the two visits."""
    names = list(fit.parts.design.names)
    found = np.zeros(len(names))
    found[names.index("arm:visit[E:2]")] = 1
    return found


def _restricted(sigma, *, n, p):
    """The restricted log-likelihood of complete data at its maximum, all visits having p columns."""
    m = len(sigma)
    logdet = np.linalg.slogdet(sigma)[1]
    columns = m * np.log(n / 2 * n / 2)  # log |X'X| of each visit
    df = n - p
    return -0.5 * (df * m * np.log(2 * np.pi) + df * logdet + df * m + columns)


def test_kenward_roger_linear_does_not_depend_on_the_basis_of_a_matrix(trial, trial_model):
    fit = mmrm(trial(n=40, visits=4, seed=6), **trial_model)
    rows = fit.parts.design.marginal
    matrix = rows[1] - rows[0]
    mixed = np.array([[1, 2, 0, 0], [0, 1, -1, 0], [3, 0, 1, 1], [0, 0, 0, 2]]) @ matrix
    a, b = fit.test(matrix), fit.test(np.vstack([mixed, mixed[0]]))
    assert a.statistic == pytest.approx(b.statistic, rel=1e-8)
    assert a.df_den == pytest.approx(b.df_den, rel=1e-8)
    assert (a.df_num, b.df_num) == (4, 4)


@pytest.mark.parametrize("inference", ["satterthwaite", "kenward-roger", "kenward-roger-linear"])
def test_a_matrix_of_one_row_is_the_square_of_the_vector(trial, trial_model, inference):
    fit = mmrm(trial(n=40, visits=3, seed=6), **trial_model, inference=inference)
    row = fit.parts.design.marginal[1, 2] - fit.parts.design.marginal[0, 2]
    t, f = fit.test(row), fit.test(row[None])
    assert f.statistic == pytest.approx(t.statistic**2)
    assert f.df_den == pytest.approx(t.df)
    assert f.p_value == pytest.approx(t.p_value)


@pytest.mark.parametrize(
    ("visits", "n"), [(10, 150), pytest.param(20, 120, marks=pytest.mark.slow)]
)
def test_many_visits_can_be_fitted(trial, trial_model, visits, n):
    frame = trial(n=n, visits=visits, missing=0.1, seed=4)
    fit = mmrm(frame, **trial_model, covariates_by_visit=("base",))
    assert np.max(np.abs(fit.parts.optimum.slope.gradient)) < 1e-6
    assert np.linalg.eigvalsh(fit.parts.optimum.information.observed).min() > 0
    assert len(fit.contrasts()) == visits


def test_subjects_with_one_visit_serve_that_visit(trial, trial_model):
    frame = trial(n=40, visits=3, missing=0, seed=7)
    alone = (frame["id"] >= 30) & (frame["visit"] != 1 + frame["id"] % 3)
    fit = mmrm(frame.assign(y=frame["y"].mask(alone)), **trial_model)
    assert fit.n_subjects == 40
    assert fit.n_observations == 100


def test_the_frame_is_not_changed(trial, trial_model):
    frame = trial(n=30, visits=3)
    before = frame.copy(deep=True)
    mmrm(frame, **trial_model, covariates=("base", "stratum")).predict()
    pd.testing.assert_frame_equal(frame, before)
