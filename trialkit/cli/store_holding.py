"""``trialkit store freeze``, ``lock`` and ``unlock``: what does not change any more."""

from argparse import Namespace
from collections.abc import Iterable

from trialkit.checks.trial.checking import check
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_end import show_end
from trialkit.cli.store_keeping import kept_anchors
from trialkit.cli.store_reach import opened, reach, refuse_unnamed, site_item
from trialkit.cli.tone import Tone
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.closing.lock_checklist import (
    ChecklistItem,
    ChecklistLine,
    LineState,
    LockFacts,
    checklist,
)
from trialkit.evidence.closing.locking_the_database import lock_database
from trialkit.evidence.contents.half_sight import refuse_half_sight
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import Door
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.writing.beginning import digest_of
from trialkit.evidence.writing.holding import ask_to_unlock, hold, unfreeze, unlock
from trialkit.protocol.loading import load_protocol
from trialkit.steps.defining import definition_files
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.store.freezing import freeze

_LISTED = 5


def freeze_reach(arguments: Namespace, screen: Screen) -> ExitCode:
    """Freeze what is named, or lift a freeze."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    at = occasion(arguments, Door.STORE)
    if arguments.lift is None:
        refuse_unnamed(arguments)
    with opened(arguments) as store:
        if arguments.lift is not None:
            head = unfreeze(store, arguments.lift, at, reason=arguments.reason)
        else:
            head = hold(
                store,
                reach(arguments),
                HoldKind.FREEZE,
                at,
                reason=arguments.reason,
                site_item=site_item(trial.schemas),
            )
    screen.say(
        "Unfrozen." if arguments.lift is not None else f"Frozen: {reach(arguments).told}.",
        Tone.GOOD,
    )
    show_end(head, screen)
    return ExitCode.FINE


def lock_reach(arguments: Namespace, screen: Screen) -> ExitCode:
    """Lock what is named; the database by its checklist."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    where = reach(arguments)
    refuse_unnamed(arguments)
    with opened(arguments) as store:
        if arguments.database:
            return _lock_database(arguments, trial, store, screen)
        head = hold(
            store,
            where,
            HoldKind.LOCK,
            occasion(arguments, Door.STORE),
            reason=arguments.reason,
            site_item=site_item(trial.schemas),
        )
    screen.say(f"Locked: {where.told}.", Tone.GOOD)
    show_end(head, screen)
    return ExitCode.FINE


def unlock_hold(arguments: Namespace, screen: Screen) -> ExitCode:
    """Ask for it, with a reason; or do what another person asked for."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    at = occasion(arguments, Door.STORE)
    with opened(arguments) as store:
        if arguments.reason:
            head = ask_to_unlock(store, arguments.event, at, reason=arguments.reason)
            screen.say("Asked; nothing is unlocked yet. A second person unlocks by:")
            screen.say(f"  trialkit store unlock {arguments.trial} {head.seq}")
        else:
            head = unlock(store, arguments.event, at)
            screen.say("Unlocked.", Tone.GOOD)
    show_end(head, screen)
    return ExitCode.FINE


def _lock_database(
    arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen
) -> ExitCode:
    refuse_half_sight(store, "the checklist of the database")
    with screen.working("Checking"):
        facts = _facts(arguments, trial, store)
        lines = checklist(store, facts)
    _show(lines, screen)
    if any(line.state is LineState.OPEN for line in lines):
        screen.say("Nothing was locked.")
        return ExitCode.FINDINGS
    if arguments.check:
        screen.say("Nothing is open; without --check the database is locked.")
        return ExitCode.FINE
    head = lock_database(store, facts, occasion(arguments, Door.STORE), reason=arguments.reason)
    screen.say("The database is locked.", Tone.GOOD)
    show_end(head, screen)
    return ExitCode.FINE


def _facts(arguments: Namespace, trial: OpenedTrial, store: Store) -> LockFacts:
    source, head = source_at(store)
    snapshot = freeze(source, trial.schemas, today=run_day(arguments))
    return LockFacts(
        as_of=head.seq,
        findings=check(snapshot, trial.schemas, trial.protocol),
        schemas=trial.schemas,
        protocol=trial.protocol,
        definition=digest_of(definition_files(trial)),
        backup_sha256=arguments.backup.strip().lower(),
        anchors=kept_anchors(arguments),
        waived=dict(_waived(each) for each in arguments.waive),
    )


def _waived(said: str) -> tuple[ChecklistItem, str]:
    name, _, reason = said.partition("=")
    items = {each.name.lower(): each for each in ChecklistItem}
    if name.strip().lower() not in items:
        known = ", ".join(name for name, each in items.items() if each.can_be_waived)
        raise EvidenceError(f"--waive: found {name!r}; write one of {known}, '=' and the reason")
    return items[name.strip().lower()], reason.strip()


_TONES = {LineState.OPEN: Tone.ERROR, LineState.MET: Tone.GOOD}


def _show(lines: Iterable[ChecklistLine], screen: Screen) -> None:
    for line in lines:
        why = f": {line.why}" if line.why else ""
        is_open = line.state is LineState.OPEN and line.item.can_be_waived
        waive = f" (--waive {line.item.name.lower()}=REASON)" if is_open else ""
        screen.say(f"{line.item}: {line.state}{why}{waive}", _TONES.get(line.state, Tone.PLAIN))
        for told in line.told[:_LISTED]:
            screen.say(f"  {told}")
        if len(line.told) > _LISTED:
            screen.say(f"  and {len(line.told) - _LISTED:,} more")
