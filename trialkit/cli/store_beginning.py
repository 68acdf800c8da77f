"""``trialkit store init``: the store of a trial is begun."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import address, occasion
from trialkit.errors import TrialStep
from trialkit.evidence.log.actions import Door
from trialkit.evidence.writing.founding import found
from trialkit.steps.defining import definition_files
from trialkit.steps.opening import open_trial


def begin_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Begin it, with the definitions by which data will be entered."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    head = found(
        address(arguments),
        trial=trial.protocol.trial.id,
        definitions=definition_files(trial),
        occasion=occasion(arguments, Door.STORE),
        application=arguments.application,
        is_open=arguments.open,
    )
    place = address(arguments)
    where = place.said or place.path
    screen.say(f"The store is begun: {where}", whole=[where])
    screen.say(f"Its log ends with event {head.seq}, whose hash is {head.hash}", whole=[head.hash])
    return ExitCode.FINE
