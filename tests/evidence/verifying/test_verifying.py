"""Each way of changing a store past its guards leaves a trace of its own, which is told."""

import pytest

from tests.evidence.world import cell, occasion, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.events import LogEnd, entries
from trialkit.evidence.log.problems import Tampering
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact

ATTACKS = {
    Tampering.EDITED: ["UPDATE event SET printed_name = 'Eve' WHERE seq = 6"],
    Tampering.DELETED: ["DELETE FROM event WHERE seq = 6"],
    Tampering.OUT_OF_ORDER: [
        "UPDATE event SET seq = 99 WHERE seq = 6",
        "UPDATE event SET seq = 6 WHERE seq = 7",
        "UPDATE event SET seq = 7 WHERE seq = 99",
    ],
    Tampering.TEXT_EDITED: ["UPDATE content SET new = '99' WHERE seq = 8"],
    Tampering.TEXT_GONE: ["UPDATE content SET new = NULL, new_salt = NULL WHERE seq = 7"],
    Tampering.TRUNCATED: ["DELETE FROM event WHERE seq = 8", "DELETE FROM content WHERE seq = 8"],
    Tampering.PROJECTION: [
        "UPDATE form_row SET cells = '{\"vas\":\"99\"}' WHERE subject_id = 'P1'"
    ],
    Tampering.NOT_REPLAYED: ["DELETE FROM event WHERE seq = 3"],
}


HARMED = (
    "UPDATE event SET details = 'nonsense' WHERE seq = 2",
    "UPDATE form_row SET cells = '[]' WHERE subject_id = 'P1'",
    "UPDATE form_row SET cells = '{' WHERE subject_id = 'P1'",
    "UPDATE form_table SET columns = 'nonsense'",
    "UPDATE form_table SET columns = '{\"columns\": 3}'",
)


@pytest.mark.parametrize("statement", HARMED)
def test_what_is_no_json_any_more_is_told_and_stops_nothing(kept, statement):
    small_history(kept.store)
    assert not kept.by_force(statement, guarded=False)

    assert not verify(kept.store).holds


@pytest.mark.parametrize("statement", HARMED[3:])
def test_store_whose_columns_are_harmed_cannot_be_read_and_says_why(kept, statement):
    small_history(kept.store)
    assert not kept.by_force(statement, guarded=False)

    with pytest.raises(EvidenceError, match="'verify' says what was changed"):
        source_at(kept.store)


def test_untouched_store_holds_together(kept):
    head = small_history(kept.store)

    found = verify(kept.store, anchors=[head])

    assert found.holds
    assert found.head == head


@pytest.mark.parametrize("trace", ATTACKS)
def test_attack_is_told(kept, trace):
    small_history(kept.store)
    assert not kept.by_force(*ATTACKS[trace], guarded=False)

    found = verify(kept.store)

    assert trace in {problem.trace for problem in found.problems}


def test_event_that_was_written_anew_with_its_own_right_hash_does_not_precede_the_next(kept):
    """As a forger would who knows how the hash is made, but stops at one event."""
    from tests.evidence.world import every_event
    from trialkit.evidence.log.hashing import own_hashes

    small_history(kept.store)
    forged = every_event(kept.store).slice(5, 1).with_columns(printed_name=_text("Eve"))
    (made,) = own_hashes(forged)
    sql = f"UPDATE event SET printed_name = 'Eve', hash = '{made}' WHERE seq = 6"
    assert not kept.by_force(sql, guarded=False)

    found = verify(kept.store)

    assert [(each.trace, each.seq) for each in found.problems] == [(Tampering.REPLACED, 6)]


def test_log_that_was_made_anew_as_a_whole_is_found_by_an_anchor(kept, tmp_path):
    head = small_history(kept.store)
    elsewhere = LogEnd(seq=head.seq, hash="f" * 64)

    assert [each.trace for each in verify(kept.store, anchors=[elsewhere]).problems] == [
        Tampering.NOT_ANCHORED
    ]


def test_older_copy_in_its_place_is_found_by_an_anchor(kept):
    head = small_history(kept.store)
    later = LogEnd(seq=head.seq + 5, hash="f" * 64)

    (problem,) = verify(kept.store, anchors=[head, later]).problems

    assert problem.trace is Tampering.TRUNCATED
    assert "older copy" in problem.told


def test_clock_that_was_set_back_is_told_of(kept):
    small_history(kept.store)
    append(kept.store, entries([cell("P2", "vas", "31", "32")]), occasion(-10))

    (problem,) = verify(kept.store).problems

    assert problem.trace is Tampering.CLOCK_BACK
    assert problem.seq == 9


def test_row_that_nobody_entered_and_one_that_is_missing_are_told_of(kept):
    small_history(kept.store)
    kept.by_force(
        "INSERT INTO form_row SELECT form, 'P7', visit, repeat, copy, position, cells, seq "
        "FROM form_row WHERE subject_id = 'P1'",
        "DELETE FROM form_row WHERE subject_id = 'P2'",
        guarded=False,
    )

    told = [problem.told for problem in verify(kept.store).problems]

    assert told == [
        "pain, P2, week_0: is missing from the form, and the log has it",
        "pain, P7, week_0: stands in the form, and the log knows of no such row",
    ]


def test_redacted_text_is_no_problem(kept):
    small_history(kept.store)

    redact(kept.store, 7, occasion(9), reason="named a relative")

    assert verify(kept.store).holds


def test_another_text_than_the_one_that_was_redacted_is_missed(kept):
    small_history(kept.store)
    redact(kept.store, 8, occasion(9), reason="named a relative", text="reason")
    kept.by_force("UPDATE content SET new = NULL, new_salt = NULL WHERE seq = 8", guarded=False)

    gone, *_ = verify(kept.store).problems

    assert gone.trace is Tampering.TEXT_GONE
    assert gone.told == "event 8: its new text is gone, and no event redacted it"


def test_database_lets_no_other_text_go_than_the_one_that_was_redacted(kept):
    small_history(kept.store)
    redact(kept.store, 8, occasion(9), reason="named a relative", text="reason")

    said = kept.by_force(
        "UPDATE content SET new = NULL, new_salt = NULL WHERE seq = 8", guarded=True
    )

    assert "by an event that redacts it" in said
    assert verify(kept.store).holds


def test_event_that_is_about_one_of_another_participant_is_told_of(kept):
    """A file has no rights; what came in about another's event is found all the same."""
    small_history(kept.store)
    said = [cell("P2", "vas", "31", "32", about=4)]
    if kept.store.is_served:
        with pytest.raises(EvidenceError, match="of the participant and the form"):
            append(kept.store, entries(said), occasion(5))
        return
    append(kept.store, entries(said), occasion(5))

    (problem,) = verify(kept.store).problems

    assert problem.trace is Tampering.RULES_BROKEN
    assert "about event 4, which is of another participant" in problem.told


def _text(value):
    import polars as pl

    return pl.lit(value)
