"""What contradicts itself within an item, or with its neighbours, is said and how to mend it."""

from dataclasses import replace
from datetime import date

import pytest

from tests.miniature import protocol
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.labels import EXPECTED
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.item_consistency import complain_of_item, twice


def item(kind: ItemType, **keys: object) -> Item:
    return Item(**{"id": "x", "label": "X", "type": kind, **keys})


def choices(*codes: str) -> tuple[ItemChoice, ...]:
    return tuple(ItemChoice(code=code, label=code) for code in codes)


OTHERS = (
    Item(id="one", label="One", type=ItemType.INTEGER),
    Item(id="two", label="Two", type=ItemType.DECIMAL),
    Item(id="words", label="Words", type=ItemType.TEXT),
    Item(id="paired", label="Paired", type=ItemType.INTEGER, other_side="one"),
)


def said(what: Item, *, unread: frozenset[str] = frozenset()) -> list[str]:
    form = Form(
        id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
        repeating=False, rules=(), file="", sha256="", items=(*OTHERS, what),
    )  # fmt: skip
    complaints = Complaints("f.toml")
    complain_of_item(what, form, unread=unread, protocol=protocol(), complaints=complaints)
    return [str(each).removeprefix("f.toml: ") for each in complaints.all()]


CHOICE = item(ItemType.CHOICE, choices=choices("1", "2"))
SEVERAL = item(ItemType.MULTI_CHOICE, choices=choices("a", "b"))
NUMBER = item(ItemType.INTEGER)
RECKONED = item(ItemType.CALCULATED, calculation="one + two")
SCALE = item(ItemType.VISUAL_ANALOGUE)
DAY = date(2025, 3, 31)
RIGHT = {
    "choice": CHOICE,
    "several": replace(SEVERAL, choices=choices("a", "B_2", "-.+")),
    "number": replace(NUMBER, range=Range(low=1, high=2), expected_range=Range(low=1)),
    "day": item(ItemType.DATE, range=Range(low=DAY), purpose=Purpose.VISIT_DATE),
    "moment": item(ItemType.DATE_TIME, range=Range(high=DAY)),
    "truth": item(ItemType.YES_NO, purpose=Purpose.ELIGIBLE),
    "minutes": replace(NUMBER, purpose=Purpose.SESSION_MINUTES),
    "arm": item(ItemType.TEXT, purpose=Purpose.ARM),
    "two anchors": replace(SCALE, anchors=("none", "worst")),
    "three anchors": replace(SCALE, anchors=("none", "some", "worst")),
    "codes": replace(NUMBER, missing_codes=("ND", "NA")),
    "no codes": replace(NUMBER, missing_codes=()),
    "reckoned": RECKONED,
    "sum": replace(NUMBER, sum_of=("one", "two")),
    "other side": replace(NUMBER, other_side="one"),
    "required": replace(NUMBER, required=True),
    "required when": replace(NUMBER, required_when="one > 1"),
    "pattern": item(ItemType.TEXT, pattern="[A-Z]{2}", example="AB"),
    "sixty-four letters": replace(NUMBER, id="x" * 64),
}


@pytest.mark.parametrize("what", RIGHT.values(), ids=RIGHT)
def test_nothing_is_said_of_what_is_right(what: Item) -> None:
    assert said(what) == []


SMALL = "a name of small letters, digits and _, such as vas_mm"
ALONE = "codes of letters, digits, _, -, . and +, since a cell holds several of them"
NEVER = (
    "found a key for items that are asked; expected nothing, since a calculated item is never asked"
)
WRONG = {
    "capital": (replace(NUMBER, id="X"), [f"[items 'X'] id: found 'X'; expected {SMALL}"]),
    "digit": (replace(NUMBER, id="1x"), [f"[items '1x'] id: found '1x'; expected {SMALL}"]),
    "long": (
        replace(NUMBER, id="x" * 90),
        [f"[items {'x' * 90!r}] id: found {'x' * 80!r}; expected {SMALL}"],
    ),
    "marks": (
        replace(NUMBER, id="x__y"),
        [
            ("[items 'x__y'] id: found 'x__y'; expected a name without '__', which marks missing "
            "codes in rules")
        ],
    ),
    "key": (
        replace(NUMBER, id="visit"),
        [
            ("[items 'visit'] id: found 'visit'; expected another name, since this is a key column "
            "of the data file")
        ],
    ),
    "word": (
        replace(NUMBER, id="and"),
        [
            ("[items 'and'] id: found 'and'; expected another name, since this is a word of the "
            "rules' language")
        ],
    ),
    "label": (replace(NUMBER, label="\t"), ["label: found nothing; expected words for messages"]),
    "required twice": (
        replace(NUMBER, required=True, required_when="one > 1"),
        [
            "required_when: found a condition beside required = true; expected one of the two",
        ],
    ),
    "no choices": (
        replace(CHOICE, choices=()),
        ["choices: found nothing; expected choices for a choice item"],
    ),
    "choices of a number": (
        replace(NUMBER, choices=choices("1")),
        [
            ("choices: found choices for an item of type integer; expected none, or type = 'choice' "
            "or 'multi_choice'")
        ],
    ),
    "two choices with one label": (
        replace(
            SEVERAL,
            choices=tuple(
                ItemChoice(code=code, label=label)
                for code, label in (("a", "At night"), ("b", "By day"), ("c", "at  night "))
            ),
        ),
        [
            f"choices: found 'at  night ' of 'c', the label of 'a', too; expected {EXPECTED}"
        ],
    ),
    "a choice without a label": (
        replace(CHOICE, choices=(ItemChoice(code="1", label=" "), ItemChoice(code="2", label=""))),
        [
            f"choices: found no label of {code!r}; expected words that people read in its place"
            for code in "12"
        ],
    ),
    "a choice twice": (
        replace(CHOICE, choices=choices("1", "2", "1")),
        ["choices: found '1' twice; expected each code once"],
    ),
    "a missing code": (
        replace(CHOICE, choices=choices("1", "ND")),
        [
            ("choices: found 'ND', which is the missing code for 'not done'; expected another code "
            "for the choice, or another spelling of the missing code in [data] missing_codes: "
            "{ code = 'MISS_ND', label = 'not done', instead_of = 'ND' }")
        ],
    ),
    "space": (
        replace(CHOICE, choices=(*choices("1", " 2"), ItemChoice(code="", label="none"))),
        [
            "choices: found ' 2'; expected a code without space around it",
            "choices: found ''; expected a code without space around it",
        ],
    ),
    "codes of several": (
        replace(SEVERAL, choices=choices("a b", "none_of_these", "missing", "count")),
        [
            f"choices: found 'a b'; expected {ALONE}",
            *(
                f"choices: found {code!r}; expected another code, since {code} has a meaning of "
                "its own"
                for code in ("none_of_these", "missing", "count")
            ),
        ],
    ),
    "a range of a text": (
        item(ItemType.TEXT, range=Range(low=1)),
        ["range: found a range from 1; expected none for an item of type text"],
    ),
    "numbers of a date": (
        item(ItemType.DATE, expected_range=Range(high=5)),
        [
            ("expected_range: found a range from 5; expected dates such as 2025-03-31, without "
            "quotation marks")
        ],
    ),
    "dates of a number": (
        replace(NUMBER, range=Range(low=DAY)),
        ["range: found a range from 2025-03-31; expected numbers, for an item of type integer"],
    ),
    "a purpose of dates": (
        replace(NUMBER, purpose=Purpose.END_DATE),
        ["purpose: found end_date for an item of type integer; expected an item of type date"],
    ),
    "a purpose of truths": (
        item(ItemType.TEXT, purpose=Purpose.COMPLETED),
        ["purpose: found completed for an item of type text; expected an item of type yes_no"],
    ),
    "minutes of a text": (
        item(ItemType.TEXT, purpose=Purpose.SESSION_MINUTES),
        [
            ("purpose: found session_minutes for an item of type text; expected an item of type "
            "integer or decimal")
        ],
    ),
    "anchors of a number": (
        replace(NUMBER, anchors=("none", "worst")),
        [
            ("anchors: found anchors for an item of type integer; expected none, or type = "
            "'visual_analogue'")
        ],
    ),
    "one anchor": (
        replace(SCALE, anchors=("none",)),
        ["anchors: found 1 of them; expected the words at both ends, or at the ends and the middle"],
    ),
    "four anchors": (
        replace(SCALE, anchors=("a", "b", "c", "d")),
        ["anchors: found 4 of them; expected the words at both ends, or at the ends and the middle"],
    ),
    "an unknown code": (
        replace(NUMBER, missing_codes=("UNKN",)),
        [
            ("missing_codes: found 'UNKN'; expected missing codes of the trial, ND, REF, UNK, NASK, "
            "ASKU, MF, WD, LTFU, NA; did you mean 'UNK'?")
        ],
    ),
    "a code twice": (
        replace(NUMBER, missing_codes=("ND", "NA", "ND")),
        ["missing_codes: found 'ND' twice; expected each code once"],
    ),
    "a calculation of a number": (
        replace(NUMBER, calculation="one + two"),
        [
            ("calculation: found a calculation for an item of type integer; expected none, or type "
            "= 'calculated'")
        ],
    ),
    "no calculation": (
        replace(RECKONED, calculation=""),
        [
            ("calculation: found nothing; expected an expression such as weight_kg / (height_m * "
            "height_m)")
        ],
    ),
    "reckoned and required": (replace(RECKONED, required=True), [f"required: {NEVER}"]),
    "reckoned and required when": (
        replace(RECKONED, required_when="one > 1"),
        [f"required_when: {NEVER}"],
    ),
    "reckoned and missing": (replace(RECKONED, missing_codes=()), [f"missing_codes: {NEVER}"]),
    "reckoned and a sum": (replace(RECKONED, sum_of=("one", "two")), [f"sum_of: {NEVER}"]),
    "a sum of what is not there": (
        replace(NUMBER, sum_of=("one", "twoo", "x")),
        [
            ("sum_of: found the unknown item 'twoo'; expected another item of this form; did you "
            "mean 'two'?"),
            # an item is not part of its own sum
            "sum_of: found the unknown item 'x'; expected another item of this form",
        ],
    ),
    "a sum of words": (
        replace(NUMBER, sum_of=("one", "words")),
        ["sum_of: found 'words' of type text; expected numbers that add up"],
    ),
    "words as a sum": (
        item(ItemType.TEXT, sum_of=("one",)),
        ["sum_of: found 'one' of type integer; expected numbers that add up"],
    ),
    "a part twice": (
        replace(NUMBER, sum_of=("one", "two", "one")),
        ["sum_of: found 'one' twice; expected each item once"],
    ),
    "another type on the other side": (
        replace(NUMBER, other_side="two"),
        [
            ("other_side: found 'two' of type decimal; expected an item of type integer, like this "
            "one")
        ],
    ),
    "a pattern of a number": (
        replace(NUMBER, pattern="[0-9]", example="1"),
        [
            (
                "pattern: found a pattern for an item of type integer; expected none, or type = "
                "'text'"
            )
        ],
    ),
    "a pattern without end": (
        item(ItemType.TEXT, pattern="[0-9", example="1"),
        [
            (
                "pattern: found the pattern '[0-9', which cannot be run: unclosed character class; "
                "a pattern is a regular expression without look-around and back-references; "
                "expected one for the whole text, such as '[A-Z]{2}-[0-9]{3}'"
            )
        ],
    ),
    "an example of another form": (
        item(ItemType.TEXT, pattern="[0-9]", example="x"),
        [
            (
                "example: found 'x', which does not fit the pattern; expected a text that fits it: "
                "messages show it, since nobody reads a pattern"
            )
        ],
    ),
    "an example alone": (
        item(ItemType.TEXT, example="x"),
        [
            (
                "example: found an example without a pattern; expected none, or the pattern that "
                "it fits"
            )
        ],
    ),
    "both sides name each other": (
        replace(NUMBER, other_side="paired"),
        [
            ("other_side: found 'paired', which names its other side, too; expected the key at one "
            "of the two")
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("what", "expected"), WRONG.values(), ids=WRONG)
def test_what_contradicts_itself_is_said(what: Item, expected: list[str]) -> None:
    begin = f"[items {what.id!r}] "
    assert said(what) == [begin + each.removeprefix(begin) for each in expected]


def test_what_could_not_be_read_is_not_said_to_be_unknown() -> None:
    unread = frozenset({"odd"})
    assert said(replace(NUMBER, sum_of=("odd",), other_side="odd"), unread=unread) == []
    # the names after it are still read
    assert len(said(replace(NUMBER, sum_of=("odd", "words", "zzz")), unread=unread)) == 2


DATES = (
    "screening_date", "consent_date", "randomisation_date", "visit_date", "session_date",
    "event_start", "end_date",
)  # fmt: skip
TRUTHS = (
    "eligible", "attended", "event_serious", "event_related", "event_led_to_withdrawal",
    "discontinued", "completed",
)  # fmt: skip


WORDS = (
    "arm", "arm_received", "not_enrolled_reason", "not_received_reason", "discontinuation_reason",
    "end_reason", "event_term", "event_class", "event_severity", "treatment_term", "deviation_term",
)  # fmt: skip


NUMBERS = (
    "session_minutes", "session_sets", "session_repetitions", "session_load", "pain_before",
    "pain_during",
)  # fmt: skip


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_item_with_a_purpose_holds_what_is_counted_by_it(purpose: Purpose) -> None:
    kinds = (ItemType.DATE, ItemType.YES_NO, ItemType.TEXT, ItemType.INTEGER, ItemType.CHOICE)
    several = said(replace(SEVERAL, purpose=purpose))
    own = CHOICE.choices
    taken = {
        kind for kind in kinds
        if not said(item(kind, purpose=purpose, choices=own if kind is ItemType.CHOICE else ()))
    }  # fmt: skip
    words = frozenset({ItemType.TEXT, ItemType.CHOICE})
    mark = words | {ItemType.INTEGER}
    expected = {
        **dict.fromkeys(DATES, frozenset({ItemType.DATE})),
        **dict.fromkeys(TRUTHS, frozenset({ItemType.YES_NO})),
        **dict.fromkeys(WORDS, words),
        "site": mark,
        "block": mark,
        "cluster": mark,
        "stratum": mark | {ItemType.YES_NO},
        **dict.fromkeys((*NUMBERS, "event_number"), frozenset({ItemType.INTEGER})),
        **dict.fromkeys(("event_known", "event_reported"), frozenset({ItemType.DATE})),
    }
    assert taken == expected[purpose.value]
    # nobody is counted under several answers
    assert f"found {purpose.value} for an item of type multi_choice; " in several[0]


def test_of_all_days_only_the_start_of_an_event_may_be_known_in_part() -> None:
    refused = {
        purpose for purpose in DATES
        if said(item(ItemType.PARTIAL_DATE, purpose=Purpose(purpose)))
    }  # fmt: skip
    assert refused == set(DATES) - {"event_start"}
    told = said(item(ItemType.TEXT, purpose=Purpose.EVENT_START))
    assert told[0].endswith("expected an item of type date or partial_date")


def test_names_that_are_there_more_than_once() -> None:
    assert twice(["b", "a", "c", "a", "b", "a"]) == ["b", "a"]
    assert twice(["a", "b"]) == []
