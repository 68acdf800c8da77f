"""Terms that a person reads as one are asked about; others, and other numbers, are not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.at_hand import at_hand, messages, said
from tests.miniature import Miniature
from trialkit.checks.trial.alike_terms import check_alike_terms, looks_of

TERM = """
[[items]]
id = "what"
label = "Event"
type = "text"
purpose = "{purpose}"
"""


def alike(one: str, other: str) -> bool:
    return bool(set(looks_of(one)) & set(looks_of(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Headache", "Headaches"),
        ("Headache", "Head ache"),
        ("Head-ache", "head aches"),
        ("diarrhoea", "Diarrhea"),
        ("oedema", "Edema"),
        ("Nausea", "Nasuea"),
        ("Vomiting", "Vomitting"),
        ("Lost to follow up", "lost to follow-up"),
        ("Grade 2 rashes", "grade 2 rash"),
    ],
)
def test_what_is_typed_slightly_otherwise_looks_alike(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hypertension", "Hypotension"),
        ("Hyperglycaemia", "Hypoglycaemia"),
        ("Rash", "Rush"),
        ("Grade 1 rash", "Grade 2 rash"),
        ("Vaccination 1", "Vaccination 11"),
        ("Arthritis", "Arthrosis"),
        ("?", "!"),
        ("Back pain", "Neck pain"),
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert not alike(one, other)


def trial_of(*terms: str, purpose: str = "event_term") -> Miniature:
    trial = Miniature()
    trial.forms["diary"] += TERM.format(purpose=purpose)
    rows = (f"S1,{number},,,{term}" for number, term in enumerate(terms, start=1))
    trial.data["diary"] = "\n".join(["subject_id,repeat,started,note,what", *rows]) + "\n"
    return trial


def test_the_rarer_term_is_asked_about_with_both_spellings_and_their_lines(tmp_path: Path) -> None:
    trial = trial_of("Headaches", "Headache", "headache ", "Nausea", "UNK", "")
    found = check_alike_terms(at_hand(trial, tmp_path).cells["diary"])
    assert said(found) == [("diary", "what", "lookalike_term", "soft", "S1", "", "Headaches")]
    asked = "Event: 'Headaches' (line 2) looks like 'Headache' (lines 3, 4): are they one?"
    then = "Correct the spelling, or confirm that they are two; so far they are counted as two."
    assert messages(found) == [f"{asked} {then}"]


def test_capitals_and_spaces_are_no_question(tmp_path: Path) -> None:
    trial = trial_of("Back pain", "back  pain", "BACK PAIN")
    assert check_alike_terms(at_hand(trial, tmp_path).cells["diary"]) == ()


def test_only_what_is_counted_by_its_words_is_looked_at(tmp_path: Path) -> None:
    trial = trial_of("Headaches", "Headache", purpose="site")
    assert check_alike_terms(at_hand(trial, tmp_path).cells["diary"]) == ()


@given(
    word=st.text("abcdefgh", min_size=7, max_size=20),
    place=st.integers(0, 6),
    letter=st.sampled_from("xyz"),
)
def test_one_letter_more_less_or_another_is_always_seen(word: str, place: int, letter: str) -> None:
    for other in (
        word[:place] + letter + word[place:],
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place + 1 :],
    ):
        assert alike(word, other), other
