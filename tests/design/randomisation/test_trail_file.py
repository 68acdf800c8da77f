"""The file of an audit trail: read whatever its state, and added to whole or not at all."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.design.randomisation.audit import Action, Entry, Unreadable, next_entry, to_line
from trialkit.design.randomisation.trail_file import (
    TrailReading,
    append,
    read_lines,
    read_trail,
    replace_torn,
)
from trialkit.errors import DesignError

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def entry(before: tuple[Entry, ...] = (), subject: str = "P1") -> Entry:
    return next_entry(before, now=NOW, person="Ann", action=Action.ALLOCATED, subject=subject)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


@pytest.fixture
def two(path: Path) -> tuple[Entry, ...]:
    """Two lines that were written."""
    trail: tuple[Entry, ...] = ()
    for subject in ("P1", "P2"):
        trail = (*trail, entry(trail, subject))
        append(path, trail[-1], behind=read_lines(path))
    return trail


def test_a_trail_is_read_back_as_it_was_written(path: Path, two: tuple[Entry, ...]) -> None:
    assert path.read_text() == "".join(to_line(line) for line in two)
    assert read_trail(path) == two
    assert read_lines(path) == TrailReading(lines=two, size=path.stat().st_size)
    assert read_lines(path.with_name("none")) == TrailReading(lines=())


def test_a_line_that_cannot_be_read_is_refused_or_kept(path: Path, two: tuple[Entry, ...]) -> None:
    path.write_bytes(path.read_bytes().replace(b"P1", b"\xff1") + b"[]\n\n")
    first, second, third, fourth = read_lines(path).lines
    assert second == two[1]
    assert all(isinstance(each, Unreadable) for each in (first, third, fourth))
    with pytest.raises(DesignError) as error:
        read_trail(path)
    assert str(error.value).startswith(f"{path}: line 1 is no line of an audit trail (")
    assert read_lines(path).trail == (two[1],)


def test_what_was_not_written_to_its_end_is_no_line(path: Path, two: tuple[Entry, ...]) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    reading = read_lines(path)
    assert (reading.lines, reading.ends_with_line_feed) == (two[:1], False)
    assert whole.endswith(reading.torn + whole[-9:])
    assert len(reading.every_line) == 2

    path.chmod(0o664)
    replace_torn(path, entry(two[:1], "P9"), reading=reading)
    assert [line.subject for line in read_trail(path)] == ["P1", "P9"]
    assert path.stat().st_mode & 0o777 == 0o664


def test_a_line_without_its_line_feed_is_whole(path: Path, two: tuple[Entry, ...]) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    reading = read_lines(path)
    assert (reading.lines, reading.torn, reading.ends_with_line_feed) == (two, b"", False)
    append(path, entry(two, "P3"), behind=reading)
    assert [line.subject for line in read_trail(path)] == ["P1", "P2", "P3"]


@pytest.mark.parametrize("failing", ["write", "fsync"])
def test_a_full_disk_leaves_the_trail_as_it_was(
    path: Path, two: tuple[Entry, ...], failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    write = os.write

    def full(descriptor: int, content: bytes = b"") -> int:
        if len(content) > 50:
            return write(descriptor, content[:50])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(
        DesignError, match=r"cannot be written: no room is left.*Nothing was recorded there$"
    ):
        append(path, entry(two), behind=read_lines(path))
    assert path.read_bytes() == before


def test_a_write_in_pieces_is_written_to_its_end(
    path: Path, two: tuple[Entry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:7]))
    append(path, entry(two, "P3"), behind=read_lines(path))
    assert [line.subject for line in read_trail(path)] == ["P1", "P2", "P3"]


def test_another_computer_that_writes_at_the_same_moment_is_noticed(
    path: Path, two: tuple[Entry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder is shared in a way that does not keep two apart."""
    reading = read_lines(path)
    other = to_line(entry(two, "other")).encode()
    with path.open("ab") as file:
        file.write(other)
    content = path.read_bytes()
    with pytest.raises(DesignError, match=r"another computer wrote to the audit trail at the same"):
        append(path, entry(two, "P3"), behind=reading)
    assert path.read_bytes() == content

    write = os.write

    def both(descriptor: int, line: bytes) -> int:
        write(descriptor, other)
        return write(descriptor, line)

    monkeypatch.setattr(os, "write", both)
    with pytest.raises(DesignError, match="another computer wrote"):
        append(path, entry(two, "P3"), behind=read_lines(path))
