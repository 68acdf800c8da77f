"""The file of an audit trail: read as it stands, whatever its state, and only ever added to."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trialkit.design.randomisation.audit import Entry, Line, entries_of, line_of, to_line
from trialkit.disk.refusals import why
from trialkit.errors import DesignError
from trialkit.files.whole_files import write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailReading:
    """What stands in the file."""

    lines: tuple[Line, ...]
    torn: bytes = b""
    """What stands behind the last line feed, where a line was not written to its end."""
    size: int = 0
    """How many bytes the file has."""
    ends_with_line_feed: bool = True

    @property
    def every_line(self) -> tuple[Line, ...]:
        """The lines, and what was not written to its end."""
        return (*self.lines, line_of(self.torn)) if self.torn else self.lines

    @property
    def trail(self) -> tuple[Entry, ...]:
        """The lines that can be read."""
        return entries_of(self.lines)


def read_lines(path: Path) -> TrailReading:
    """The file as it stands; nothing in it is too strange, and where there is none it is empty.

    Lines end with a line feed and nothing else: a name may hold any other separator.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return TrailReading(lines=())
    except OSError as error:
        raise DesignError(f"{path}: the audit trail cannot be read: {why(error)}") from None
    *whole, rest = content.split(b"\n")
    lines = tuple(line_of(each) for each in whole)
    last = line_of(rest)
    if isinstance(last, Entry) and last.is_intact:  # all but the line feed was written
        lines, rest = (*lines, last), b""
    return TrailReading(
        lines=lines,
        torn=rest,
        size=len(content),
        ends_with_line_feed=not content or content.endswith(b"\n"),
    )


def read_trail(path: Path) -> tuple[Entry, ...]:
    """The audit trail in a file; whether it holds together is for ``trail_problems``.

    Raises :class:`DesignError` for a line that cannot be read.
    """
    reading = read_lines(path)
    for number, line in enumerate(reading.lines, start=1):
        if not isinstance(line, Entry):
            raise DesignError(f"{path}: line {number} is no line of an audit trail ({line.why})")
    return reading.trail


def append(path: Path, entry: Entry, *, behind: TrailReading) -> None:
    """Add a line behind what was read, and wait until it is on the disk: all of it, or nothing.

    Raises :class:`DesignError` where it cannot be written, and where somebody else wrote meanwhile.
    """
    line = (b"" if behind.ends_with_line_feed else b"\n") + to_line(entry).encode()
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            if os.fstat(descriptor).st_size != behind.size:
                raise _written_by_another(path)
            _write_or_take_back(descriptor, line, size=behind.size)
            os.lseek(descriptor, behind.size, os.SEEK_SET)
            if os.read(descriptor, len(line) + 1) != line:
                raise _written_by_another(path)
        finally:
            os.close(descriptor)
    except OSError as error:
        if not behind.size:
            with suppress(OSError):
                path.unlink()  # it was made for this line
        raise DesignError(
            f"{path}: cannot be written: {why(error)}. Nothing was recorded there"
        ) from None


def replace_torn(path: Path, entry: Entry, *, reading: TrailReading) -> None:
    """Put a line that tells of it in the place of what was not written to its end.

    The file is replaced as a whole, so that a machine that stops again leaves one or the other.
    """
    try:
        mode = path.stat().st_mode & 0o777
        whole = path.read_bytes()[: reading.size - len(reading.torn)]
        write_whole(path, whole + to_line(entry).encode())
        path.chmod(mode)
    except OSError as error:
        raise DesignError(f"{path}: cannot be written: {why(error)}") from None


def _write_or_take_back(descriptor: int, line: bytes, *, size: int) -> None:
    """Write all of the line; a full disk leaves the file as it was."""
    try:
        written = 0
        while written < len(line):
            written += os.write(descriptor, line[written:])
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _written_by_another(path: Path) -> DesignError:
    return DesignError(
        f"{path}: another computer wrote to the audit trail at the same moment. "
        "Run 'trialkit randomise verify'; randomise on one computer only, since this folder does "
        "not keep two apart"
    )
