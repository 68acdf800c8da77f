"""``trialkit store status``: what is asked, reviewed, held and signed, and what broke."""

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.store_end import show_end
from trialkit.cli.store_reach import opened
from trialkit.cli.tone import Tone
from trialkit.errors import TrialStep
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.queries.query_log import standing_queries
from trialkit.evidence.standing.query_states import OdmState
from trialkit.evidence.standing.signatures import StandingSignature, signatures
from trialkit.evidence.standing.standing_holds import (
    UnlockRequest,
    seen_holds,
    unlock_requests,
)
from trialkit.evidence.writing.review_marks import ReviewMark, marks
from trialkit.grammar import by_number
from trialkit.protocol.loading import load_protocol

_LISTED = 10


def show_status(arguments: Namespace, screen: Screen) -> ExitCode:
    """Everything that the log comes to beside the forms."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    day = run_day(arguments)
    with opened(arguments) as store:
        _show_queries(store, screen, "" if day is None else day.isoformat())
        with store.reading() as connection:
            head = head_of(connection)
        held, made, signed = seen_holds(store), marks(store), signatures(store)
        requests = unlock_requests(store)
    _show_marks(made, screen)
    _show_all([each.told for each in held], screen, "hold", "holds", "Nothing is held.")
    _show_requests(requests, arguments.trial, screen)
    _show_signatures(signed, screen)
    show_end(head, screen)
    return ExitCode.FINE


def _show_queries(store: Store, screen: Screen, today: str) -> None:
    queries = standing_queries(store)
    states = Counter(each.state for each in queries)
    said = [f"{states[each]:,} {each.value}" for each in OdmState if states[each]]
    screen.say(f"Queries: {', '.join(said)}." if said else "No query was ever asked.")
    waiting = Counter(each.waits_for for each in queries if each.waits_for)
    for role, count in sorted(waiting.items()):
        ages = [each.age(today) or 0 for each in queries if each.waits_for == role]
        days = by_number(max(ages), "day", "days")
        screen.say(f"  {count:,} for the {role}, the oldest for {max(ages):,} {days}")


def _show_marks(made: Sequence[ReviewMark], screen: Screen) -> None:
    for kind in ReviewKind:
        own = [each for each in made if each.kind is kind]
        valid = sum(each.is_valid for each in own)
        if own:
            noun = by_number(len(own), "mark", "marks")
            screen.say(f"{kind.value.capitalize()}: {len(own):,} {noun}, {valid:,} valid.")
    broken = [each.told for each in made if not each.is_valid]
    if not made:
        screen.say("Nothing was marked as reviewed.")
    _show_lines(broken, screen, Tone.WARNING)


def _show_requests(requests: Sequence[UnlockRequest], trial: Path, screen: Screen) -> None:
    if requests:
        noun = by_number(len(requests), "request waits", "requests wait")
        screen.say(
            f"{len(requests):,} {noun} for a second person: trialkit store unlock {trial} EVENT"
        )
        _show_lines([each.told for each in requests], screen, Tone.WARNING)


def _show_signatures(signed: Sequence[StandingSignature], screen: Screen) -> None:
    valid = [each.told for each in signed if each.is_valid]
    _show_all(
        valid, screen, "valid signature", "valid signatures", "Nothing has a valid signature."
    )
    broken = [each.told for each in signed if not each.is_valid]
    if broken:
        noun = by_number(len(broken), "signature is", "signatures are")
        screen.say(f"{len(broken):,} {noun} not valid any more:", Tone.WARNING)
    _show_lines(broken, screen, Tone.WARNING)


def _show_all(told: Sequence[str], screen: Screen, one: str, more: str, none: str) -> None:
    screen.say(f"{len(told):,} {by_number(len(told), one, more)}:" if told else none)
    _show_lines(told, screen, Tone.PLAIN)


def _show_lines(told: Sequence[str], screen: Screen, tone: Tone) -> None:
    for each in told[:_LISTED]:
        screen.say(f"  {each}", tone)
    if len(told) > _LISTED:
        screen.say(f"  and {len(told) - _LISTED:,} more")
