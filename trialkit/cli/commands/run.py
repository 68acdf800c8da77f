"""``trialkit run TRIAL``: from the protocol to the published report in one go."""

from argparse import Namespace

from trialkit.cli.data_doors import door_of
from trialkit.cli.editions import edition_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.report_summaries import ended_by
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.watching import OnScreen
from trialkit.pipeline import run_trial


def run(arguments: Namespace) -> ExitCode:
    """Validate, analyse and report."""
    watcher = OnScreen(Screen(), verbose=arguments.verbose)
    published = run_trial(
        arguments.trial,
        cut=arguments.cut,
        today=run_day(arguments),
        allow_hard=arguments.allow_hard,
        only=arguments.only,
        pooled=arguments.pooled,
        out=arguments.out,
        edition=edition_of(arguments),
        watcher=watcher,
        door=door_of(arguments),
    )
    watcher.sum_up(published.analysed, published)
    fails = arguments.strict and not published.is_complete
    return max(ended_by(published.analysed), ExitCode.FINDINGS if fails else ExitCode.FINE)
