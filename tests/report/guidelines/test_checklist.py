"""The checklist ticks what the report prints, and nothing because a field is filled."""

import re
from dataclasses import replace

import pytest

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import (
    content_of,
    every_author_statement,
    made_up_line,
    made_up_protocol,
    page_in_words,
    said,
)
from trialkit.errors import ReportError
from trialkit.protocol.trial.conduct import (
    Blinded,
    Blinding,
    Harms,
    Randomisation,
    RandomisationType,
)
from trialkit.protocol.trial.people import Eligibility
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import (
    Documents,
    Framework,
    Funding,
    NotReported,
    Objectives,
    Trial,
)
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Section
from trialkit.report.content.text import Paragraph
from trialkit.report.guidelines.checklist import (
    COLUMNS,
    checklists_frame,
    consort_2025,
    fill_checklist,
    lacking,
    what_is_missing,
)
from trialkit.report.guidelines.extensions import all_extensions

NUMBERS = [
    "1a",
    "1b",
    "2",
    "3",
    "4",
    "5a",
    "5b",
    "6",
    "7",
    "8",
    "9",
    "10",
    "11",
    "12a",
    "12b",
    "13",
    "14",
    "15",
    "16a",
    "16b",
    "17a",
    "17b",
    "18",
    "19",
    "20a",
    "20b",
    "21a",
    "21b",
    "21c",
    "21d",
    "22a",
    "22b",
    "23a",
    "23b",
    "24a",
    "24b",
    "25",
    "26",
    "27",
    "28",
    "29",
    "30",
]


def test_there_are_the_42_rows_of_consort_2025_in_30_items() -> None:
    guideline = consort_2025()
    assert list(guideline.numbers) == NUMBERS
    assert len({re.match(r"\d+", number)[0] for number in guideline.numbers}) == 30  # type: ignore[index]
    assert "CC BY 4.0" in guideline.attribution
    assert "BMJ 2025;389:e081123" in guideline.attribution


def test_only_five_rows_may_be_not_applicable() -> None:
    rows = consort_2025().requirements
    assert {row.number for row in rows if row.may_be_na} == {"10", "12b", "16b", "20b", "23b"}


@pytest.mark.parametrize("row", consort_2025().requirements, ids=lambda row: row.number)
def test_every_row_says_what_it_asks_and_who_can_answer(row) -> None:  # type: ignore[no-untyped-def]
    assert row.requirement.endswith(".")
    assert row.parts
    assert set(row.author) <= set(row.parts)


@pytest.mark.parametrize("name", few_at_once(["three_arms", "example"], 1))
def test_every_tick_leads_to_a_place_in_the_page(name: str, request) -> None:
    content = content_of(request.getfixturevalue(name))
    ids = set(re.findall(r'\bid="([^"]+)"', page_in_words(content)))
    for row in content.checklist.rows:
        assert row.places
        assert {place.anchor for place in row.places} <= ids, row.number


def test_with_all_statements_everything_is_reported_or_says_why_not() -> None:
    content = content_of(made_up_line(), statements=every_author_statement())
    rows = {row.number: row for row in content.checklist.rows}
    assert {number for number, row in rows.items() if not row.status.is_reported} == set()


def test_a_trial_without_statements_shows_what_is_missing() -> None:
    content = content_of(made_up_line())
    missing = {row.number for row in content.checklist.rows if row.status is RowStatus.MISSING}
    assert missing == {"5b", "6", "8", "23b", "29", "30"}
    page = page_in_words(content)
    for number in missing:
        assert f"Author statement required – CONSORT {number}" in page


def test_two_blocks_that_lack_of_one_part_are_both_told() -> None:
    claims = [
        Claim(item="26", part="effect", source=ClaimSource.DATA, lacks=lacks)
        for lacks in ("not for Pain", "not for Strength", "not for Pain")
    ]
    assert what_is_missing(claims, ("effect", "result")) == (
        "Still to be said: effect (not for Pain; not for Strength), result."
    )


def test_what_is_said_to_be_not_reported_is_missing_with_its_note() -> None:
    protocol = replace(
        made_up_protocol(), not_reported=(NotReported(item="18", note="Not in the sources."),)
    )
    content = content_of(made_up_line(protocol=protocol))
    row = content.checklist.row("18")
    assert (row.status, row.note) == (RowStatus.MISSING, "Not in the sources.")
    assert "Not reported – CONSORT 18" in page_in_words(content)


@pytest.mark.parametrize(
    ("item", "changes"),
    few_at_once(
        [
            ("12a", {"eligibility": Eligibility(inclusion=("Adults",))}),
            (
                "12a",
                {"eligibility": Eligibility(inclusion=("Adults",), exclusion=("Not reported",))},
            ),
            ("3", {"documents": Documents(protocol="On request", data_sharing="No")}),
            ("17b", {"randomisation": Randomisation(type=RandomisationType.PERMUTED_BLOCKS)}),
        ],
        1,
    ),
)
def test_half_an_answer_is_partial(item: str, changes: dict[str, object]) -> None:
    protocol = replace(made_up_protocol(), **changes)  # type: ignore[arg-type]
    row = content_of(made_up_line(protocol=protocol)).checklist.row(item)
    assert row.status is RowStatus.PARTIAL
    assert row.note


def test_a_filled_field_that_says_nothing_is_no_tick() -> None:
    one = made_up_protocol()
    silent = replace(
        one,
        randomisation=replace(
            one.randomisation, concealment="Not reported", concealment_steps="TBD"
        ),
    )
    row = content_of(made_up_line(protocol=silent)).checklist.row("18")
    assert row.status is RowStatus.MISSING


def test_a_title_without_the_word_is_missing() -> None:
    one = made_up_protocol()
    protocol = replace(one, trial=replace(one.trial, title="A trial of two doses"))
    assert (
        content_of(made_up_line(protocol=protocol)).checklist.row("1a").status is RowStatus.MISSING
    )


def test_blinding_of_nobody_needs_no_method() -> None:
    one = made_up_protocol()
    nobody = replace(one.blinding, assessors=Blinded.NO, how="")
    row = content_of(made_up_line(protocol=replace(one, blinding=nobody))).checklist.row("20b")
    assert (row.status, row.note) == (RowStatus.NOT_APPLICABLE, "Nobody was blinded.")


def test_an_author_may_say_why_an_item_does_not_apply() -> None:
    one = made_up_protocol()
    protocol = replace(one, trial=replace(one.trial, changes=()))
    statements = (said("10", not_applicable="Nothing was changed."),)
    content = content_of(made_up_line(protocol=protocol), statements=statements)
    row = content.checklist.row("10")
    assert (row.status, row.note) == (RowStatus.NOT_APPLICABLE, "Nothing was changed.")


def test_what_would_date_the_plan_is_told() -> None:
    row = content_of(made_up_line()).checklist.row("10")
    assert "trialkit plan lock" in row.note


def test_without_results_nothing_is_ticked_for_results(example: Line) -> None:
    results = type(example.results)(rows=())
    checklist = content_of(example, results=results).checklist
    for number in ("25", "26", "27", "28"):
        assert checklist.row(number).status is RowStatus.MISSING, number


def test_the_frame_is_text_with_one_row_an_item(example: Line) -> None:
    frame = checklists_frame([content_of(example).checklist])
    assert list(frame.columns) == list(COLUMNS)
    assert list(frame["item"]) == NUMBERS
    assert set(frame["status"]) <= {status.value for status in RowStatus}
    assert not frame.isna().any().any()


def bare_protocol() -> Protocol:
    """As little as a protocol can say, and a title that does not say randomised."""
    one = made_up_protocol()
    unknown = Blinded.NOT_REPORTED
    return replace(
        one,
        trial=Trial(
            id="BARE", title="Two doses", short_title="Two doses", framework=Framework.EXPLORATORY
        ),
        registration=None,
        documents=Documents(),
        funding=Funding(),
        objectives=Objectives(),
        eligibility=Eligibility(),
        sites=(),
        arms=tuple(replace(arm, intervention=None) for arm in one.arms),
        estimands=(),
        characteristics=(),
        sample_size=None,
        interim=None,
        randomisation=Randomisation(type=RandomisationType.NOT_REPORTED),
        blinding=Blinding(
            participants=unknown, providers=unknown, assessors=unknown, analysts=unknown
        ),
        harms=Harms(),
    )


def test_every_gap_has_its_place_in_the_page() -> None:
    line = made_up_line(protocol=bare_protocol())
    empty = replace(line.results, rows=(), series=())
    content = content_of(line, results=empty)
    ids = set(re.findall(r'\bid="([^"]+)"', page_in_words(content)))
    for row in content.checklist.rows:
        assert {place.anchor for place in row.places} <= ids, row.number
    reported = {row.number for row in content.checklist.rows if row.status.is_reported}
    assert reported == {"9", "14", "21b", "21c", "21d", "23a", "28"}


def test_every_statement_is_printed_wherever_its_item_stands() -> None:
    statements = tuple(said(number, f"Words on {number}!") for number in NUMBERS)
    for protocol in (made_up_protocol(), bare_protocol()):
        page = page_in_words(content_of(made_up_line(protocol=protocol), statements=statements))
        for number in NUMBERS:
            assert page.count(f"Words on {number}!") == 1, number


def test_an_unknown_item_that_is_not_reported_is_an_error() -> None:
    protocol = replace(made_up_protocol(), not_reported=(NotReported(item="12", note="x"),))
    with pytest.raises(ReportError, match=r"item '12'.*did you mean '12"):
        content_of(made_up_line(protocol=protocol))


def claim(part: str, *, lacks: str = "", source: ClaimSource = ClaimSource.DATA) -> Claim:
    return Claim(item="7", part=part, source=source, lacks=lacks)


def test_a_part_is_answered_by_all_its_claims_or_by_the_author() -> None:
    row = consort_2025()["7"]
    assert lacking(row, ()) == ("benefits", "harms")
    assert lacking(row, (claim("benefits"), claim("harms"))) == ()
    assert lacking(row, (claim("benefits"), claim("benefits", lacks="x"), claim("harms"))) == (
        "benefits",
    )
    author = claim("benefits", source=ClaimSource.AUTHOR)
    assert lacking(row, (claim("benefits", lacks="x"), author, claim("harms"))) == ()


@pytest.mark.parametrize("wrong", [{"item": "99"}, {"part": "no such part"}])
def test_a_claim_on_what_the_guideline_does_not_ask_is_refused(wrong: dict[str, str]) -> None:
    words = {"item": "7", "part": "benefits"} | wrong
    block = Paragraph(runs=("x",), claims=(Claim(**words, source=ClaimSource.DATA),))
    section = Section(anchor="a", title="A", blocks=(block,))
    with pytest.raises(ReportError, match=r"99|no such part"):
        fill_checklist(consort_2025(), (section,))


def test_an_answer_on_one_extension_is_no_answer_on_another() -> None:
    """Extensions borrow rows of CONSORT alone, though their own items have the same numbers."""
    guideline = next(each for each in all_extensions() if each.borrowed())
    numbers = {item for item, _ in guideline.borrowed()}
    parts = {part for _, part in guideline.borrowed()}
    claims = tuple(
        Claim(item=item, part=part, source=ClaimSource.DATA, checklist=code)
        for code in ("another", "zealous")
        for item in numbers
        for part in parts
    )
    paragraph = Paragraph(runs=("Words.",), claims=claims)
    section = Section(anchor="s", title="S", blocks=(paragraph,))
    filled = fill_checklist(guideline, (section,))
    assert {row.status for row in filled.rows} == {RowStatus.MISSING}
