"""``trialkit validate TRIAL``: what is wrong with the data, on the screen and as a listing."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_findings
from trialkit.pipeline import open_trial, validate, write_findings
from trialkit.store.files import output_folder


def run(arguments: Namespace) -> ExitCode:
    """Check the data and write the findings."""
    screen = Screen()
    with screen.working("Validating"):
        validated = validate(open_trial(arguments.trial), cut=arguments.cut)
        listing = write_findings(validated, output_folder(arguments.trial, arguments.out))
    show_findings(validated, listing, screen)
    return ExitCode.FINDINGS if validated.findings.hard else ExitCode.FINE
