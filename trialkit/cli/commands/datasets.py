"""``trialkit datasets TRIAL``: the analysis datasets as files, for a script in another program."""

from argparse import Namespace

from trialkit.cli.data_doors import door_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.errors import TrialStep
from trialkit.files.whole_files import output_folder
from trialkit.outputs.datasets_files import DATASETS, datasets_files, replace_datasets
from trialkit.steps.analysing import datasets_of
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate


def run(arguments: Namespace) -> ExitCode:
    """Derive the datasets, write them, and tell the one hash of the data behind them."""
    screen = Screen()
    out = output_folder(arguments.trial, arguments.out or arguments.trial / DATASETS)
    with screen.working("Deriving the datasets"):
        trial = open_trial(arguments.trial, step=TrialStep.ANALYSE, door=door_of(arguments))
        validated = validate(trial, cut=arguments.cut, today=run_day(arguments))
        datasets = datasets_of(validated, allow_hard=arguments.allow_hard)
        written = replace_datasets(out, datasets_files(validated, datasets))
    label = trial.protocol.trial.synthetic
    if label:
        screen.say(label)
    show_files(written, screen)
    screen.say(f"data_sha256: {validated.snapshot.data_sha256}")
    screen.say("They hold arms and participants: keep them where the data are kept.")
    return ExitCode.FINE
