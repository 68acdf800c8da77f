import pytest

from tests.evidence.world import cell, every_event, occasion, on_sqlite, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact


def test_no_byte_of_the_text_stays_in_the_file(tmp_path):
    kept = on_sqlite(tmp_path)
    small_history(kept.store)
    assert any(b"sat down" in each.read_bytes() for each in tmp_path.iterdir())

    redact(kept.store, 7, occasion(9), reason="named a relative")

    assert not any(b"sat down" in each.read_bytes() for each in tmp_path.iterdir())


def test_text_leaves_log_and_form_and_its_digest_stays(kept):
    small_history(kept.store)
    digest = every_event(kept.store)["new_sha256"][6]

    redact(kept.store, 7, occasion(9), reason="named a relative")

    found = every_event(kept.store)
    assert found["new"][6] is None
    assert found["new_sha256"][6] == digest
    assert source_at(kept.store)[0].tables["pain"].rows()[1] == ("P2", "week_0", "31", "")
    assert found.row(-1, named=True)["action"] == EventAction.REDACTED
    assert found.row(-1, named=True)["about"] == 7
    assert "sat down" not in str(found.rows())


def test_text_that_was_replaced_leaves_the_event_that_replaced_it_too(kept):
    small_history(kept.store)

    redact(kept.store, 4, occasion(9), reason="a telephone number")

    found = every_event(kept.store)
    assert (found["new"][3], found["old"][7], found["new"][7]) == (None, None, "75")
    assert source_at(kept.store)[0].tables["pain"].rows()[0] == ("P1", "week_0", "75", "")
    assert verify(kept.store).holds


def test_moment_before_the_redaction_does_not_bring_the_text_back(kept):
    head = small_history(kept.store)
    redact(kept.store, 7, occasion(9), reason="named a relative")

    then = source_at(kept.store, until=head.seq)[0].tables["pain"]

    assert then.rows()[1] == ("P2", "week_0", "31", "")


def test_cell_that_was_redacted_can_be_filled_again(kept):
    small_history(kept.store)
    redact(kept.store, 7, occasion(9), reason="named a relative")

    append(kept.store, entries([cell("P2", "note", "", "rested")]), occasion(10))

    assert source_at(kept.store)[0].tables["pain"]["note"][1] == "rested"
    assert verify(kept.store).holds


@pytest.mark.parametrize("seq", [0, 1, 3, 99])
def test_event_without_a_text_is_refused(kept, seq):
    head = small_history(kept.store)

    with pytest.raises(EvidenceError, match="nothing can be redacted"):
        redact(kept.store, seq, occasion(9), reason="x")

    assert every_event(kept.store).height == head.seq


def test_nobody_redacts_without_a_reason(kept):
    small_history(kept.store)

    with pytest.raises(EvidenceError, match="needs a reason"):
        redact(kept.store, 7, occasion(9), reason="")


def test_reason_can_be_redacted_and_the_value_stays(kept):
    small_history(kept.store)

    redact(kept.store, 8, occasion(9), reason="named the assessor", text="reason")

    found = every_event(kept.store)
    assert (found["reason"][7], found["new"][7]) == (None, "75")
    assert verify(kept.store).holds
