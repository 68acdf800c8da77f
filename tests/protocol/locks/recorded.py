"""Plans with a record, made by hand."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from trialkit.protocol.locks.plan_history import PlanHistory
from trialkit.protocol.locks.plan_locks import DataState, PlanLock, next_lock
from trialkit.protocol.locks.written_plan import written_plan
from trialkit.protocol.trial.protocol import Protocol

NOBODY = DataState(participants=0, with_outcome=0, with_primary=0)
SOME = DataState(participants=10, with_outcome=8, with_primary=7)


def locked(*plans: tuple[Protocol, DataState]) -> tuple[PlanLock, ...]:
    """A lock of each of these plans, a day after the other."""
    locks: tuple[PlanLock, ...] = ()
    for number, (protocol, data) in enumerate(plans, start=1):
        lock = next_lock(
            locks,
            written_plan(protocol),
            time=f"2025-03-{number:02}T08:00:00Z",
            by="Ann",
            reason="" if number == 1 else "the board asked",
            data=data,
        )
        locks = (*locks, lock)
    return locks


def history(now: Protocol, *plans: tuple[Protocol, DataState]) -> PlanHistory:
    """The record of these plans under the one that stands in the protocol now."""
    return PlanHistory(plan=written_plan(now), locks=locked(*plans))


def without(protocol: Protocol, analysis_id: str) -> Protocol:
    """The protocol before an analysis was planned."""
    analyses = tuple(each for each in protocol.plan.analyses if each.id != analysis_id)
    return replace(protocol, plan=replace(protocol.plan, analyses=analyses))


MADE_UP = made_up_protocol()


def broken_record() -> PlanHistory:
    """A plan that was locked before any data, and a name in the record that was changed since."""
    told = history(MADE_UP, (MADE_UP, NOBODY))
    return replace(told, locks=(replace(told.locks[0], by="Bob"),))
