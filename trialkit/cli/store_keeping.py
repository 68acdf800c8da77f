"""``trialkit store verify``, ``anchor``, ``backup`` and ``restore``: that nothing is lost or altered unseen."""

from argparse import Namespace
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import address, occasion
from trialkit.cli.store_end import show_end
from trialkit.cli.store_reach import opened
from trialkit.cli.store_stamps import asking, show_stamp, stamps_of, warn_of_stamps
from trialkit.cli.tone import Tone
from trialkit.errors import TrialStep
from trialkit.evidence.copies.backing_up import back_up, restore
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.problems import Problem
from trialkit.evidence.verifying.anchoring import Anchor, anchor, read_anchors
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.verifying.verifying_stamps import missing_stamps
from trialkit.grammar import by_number
from trialkit.protocol.loading import load_protocol

ANCHORS = "evidence-anchors.txt"
"""The file of anchors in the trial's folder, where no other is named."""


def verify_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Look at the whole store, and say each thing that does not fit."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    anchors = kept_anchors(arguments)
    with opened(arguments) as store, screen.working("Verifying"):
        found = verify(store, anchors)
        problems = (*found.problems, *stamps_of(arguments, store, anchors, screen))
        if _has_anchors(arguments):
            problems = (*problems, *missing_stamps(store, anchors))
        else:
            warn_of_stamps(store, _place(arguments), screen)
    if problems:
        show_problems(problems, screen)
        return ExitCode.FINDINGS
    noun = by_number(len(anchors), "anchor was found again", "anchors were found again")
    held = f"{len(anchors):,} {noun}" if anchors else "there is no anchor to hold it against"
    for each in found.unshown:
        screen.warn(each.told)
    screen.say(f"The store holds together: chain, texts, definitions and forms; {held}.", Tone.GOOD)
    show_end(found.head, screen)
    return ExitCode.FINE


def anchor_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Write the end of the log down outside the store, and in the log that it was."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    place = _place(arguments)
    stamped = asking(arguments)
    with opened(arguments) as store, screen.working("Anchoring"):
        made = anchor(store, place, occasion(arguments, Door.STORE), stamped)
    kept = made.anchor
    screen.say(
        f"Event {kept.seq}, hash {kept.hash}: {'written to' if made.is_new else 'stands already in'} {place}",
        whole=[kept.hash, place],
    )
    if made.stamp is not None:
        show_stamp(arguments, kept, made.stamp, screen)
    if made.is_new:
        screen.say(
            "Keep the file where whoever can write the store cannot: in version control, in a mail."
        )
    return ExitCode.FINE


def back_up_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Copy the store while others may write, and check the copy before it is kept."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    with opened(arguments) as store, screen.working("Copying"):
        made = back_up(store, arguments.copy)
        is_served = store.is_served
    screen.say(f"{arguments.copy}, SHA-256 {made.sha256}", whole=[str(arguments.copy), made.sha256])
    if is_served:
        screen.say(
            "Not in the copy: accounts of the server, their passwords, what was granted to them there by SQL."
        )
    _show_left_out(made.left_out, screen)
    show_end(made.head, screen)
    return ExitCode.FINE


def restore_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Put a copy in the place of a store that is lost, once it is known to be whole and the latest."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    at = address(arguments)
    with screen.working("Verifying"):
        found = restore(
            arguments.copy,
            at,
            anchors=kept_anchors(arguments),
            sha256=arguments.sha256,
            even_so=arguments.even_so,
            application=arguments.application,
        )
    if found.problems:
        show_problems(found.problems, screen)
    if found.problems and not arguments.even_so:
        screen.say("Nothing was restored; --even-so restores it in spite of this.")
        return ExitCode.FINDINGS
    where = at.said if at.is_served else str(at.path)
    screen.say(f"Restored: {where}", whole=[where])
    _show_left_out(found.left_out, screen)
    if found.lacking:
        screen.say(
            f"In the log, and not on the server as members of {arguments.application}: "
            f"{', '.join(found.lacking)}; they act once they are (CREATE ROLE ... LOGIN IN ROLE ...).",
            Tone.WARNING,
        )
    show_end(found.head, screen)
    return ExitCode.FINE


def _show_left_out(accounts: tuple[str, ...], screen: Screen) -> None:
    if accounts:
        noun = by_number(len(accounts), "The passphrase of", "The passphrases of")
        screen.say(
            f"{noun} {', '.join(accounts)}: not in it, to be set anew by 'trialkit store passphrase'."
        )


def _place(arguments: Namespace) -> Path:
    place: Path = arguments.anchors or arguments.trial / ANCHORS
    return place


def kept_anchors(arguments: Namespace) -> tuple[Anchor, ...]:
    """Those of the file that is named, which must be there, or of the usual one, which may be."""
    place = _place(arguments)
    return read_anchors(place) if _has_anchors(arguments) else ()


def _has_anchors(arguments: Namespace) -> bool:
    """Whether there is a file of anchors, be it an empty one."""
    return arguments.anchors is not None or _place(arguments).exists()


def show_problems(problems: tuple[Problem, ...], screen: Screen) -> None:
    """Each thing that does not fit, in its own words."""
    noun = by_number(len(problems), "thing does", "things do")
    screen.say(f"{len(problems):,} {noun} not fit:", Tone.ERROR)
    for each in problems:
        screen.say(f"  {each.trace.value}: {each.told}")
