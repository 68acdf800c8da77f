"""A constrained longitudinal analysis is told with its baseline: an outcome, of one mean in all arms."""

from tests.report.words.specifications import told
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import Inference, Likelihood
from trialkit.report.words.en.methods.constrained_longitudinal import WORDS
from trialkit.report.words.en.methods.every_method import METHODS
from trialkit.report.words.en.repeated_models import how_fitted, own_at_each_visit


def test_the_whole_model_is_told() -> None:
    assert WORDS.describe(ConstrainedLongitudinal(), told()) == (
        "constrained longitudinal analysis (a mixed model for repeated measures in which the baseline "
        "is an outcome and no covariate) of the values at baseline and all visits after it; at baseline "
        "all arms have one mean, as randomisation makes them, and after it each arm has its own at each "
        "visit; unstructured residual covariance, restricted maximum likelihood, Kenward and Roger's "
        "adjustment (linear covariance). The effect is the difference between arms in the change from "
        "baseline (week 8), which is that of the values, since the arms share the mean at baseline"
    )


def test_covariates_are_told_with_their_visits() -> None:
    text = WORDS.describe(
        ConstrainedLongitudinal(
            covariates=("demographics.age",), covariates_by_visit=("demographics.sex",)
        ),
        told(),
    )
    assert (
        "its own at each visit, adjusted for age, years and sex, at each visit with an effect of its "
        "own for sex; unstructured"
    ) in text


def test_what_models_of_repeated_measures_share() -> None:
    plain = ConstrainedLongitudinal(likelihood=Likelihood.ML, inference=Inference.SATTERTHWAITE)
    assert how_fitted(plain, told()) == (
        "unstructured residual covariance, maximum likelihood, Satterthwaite's degrees of freedom"
    )
    assert own_at_each_visit(plain, told().protocol) == ""


def test_short_name_effect_and_missing_values_are_told() -> None:
    own = ConstrainedLongitudinal()
    assert WORDS.names == {Method.CONSTRAINED_LONGITUDINAL: "constrained longitudinal analysis"}
    assert WORDS.short_name(own) == "constrained longitudinal analysis"
    assert WORDS.response(own) is Response.FINAL
    assert WORDS.effect(own) == (
        "difference in the change from the baseline that all arms share (constrained longitudinal "
        "analysis)"
    )
    assert WORDS.missing(own) == (
        "uses every observed value, a baseline value alone among them, and keeps who lacks the "
        "baseline"
    )


def test_chosen_visits_are_told_by_their_labels() -> None:
    own = ConstrainedLongitudinal(visits=("V1", "V2"))
    assert "of the values at baseline, week 4 and week 8; at baseline all" in (
        WORDS.describe(own, told())
    )
    of_mmrm = METHODS[Method.MMRM].describe(Mmrm(visits=("V2",)), told())
    assert of_mmrm.startswith(
        "mixed model for repeated measures of the changes from baseline at week 8,"
    )
    of_anova = METHODS[Method.MIXED_ANOVA].describe(MixedAnova(visits=("V2",)), told())
    assert "within participants, three visits (baseline, week 8), type III" in of_anova
    of_gee = METHODS[Method.GEE].describe(Gee(visits=("V1", "V2")), told("better"))
    assert "who has the event at week 4 and week 8, with arm, visit" in of_gee
    assert "at the visits that it names" in METHODS[Method.GLMM].missing(Glmm(visits=("V2",)))
