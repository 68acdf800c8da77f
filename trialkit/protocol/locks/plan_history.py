"""A plan with the record of when it was made: what may be said of each analysis, and on what evidence."""

from dataclasses import dataclass
from functools import cached_property

from trialkit.protocol.locks.plan_changes import PlanChange, plan_changes
from trialkit.protocol.locks.plan_locks import PlanLock, chain_problems
from trialkit.protocol.locks.written_plan import Written, rests_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a later lock changed."""

    lock: PlanLock
    changes: tuple[PlanChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStanding:
    """Since when an analysis stands in the record as it was carried out."""

    lock: PlanLock | None
    """The lock from which on it stands unchanged; None where the last one does not have it so."""
    is_recorded: bool
    """Whether there is a record that could show it."""

    @property
    def is_original(self) -> bool:
        """Whether it stands so since the plan was locked first."""
        return self.lock is not None and self.lock.seq == 1

    @property
    def before_outcomes(self) -> bool:
        """Whether it was recorded before the trial's folder held any outcome after baseline."""
        return self.lock is not None and not self.lock.data.has_outcomes


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanHistory:
    """A plan, and each lock of it in order; none where nobody locked it."""

    plan: Written
    locks: tuple[PlanLock, ...] = ()

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """Why the record does not hold together; it is then no evidence."""
        return chain_problems(self.locks)

    @property
    def is_recorded(self) -> bool:
        """Whether there is a record that can be believed as far as it goes."""
        return bool(self.locks) and not self.problems

    @cached_property
    def amendments(self) -> tuple[Amendment, ...]:
        """What each lock after the first changed, in order."""
        return tuple(
            Amendment(lock=later, changes=plan_changes(earlier.plan, later.plan))
            for earlier, later in zip(self.locks, self.locks[1:], strict=False)
        )

    @cached_property
    def unlocked_changes(self) -> tuple[PlanChange, ...]:
        """What differs now from the plan that was locked last; nothing where it never was."""
        return plan_changes(self.locks[-1].plan, self.plan) if self.locks else ()

    def standing(self, analysis_id: str) -> PlanStanding:
        """Since when an analysis stands as it is now, with all that it rests on."""
        own = rests_on(self.plan, analysis_id)
        since: PlanLock | None = None
        for lock in reversed(self.locks if self.is_recorded else ()):
            if own is None or rests_on(lock.plan, analysis_id) != own:
                break
            since = lock
        return PlanStanding(lock=since, is_recorded=self.is_recorded)


UNRECORDED = PlanHistory(plan={})
"""Of a plan that nobody locked."""
