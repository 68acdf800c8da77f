"""Whose protocol of which version it is, and who signs it, with all that is not stated said as such."""

from dataclasses import replace
from datetime import date

from tests.report.factory import made_up_protocol
from trialkit.protocol.trial.responsible import Contributor, ProtocolAmendment, Sponsor
from trialkit.report.content.content import Section
from trialkit.report.content.tables import Table
from trialkit.report.numbers.numbers import day
from trialkit.report.plan.front import (
    contributors,
    front_lines,
    signatures,
    sponsor,
    version,
    version_words,
)

ADA = Contributor(
    name="Ada Bee", role="Principal investigator", affiliation="Town clinic", signs=True
)
BEN = Contributor(name="Ben Cee", role="Wrote the plan")


def table_of(section: Section) -> Table:
    return next(block for block in section.blocks if isinstance(block, Table))


def test_the_lines_under_the_title_say_what_is_stated() -> None:
    made = made_up_protocol()
    full = replace(
        made,
        trial=replace(made.trial, acronym="MUT"),
        documents=replace(made.documents, version="2.0", version_date=date(2025, 3, 3)),
        sponsor=Sponsor(name="Town clinic"),
    )
    assert front_lines(full, "SPIRIT 2025") == (
        "Acronym: MUT",
        "Registered as REG123",
        f"Protocol version 2.0 of {day(date(2025, 3, 3))}",
        "Sponsor: Town clinic",
        "Funding: A foundation",
        "Written after SPIRIT 2025",
    )


def test_what_is_not_stated_is_said_to_be_not_stated() -> None:
    made = made_up_protocol()
    bare = replace(
        made,
        registration=None,
        sponsor=Sponsor(name="TBD"),
        funding=replace(made.funding, source=""),
    )
    assert front_lines(bare, "SPIRIT 2025") == (
        "Not registered yet, or not stated where",
        "Protocol version not stated",
        "Sponsor not stated",
        "Funding not stated",
        "Written after SPIRIT 2025",
    )


def test_a_version_without_its_day_says_so() -> None:
    made = made_up_protocol()
    for text, words in (
        ("1.2", "Protocol version 1.2, date not stated"),
        ("1.2, 3 March 2025", "Protocol version 1.2, 3 March 2025"),
        ("1.1", "Protocol version 1.1, date not stated"),
        ("2", "Protocol version 2, date not stated"),
        ("final", "Protocol version final, date not stated"),
        ("TBD", "Protocol version not stated"),
    ):
        dated = replace(made, documents=replace(made.documents, version=text))
        assert version_words(dated) == words


def test_amendments_are_listed_with_version_day_change_and_reason() -> None:
    amended = replace(
        made_up_protocol(),
        amendments=(
            ProtocolAmendment(
                version="1.1", date=date(2025, 2, 1), changes="A second site", reason="Slow"
            ),
            ProtocolAmendment(version="1.2", date=date(2025, 3, 3), changes="A form more"),
        ),
    )
    _, table = version(amended, "a" * 64)
    assert isinstance(table, Table)
    assert [(row.head, *(cell.text for cell in row.cells)) for row in table.rows] == [
        ("1.1", day(date(2025, 2, 1)), "A second site", "Slow"),
        ("1.2", day(date(2025, 3, 3)), "A form more", "not stated"),
    ]
    assert version(made_up_protocol(), "a" * 64)[1] is None


def test_who_signs_has_a_line_and_who_does_not_has_none() -> None:
    named = replace(
        made_up_protocol(), sponsor=Sponsor(name="Town clinic"), contributors=(ADA, BEN)
    )
    table = table_of(signatures(named))
    assert [(group.head, group.rows[0].head) for group in table.groups][1:] == [
        ("Principal investigator, Town clinic", "Ada Bee")
    ]
    assert table.groups[0].head == "For the sponsor, Town clinic"
    assert "not an electronic signature" in table.notes[0]


def test_a_protocol_that_names_nobody_has_lines_for_the_usual_ones() -> None:
    heads = [group.head for group in table_of(signatures(made_up_protocol())).groups]
    assert heads == ["For the sponsor", "Principal investigator", "Statistician"]


def test_a_contributor_of_whom_less_is_known_leaves_the_row_open() -> None:
    assert contributors(made_up_protocol()) is None
    told = contributors(replace(made_up_protocol(), contributors=(ADA, BEN)))
    assert told is not None
    assert [claim.lacks for claim in told.claims] == ["not said for Ben Cee"]


def test_a_sponsor_that_is_a_placeholder_answers_nothing() -> None:
    named, role = sponsor(
        replace(made_up_protocol(), sponsor=Sponsor(name="TBD", contact="1 Road"))
    )
    assert named is not None
    assert [claim.part for claim in named.claims] == ["contact"]
    assert role is None
    assert sponsor(made_up_protocol()) == (None, None)
