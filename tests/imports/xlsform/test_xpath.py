"""Questions are named by their names or their paths, and a path leads where XPath says."""

import pytest

from trialkit.imports.xlsform.xpath import BESIDE, COLUMN, ITSELF, LOOKED_UP, place_of, read_xpath
from trialkit.schemas.expressions.nodes import Call, Name, Number, Operation, Text
from trialkit.schemas.expressions.reading import ExpressionError

LED = {
    "../x": ("g", "x"),
    "./x": ("g", "own", "x"),
    "../../x": ("x",),
    "../h/x": ("g", "h", "x"),
    "current()/../x": ("g", "x"),
    "/data/g/x": ("g", "x"),
    "/any-name/x": ("x",),
    "../../../../x": ("x",),
}


@pytest.mark.parametrize("path", LED)
def test_a_path_leads_from_the_question_on_which_it_is_written(path: str) -> None:
    assert read_xpath(path) == Name(parts=(path,))
    assert place_of(path, ("g", "own")) == LED[path]


def test_paths_in_quotation_marks_are_texts_and_points_are_the_answer_itself() -> None:
    assert read_xpath("'../x'") == Text(text="../x")
    assert read_xpath(". = ../x") == Operation(sign="=", left=ITSELF, right=Name(parts=("../x",)))
    assert read_xpath(".5") == Number(text=".5")
    assert read_xpath("region") == Name(parts=(COLUMN, "region"))


def test_a_row_of_a_list_is_looked_up() -> None:
    found = read_xpath("instance('towns')/root/item[name = ${t}]/area")
    assert found == Call(
        function=LOOKED_UP,
        arguments=(Text(text="towns"), Text(text="area"), Text(text="name"), Name(parts=("t",))),
    )
    assert found == read_xpath("pulldata('towns', 'area', 'name', ${t})")


def test_whatever_else_is_asked_of_a_list_or_a_file_is_one_thing() -> None:
    beside = Call(function=BESIDE, arguments=(Text(text="a"),))
    assert read_xpath("instance('a')/b/c") == beside
    assert read_xpath("count(instance('a')/root/item[x > 1])") == Call(
        function="count", arguments=(beside,)
    )


def test_two_points_are_what_is_around() -> None:
    assert read_xpath("position(..)") == Call(function="position", arguments=(Name(parts=("..",)),))
    assert place_of("..", ("r", "x")) == ("r",)


@pytest.mark.parametrize("text", ["jr:count", "a[1]", "#", "a |"])
def test_the_rest_of_xpath_is_not_read(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"\S"):
        read_xpath(text)
