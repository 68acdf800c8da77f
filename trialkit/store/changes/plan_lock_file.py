"""``plan_locks.jsonl`` beside the protocol: one line a lock of the plan, only ever added to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from trialkit.disk.content import Content, Pieces
from trialkit.errors import ProtocolError
from trialkit.files.json_reading import json_object
from trialkit.files.whole_files import read_whole
from trialkit.protocol.locks.plan_locks import CountedPeople, DataState, PlanLock
from trialkit.protocol.locks.written_plan import refuse_no_plan
from trialkit.protocol.tables.canonical import canonical

FILE = "plan_locks.jsonl"
_REMEDY = (
    "Nothing but 'trialkit plan lock' should write this file; bring it back from a backup or from "
    "version control"
)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_TEXTS = ("time", "by", "reason", "sha256", "previous", "hash")


def read_locks(trial: Path) -> tuple[PlanLock, ...]:
    """The locks that the trial's folder keeps; none where there is no file.

    Raises :class:`ProtocolError` for a file that cannot be what trialkit wrote; whether its lines
    hold together is for :func:`~trialkit.protocol.locks.plan_locks.chain_problems`.
    """
    return _locks(read_whole(trial / FILE) or b"")


def with_lock(trial: Path, locks: tuple[PlanLock, ...], lock: PlanLock) -> Mapping[Path, Content]:
    """The file with this line behind those that were read.

    Writing it raises :class:`ProtocolError` where somebody else locked the plan meanwhile.
    """
    path = trial / FILE
    if not path.resolve().is_relative_to(trial.resolve()):
        raise ProtocolError(f"{FILE}: leads out of the trial's folder; put the file itself there")

    def grown() -> Iterator[bytes]:
        now = read_whole(path) or b""
        if _locks(now) != locks:
            raise ProtocolError(
                f"{FILE}: somebody else locked the plan at this moment, so nothing was written; run "
                "'trialkit plan history' to see what stands there now"
            )
        yield now if not now or now.endswith(b"\n") else now + b"\n"
        yield f"{canonical(lock.as_written())}\n".encode()

    return {path: Pieces(grown)}


def _locks(content: bytes) -> tuple[PlanLock, ...]:
    lines = enumerate(content.split(b"\n"), start=1)
    return tuple(_lock(line, number) for number, line in lines if line.strip())


def _lock(line: bytes, number: int) -> PlanLock:
    try:
        read = json_object(line)
        _refuse_no_lock(read)
        return PlanLock(**(read | {"data": _data(read["data"])}))
    except ValueError as error:
        raise ProtocolError(
            f"{FILE}, line {number}: is no lock of a plan ({error}). {_REMEDY}"
        ) from None


def _refuse_no_lock(read: Mapping[str, Any]) -> None:
    if read.keys() != {each.name for each in fields(PlanLock)}:
        raise ValueError("it has other fields than a lock")
    if not all(isinstance(read[name], str) for name in _TEXTS):
        raise ValueError(f"one of {', '.join(_TEXTS)} is no text")
    if type(read["seq"]) is not int or not _TIME.fullmatch(read["time"]):
        raise ValueError("seq is no number, or time no moment as 2025-03-31T08:30:05Z")
    if not isinstance(read["plan"], dict):
        raise ValueError("plan is no table")  # noqa: TRY004 - what the file says is no type of ours
    refuse_no_plan(read["plan"])
    datetime.fromisoformat(read["time"])  # the 31st of February says so itself


def _data(read: Any) -> DataState:
    if not isinstance(read, dict) or read.keys() | {_COUNTED} != _OF_DATA:
        raise ValueError("data is no state of data")
    counts = {name: each for name, each in read.items() if name != _COUNTED}
    if any(type(each) is not int or each < 0 for each in counts.values()):
        raise ValueError("data holds no counts")
    return DataState(**counts, counted=CountedPeople(read.get(_COUNTED, CountedPeople.KNOWN)))


_COUNTED = "counted"
_OF_DATA = {each.name for each in fields(DataState)}
