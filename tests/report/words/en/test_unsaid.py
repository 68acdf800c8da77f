"""What stands where something should be said, and says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.report.words.en.unsaid import is_said

NOTHING = [
    "", "  ", "-", "\N{EN DASH}", "\N{EM DASH}", "...", "\N{HORIZONTAL ELLIPSIS}", "?", "??", "n/a", "N/A.",
    "NA", "n.k.", "None", "none.", "NONE", "None; the size follows from feasibility", "None: see protocol",
    "None \N{EM DASH} not stated", "TBD", "tbd.", "T.B.D.", "TBA", "TODO", "To do", "to be determined",
    "To be added later.", "to be confirmed", "xxx", "XXXX", "x x x", "See above", "see above.", "as above",
    "Lorem ipsum dolor sit amet", "Not reported", "Not reported in the accessible sources",
    "It was not reported.", "This is not described", "Never stated", "Unreported", "Was not recorded.",
    "No information was available", "No details are given in the sources", "[describe who]", "<text>",
    "{name of the registry}", "Fill in", "fill this in", "Unknown", "unclear", "placeholder", "pending",
    "Not applicable", "TBD: ask the department", "Todo write this",
]  # fmt: skip
SOMETHING = [
    "Central telephone service", "No exclusion criteria were applied.", "No change was made.",
    "None of the participants was lost", "Nonetheless blinded assessors", "Notes were reported by nurses",
    "Unclear lesions were excluded", "The pending approval was given on 3 March", "Texts were sent weekly",
    "Nationwide", "A statistician who took no part in enrolment", "Adults [18 to 60 years]",
    "See above 60 mmHg", "To be eligible they had to walk", "Not all assessors were blinded", "X-rays",
    "The unit did not report to the sponsor", "Todorov's list", "Tba1 protein", "12", "No details were withheld",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_it_says_nothing(text: str) -> None:
    assert not is_said(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_it_says_something(text: str) -> None:
    assert is_said(text)


@pytest.mark.parametrize("text", ["None", "none.", "Nil", "None; the authors paid"])
def test_none_is_an_answer_where_one_can_ask_which(text: str) -> None:
    assert is_said(text, none_answers=True)
    assert not is_said(text)


@given(st.sampled_from([*NOTHING, *SOMETHING]), st.sampled_from(["", " ", "\n", "\t "]))
def test_case_and_white_space_change_nothing(text: str, space: str) -> None:
    assert is_said(text) == is_said(f"{space}{text.upper()}{space}") == is_said(text.lower())
