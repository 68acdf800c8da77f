"""A question as an item, its choices counted over all questions."""

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.xlsform import questions
from trialkit.imports.xlsform.questions import Questions
from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

LISTS = {
    "yn": [("yes", "Yes"), ("no", "No")],
    "side": [("l", "Left"), ("r", "Right"), ("l", "Left out")],
}


def made(kind: str, **cells: str) -> tuple[Item | None, list[str]]:
    left: list[str] = []
    maker = Questions(
        survey=_survey(), leave=lambda row, found, why: left.append(f"{found}: {why}")
    )
    row = SurveyRow(number=2, cells={"type": kind, "name": "q", **cells})
    return maker.item(row, "q", "About"), left


def _survey() -> Survey:
    choices = {
        name: tuple(SurveyRow(number=0, cells={"name": a, "label": b}) for a, b in rows)
        for name, rows in LISTS.items()
    }
    return Survey(
        file="a.xlsx", rows=(), choices=choices, settings=SurveyRow(number=0, cells={}),
        languages=(),
    )  # fmt: skip


def test_a_question_has_its_heading_its_hint_and_its_ends() -> None:
    found, left = made("range", hint="in mm", parameters="start=0 end=10 step=1")
    assert found == Item(
        id="q", label="q", type=ItemType.DECIMAL, section="About", note="in mm",
        range=Range(low=0, high=10),
    )  # fmt: skip
    assert left == []


def test_of_a_filtered_list_a_code_of_two_labels_has_both() -> None:
    found, left = made("select_one side", choice_filter="a = 'b'")
    assert found is not None
    assert found.choices[0] == ItemChoice(code="l", label="Left / Left out")
    unfiltered, told = made("select_one side")
    assert unfiltered is not None
    assert (unfiltered.type, len(told), left) == (ItemType.TEXT, 1, [])


def test_what_a_type_becomes_that_is_none_here_is_told() -> None:
    found, left = made("rank yn")
    assert found is not None
    assert found.type is ItemType.MULTI_CHOICE
    assert left == ["rank q: its order stays in the data as it was given; nothing here reads it"]
    assert made("note")[0] is None


def test_choices_are_bounded_over_all_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_CHOICES", 3)
    maker = Questions(survey=_survey(), leave=lambda *_: None)
    row = SurveyRow(number=7, cells={"type": "select_multiple yn", "name": "q"})
    assert maker.item(row, "q", "") is not None
    with pytest.raises(DataFileError, match="row 7: more than 3 choices"):
        maker.item(row, "q", "")
