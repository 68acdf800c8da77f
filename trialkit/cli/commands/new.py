"""``trialkit new DIR``: a small working trial to start from."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.newtrial.writing import write_new_trial


def run(arguments: Namespace) -> ExitCode:
    """Write the trial and say what to do with it."""
    files = write_new_trial(arguments.folder)
    screen = Screen()
    screen.say(f"{len(files)} files written to {arguments.folder}, a small trial that works.")
    screen.say(f"Run it:     trialkit run {arguments.folder}")
    screen.say("Make it yours: edit protocol.toml and forms/, then replace the files in data/.")
    return ExitCode.FINE
