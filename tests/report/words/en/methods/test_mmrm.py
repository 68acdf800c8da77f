"""The mixed model is told with its response, covariates, covariance, likelihood and degrees."""

from dataclasses import replace

import pytest

from tests.report.rows import index_of, result
from tests.report.words.specifications import PROTOCOL, told
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.report.words.en.methods.mmrm import WORDS
from trialkit.results.vocabulary import Stat

AR1, TOEPLITZ = CovarianceStructure.AR1, CovarianceStructure.TOEPLITZ


def test_the_whole_model_is_told() -> None:
    assert WORDS.describe(Mmrm(), told()) == (
        "mixed model for repeated measures of the changes from baseline at all visits after "
        "baseline, with arm, visit and arm by visit, adjusted for the outcome's baseline value; "
        "unstructured residual covariance, restricted maximum likelihood, Kenward and Roger's "
        "adjustment (linear covariance). The effect is the adjusted difference between arms "
        "(week 8)"
    )
    assert WORDS.describe(
        Mmrm(
            response=Response.FINAL, covariates=("demographics.age",),
            covariates_by_visit=("baseline",), covariance=AR1, covariance_by="demographics.sex",
            weights="demographics.age", likelihood=Likelihood.ML, inference=Inference.RESIDUAL,
            coefficient_covariance=CoefficientCovariance.JACKKNIFE, fallback=(TOEPLITZ,),
        ),
        told(),
    ) == (
        "mixed model for repeated measures of the values at all visits after baseline, with arm, "
        "visit and arm by visit, adjusted for age, years and the outcome's baseline value, at each "
        "visit with an effect of its own for the outcome's baseline value; ar1 residual covariance "
        "in each level of sex, maximum likelihood, residual degrees of freedom, weighted by age, "
        "years; jackknife covariance of the fixed effects; if it cannot be fitted, toeplitz. The "
        "effect is the adjusted difference between arms (week 8)"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("inference", "words"),
    [
        (Inference.SATTERTHWAITE, "Satterthwaite's degrees of freedom."),
        (Inference.KENWARD_ROGER, "Kenward and Roger's adjustment."),
        (Inference.KENWARD_ROGER_LINEAR, "Kenward and Roger's adjustment (linear covariance)."),
        (Inference.BETWEEN_WITHIN, "between-within degrees of freedom."),
        (Inference.RESIDUAL, "residual degrees of freedom."),
    ],
)
def test_how_degrees_of_freedom_are_found_is_told(inference: Inference, words: str) -> None:
    assert f"likelihood, {words}" in WORDS.describe(Mmrm(inference=inference), told())


def test_a_covariance_by_arm_and_no_covariates_are_told() -> None:
    text = WORDS.describe(Mmrm(covariance_by="arm", covariates=()), told())
    assert "unstructured residual covariance in each arm, " in text
    assert "arm by visit; unstructured" in text


def fallen(*used: tuple[str, str]) -> str:
    """What is told of a plan with fallbacks whose fits note these covariances, by outcome."""
    notes = index_of(
        *(
            result(Stat.LOG_LIKELIHOOD, -1.5, analysis_id="own", outcome=outcome, note=note)
            for outcome, note in used
        )
    )
    telling = replace(told(), outcomes=PROTOCOL.outcomes, analysis_id="own", index=notes)
    text = WORDS.describe(Mmrm(fallback=(TOEPLITZ, AR1)), telling)
    return text.partition("; if it cannot be fitted, ")[2].partition(". The effect")[0]


def test_what_stands_in_and_what_was_used_is_told() -> None:
    first, last = "unstructured covariance", "ar1 covariance; unstructured failed: no maximum"
    assert fallen() == "toeplitz then ar1"
    assert fallen(("pain", last)) == "toeplitz then ar1 (ar1 was used)"
    assert fallen(("pain", last), ("better", last)) == "toeplitz then ar1 (ar1 was used)"
    assert fallen(("pain", last), ("better", first)) == (
        "toeplitz then ar1 (ar1 for Pain; unstructured for Much better)"
    )
    assert "cannot be fitted" not in WORDS.describe(Mmrm(), told())


def test_short_name_effect_and_missing_values_are_told() -> None:
    assert WORDS.names == {Method.MMRM: "mixed model for repeated measures"}
    assert WORDS.short_name(Mmrm()) == "mixed model for repeated measures, change"
    final = Mmrm(response=Response.FINAL)
    assert WORDS.short_name(final) == "mixed model for repeated measures, final value"
    assert WORDS.response(Mmrm()) is Response.CHANGE
    assert WORDS.response(final) is Response.FINAL
    assert WORDS.effect(Mmrm()) == "adjusted difference (mixed model for repeated measures)"
    assert WORDS.effect_in_text(Mmrm()) == "The adjusted difference between arms"
    assert WORDS.missing(Mmrm()) == "uses every value observed after baseline"
