"""One meaning is one spelling; nothing else is joined."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from trialkit.schemas.values.spelling import meaning, one_spelling, tidy


def spelled(*texts: str | None) -> list[str | None]:
    found = one_spelling(pd.Series(texts, dtype="str"))
    return [None if pd.isna(each) else each for each in found]


def test_the_most_frequent_spelling_stands_for_its_meaning() -> None:
    assert spelled("nausea", "Nausea", "Nausea", "NAUSEA") == ["Nausea"] * 4


def test_of_equally_frequent_spellings_the_first_stands() -> None:
    assert spelled("nausea", "Nausea") == ["nausea"] * 2
    assert spelled("Nausea", "nausea") == ["Nausea"] * 2


def test_white_space_means_nothing_wherever_it_is() -> None:
    assert (
        spelled(" back  pain", "back\N{NO-BREAK SPACE}pain ", "Back\tpain\n") == ["back pain"] * 3
    )


def test_letters_are_the_same_however_they_are_composed() -> None:
    assert (
        spelled("Pr\N{LATIN SMALL LETTER U WITH DIAERESIS}fung", "Pru\u0308fung")
        == ["Pr\N{LATIN SMALL LETTER U WITH DIAERESIS}fung"] * 2
    )
