"""Comparisons with a margin are told with margin, level and limits, and concluded in words."""

from dataclasses import replace

import pytest

from tests.report.rows import statistics
from tests.report.words.specifications import PROTOCOL, told
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.report.words.en.methods.every_method import METHODS
from trialkit.report.words.en.methods.margin_comparison import words
from trialkit.report.words.language.method_words import Conclusion
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat

WORDS = words(METHODS)
NON_INFERIOR = MarginComparison(method=Method.NON_INFERIORITY, margin=2.5)
EQUIVALENT = MarginComparison(
    method=Method.EQUIVALENCE, margin=4, alpha=0.05, response=Response.FINAL
)


def test_the_description_says_what_is_held_against_which_margin_how() -> None:
    assert WORDS.describe(NON_INFERIOR, told()) == (
        "non-inferiority of the change from baseline (week 8) with a margin of 2.5, by Welch's t "
        "test against the margin at a one-sided level of 0.025, with 95% confidence intervals"
    )
    assert WORDS.describe(EQUIVALENT, told()) == (
        "equivalence of the final value (week 8) with a margin of 4, by Welch's t test against the "
        "margin at a one-sided level of 0.05, with 90% confidence intervals"
    )
    assert WORDS.describe(replace(EQUIVALENT, margin=0.1), told("better")) == (
        "equivalence of the proportion (week 8) with a margin of 0.1, by Miettinen and Nurminen's "
        "score test against the margin at a one-sided level of 0.05, with 90% confidence intervals"
    )


def test_short_name_effect_and_sides_name_question_and_margin() -> None:
    assert WORDS.short_name(NON_INFERIOR) == "non-inferiority, margin 2.5"
    assert WORDS.short_name(EQUIVALENT) == "equivalence, margin 4"
    assert WORDS.effect(EQUIVALENT) == (
        "difference (equivalence, margin 4; p is one-sided, against the margin)"
    )
    assert WORDS.sides(NON_INFERIOR) == "one-sided "
    assert WORDS.response(NON_INFERIOR) is Response.CHANGE
    assert WORDS.response(EQUIVALENT) is Response.FINAL
    said = "P values of comparisons with a margin are one-sided, against the margin."
    assert WORDS.notes(EQUIVALENT) == (said,)
    assert [(claim.item, claim.part, claim.checklist) for claim in WORDS.answers] == [
        ("2b", "margin", "margins")
    ]


def concluded(
    own: MarginComparison,
    low: float | None,
    high: float | None,
    direction: Direction = Direction.HIGHER,
) -> str:
    """What is said of an interval of the second arm less the reference arm."""
    found = statistics({Stat.CONF_LOW: low, Stat.CONF_HIGH: high, Stat.MARGIN: own.margin})
    outcome = replace(PROTOCOL.outcome("pain"), direction=direction)
    about = Conclusion(found=found, outcome=outcome, arm=PROTOCOL.arm("A2"), protocol=PROTOCOL)
    return WORDS.conclude(own, about)


SHOWN = "Arm 2 is non-inferior to Arm 0: the whole interval excludes being worse by the margin"
NOT_SHOWN = "Arm 2 was not shown to be non-inferior to Arm 0: the interval reaches the margin"
SAME = "Arm 2 is equivalent to Arm 0: the whole interval lies within the margin"
NOT_SAME = "Arm 2 was not shown to be equivalent to Arm 0: the interval reaches the margin"
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


@pytest.mark.parametrize(
    ("own", "low", "high", "direction", "words"),
    [
        (NON_INFERIOR, -2.4, 3, HIGHER, f"{SHOWN} (margin 2.5)"),
        (NON_INFERIOR, -2.5, 3, HIGHER, f"{NOT_SHOWN} (margin 2.5)"),
        # where lower is better, what is above zero is worse
        (NON_INFERIOR, -3, 2.4, LOWER, f"{SHOWN} (margin 2.5)"),
        (NON_INFERIOR, -3, 2.5, LOWER, f"{NOT_SHOWN} (margin 2.5)"),
        (EQUIVALENT, -3.9, 3.9, HIGHER, f"{SAME} (margin 4)"),
        (EQUIVALENT, -3.9, 4, HIGHER, f"{NOT_SAME} (margin 4)"),
        (EQUIVALENT, -4, 3.9, LOWER, f"{NOT_SAME} (margin 4)"),
        (
            EQUIVALENT, 5, 6, LOWER,
            "Arm 2 is worse than Arm 0 by more than the margin (margin 4)",
        ),
        (
            EQUIVALENT, 5, 6, HIGHER,
            "Arm 2 is better than Arm 0 by more than the margin (margin 4)",
        ),
    ],
)  # fmt: skip
def test_the_interval_is_concluded_from_with_its_margin(
    own: MarginComparison, low: float, high: float, direction: Direction, words: str
) -> None:
    assert concluded(own, low, high, direction) == words


def test_without_both_limits_nothing_is_concluded() -> None:
    assert concluded(NON_INFERIOR, None, 3) == ""
    assert concluded(NON_INFERIOR, -1, None) == ""


BY_ANCOVA = MarginComparison(
    method=Method.NON_INFERIORITY, margin=2.5, model=Ancova(covariates=("demographics.age",))
)
RATIO = MarginComparison(
    method=Method.EQUIVALENCE, margin=0.8, alpha=0.05, scale=Scale.RISK_RATIO,
    model=StandardisedRiskComparison(),
)  # fmt: skip


def test_a_model_is_told_by_its_own_words_and_how_it_is_held_against_the_margin() -> None:
    assert WORDS.describe(BY_ANCOVA, told()) == (
        "non-inferiority with a margin of 2.5, by analysis of covariance of the final value (week 8), "
        "adjusted for age, years; the effect is the adjusted difference between arms; its effect is "
        "held against the margin by its standard error (of a ratio that of its logarithm) at a "
        "one-sided level of 0.025, with 95% confidence intervals; p is of this test"
    )
    assert WORDS.short_name(BY_ANCOVA) == (
        "non-inferiority, margin 2.5 (analysis of covariance, final value)"
    )
    assert WORDS.effect(BY_ANCOVA) == (
        "adjusted difference (analysis of covariance), held against a margin (non-inferiority, margin "
        "2.5; p is one-sided, against the margin)"
    )
    assert WORDS.effect_in_text(BY_ANCOVA) == "The adjusted difference between arms"
    assert WORDS.response(BY_ANCOVA) is Response.FINAL
    assert WORDS.missing(replace(BY_ANCOVA, model=Mmrm())).startswith("uses every value observed")


def test_an_estimate_beside_the_effect_of_a_model_is_named() -> None:
    text = WORDS.describe(RATIO, told("better"))
    assert "; the risk ratio is held against the margin by its standard error" in text
    assert "with 90% confidence intervals" in text
    assert WORDS.effect(RATIO).startswith("risk ratio (standardised risks), held against a margin")
    assert WORDS.tells(RATIO) == {Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.85, 1.2, "Arm 2 is equivalent to Arm 0: the whole interval lies within the margin"),
        (
            0.79,
            1.2,
            "Arm 2 was not shown to be equivalent to Arm 0: the interval reaches the margin",
        ),
        (
            0.85,
            1.26,
            "Arm 2 was not shown to be equivalent to Arm 0: the interval reaches the margin",
        ),
    ],
)
def test_a_ratio_is_equivalent_between_its_margin_and_the_inverse(
    low: float, high: float, said: str
) -> None:
    found = statistics({Stat.CONF_LOW: low, Stat.CONF_HIGH: high, Stat.MARGIN: RATIO.margin})
    about = Conclusion(
        found=found, outcome=PROTOCOL.outcome("better"), arm=PROTOCOL.arm("A2"), protocol=PROTOCOL
    )
    assert WORDS.conclude(RATIO, about) == f"{said} (margin 0.8)"
