"""Time stamps of anchors are looked at beside the log: each is of its line, and of no earlier time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.evidence.authorities import made_signing
from tests.evidence.world import cell, occasion, small_history
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.problems import Tampering
from trialkit.evidence.verifying.anchoring import Anchor, Stamped, anchor, read_anchors
from trialkit.evidence.verifying.time_stamps import question, read_certificates, time_stamp
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.verifying.verifying_stamps import look_at_stamps, missing_stamps
from trialkit.evidence.writing.appending import append


@pytest.fixture
def signing(tmp_path):
    return made_signing(tmp_path / "signing")


def stamping(signing):
    def stamped(stated):
        answer = signing.answer(question(stated).encoded)
        says = time_stamp(answer, stated)
        return Stamped(authority="https://stamps.example", answer=answer, says=says)

    return stamped


def test_a_stamp_that_the_log_tells_of_and_the_file_lacks_is_named(kept, tmp_path, signing):
    small_history(kept.store)
    path = tmp_path / "anchors.txt"
    first = anchor(kept.store, path, occasion(5), stamping(signing)).anchor
    append(kept.store, entries([cell("P2", "vas", "31", "33")]), occasion(6))
    anchor(kept.store, path, occasion(7))
    last = anchor(kept.store, path, occasion(8), stamping(signing)).anchor
    every = read_anchors(path)
    assert [bool(each.stamp) for each in every] == [True, False, True]
    another = signing.answer(question(last.stated).encoded)

    cases = {
        "the line stands there without it; it was taken out": (
            replace(first, stamp=b""),
            *every[1:],
        ),
        "nor is its line: it was taken out, or stands in another file": every[1:],
        "the line has another one": (*every[1:], replace(first, stamp=another)),
    }

    assert missing_stamps(kept.store, every) == ()
    for told, anchors in cases.items():
        (problem,) = missing_stamps(kept.store, anchors)
        assert (problem.trace, problem.seq) == (Tampering.TIME_STAMP, first.seq + 1)
        assert (
            f"the time stamp of event {first.seq} by https://stamps.example of 20" in problem.told
        )
        assert told in problem.told
    assert [each.seq for each in missing_stamps(kept.store, ())] == [first.seq + 1, last.seq + 1]


def test_a_stamp_is_kept_with_its_anchor_and_holds(kept, tmp_path, signing):
    small_history(kept.store)
    path = tmp_path / "anchors.txt"

    made = anchor(kept.store, path, occasion(5), stamping(signing))
    again = anchor(kept.store, path, occasion(6), stamping(signing))

    assert (made.is_new, again.is_new) == (True, False)
    new = made.anchor
    assert read_anchors(path) == (new,) == (again.anchor,)
    assert made.stamp == time_stamp(new.stamp, new.stated)
    assert again.stamp is None
    assert missing_stamps(kept.store, (new,)) == ()
    found = look_at_stamps(kept.store, (new,), read_certificates(signing.root))
    assert found.problems == ()
    [(of, stamp)] = found.holding
    assert of == new
    assert stamp.is_vouched
    assert verify(kept.store, (new,)).holds


def test_each_stamp_is_held_to_its_own_line(kept, signing):
    end = small_history(kept.store)
    plain = Anchor(seq=end.seq, hash=end.hash)
    other = Anchor(seq=3, hash="b" * 64)
    right, wrong = (
        Anchor(seq=end.seq, hash=end.hash, stamp=signing.answer(question(each.stated).encoded))
        for each in (plain, other)
    )
    found = look_at_stamps(kept.store, (plain, right, wrong))
    assert [each for each, _ in found.holding] == [right]
    [problem] = found.problems
    assert (problem.trace, problem.seq) == (Tampering.TIME_STAMP, end.seq)
    assert problem.told.startswith(f"the time stamp of event {end.seq} is of something else")


def test_an_event_later_than_its_stamp_is_told(kept, signing):
    days = (datetime.now(UTC) - occasion().at) + timedelta(days=2)
    late = int(days.total_seconds() // 60)
    small_history(kept.store)
    end = anchored_at(kept.store, late)
    plain = Anchor(seq=end.seq, hash=end.hash)
    stamp = signing.answer(question(plain.stated).encoded)
    found = look_at_stamps(kept.store, (Anchor(seq=end.seq, hash=end.hash, stamp=stamp),))
    [problem] = found.problems
    assert "already: a clock was wrong" in problem.told


@pytest.mark.parametrize("at", ["yesterday", "2026-03-02"])
def test_an_event_whose_moment_was_edited_away_stops_no_look_at_its_stamp(kept, signing, at):
    end = small_history(kept.store)
    plain = Anchor(seq=end.seq, hash=end.hash)
    stamped = Anchor(
        seq=end.seq, hash=end.hash, stamp=signing.answer(question(plain.stated).encoded)
    )
    edited = f"UPDATE event SET at = '{at}' WHERE seq = {end.seq}"
    assert kept.by_force(edited, guarded=False) == ""

    found = look_at_stamps(kept.store, (stamped,))

    assert [each for each, _ in found.holding] == [stamped]
    assert Tampering.EDITED in {each.trace for each in verify(kept.store, (stamped,)).problems}


def anchored_at(store, minute):
    return append(store, entries([cell("P1", "note", "", "late")]), occasion(minute))


def test_two_anchors_of_one_event_that_differ_are_told(kept):
    """Of two hashes of one event one is wrong, whichever stands last."""
    end = small_history(kept.store)
    right, wrong = Anchor(seq=end.seq, hash=end.hash), Anchor(seq=end.seq, hash="b" * 64)
    for anchors in ((right, wrong), (wrong, right)):
        [problem] = verify(kept.store, anchors).problems
        assert problem.trace is Tampering.NOT_ANCHORED
