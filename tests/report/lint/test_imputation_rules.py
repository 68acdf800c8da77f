"""An imputation holds what the analyses adjust for, or the lint names what it lacks."""

from dataclasses import replace

from tests.report.lint.evidence import WARNING, evidence_on, said_by
from tests.report.lint.test_missing_rules import PRIMARY, SENSITIVITY, analysis, planned
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.lint.imputation_rules import imputed_by_less

AGE = "demographics.age"
ADJUSTED = replace(PRIMARY, specification=Ancova(covariates=("baseline", AGE, "site")))


def test_what_a_main_analysis_adjusts_for_and_the_imputation_lacks_is_named() -> None:
    imputation = analysis("imputed", SENSITIVITY, MultipleImputation(covariates=("site",)))
    evidence = evidence_on(planned(ADJUSTED, imputation))
    ((look, text),) = said_by(imputed_by_less, evidence)
    assert look is WARNING
    assert text.startswith("The imputation of imputed does not hold ")
    assert "for which primary adjusts: imputed values do not depend on it" in text
    assert [each.place for each in imputed_by_less(evidence)] == ["[[analyses]] imputed"]
    second = replace(ADJUSTED, id="second", role=AnalysisRole.SECONDARY)
    both = evidence_on(planned(ADJUSTED, second, imputation))
    assert "for which primary and second adjust:" in said_by(imputed_by_less, both)[0][1]


def test_an_imputation_that_holds_it_anywhere_or_is_of_another_outcome_is_not_named() -> None:
    for specification in (
        MultipleImputation(covariates=("site", AGE)),
        MultipleImputation(covariates=("site",), auxiliary=(AGE,)),
        MultipleImputation(covariates=(), covariates_by_visit=("baseline", AGE, "site")),
    ):
        enough = analysis("imputed", SENSITIVITY, specification)
        assert said_by(imputed_by_less, evidence_on(planned(ADJUSTED, enough))) == []
    poor = analysis("imputed", SENSITIVITY, MultipleImputation(), outcomes=("better",))
    assert said_by(imputed_by_less, evidence_on(planned(ADJUSTED, poor))) == []
    later = analysis("imputed", AnalysisRole.POST_HOC, MultipleImputation())
    assert said_by(imputed_by_less, evidence_on(planned(ADJUSTED, later))) == []


def test_the_baseline_counts_where_the_main_analysis_has_it() -> None:
    without = MultipleImputation(covariates=("site", AGE), covariates_by_visit=())
    poor = analysis("imputed", SENSITIVITY, without)
    ((_, text),) = said_by(imputed_by_less, evidence_on(planned(ADJUSTED, poor)))
    assert "baseline" in text


def test_the_model_of_the_imputed_data_sets_is_held_against_the_imputation_too() -> None:
    model = Ancova(covariates=("baseline", AGE))
    imputing = MultipleImputation(
        draws=DrawMethod.APPROXIMATE_BAYES, samples=10, seed=1, model=model
    )
    poor = analysis("imputed", SENSITIVITY, imputing)
    ((_, text),) = said_by(imputed_by_less, evidence_on(planned(PRIMARY, poor)))
    assert "for which the model of imputed adjusts" in text
    enough = replace(poor, specification=replace(imputing, auxiliary=(AGE,)))
    assert said_by(imputed_by_less, evidence_on(planned(PRIMARY, enough))) == []
