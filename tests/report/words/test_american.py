"""Our words in American English, and those of others as they wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.numbers.styles import STYLES, printed_in
from trialkit.report.words.en.american import STEMS, american, is_british, spelled


@pytest.mark.parametrize(
    ("british", "ours"),
    [
        ("Randomised, re-randomised and rerandomisation", "Randomized, re-randomized and rerandomization"),
        ("analysed; to analyse; two analyses; analyser", "analyzed; to analyze; two analyses; analyzer"),
        ("favours the centre's programme", "favors the center's program"),
        ("fulfilled, fulfil, fulfilment", "fulfilled, fulfill, fulfillment"),
        ("ENROLMENT, Enrolment, enrolled", "ENROLLMENT, Enrollment, enrolled"),
        ("unlabelled and labelled, modelling", "unlabeled and labeled, modeling"),
        ("programmed in R; greyhound", "programmed in R; grayhound"),
        ("percentile, promised, raised, exercise, concise", "percentile, promised, raised, exercise, concise"),
    ],
)  # fmt: skip
def test_words_are_respelled_whole(british: str, ours: str) -> None:
    assert american(british) == ours


@pytest.mark.parametrize("british", [stem for stem, _ in STEMS])
def test_what_is_american_stays(british: str) -> None:
    word = british.partition("(")[0]
    assert is_british(word)
    assert not is_british(american(word))


def test_words_of_others_stay_wherever_they_stand() -> None:
    kept = ("Randomised controls", "Colour", "colour of the randomised")
    text = "Participants randomised to randomised controls: the colour of the randomised favours Colour."
    assert american(text, kept=kept) == (
        "Participants randomized to randomised controls: the colour of the randomised favors Colour."
    )


def test_a_part_of_a_longer_word_is_not_somebody_elses() -> None:
    assert american("colours", kept=("colour",)) == "colors"


@given(st.text(alphabet="abc .(*+[", max_size=8), st.text(max_size=40))
def test_any_text_of_others_is_taken_literally(label: str, around: str) -> None:
    """Signs that a pattern would read are letters here."""
    other = f"Centre {label}".strip()
    said = f"{around} {other}"
    assert american(said, kept=(other,)).endswith(other)


def test_the_style_in_use_decides() -> None:
    with printed_in(STYLES[ReportStyle.JAMA]):
        assert spelled("Randomised") == "Randomized"
    with printed_in(STYLES[ReportStyle.BMJ]):
        assert spelled("Randomised") == "Randomised"
