"""``trialkit validate TRIAL``: what is wrong with the data, on the screen and as a listing."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import (
    show_earlier_outputs,
    show_files,
    show_findings,
    show_gaps,
    show_lint,
    show_queries,
)
from trialkit.files.whole_files import output_folder
from trialkit.outputs.findings_files import write_findings
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.validating import keep_queries, validate


def run(arguments: Namespace) -> ExitCode:
    """Check the data, write the findings, and keep what they mean for the queries.

    With ``--strict`` the report that the data make is judged too.
    """
    screen = Screen()
    with screen.working("Validating"):
        validated = validate(open_trial(arguments.trial), cut=arguments.cut)
        target = output_folder(arguments.trial, arguments.out)
        written = write_findings(validated, target)
        kept = () if arguments.no_queries else keep_queries(validated)
    show_findings(validated, written, screen)
    show_queries(validated, screen, are_kept=not arguments.no_queries)
    show_files([*written, *kept], screen)
    show_earlier_outputs(validated, target, screen)
    if validated.findings.hard:
        return ExitCode.FINDINGS
    if not arguments.strict:
        return ExitCode.FINE
    with screen.working("Looking for missing statements"):
        published = publish(analyse(validated))
    show_gaps(published, screen)
    show_lint(published, screen)
    return ExitCode.FINE if published.is_complete else ExitCode.FINDINGS
