"""``trialkit import statfile``: SAS transport, SPSS and Stata files, as rows or as a first form."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import (
    end_undecided,
    show_left_out,
    show_lines,
    show_the_cut,
    take_in,
)
from trialkit.cli.screen import Screen
from trialkit.errors import TrialStep
from trialkit.imports.redcap.project_import import missing_codes
from trialkit.imports.statistical.form_draft import prepare_form
from trialkit.imports.statistical.from_statistical import SaidOfFile, from_statistical
from trialkit.imports.statistical.stat_file import StatFile, read_stat_file
from trialkit.imports.taking_in.export_day import said_of_the_cut
from trialkit.imports.taking_in.mapping import FileMapping, read_mapping
from trialkit.imports.taking_in.planned_files import write_planned
from trialkit.schemas.reading.loading import FOLDER
from trialkit.steps.opening import open_trial


def import_statfile(arguments: Namespace, screen: Screen) -> ExitCode:
    """Take the rows of a file into its form; where the trial has none, draft it first."""
    reasons = {each.code: each.means for each in missing_codes(arguments.missing)}
    source = read_stat_file(arguments.file)
    if not (arguments.trial / FOLDER / f"{arguments.form}.toml").exists():
        return _draft(source, arguments, screen)
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    mapping = (
        FileMapping(file="")
        if arguments.mapping is None
        else read_mapping(arguments.mapping, trial.schemas)
    )
    said = SaidOfFile(subject=arguments.subject, reasons=reasons)
    incoming = from_statistical(source, arguments.form, trial.schemas, mapping, said)
    show_the_cut(said_of_the_cut(source.made, trial.schemas.data, new=False), screen)
    return take_in(trial, incoming, arguments, screen)


def _draft(source: StatFile, arguments: Namespace, screen: Screen) -> ExitCode:
    prepared = prepare_form(source, arguments.trial, arguments.form, subject=arguments.subject)
    file = prepared.file
    screen.say(f"{file.path.parent.name}/{file.path.name} is new: {source.file} has no form yet.")
    show_left_out(prepared.drafted.left_out, screen)
    if arguments.dry_run:
        show_lines(file, screen, now=f"from {source.file}")
        screen.say("Dry run: nothing was written.")
        return end_undecided(prepared.undecided, screen)
    for path in write_planned((file,)):
        screen.say_as_it_is(f"  {path}")
    screen.say(
        "Next: say in the form what it is for (kind, expected, visits), then import again: the same "
        "call takes its rows."
    )
    return end_undecided(prepared.undecided, screen)
