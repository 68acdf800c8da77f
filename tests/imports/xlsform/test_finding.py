"""A name means the nearest question that has it, and a path the one at its place."""

import pytest

from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place
from trialkit.imports.xlsform.finding import Places, places_of
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
PLACES: Places = places_of((DIARY, FALLS))


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


@pytest.mark.parametrize("name", ["how", "nothing", "../nothing", "/data/a"])
def test_what_holds_no_one_value_there_is_none(name: str) -> None:
    with pytest.raises(ExpressionError, match="is no question that holds one value here"):
        PLACES.find(name, at=("y",), on=DIARY)


def test_the_question_at_a_place_is_the_one_that_stands_there_now() -> None:
    assert PLACES.question(("b", "x")).item.id == "x_2"
    assert PLACES.named["x"] == (("a", "x"), ("b", "x"))


def test_the_rows_of_a_repeat_are_those_of_its_form() -> None:
    assert PLACES.rows_of("falls", at=("y",), on=DIARY) == FALLS.name
    with pytest.raises(ExpressionError, match="is no repeat with questions"):
        PLACES.rows_of("y", at=("y",), on=DIARY)
    with pytest.raises(ExpressionError, match="filled in more than once"):
        PLACES.rows_of("falls", at=(), on=FALLS)
