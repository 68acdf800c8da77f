"""``trialkit new DIR``: a small working trial to start from, or one with nothing in it yet."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.newtrial.writing import write_empty_trial, write_new_trial


def run(arguments: Namespace) -> ExitCode:
    """Write the trial and say what to do with it."""
    screen, folder = Screen(), arguments.folder
    if arguments.empty:
        files = write_empty_trial(folder)
        screen.say(f"{len(files)} files written to {folder}: a trial with one form and no data.")
        screen.advise("Check it:      ", f"trialkit validate {folder}")
        screen.say("Make it yours: add visits to protocol.toml and forms to forms/.")
        screen.say(f"Later steps:   trialkit plan check {folder} says what each of them needs.")
        return ExitCode.FINE
    files = write_new_trial(folder)
    screen.say(f"{len(files)} files written to {folder}, a small trial that works.")
    screen.advise("Run it:     ", f"trialkit run {folder}")
    screen.say("Make it yours: edit protocol.toml and forms/, then replace the files in data/.")
    return ExitCode.FINE
