"""A term that says that there is none is asked about, since its row is counted."""

from pathlib import Path

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.checks.trial.test_alike_terms import trial_of
from trialkit.checks.trial.words_for_none import check_words_for_none, says_none


@pytest.mark.parametrize(
    "text", ["None", "none.", " NO ", "N/A", "n.a.", "-", "--", "—", "No adverse events", "Nil"]
)
def test_words_and_signs_for_nothing(text: str) -> None:
    assert says_none(text)


@pytest.mark.parametrize(
    "text", ["Non-cardiac chest pain", "No appetite", "Nausea", "Numbness", "Nilotinib rash", "1"]
)
def test_other_words_are_terms(text: str) -> None:
    assert not says_none(text)


def test_each_row_is_asked_about_and_a_missing_code_is_not(tmp_path: Path) -> None:
    trial = trial_of("Nausea", "None", "UNK", "", "n/a")
    found = check_words_for_none(at_hand(trial, tmp_path).cells["diary"])
    assert said(found) == [
        ("diary", "what", "term_for_none", "soft", "S1", "", "None"),
        ("diary", "what", "term_for_none", "soft", "S1", "", "n/a"),
    ]
    assert messages(found)[0] == (
        "Event: 'None' says that there is none, but the row is counted as one. Take the row out, or "
        "blank the reason, if there was none; else enter what it was."
    )


def test_only_what_is_counted_by_its_words_is_looked_at(tmp_path: Path) -> None:
    trial = trial_of("None", purpose="site")
    assert check_words_for_none(at_hand(trial, tmp_path).cells["diary"]) == ()
