"""``trialkit plan lock`` and ``history``: the plan is recorded, and what became of it is listed."""

from argparse import Namespace
from collections.abc import Iterable

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.signing import signed
from trialkit.cli.tone import Tone
from trialkit.errors import TrialStep
from trialkit.protocol.locks.plan_changes import ChangeKind, PlanChange
from trialkit.protocol.locks.plan_locks import DataState, PlanLock
from trialkit.steps.locking import lock_plan, plan_history
from trialkit.steps.opening import open_trial
from trialkit.store.changes.plan_lock_file import FILE


def lock(arguments: Namespace, screen: Screen) -> ExitCode:
    """Record the plan as it stands."""
    made = lock_plan(arguments.trial, signed(arguments, reason=""))
    _show_lock(made, screen)
    screen.say(f"Recorded in {arguments.trial / FILE}. Keep the hash of the line elsewhere too:")
    screen.say(f"  {made.hash}")
    return ExitCode.FINE


def show_history(arguments: Namespace, screen: Screen) -> ExitCode:
    """List the locks, what each amendment changed, and what is not locked."""
    history = plan_history(open_trial(arguments.trial, step=TrialStep.ANALYSE))
    if not history.locks:
        screen.say(
            "The plan was never locked: it stands in protocol.toml, and no record shows since when.",
            Tone.WARNING,
        )
        screen.advise(
            "Lock it, best before the first outcome:  ", f"trialkit plan lock {arguments.trial}"
        )
        return ExitCode.FINDINGS
    _show_lock(history.locks[0], screen)
    for each in history.amendments:
        _show_lock(each.lock, screen)
        _show_changes(each.changes, screen)
    for problem in history.problems:
        screen.say(f"The record is no evidence: {problem}", Tone.ERROR)
    if history.unlocked_changes:
        screen.say("Changed since, and not locked:", Tone.WARNING)
        _show_changes(history.unlocked_changes, screen)
        screen.advise("Record it:  ", f"trialkit plan lock {arguments.trial} --reason WHY")
    is_open = bool(history.problems or history.unlocked_changes)
    return ExitCode.FINDINGS if is_open else ExitCode.FINE


def _show_lock(made: PlanLock, screen: Screen) -> None:
    kind = "Locked" if made.seq == 1 else "Amended"
    why = f": {made.reason}" if made.reason else ""
    screen.say(f"{made.seq}. {kind} on {made.time} by {made.by}{why}")
    screen.say(f"   {_data(made.data)}")
    screen.say(f"   Plan {made.sha256}")


def _data(state: DataState) -> str:
    held = f"The trial's folder held {state.counted.words(state.participants)}"
    if state.has_outcomes:
        return (
            f"{held}, an outcome after baseline of {state.with_outcome}, the primary one of "
            f"{state.with_primary}."
        )
    return f"{held} and no outcome after baseline." if state.participants else f"{held}."


def _show_changes(changes: Iterable[PlanChange], screen: Screen) -> None:
    for each in changes:
        name = f"{each.table} {each.name}".strip()
        what = f": {', '.join(each.keys)}" if each.kind is ChangeKind.CHANGED and each.keys else ""
        screen.say(f"   - {name} {each.kind.value}{what}")
