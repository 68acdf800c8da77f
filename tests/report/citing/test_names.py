import pytest

from trialkit.report.citing.names import initials, people, person
from trialkit.report.citing.work import PersonName


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("Kenneth F.", "KF"), ("J. C. T.", "JCT"), ("RWJG", "RWJG"), ("A.-W.", "AW"), ("An-Wen", "AW"),
        ("Łukasz", "Ł"), ("J.C.", "JC"), ("", ""), ("小明", "小"), ("D'Arcy", "D"), ("ROBERTO", "R"),
    ],
)  # fmt: skip
def test_initials_have_no_stops(given: str, short: str) -> None:
    assert initials(given, hyphens=False) == short


def test_some_journals_keep_the_hyphen() -> None:
    name = PersonName(family="Chan", given="An-Wen", suffix="Jr")
    assert person(name, hyphens=True) == "Chan A-W Jr"
    assert person(name, hyphens=False) == "Chan AW Jr"


def test_a_group_is_named_whole_behind_a_semicolon() -> None:
    group = PersonName(family="Alf-One Study Group", is_group=True)
    lee = PersonName(family="Lee", given="Ann")

    def said(*names: PersonName) -> str:
        return people(names, all_of=6, else_of=3, hyphens=False)

    assert said(lee, group) == "Lee A; Alf-One Study Group"
    assert said(group, lee) == "Alf-One Study Group, Lee A"
    assert said() == ""


def test_more_than_six_are_three_or_six_and_others() -> None:
    names = tuple(PersonName(family=letter) for letter in "ABCDEFG")
    assert people(names[:6], all_of=6, else_of=3, hyphens=False) == "A, B, C, D, E, F"
    assert people(names, all_of=6, else_of=3, hyphens=False) == "A, B, C, et al"
    assert people(names, all_of=6, else_of=6, hyphens=False) == "A, B, C, D, E, F, et al"
    assert people(names[:2], all_of=6, else_of=3, hyphens=False, more=True) == "A, B, et al"
    assert people(names[:6], all_of=6, else_of=3, hyphens=False, more=True) == "A, B, C, et al"
