"""``trialkit validate TRIAL``: what is wrong with the data, on the screen and as a listing."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_findings, show_gaps, show_lint
from trialkit.pipeline import analyse, open_trial, publish, validate, write_findings
from trialkit.store.files import output_folder


def run(arguments: Namespace) -> ExitCode:
    """Check the data and write the findings; with ``--strict`` judge the report that they make."""
    screen = Screen()
    with screen.working("Validating"):
        validated = validate(open_trial(arguments.trial), cut=arguments.cut)
        listing = write_findings(validated, output_folder(arguments.trial, arguments.out))
    show_findings(validated, listing, screen)
    if validated.findings.hard:
        return ExitCode.FINDINGS
    if not arguments.strict:
        return ExitCode.FINE
    with screen.working("Looking for missing statements"):
        published = publish(analyse(validated))
    show_gaps(published, screen)
    show_lint(published, screen)
    return ExitCode.FINE if published.is_complete else ExitCode.FINDINGS
