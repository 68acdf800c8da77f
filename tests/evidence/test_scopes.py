import pytest

from trialkit.errors import EvidenceError
from trialkit.evidence.scopes import Level, Scope, scope_of
from trialkit.protocol.tables.canonical import canonical

CELL = {"subject_id": "P1", "visit": "week_0", "repeat": "", "form": "pain", "item": "vas"}


@pytest.mark.parametrize(
    ("scope", "level", "told", "covers"),
    [
        (Scope(), Level.DATABASE, "the database", True),
        (Scope(site="N", subjects=("P1", "P2")), Level.SITE, "site N", True),
        (Scope(site="S", subjects=("P9",)), Level.SITE, "site S", False),
        (Scope(subject_id="P1"), Level.SUBJECT, "participant P1", True),
        (Scope(visit="week_6"), Level.VISIT, "visit week_6", False),
        (
            Scope(subject_id="P1", visit="week_0", form="pain"),
            Level.FORM,
            "participant P1, visit week_0, form pain",
            True,
        ),
        (Scope(form="pain", item="note"), Level.ITEM, "form pain, item note", False),
    ],
    ids=["all", "site", "other site", "subject", "other visit", "form", "other item"],
)
def test_scope_covers_what_agrees_with_all_that_it_names(scope, level, told, covers):
    assert scope.level is level
    assert scope.told == told
    assert scope.covers(CELL) is covers


def test_item_scope_covers_its_row_and_a_row_has_no_item():
    row = {name: text for name, text in CELL.items() if name != "item"}

    assert Scope(form="pain", item="note").covers(row)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"item": "vas"}, "need the form"),
        ({"repeat": "2"}, "need the form"),
        ({"site": "N", "subject_id": "P1"}, "a site is named alone"),
    ],
)
def test_scope_that_says_nothing_clear_is_refused(named, message):
    with pytest.raises(EvidenceError, match=message):
        Scope(**named)


def test_scope_comes_back_from_its_event():
    scope = Scope(site="N", subjects=("P1", "P2"))
    details = canonical({"site": "N", "subjects": ["P1", "P2"], "more": 1})

    assert scope_of(scope.place, details) == scope
