"""A disk that fills up after so many bytes, for what trialkit writes by itself."""

import errno
import io
import os
import sqlite3
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Self

import pytest


class Device:
    """It takes ``room`` bytes and refuses the next one, for the reason ``number``."""

    def __init__(self, room: int, number: int = errno.ENOSPC) -> None:
        self.room, self.number = room, number
        self.taken = 0

    def take(self, content: bytes) -> bytes:
        """As much of it as there is room for."""
        taken = content[: self.room - self.taken]
        self.taken += len(taken)
        return taken

    def refuse(self) -> OSError:
        return OSError(self.number, os.strerror(self.number))

    def put_under(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """All that is written by a descriptor goes to this disk."""
        fdopen, write = os.fdopen, os.write

        def opened(number: int, mode: str) -> "_File":
            return _File(fdopen(number, mode), self)

        def written(number: int, content: bytes) -> int:
            if not stat.S_ISREG(os.fstat(number).st_mode):  # a pipe to a process is on no disk
                return write(number, content)
            taken = self.take(content)
            if content and not taken:
                raise self.refuse()
            return write(number, taken)

        connect = sqlite3.connect

        def connected(
            *place: Any, factory: type[sqlite3.Connection] = sqlite3.Connection, **options: Any
        ) -> sqlite3.Connection:
            full = type("Full", (_FullStore, factory), {})
            connection: sqlite3.Connection = connect(*place, factory=full, **options)
            connection.execute("PRAGMA max_page_count = 1")  # it grows by no page
            return connection

        monkeypatch.setattr(sqlite3, "connect", connected)
        monkeypatch.setattr(os, "fdopen", opened)
        monkeypatch.setattr(os, "write", written)


class _FullStore(sqlite3.Connection):
    """A store on a disk without room: nothing that was changed comes to stay."""

    def commit(self) -> None:
        if self.total_changes:
            raise sqlite3.OperationalError("database or disk is full")
        super().commit()


class _File:
    """A file on the device."""

    def __init__(self, file: IO[Any], device: Device) -> None:
        self._file, self._device = file, device

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, content: bytes) -> int:
        taken = self._device.take(content)
        self._file.write(taken)
        if len(taken) < len(content):
            raise self._device.refuse()
        return len(taken)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        for each in pieces:
            self.write(each)


class FailingDisk:
    """A disk that fails in the middle of one file; it knows which of its files are read."""

    def __init__(self, folder: Path, fails_at: str = "") -> None:
        self.folder, self._fails_at = folder, fails_at
        self.read: list[str] = []

    def put_under(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """All that is opened to be read lies on this disk."""
        true = io.open

        def opened(file: object, mode: str = "r", *rest: Any, **options: Any) -> Any:
            stream = true(file, mode, *rest, **options)  # type: ignore[call-overload]
            if isinstance(file, Path) and "r" in mode and self._has(file):
                name = file.absolute().relative_to(self.folder).as_posix()
                self.read.append(name)
                return _Failing(stream) if name == self._fails_at else stream
            return stream

        monkeypatch.setattr(io, "open", opened)

    def _has(self, file: Path) -> bool:
        return file.absolute().is_relative_to(self.folder)


class _Failing:
    """A file that was opened and cannot be read; the system does not say which file that is."""

    def __init__(self, file: IO[Any]) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Self:
        return self

    def read(self, *_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    __next__ = readline = readlines = read
