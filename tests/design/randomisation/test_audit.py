"""The lines of an audit trail: what each holds, how they are chained, and what breaks the chain."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from trialkit.design.randomisation.audit import (
    NEEDS_REASON,
    START,
    Action,
    Entry,
    append,
    next_entry,
    read_trail,
    sealed_entry,
    to_line,
    trail_problems,
)
from trialkit.errors import DesignError

NOW = datetime(2026, 1, 5, 9, 0, 30, 999_999, tzinfo=UTC)


def line(trail: tuple[Entry, ...] = (), **more: object) -> Entry:
    given = {"now": NOW, "person": "Ann", "action": Action.ALLOCATED}
    return next_entry(trail, **given | more)


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
        "time": "2026-01-05T09:00:30+00:00",
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
    assert asdict(entry) == content | {"hash": hashed}
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


def test_a_clock_may_lag_by_a_second_and_no_more() -> None:
    """Times are whole seconds; the line before was at 9:00:30."""
    first = (line(),)
    early = NOW.replace(microsecond=0) - timedelta(seconds=1)
    assert line(first, now=early).seq == 2
    with pytest.raises(DesignError) as error:
        line(first, now=early - timedelta(microseconds=1))
    assert str(error.value) == (
        "the clock says 2026-01-05T09:00:28+00:00, before the last line of the audit trail "
        "(2026-01-05T09:00:30+00:00); set the clock of this machine"
    )


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
    assert broken(time="2026-01-05T08:59:00+00:00") == [
        "line 2: its time 2026-01-05T08:59:00+00:00 is before that of the line above"
    ]
    assert broken(time=one.time) == []
    assert broken(action=Action.UNBLINDED, reason="") == ["line 2: unblinded without a reason"]
    assert broken(reason="") == []


def test_a_trail_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    assert read_trail(path) == ()
    for entry in three():
        append(path, entry)
    assert read_trail(path) == three()
    assert path.read_text().count("\n") == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{}", "the last line of the audit trail is not whole; the machine stopped while it was"),
        (b"{}\n", "line 1 is no line of an audit trail ('action')"),
        (b'{"action": "danced"}\n', "line 1 is no line of an audit trail ("),
        (b"\xff\n", "the audit trail cannot be read ("),
    ],
)
def test_what_is_no_trail_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(content)
    with pytest.raises(DesignError) as error:
        read_trail(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)
