"""A disk that fills up after so many bytes, for what trialkit writes by itself."""

import errno
import os
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
            taken = self.take(content)
            if content and not taken:
                raise self.refuse()
            return write(number, taken)

        monkeypatch.setattr(os, "fdopen", opened)
        monkeypatch.setattr(os, "write", written)


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
