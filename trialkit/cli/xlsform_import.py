"""``trialkit import xlsform``: the forms of an XLSForm, shown first, then written."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import (
    end_undecided,
    refuse_nothing,
    show_left_out,
    show_lines,
    show_the_cut,
    take_in,
)
from trialkit.cli.screen import Screen
from trialkit.errors import TrialStep
from trialkit.imports.taking_in.planned_files import write_planned
from trialkit.imports.xlsform.form_import import prepare_forms
from trialkit.imports.xlsform.submission_tables import read_submissions
from trialkit.imports.xlsform.submissions import from_submissions
from trialkit.steps.opening import open_trial


def import_xlsform(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show which forms an XLSForm gives, and write them unless it is a dry run."""
    submissions = read_submissions(arguments.submissions) if arguments.submissions else None
    prepared = prepare_forms(
        arguments.file,
        arguments.trial,
        subject=arguments.subject,
        replace=arguments.replace_forms,
        submissions=submissions,
    )
    for file in prepared.files:
        name = f"{file.path.parent.name}/{file.path.name}"
        if file.before is None:
            screen.say(f"{name} is new.")
        elif file.before == file.after:
            screen.say(f"{name} says this already.")
        elif file.is_written:
            screen.say(f"{name} changes.")
        else:
            screen.say(f"{name} is kept, and differs; pass --replace-forms to take the XLSForm's.")
        if arguments.dry_run:
            show_lines(file, screen, now="from the XLSForm")
    show_left_out(prepared.left_out, screen)
    show_the_cut(prepared.on_the_cut, screen)
    refuse_nothing(
        arguments.file.name,
        taken=bool(prepared.files),
        left_out=prepared.left_out,
        what="no form could be written",
    )
    if arguments.dry_run and (submissions is None or not prepared.are_there):
        if submissions is not None:
            screen.say("The rows of the submissions are compared once the forms are written.")
        screen.say("Dry run: nothing was written.")
        return end_undecided(prepared.undecided, screen)
    for path in () if arguments.dry_run else write_planned(prepared.files):
        screen.say_as_it_is(f"  {path}")
    if prepared.undecided:
        if submissions is not None:
            screen.say("The rows of the submissions are taken once the following is decided.")
        return end_undecided(prepared.undecided, screen)
    if submissions is not None:
        trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
        incoming = from_submissions(submissions, prepared.drafted, trial.schemas)
        return take_in(trial, incoming, arguments, screen)
    screen.say("Say in each form what it is for: its kind, of whom it is expected, its visits.")
    screen.advise("Next:  ", f"trialkit validate {arguments.trial}")
    return ExitCode.FINE
