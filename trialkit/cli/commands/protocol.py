"""``trialkit protocol TRIAL``: the trial's description and analysis plan, before any data."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.outputs.plan_files import write_plan
from trialkit.report.writers.paper import completeness


def run(arguments: Namespace) -> ExitCode:
    """Write the plan, and say how much of SPIRIT 2025 it answers."""
    screen = Screen()
    with screen.working("Writing the plan"):
        content, written = write_plan(
            arguments.trial,
            out=arguments.out,
            formats=arguments.formats,
            draft=arguments.draft,
        )
    screen.say(content.title)
    screen.say(completeness(content.checklist))
    show_files(written, screen)
    return ExitCode.FINE
