"""The file of the plan's locks: read as it was written, only ever added to."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.protocol.locks.recorded import MADE_UP, NOBODY, SOME, locked
from trialkit.errors import ProtocolError
from trialkit.files.whole_files import write_together
from trialkit.protocol.locks.plan_locks import CountedPeople, chain_problems
from trialkit.store.changes.plan_lock_file import FILE, read_locks, with_lock

LOCKS = locked((MADE_UP, NOBODY), (MADE_UP, SOME))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert read_locks(tmp_path) == ()
    write_together(with_lock(tmp_path, (), LOCKS[0]))
    first = (tmp_path / FILE).read_bytes()
    write_together(with_lock(tmp_path, LOCKS[:1], LOCKS[1]))

    assert read_locks(tmp_path) == LOCKS
    assert (tmp_path / FILE).read_bytes().startswith(first)


def test_a_record_from_before_it_said_whom_it_counts_still_holds(tmp_path: Path) -> None:
    write_together(with_lock(tmp_path, (), LOCKS[0]))
    assert "counted" not in (tmp_path / FILE).read_text("utf-8")
    counted = replace(SOME, counted=CountedPeople.RANDOMISED)
    locks = locked((MADE_UP, NOBODY), (MADE_UP, counted))
    write_together(with_lock(tmp_path, LOCKS[:1], locks[1]))
    assert '"counted":"randomised"' in (tmp_path / FILE).read_text("utf-8")
    assert read_locks(tmp_path) == locks
    assert chain_problems(locks) == ()


def test_two_who_lock_at_once_do_not_both_write(tmp_path: Path) -> None:
    mine = with_lock(tmp_path, (), LOCKS[0])
    write_together(with_lock(tmp_path, (), LOCKS[0]))
    with pytest.raises(ProtocolError, match="somebody else locked the plan"):
        write_together(mine)
    assert read_locks(tmp_path) == LOCKS[:1]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "elsewhere").write_text("", encoding="utf-8")
    (tmp_path / "trial" / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProtocolError, match="leads out of the trial's folder"):
        with_lock(tmp_path / "trial", (), LOCKS[0])


@pytest.mark.parametrize(
    "harm",
    [
        lambda line: line.pop("by"),
        lambda line: line.update(more=1),
        lambda line: line.update(seq="1"),
        lambda line: line.update(seq=True),
        lambda line: line.update(time="yesterday"),
        lambda line: line.update(time="2025-02-31T00:00:00Z"),
        lambda line: line.update(by=None),
        lambda line: line.update(plan=[]),
        lambda line: line.update(plan={}),
        lambda line: line.update(data={"participants": 1}),
        lambda line: line["data"].update(participants=-1),
        lambda line: line["data"].update(with_outcome="many"),
        lambda line: line["data"].update(counted="someone"),
    ],
    ids=range(13),
)
def test_what_is_no_lock_is_told_with_its_line(harm, tmp_path: Path) -> None:
    write_together(with_lock(tmp_path, (), LOCKS[0]))
    path = tmp_path / FILE
    line = json.loads(path.read_text("utf-8"))
    harm(line)
    path.write_text(path.read_text("utf-8") + json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(ProtocolError, match=r"plan_locks.jsonl, line 2: is no lock of a plan"):
        read_locks(tmp_path)
