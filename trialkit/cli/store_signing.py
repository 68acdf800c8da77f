"""``trialkit store mark``, ``sign`` and ``passphrase``: who vouches for what."""

import sys
from argparse import Namespace
from getpass import getpass
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_end import show_end
from trialkit.cli.store_reach import opened, reach, refuse_unnamed, site_item
from trialkit.cli.tone import Tone
from trialkit.disk.reading import read_file
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.people.secret_kinds import SigningSecret, secret_asked
from trialkit.evidence.signing.passphrases import has_passphrase, refuse_needless, set_passphrase
from trialkit.evidence.signing.signing_a_reach import refuse_who_signs_nothing, sign
from trialkit.evidence.standing.left_out import told_left_out
from trialkit.evidence.standing.signatures import SignatureMeaning
from trialkit.evidence.writing.review_marks import left_out_by, mark, withdraw
from trialkit.protocol.loading import load_protocol
from trialkit.steps.opening import open_trial

_KINDS = {
    "source": ReviewKind.SOURCE,
    "data": ReviewKind.DATA,
    "medical": ReviewKind.MEDICAL,
}
_PROMPTS = {
    SigningSecret.PASSPHRASE: "Passphrase",
    SigningSecret.DATABASE_PASSWORD: "Password on the server",
}


def mark_reach(arguments: Namespace, screen: Screen) -> ExitCode:
    """Mark what is named, or take a mark back."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    at = occasion(arguments, Door.STORE)
    kind = _KINDS[arguments.review]
    with opened(arguments) as store:
        if arguments.withdraw is not None:
            head = withdraw(store, arguments.withdraw, at, reason=arguments.reason)
            screen.say("The mark is taken back.")
        else:
            where = reach(arguments)
            left_out = left_out_by(store.by(at.author.person), where)
            head = mark(store, where, kind, at, as_of=arguments.as_of)
            screen.say(f"{where.told}: {kind}.", Tone.GOOD)
            if left_out:
                screen.say(
                    "Not marked, since it is withheld from your role: "
                    f"{told_left_out(left_out)}; somebody marks it who reads arms."
                )
    show_end(head, screen)
    return ExitCode.FINE


def sign_reach(arguments: Namespace, screen: Screen) -> ExitCode:
    """Sign what is named, and say on which secret it rests."""
    refuse_unnamed(arguments)
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    at = occasion(arguments, Door.STORE)
    meaning = SignatureMeaning(arguments.meaning)
    with opened(arguments) as store:
        refuse_who_signs_nothing(store, at)
        asked = secret_asked(store)
        head = sign(
            store,
            reach(arguments),
            meaning,
            at,
            secret=_secret(
                arguments.passphrase_file,
                f"{_PROMPTS[asked]} of {at.author.person}: ",
                option="--passphrase-file",
            ),
            as_of=arguments.as_of,
            site_item=site_item(trial.schemas),
        )
        is_served = store.is_served
    screen.say(
        f"{reach(arguments).told}: signed by {at.author.printed_name} ({meaning}, by {asked}).",
        Tone.GOOD,
    )
    if is_served and asked is SigningSecret.PASSPHRASE:
        screen.say(
            "The server asked no password of this account, so the signature rests on the passphrase alone; "
            "with scram-sha-256 for it in pg_hba.conf, signatures rest on the account's password."
        )
    show_end(head, screen)
    return ExitCode.FINE


def give_passphrase(arguments: Namespace, screen: Screen) -> ExitCode:
    """Set the passphrase of whoever calls."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    at = occasion(arguments, Door.STORE)
    with opened(arguments) as store:
        refuse_who_signs_nothing(store, at)
        refuse_needless(store)
        known = has_passphrase(store, at.author.person)
        before = (
            _secret(arguments.before_file, "Passphrase so far: ", option="--before-file")
            if known
            else ""
        )
        passphrase = _secret(
            arguments.passphrase_file, "New passphrase: ", option="--passphrase-file"
        )
        if arguments.passphrase_file is None and passphrase != getpass("The same again: "):
            raise EvidenceError("the two are not the same; nothing was set")
        head = set_passphrase(store, passphrase, at, before=before)
    screen.say(f"The passphrase of {at.author.person} is set.", Tone.GOOD)
    show_end(head, screen)
    return ExitCode.FINE


def _secret(file: Path | None, prompt: str, *, option: str) -> str:
    """The first line of the file that an option names, or what is typed unseen; never a word of the call."""
    if file is not None:
        return read_file(file).decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if not sys.stdin.isatty():
        raise EvidenceError(
            f"{prompt.removesuffix(': ')}: is typed where nobody sees it, and there is no terminal; pass "
            f"{option} FILE"
        )
    return getpass(prompt)
