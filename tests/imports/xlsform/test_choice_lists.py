"""A list of choices that an answer could not be told from is named by its codes and labels."""

import pytest

from trialkit.imports.xlsform.choice_lists import read_choice_list
from trialkit.imports.xlsform.survey import SurveyRow


def rows(*choices: tuple[str, str]) -> list[SurveyRow]:
    return [
        SurveyRow(number=number, cells={"name": code, "label": label})
        for number, (code, label) in enumerate(choices, 2)
    ]


ONE_TROUBLE = {
    "the code '1' stands for 'One' and 'Uno'; give each choice a code of its own": (
        ("1", "One"), ("2", "Two"), ("1", "Uno"),
    ),
    "the code '1' stands for 'One' and 'Uno' and 'Un'; give each choice a code of its own": (
        ("1", "One"), ("1", "Uno"), ("1", "One"), ("1", "Un"),
    ),
    "its list has a choice without a code (name), labelled 'One' and 'Two'": (
        ("", "One"), ("", "Two"),
    ),
    "the code 'a/b' ('Both') has other signs than letters, digits and _ . + -": (("a/b", "Both"),),
    "its list is not in the sheet choices": (),
}  # fmt: skip


@pytest.mark.parametrize("told", ONE_TROUBLE)
def test_what_is_wrong_with_a_list_is_told_with_codes_and_labels(told: str) -> None:
    found = read_choice_list(rows(*ONE_TROUBLE[told]))
    assert found.troubles == (told,)


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = read_choice_list(
        rows(("1", "One"), ("1", "Uno"), ("2", "Due"), ("2", "Two"), ("N D", ""))
    )
    assert [each.split("'")[1] for each in found.troubles] == ["1", "2", "N D"]


def test_a_code_with_one_label_is_one_choice_however_often_it_is_there() -> None:
    found = read_choice_list(rows(("1", "<b>One</b>"), ("2", ""), ("1", "One"), ("2", "2")))
    assert (found.labels, found.troubles) == ({"1": "One", "2": "2"}, ())
    assert found.repeated == ("1", "2")
