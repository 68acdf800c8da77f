"""Names of fields and forms as the trial can have them."""

import pytest

from trialkit.imports.redcap.item_names import GivenNames, form_name, item_names


def test_a_name_that_rules_need_or_that_is_too_long_is_changed() -> None:
    found = item_names(["pain", "a__b", "visit", "and", "date", "x" * 60, "y" * 61, "y" * 62])
    assert found == {
        "pain": "pain",
        "a__b": "a_b",
        "visit": "visit_item",
        "and": "and_item",
        "date": "date_item",
        "x" * 60: "x" * 60,
        "y" * 61: "y" * 60,
        # a second field of that name gets a number
        "y" * 62: "y" * 60 + "_2",
    }


def test_a_field_that_has_the_name_already_keeps_it() -> None:
    assert item_names(["a__b", "a_b", "a___b"]) == {"a_b": "a_b", "a__b": "a_b_2", "a___b": "a_b_3"}
    assert item_names(["a" * 59 + "__b"]) == {"a" * 59 + "__b": "a" * 59}


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("pain", "pain"), ("2nd", "form_2nd"), ("con", "con_form"),
        ("com1", "com1_form"), ("lpt9", "lpt9_form"), ("com", "com"), ("com12", "com12"),
        ("nul", "nul_form"), ("console", "console"),
    ],
)  # fmt: skip
def test_a_form_is_called_as_a_file_can_be_everywhere(form: str, name: str) -> None:
    assert form_name(form) == name


def test_the_first_free_number_is_taken() -> None:
    assert GivenNames(["b"]).give("a") == "a"
    assert GivenNames(["a"]).give("a") == "a_2"
    assert GivenNames(["a", "a_2", "a_4"]).give("a") == "a_3"


def test_names_that_were_given_are_not_free_any_more() -> None:
    given = GivenNames(["a_3"])
    assert [given.give("a") for _ in range(4)] == ["a", "a_2", "a_4", "a_5"]
    assert given.give("a_4") == "a_4_2"
