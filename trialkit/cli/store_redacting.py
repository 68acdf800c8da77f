"""``trialkit store redact``: an identifier that was entered by accident leaves the store."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_reach import opened
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.log.actions import Door
from trialkit.evidence.writing.redacting import redact
from trialkit.protocol.loading import load_protocol


def redact_text(arguments: Namespace, screen: Screen) -> ExitCode:
    """Take it out of the log, the form and the file; its digest and who took it out stay."""
    load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    if not arguments.write:
        raise EvidenceError(
            f"event {arguments.event}: a text that is redacted does not come back, and nothing was done; "
            "look at it by 'trialkit store log', then pass --write"
        )
    with opened(arguments) as store:
        head = redact(
            store,
            arguments.event,
            occasion(arguments, Door.STORE),
            reason=" ".join(arguments.reason.split()),
            text=arguments.text,
        )
    screen.say(
        f"Redacted; the log ends with event {head.seq}, whose hash is {head.hash}",
        whole=[head.hash],
    )
    screen.say("Backups and exports that were made before hold the text still.")
    return ExitCode.FINE
