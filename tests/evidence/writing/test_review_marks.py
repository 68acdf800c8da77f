"""A mark of review holds until something within its reach changes, and says who changed it."""

import pytest

from tests.evidence.world import cell, every_event, occasion, row, small_history
from tests.evidence.writing.test_holding import BEN
from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact
from trialkit.evidence.writing.review_marks import mark, marks, unmarked, withdraw

FORM = Reach(subject_id="P2", visit="week_0", form="pain")
REACHES = (
    Reach(subject_id="P2", visit="week_0", form="pain", item="vas"),
    FORM,
    Reach(subject_id="P2", visit="week_0"),
    Reach(subject_id="P2"),
)
SDV = ReviewKind.SOURCE


def verified(kept):
    return [each for each in marks(kept.store) if each.kind is SDV]


@pytest.mark.parametrize("reach", REACHES, ids=[each.level for each in REACHES])
def test_mark_breaks_when_a_value_within_it_changes_and_says_by_whom(kept, reach):
    small_history(kept.store)
    made = mark(kept.store, reach, SDV, occasion(5, author=BEN))
    append(kept.store, entries([cell("P1", "vas", "75", "76")]), occasion(6))
    (before,) = marks(kept.store)
    append(kept.store, entries([cell("P2", "vas", "31", "13")]), occasion(7))

    (after,) = marks(kept.store)

    assert before.is_valid
    assert before.printed_name == "Ben Okoro"
    assert not after.is_valid
    assert after.seq == made.seq
    assert after.broken_by.seq == made.seq + 2
    assert after.broken_by.printed_name == "Ann Miller"
    assert after.told == (
        f"{reach.told}: source data verified by Ben Okoro at 2026-03-02T08:05:00.000Z; broken by "
        "participant P2, visit week_0, form pain, item vas: changed by Ann Miller at "
        f"2026-03-02T08:07:00.000Z (event {made.seq + 2})"
    )
    assert verify(kept.store).holds


def test_item_mark_does_not_mind_another_item_and_a_change_back_does_not_mend(kept):
    small_history(kept.store)
    mark(kept.store, REACHES[0], SDV, occasion(5))
    mark(kept.store, FORM, SDV, occasion(5))
    append(kept.store, entries([cell("P2", "note", "sat down", "stood")]), occasion(6))
    append(kept.store, entries([cell("P2", "note", "stood", "sat down")]), occasion(7))

    assert [each.is_valid for each in marks(kept.store)] == [True, False]


def test_new_row_within_a_participant_breaks_its_mark(kept):
    small_history(kept.store)
    mark(kept.store, Reach(subject_id="P2"), ReviewKind.DATA, occasion(5))

    append(kept.store, entries([row("P2", "week_6")]), occasion(6))

    (found,) = marks(kept.store)
    assert found.broken_by.action is EventAction.ROW_ADDED


def test_redacted_value_breaks_a_mark_and_an_old_one_does_not(kept):
    small_history(kept.store)
    mark(kept.store, Reach(subject_id="P1"), SDV, occasion(5))
    mark(kept.store, Reach(subject_id="P2"), SDV, occasion(5))

    redact(kept.store, 4, occasion(6), reason="was not his")
    redact(kept.store, 7, occasion(7), reason="a name")

    assert [each.is_valid for each in marks(kept.store)] == [True, False]


def test_mark_of_what_has_changed_since_it_was_seen_is_refused(kept):
    head = small_history(kept.store)
    append(kept.store, entries([cell("P2", "vas", "31", "13")]), occasion(5))

    with pytest.raises(EvidenceError, match=r"has changed since it was looked at.*item vas"):
        mark(kept.store, FORM, SDV, occasion(6), as_of=head.seq)

    mark(kept.store, Reach(subject_id="P1"), SDV, occasion(6), as_of=head.seq)
    assert [each.as_of for each in marks(kept.store)] == [head.seq]


@pytest.mark.parametrize(
    ("reach", "message"),
    [
        (Reach(), "name one"),
        (Reach(site="N"), "name one"),
        (Reach(subject_id="P9"), "nothing was entered there"),
    ],
)
def test_mark_of_nothing_or_of_everything_is_refused(kept, reach, message):
    head = small_history(kept.store)

    with pytest.raises(EvidenceError, match=message):
        mark(kept.store, reach, SDV, occasion(5))

    assert every_event(kept.store).height == head.seq


def test_withdrawn_mark_is_gone_with_a_reason(kept):
    small_history(kept.store)
    made = mark(kept.store, FORM, SDV, occasion(5))

    with pytest.raises(EvidenceError, match="needs a reason"):
        withdraw(kept.store, made.seq, occasion(6), reason="")
    withdraw(kept.store, made.seq, occasion(6), reason="wrong participant")

    assert marks(kept.store) == ()
    with pytest.raises(EvidenceError, match="no mark that stands"):
        withdraw(kept.store, made.seq, occasion(7), reason="again")
    assert verify(kept.store).holds


def test_rows_without_a_valid_mark_are_listed(kept):
    small_history(kept.store)
    append(kept.store, entries([row("P3")]), occasion(5))
    assert unmarked(kept.store, verified(kept))["subject_id"].to_list() == ["P1", "P2"]

    mark(kept.store, Reach(form="pain", item="vas"), SDV, occasion(6))
    mark(kept.store, Reach(subject_id="P2"), ReviewKind.DATA, occasion(6))
    assert unmarked(kept.store, verified(kept)).rows() == [("pain", "P2", "week_0", "")]

    mark(kept.store, Reach(subject_id="P2"), SDV, occasion(7))
    assert unmarked(kept.store, verified(kept)).is_empty()

    append(kept.store, entries([cell("P2", "vas", "31", "13")]), occasion(8))
    assert unmarked(kept.store, verified(kept))["subject_id"].to_list() == ["P1", "P2"]


@pytest.mark.parametrize("beyond", [0, -1, 1, 1000])
def test_nobody_looked_until_an_event_that_is_not_there(kept, beyond):
    """A mark of what is to come would stand whatever came."""
    head = small_history(kept.store)
    as_of = head.seq + beyond if beyond > 0 else beyond

    with pytest.raises(EvidenceError, match=f"event {as_of} is not in the log, which ends with"):
        mark(kept.store, FORM, SDV, occasion(5, author=BEN), as_of=as_of)
    assert marks(kept.store) == ()


def test_mark_that_somebody_emptied_in_the_database_is_told_in_words(kept):
    small_history(kept.store)
    made = mark(kept.store, FORM, SDV, occasion(5, author=BEN))
    assert not kept.by_force(
        f"UPDATE event SET details = '{{}}' WHERE seq = {made.seq}", guarded=False
    )

    with pytest.raises(EvidenceError, match=f"the mark of event {made.seq}: found '{{}}', which"):
        marks(kept.store)
