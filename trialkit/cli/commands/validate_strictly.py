"""``trialkit validate TRIAL --strict``: the data, and the report that they make.

A command of its own, since a validation that is not strict loads no statistics and no report.
"""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.report_summaries import show_gaps, show_lint
from trialkit.cli.screen import Screen
from trialkit.cli.validating import validate_on_screen
from trialkit.steps.analysing import analyse
from trialkit.steps.publishing import publish


def run(arguments: Namespace) -> ExitCode:
    """Validate; where nothing hard is found, judge the report too."""
    screen = Screen()
    validated = validate_on_screen(arguments, screen)
    if validated.findings.hard:
        return ExitCode.FINDINGS
    with screen.working("Looking for missing statements"):
        published = publish(analyse(validated))
    show_gaps(published, screen)
    show_lint(published, screen)
    return ExitCode.FINE if published.is_complete else ExitCode.FINDINGS
