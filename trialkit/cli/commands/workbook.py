"""``trialkit workbook TRIAL OUT.xlsx``: a workbook to type data into, checked while typing."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_what_is_lacking, show_who_is_not_waited_for
from trialkit.errors import DataFileError, TrialStep
from trialkit.files.whole_files import output_folder, write_whole
from trialkit.imports.entry_workbook.entry_workbook import entry_workbook
from trialkit.imports.entry_workbook.shown_rows import shown_rows
from trialkit.schemas.forms.identifying import unmasked
from trialkit.steps.data_door import refuse_data_in_a_store
from trialkit.steps.opening import open_trial


def run(arguments: Namespace) -> ExitCode:
    """Write the workbook; one that is there already may hold what somebody typed, and stays."""
    screen = Screen()
    out = arguments.out
    if out.suffix.lower() != ".xlsx":
        raise DataFileError(f"{out}: an entry workbook is an .xlsx file; name it so")
    if out.exists():
        raise DataFileError(
            f"{out}: is there already, and somebody may have typed into it; "
            "import it, then name another file"
        )
    output_folder(arguments.trial, out.parent)
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    read = unmasked(trial.schemas) if arguments.show_identifiers else trial.schemas
    refuse_data_in_a_store(
        trial.folder, instead="make the workbook of an export: trialkit store export TRIAL OUT"
    )
    shown = shown_rows(trial.folder, read, trial.protocol, site=arguments.site)
    write_whole(out, entry_workbook(trial.protocol, trial.schemas, shown.rows))
    there = sum(map(len, shown.rows.values())) - shown.ready
    screen.say(
        f"{out}: {len(trial.schemas.forms)} forms, {there} rows that are there, "
        f"{shown.ready} rows held ready"
    )
    if shown.left_out:
        screen.say(
            f"{shown.left_out} rows are not in it, since they hold what a workbook cannot (a text of "
            "more than 32,000 characters, or signs that it has no place for); change them in data/"
        )
    screen.advise("Next:  ", f"trialkit import workbook {trial.folder} {out} --dry-run")
    show_who_is_not_waited_for(trial, screen)
    show_what_is_lacking(trial, screen)
    return ExitCode.FINE
