"""Raised citations go behind the stop after them, and back to where their author wrote them."""

import pytest

from trialkit.report.citing.stops import Runs, WrittenPlaces, behind_stops
from trialkit.report.content.marks import Citation, CitedWork, MarkedText
from trialkit.report.marks.reading import TextPlace, read_runs, tidied

A = Citation(works=(CitedWork(key="a"),))


def runs(text: str) -> Runs:
    return read_runs(text, TextPlace(file=""))


@pytest.mark.parametrize(
    "text",
    [
        "The article [@a], low back pain.",
        "Shown [@a].",
        "Shown. [@a] More.",
        "Shown.[@a] More.",
        "Smith et al. [@a] found it [@b].",
        "Both [@a] [@b], and [@a].",
        "Both[@a][@b] and, [@a] so",
        "*Shown,* [@a] and *that* [@b], too",
        "[@a] begins it.",
        "No stop [@a] here",
    ],
)
def test_what_nobody_edited_comes_back_as_it_was_written(text: str) -> None:
    written = runs(text)
    printed = tidied(behind_stops(written))
    assert tidied(WrittenPlaces([written]).put_back(printed)) == written


def test_a_citation_keeps_its_place_in_an_edited_sentence_and_a_new_one_stands_before_the_stop() -> (
    None
):
    places = WrittenPlaces([runs("The article [@a], low.")])
    edited = ("The famous article,", A, " very low.", A, " New,", A)
    assert tidied(places.put_back(edited)) == (
        "The famous article ", A, ", very low ", A, ". New ", A, ",",
    )  # fmt: skip
    assert tidied(WrittenPlaces([]).put_back((A, " so"))) == (A, " so")
    bold = MarkedText(text="all.", bold=True)
    assert tidied(WrittenPlaces([]).put_back((bold, A))) == (bold, " ", A)
