"""The rules on words find what they should in the author's and the protocol's words, and only that."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol, said
from tests.report.lint.evidence import ERROR, WARNING, evidence_on, said_by
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.text_rules import (
    another_guideline,
    bare_p_in_words,
    block_sizes_in_words,
    leaks,
    leaks_in_words,
)

TRIAL = made_up_protocol()
OPEN, CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"


def bare(*sentences: str) -> list[str]:
    evidence = evidence_on(TRIAL, statements=(said("29", *sentences),))
    return [text for _, text in said_by(bare_p_in_words, evidence)]


@pytest.mark.parametrize(
    ("words", "hidden"),
    [
        ("p > 0.05", "p > 0.05"), ("P>.05", "P>.05"), ("p >= 0.05", "p >= 0.05"),
        ("p\N{GREATER-THAN OR EQUAL TO}0.05", "p\N{GREATER-THAN OR EQUAL TO}0.05"),
        ("p = 0.000", "p = 0.000"), ("p=.00", "p=.00"), ("it was NS, again", "NS"),
        ("N.S. in both", "N.S."), ("(NS)", "NS"), ("NS", "NS"),
    ],
)  # fmt: skip
def test_a_p_value_that_hides_is_quoted(words: str, hidden: str) -> None:
    assert bare(words) == [f"statements/29.md says {OPEN}{hidden}{CLOSE}."]


@pytest.mark.parametrize(
    "words",
    ["p = 0.06", "p < 0.05", "p = 0.05", "p > 0.051", "p = 0.0004", "NSAIDs", "ns",
     "step > 0.05", "answers"],
)  # fmt: skip
def test_a_p_value_that_is_given_is_left_alone(words: str) -> None:
    assert bare(words) == []


def test_each_sentence_of_each_statement_is_read_and_its_file_named() -> None:
    statements = (said("29", "It was NS. Then p > 0.05!", "All was well."), said("30", "p = 0.00"))
    evidence = evidence_on(TRIAL, statements=statements)
    notices = list(bare_p_in_words(evidence))
    assert [each.place for each in notices] == [
        "statements/29.md", "statements/29.md", "statements/30.md",
    ]  # fmt: skip
    assert {each.severity for each in notices} == {ERROR}
    assert [each.found.split(OPEN)[1] for each in notices] == [
        f"NS.{CLOSE}.", f"p > 0.05{CLOSE}.", f"p = 0.00{CLOSE}.",
    ]  # fmt: skip


def guided(name: str) -> Protocol:
    return replace(TRIAL, trial=replace(TRIAL.trial, guideline=name))


@pytest.mark.parametrize(
    ("chosen", "newer"),
    [("CONSORT 2010", ""), ("STROBE", ""), ("CONSORT 2026", ", which is older")],
)
def test_another_guideline_is_an_error_and_a_newer_one_is_said_to_be_so(
    chosen: str, newer: str
) -> None:
    evidence = evidence_on(guided(chosen))
    assert said_by(another_guideline, evidence) == [
        (
            ERROR,
            (
                f"The protocol chooses {chosen}, but this report and its checklist follow CONSORT "
                f"2025{newer}; their numbers differ."
            ),
        )
    ]
    assert [each.place for each in another_guideline(evidence)] == ["[trial] guideline"]


@pytest.mark.parametrize("chosen", ["CONSORT 2025", "consort 2025"])
def test_the_guideline_of_the_report_is_nothing_to_speak_of(chosen: str) -> None:
    assert said_by(another_guideline, evidence_on(guided(chosen))) == []


def guideline_words(words: str) -> list[str]:
    evidence = evidence_on(TRIAL, statements=(said("30", words),))
    notices = list(another_guideline(evidence))
    assert {(each.severity, each.place) for each in notices} <= {(WARNING, "statements/30.md")}
    return [each.found for each in notices]


def test_older_versions_in_words_are_named() -> None:
    for name in ("CONSORT 2010", "consort 2001", "CONSORT statement 1996"):
        found = guideline_words(f"It follows {name}.")
        assert found == [f"statements/30.md names {name}; this report follows CONSORT 2025."]
    assert guideline_words("It follows CONSORT 2025 of 2010.") == []


def test_an_item_that_the_guideline_does_not_have_is_named() -> None:
    """CONSORT 2025 has 30 items; 21 is there as 21a to 21d, and 21e is not."""
    words = "See CONSORT item 31, CONSORT 2025 item 21e, CONSORT item 21, CONSORT item 21d."
    assert guideline_words(words) == [
        f"statements/30.md names CONSORT item {item}, which CONSORT 2025 does not have."
        for item in ("31", "21e")
    ]
    assert guideline_words("See item 31 of the other list, and CONSORT item 30.") == []


PLACES = (
    "[randomisation] sequence",
    "[randomisation] concealment",
    "[randomisation] implementation",
    "[blinding] how",
    "[trial] changes",
    "[trial] setting",
    "[sample_size] justification",
)


def leaking(place: str, words: str) -> Protocol:
    """The trial with these words at a place of the protocol."""
    table, _, key = place.partition(" ")
    name = table.strip("[]")
    value = ("Nothing else", words) if key == "changes" else words
    return replace(TRIAL, **{name: replace(getattr(TRIAL, name), **{key: value})})


@pytest.mark.parametrize("place", PLACES)
def test_block_sizes_are_found_wherever_the_protocol_has_words(place: str) -> None:
    protocol = leaking(place, "In blocks of four")
    assert leaks(protocol) == (place,)
    (notice,) = block_sizes_in_words(evidence_on(protocol))
    assert (notice.severity, notice.place) == (ERROR, place)
    assert notice.found.startswith(f"{place} names block sizes, which ")


def test_places_that_leak_are_listed_in_order() -> None:
    both = leaking("[trial] setting", "block size 6")
    both = replace(both, randomisation=replace(both.randomisation, sequence="4 per block"))
    assert leaks_in_words(both) == "[randomisation] sequence and [trial] setting"
    assert leaks_in_words(TRIAL) == ""
    assert leaks(replace(TRIAL, sample_size=None)) == ()
