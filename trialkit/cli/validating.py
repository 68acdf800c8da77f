"""A validation that a person watches, for both ways of asking for one."""

from argparse import Namespace

from trialkit.cli.screen import Screen
from trialkit.cli.summaries import (
    show_earlier_outputs,
    show_files,
    show_findings,
    show_queries,
)
from trialkit.files.whole_files import output_folder
from trialkit.outputs.findings_files import write_findings
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import Validated
from trialkit.steps.validating import keep_queries, validate


def validate_on_screen(arguments: Namespace, screen: Screen) -> Validated:
    """The data checked, the findings written and shown, the queries kept unless told otherwise."""
    with screen.working("Validating"):
        validated = validate(open_trial(arguments.trial), cut=arguments.cut)
        target = output_folder(arguments.trial, arguments.out)
        written = write_findings(validated, target)
        kept = () if arguments.no_queries else keep_queries(validated)
    show_findings(validated, written, screen)
    show_queries(validated, screen, are_kept=not arguments.no_queries)
    show_files([*written, *kept], screen)
    show_earlier_outputs(validated, target, screen)
    return validated
