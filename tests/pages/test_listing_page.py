"""The nouns of the page of findings: what each state is called, and which sign stands for it."""

from trialkit.pages.listing_page import (
    COMPLETE,
    HARD,
    LATE,
    MISSING,
    NOT_DUE,
    NOT_EXPECTED,
    SOFT,
    STATES,
)


def test_each_state_has_the_sign_and_the_words_of_its_own():
    told = {state: (state.name, state.sign, state.words) for state in (*STATES, NOT_EXPECTED)}

    assert told == {
        COMPLETE: ("complete", "✓", "there, nothing open"),
        SOFT: ("soft", "?", "there, with a soft finding"),
        HARD: ("hard", "!", "there, with a hard finding"),
        MISSING: ("missing", "✗", "due, and not there"),
        LATE: ("late", "»", "entered with a date after the data cut"),
        NOT_DUE: ("not-due", "·", "nothing there, nothing due"),
        NOT_EXPECTED: ("none", "", "not expected"),
    }


def test_the_states_are_counted_from_what_is_there_to_what_is_not_due():
    assert STATES == (COMPLETE, SOFT, HARD, MISSING, LATE, NOT_DUE)
