"""The difference between arms that matters is the plan's, lies on the side of better, and has its scale."""

from dataclasses import replace

import pytest

from tests.report.factory import better, made_up_protocol, outcome
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.report.tables.definitions import outcome_definitions
from trialkit.report.words.en.important_difference import (
    important_difference_words,
    important_effect,
)
from trialkit.results.effect import Scale

PAIN = replace(
    outcome("pain", role=OutcomeRole.PRIMARY, time_point="V1"),
    important_difference=8.5,
    important_difference_source="A panel of patients.",
)
BETTER = replace(better("V1"), important_difference=0.1)


def test_it_is_told_with_its_unit_and_its_source() -> None:
    assert important_difference_words(PAIN) == "Pain: 8.5 mm (A panel of patients)"
    assert important_difference_words(BETTER) == "Much better: 10 percentage points"


def test_the_table_of_definitions_notes_it_where_it_is_stated() -> None:
    made = made_up_protocol()
    notes = outcome_definitions(replace(made, outcomes=(PAIN, BETTER))).notes
    assert "Important difference between arms, Pain: 8.5 mm (A panel of patients)." in notes
    assert "Important difference between arms, Much better: 10 percentage points." in notes
    assert not [each for each in outcome_definitions(made).notes if "between arms" in each]


@pytest.mark.parametrize(
    ("one", "scale", "lower", "at"),
    [
        (PAIN, Scale.DIFFERENCE, True, -8.5),
        (PAIN, Scale.DIFFERENCE, False, 8.5),
        (PAIN, Scale.RATIO, False, None),
        (PAIN, Scale.PERCENTAGE_POINTS, False, None),
        (BETTER, Scale.PERCENTAGE_POINTS, False, 0.1),
        (BETTER, Scale.DIFFERENCE, False, None),
        (replace(PAIN, important_difference=None), Scale.DIFFERENCE, True, None),
    ],
)
def test_it_lies_where_the_experimental_arm_is_better_on_its_own_scale(
    one: Outcome, scale: Scale, lower: bool, at: float | None
) -> None:
    assert important_effect(one, scale, lower_is_better=lower) == at


@pytest.mark.parametrize(
    ("one", "changes", "words"),
    [
        (PAIN, {"important_difference": 0.0}, "must be above 0, got 0"),
        (PAIN, {"important_difference": -2.0}, "must be above 0, got -2"),
        (BETTER, {"important_difference": 10.0}, "a share below 1, got 10"),
        (PAIN, {"type": OutcomeType.COUNT}, "one of means, or of risks as a share, not of a count"),
    ],
)
def test_what_cannot_be_one_is_refused(one: Outcome, changes: dict, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        replace(one, **changes)
