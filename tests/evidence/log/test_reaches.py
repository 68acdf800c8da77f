import pytest

from trialkit.errors import EvidenceError
from trialkit.evidence.log.reaches import Level, Reach, reach_of
from trialkit.protocol.tables.canonical import canonical

CELL = {"subject_id": "P1", "visit": "week_0", "repeat": "", "form": "pain", "item": "vas"}


@pytest.mark.parametrize(
    ("reach", "level", "told", "covers"),
    [
        (Reach(), Level.DATABASE, "the database", True),
        (Reach(site="N", subjects=("P1", "P2")), Level.SITE, "site N", True),
        (Reach(site="S", subjects=("P9",)), Level.SITE, "site S", False),
        (Reach(subject_id="P1"), Level.SUBJECT, "participant P1", True),
        (Reach(visit="week_6"), Level.VISIT, "visit week_6", False),
        (
            Reach(subject_id="P1", visit="week_0", form="pain"),
            Level.FORM,
            "participant P1, visit week_0, form pain",
            True,
        ),
        (Reach(form="pain", item="note"), Level.ITEM, "form pain, item note", False),
    ],
    ids=["all", "site", "other site", "subject", "other visit", "form", "other item"],
)
def test_reach_covers_what_agrees_with_all_that_it_names(reach, level, told, covers):
    assert reach.level is level
    assert reach.told == told
    assert reach.covers(CELL) is covers


def test_item_reach_covers_its_row_and_a_row_has_no_item():
    row = {name: text for name, text in CELL.items() if name != "item"}

    assert Reach(form="pain", item="note").covers(row)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"item": "vas"}, "need the form"),
        ({"repeat": "2"}, "need the form"),
        ({"site": "N", "subject_id": "P1"}, "a site is named alone"),
    ],
)
def test_reach_that_says_nothing_clear_is_refused(named, message):
    with pytest.raises(EvidenceError, match=message):
        Reach(**named)


def test_reach_comes_back_from_its_event():
    reach = Reach(site="N", subjects=("P1", "P2"))
    details = canonical({"site": "N", "subjects": ["P1", "P2"], "more": 1})

    assert reach_of(reach.place, details) == reach
