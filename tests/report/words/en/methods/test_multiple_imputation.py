"""Multiple imputation is told with what is supposed, how it was drawn, and which variance is meant."""

from dataclasses import replace

from tests.report.words.specifications import told
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy, ResampledLimits
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.report.words.en.imputing import how_drawn, supposed, variance_meant
from trialkit.report.words.en.methods.every_method import METHODS
from trialkit.report.words.en.methods.multiple_imputation import NAMES, words
from trialkit.results.vocabulary import Stat

WORDS = words(METHODS)
RUBIN = MultipleImputation(
    strategy=ImputationStrategy.JUMP_TO_REFERENCE,
    draws=DrawMethod.APPROXIMATE_BAYES,
    samples=1000,
    seed=7,
)


def test_the_whole_analysis_is_told() -> None:
    assert WORDS.describe(RUBIN, told()) == (
        "multiple imputation: values missing at all visits after baseline are imputed from a model for "
        "repeated measures with arm, visit and arm by visit, with an effect of its own at each visit for "
        "the outcome's baseline value; unstructured residual covariance, restricted maximum likelihood. "
        "Missing values from the first visit after an intercurrent event of the estimand or from the "
        "first of the visits after which nothing was observed are supposed to follow the mean of the reference arm from there on (jump to reference); others are supposed to "
        "be missing at random, given what was observed of the participant, as if they had gone on as "
        "allocated. 1000 data sets are imputed at random, each from the model fitted to a bootstrap "
        "sample (approximate Bayesian draws) (seed 7). Each imputed data set was analysed by analysis of "
        "covariance, adjusted for the outcome's baseline value; estimates were pooled by Rubin's rules "
        "with Barnard and Rubin's degrees of freedom; the variance is information-anchored: what the "
        "missing values cost, they cost whatever is supposed of them. The effect is the adjusted "
        "difference between arms (week 8)"
    )


def test_the_variance_is_that_of_the_draws() -> None:
    assert "the jackknife's; the variance is that of repeated sampling" in variance_meant(
        MultipleImputation()
    )
    normal = MultipleImputation(
        draws=DrawMethod.BOOTSTRAP, samples=500, seed=1, limits=ResampledLimits.NORMAL
    )
    assert variance_meant(normal).endswith(", with limits by the normal distribution")
    assert "500 bootstrap samples" in how_drawn(normal)


def test_it_is_told_from_when_on_something_is_supposed() -> None:
    protocol = replace(
        told().protocol,
        intercurrent_events=(IntercurrentEventAsked(code="stopped", label="Stopped training"),),
    )
    assert supposed(MultipleImputation(), protocol).startswith(
        "Missing values are supposed to be missing at random"
    )
    named = MultipleImputation(
        after=("stopped", "missing"),
        strategies={"stopped": ImputationStrategy.COPY_REFERENCE},
        strategy=ImputationStrategy.JUMP_TO_REFERENCE,
    )
    text = supposed(named, protocol)
    assert text.startswith(
        "Missing values from the first visit after \N{LEFT DOUBLE QUOTATION MARK}Stopped training"
        "\N{RIGHT DOUBLE QUOTATION MARK} are supposed to be those of a participant who was in the "
        "reference arm throughout (copy reference); those from the first of the visits after which "
        "nothing was observed are supposed to follow the mean of the reference arm"
    )
    jump = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    assert "from the first visit after an intercurrent event of the estimand or from" in supposed(
        jump, protocol
    )


def test_a_delta_is_told_arm_by_arm() -> None:
    shifted = MultipleImputation(delta={"A0": 2.5, "A1": {"V2": 5.0}})
    added = "imputed after an event was added: 2.5 in Arm 0 and 5 at week 8 in Arm 1 (delta)"
    assert f". To values {added}. " in WORDS.describe(shifted, told())
    assert f". To the logits of values of yes and no {added}. " in WORDS.describe(
        shifted, told("better")
    )
    assert WORDS.short_name(shifted) == "multiple imputation, missing at random with delta"
    assert "was added" not in WORDS.describe(MultipleImputation(delta={"A1": 0.0}), told())


def test_what_is_supposed_names_the_scale_of_the_delta() -> None:
    """The table of suppositions has no outcome at hand but those of the plan."""
    shifted = replace(RUBIN, delta={"A1": 1.0})
    protocol = told().protocol
    analysis = replace(
        protocol.plan.analyses[0], outcomes=("better",), specification=shifted, family=""
    )
    planned = replace(protocol, plan=replace(protocol.plan, analyses=(analysis,)))
    assert ". To the logits of values of yes and no imputed" in WORDS.supposed(shifted, planned)
    assert ". To values imputed" in WORDS.supposed(shifted, protocol)


def test_a_model_is_told_by_its_own_words() -> None:
    own = replace(RUBIN, strategy=ImputationStrategy.MISSING_AT_RANDOM)
    of_risks = WORDS.describe(own, told("better"))
    assert (
        "imputed by logistic regressions, visit by visit, on arm and the values of earlier"
        in of_risks
    )
    assert "Each imputed data set was analysed by standardised risks" in of_risks
    assert (
        "Of these analyses the risk difference alone is pooled: estimates were pooled by"
        in of_risks
    )
    assert (
        "1000 data sets are imputed at random, each with coefficients drawn from the normal"
        in of_risks
    )
    assert WORDS.tells(own) == {Stat.RISK_DIFFERENCE}
    odds = replace(own, model=Logistic(limits=RatioLimits.WALD))
    assert WORDS.describe(odds, told("better")).endswith(", as logarithms")
    robust = replace(own, model=Ancova(robust=RobustCovariance.HC3))
    text = WORDS.describe(robust, told())
    assert "was analysed by analysis of covariance of the final value" in text
    assert (
        "HC3). Of these analyses the difference alone is pooled: estimates were pooled by Rubin's rules"
        in text
    )
    assert WORDS.effect(robust).endswith("pooled over imputed data sets")
    assert WORDS.effect_in_text(robust) == "The adjusted difference between arms"


def test_names() -> None:
    assert set(NAMES) == {Method.MULTIPLE_IMPUTATION}
    assert WORDS.short_name(RUBIN) == "multiple imputation, jump to reference"
    assert WORDS.effect(RUBIN) == "adjusted difference (multiple imputation)"
    assert WORDS.imputes(RUBIN)
    assert "everybody with an arm is analysed" in WORDS.missing(RUBIN)
    assert "not still to come at the data cut" in WORDS.missing(RUBIN)
