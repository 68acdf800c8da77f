"""The action tags in an annotation, and what each is given."""

import pytest

from trialkit.imports.redcap.annotations import action_tags

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
