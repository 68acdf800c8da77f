"""What findings say: what was found, what was expected, and what to do, in whole sentences."""

from datetime import date

import pandas as pd
import pytest

from trialkit.checks.judging import wording
from trialkit.protocol.trial.data_format import DataFormat, DateOrder, MissingCode
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

DATA = DataFormat()
GERMAN = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY)
OWN_CODE = DataFormat(missing_codes=(MissingCode(code="BRK", label="device broken"),))


def entered(*texts):
    return pd.Series(list(texts), dtype="str")


def item(kind, **known):
    return Item(id="it", label="Pain", type=kind, **known)


def choices(*codes, alone=()):
    return tuple(
        ItemChoice(code=code, label=f"Label {code}", alone=code in alone) for code in codes
    )


def test_what_was_entered_is_shown_without_the_space_around_it_and_up_to_sixty_letters():
    shown = wording.shown(entered("  5o ", "x" * 60, "y" * 61, ""))

    assert shown.tolist() == ["5o", "x" * 60, "y" * 60 + "…", ""]


def test_a_cell_that_cannot_be_read_is_told_what_it_should_be_and_which_code_may_stand_there():
    pain = item(ItemType.DECIMAL, unit="mm")

    assert wording.unreadable(entered("5o", " ? "), pain, DATA).tolist() == [
        (
            "Pain: '5o' cannot be read as a number such as 12.5 in mm; correct it, or enter a missing "
            "code such as ND (not done)."
        ),
        (
            "Pain: '?' cannot be read as a number such as 12.5 in mm; correct it, or enter a missing "
            "code such as ND (not done)."
        ),
    ]
    assert wording.unreadable(entered("5o"), pain, GERMAN)[0].startswith(
        "Pain: '5o' cannot be read as a number such as 12,5 in mm; correct it"
    )


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        (None, ", or enter a missing code such as ND (not done)."),
        (("UNK", "REF"), ", or enter a missing code such as REF (refused)."),
        (("BRK",), ", or enter a missing code such as BRK (device broken)."),
        ((), "."),
    ],
)
def test_the_code_that_is_offered_is_the_first_of_the_trial_that_the_item_takes(allowed, said):
    whole = item(ItemType.INTEGER, missing_codes=allowed)

    assert wording.unreadable(entered("x"), whole, OWN_CODE).tolist() == [
        f"Pain: 'x' cannot be read as a whole number; correct it{said}"
    ]
    either = said.replace("or enter a", "or a")
    assert (
        wording.required(entered("", ""), whole, OWN_CODE).tolist()
        == [f"Pain is blank, but must be answered; enter it{either}"] * 2
    )
    assert wording.no_such_file(entered(" a.png "), whole, OWN_CODE).tolist() == [
        "Pain: there is no file 'a.png' in the folder files/; put it there, correct the path" + said
    ]


def test_what_is_no_choice_is_told_all_choices_or_the_first_twelve():
    two = item(ItemType.CHOICE, choices=choices("l", "r"), missing_codes=())
    twelve = item(ItemType.CHOICE, choices=choices(*"abcdefghijkl"), missing_codes=())
    fourteen = item(ItemType.CHOICE, choices=choices(*"abcdefghijklmn"), missing_codes=())
    first = ", ".join(f"{code} (Label {code})" for code in "abcdefghijkl")

    assert wording.not_a_choice(entered(" L"), two, DATA).tolist() == [
        "Pain: 'L' is none of the choices l (Label l), r (Label r); correct it."
    ]
    assert wording.not_a_choice(entered("z"), twelve, DATA).tolist() == [
        f"Pain: 'z' is none of the choices {first}; correct it."
    ]
    assert wording.not_a_choice(entered("z"), fourteen, DATA).tolist() == [
        f"Pain: 'z' is none of the choices {first} and 2 more; correct it."
    ]


def test_several_choices_are_written_once_each_and_some_by_themselves():
    free = item(ItemType.MULTI_CHOICE, choices=choices("a", "b"), missing_codes=())
    bound = item(
        ItemType.MULTI_CHOICE,
        choices=choices("a", "no", "never", alone=("no", "never")),
        missing_codes=("UNK",),
    )

    assert wording.not_a_choice(entered("a a"), free, DATA).tolist() == [
        (
            "Pain: 'a a' is no list of the choices a (Label a), b (Label b); write their codes once "
            "each with spaces between, none_of_these if none was chosen."
        )
    ]
    assert wording.not_a_choice(entered("a no"), bound, DATA).tolist() == [
        (
            "Pain: 'a no' is no list of the choices a (Label a), no (Label no), never (Label never); "
            "write their codes once each (no, never only by itself) with spaces between, none_of_these "
            "if none was chosen, or enter a missing code such as UNK (unknown)."
        )
    ]


def test_a_range_that_was_left_is_not_the_range_that_is_expected():
    pain = item(
        ItemType.DECIMAL,
        unit="mm",
        range=Range(low=0, high=100),
        expected_range=Range(low=10, high=95),
    )

    assert wording.out_of_range(entered(" 101 "), pain, DATA).tolist() == [
        "Pain: 101 mm cannot be right; it must be from 0 to 100 mm. Correct it."
    ]
    assert wording.unusual(entered("96"), pain, DATA).tolist() == [
        "Pain: 96 mm is unusual; expected is from 10 to 95 mm. Correct it, or confirm it."
    ]


@pytest.mark.parametrize(
    ("kind", "unit", "limits", "said"),
    [
        (ItemType.DECIMAL, "mm", Range(low=0, high=100), "from 0 to 100 mm"),
        (ItemType.DECIMAL, "mm", Range(low=0), "0 mm or more"),
        (ItemType.DECIMAL, "mm", Range(high=2.5), "2.5 mm or less"),
        (ItemType.DECIMAL, "", Range(low=-1.25), "-1.25 or more"),
        (ItemType.INTEGER, "", Range(low=1.0, high=5.0), "from 1 to 5"),
        (ItemType.DATE, "", Range(low=date(2025, 1, 2)), "2025-01-02 or later"),
        (ItemType.DATE, "", Range(high=date(2025, 3, 4)), "2025-03-04 or earlier"),
        (ItemType.PARTIAL_DATE, "", Range(low=date(2025, 1, 2)), "2025-01-02 or later"),
        (
            ItemType.DATE_TIME,
            "",
            Range(low=date(2025, 1, 2), high=date(2025, 3, 4)),
            "from 2025-01-02 to 2025-03-04",
        ),
    ],
)
def test_limits_are_said_as_people_say_them(kind, unit, limits, said):
    assert wording.in_words(limits, item(kind, unit=unit), DATA) == said


def test_limits_have_the_decimal_sign_of_the_trial():
    pain = item(ItemType.DECIMAL, unit="mm")

    assert wording.in_words(Range(low=0.5, high=2), pain, GERMAN) == "from 0,5 to 2 mm"


def test_a_code_that_is_not_allowed_is_told_those_that_are():
    some = item(ItemType.INTEGER, missing_codes=("NA", "REF"))
    none = item(ItemType.INTEGER, missing_codes=())

    assert wording.code_not_allowed(entered("ND"), some, DATA).tolist() == [
        (
            "Pain: 'ND' cannot stand for the answer; the missing codes allowed here are REF (refused), "
            "NA (not applicable). Enter the answer, or one of these codes."
        )
    ]
    assert wording.code_not_allowed(entered("ND"), none, DATA).tolist() == [
        "Pain: 'ND' cannot stand for the answer; none is allowed here. Enter the answer."
    ]


def test_what_was_entered_for_a_calculated_item_stands_beside_what_follows():
    mean = item(ItemType.CALCULATED, unit="mm", calculation="(a + b) / 2")
    values = pd.Series([30.75, 1234567.0])

    assert wording.miscalculated(
        entered("31", "1,2"), mean, values, GERMAN, of="“A” and “B”"
    ).tolist() == [
        (
            "Pain: 31 mm was entered, but 30,75 mm follows from “A” and “B”. Correct it or what it is "
            "calculated from, or leave it blank."
        ),
        (
            "Pain: 1,2 mm was entered, but 1,23457e+06 mm follows from “A” and “B”. Correct it or what "
            "it is calculated from, or leave it blank."
        ),
    ]
    assert (
        "but 30.75 follows from"
        in wording.miscalculated(
            entered("31"), item(ItemType.CALCULATED, calculation="a"), values[:1], DATA, of="“A”"
        )[0]
    )
    assert wording.miscalculated(entered("31"), mean, values[:1], DATA, of="").tolist() == [
        "Pain: 31 mm was entered, but 30.75 mm is what the form says. Correct it, or leave it blank."
    ]
    assert wording.not_calculable(entered("31"), mean, of="“A” and “B”").tolist() == [
        (
            "Pain: 31 mm was entered, but cannot be calculated from “A” and “B”, since a value is missing. "
            "Enter what is missing, or leave this blank."
        )
    ]


def test_a_condition_is_said_where_it_makes_an_answer_needed_or_unwanted():
    drug = item(ItemType.TEXT, missing_codes=(), shown_when="took = TRUE")

    took = "“Took it” is “Yes”"

    assert wording.required_when(entered(""), drug, DATA, when=took).tolist() == [
        "Pain is blank, but must be answered where “Took it” is “Yes”; enter it."
    ]
    assert wording.not_shown(entered(" aspirin"), drug, when=took).tolist() == [
        (
            "Pain: aspirin was entered, but this is asked only where “Took it” is “Yes”; clear it, or "
            "correct what it depends on."
        )
    ]


def test_a_condition_that_has_no_words_is_not_said():
    drug = item(ItemType.TEXT, missing_codes=(), shown_when="took__missing = 'ND'")

    assert wording.required_when(entered(""), drug, DATA, when="").tolist() == [
        "Pain is blank, but must be answered given what else was entered; enter it."
    ]
    assert wording.not_shown(entered(" aspirin"), drug, when="").tolist() == [
        (
            "Pain: aspirin was entered, but is not asked given what else was entered; clear it, or "
            "correct what it depends on."
        )
    ]
