"""``trialkit validate TRIAL``: what is wrong with the data, on the screen and as a listing."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.validating import validate_on_screen


def run(arguments: Namespace) -> ExitCode:
    """Check the data, write the findings, and keep what they mean for the queries."""
    validated = validate_on_screen(arguments, Screen())
    return ExitCode.FINDINGS if validated.findings.hard else ExitCode.FINE
