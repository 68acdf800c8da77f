"""What may be asked of other rows, and how a question that has no answer is refused."""

import polars as pl
import pytest

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import every_look, every_reference
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import calculation, condition, refuse_idle_rule
from trialkit.schemas.rules.joining import ROW, SHARED, joined
from trialkit.schemas.rules.names import Scope
from trialkit.schemas.rules.other_rows import MOST_LOOKS


def form(form_id: str, *, visits: tuple[str, ...] = (), repeating: bool = False) -> Form:
    codes = (ItemChoice(code="l", label="Left"), ItemChoice(code="r", label="Right"))
    return Form(
        id=form_id, title=form_id, kind=FormKind.OTHER, expected=Expected.AS_NEEDED,
        visits=visits, repeating=repeating, rules=(), file="", sha256="",
        items=(
            Item(id="x", label="x", type=ItemType.INTEGER, range=Range(low=0, high=10)),
            Item(id="c", label="c", type=ItemType.CHOICE, choices=codes),
            Item(id="y", label="y", type=ItemType.YES_NO),
            Item(id="d", label="d", type=ItemType.PARTIAL_DATE),
        ),
    )  # fmt: skip


FORMS = {
    each.id: each
    for each in (
        form("once"),
        form("pain", visits=("BL", "W6")),
        form("log", repeating=True),
        form("care", repeating=True),
        form("scan", visits=("BL", "W6"), repeating=True),
    )
}


def scope(form_id: str) -> Scope:
    return Scope(form=FORMS[form_id], forms=FORMS, missing_codes=("ND",))


@pytest.mark.parametrize(
    ("form_id", "expression"),
    [
        ("log", "x - PREVIOUS(x) <= 3"),
        ("log", "PREVIOUS(PREVIOUS(x), 3) = x"),
        ("log", "PREVIOUS(d) <= d"),
        ("log", "x - PREVIOUS(x, 1, y) <= 3"),
        ("log", "PREVIOUS(c) = 'l' OR PREVIOUS(c) IS NULL"),
        ("log", "COUNT(x > 5) <= 3"),
        ("log", "COUNT(log.x > 5 AND once.y) <= 3"),
        ("log", "COUNT(x - PREVIOUS(x) >= 2) = 0"),
        ("log", "COUNT(care) > 0"),
        ("pain", "PREVIOUS(x) >= x"),
        ("pain", "ANY(y)"),
        ("pain", "COUNT(log.x > x) = 0"),
        ("pain", "COUNT(log.x > pain.x) = 0"),
        ("pain", "COUNT(scan.x > 5) + COUNT(W6.scan.x > 5) <= 2"),
        ("once", "NOT ANY(BL.scan.c = 'l')"),
        ("once", "IF(COUNT(log.y) > 2, 1, 2) = 1"),
        ("once", "SUM(log.x) > 5"),
        ("log", "x <= 2 * MAX(x)"),
        ("pain", "SUM(IF(log.x > x, log.x, 0)) < 20"),
    ],
)
def test_what_may_be_asked(form_id: str, expression: str) -> None:
    read = condition(expression, scope(form_id))
    assert read.looks
    assert {each.form for each in every_look(read.looks)} <= set(FORMS)
    assert set(read.references) <= set(read.reads)
    assert set(every_reference((), read.looks)) <= set(read.reads)


@pytest.mark.parametrize(
    ("form_id", "expression", "says"),
    [
        ("once", "PREVIOUS(x) = 1", "once has one row for a participant"),
        ("once", "COUNT(x > 1) = 1", "once has one row for a participant"),
        ("pain", "COUNT(log.x > 1 AND care.x > 1) = 1", "several forms with several rows"),
        ("pain", "COUNT(BL.scan.x > 1 AND scan.x > 1) = 1", "in more ways than one"),
        ("once", "COUNT(scan.x > 1) = 1", "scan is asked at several visits; name one"),
        ("pain", "COUNT(W9.scan.x > 1) = 1", "scan is asked at BL, W6"),
        ("log", "COUNT(care.x > x) = 1", "compares every row of log with every row of care"),
        ("log", "COUNT(x) = 1", "COUNT(x IS NOT NULL)"),
        ("log", "COUNT(x > 11) = 1", "x > 11, which can never be true"),
        ("log", "COUNT(z > 1) = 1", "the unknown item 'z'"),
        ("pain", "COUNT(log.z > 1) = 1", "the unknown item 'z' of log"),
        ("log", "PREVIOUS('a') = 'a'", "the same in every row"),
        ("log", "PREVIOUS(x, 0) = 1", "from 1 to 20"),
        ("log", "PREVIOUS(x, 2, 3) = 1", "a number where a condition belongs"),
        ("log", "PREVIOUS(x, 2, y, y) = 1", "write PREVIOUS(x)"),
        ("pain", "PREVIOUS(x, 1, y) = 1", "is for a form that repeats"),
        ("log", "COUNT() = 1", "write COUNT(x > 5)"),
        ("log", "COUNT(x > 1) = -1", "COUNT(x > 1) can never be"),
        ("log", "PREVIOUS(x) = 11", "which PREVIOUS(x) can never be; its form has it from 0 to 10"),
        ("log", "PREVIOUS(c) = 'z'", "which PREVIOUS(c) can never be; it is one of l, r"),
        ("pain", "log.x > 1", "ask all of them, as in COUNT(log.x IS NOT NULL)"),
        ("log", " AND ".join(f"COUNT(x = {n % 10} OR x = 10 AND y AND {n} = {n}) < 9" for n in range(25)), f"{MOST_LOOKS} are answered"),
        ("log", f"COUNT({' AND '.join(['y'] * 400)}) = 1", "COUNT of more than 80 parts in a row"),
        ("log", f"ANY({' + '.join(['x'] * 301)} > 1)", "more than "),
        ("log", "AVG(x) = 1", "rules know"),
        ("log", "SUM(c) = 'l'", "SUM of c, a text; it is for numbers"),
        ("log", "MAX(y) = TRUE", "MAX of y, a yes/no value; it is for numbers and dates"),
        ("log", "MIN(d) < '2025-01-01'", "may be known in part"),
        ("once", "SUM(x) = 1", "once has one row for a participant"),
        ("log", "SUM() = 1", "write SUM(x)"),
    ],
)  # fmt: skip
def test_what_has_no_answer_is_refused(form_id: str, expression: str, says: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        condition(expression, scope(form_id))
    assert says in str(refused.value)


def test_a_rule_that_any_number_of_rows_keeps_is_idle() -> None:
    with pytest.raises(ProtocolError, match="can never be false"):
        refuse_idle_rule("COUNT(x > 5) >= 0", scope("log"))
    refuse_idle_rule("COUNT(x > 5) >= 1", scope("log"))


def rows(**columns: list[object]) -> pl.DataFrame:
    many = len(columns["subject_id"])
    falsy = [False] * many
    return pl.DataFrame({ROW: range(many), SHARED: falsy, "x__wrong": falsy, **columns})


def test_a_number_is_computed_from_other_rows() -> None:
    read = calculation("COUNT(x > 5) + COALESCE(PREVIOUS(x), 0)", scope("log"))
    log = rows(subject_id=["S"] * 4, repeat=[3.0, 1.0, 2.0, 7.0], x=[8.0, 6.0, 1.0, 2.0])
    table = joined(read.references, FORMS["log"], log, {"log": log}, read.looks)
    assert read.computed(table).to_list() == [3.0, 2.0, 8.0, 10.0]


def test_a_count_of_which_nobody_knows_all_is_no_number_but_may_be_compared() -> None:
    log = rows(subject_id=["S"] * 3, repeat=[1.0, 2.0, 3.0], x=[8.0, None, 2.0])
    for text, holds in (
        ("COUNT(x > 5) >= 1", True), ("COUNT(x > 5) = 1", None), ("COUNT(x > 5) >= 3", False),
        ("COUNT(x > 5) + 0 >= 1", None), ("ANY(x > 5)", True), ("ANY(x > 8)", None),
        ("ANY(x = 2 AND x > 1)", True), ("COUNT(x > 5) BETWEEN 1 AND 2", True),
        ("COUNT(log.x > 5) IN (0, 3)", False),
    ):  # fmt: skip
        read = condition(text, scope("log"))
        table = joined(read.references, FORMS["log"], log, {"log": log}, read.looks)
        assert (text, read.judged(table).to_list()) == (text, [holds] * 3)


def test_rows_that_are_known_not_to_be_are_passed_over() -> None:
    falsy = [False] * 5
    log = rows(
        subject_id=["S"] * 5, repeat=[1.0, 2.0, 3.0, 4.0, 5.0], x=[8.0, 7.0, 6.0, None, 5.0],
        y=[True, False, None, True, True], y__wrong=falsy,
    )  # fmt: skip
    for text, found in (
        ("PREVIOUS(x)", [None, 8.0, 7.0, 6.0, None]),
        ("PREVIOUS(x, 1, y)", [None, None, 8.0, 6.0, None]),
        ("PREVIOUS(x, 2, y)", [None, None, None, 8.0, 6.0]),
    ):
        read = calculation(text, scope("log"))
        table = joined(read.references, FORMS["log"], log, {"log": log}, read.looks)
        assert (text, read.computed(table).to_list()) == (text, found)


def test_nobody_has_rows() -> None:
    read = condition("COUNT(log.x > x) = 0 AND NOT ANY(log.y)", scope("pain"))
    nothing = pl.DataFrame(
        schema={
            ROW: pl.Int64, SHARED: pl.Boolean, "subject_id": pl.String, "repeat": pl.Float64,
            "x": pl.Float64, "x__wrong": pl.Boolean, "y": pl.Boolean, "y__wrong": pl.Boolean,
        }
    )  # fmt: skip
    pain = rows(subject_id=["S"], visit=["BL"], x=[4.0])
    table = joined(read.references, FORMS["pain"], pain, {"log": nothing}, read.looks)
    assert read.judged(table).to_list() == [True]
