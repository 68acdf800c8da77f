"""``trialkit import xlsform``: the forms of an XLSForm, shown first, then written."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import end_undecided, refuse_nothing, show_left_out, show_lines
from trialkit.cli.screen import Screen
from trialkit.imports.taking_in.planned_files import write_planned
from trialkit.imports.xlsform.form_import import prepare_forms


def import_xlsform(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show which forms an XLSForm gives, and write them unless it is a dry run."""
    prepared = prepare_forms(
        arguments.file, arguments.trial, subject=arguments.subject, replace=arguments.replace_forms
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
    refuse_nothing(
        arguments.file.name,
        taken=bool(prepared.files),
        left_out=prepared.left_out,
        what="no form could be written",
    )
    if arguments.dry_run:
        screen.say("Dry run: nothing was written.")
        return end_undecided(prepared.undecided, screen)
    for path in write_planned(prepared.files):
        screen.say(f"  {path}")
    screen.say("Next: say in each form what it is for (kind, expected, visits), then validate.")
    return end_undecided(prepared.undecided, screen)
