"""What the commands that randomise have in common: levels as a call gives them, and an arm on the screen."""

from argparse import Namespace

from trialkit.cli.screen import Screen
from trialkit.design.randomisation.record import Allocated
from trialkit.errors import DataFileError, DesignError


def show_arm(screen: Screen, subject: str, given: Allocated) -> None:
    """Raises :class:`DesignError` where nobody can have read the arm."""
    try:
        screen.say(f"{subject}: {given.arm}")
        screen.say(f"Line {given.entry.seq}, {given.entry.hash}")
        is_heard = screen.is_heard
    except DataFileError:
        is_heard = False
    if not is_heard:
        raise DesignError(
            f"the arm of {subject!r} is recorded (line {given.entry.seq}), but what was to be shown "
            "could not be written; see it by 'trialkit randomise unblind'"
        )


def levels_of(arguments: Namespace) -> dict[str, str]:
    """The levels that a call gives, by factor."""
    levels: dict[str, str] = {}
    for each in arguments.level:
        name, equals, level = each.partition("=")
        if not equals or name in levels:
            raise DesignError(f"--level {each!r}: write FACTOR=LEVEL, once for each factor")
        levels[name] = level
    return levels
