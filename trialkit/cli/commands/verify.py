"""``trialkit verify OUTPUT``: whether a report, or a Word document, still says what the folder says."""

from argparse import Namespace
from collections.abc import Sequence

from trialkit.cli.document_verifying import verify_word
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.errors import DataFileError
from trialkit.grammar import by_number
from trialkit.verifying.differences import Difference
from trialkit.verifying.verify import Verification, verify

MOST_SHOWN = 30
NO_ANCHOR = (
    "No anchor was given: whether everything was made again from changed inputs is not told "
    "(--anchor HASH)."
)
OTHER_SOFTWARE = (
    "The report was made with other software (the notes name it): what differs may come from that. "
    "To tell, verify with the software of the report."
)


def run(arguments: Namespace) -> ExitCode:
    """Analyse the trial again, compare, and say what differs."""
    if arguments.output.is_file() or arguments.output.suffix.lower() == ".docx":
        return verify_word(arguments)
    if arguments.cut is not None:
        raise DataFileError("--cut belongs to a Word document; a run is verified at its own cut")
    screen = Screen()
    with screen.working("Verifying"):
        found = verify(
            arguments.output,
            trial=arguments.trial,
            anchor=arguments.anchor,
            reference=arguments.reference,
            store=arguments.store,
        )
    show(found, screen, has_anchor=arguments.anchor is not None)
    return ExitCode.FINE if found.holds else ExitCode.FINDINGS


def show(found: Verification, screen: Screen, *, has_anchor: bool) -> None:
    """What was compared, what differs, and what the anchor vouches for."""
    _show_each(found.notices, screen, before="Note, ")
    compared = (
        f"{found.inputs} inputs, {found.files} files, {found.results} results and "
        f"{found.numbers} printed numbers were compared"
    )
    if found.holds:
        screen.say(f"The report says what the trial's folder says: {compared}.", Tone.GOOD)
    else:
        noun = by_number(len(found.differences), "difference", "differences")
        screen.say(f"{len(found.differences)} {noun}; {compared}.", Tone.ERROR)
        _show_each(found.differences, screen, before="  ")
        if not found.same_software:
            screen.say(OTHER_SOFTWARE)
    if found.anchored is not None:
        screen.say(f"The anchor is that of this manifest: {found.anchored.value}.")
    elif not has_anchor:
        screen.say(NO_ANCHOR, Tone.WARNING)


def _show_each(differences: Sequence[Difference], screen: Screen, *, before: str) -> None:
    for each in differences[:MOST_SHOWN]:
        screen.say(f"{before}{each.kind.value}: {each.file}: {each.text}")
    if len(differences) > MOST_SHOWN:
        screen.say(f"{before}... and {len(differences) - MOST_SHOWN} more")
