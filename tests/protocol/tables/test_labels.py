"""Labels that a reader could not tell apart, and how an import tells them apart."""

from hypothesis import given
from hypothesis import strategies as st

from trialkit.protocol.tables.labels import alike, told_apart
from trialkit.protocol.tables.meaning import meaning

LABELS = st.dictionaries(
    st.text("abc", min_size=1, max_size=2),
    st.sampled_from(["Female", "female", " Fe male", "Fe  male ", "Male", "Male (a)", ""]),
)


def test_each_code_whose_label_an_earlier_one_has_is_named_with_it() -> None:
    found = list(
        alike([("f", "Female"), ("x", ""), ("m", " FEMALE\N{NO-BREAK SPACE}"), ("y", " ")])
    )
    assert [(each.code, each.first) for each in found] == [("m", "f")]
    assert found[0].found == "' FEMALE\\xa0' of 'm', the label of 'f', too"


def test_accents_are_the_same_however_they_are_written() -> None:
    assert meaning("Ge\N{LATIN SMALL LETTER A WITH DIAERESIS}ndert") == meaning("Gea\u0308ndert")
    assert meaning("Geandert") != meaning("Gea\u0308ndert")


def test_a_code_stands_behind_each_label_that_several_have() -> None:
    labels = {"1": "Female", "2": "Male", "3": "female"}
    assert told_apart(labels) == {"1": "Female (1)", "2": "Male", "3": "female (3)"}


@given(LABELS)
def test_labels_told_apart_are_not_alike_and_begin_as_they_did(labels: dict[str, str]) -> None:
    apart = told_apart(labels)
    assert list(apart) == list(labels)
    assert len({meaning(each) for each in apart.values()}) == len(labels)
    assert all(apart[code].startswith(label) for code, label in labels.items())
    if not list(alike(labels.items())) and list(labels.values()).count("") < 2:
        assert apart == labels
