"""A field beside a value that stands in the logic: what a rule says of it, and what it refuses."""

import pytest

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.logic import FieldName
from trialkit.imports.redcap.saying import Said
from trialkit.imports.redcap.stated_values import with_value
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.items.item_types import ItemType


def choices(*codes: str, **recoded: str) -> tuple[Choice, ...]:
    """Choices by their codes in REDCap; of those that are named, by the trial's."""
    plain = tuple(Choice(code=code, label=code) for code in codes)
    return plain + tuple(Choice(code=new, label=new, raw=raw) for new, raw in recoded.items())


ANSWERS = {
    "sex": (ItemType.CHOICE, choices("01", "2", "10", "1", NEW="3")),
    "word": (ItemType.CHOICE, choices("a", "2")),
    "same": (ItemType.CHOICE, choices("01", "1.0")),
    "yes": (ItemType.YES_NO, ()),
    "n": (ItemType.DECIMAL, ()),
    "day": (ItemType.DATE, ()),
    "at": (ItemType.TIME, ()),
    "note": (ItemType.TEXT, ()),
    "moment": (ItemType.DATE_TIME, ()),
    "letters": (ItemType.CHOICE, choices("a", "b")),
}


def said(name: str, sign: str, stated: str) -> Said:
    kind, offered = ANSWERS[name]
    answer = RedcapAnswer(name=f"f.{name}", type=kind, choices=offered)
    return with_value(sign, FieldName(parts=(name,), name=name), answer, stated)


SURE = {
    # the same text goes before the same number
    ("sex", "=", "1"): "COALESCE(f.sex = '1', FALSE)",
    ("sex", "=", "01"): "COALESCE(f.sex = '01', FALSE)",
    ("sex", "<>", "2.0"): "COALESCE(f.sex <> '2', TRUE)",
    # a code that is another in the trial is meant by the one that it has in REDCap
    ("sex", "=", "3"): "COALESCE(f.sex = 'NEW', FALSE)",
    ("word", "=", "a"): "COALESCE(f.word = 'a', FALSE)",
    ("yes", "=", "1"): "COALESCE(f.yes = TRUE, FALSE)",
    ("yes", "<>", "0"): "COALESCE(f.yes <> FALSE, TRUE)",
    ("n", "=", "-1.5"): "COALESCE(f.n = -1.5, FALSE)",
    ("n", "<>", "2"): "COALESCE(f.n <> 2, TRUE)",
    ("day", "=", "2025-03-31"): "COALESCE(f.day = '2025-03-31', FALSE)",
    ("at", "=", "08:30"): "COALESCE(f.at = '08:30', FALSE)",
    ("note", "=", "it's"): "COALESCE(f.note = 'it''s', FALSE)",
    ("note", "=", " 5"): "COALESCE(f.note = '5', FALSE)",
}
OPEN = {
    ("sex", ">", "1"): "f.sex IN ('2', '10', 'NEW')",
    ("sex", ">=", "2"): "f.sex IN ('2', '10', 'NEW')",
    ("sex", "<", "2"): "f.sex IN ('01', '1')",
    ("sex", "<=", "2"): "f.sex IN ('01', '2', '1')",
    ("n", ">", "2"): "f.n > 2",
    ("n", "<=", "-1.5"): "f.n <= -1.5",
    ("day", ">=", "2025-03-31"): "f.day >= '2025-03-31'",
    ("at", "<", "08:30"): "f.at < '08:30'",
    ("moment", ">", "2025-03-31 08:30"): "f.moment > '2025-03-31 08:30'",
    ("note", ">", "5"): "TO_NUMBER(f.note) > 5",
    ("yes", ">", "0"): "f.yes = TRUE",
    ("yes", ">=", "1"): "f.yes = TRUE",
    ("yes", "<", "1"): "f.yes = FALSE",
    ("yes", "<=", "0.5"): "f.yes = FALSE",
    ("yes", ">=", "0"): "(f.yes = TRUE OR f.yes = FALSE)",
    # what a code that is no number gives is not documented
    ("word", ">", "1"): (
        "IF(f.word IS NULL, NULL, f.word IN ('a'), NULL, f.word IN ('2'), TRUE, FALSE)"
    ),
}


@pytest.mark.parametrize(("asked", "text"), SURE.items())
def test_the_same_or_not_is_decided_by_a_blank(asked: tuple[str, str, str], text: str) -> None:
    assert said(*asked) == Said(text=text, open=False)


@pytest.mark.parametrize(("asked", "text"), OPEN.items())
def test_more_and_less_of_a_blank_stays_open(asked: tuple[str, str, str], text: str) -> None:
    assert said(*asked) == Said(text=text, open=True)


NEVER = {
    ("sex", "=", "4"): "FALSE",
    ("sex", "<>", "x"): "TRUE",
    ("sex", ">", "10"): "FALSE",
    ("yes", "=", "2"): "FALSE",
    ("yes", "<>", "yes"): "TRUE",
    ("yes", ">", "1"): "FALSE",
    ("n", "=", "a"): "FALSE",
}


@pytest.mark.parametrize(("asked", "text"), NEVER.items())
def test_what_a_field_cannot_have_is_never_equal_and_remarked(
    asked: tuple[str, str, str], text: str
) -> None:
    found = said(*asked)
    assert (found.text, found.open, len(found.remarks)) == (text, False, 1)
    assert found.remarks[0].startswith(f"[{asked[0]}] {asked[1]} '{asked[2]}' is ")


REFUSED = {
    ("n", ">", "today"): "[n] compared with 'today', an item of type decimal",
    ("day", "=", "yesterday"): "[day] compared with 'yesterday', an item of type date",
    ("same", "=", "1"): "[same] = '1', which is the number of several choices",
    ("letters", ">", "1"): "[letters] > '1', the order of codes that are no numbers",
    ("sex", ">", "a"): "[sex] > 'a', the order of codes that are no numbers",
    ("yes", ">", "no"): "[yes] > 'no'; yes is 1 and no is 0",
    ("n", ">", "a"): "[n] compared with 'a', an item of type decimal",
    ("day", "=", "31-03-2025"): "[day] compared with '31-03-2025', an item of type date",
    ("day", "=", "08:30"): "[day] compared with '08:30', an item of type date",
    ("at", "=", "8:30"): "[at] compared with '8:30', an item of type time",
    ("note", ">", "a"): "[note] > a, the order of free texts",
}


@pytest.mark.parametrize(("asked", "why"), REFUSED.items())
def test_what_cannot_be_compared_is_refused(asked: tuple[str, str, str], why: str) -> None:
    with pytest.raises(ExpressionError) as error:
        said(*asked)
    assert str(error.value) == why
