"""The action tags in an annotation, and what each is given."""

import pytest

from trialkit.imports.redcap.annotations import (
    action_tags,
    hidden_when,
    says_nothing_of_data,
)

TAGS = {
    "": (),
    "no tag, a@b.org": (),
    "@HIDDEN": (("@HIDDEN", ""),),
    "@DEFAULT='a b' @MAXCHECKED=2": (("@DEFAULT", "a b"), ("@MAXCHECKED", "2")),
    '@DEFAULT = "it\'s"': (("@DEFAULT", "it's"),),
    "@DEFAULT='' @HIDDEN-PDF words": (("@DEFAULT", ""), ("@HIDDEN-PDF", "")),
    # what stands in the brackets of a tag is part of it
    "@IF([a] = 1, @HIDDEN, (2)) @NOW": (("@IF", "[a] = 1, @HIDDEN, (2)"), ("@NOW", "")),
    "@CALCTEXT ( 1 )@NOW": (("@CALCTEXT", "1"), ("@NOW", "")),
    "@TEXT_2(open": (("@TEXT_2", "open"),),
}


@pytest.mark.parametrize(("text", "tags"), TAGS.items())
def test_tags_and_what_they_are_given(text: str, tags: tuple[tuple[str, str], ...]) -> None:
    assert tuple((each.name, each.value) for each in action_tags(text)) == tags


HIDDEN = {
    "": "",
    "@HIDDEN-SURVEY": "",
    "@HIDDEN": "true",
    "@READONLY @HIDDEN": "true",
    "@IF([a] = '1', @HIDDEN, '')": "[a] = '1'",
    "@IF([a] = '1', '', @HIDDEN @READONLY)": "if([a] = '1', false, true)",
    "@IF([a] = ',', @HIDDEN, @HIDDEN)": "true",
    "@IF(datediff([a], [b], 'd') > 3, @READONLY, '')": "",
}


@pytest.mark.parametrize(("annotation", "when"), HIDDEN.items())
def test_when_a_field_is_hidden_everywhere(annotation: str, when: str) -> None:
    assert hidden_when(annotation) == when


@pytest.mark.parametrize(
    ("annotation", "nothing"),
    [
        ("@IF([a] = '1', @HIDDEN, @READONLY)", True),
        ("@IF([a] = '1', @IF([b] = '2', @HIDDEN, ''), '')", True),
        ("@IF([a] = '1', @FORCE-MINMAX, '')", False),
        ("@HIDECHOICE='3'", True),
        ("@SOMETHING", False),
    ],
)
def test_a_choice_between_tags_of_display_says_nothing_of_data(
    annotation: str, nothing: bool
) -> None:
    (tag,) = action_tags(annotation)
    assert says_nothing_of_data(tag) is nothing
