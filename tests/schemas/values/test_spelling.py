"""One meaning is one spelling; nothing else is joined."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from trialkit.protocol.tables.meaning import meaning, tidy
from trialkit.schemas.values.spelling import one_spelling


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
    assert spelled("SCHWEISS", "Schwei\N{LATIN SMALL LETTER SHARP S}") == ["SCHWEISS"] * 2


def test_other_words_are_other_meanings() -> None:
    apart = ["Adverse event", "Adverse events", "Adverse-event", "back pain", "backpain"]
    assert spelled(*apart) == apart


def test_what_says_nothing_is_missing() -> None:
    assert spelled("", None, " \N{NO-BREAK SPACE}", "x") == [None, None, None, "x"]
    assert one_spelling(pd.Series([None, None], dtype="object")).isna().all()
    assert one_spelling(pd.Series([], dtype="str")).empty


def test_categories_stay_those_of_the_form_in_its_order() -> None:
    severity = pd.Series(pd.Categorical(["b", None, "B"], categories=["B", "b"], ordered=True))
    assert one_spelling(severity) is severity


def test_rows_keep_their_names() -> None:
    texts = pd.Series(["a", "A"], index=["S2", "S1"], name="reason")
    pd.testing.assert_series_equal(one_spelling(texts), texts.replace("A", "a"))


words = st.text(alphabet="aA\u00e4\u00c4\u0308\u00df \N{NO-BREAK SPACE}\tb", max_size=5)


@given(st.lists(st.none() | words, max_size=8))
def test_two_texts_share_a_spelling_exactly_when_they_share_a_meaning(
    texts: list[str | None],
) -> None:
    found = spelled(*texts)
    for text, spelling in zip(texts, found, strict=True):
        if text is None or not meaning(text):
            assert spelling is None
            continue
        assert spelling is not None
        assert meaning(spelling) == meaning(text)
        own = [tidy(each) for each in texts if each and meaning(each) == meaning(text)]
        assert own.count(spelling) == max(map(own.count, own))
    assert len({each for each in found if each}) == len({meaning(t) for t in texts if t} - {""})
    assert spelled(*found) == found
