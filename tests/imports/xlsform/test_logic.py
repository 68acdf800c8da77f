"""Conditions are tried as the trial will read them, and each is counted and listed once."""

from tests.imports.xlsform.test_drafting import AGE, ask, drafted, left
from trialkit.imports.xlsform.logic import Carried, Logic
from trialkit.schemas.forms.forms import Severity


def test_each_expression_of_a_row_is_counted_once_however_many_questions_it_governs() -> None:
    found = drafted(
        AGE,
        ask("begin group", "g", relevant="random() > 1"),
        ask("text", "a", relevant="${age} > 1"),
        ask("text", "b", constraint=". != 'q'"),
        {"type": "end group"},
        ask("calculate", "c", calculation="${age} + 1"),
    )
    assert dict(found.tally) == {
        ("relevant", 3): Carried.BEYOND, ("relevant", 4): Carried.SAID, ("constraint", 5): Carried.SAID,
        ("calculation", 7): Carried.SAID,
    }  # fmt: skip
    assert len(left(found)) == 1
    # what can be said of when it is shown is kept: where it does not hold, nothing may stand there
    assert found.forms[0].item("a").shown_when == "COALESCE(age > 1, FALSE)"


def test_a_group_may_ask_for_a_question_of_its_own() -> None:
    found = drafted(
        AGE,
        ask("begin group", "g", relevant="./source = 'user'"),
        ask("text", "source"), ask("text", "a"), {"type": "end group"},
    )  # fmt: skip
    source, other = found.forms[0].items[1:]
    assert (source.shown_when, other.shown_when) == ("", "COALESCE(source = 'user', FALSE)")
    assert left(found) == []


def test_a_question_that_is_never_asked_is_told() -> None:
    found = drafted(AGE, ask("text", "x", relevant="false()", required="yes"))
    assert (found.forms[0].item("x").shown_when, found.forms[0].item("x").required) == ("", False)
    assert left(found) == [
        "survey, row 3: question x: there it is never asked; here it may be answered"
    ]


def test_a_question_that_is_worked_out_and_asked_has_a_note() -> None:
    found = drafted(AGE, ask("integer", "x", calculation="${age} * 2"))
    (rule,) = found.forms[0].rules
    assert (rule.id, rule.expression, rule.severity) == ("XLC003", "x = age * 2", Severity.NOTE)
    assert rule.message == "x: it does not follow from the other answers as they are now."


def test_no_message_shows_what_a_rule_is_written_as() -> None:
    found = drafted(
        AGE, ask("integer", "x", label="Size {cm}", constraint=". < ${age}", calculation="${age}")
    )
    assert all(
        "age" not in rule.message and "{" not in rule.message for rule in found.forms[0].rules
    )
    assert Logic.__doc__
