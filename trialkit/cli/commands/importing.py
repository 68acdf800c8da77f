"""``trialkit import SOURCE``: data or forms from elsewhere, compared first, then written."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_sources import SOURCES
from trialkit.cli.screen import Screen


def run(arguments: Namespace) -> ExitCode:
    """Import from one of the sources."""
    return SOURCES[arguments.source](arguments, Screen())
