"""The lines of an audit trail: what each holds, how they are chained, and what breaks the chain."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.design.randomisation.audit import (
    NEEDS_REASON,
    START,
    Action,
    Entry,
    SlotClaim,
    Unreadable,
    claim_of,
    line_of,
    next_entry,
    sealed_entry,
    to_line,
    trail_problems,
)
from trialkit.design.randomisation.doubts import clock_doubts
from trialkit.errors import DesignError

NOW = datetime(2026, 1, 5, 9, 0, 30, 999_999, tzinfo=UTC)


def line(trail: tuple[Entry, ...] = (), **more: object) -> Entry:
    usual = {"now": NOW, "person": "Ann", "action": Action.ALLOCATED}
    return next_entry(trail, **usual | more)


def three() -> tuple[Entry, ...]:
    trail: tuple[Entry, ...] = ()
    for number, action in enumerate((Action.COMMITTED, Action.ALLOCATED, Action.VOIDED)):
        later = NOW + timedelta(minutes=number)
        trail = (*trail, line(trail, now=later, action=action, reason=f"why {number}"))
    return trail


def test_a_line_holds_what_was_done_and_the_hash_of_all_of_it() -> None:
    entry = line(
        person=" Ann ",
        action=Action.CORRECTED,
        subject="P1",
        stratum={"site": "N"},
        slot=3,
        field="site",
        old="N",
        new="S",
        reason=" typed wrongly ",
        commitment="c",
        now=NOW.astimezone(timezone(timedelta(hours=2))),
    )
    content = {
        "seq": 1,
        "time": "2026-01-05T09:00:30.999+00:00",
        "person": "Ann",
        "action": "corrected",
        "subject": "P1",
        "stratum": {"site": "N"},
        "slot": 3,
        "field": "site",
        "old": "N",
        "new": "S",
        "reason": "typed wrongly",
        "commitment": "c",
        "previous": "0" * 64,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    hashed = hashlib.sha256(text.encode()).hexdigest()
    assert entry.written() == content | {"hash": hashed}
    assert asdict(entry) == entry.written() | {"clock": "", "clock_behind_seconds": 0.0}
    written = json.dumps(content | {"hash": hashed}, sort_keys=True, separators=(",", ":"))
    assert to_line(entry) == written + "\n"
    assert sealed_entry(replace(entry, hash="x")) == entry


def test_each_line_is_numbered_and_holds_the_hash_of_the_one_before() -> None:
    trail = three()
    assert [entry.seq for entry in trail] == [1, 2, 3]
    assert [entry.previous for entry in trail] == [START, trail[0].hash, trail[1].hash]
    assert trail_problems(trail) == []
    assert trail_problems(()) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"person": " "}, "every line of the audit trail names the person who acts"),
        ({"now": NOW.replace(tzinfo=None)}, "the time of an audit line needs a time zone"),
        *(
            ({"action": each, "reason": " "}, f"a line that says '{each.value}' needs a reason")
            for each in sorted(NEEDS_REASON)
        ),
    ],
)
def test_a_line_without_its_person_time_or_reason_is_refused(more: dict, said: str) -> None:
    with pytest.raises(DesignError) as error:
        line(**more)
    assert str(error.value) == said


def test_the_reasons_that_are_needed() -> None:
    assert {each.value for each in NEEDS_REASON} == {
        "voided", "corrected", "unblinded", "revealed",
    }  # fmt: skip
    assert line(action=Action.COMMITTED).reason == line(action=Action.ALLOCATED).reason == ""


def test_the_time_of_a_line_never_goes_back_and_what_the_clock_said_stands_beside_it() -> None:
    first = line()
    same = line((first,))
    assert (same.time, same.clock, same.clock_behind_seconds) == (first.time, "", 0.0)
    assert "clock" not in to_line(same)
    late = line((first,), now=NOW - timedelta(seconds=0.4))
    assert (late.time, late.clock, late.clock_behind_seconds) == (
        first.time,
        "2026-01-05T09:00:30.599+00:00",
        0.4,
    )
    assert (late.said, first.said) == (late.clock, first.time)
    assert line_of(to_line(late).rstrip().encode()) == late
    assert trail_problems((first, late)) == []
    # the latest of all lines counts, not the last one
    old = sealed_entry(replace(late, time=late.clock, clock="", clock_behind_seconds=0.0))
    assert line((first, old), now=NOW - timedelta(seconds=0.2)).time == first.time


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.floats(min_value=-3e9, max_value=3e9), min_size=1, max_size=8))
def test_whatever_the_clock_says_the_trail_holds_together(seconds: list[float]) -> None:
    trail: tuple[Entry, ...] = ()
    for each in seconds:
        now = NOW + timedelta(seconds=each)
        entry = line(trail, now=now)
        assert entry.said == now.isoformat(timespec="milliseconds")
        trail = (*trail, entry)
    times = [datetime.fromisoformat(entry.time) for entry in trail]
    assert times == sorted(times)
    assert trail_problems(trail) == []
    assert [line_of(to_line(entry).rstrip().encode()) for entry in trail] == list(trail)
    late = [entry for entry in trail if entry.clock]
    assert bool(clock_doubts(trail)) == bool(late)


def test_every_kind_of_break_is_found_at_its_line() -> None:
    one, two, last = three()

    def broken(**more: object) -> list[str]:
        """Line 2 with something else in it, its hash made anew, and the rest chained to it."""
        changed = sealed_entry(replace(two, **more))
        return trail_problems((one, changed, sealed_entry(replace(last, previous=changed.hash))))

    assert trail_problems((one, replace(two, subject="P9"), last)) == [
        "line 2: its content is not what was hashed"
    ]
    assert trail_problems((one, last)) == [
        "line 2: does not follow the line before it",
        "line 2: is numbered 3",
    ]
    assert broken(seq=7) == ["line 2: is numbered 7"]
    assert broken(time="2026-01-05T08:59:00+00:00") == []
    assert broken(time="yesterday") == ["line 2: its time 'yesterday' is no time"]
    assert broken(time="2026-01-05T08:59:00") == [
        "line 2: its time '2026-01-05T08:59:00' is no time"
    ]
    unreadable = Unreadable(text="{", why="is none")
    assert trail_problems((one, unreadable, last)) == [
        "line 2: is no line of an audit trail (is none)",
        "line 3: does not follow the line before it",
    ]
    assert broken(action=Action.UNBLINDED, reason="") == ["line 2: unblinded without a reason"]
    assert broken(reason="") == []


def test_who_has_which_slot_is_read_from_a_line_and_from_what_is_left_of_it() -> None:
    entry = line(subject='P "1"', stratum={"site": "N"}, slot=3)
    claim = SlotClaim(subject='P "1"', stratum={"site": "N"}, slot=3)
    assert claim_of(entry) == claim
    text = to_line(entry).rstrip()
    torn = line_of(text[: text.index(',"time"')].encode())
    changed = line_of(text.encode().replace(b"Ann", b"A\xffn"))
    for left in (torn, changed):
        assert isinstance(left, Unreadable)
        assert claim_of(left) == claim
    for nothing in (
        text[: text.index(',"subject"')],
        text.replace('"slot":3', '"slot":x'),
        text.replace("allocated", "corrected")[:-1],
        text.replace('{"site":"N"}', '{"site":7}')[:-1],
        "[" * 10_000,
    ):
        assert claim_of(line_of(nothing.encode())) is None
    # the levels of a correction are not those that were entered
    assert claim_of(line(action=Action.CORRECTED, subject="P1", slot=3, reason="so")) is None


@pytest.mark.parametrize(
    "change",
    [
        {"seq": "1"}, {"seq": True}, {"slot": 1.5}, {"stratum": []}, {"stratum": {"site": 1}},
        {"subject": None}, {"time": 7}, {"clock_behind_seconds": "0"}, {"more": "x"},
        {"action": "danced"}, {"subject": "\ud800"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_line_is_told_and_breaks_nothing(change: dict) -> None:
    raw = json.dumps(asdict(line()) | change).encode()
    assert isinstance(line_of(raw), Unreadable)


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_a_line_with_changed_bytes_is_a_line_with_another_content_or_none(
    data: st.DataObject,
) -> None:
    entry = line(subject="P1", stratum={"site": "N"}, slot=3)
    raw = bytearray(to_line(entry).rstrip().encode())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=3)):
        raw[place] = data.draw(st.integers(0, 255))
    changed = line_of(bytes(raw))
    claim_of(changed)
    if changed != entry:
        assert trail_problems((changed,)) != []
