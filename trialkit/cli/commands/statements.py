"""``trialkit statements``: the authors' words come back from Word."""

from argparse import Namespace
from difflib import unified_diff

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.cli.tone import Tone
from trialkit.grammar import by_number
from trialkit.steps.returned.statements import (
    STOPS,
    ReturnedStatement,
    StatementState,
    returned_statements,
)
from trialkit.steps.returned.writing import chosen, write_back

_ADDED, _REMOVED = Tone.GOOD, Tone.ERROR


def run(arguments: Namespace) -> ExitCode:
    """Show what was edited, and write it where that is asked for."""
    screen = Screen()
    with screen.working("Reading the document"):
        returned = returned_statements(arguments.document, arguments.trial)
    asked = chosen(returned, arguments.only)
    for each in asked:
        _show(each, arguments.document.name, screen)
    if returned.comments:
        noun = by_number(returned.comments, "comment was", "comments were")
        screen.say(f"{returned.comments:,} {noun} not read.")
    edited = [each for each in asked if each.state is StatementState.EDITED]
    stops = [each for each in asked if each.state in STOPS]
    same = sum(each.state is StatementState.SAME for each in asked)
    screen.say(
        f"{len(edited):,} edited, {same:,} as in the trial, {len(stops):,} to be settled by hand."
    )
    if arguments.write:
        show_files(write_back(asked, arguments.trial), screen)
        return ExitCode.FINE
    if edited:
        screen.say("Nothing was written; --write takes what was edited into the trial.")
    return ExitCode.FINDINGS if edited or stops else ExitCode.FINE


def _show(statement: ReturnedStatement, document: str, screen: Screen) -> None:
    """What became of a statement, and its difference where there is one."""
    state = statement.state
    if state is StatementState.SAME and not statement.lost:
        return
    name = statement.file or f"{statement.key!r} of the document"
    screen.say(f"{name}: {state.value}", Tone.ERROR if state in STOPS else Tone.PLAIN)
    for why in statement.why:
        screen.say(f"  {why}", Tone.ERROR)
    if state in {StatementState.EDITED, StatementState.CONFLICT}:
        _show_difference(statement, document, screen)
    if state is StatementState.EMPTY:
        screen.say("  Its words were deleted; nothing is taken. Remove the file to leave it out.")
    if statement.changes:
        noun = by_number(statement.changes, "tracked change was", "tracked changes were")
        screen.say(f"  {statement.changes:,} {noun} read as if accepted.")
    if statement.lost:
        screen.say(
            f"  Not kept, since Markdown has none: {', '.join(statement.lost)}.", Tone.WARNING
        )


def _show_difference(statement: ReturnedStatement, document: str, screen: Screen) -> None:
    lines = unified_diff(
        statement.before.splitlines(),
        statement.after.splitlines(),
        f"{statement.file} in the trial",
        f"{statement.key} in {document}",
        lineterm="",
    )
    for line in lines:
        tone = {"+": _ADDED, "-": _REMOVED}.get(line[:1], Tone.PLAIN)
        screen.say_as_it_is(f"  {line}", tone)
