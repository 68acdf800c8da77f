"""``trialkit import xlsform``: the forms of an XLSForm, shown first, then written."""

import difflib
from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import show_left_out
from trialkit.cli.screen import Screen
from trialkit.imports.xlsform.form_import import prepare_forms, write_forms

_DIFF_LINES = 60


def import_xlsform(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show which forms an XLSForm gives, and write them unless it is a dry run."""
    prepared = prepare_forms(arguments.file, arguments.trial, subject=arguments.subject)
    for file in prepared.files:
        name = f"{file.path.parent.name}/{file.path.name}"
        if file.before is None:
            screen.say(f"{name} is new.")
        elif file.before == file.after:
            screen.say(f"{name} says this already.")
        elif arguments.replace_forms:
            screen.say(f"{name} changes.")
        else:
            screen.say(f"{name} is kept, and differs; pass --replace-forms to take the XLSForm's.")
        if arguments.dry_run:
            before, after = (file.before or "").splitlines(), file.after.splitlines()
            lines = list(difflib.unified_diff(before, after, name, "from the XLSForm", lineterm=""))
            for line in lines[:_DIFF_LINES]:
                screen.say(f"  {line}")
            if len(lines) > _DIFF_LINES:
                screen.say(f"  ... and {len(lines) - _DIFF_LINES} more lines")
    show_left_out(prepared.left_out, screen)
    if arguments.dry_run:
        screen.say("Dry run: nothing was written.")
        return ExitCode.FINE
    for path in write_forms(prepared, replace=arguments.replace_forms):
        screen.say(f"  {path}")
    screen.say("Next: say in each form what it is for (kind, expected, visits), then validate.")
    return ExitCode.FINE
