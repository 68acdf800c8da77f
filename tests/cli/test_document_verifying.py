"""What is said of a Word document: each number that is not true, and what nobody looked at."""

from dataclasses import replace
from datetime import date

import pytest

from trialkit.cli.document_verifying import MOST_SHOWN, NO_RECORD, show
from trialkit.cli.screen import Screen
from trialkit.report.content.origin import Origin
from trialkit.verifying.document.judging import JudgedNumber, NumberState
from trialkit.verifying.document.verify import DocumentVerification

CUT = date(2026, 3, 31)
ORIGIN = Origin(trial="T", version="1", code="", data_cut=CUT, last_day=CUT, style="plain")


def number(state: NumberState, *now: str, text: str = "5") -> JudgedNumber:
    return JudgedNumber(state=state, where="Abstract", text=text, now=now, results=("a/b", "c"))


TRUE = number(NumberState.TRUE, "5")
FOUND = DocumentVerification(
    numbers=(TRUE,), origin=ORIGIN, cut=CUT, unmarked={"Methods": 2, "Results": 1}, pictures=1,
    comments=0,
)  # fmt: skip


def said(found: DocumentVerification, capsys: pytest.CaptureFixture[str]) -> list[str]:
    show(found, Screen())
    return capsys.readouterr().out.splitlines()


def test_of_a_true_document_it_is_said_what_was_compared_and_what_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert said(FOUND, capsys) == [
        "1 of 1 marked numbers are as the results give them at the data cut 2026-03-31.",
        (
            "Not checked: words, whether a number stands beside the right words, and what has no mark: "
            "1 picture, 3 paragraphs and rows of tables with other digits (dates, heads, the authors' "
            "words, references: 2 under 'Methods'; 1 under 'Results')."
        ),
    ]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (
            number(NumberState.OUTDATED, "6", "n = 6"),
            (
                "no longer true: Abstract: the document prints '5', the results give '6' or 'n = 6' "
                "(a/b c)"
            ),
        ),
        (
            number(NumberState.CHANGED, "6\u00a0mm"),
            "changed by hand: Abstract: the document prints '5', the results give '6 mm' (a/b c)",
        ),
        (
            number(NumberState.UNKNOWN),
            (
                "no longer in the report: Abstract: the document prints '5', and the report prints "
                "nothing of a/b c"
            ),
        ),
        (
            number(NumberState.LOST, "5"),
            (
                "without its mark: Abstract: '5' was printed; it was deleted, or typed over so that "
                "nothing tells what stands in its place; the results give '5' (a/b c)"
            ),
        ),
    ],
)
def test_each_number_that_is_not_true_is_said_with_what_is(
    wrong: JudgedNumber, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(replace(FOUND, numbers=(TRUE, wrong)), capsys)
    assert lines[0].startswith("1 of 2 marked numbers")
    assert lines[1] == f"  {line}"


def test_a_long_list_is_cut_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    many = (number(NumberState.OUTDATED, "6"),) * (MOST_SHOWN + 3)
    lines = said(replace(FOUND, numbers=many), capsys)
    assert lines[MOST_SHOWN + 1] == "  ... and 3 more no longer true"


def test_another_cut_a_lost_record_and_comments_are_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = replace(FOUND, cut=date(2026, 6, 30), comments=2)
    lines = said(other, capsys)
    assert lines[0] == "The document was made at the data cut 2026-03-31."
    assert lines[-1] == "2 comments were not read."
    assert said(replace(FOUND, origin=None), capsys)[0] == NO_RECORD
    assert "without a data cut" in said(replace(FOUND, cut=None, origin=None), capsys)[1]
