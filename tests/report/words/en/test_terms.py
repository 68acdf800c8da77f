"""The shared words of English say which option was chosen, and every option has words of its own."""

from dataclasses import replace
from enum import Enum
from typing import Any

import pytest

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.comparisons import (
    Adjustment,
    Alternative,
    IntervalMethod,
    ProportionTest,
)
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.methods.method import Response
from trialkit.protocol.trial.people import Characteristic
from trialkit.report.words.en.terms import (
    ADJUSTMENTS,
    INTERVALS,
    ROMAN,
    STANDARDISERS,
    TESTS,
    adjusted_for,
    covariate_words,
    covariates_listed,
    response_label,
    several_arms,
    sides,
    time_points,
    value_of,
)
from trialkit.results.effect import StandardisedBy

TRIAL = replace(
    made_up_protocol(visits=3),
    characteristics=(
        Characteristic(form="demographics", item="age", label="Age, years"),
        Characteristic(form="visit", item="age", label="Age at the visit"),
        Characteristic(form="demographics", item="sex"),
    ),
)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (INTERVALS, set(IntervalMethod)),
        (TESTS, set(ProportionTest)),
        (STANDARDISERS, set(StandardisedBy)),
        (ADJUSTMENTS, set(Adjustment) - {Adjustment.NONE}),
    ],
)
def test_every_option_has_words_of_its_own(words: dict[Enum, str], options: set[Enum]) -> None:
    assert set(words) == options
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (INTERVALS[IntervalMethod.NEWCOMBE], ["Newcombe", "score"]),
        (INTERVALS[IntervalMethod.NEWCOMBE_CORRECTED], ["Newcombe", "continuity corrected"]),
        (INTERVALS[IntervalMethod.MIETTINEN_NURMINEN], ["Miettinen", "Nurminen"]),
        (INTERVALS[IntervalMethod.MEE], ["Mee"]),
        (INTERVALS[IntervalMethod.WALD], ["Wald"]),
        (INTERVALS[IntervalMethod.WALD_CORRECTED], ["Wald", "continuity corrected"]),
        (TESTS[ProportionTest.FISHER_EXACT], ["Fisher", "exact"]),
        (TESTS[ProportionTest.CHI_SQUARE_CORRECTED], ["continuity-corrected chi-squared"]),
        (TESTS[ProportionTest.CHI_SQUARE_N_MINUS_1], ["N \N{MINUS SIGN} 1"]),
        (TESTS[ProportionTest.LIKELIHOOD_RATIO], ["likelihood ratio"]),
        (ADJUSTMENTS[Adjustment.BENJAMINI_HOCHBERG], ["Hochberg", "false discovery"]),
        (ADJUSTMENTS[Adjustment.BENJAMINI_YEKUTIELI], ["Yekutieli", "false discovery"]),
        (ADJUSTMENTS[Adjustment.FIXED_SEQUENCE], ["fixed sequence"]),
    ],
)
def test_words_name_who_devised_the_method(words: str, says: list[str]) -> None:
    assert all(each in words for each in says)


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_an_adjustment_goes_by_its_name(adjustment: Adjustment) -> None:
    names = adjustment.value.split("-")
    assert all(name in ADJUSTMENTS[adjustment].casefold() for name in names)


@pytest.mark.parametrize("by", StandardisedBy)
def test_a_standardiser_is_of_the_change_or_of_the_final_value(by: StandardisedBy) -> None:
    words = STANDARDISERS[by]
    assert ("of the final value" in words) is by.of_final
    assert ("of the change" in words) is not by.of_final
    for name, said in (
        ("pooled", "pooled"),
        ("average", "root mean square"),
        ("reference", "the reference arm's"),
        ("own", "its own"),
    ):
        assert (said in words) is by.name.lower().startswith(name)


def test_types_of_sums_of_squares_have_roman_numbers() -> None:
    assert ROMAN == {1: "I", 2: "II", 3: "III"}


def test_the_value_that_is_compared_has_a_name_and_a_time() -> None:
    assert value_of(Response.FINAL, "week 4") == "final value (week 4)"
    assert value_of(Response.CHANGE, "week 8") == "change from baseline (week 8)"
    assert response_label(Response.FINAL) == "final value"
    assert response_label(Response.CHANGE) == "change"


def test_a_test_is_two_sided_or_looks_one_way() -> None:
    assert sides(Alternative.TWO_SIDED) == "two-sided"
    assert sides(Alternative.LESS) == "one-sided (less)"
    assert sides(Alternative.GREATER) == "one-sided (greater)"


@pytest.mark.parametrize(
    ("adjustment", "whose"),
    [
        (ContrastAdjustment.BONFERRONI, "Bonferroni"),
        (ContrastAdjustment.HOLM, "Holm, their intervals after Bonferroni"),
        (ContrastAdjustment.TUKEY, "Tukey and Kramer"),
        (ContrastAdjustment.DUNNETT, "Dunnett"),
        (ContrastAdjustment.NONE, ""),
    ],
)
def test_comparisons_of_several_arms_say_which_and_how_adjusted(
    adjustment: ContrastAdjustment, whose: str
) -> None:
    said = f". Comparisons of several arms are adjusted after {whose}" if whose else ""
    assert several_arms(adjustment=adjustment) == said
    pairs = ". Every arm is compared with every other"
    assert several_arms(Comparisons.ALL_PAIRS, adjustment) == f"{pairs}{said}"
    assert several_arms(Comparisons.REFERENCE, adjustment) == said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("baseline", "the outcome's baseline value"),
        ("demographics.age", "age, years"),
        ("visit.age", "age at the visit"),
        ("demographics.sex", "demographics.sex"),
        ("other.age", "other.age"),
    ],
)
def test_a_covariate_is_named_as_readers_know_it(name: str, words: str) -> None:
    assert covariate_words(name, TRIAL) == words


def test_covariates_are_listed_in_their_order() -> None:
    names = ("demographics.age", "baseline")
    listed = "age, years and the outcome's baseline value"
    assert covariates_listed(names, TRIAL) == listed
    assert adjusted_for(names, TRIAL) == f", adjusted for {listed}"
    assert covariates_listed((), TRIAL) == adjusted_for((), TRIAL) == ""


def test_time_points_are_named_once_in_the_order_of_the_outcomes() -> None:
    pain = TRIAL.outcome("pain")

    def at(*visits: str) -> str:
        outcomes: list[Any] = [replace(pain, time_point=visit) for visit in visits]
        return time_points(outcomes, TRIAL)

    assert at("V2") == "week 8"
    assert at("V2", "V1", "V2") == "week 8 and week 4"
    assert at("V0", "V1", "V2") == "baseline, week 4 and week 8"
