"""A formula is a text in the language of rules and, for a notebook, the numbers that it gives."""

import numpy as np
import pytest

from trialkit.errors import ProtocolError
from trialkit.schemas.instruments.formulas import (
    Formula,
    answer,
    answers,
    best,
    difference,
    mean_of_answered,
    recoded,
    share,
    sum_of,
    ticked,
)

GONE = float("nan")
# a row each: all there; b unknown; a unknown; both unknown; equal, and c zero
ANSWERS = {
    "a": np.array([2.0, 7.0, GONE, GONE, 5.0]),
    "b": np.array([3.0, GONE, 4.0, GONE, 5.0]),
    "c": np.array([10.0, 20.0, 40.0, 80.0, 0.0]),
}
MEANING = {
    "a": [2, 7, GONE, GONE, 5],
    "12.5": [12.5] * 5,
    "TRUE": [1] * 5,
    "FALSE": [0] * 5,
    "NULL": [GONE] * 5,
    "-a": [-2, -7, GONE, GONE, -5],
    "NOT (a > 2)": [1, 0, GONE, GONE, 0],
    "a + b": [5, GONE, GONE, GONE, 10],
    "a - b": [-1, GONE, GONE, GONE, 0],
    "a * b": [6, GONE, GONE, GONE, 25],
    # over zero nothing is known
    "a / c": [0.2, 0.35, GONE, GONE, GONE],
    "a IS NULL": [0, 0, 1, 1, 0],
    # at the limit, below and above it
    "c < 20": [1, 0, 0, 0, 1],
    "c <= 20": [1, 1, 0, 0, 1],
    "c > 20": [0, 0, 1, 1, 0],
    "c >= 20": [0, 1, 1, 1, 0],
    "a < b": [1, GONE, GONE, GONE, 0],
    # one side that holds decides, an unknown one with a side that does not hold leaves it open
    "a > 1 OR b > 4": [1, 1, GONE, GONE, 1],
    "b > 3 OR a > 2": [0, 1, 1, GONE, 1],
    "a > 6 OR c > 10": [0, 1, 1, 1, 0],
    # where the condition is unknown the other branch is taken, as SQL's CASE does
    "IF(a > 2, b, c)": [10, GONE, 40, 80, 5],
    "COALESCE(a, c)": [2, 7, 40, 80, 5],
    "COALESCE(a, b)": [2, 7, 4, GONE, 5],
    "TO_NUMBER(a)": [2, 7, GONE, GONE, 5],
}


@pytest.mark.parametrize(("text", "numbers"), MEANING.items())
def test_a_formula_gives_these_numbers(text: str, numbers: list[float]) -> None:
    found = Formula(expression=text).values(ANSWERS)
    assert found.dtype == float
    np.testing.assert_array_equal(found, numbers)


@pytest.mark.parametrize("text", ["a = 1", "a > 1 AND a < 3", "ABS(a)", "'x'"])
def test_what_no_score_is_made_of_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="which no score is made of"):
        Formula(expression=text).values(ANSWERS)


def test_a_formula_names_the_items_that_it_reads_once_and_in_their_order() -> None:
    text = "IF(z IS NULL OR NOT (y > -x), COALESCE(z, 0) + w, (y - 1) / v)"
    assert Formula(expression=text).items == ("z", "y", "x", "w", "v")
    assert Formula(expression="12").items == ()


def test_only_an_item_as_it_stands_is_an_answer() -> None:
    assert answer("a") == Formula(expression="a")
    assert answers("ab") == (Formula(expression="a"), Formula(expression="b"))
    assert answer("a").is_answer
    assert not Formula(expression="2 * a").is_answer
    assert not Formula(expression="a + b").is_answer
    assert not Formula(expression="12").is_answer


RECODED = {
    # a five-point item that runs the other way: 1 counts 5
    (6, -1): ("(6 - a)", [4, -1, GONE, GONE, 1]),
    (125, -25): ("(125 - 25 * a)", [75, -50, GONE, GONE, 0]),
    (-50, 50): ("(50 * a - 50)", [50, 300, GONE, GONE, 200]),
    (3, 2): ("(2 * a + 3)", [7, 17, GONE, GONE, 13]),
    (0, 3): ("3 * a", [6, 21, GONE, GONE, 15]),
    (1, 1): ("(a + 1)", [3, 8, GONE, GONE, 6]),
    (0, 1): ("a", [2, 7, GONE, GONE, 5]),
    (0, -1): ("(0 - a)", [-2, -7, GONE, GONE, -5]),
}


@pytest.mark.parametrize(("line", "expected"), RECODED.items())
def test_an_item_on_another_scale(line: tuple[int, int], expected: tuple[str, list]) -> None:
    found = recoded(answer("a"), intercept=line[0], slope=line[1])
    assert found.expression == expected[0]
    np.testing.assert_array_equal(found.values(ANSWERS), expected[1])


MADE = {
    # all parts or nothing
    "sum": (sum_of(answers("abc")), [15, GONE, GONE, GONE, 10]),
    "mean of all": (mean_of_answered(answers("abc"), at_least=3), [5, GONE, GONE, GONE, 10 / 3]),
    "ten times": (
        mean_of_answered(answers("abc"), at_least=3, factor=10),
        [50, GONE, GONE, GONE, 100 / 3],
    ),
    # two of three are enough, one is not
    "mean of two": (mean_of_answered(answers("abc"), at_least=2), [5, 13.5, 22, GONE, 10 / 3]),
    "mean of one": (mean_of_answered(answers("abc"), at_least=1), [5, 13.5, 22, 80, 10 / 3]),
    "ten of two": (
        mean_of_answered(answers("abc"), at_least=2, factor=10),
        [50, 135, 220, GONE, 100 / 3],
    ),
    "highest": (best(answers("abc")), [10, 20, 40, 80, 5]),
    "lowest": (best(answers("abc"), highest=False), [2, 7, 4, 80, 0]),
    "highest of two": (best(answers("ab")), [3, 7, 4, GONE, 5]),
    "one only": (best(answers("b")), [3, GONE, 4, GONE, 5]),
    "share": (share(answer("a"), answer("c")), [0.2, 0.35, GONE, GONE, GONE]),
    "percent": (share(answer("c"), answer("a"), factor=100), [500, 2000 / 7, GONE, GONE, 0]),
    "share of sums": (share(sum_of(answers("ab")), sum_of(answers("bc"))), [5 / 13, GONE, GONE, GONE, 2]),
    "difference": (difference(answer("c"), sum_of(answers("ab"))), [5, GONE, GONE, GONE, -10]),
}  # fmt: skip


@pytest.mark.parametrize(("formula", "numbers"), MADE.values(), ids=MADE)
def test_what_is_made_of_several_parts(formula: Formula, numbers: list[float]) -> None:
    np.testing.assert_allclose(formula.values(ANSWERS), numbers, rtol=1e-12)


def test_a_mean_of_all_needs_no_count_in_its_text() -> None:
    assert mean_of_answered(answers("ab"), at_least=2).expression == "(a + b) / 2"
    # a factor of 1 needs no words
    assert share(answer("a"), answer("b")).expression == "(a) / (b)"
    assert share(answer("a"), answer("b"), factor=100).expression == "100 * (a) / (b)"
    assert mean_of_answered(answers("ab"), at_least=2, factor=20).expression == "20 * (a + b) / 2"
    assert mean_of_answered(answers("ab"), at_least=1).expression == (
        "IF(IF(a IS NULL, 0, 1) + IF(b IS NULL, 0, 1) >= 1, (COALESCE(a, 0) + COALESCE(b, 0)) / "
        "(IF(a IS NULL, 0, 1) + IF(b IS NULL, 0, 1)), NULL)"
    )


def test_ticks_are_counted_once_the_sheet_was_handed_in() -> None:
    columns = {
        "given": np.array([1.0, 1.0, 1.0, 0.0, GONE]),
        "p": np.array([1.0, 1.0, GONE, 1.0, 1.0]),
        "q": np.array([1.0, 0.0, GONE, 1.0, 1.0]),
    }
    found = ticked("given", ("p", "q"))
    assert found.items == ("given", "p", "q")
    np.testing.assert_array_equal(found.values(columns), [2, 1, 0, GONE, GONE])


def test_a_score_is_the_decimal_number_that_a_form_calculates() -> None:
    """5.1 - 5.3 and 9.7 - 9.9 are one score, and 0.1 + 0.2 is 0.3."""
    columns = {"a": np.array([5.1, 9.7, 0.1]), "b": np.array([5.3, 9.9, 0.2])}
    assert Formula(expression="a - b").values(columns)[:2].tolist() == [-0.2, -0.2]
    assert Formula(expression="a + b").values(columns)[2] == 0.3
