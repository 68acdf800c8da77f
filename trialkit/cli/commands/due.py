"""``trialkit due TRIAL --from DATE --to DATE``: which visits may take place, and what they lack."""

from argparse import Namespace

from trialkit.cli.data_doors import door_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.errors import TrialStep
from trialkit.files.whole_files import output_folder, placed, write_together
from trialkit.grammar import by_number
from trialkit.outputs.visit_calendar import CALENDAR, visit_files
from trialkit.steps.looking_ahead import look_ahead
from trialkit.steps.opening import open_trial

_HEADS = ("subject", "site", "visit", "earliest", "planned", "latest", "lacking")


def run(arguments: Namespace) -> ExitCode:
    """Show the visits, and write them as a table and as a calendar."""
    screen, today = Screen(), run_day(arguments)
    out = output_folder(arguments.trial, arguments.out)
    with screen.working("Looking ahead"):
        trial = open_trial(arguments.trial, step=TrialStep.VALIDATE, door=door_of(arguments))
        found = look_ahead(
            trial,
            first=arguments.first,
            last=arguments.last,
            site=arguments.site,
            today=today,
        )
        # a calendar must say when it was made: without the day of the run, on the first that it shows
        files = visit_files(found.visits, trial.protocol, made_on=today or arguments.first)
    earlier = {out / CALENDAR} - {out / name for name in files}
    written = write_together(placed(files, out), leaving=earlier)
    span = f"from {arguments.first} to {arguments.last}"
    if trial.protocol.trial.synthetic:
        screen.say(trial.protocol.trial.synthetic)
    if found.visits.empty:
        screen.say(f"No visit may take place {span} that lacks a form.")
    else:
        noun = by_number(len(found.visits), "visit", "visits")
        screen.say(f"{len(found.visits):,} {noun} may take place {span} and lack a form:")
        shown = found.visits.assign(
            **{
                name: found.visits[name].dt.strftime("%Y-%m-%d")
                for name in ("earliest", "target", "latest")
            }
        ).drop(columns="visit")
        hour = shown["hour"].where(shown["hour"] == "", ", " + shown["hour"])
        shown["target"] = shown["target"] + hour
        columns = ["subject_id", "site", "label", "earliest", "target", "latest", "forms"]
        screen.show_rows(_HEADS, shown[columns].astype("str").to_numpy().tolist())
    if found.undated:
        screen.say(
            f"{found.undated:,} randomised without a date that can be right: their visits have no "
            "window and are not listed."
        )
    show_files(written, screen)
    return ExitCode.FINE
