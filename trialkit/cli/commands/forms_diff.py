"""``trialkit forms diff OLD NEW``: what a newer version of the forms does to data of the older one."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.forms_changes import show_changes
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.errors import TrialStep
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import output_folder, write_files
from trialkit.schemas.versions.comparing import definition_changes, heaviest
from trialkit.schemas.versions.definition_change import ChangeWeight
from trialkit.steps.opening import open_trial

COLUMNS = ("weight", "form", "item", "what", "before", "after", "why")


def run(arguments: Namespace) -> ExitCode:
    """Show every change, those first that weigh most."""
    screen = Screen()
    old, new = (
        open_trial(folder, step=TrialStep.VALIDATE).schemas
        for folder in (arguments.old, arguments.new)
    )
    changes = definition_changes(old, new)
    show_changes(changes, screen)
    if arguments.out is not None:
        rows = [[getattr(each, name) for name in COLUMNS] for each in changes]
        out = output_folder(arguments.new, arguments.out)
        show_files(write_files({"forms_diff.csv": csv_bytes(COLUMNS, rows)}, out), screen)
    return ExitCode.FINE if heaviest(changes) in {None, ChangeWeight.SAFE} else ExitCode.FINDINGS
