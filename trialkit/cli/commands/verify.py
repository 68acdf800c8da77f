"""``trialkit verify OUTPUT``: whether a report still says what the trial's folder says."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.verifying.verify import Verification, verify

MOST_SHOWN = 30


def run(arguments: Namespace) -> ExitCode:
    """Analyse the trial again, compare, and say what differs."""
    screen = Screen()
    with screen.working("Verifying"):
        found = verify(arguments.output, trial=arguments.trial)
    show(found, screen)
    return ExitCode.FINE if found.holds else ExitCode.FINDINGS


def show(found: Verification, screen: Screen) -> None:
    """What was compared, and what differs."""
    for each in found.notices:
        screen.say(f"Note, {each.kind.value}: {each.file}: {each.text}")
    compared = (
        f"{found.inputs} inputs, {found.files} files, {found.results} results and "
        f"{found.numbers} printed numbers were compared"
    )
    if found.holds:
        screen.say(f"The report says what the trial's folder says: {compared}.")
        return
    noun = "difference" if len(found.differences) == 1 else "differences"
    screen.say(f"{len(found.differences)} {noun}; {compared}.")
    for each in found.differences[:MOST_SHOWN]:
        screen.say(f"  {each.kind.value}: {each.file}: {each.text}")
    if len(found.differences) > MOST_SHOWN:
        screen.say(f"  ... and {len(found.differences) - MOST_SHOWN} more")
