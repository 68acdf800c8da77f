"""A name means the nearest question that has it, and a path the one at its place."""

import pytest

from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place
from trialkit.imports.xlsform.finding import Places, RowsSeen, places_of
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import ItemType


def question(item_id: str, *place: str) -> DraftedSurvey:
    row = SurveyRow(number=2, cells={"name": place[-1]})
    return DraftedSurvey(
        row=row, place=place, item=Item(id=item_id, label=item_id, type=ItemType.TEXT)
    )


DIARY = DraftForm(
    name="diary", title="Diary", repeating=False,
    drafted=[question("x", "a", "x"), question("x_2", "b", "x"), question("y", "y")],
)  # fmt: skip
FALLS = DraftForm(
    name="falls", title="Falls", repeating=True, place=("falls",),
    drafted=[question("how", "falls", "how")],
)  # fmt: skip
PLACES: Places = places_of((DIARY, FALLS), others=frozenset({("falls",), ("a",), ("b",)}))


@pytest.mark.parametrize(
    ("name", "at", "on", "expected"),
    [
        ("x", ("b", "z"), DIARY, "x_2"),
        ("x", ("a", "z"), DIARY, "x"),
        ("../x", ("b", "z"), DIARY, "x_2"),
        ("/data/b/x", ("q",), DIARY, "x_2"),
        ("how", ("falls", "z"), FALLS, "how"),
        ("y", ("falls", "z"), FALLS, "diary.y"),
    ],
)
def test_a_name_means_the_nearest_question(
    name: str, at: Place, on: DraftForm, expected: str
) -> None:
    assert PLACES.find(name, at=at, on=on).name == expected


@pytest.mark.parametrize("name", ["how", "falls", "/data/a"])
def test_what_holds_no_one_value_there_is_none(name: str) -> None:
    with pytest.raises(ExpressionError, match="is no question that holds one value here") as found:
        PLACES.find(name, at=("y",), on=DIARY)
    assert not isinstance(found.value, NotInTheFileError)


@pytest.mark.parametrize("name", ["nothing", "../nothing", "/data/c/x"])
def test_what_the_form_does_not_have_is_told_apart(name: str) -> None:
    with pytest.raises(NotInTheFileError, match="which the form does not have"):
        PLACES.find(name, at=("y",), on=DIARY)


def test_the_participant_is_the_key() -> None:
    places = places_of((DIARY,), subject_at=("g", "who"))
    for name in ("who", "/data/g/who", "../g/who"):
        assert places.find(name, at=("y",), on=DIARY).name == "subject_id"


def test_what_every_row_of_a_repeat_answers_is_asked_from_without() -> None:
    seen = RowsSeen(places=PLACES, at=("y",), on=DIARY)
    assert seen.rows("how") == seen.rows("falls") == "falls"
    answers = seen.answers("how")
    assert answers is not None
    assert answers.name == "falls.how"
    assert seen.answers("y") is None
    within = RowsSeen(places=PLACES, at=("falls", "how"), on=FALLS)
    assert (within.answers("how"), within.number("..")) == (None, "repeat")
    with pytest.raises(ExpressionError, match="other than the row of its own repeat"):
        seen.number("..")


def test_the_question_at_a_place_is_the_one_that_stands_there_now() -> None:
    assert PLACES.question(("b", "x")).item.id == "x_2"
    assert PLACES.named["x"] == (("a", "x"), ("b", "x"))


def test_the_rows_of_a_repeat_are_those_of_its_form() -> None:
    assert PLACES.rows_of("falls", at=("y",), on=DIARY) == FALLS.name
    with pytest.raises(ExpressionError, match="is no repeat with questions"):
        PLACES.rows_of("y", at=("y",), on=DIARY)
    with pytest.raises(ExpressionError, match="filled in more than once"):
        PLACES.rows_of("falls", at=(), on=FALLS)
