"""The record of a plan: each time that it was locked, by whom, on what day, and over which data.

Lines are only ever added, and each holds the hash of the one before it, so that a line that was
changed or taken out is noticed. Lines cut off the end, or a record written anew, are not: the hash of
the last line is printed with the lock, in the report and in its manifest, to be kept elsewhere.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from trialkit.grammar import counted
from trialkit.protocol.locks.written_plan import Written, plan_sha256
from trialkit.protocol.tables.canonical import canonical

START = "0" * 64


class CountedPeople(StrEnum):
    """Whom a trial's data let one count."""

    RANDOMISED = "randomised"
    ENROLLED = "enrolled"
    """Eligible by the screening form, while no form says who is randomised."""
    KNOWN = "known"
    """Whoever is assessed, where no form says more; also what the earliest locks counted."""

    def words(self, count: int) -> str:
        """So many of them, or that there is none."""
        one, several = _PEOPLE[self]
        return counted(count, one, several) if count else f"no {one}"


_PEOPLE = {
    CountedPeople.RANDOMISED: ("randomised participant", "randomised participants"),
    CountedPeople.ENROLLED: ("enrolled participant", "enrolled participants"),
    CountedPeople.KNOWN: ("assessed person", "assessed people"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataState:
    """What the data in the trial's folder held when the plan was locked."""

    participants: int
    """How many there were of those whom ``counted`` names."""
    with_outcome: int
    """Those with a value of any outcome after baseline."""
    with_primary: int
    """Those with a value of a primary outcome after baseline."""
    counted: CountedPeople = CountedPeople.KNOWN

    @property
    def has_outcomes(self) -> bool:
        """Whether anybody could have seen an outcome."""
        return self.with_outcome > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLock:
    """A line of the record."""

    seq: int
    time: str
    """What the clock said, in UTC, as ``2025-03-31T08:30:05Z``."""
    by: str
    reason: str
    """Why it was locked; of an amendment why it was made."""
    data: DataState
    plan: Written
    sha256: str
    """That of the plan."""
    previous: str
    hash: str = ""

    @property
    def day(self) -> str:
        """The day in UTC, in ISO 8601."""
        return self.time[:10]

    def sealed(self) -> "PlanLock":
        """The line with its hash."""
        return replace(self, hash=self.true_hash)

    @property
    def true_hash(self) -> str:
        """The hash of everything but the hash."""
        content = {name: each for name, each in self.as_written().items() if name != "hash"}
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    def as_written(self) -> dict[str, object]:
        """The line as its file has it: whom it counts is said from the second form of a record on."""
        written = asdict(self)
        if self.data.counted is CountedPeople.KNOWN:
            del written["data"]["counted"]
        return written


def next_lock(
    locks: tuple[PlanLock, ...], plan: Written, *, time: str, by: str, reason: str, data: DataState
) -> PlanLock:
    """The line that comes after these."""
    return PlanLock(
        seq=len(locks) + 1,
        time=time,
        by=by,
        reason=reason,
        data=data,
        plan=plan,
        sha256=plan_sha256(plan),
        previous=locks[-1].hash if locks else START,
    ).sealed()


def chain_problems(locks: Iterable[PlanLock]) -> tuple[str, ...]:
    """What is wrong with a record; nothing where it holds together."""
    problems: list[str] = []
    previous, time = START, ""
    for number, lock in enumerate(locks, start=1):
        if lock.hash != lock.true_hash or lock.sha256 != plan_sha256(lock.plan):
            problems.append(f"line {number}: its content is not what was hashed")
        if lock.previous != previous:
            problems.append(f"line {number}: does not follow the line before it")
        if lock.seq != number:
            problems.append(f"line {number}: is numbered {lock.seq}")
        if lock.time < time:
            problems.append(
                f"line {number}: its time {lock.time} lies before that of an earlier line"
            )
        previous, time = lock.hash, max(time, lock.time)
    return tuple(problems)
