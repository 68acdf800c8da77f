"""The rows that a form file tests itself by: how they are read, and what they may name."""

import tomllib
from dataclasses import replace

import pytest

from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import (
    Expected,
    Form,
    FormKind,
    FormTest,
    Item,
    Rule,
    Severity,
    StatedRow,
)
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.form_tests import CHECKED, complain_of_tests, read_tests


def read(text: str, data: DataFormat | None = None) -> tuple[tuple[FormTest, ...], list[str]]:
    """The tests in a form file of the form pain, and what is said of them."""
    complaints = Complaints("pain.toml")
    raw = tomllib.loads(text).get("tests")
    found = read_tests(raw, "pain", data=data or DataFormat(), complaints=complaints)
    return found, [str(each).removeprefix("pain.toml: ") for each in complaints.all()]


def test_a_form_without_tests_has_none() -> None:
    assert read("") == ((), [])
    assert read("tests = []") == ((), [])


def test_a_test_states_a_row_others_and_what_it_breaks() -> None:
    text = """
        [[tests]]
        name = "too much"
        row = { visit = "W6", repeat = 2, vas = 101, drug = true }
        others."BL.pain" = { vas = 5 }
        others.demo = { visit = "X", sex = "f" }
        breaks = ["PAIN01", "unusual"]

        [[tests]]
        name = "nothing"
    """
    assert read(text) == (
        (
            FormTest(
                name="too much",
                row=StatedRow(
                    form="pain", visit="W6", repeat="2", cells=(("vas", "101"), ("drug", "yes"))
                ),
                others=(
                    StatedRow(form="pain", visit="BL", cells=(("vas", "5"),)),
                    # a visit among the cells goes before the one in the name
                    StatedRow(form="demo", visit="X", cells=(("sex", "f"),)),
                ),
                breaks=("PAIN01", "unusual"),
            ),
            FormTest(name="nothing", row=StatedRow(form="pain")),
        ),
        [],
    )


CELLS = {
    "true": "yes",
    "false": "no",
    "12": "12",
    "-1.5": "-1.5",
    "'as it is'": "as it is",
    "''": "",
    "2025-03-31": "2025-03-31",
    "2025-03-31T08:05:09": "2025-03-31 08:05:09",
    "08:30:00": "08:30",
    "['a', 'b']": "a b",
    "[]": "none_of_these",
}


@pytest.mark.parametrize(("value", "text"), CELLS.items())
def test_a_value_of_toml_is_the_text_of_a_data_file(value: str, text: str) -> None:
    (found,), said = read(f"[[tests]]\nname = 'x'\nrow = {{ x = {value} }}")
    assert (found.row.cells, said) == ((("x", text),), [])


@pytest.mark.parametrize(
    ("order", "day", "moment"),
    [
        (DateOrder.DMY, "04.03.2025", "04.03.2025 08:30:00"),
        (DateOrder.MDY, "03/04/2025", "03/04/2025 08:30:00"),
    ],
)
def test_days_and_numbers_are_in_the_way_of_the_trial(
    order: DateOrder, day: str, moment: str
) -> None:
    text = (
        "[[tests]]\nname = 'x'\nrow = { d = 2025-03-04, m = 2025-03-04 08:30:00, n = 1.5, w = 2 }"
    )
    (found,), _ = read(text, DataFormat(delimiter=";", decimal=",", dates=order))
    assert dict(found.row.cells) == {"d": day, "m": moment, "n": "1,5", "w": "2"}


CELL = "expected a cell as in the data file, or a number, date or truth value"
WRONG = {
    "no tables": ("tests = 5", ["[tests]: found 5; expected tables [[tests]]"]),
    "no table": ("tests = [5]", ["[tests number 1]: found 5; expected a table"]),
    "an unknown key": (
        "[[tests]]\nname = 'x'\nbreak = []",
        [
            (
                "[tests 'x'] break: found an unknown key; expected one of name, row, others, breaks; "
                "did you mean 'breaks'?"
            )
        ],
    ),
    "no name": (
        "[[tests]]\nrow = {}",
        ["[tests number 1] name: found ''; expected what the row shows, in a few words"],
    ),
    "a blank name": (
        "[[tests]]\nname = 'a'\n[[tests]]\nname = '  '",
        ["[tests '  '] name: found '  '; expected what the row shows, in a few words"],
    ),
    "a name that is none": (
        "[[tests]]\nname = 'a'\n[[tests]]\nname = 5",
        ["[tests number 2] name: found 5; expected what the row shows, in a few words"],
    ),
    "breaks": (
        "[[tests]]\nname = 'x'\nbreaks = 'A'",
        ["[tests 'x'] breaks: found 'A'; expected a list of rule ids; [] for a row without fault"],
    ),
    "breaks of numbers": (
        "[[tests]]\nname = 'x'\nbreaks = ['A', 1]",
        [
            (
                "[tests 'x'] breaks: found ['A', 1]; expected a list of rule ids; [] for a row without "
                "fault"
            )
        ],
    ),
    "a row": (
        "[[tests]]\nname = 'x'\nrow = 5",
        ["[tests 'x'] row: found 5; expected a table of items, such as { vas_mm = 55 }"],
    ),
    "others": (
        "[[tests]]\nname = 'x'\nothers = 5",
        [
            "[tests 'x'] others: found 5; expected tables such as others.\"BL.pain\" = { vas_mm = 5 }"
        ],
    ),
    "another row": (
        "[[tests]]\nname = 'x'\nothers.demo = 5",
        ["[tests 'x'] others.demo: found 5; expected a table of items, such as { vas_mm = 55 }"],
    ),
    "a cell": (
        "[[tests]]\nname = 'x'\nrow = { a = { b = 1 } }\nothers.demo = { c = [1] }",
        [
            f"[tests 'x'] row.a: found {{'b': 1}}; {CELL}",
            f"[tests 'x'] others.demo.c: found [1]; {CELL}",
        ],
    ),
    "seconds": (
        "[[tests]]\nname = 'x'\nrow = { a = 08:30:01 }",
        [f"[tests 'x'] row.a: found datetime.time(8, 30, 1); {CELL}"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_no_test_is_said_and_left_out(text: str, expected: list[str]) -> None:
    found, said = read(text)
    assert said == expected
    assert [each.name for each in found] == (["a"] if "name = 'a'" in text else [])


def test_a_moment_of_another_clock_is_no_cell() -> None:
    found, said = read("[[tests]]\nname = 'x'\nrow = { a = 2025-03-04T08:30:00Z }")
    assert found == ()
    assert said[0].endswith(CELL)


def item(name: str) -> Item:
    return Item(id=name, label=name, type=ItemType.TEXT)


def form(name: str, *items: str, visits: tuple[str, ...] = (), repeating: bool = False) -> Form:
    return Form(
        id=name, title=name, kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=visits,
        repeating=repeating, items=tuple(map(item, items)), rules=(), file=f"forms/{name}.toml",
        sha256="",
    )  # fmt: skip


RULE = Rule(id="PAIN01", expression="TRUE", severity=Severity.SOFT, message="m", items=("vas",))
PAIN = replace(form("pain", "vas", "drug", visits=("BL", "W6")), rules=(RULE,))
DEMO = form("demo", "sex")
LOG = form("log", "note", repeating=True)


def row(name: str = "pain", visit: str = "", **cells: str) -> StatedRow:
    return StatedRow(form=name, visit=visit, cells=tuple(cells.items()))


def trial_says(*tests: FormTest, of: Form = PAIN) -> list[str]:
    forms = [replace(each, tests=tests) if each is of else each for each in (PAIN, DEMO, LOG)]
    return [str(each).removeprefix(f"{of.file}: ") for each in complain_of_tests(forms)]


def stated(own: StatedRow, *others: StatedRow, breaks: tuple[str, ...] = ()) -> FormTest:
    return FormTest(name="x", row=own, others=others, breaks=breaks)


def test_nothing_is_said_of_tests_that_fit() -> None:
    assert (
        trial_says(
            stated(row(visit="W6", vas="5"), row(visit="BL", vas="6"), row("demo", sex="f")),
            replace(stated(row(vas="5"), breaks=("PAIN01", "unusual", "required")), name="y"),
        )
        == []
    )
    # a form that repeats may state its own row
    assert trial_says(stated(row("log", note="a")), of=LOG) == []


@pytest.mark.parametrize("rule", CHECKED)
def test_a_row_can_break_the_built_in_rules_that_look_at_one_row(rule: str) -> None:
    assert trial_says(stated(row(), breaks=(rule,))) == []


def test_which_rules_look_at_one_row() -> None:
    assert set(CHECKED) == {
        "unreadable", "not_a_choice", "not_in_form", "out_of_range", "unusual", "code_not_allowed",
        "miscalculated", "wrong_sum", "one_side_only", "stopping_signal", "same_row_twice", "date_order", "required", "required_when",
        "not_shown",
    }  # fmt: skip


MISFITS = {
    "a rule": (
        stated(row(), breaks=("PAIN02", "visit_window")),
        [
            ("[tests 'x'] breaks: found 'PAIN02'; expected a rule of this form; did you mean "
            "'PAIN01'?"),
            # a window is of a visit, which one row does not have
            "[tests 'x'] breaks: found 'visit_window'; expected a rule of this form",
        ],
    ),
    "the row itself": (
        stated(row(visit="W6"), row(visit="W6", vas="5")),
        [
            ("[tests 'x'] others: found 'pain'; expected rows of other forms or visits; this one is "
            "the row itself")
        ],
    ),
    "an item": (
        stated(row(vass="5")),
        ["[tests 'x'] row: found the unknown item 'vass'; expected an item of pain; did you mean 'vas'?"],
    ),
    "a key": (
        stated(row(subject_id="S1")),
        ["[tests 'x'] row: found a key; expected an item of pain"],
    ),
    "an item elsewhere": (
        stated(row(), row("demo", vas="5")),
        ["[tests 'x'] others.demo: found the unknown item 'vas'; expected an item of demo"],
    ),
    "a form": (
        stated(row(), row("demog", sex="f")),
        ["[tests 'x'] others: found 'demog'; expected a form of the trial; did you mean 'demo'?"],
    ),
    "a visit": (
        stated(row(visit="W66")),
        ["[tests 'x'] row: found the visit 'W66'; expected one of BL, W6; did you mean 'W6'?"],
    ),
    "a visit of a form without": (
        stated(row(), row("demo", visit="BL", sex="f")),
        ["[tests 'x'] others.demo: found the visit 'BL'; expected none: it has no visits"],
    ),
    "several rows of a form that has one": (
        stated(row(), replace(row("log", note="a"), form="demo", repeat="2", cells=())),
        ["[tests 'x'] others.demo: found several rows; expected one; demo does not repeat"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("test", "expected"), MISFITS.values(), ids=MISFITS)
def test_what_the_trial_does_not_have_is_said(test: FormTest, expected: list[str]) -> None:
    assert trial_says(test) == expected


def test_names_of_tests_are_their_own_within_a_form() -> None:
    assert trial_says(stated(row()), stated(row(vas="5"))) == [
        "[tests 'x'] name: found a name that another test has; expected its own"
    ]
    forms = [replace(PAIN, tests=(stated(row()),)), replace(DEMO, tests=(stated(row("demo")),))]
    assert list(complain_of_tests(forms)) == []
