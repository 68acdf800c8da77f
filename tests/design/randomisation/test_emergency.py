"""Unblinding works whatever state the audit trail is in, and is always recorded."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.design.randomisation.conftest import Running, begin, blocks_plan, moment
from trialkit.design.randomisation import emergency
from trialkit.design.randomisation.audit import sealed_entry, to_line
from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate, correct
from trialkit.design.randomisation.record import BESIDE, LOCK, Allocated
from trialkit.design.randomisation.trail_file import read_lines, read_trail
from trialkit.design.randomisation.verifying import verify
from trialkit.errors import DesignError

DOUBTFUL = "MAY NOT BE THEIRS"
DOES_NOT_HOLD = "the audit trail does not hold together"


def three(running: Running) -> dict[str, str]:
    """The arms of three people at one site."""
    levels = {factor.name: factor.levels[0] for factor in running.plan.factors}
    return {
        subject: allocate(
            running.trial, running.vault, subject=subject, levels=levels, moment=moment(minute)
        ).arm
        for minute, subject in enumerate(("P1", "P2", "P3"), start=1)
    }


def emergency_of(running: Running, subject: str, minute: int = 9) -> Allocated:
    return unblind(
        running.trial, running.vault, subject=subject, reason="harm", moment=moment(minute)
    )


def damaged(running: Running, damage: Callable[[list[bytes]], list[bytes]]) -> None:
    """Lines of the trail changed: its first is the commitment, then come P1, P2 and P3."""
    running.trail.write_bytes(
        b"".join(damage(running.trail.read_bytes().splitlines(keepends=True)))
    )


def refused(running: Running) -> str:
    """Why nobody is randomised."""
    levels = {factor.name: factor.levels[0] for factor in running.plan.factors}
    with pytest.raises(DesignError) as error:
        allocate(running.trial, running.vault, subject="new", levels=levels, moment=moment(20))
    return str(error.value)


def test_of_a_sound_trail_the_arm_is_told_and_the_line_written(running: Running) -> None:
    arms = three(running)
    told = emergency_of(running, "P2")
    assert (told.arm, told.warnings) == (arms["P2"], ())
    assert read_trail(running.trail)[-1] == told.entry
    assert (told.entry.action, told.entry.subject, told.entry.reason) == ("unblinded", "P2", "harm")


@pytest.mark.parametrize(
    ("damage", "doubtful"),
    [
        (lambda lines: [lines[0].replace(b"Ann", b"Eve"), *lines[1:]], ()),
        (lambda lines: [*lines[:2], *lines[3:]], ()),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], ()),
        (lambda lines: [*lines, lines[-1]], ()),
        (lambda lines: [*lines[:3], b"\xff\x00\n", *lines[3:]], ()),
        (lambda lines: [*lines[1:]], ()),
        (lambda lines: [*lines[:3], lines[3].replace(b"Ann", b"Eve")], ("P3",)),
        (lambda lines: [*lines[:3], lines[3].replace(b"Ann", b"A\xffn")], ("P3",)),
        (lambda lines: [lines[0], lines[1].replace(b'"slot":1', b'"slot":7'), *lines[2:]], ("P1",)),
        (lambda lines: [lines[0], lines[1].replace(b"Ann", b"Eve"), *lines[2:], b'{"act'],
         ("P1", "P2", "P3")),  # nothing says how many lines an end hides that cannot be read
    ],
    ids=[
        "first changed", "P2 taken out", "exchanged", "doubled", "garbage between", "no commitment",
        "P3 changed", "P3 not readable", "another slot", "changed and torn",
    ],
)  # fmt: skip
def test_a_trail_that_was_changed_tells_the_arm_and_refuses_the_next(
    running: Running,
    damage: Callable[[list[bytes]], list[bytes]],
    doubtful: tuple[str, ...],
) -> None:
    arms = three(running)
    damaged(running, damage)
    for subject in arms:
        if f'"{subject}"' not in running.trail.read_bytes().decode("utf-8", "replace"):
            continue
        told = emergency_of(running, subject)
        is_doubtful = any(DOUBTFUL in each for each in told.warnings)
        assert is_doubtful == (subject in doubtful)
        assert told.arm == arms[subject] or is_doubtful
        assert DOES_NOT_HOLD in told.warnings[0]
        assert "newest backup" in told.warnings[0]
        last = read_trail_end(running)
        assert (last["action"], last["subject"], last["hash"]) == (
            "unblinded",
            subject,
            told.entry.hash,
        )
    said = refused(running)
    assert DOES_NOT_HOLD in said
    assert "put back the newest backup" in said
    assert "'trialkit randomise unblind' works all the same" in said
    problems = verify(running.record, vault=running.vault).problems
    assert problems
    assert not any(code in " ".join((said, *problems)) for code in running.plan.arms.codes)


def read_trail_end(running: Running) -> dict[str, str]:
    """The last line of the file."""
    return json.loads(running.trail.read_bytes().splitlines()[-1])


def test_who_stands_nowhere_is_told_what_to_do(running: Running) -> None:
    three(running)
    with pytest.raises(DesignError) as error:
        emergency_of(running, "P9")
    assert str(error.value) == f"{running.trail}: nobody of the name 'P9' has been randomised"
    damaged(running, lambda lines: [*lines[:2], *lines[3:]])
    with pytest.raises(DesignError, match="as far as can be read, but the audit trail is damaged"):
        emergency_of(running, "P2")
    running.trail.unlink()
    with pytest.raises(DesignError, match=r"the audit trail is not there. Put back the newest"):
        emergency_of(running, "P2")
    (problem,) = verify(running.record).problems
    assert problem == "audit.jsonl is not there, though a list was committed to"
    assert "put back the newest backup" in refused(running)


def test_half_of_the_last_line_is_mended_first(running: Running) -> None:
    arms = three(running)
    damaged(running, lambda lines: [*lines[:3], lines[3][:-20]])
    for subject in arms:
        assert emergency_of(running, subject).arm == arms[subject]
    assert verify(running.record, vault=running.vault).problems == ()


def test_the_name_and_the_levels_of_a_correction_lead_to_the_arm(running: Running) -> None:
    arms = three(running)
    act = (running.trial, running.vault)
    correct(*act, subject="P2", field="subject_id", to="Q", reason="typed", moment=moment(5))
    correct(*act, subject="Q", field="site", to="S", reason="typed", moment=moment(6))
    damaged(running, lambda lines: [lines[0].replace(b"Ann", b"Eve"), *lines[1:]])
    assert emergency_of(running, "Q").arm == arms["P2"]
    with pytest.raises(DesignError, match="nobody of the name 'P2'"):
        emergency_of(running, "P2")


def test_two_lines_that_say_different_slots_are_a_doubt(running: Running) -> None:
    """As after two computers that shared a folder which does not keep them apart."""
    three(running)
    trail = read_trail(running.trail)
    other = sealed_entry(replace(trail[1], slot=4))
    running.trail.write_text(running.trail.read_text() + to_line(other))
    assert any(DOUBTFUL in each for each in emergency_of(running, "P1").warnings)
    assert not any(DOUBTFUL in each for each in emergency_of(running, "P2").warnings)


def test_a_reason_and_a_person_are_needed_in_an_emergency_too(running: Running) -> None:
    three(running)
    damaged(running, lambda lines: [lines[0].replace(b"Ann", b"Eve"), *lines[1:]])
    for reason, person, said in ((" ", "Ann", "needs a reason"), ("harm", " ", "names the person")):
        with pytest.raises(DesignError, match=said):
            unblind(
                running.trial,
                running.vault,
                subject="P1",
                reason=reason,
                moment=moment(9, person=person),
            )
    assert len(read_lines(running.trail).lines) == 4
    assert not (running.record / BESIDE).exists()


def closed(monkeypatch: pytest.MonkeyPatch, *places: Path) -> None:
    """Nothing in these places can be written to."""
    opened = os.open

    def guarded(path: Path, flags: int, *mode: int, **more: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and any(
            Path(path) == place or Path(path).parent == place for place in places
        ):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *mode, **more)

    monkeypatch.setattr(os, "open", guarded)


def test_a_trail_that_cannot_be_written_to_has_the_record_beside_it(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    arms = three(running)
    before = running.trail.read_bytes()
    closed(monkeypatch, running.trail)
    for subject in ("P1", "P2"):
        told = emergency_of(running, subject)
        assert told.arm == arms[subject]
        assert told.warnings[-1] == (
            f"the unblinding is recorded in {running.record / BESIDE}, since the audit trail could "
            "not take it"
        )
        assert "permission denied" in told.warnings[0]
        assert "no arm" not in " ".join(told.warnings).lower()
    assert refused(running).endswith("Nothing was recorded there. No arm is shown")
    assert running.trail.read_bytes() == before
    assert [line.subject for line in read_trail(running.record / BESIDE)] == ["P1", "P2"]
    found = verify(running.record)
    assert found.problems == ()
    assert found.warnings[0] == (
        f"{running.record / BESIDE}: 'P1' was unblinded by Ann (2026-01-05T09:09:00.000+00:00; "
        "harm), which the audit trail could not take then"
    )
    beside = running.record / BESIDE
    beside.write_bytes(beside.read_bytes().replace(b"harm", b"fun!"))
    assert "its content is not what was hashed" in verify(running.record).problems[0]


def test_a_folder_that_cannot_be_written_to_has_the_record_in_the_vault(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    arms = three(running)
    closed(monkeypatch, running.record)
    assert emergency_of(running, "P3").arm == arms["P3"]
    assert not (running.record / BESIDE).exists()
    assert read_trail(running.vault.folder / BESIDE)[0].subject == "P3"
    assert "'P3' was unblinded" in verify(running.record, vault=running.vault).warnings[0]


def test_without_a_record_no_arm_is_shown(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    three(running)
    closed(monkeypatch, running.record, running.vault.folder)
    with pytest.raises(DesignError) as error:
        emergency_of(running, "P3")
    assert "can be recorded nowhere" in str(error.value)
    assert "Copy trial and vault to a place that can be written to" in str(error.value)
    assert not any(code in str(error.value) for code in running.plan.arms.codes)


HOLDER = """
import sys, time
from pathlib import Path
from trialkit.design.randomisation.lock import held
with held(Path(sys.argv[1]), wait=0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_program_that_hangs_with_the_lock_does_not_stop_an_emergency(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    arms = three(running)
    monkeypatch.setattr(emergency, "WAIT_SECONDS", 0.1)
    command = [sys.executable, "-c", HOLDER, str(running.record / LOCK)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        began = time.monotonic()
        told = emergency_of(running, "P1")
        holder.kill()
    assert time.monotonic() - began < 30
    assert told.arm == arms["P1"]
    assert "somebody else is randomising" in told.warnings[0]
    assert len(read_trail(running.trail)) == 4
    assert "'P1' was unblinded" in verify(running.record).warnings[0]


def test_a_seal_that_does_not_open_is_passed_over_with_the_key(running: Running) -> None:
    arms = three(running)
    sealed = running.vault.folder / "sealed.json"
    slots = json.loads(sealed.read_text())
    del slots["site=N|2"]
    slots["site=N|3"] = slots["site=N|1"]
    sealed.write_text(json.dumps(slots))
    assert {subject: emergency_of(running, subject).arm for subject in arms} == arms
    sealed.unlink()
    assert {subject: emergency_of(running, subject).arm for subject in arms} == arms

    secret = running.vault.folder / "secret.json"
    content = json.loads(secret.read_text())
    secret.write_text(json.dumps({**content, "key": "00" * 32}))
    with pytest.raises(DesignError, match="not that of the list that was committed to"):
        emergency_of(running, "P1")
    secret.unlink()
    with pytest.raises(DesignError, match="Put the key of the list back into the vault"):
        emergency_of(running, "P1")


def test_by_minimisation_the_arm_needs_every_line_before_it(minimised: Running) -> None:
    arms = three(minimised)
    content = minimised.trail.read_bytes()
    assert {subject: emergency_of(minimised, subject).arm for subject in arms} == arms

    def after(damage: Callable[[list[bytes]], list[bytes]]) -> dict[str, Allocated | str]:
        minimised.trail.write_bytes(content)
        damaged(minimised, damage)
        told: dict[str, Allocated | str] = {}
        for subject in arms:
            try:
                told[subject] = emergency_of(minimised, subject)
            except DesignError as error:
                told[subject] = str(error)
        return told

    changed = after(lambda lines: [*lines[:2], lines[2].replace(b"Ann", b"Eve"), lines[3]])
    for subject, told in changed.items():
        assert isinstance(told, Allocated)
        assert told.arm == arms[subject]
        assert any(DOUBTFUL in each for each in told.warnings) == (subject != "P1")
    for noise in (
        after(lambda lines: [*lines[:2], b"\n", *lines[2:]]),
        after(lambda lines: [*lines[:2], lines[1], lines[1], *lines[2:]]),
        after(lambda lines: [*lines[1:3], lines[0], *lines[3:]]),
        after(lambda lines: [lines[0], lines[1].replace(b"Ann", b"Eve"), *lines[1:]]),
    ):  # every line is there as it was written, though not in its place
        for subject, told in noise.items():
            assert isinstance(told, Allocated)
            assert told.arm == arms[subject]
            assert not any(DOUBTFUL in each for each in told.warnings)
    for without in (
        after(lambda lines: [*lines[:2], *lines[3:]]),
        after(lambda lines: [*lines[:2], b"garbage\n", *lines[3:]]),
    ):
        assert isinstance(without["P1"], Allocated)
        assert without["P1"].arm == arms["P1"]
        assert "nobody of the name 'P2'" in str(without["P2"])
        assert "are missing or changed. Put back" in str(without["P3"])


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_bytes_are_changed_no_wrong_arm_is_told_without_a_doubt(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    running, arms, content = _once(tmp_path_factory, renamed=False)
    raw = bytearray(content)
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=3)):
        raw[place] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.sampled_from([len(raw), len(raw) - 7, len(raw) // 2]))]
    running.trail.write_bytes(raw)
    (running.record / LOCK).write_bytes(b"")
    verify(running.record, vault=running.vault)
    for subject, arm in arms.items():
        try:
            told = emergency_of(running, subject)
        except DesignError:
            continue
        assert told.arm == arm or any(DOUBTFUL in each for each in told.warnings)
        assert read_trail_end(running)["hash"] == told.entry.hash
    verify(running.record, vault=running.vault)
    with suppress(DesignError):
        allocate(
            running.trial,
            running.vault,
            subject="new",
            levels={"site": "N"},
            moment=moment(20),
        )


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_becomes_of_exchanged_names_no_wrong_arm_is_told_without_a_doubt(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    running, arms, content = _once(tmp_path_factory, renamed=True)
    lines = content.splitlines(keepends=True)
    at = st.integers(1, len(lines) - 1)
    for place in data.draw(st.lists(at, min_size=1, max_size=3)):
        line = bytearray(lines[place])
        byte = data.draw(st.integers(0, len(line) - 2))
        line[byte] = data.draw(st.sampled_from(b"123PQX\xff"))
        lines[place] = bytes(line)
    gone = data.draw(st.sets(at, max_size=2))
    # an end that was cut off leaves a trail that holds together
    lines = [
        line for place, line in enumerate(lines) if place not in gone or place == len(lines) - 1
    ]
    running.trail.write_bytes(b"".join(lines))
    for subject, arm in arms.items():
        with suppress(DesignError):
            told = emergency_of(running, subject)
            assert told.arm == arm or any(DOUBTFUL in each for each in told.warnings)


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [lines[0], b"1" + lines[1], *lines[2:5], lines[6]],
        lambda lines: [*lines[:5], lines[5].replace(b'"subject":"P2"', b'"subject":"P3"'), b"X\n"],
        lambda lines: [*lines[:4], lines[6].replace(b"corrected", b"corrPcted")],
        lambda lines: [*lines[:5], b"X" + lines[6]],
    ],
    ids=[
        "owner and exchange lost",
        "changed, and the end not readable",
        "two gone, one not readable",
        "end not readable",
    ],
)
def test_names_exchanged_in_lost_lines_are_a_doubt(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[list[bytes]], list[bytes]]
) -> None:
    running, arms, content = _once(tmp_path_factory, renamed=True)
    running.trail.write_bytes(b"".join(damage(content.splitlines(keepends=True))))
    for subject, arm in arms.items():
        with suppress(DesignError):
            told = emergency_of(running, subject)
            assert told.arm == arm or any(DOUBTFUL in each for each in told.warnings)


_kept: dict[bool, tuple[Running, dict[str, str], bytes]] = {}


def _once(
    folders: pytest.TempPathFactory, *, renamed: bool
) -> tuple[Running, dict[str, str], bytes]:
    """One randomisation for all examples, in which two of other arms exchanged their names or not."""
    if renamed not in _kept:
        running = begin(folders.mktemp("emergency"), blocks_plan())
        arms = three(running)
        if renamed:
            one, other = "P1", next(each for each in arms if arms[each] != arms["P1"])
            for subject, to in ((one, "X"), (other, one), ("X", other)):
                correct(
                    running.trial,
                    running.vault,
                    subject=subject,
                    field="subject_id",
                    to=to,
                    reason="typed",
                    moment=moment(5),
                )
            arms |= {one: arms[other], other: arms[one]}
        _kept[renamed] = (running, arms, running.trail.read_bytes())
    return _kept[renamed]
