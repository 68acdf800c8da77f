"""Each kind of field becomes its item, and what cannot be carried over is listed with the reason."""

from dataclasses import replace

import pytest

from tests.imports.redcap.fields import field
from trialkit.errors import ProtocolError
from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.dictionary import Field
from trialkit.imports.redcap.items import DraftedItem, Trouble, draft_item
from trialkit.schemas.forms.forms import Item, Purpose
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType


def drafted(
    of: Field,
    *,
    purpose: Purpose | None = None,
    missing: dict[str, str] | None = None,
    new_codes: dict[str, str] | None = None,
) -> DraftedItem:
    found = draft_item(of, "x", purpose=purpose, missing=missing or {}, new_codes=new_codes or {})
    assert found is not None
    assert found.field is of
    return found


def item(kind: str, **more: object) -> Item:
    return drafted(field("x", kind=kind, **more)).item


def troubles(kind: str, **more: object) -> list[tuple[str, str]]:
    return [(each.found, each.why) for each in drafted(field("x", kind=kind, **more)).troubles]


def is_item(kind: ItemType, **more: object) -> Item:
    return Item(**{"id": "x", "label": "x", "type": kind, **more})


def offered(**labels: str) -> tuple[ItemChoice, ...]:
    return tuple(ItemChoice(code=code.strip("_"), label=label) for code, label in labels.items())


def test_every_item_has_the_words_of_its_field() -> None:
    of = field(
        "y", label="<b>Pain</b> today", section="Part&nbsp;1", note="0&lt;10", identifier=True,
        required=True, branching="[a] = 1",
    )  # fmt: skip
    found = drafted(of, purpose=Purpose.ARM)
    # what is required and shown follows from logic, which is another's to say
    assert found == DraftedItem(
        field=of,
        item=is_item(
            ItemType.TEXT, label="Pain today", section="Part 1", note="0<10", identifier=True,
            purpose=Purpose.ARM,
        ),
    )  # fmt: skip
    assert drafted(field("y")).item.label == "y"


def test_a_field_that_shows_text_is_no_item() -> None:
    of = field("x", kind="descriptive")
    assert draft_item(of, "x", purpose=None, missing={}, new_codes={}) is None


def test_a_validated_text_has_the_type_and_the_usual_range() -> None:
    found = drafted(field("x", validation="integer", low="18", high="[age]"))
    assert found.item == is_item(ItemType.INTEGER, expected_range=Range(low=18))
    assert found.troubles == (
        Trouble(
            found="the maximum '[age]'",
            why="it can neither be a range nor be said as a rule; it is left out",
        ),
    )
    unknown = drafted(field("x", validation="my_own", low="1"))
    assert unknown.item == is_item(ItemType.TEXT)
    assert [(each.found, each.why) for each in unknown.troubles] == [
        (
            "the validation 'my_own'",
            "there is no item type for it; the answers are kept as text, and not checked",
        )
    ]
    assert item("notes", validation="integer") == is_item(ItemType.TEXT)


@pytest.mark.parametrize("kind", ["radio", "dropdown"])
def test_a_choice_offers_its_codes_and_labels(kind: str) -> None:
    found = drafted(field("x", kind=kind, choices="1, <i>Left</i> | 2, Right, or so"))
    assert found.item == is_item(ItemType.CHOICE, choices=offered(_1="Left", _2="Right, or so"))
    assert found.choices == (
        Choice(code="1", label="Left"), Choice(code="2", label="Right, or so"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        ("1, Yes | 0, No", ItemType.YES_NO),
        ("0, FALSE | 1, TRUE", ItemType.YES_NO),
        # 0 that means yes is no yes/no item, nor are three answers, other codes or mixed words
        ("0, Yes | 1, No", ItemType.CHOICE),
        ("1, Yes | 2, No", ItemType.CHOICE),
        ("1, Yes | 0, No | 2, Maybe", ItemType.CHOICE),
        ("1, Yes | 0, No | 2, No", ItemType.CHOICE),
        ("1, Yes | 0, False", ItemType.CHOICE),
        ("1, Yes | 0, Yes", ItemType.CHOICE),
    ],
)
def test_a_choice_between_yes_and_no(choices: str, kind: ItemType) -> None:
    assert item("radio", choices=choices).type is kind


def test_yes_no_fields_calculations_and_files() -> None:
    assert item("yesno") == item("truefalse") == is_item(ItemType.YES_NO)
    assert item("calc", choices="[a] + 1") == is_item(ItemType.DECIMAL)
    assert troubles("yesno") == troubles("calc") == troubles("notes") == []
    assert item("file") == item("sql") == item("matrix") == is_item(ItemType.TEXT)
    assert troubles("file") == [
        (
            "a file",
            "an export says only that there is a file; download the files, and keep them by hand",
        )
    ]
    assert troubles("sql") == [
        (
            "an SQL query",
            (
                "the choices are in REDCap's database, not in the dictionary; the answers are kept as "
                "text"
            ),
        )
    ]
    ((found, why),) = troubles("matrix" * 10)
    assert found == f"the field type {('matrix' * 10)[:40]!r}"
    assert why.startswith("expected one of text, notes, radio, dropdown, checkbox, ")
    assert why.endswith("sql; the answers are kept as text")


@pytest.mark.parametrize("kind", ["radio", "dropdown", "checkbox"])
def test_two_choices_with_one_label_have_their_codes_behind_it_and_are_listed(kind: str) -> None:
    found = drafted(field("x", kind=kind, choices="1, Female | 2, Male | 3, <b>female</b>"))
    assert found.item.choices == offered(_1="Female (1)", _2="Male", _3="female (3)")
    assert [choice.label for choice in found.choices] == ["Female (1)", "Male", "female (3)"]
    assert [(each.found, each.why) for each in found.troubles] == [
        ("the label 'Female' of '1'", "another choice has it, too; it is 'Female (1)' here"),
        ("the label 'female' of '3'", "another choice has it, too; it is 'female (3)' here"),
    ]


def test_choices_that_cannot_be_read_are_listed() -> None:
    found = drafted(field("x", kind="radio", choices="1, A | nonsense | 1, B"))
    assert found.item.choices == offered(_1="A")
    assert [(each.found, each.why) for each in found.troubles] == [
        (
            "the choice 'nonsense' is not 'code, label'",
            "choices are 'code, label', with a vertical bar between",
        ),
        (
            "the code '1' is there twice, for 'A' and 'B'; the first was taken",
            "choices are 'code, label', with a vertical bar between",
        ),
    ]
    none = drafted(field("x", kind="checkbox", choices="nonsense"))
    assert none.item == is_item(ItemType.TEXT)
    assert [each.found for each in none.troubles] == [
        "the choice 'nonsense' is not 'code, label'", "no choices",
    ]  # fmt: skip
    assert none.troubles[1].why == "without choices the answers are kept as text"


def test_a_box_may_not_have_a_code_with_a_meaning_of_its_own() -> None:
    found = drafted(
        field("x", kind="checkbox", choices="count, A | 2, B | missing, C | none_of_these, D")
    )
    assert found.item.type is ItemType.MULTI_CHOICE
    assert found.item.codes == ("count_", "2", "missing_", "none_of_these_")
    assert [(each.code, each.raw) for each in found.choices] == [
        ("count_", "count"), ("2", ""), ("missing_", "missing"), ("none_of_these_", "none_of_these"),
    ]  # fmt: skip
    assert [(each.found, each.why) for each in found.troubles] == [
        (f"the code {code!r}", f"has a meaning of its own; it is '{code}_' here")
        for code in ("count", "missing", "none_of_these")
    ]


def test_a_slider_has_ends_and_words() -> None:
    assert item("slider", choices="none | some | worst") == is_item(
        ItemType.VISUAL_ANALOGUE, range=Range(low=0, high=100), anchors=("none", "some", "worst")
    )
    ends = item("slider", low="-5", high="5", choices="left | | right")
    assert (ends.range, ends.anchors) == (Range(low=-5, high=5), ("left", "right"))
    low = item("slider", low="10")
    assert (low.range, low.anchors) == (Range(low=10, high=100), ())
    high = item("slider", high="10")
    assert high.range == Range(low=0, high=10)
    assert troubles("slider") == []
    assert troubles("slider", choices="one") == [
        ("'one'", "a scale has words at both ends, or at the ends and the middle")
    ]
    found = drafted(field("x", kind="slider", low="a", choices="x" * 70))
    assert found.item.range == Range(low=0, high=100)
    assert [(each.found, each.why) for each in found.troubles] == [
        (repr("x" * 60), "a scale has words at both ends, or at the ends and the middle"),
        ("the minimum 'a'", "the scale is taken to run from 0 to 100"),
    ]


def test_a_choice_that_was_said_to_be_a_missing_code_is_none() -> None:
    of = field("x", kind="radio", choices="1, A | UNK, Don't know | 2, B")
    found = drafted(of, missing={"UNK": "unknown", "NA": "not applicable"})
    assert found.item == is_item(ItemType.CHOICE, choices=offered(_1="A", _2="B"))
    assert [each.code for each in found.choices] == ["1", "2"]
    assert [(each.found, each.why) for each in found.troubles] == [
        (
            '''the choice 'UNK', "Don't know"''',
            (
                "UNK was said to stand for a missing value (unknown); the answer is kept as that "
                "reason"
            ),
        )
    ]
    only = drafted(field("x", kind="radio", choices="UNK, Gone"), missing={"UNK": "unknown"})
    assert (only.item.type, only.item.choices, only.choices) == (ItemType.TEXT, (), ())


def test_forced_limits_are_limits() -> None:
    forced = drafted(field("x", validation="integer", low="1", annotation="@FORCE-MINMAX"))
    assert forced.item == is_item(ItemType.INTEGER, range=Range(low=1))
    assert forced.troubles == ()
    # without limits there is nothing to force
    assert troubles("text", annotation="@FORCE-MINMAX") == [
        ("@FORCE-MINMAX", "an action tag that is not carried over")
    ]


def test_an_answer_that_stands_alone() -> None:
    choices = "1, A | 2, B | 9, None"
    found = drafted(
        field("x", kind="checkbox", choices=choices, annotation="@NONEOFTHEABOVE='9, 2'")
    )
    assert [(each.code, each.alone) for each in found.item.choices] == [
        ("1", False), ("2", True), ("9", True),
    ]  # fmt: skip
    assert found.troubles == ()
    # of one choice each stands alone anyway
    assert troubles("radio", choices=choices, annotation="@NONEOFTHEABOVE=9") == [
        ("@NONEOFTHEABOVE(9)", "an action tag that is not carried over")
    ]


def test_tags_that_are_not_carried_over_are_listed() -> None:
    annotation = "@HIDDEN @DEFAULT='5' @MAXCHECKED=2 @IF([a] = 1, @CALCTEXT(1), '') @CALCDATE"
    assert troubles("text", annotation=annotation) == [
        ("@IF([a] = 1, @CALCTEXT(1), '')", "an action tag that is not carried over"),
    ]
    ((found, _),) = troubles("text", annotation=f"@IF({'x' * 300})")
    assert found == f"@IF({'x' * 196}"


def test_codes_become_others_where_somebody_said_so() -> None:
    of = field("x", kind="radio", choices="1, A | 2, B | 3, C")
    found = drafted(of, new_codes={"1": "NEW", "3": "OLD"})
    assert found.item.choices == offered(NEW="A", _2="B", OLD="C")
    assert found.choices == (
        Choice(code="NEW", label="A", raw="1"), Choice(code="2", label="B"),
        Choice(code="OLD", label="C", raw="3"),
    )  # fmt: skip
    with pytest.raises(ProtocolError) as error:
        drafted(of, new_codes={"1": "NEW", "4": "OLD"})
    assert str(error.value) == (
        "redcap.toml: [codes] says what '4' of x becomes, but its choices are 1, 2, 3"
    )
    with pytest.raises(ProtocolError, match=r"but its choices are none$"):
        drafted(replace(of, kind="text"), new_codes={"4": "OLD"})
