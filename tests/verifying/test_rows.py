"""Tables of results are compared row by row and cell by cell; what differs is told."""

import csv

import pytest

from trialkit.verifying.rows import DRAWN_COLUMNS, different_rows
from trialkit.verifying.same_text import SAME_TO

COLUMNS = ("result_id", "arm", "stat", "n", "x")
RIGHT = "result_id,arm,stat,n,x\na,P,1.5,20,3\nb,A,-2,21,4\nc,,NaN,22,\n"


def told(own: str, right: str = RIGHT) -> list[str]:
    return list(different_rows(own.encode(), right.encode(), COLUMNS))


def test_cells_are_as_long_elsewhere_as_they_were() -> None:
    before = csv.field_size_limit()
    assert told(RIGHT.replace("NaN", "9" * 200_000)) != []
    assert csv.field_size_limit() == before


def test_the_same_table_differs_in_nothing() -> None:
    assert told(RIGHT) == []
    assert told(RIGHT.replace("\n", "\r\n")) == []
    assert DRAWN_COLUMNS[-1] == "note"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("a,P,1.5", "a,A,1.5", ["a: arm is 'A', the analysis gives 'P'"]),
        ("1.5,20", "1.5,21", ["a: n is '21', the analysis gives '20'"]),
        ("1.5,20,3", "1.6,20,3.5", [
            "a: stat is '1.6', the analysis gives '1.5'",
            "a: x is '3.5', the analysis gives '3'",
        ]),
        ("c,,NaN", "c,,0", ["c: stat is '0', the analysis gives 'NaN'"]),
        ("20,3", "20", ["a: the row has 4 cells, not 5"]),
        ("a,P,1.5,20,3\n", "", ["a: the row is missing"]),
        ("a,P", "d,P", ["a: the row is missing", "d: the analysis gives no such row"]),
        ("a,P,1.5,20,3\nb,A,-2,21,4\n", "b,A,-2,21,4\na,P,1.5,20,3\n", [
            "the rows stand in another order",
        ]),
        ("a,P,1.5,20,3\nb,A,-2,21,4\n", "b,A,-2,21,4\nd,,,,\na,P,1.5,20,3\n", [
            "d: the analysis gives no such row",
            "the rows stand in another order",
        ]),
        ("a,P,1.5,20,3\n", "a,P,1.5,20,3\na,P,1.5,20,3\n", [
            "a (2): the analysis gives no such row",
        ]),
        ("result_id,arm", "arm,result_id", [
            "does not begin with the columns result_id, arm, stat, n, x",
        ]),
    ],
)  # fmt: skip
def test_what_differs_is_told_with_both_values(one: str, other: str, said: list[str]) -> None:
    assert RIGHT.count(one) == 1
    assert told(RIGHT.replace(one, other)) == said


@pytest.mark.parametrize(
    ("number", "same"),
    [
        ("1.50", True),
        (repr(1.5 * (1 + 0.9 * SAME_TO)), True),
        (repr(1.5 * (1 + 1.1 * SAME_TO)), False),
        ("1.5e0", True),
    ],
)
def test_numbers_may_differ_in_their_last_digits_and_counts_in_nothing(
    number: str, same: bool
) -> None:
    assert (told(RIGHT.replace("1.5", number)) == []) is same
    assert told(RIGHT.replace("20", "20.0")) == ["a: n is '20.0', the analysis gives '20'"]
    # of a zero a millionth of a millionth is allowed
    zero = RIGHT.replace("1.5", "0")
    assert told(RIGHT.replace("1.5", "9e-13"), zero) == []
    assert len(told(RIGHT.replace("1.5", "2e-12"), zero)) == 1


def test_what_is_no_table_is_told_once() -> None:
    wrong = ["does not begin with the columns result_id, arm, stat, n, x"]
    assert told("") == wrong
    assert list(different_rows(b"\xff", RIGHT.encode(), COLUMNS)) == ["is not a CSV file in UTF-8"]


def test_a_name_that_would_move_a_cursor_is_shown_without() -> None:
    assert told(RIGHT + "\x1b[31m,,,,\n") == ["\ufffd[31m: the analysis gives no such row"]
