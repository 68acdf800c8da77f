"""Answers to two instruments at one visit that hardly go together, as the instruments say."""

import pytest

from tests.conftest import few_at_once
from tests.monitored.errors import ODI, RMDQ
from tests.monitored.looking import looked_at, said, setting, where
from trialkit.checks.trial.contradictions import check_contradictions
from trialkit.schemas.instruments.contradicting import declared_contradictions
from trialkit.schemas.instruments.registry import INSTRUMENTS

ROW = {"subject_id": "W-010", "visit": "W6"}


def found(*spoil):
    hand = looked_at(*spoil)
    return check_contradictions(hand.schemas, hand.cells)


def test_utter_disability_without_pain_is_asked_about():
    hits = found(setting("odi", ROW, **dict.fromkeys(ODI, "4")), setting("nrs_pain", ROW, nrs="0"))

    assert where(hits) == [("W-010", "W6")]
    assert said(hits)["message"].iloc[0] == (
        "Disability (ODI): 80 % hardly goes together with 'Pain from 0 to 10' of the form 'Numerical "
        "rating scale of pain', which is 0 at the same visit. Correct the one that is wrong, or confirm "
        "both."
    )


@pytest.mark.parametrize(
    ("odi", "rmdq", "nrs", "contradicts"),
    few_at_once(
        [
            ("0", "no", "9", True),
            ("4", "no", "8", True),
            ("4", "yes", "8", False),
            ("0", "no", "0", False),
            ("2", "yes", "0", True),
        ],
        2,
    ),
)
def test_what_goes_together_is_not_asked_about(odi, rmdq, nrs, contradicts):
    hits = found(
        setting("odi", ROW, **dict.fromkeys(ODI, odi)),
        setting("rmdq", ROW, **dict.fromkeys(RMDQ, rmdq)),
        setting("nrs_pain", ROW, nrs=nrs),
    )

    assert bool(where(hits)) is contradicts


def test_forms_that_are_no_instruments_say_nothing():
    schemas = looked_at().schemas

    assert {each.form.id for each in declared_contradictions(schemas)} == {"odi", "rmdq"}


def test_every_contradiction_names_instruments_and_scores_that_there_are():
    for each in INSTRUMENTS.values():
        for said_ in each.contradictions:
            assert each.item_of(said_.score)
            assert INSTRUMENTS[said_.instrument].item_of(said_.other)
            assert (said_.low is None) != (said_.high is None)
            assert (said_.other_low is None) != (said_.other_high is None)
