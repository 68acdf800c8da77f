"""A signature is bound to what stood there, and says itself what changed under it."""

import re

import pytest

from tests.evidence.world import cell, every_event, occasion, small_history
from tests.evidence.writing.test_holding import BEN, with_sites
from trialkit.errors import EvidenceError
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.projection import replayed
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.signing.passphrases import ScryptCost, set_passphrase
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.standing.signatures import (
    SignatureMeaning,
    content_sha256,
    replayed_with_signatures,
    signatures,
    taken_out,
)
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact

SECRET = "correct horse battery"
CHEAP = ScryptCost(n=16, r=1, p=1)
APPROVAL = SignatureMeaning.APPROVAL


def ready(kept):
    head = small_history(kept.store)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)
    return head


def test_signature_has_name_moment_meaning_and_the_hash_of_what_stood_there(kept):
    ready(kept)

    made = sign(kept.store, Reach(subject_id="P1"), APPROVAL, occasion(6), secret=SECRET)

    (found,) = signatures(kept.store)
    assert (found.printed_name, found.meaning, found.seq) == ("Ann Miller", APPROVAL, made.seq)
    assert found.at == "2026-03-02T08:06:00.000Z"
    assert found.as_of == made.seq - 1
    assert found.is_valid
    rows = [(("pain", "P1", "week_0", "", 0), {"vas": "75"})]
    assert found.content_sha256 == content_sha256(rows, Reach())
    assert verify(kept.store).holds


def test_changed_content_makes_it_invalid_and_each_cell_is_named(kept):
    ready(kept)
    sign(kept.store, Reach(), APPROVAL, occasion(6), secret=SECRET)
    sign(kept.store, Reach(subject_id="P2"), APPROVAL, occasion(6), secret=SECRET)

    append(
        kept.store,
        entries([cell("P1", "vas", "75", "76"), cell("P1", "note", "", "late")]),
        occasion(7, author=BEN),
    )

    first, second = signatures(kept.store)
    assert second.is_valid
    assert not first.is_valid
    assert [each.place.item for each in first.changes] == ["vas", "note"]
    assert "not valid any more: participant P1, visit week_0, form pain, item vas" in first.told
    assert first.told.count("by Ben Okoro") == 2
    assert verify(kept.store).holds


@pytest.mark.parametrize("said", ["correct horse batterx", "", "CORRECT HORSE BATTERY"])
def test_wrong_passphrase_signs_nothing_and_is_in_the_log(kept, said):
    ready(kept)

    with pytest.raises(EvidenceError, match="is not the passphrase of ann"):
        sign(kept.store, Reach(subject_id="P1"), APPROVAL, occasion(6), secret=said)

    assert signatures(kept.store) == ()
    assert every_event(kept.store)["action"][-1] == "passphrase refused"


def test_who_has_no_passphrase_cannot_sign(kept):
    ready(kept)

    with pytest.raises(EvidenceError, match="ben: has no passphrase in this store"):
        sign(kept.store, Reach(), APPROVAL, occasion(6, author=BEN), secret=SECRET)


def test_what_has_changed_since_it_was_seen_is_not_signed(kept):
    head = ready(kept)
    append(kept.store, entries([cell("P2", "vas", "31", "13")]), occasion(6))

    with pytest.raises(EvidenceError, match="has changed since it was looked at"):
        sign(kept.store, Reach(), APPROVAL, occasion(7), secret=SECRET, as_of=head.seq)


def test_site_is_signed_with_the_participants_that_it_has(kept):
    with_sites(kept.store)
    set_passphrase(kept.store, SECRET, occasion(6), cost=CHEAP)
    north = Reach(site="N")
    sign(
        kept.store, north, APPROVAL, occasion(7), secret=SECRET, site_item=("who", "site")
    )  # fmt: skip

    append(kept.store, entries([cell("P2", "vas", "31", "13")]), occasion(8))
    assert signatures(kept.store)[0].is_valid
    append(kept.store, entries([cell("P1", "vas", "75", "57")]), occasion(9))
    assert not signatures(kept.store)[0].is_valid
    assert verify(kept.store).holds


def test_signature_holds_in_the_log_though_a_text_under_it_was_redacted(kept):
    ready(kept)
    sign(kept.store, Reach(subject_id="P2"), APPROVAL, occasion(6), secret=SECRET)

    redact(kept.store, 7, occasion(7), reason="a name")

    (found,) = signatures(kept.store)
    assert [each.action for each in found.changes] == ["redacted"]
    assert verify(kept.store).holds


def test_what_a_redaction_leaves_without_a_proof_is_said(kept):
    ready(kept)
    redact(kept.store, 7, occasion(5), reason="a name")
    sign(kept.store, Reach(subject_id="P2"), APPROVAL, occasion(6), secret=SECRET)
    sign(kept.store, Reach(subject_id="P1"), APPROVAL, occasion(6), secret=SECRET)
    assert verify(kept.store).unshown == ()

    redact(kept.store, 6, occasion(7), reason="another")

    found = verify(kept.store)
    assert found.holds
    (unshown,) = found.unshown
    assert "signature of Ann Miller (participant P2) cannot be computed again" in unshown.told
    assert "participant P2, visit week_0, form pain, item vas (event 13)" in unshown.told


def test_redaction_before_it_was_signed_hides_no_signature_of_something_else(kept):
    ready(kept)
    redact(kept.store, 7, occasion(5), reason="a name")
    sign(kept.store, Reach(subject_id="P1"), APPROVAL, occasion(6), secret=SECRET)
    log = every_event(kept.store)
    with kept.store.reading() as connection:
        gone = taken_out(connection)
    moved = log.with_columns(subject_id=log["subject_id"].set(log["action"] == "signed", "P2"))

    (problem,) = replayed_with_signatures(moved, replayed([]), gone)

    assert problem.trace == "signed something else"


def test_signature_under_something_else_is_found_in_the_log(kept):
    """As somebody writes it who has the database and makes its hashes right again."""
    ready(kept)
    sign(kept.store, Reach(subject_id="P1"), APPROVAL, occasion(6), secret=SECRET)
    log = every_event(kept.store)
    found = list(replayed_with_signatures(log, replayed([])))
    assert found == []

    moved = log.with_columns(subject_id=log["subject_id"].set(log["action"] == "signed", "P2"))
    (problem,) = replayed_with_signatures(moved, replayed([]))

    assert problem.trace == "signed something else"
    assert "the signature of Ann Miller has not the hash" in problem.told


def test_content_of_an_item_leaves_the_others_out():
    rows = [(("pain", "P1", "week_0", "", 0), {"vas": "75", "note": "x"})]
    changed = [(rows[0][0], {"vas": "75", "note": "y"})]
    item = Reach(form="pain", item="vas")

    assert content_sha256(rows, item) == content_sha256(changed, item)
    assert content_sha256(rows, Reach()) != content_sha256(changed, Reach())
    assert re.fullmatch("[0-9a-f]{64}", content_sha256([], Reach()))
