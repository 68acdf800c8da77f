"""What a plan's comparisons within participants are called, with the ends of their periods."""

from pathlib import Path

import pytest

from tests.report.crossover_trial import write_crossover
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.crossover_options import PreferenceTest
from trialkit.protocol.methods.method import Response
from trialkit.report.words.en.methods.crossover_comparisons import (
    DIFFERENCE_WORDS,
    EVENTS_WORDS,
    MODEL_WORDS,
)
from trialkit.report.words.language.method_words import Telling


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    folder: Path = write_crossover(tmp_path_factory.mktemp("told") / "trial")
    protocol = load_protocol(folder)
    return Telling(outcomes=(protocol.outcome("pain"),), protocol=protocol, visits=2)


def test_the_ends_of_the_periods_are_named(told: Telling) -> None:
    said = DIFFERENCE_WORDS.describe(CrossoverDifference(response=Response.CHANGE), told)
    assert (
        "in the change from the start to the end of each period (end of period 1 and end of period 2)"
    ) in said
    assert "no analysis is chosen by them" in said
    assert DIFFERENCE_WORDS.short_name(CrossoverDifference()) == (
        "t test of two periods, value at its end"
    )


def test_a_model_says_what_it_is_adjusted_for(told: Telling) -> None:
    said = MODEL_WORDS.describe(
        CrossoverModel(covariates=("baseline", "demographics.age"), carry_over=True), told
    )
    assert (
        "adjusted for the period, the sequence, the value at the start of the period and age, years, "
        "with first-order carry-over in the model"
    ) in said
    assert "the sequence" not in MODEL_WORDS.describe(CrossoverModel(sequence=False), told)


def test_the_test_of_events_is_the_one_that_is_planned(told: Telling) -> None:
    said = EVENTS_WORDS.effect(CrossoverPreference(test=PreferenceTest.PRESCOTT))
    assert "Prescott's exact test" in said
    assert "of another kind than the limits" in said
