"""``trialkit analyse TRIAL``: the plan is carried out, and its results written."""

from argparse import Namespace

from trialkit.cli.data_doors import door_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.report_summaries import ended_by
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.watching import OnScreen
from trialkit.halfway import analyse_trial


def run(arguments: Namespace) -> ExitCode:
    """Validate, analyse and write the results."""
    watcher = OnScreen(Screen(), verbose=arguments.verbose)
    analysed = analyse_trial(
        arguments.trial,
        cut=arguments.cut,
        today=run_day(arguments),
        allow_hard=arguments.allow_hard,
        only=arguments.only,
        pooled=arguments.pooled,
        out=arguments.out,
        watcher=watcher,
        door=door_of(arguments),
    )
    watcher.sum_up(analysed)
    return ended_by(analysed)
