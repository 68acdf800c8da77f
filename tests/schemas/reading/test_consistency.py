"""What contradicts itself within a form is said with its place, what was found and what to write."""

from dataclasses import replace

import pytest

from tests.miniature import protocol
from trialkit.protocol.tables.definitions import Complaints
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Rule, Severity
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.consistency import complain_of_form

RULE = Rule(
    id="PAIN01", expression="vas > 1", severity=Severity.SOFT, message="{vas}?", items=("vas",)
)
VAS = Item(id="vas", label="Pain", type=ItemType.DECIMAL)
DAY = Item(id="day", label="Day", type=ItemType.DATE, purpose=Purpose.VISIT_DATE)
FORM = Form(
    id="pain", title="Pain", kind=FormKind.OTHER, expected=Expected.RANDOMISED,
    visits=("BL", "W6"), repeating=False, items=(VAS, DAY), rules=(RULE,),
    file="forms/pain.toml", sha256="", arms=("A", "P"),
)  # fmt: skip


def said(form: Form, *, stem: str = "pain", unread: frozenset[str] = frozenset()) -> list[str]:
    complaints = Complaints("pain.toml")
    complain_of_form(form, stem=stem, unread=unread, protocol=protocol(), complaints=complaints)
    return [str(each).removeprefix("pain.toml: ") for each in complaints.all()]


def test_nothing_is_said_of_a_form_that_is_right() -> None:
    assert said(FORM) == []
    assert said(replace(FORM, arms=(), expected=Expected.EVERYONE)) == []
    # what a rule names may be a key of the row, and braces may have space in them
    keyed = replace(RULE, items=("visit", "subject_id"), message="{ visit } of {subject_id}")
    assert said(replace(FORM, rules=(keyed,))) == []


def form(**changes: object) -> Form:
    return replace(FORM, **changes)


def ruled(**changes: object) -> Form:
    return form(rules=(replace(RULE, **changes),))


WRONG = {
    "a name": (
        form(id="Pain"),
        ["[form] id: found 'Pain'; expected a name such as end_of_study"],
    ),
    "a long name": (
        form(id="x" * 65 + "y" * 30),
        [
            f"[form] id: found {'x' * 65 + 'y' * 15!r}; expected a name such as end_of_study",
        ],
    ),
    "a name that is taken": (
        form(id="not_done"),
        [
            (
                "[form] id: found 'not_done'; expected another name: data/not_done.csv says what was "
                "not done, and why"
            )
        ],
    ),
    "another file": (
        form(id="pane"),
        ["[form] id: found 'pane'; expected the file's name, 'pain'"],
    ),
    "a visit": (
        form(visits=("BL", "W12")),
        [
            "[form] visits: found 'W12'; expected visits of the protocol, BL, W6",
        ],
    ),
    "a visit misspelt": (
        form(visits=("BL", "W66")),
        [
            (
                "[form] visits: found 'W66'; expected visits of the protocol, BL, W6; did you mean "
                "'W6'?"
            ),
        ],
    ),
    "a visit twice": (
        form(visits=("BL", "W6", "BL")),
        ["[form] visits: found 'BL' twice; expected each visit once"],
    ),
    "an arm": (form(arms=("X",)), ["[form] arms: found 'X'; expected arms of the protocol, P, A"]),
    "an arm twice": (
        form(arms=("P", "A", "P")),
        ["[form] arms: found 'P' twice; expected each arm once"],
    ),
    "arms of everyone": (
        form(expected=Expected.EVERYONE),
        [
            (
                "[form] arms: found arms beside expected = 'everyone'; expected expected = "
                "'randomised' or 'as_needed', since nobody else has an arm"
            )
        ],
    ),
    "no items": (
        form(items=(), rules=()),
        ["[items]: found nothing; expected at least one [[items]]"],
    ),
    "an item twice": (
        form(items=(VAS, DAY, VAS)),
        ["[items] id: found 'vas' more than once; expected each id once"],
    ),
    "an item with a fault": (
        form(items=(replace(VAS, label=" "), DAY)),
        ["[items 'vas'] label: found nothing; expected words for messages"],
    ),
    "a purpose twice": (
        form(items=(VAS, DAY, replace(DAY, id="other_day"))),
        [
            (
                "[items] purpose: found 'visit_date' more than once; expected one item of a form for "
                "each purpose"
            )
        ],
    ),
    "a rule twice": (
        form(rules=(RULE, replace(RULE, expression="vas > 2"))),
        ["[rules] id: found 'PAIN01' more than once; expected each id once"],
    ),
    "a rule's id": (
        ruled(id="1PAIN"),
        ["[rules '1PAIN'] id: found '1PAIN'; expected an id such as PAIN01"],
    ),
    "a rule's id of 41": (
        ruled(id="P" * 41),
        [f"[rules {'P' * 41!r}] id: found {'P' * 41!r}; expected an id such as PAIN01"],
    ),
    "a built-in rule": (
        ruled(id="unusual"),
        [
            (
                "[rules 'unusual'] id: found 'unusual', which is a built-in rule; expected an id such "
                "as PAIN01"
            )
        ],
    ),
    "a rule about nothing": (
        ruled(items=()),
        ["[rules 'PAIN01'] items: found nothing; expected the items the rule is about"],
    ),
    "a rule about what is not there": (
        ruled(items=("vas", "dai")),
        [
            (
                "[rules 'PAIN01'] items: found the unknown item 'dai'; expected an item of this form; "
                "did you mean 'day'?"
            )
        ],
    ),
    "a message of what is not there": (
        ruled(message="{vas} is {zzz}"),
        ["[rules 'PAIN01'] message: found the unknown item 'zzz'; expected an item of this form"],
    ),
    # the form does not repeat, so its rows have no such key
    "a key that it has not": (
        ruled(items=("repeat",)),
        ["[rules 'PAIN01'] items: found the unknown item 'repeat'; expected an item of this form"],
    ),
    "no message": (
        ruled(message="  "),
        [
            (
                "[rules 'PAIN01'] message: found '  '; expected a sentence for the coordinator, items "
                "in braces as in {visit_date}"
            )
        ],
    ),
    "a brace left open": (
        ruled(message="{vas} is {odd"),
        [
            (
                "[rules 'PAIN01'] message: found '{vas} is {odd'; expected a sentence for the "
                "coordinator, items in braces as in {visit_date}"
            )
        ],
    ),
    "a brace too many": (
        ruled(message="odd} {vas}"),
        [
            (
                "[rules 'PAIN01'] message: found 'odd} {vas}'; expected a sentence for the "
                "coordinator, items in braces as in {visit_date}"
            )
        ],
    ),
}


@pytest.mark.parametrize(("wrong", "expected"), WRONG.values(), ids=WRONG)
def test_what_contradicts_itself_is_said(wrong: Form, expected: list[str]) -> None:
    assert said(wrong) == expected


def test_the_longest_names_are_taken() -> None:
    longest = "x" * 64
    assert said(form(id=longest), stem=longest) == []
    assert said(ruled(id="P" * 40)) == []


def test_an_item_that_could_not_be_read_is_not_said_to_be_unknown() -> None:
    unread = frozenset({"odd"})
    assert said(ruled(items=("odd",), message="{odd}"), unread=unread) == []
    assert said(form(items=(), rules=()), unread=unread) == []
    # only what could not be read is passed over
    assert len(said(ruled(items=("od",)), unread=unread)) == 1


def test_complaints_come_in_the_order_of_the_file() -> None:
    wrong = form(
        id="pane", visits=("X",), arms=("X",), items=(replace(VAS, label=""), DAY, DAY),
        rules=(replace(RULE, items=()),),
    )  # fmt: skip
    assert [each.partition(":")[0] for each in said(wrong)] == [
        "[form] id", "[form] visits", "[form] arms", "[items] id", "[items 'vas'] label",
        "[items] purpose", "[rules 'PAIN01'] items",
    ]  # fmt: skip
