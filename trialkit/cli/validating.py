"""A validation that a person watches, for both ways of asking for one."""

from argparse import Namespace

from trialkit.cli.data_doors import door_of
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import (
    on_earlier_outputs,
    show_files,
    show_findings,
    show_not_judged,
    show_queries,
    show_set_aside,
    show_what_is_lacking,
    show_who_is_not_waited_for,
)
from trialkit.errors import TrialStep
from trialkit.files.whole_files import output_folder, placed, write_together
from trialkit.outputs.answers_set_aside import answers_set_aside
from trialkit.outputs.findings_files import findings_files
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import Validated
from trialkit.steps.validating import query_files, validate, with_identifiers


def validate_on_screen(arguments: Namespace, screen: Screen) -> Validated:
    """The data checked, the findings written and shown, the queries kept unless told otherwise."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE, door=door_of(arguments))
    with screen.working("Validating"):
        validated = validate(
            trial,
            cut=arguments.cut,
            today=run_day(arguments),
            asks=not arguments.no_queries,
            in_part=True,
        )
        target = output_folder(arguments.trial, arguments.out)
        seen = with_identifiers(validated) if arguments.show_identifiers else validated
        listing = placed(findings_files(seen), target)
        kept = query_files(validated)
        aside = placed(answers_set_aside(target, validated.queries), target)
        notes = [] if validated.left_out.each else on_earlier_outputs(validated, target)
        written = write_together({**aside, **listing, **kept})
    show_findings(seen, written, screen)
    show_not_judged(validated.left_out, screen)
    show_queries(
        validated, screen, are_kept=not arguments.no_queries and door_of(arguments).as_of is None
    )
    show_files(written, screen)
    for note in notes:
        screen.say(note)
    show_set_aside(validated, target, screen)
    show_who_is_not_waited_for(trial, screen)
    show_what_is_lacking(trial, screen)
    return validated
