"""What cannot be fitted is said in words."""

import numpy as np
import pytest

from trialkit.analysis import mmrm
from trialkit.errors import AnalysisError


def refused(frame, model, words, **options):
    with pytest.raises(AnalysisError, match=words):
        mmrm(frame, **{**model, **options})


@pytest.fixture
def frame(trial):
    return trial(n=30, visits=4, seed=2)


def test_a_repeated_subject_visit(frame, trial_model):
    doubled = frame.assign(visit=frame["visit"].mask((frame["id"] == 3) & (frame["visit"] == 2), 1))
    refused(doubled, trial_model, r"subject 3 has 2 rows at visit 1")


def test_a_visit_nobody_has(frame, trial_model):
    empty = frame.assign(y=frame["y"].mask(frame["visit"] == 3))
    refused(empty, trial_model, r"visit='visit'.*level\(s\) 3")


def test_a_level_without_rows(frame, trial_model):
    order = {"visit": [1, 2, 3, 4, 5], "stratum": ["low", "high"]}
    refused(frame, trial_model, r"level\(s\) 5", order=order)


def test_an_arm_without_a_visit(frame, trial_model):
    empty = frame.assign(y=frame["y"].mask((frame["visit"] == 3) & (frame["arm"] == "E1")))
    refused(empty, trial_model, r"nobody in arm 'E1' has a value of 'y' at visit 3")


def test_one_arm(frame, trial_model):
    refused(frame[frame["arm"] == "C"], trial_model, "one level, 'C'")


def test_an_arm_that_changes(frame, trial_model):
    moved = frame.assign(arm=frame["arm"].mask((frame["id"] == 0) & (frame["visit"] == 2), "E1"))
    refused(moved, trial_model, "not the same in all rows of subject 0")


def test_collinear_columns_are_named(frame, trial_model):
    twice = frame.assign(again=2 * frame["base"] - 1)
    refused(
        twice,
        trial_model,
        r"collinear: 'again' follows from.*'base'",
        covariates=("base", "again"),
    )


def test_a_covariate_that_follows_the_arm(frame, trial_model):
    copy = frame.assign(dose=np.where(frame["arm"] == "C", 0.0, 10.0))
    refused(copy, trial_model, r"collinear: 'arm\[E1\]'.*'dose'", covariates=("dose",))


def test_a_constant_covariate(frame, trial_model):
    constant = frame.assign(one=1.0, same="x")
    refused(constant, trial_model, "'one'", covariates=("one",))
    refused(constant, trial_model, "'same' is 'x' in every row", covariates=("same",))


def test_too_many_visits_for_the_subjects(trial, trial_model):
    frame = trial(n=8, visits=9, missing=0)
    refused(frame, trial_model, "9 visits are too many for 8 subjects")


def test_a_singular_covariance(trial, trial_model):
    frame = trial(n=30, visits=3, missing=0)
    same = frame.groupby("id")["y"].transform("first") + frame["visit"]
    refused(frame.assign(y=same), trial_model, "singular")


def test_no_residual_variance(trial, trial_model):
    frame = trial(n=30, visits=3, missing=0)
    exact = frame["visit"] * 2.0 + (frame["arm"] == "E1")
    refused(frame.assign(y=exact), trial_model, "leave no residual")


def test_a_visit_where_all_have_the_same_value(frame, trial_model):
    flat = frame.assign(y=frame["y"].where(frame["visit"] != 1, 5.0))
    refused(flat, trial_model, "no residual at visit 1")
    assert mmrm(flat, **trial_model, covariance="ar1").n_subjects == 30


def test_visits_never_seen_together(frame, trial_model):
    apart = (frame["visit"] == 4) == (frame["id"] % 4 < 2)
    refused(
        frame[apart | frame["visit"].isin([2, 3])],
        trial_model,
        "nobody has values at both 1 and 4",
    )


def test_more_effects_than_values(trial, trial_model):
    frame = trial(n=2, visits=2, missing=0)
    refused(frame, trial_model, "4 values cannot estimate 4 fixed effects")


def test_an_unordered_text_column(frame, trial_model):
    refused(frame, {**trial_model, "order": None}, "order", covariates=("stratum",))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"inference": "kenward-roger-linear", "method": "ml"}, "does not go with method='ml'"),
        ({"inference": "kenward-roger", "coefficient_covariance": "empirical"}, "does not go with"),
        ({"inference": "satterthwaite", "coefficient_covariance": "kenward-roger"}, "with it go"),
        ({"inference": "welch"}, "known are satterthwaite"),
        ({"covariance": "unstructure"}, "did you mean 'unstructured'"),
        ({"covariance": "ar1", "fallback": "ar1"}, "must be a list of structures"),
        ({"covariance": "ar1", "fallback": ("ar1",)}, "declared twice"),
        ({"covariates": "base"}, "must be a list of columns"),
        ({"covariates": ("y",)}, "two parts"),
        ({"covariates": ("bas",)}, "did you mean 'base'"),
        ({"reference": "X"}, "not a level"),
        ({"time": "base"}, "for the spatial-exponential structure"),
    ],
)
def test_options_that_do_not_go_together(frame, trial_model, options, words):
    refused(frame, trial_model, words, **options)


def test_weights_that_are_not_positive(frame, trial_model):
    refused(frame.assign(w=0.0), trial_model, "not positive", weights="w")


def test_spatial_without_times(fev, fev_model):
    refused(fev, fev_model, "needs the time", covariance="spatial-exponential")


def test_spatial_with_equal_times(frame, trial_model):
    refused(
        frame.assign(day=1.0),
        trial_model,
        "two rows at the same time",
        covariance="spatial-exponential",
        time="day",
    )


def test_the_jackknife_of_a_subject_that_alone_decides(frame, trial_model):
    alone = frame.assign(flag=(frame["id"] == 4).astype(float))
    refused(
        alone,
        trial_model,
        "without subject 4",
        covariates=("flag",),
        inference="satterthwaite",
        coefficient_covariance="jackknife",
    )


@pytest.mark.parametrize(
    "contrast", [[1, 0], [[1]], np.zeros(8), [np.nan] * 8, np.zeros((2, 2, 8))]
)
def test_contrasts_that_fit_nothing(frame, trial_model, contrast):
    fit = mmrm(frame, **trial_model)
    with pytest.raises(AnalysisError, match="contrast"):
        fit.test(contrast)


def test_a_level_that_is_no_proportion(frame, trial_model):
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        mmrm(frame, **trial_model).contrasts(conf_level=95)


def test_fallbacks_run_only_if_declared_and_say_why(trial, trial_model):
    frame = trial(n=8, visits=9, missing=0)

    fit = mmrm(frame, **trial_model, fallback=("heterogeneous-ar1", "ar1"))

    assert fit.structure.value == "heterogeneous-ar1"
    assert [each.structure.value for each in fit.attempts] == ["unstructured", "heterogeneous-ar1"]
    assert "too many for 8 subjects" in fit.attempts[0].reason
    assert fit.attempts[1].reason == ""


@pytest.mark.slow
def test_a_fallback_is_advised_where_none_was_declared(trial, trial_model):
    frame = trial(n=30, visits=3, missing=0)
    same = frame.groupby("id")["y"].transform("first") + frame["visit"]
    refused(frame.assign(y=same), trial_model, "fewer parameters, or a fallback$")
    refused(frame.assign(y=same), trial_model, "fewer parameters$", fallback=("compound-symmetry",))


@pytest.mark.further
def test_when_all_fallbacks_fail_every_reason_is_given(trial, trial_model):
    frame = trial(n=30, visits=3, missing=0)
    same = frame.groupby("id")["y"].transform("first") + frame["visit"]
    with pytest.raises(AnalysisError, match=r"unstructured: .*; compound-symmetry: "):
        mmrm(frame.assign(y=same), **trial_model, fallback=("compound-symmetry",))


def test_values_of_a_size_that_cannot_be_squared(frame, trial_model):
    refused(frame.assign(y=frame["y"] * 1e120), trial_model, "sums of squares cannot be computed")
    tiny = frame.assign(base=frame["base"] * 1e-200)
    refused(tiny, trial_model, "'base' has values of size", covariates=("base",))


def test_a_covariate_that_nobody_has_is_the_reason_given(frame, trial_model):
    empty = frame.assign(hole=np.nan)
    refused(empty, trial_model, r"no row .* hole is missing in \d+", covariates=("hole",))
    one_arm = frame.assign(hole=np.where(frame["arm"] == "C", np.nan, frame["base"]))
    refused(one_arm, trial_model, r"level\(s\) 'C' .*hole is missing", covariates=("hole",))


def test_a_covariate_given_twice_or_without_a_name(frame, trial_model):
    refused(frame, trial_model, "'base' is given twice", covariates=("base", "base"))
    refused(frame.assign(**{"": frame["base"]}), trial_model, "needs a name", covariates=("",))
