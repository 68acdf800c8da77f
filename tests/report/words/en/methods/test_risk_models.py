"""Models of events are told with what they adjust for, their limits, and what becomes of separation."""

import pytest

from tests.report.rows import index_of, result
from tests.report.words.specifications import PROTOCOL, told
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import WhenSeparated
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.logistic import Logistic
from trialkit.report.words.en.methods import gee, glmm, logistic
from trialkit.report.words.en.risk_models import covariates_of_risks
from trialkit.report.words.language.method_words import Telling
from trialkit.results.notes import penalised_note
from trialkit.results.vocabulary import Stat


def test_a_logistic_regression_says_for_whom_its_ratio_is() -> None:
    text = logistic.WORDS.describe(Logistic(covariates=("baseline",)), told("better"))
    assert text == (
        "logistic regression of who has the event (week 8), adjusted for having the event at baseline; "
        "the effect is the odds ratio for participants of the same covariates, with profile likelihood "
        "limits and p from the likelihood ratio test. Where the arm or a covariate tells events apart "
        "without exception, the whole model is fitted by Firth's penalised likelihood"
    )


@pytest.mark.parametrize("penalised", [True, False])
def test_for_which_outcomes_firths_likelihood_was_used_is_told_where_there_are_results(
    penalised: bool,
) -> None:
    note = penalised_note(["Sex: Male"]) if penalised else ""
    place = {"analysis_id": "x", "outcome": "better", "term": "A1 - A0", "method": "odds_ratio"}
    index = index_of(result(Stat.ESTIMATE, 2.0, note=note, **place))
    about = Telling(
        outcomes=(PROTOCOL.outcome("better"),),
        protocol=PROTOCOL,
        visits=3,
        analysis_id="x",
        index=index,
    )
    label = PROTOCOL.outcome("better").label
    for asked in (Logistic(), Logistic(when_separated=WhenSeparated.LIKELIHOOD)):
        text = logistic.WORDS.describe(asked, about)
        assert (f"(so it was for {label})" in text) is penalised


def test_populations_and_participants_are_told_apart() -> None:
    one = glmm.WORDS.describe(Glmm(), told("better"))
    many = gee.WORDS.describe(Gee(covariates=("demographics.sex",)), told("better"))
    assert "conditional odds ratio, for a participant of a given intercept" in one
    assert "the odds ratio of populations of the same covariates, not of one participant" in many
    assert "adjusted for" not in one


def test_an_outcome_at_baseline_is_called_having_the_event() -> None:
    words = covariates_of_risks(("baseline", "other.item"), PROTOCOL)
    assert words == "having the event at baseline and other.item"


def test_a_sentence_of_the_results_says_adjusted_and_conditional() -> None:
    by_sex = ("demographics.sex",)
    assert logistic.WORDS.effect_in_text(Logistic()) == "The odds ratio"
    assert logistic.WORDS.effect_in_text(Logistic(covariates=by_sex)) == "The adjusted odds ratio"
    assert glmm.WORDS.effect_in_text(Glmm()) == "The conditional odds ratio"
    assert gee.WORDS.effect_in_text(Gee(covariates=by_sex)) == "The adjusted odds ratio"
