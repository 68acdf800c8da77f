"""``trialkit import SOURCE``: data or forms from elsewhere, compared first, then written."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_sources import SOURCES
from trialkit.cli.screen import Screen
from trialkit.steps.data_door import refuse_data_in_a_store


def run(arguments: Namespace) -> ExitCode:
    """Import from one of the sources."""
    folder = getattr(arguments, "into", None) or arguments.trial
    refuse_data_in_a_store(
        folder, instead=f"take them in by: trialkit store import {arguments.source}"
    )
    return SOURCES[arguments.source](arguments, Screen())
