"""``trialkit report TRIAL``: the report, its figures, its checklist and its manifest."""

from argparse import Namespace

from trialkit.cli.data_doors import door_of
from trialkit.cli.editions import edition_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.report_summaries import ended_by
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.watching import OnScreen
from trialkit.errors import ReportError
from trialkit.pipeline import package_trial, report_trial


def run(arguments: Namespace) -> ExitCode:
    """Validate and analyse without writing, then report."""
    watcher = OnScreen(Screen(), verbose=arguments.verbose)
    if arguments.package is not None:
        return _package(arguments, watcher)
    published = report_trial(
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


def _package(arguments: Namespace, watcher: OnScreen) -> ExitCode:
    """What a journal takes, in a folder of its own."""
    if arguments.out is not None or arguments.pooled:
        wrong = "--pooled" if arguments.pooled else "--out"
        raise ReportError(
            f"{wrong} does not go with --package, which names the folder of an article of all arms; "
            "leave out one of the two"
        )
    packaged = package_trial(
        arguments.trial,
        arguments.package,
        cut=arguments.cut,
        today=run_day(arguments),
        allow_hard=arguments.allow_hard,
        only=arguments.only,
        edition=edition_of(arguments),
        watcher=watcher,
        door=door_of(arguments),
    )
    watcher.say_notices(packaged.notices)
    published = packaged.published
    watcher.sum_up(published.analysed, published)
    fails = arguments.strict and not published.is_complete
    return max(ended_by(published.analysed), ExitCode.FINDINGS if fails else ExitCode.FINE)
