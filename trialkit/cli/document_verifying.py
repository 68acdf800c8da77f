"""``trialkit verify DOCUMENT.docx``: which numbers of a Word document are no longer true."""

from argparse import Namespace
from collections.abc import Iterator

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.errors import DataFileError
from trialkit.grammar import by_number
from trialkit.report.writers.word_marks import alike
from trialkit.verifying.document.judging import JudgedNumber, NumberState
from trialkit.verifying.document.verify import DocumentVerification, verify_document
from trialkit.verifying.recorded import shown
from trialkit.verifying.verify import find_trial

MOST_SHOWN = 200
NO_RECORD = (
    "The record of the document is not in the file, as when tables are pasted into another: its "
    "marks were compared with the report as the trial's folder gives it now, and whether numbers "
    "were taken out is not told."
)
NOT_CHECKED = (
    "Not checked: words, whether a number stands beside the right words, and what has no mark: "
)


def verify_word(arguments: Namespace) -> ExitCode:
    """Analyse the trial again, and say of each number of the document what is not true of it."""
    if arguments.anchor is not None or arguments.reference is not None:
        raise DataFileError(
            "--anchor and --reference belong to the folder of a run, and a Word document was named"
        )
    screen = Screen()
    trial = arguments.trial or find_trial(arguments.output)
    with screen.working("Verifying"):
        found = verify_document(
            arguments.output, trial, cut=arguments.cut, today=run_day(arguments)
        )
    show(found, screen)
    return ExitCode.FINE if found.holds else ExitCode.FINDINGS


def show(found: DocumentVerification, screen: Screen) -> None:
    """What is not true, what was compared, and what was not."""
    at = "without a data cut" if found.cut is None else f"at the data cut {found.cut}"
    if found.origin is None:
        screen.say(NO_RECORD, Tone.WARNING)
    elif found.origin.data_cut != found.cut:
        screen.say(f"The document was made at the data cut {found.origin.data_cut}.", Tone.WARNING)
    true = len(found.of(NumberState.TRUE))
    compared = (
        f"{true:,} of {len(found.numbers):,} marked numbers are as the results give them {at}"
    )
    screen.say(f"{compared}.", Tone.GOOD if found.holds else Tone.ERROR)
    for state in NumberState:
        if state is not NumberState.TRUE:
            _show_each(state, found.of(state), screen)
    screen.say(f"{NOT_CHECKED}{', '.join(_not_checked(found))}.")
    if found.comments:
        noun = by_number(found.comments, "comment was", "comments were")
        screen.say(f"{found.comments:,} {noun} not read.")


def _show_each(state: NumberState, numbers: tuple[JudgedNumber, ...], screen: Screen) -> None:
    for each in numbers[:MOST_SHOWN]:
        screen.say(f"  {state.value}: {shown(alike(each.where))}: {_said(each)}")
    if len(numbers) > MOST_SHOWN:
        screen.say(f"  ... and {len(numbers) - MOST_SHOWN:,} more {state.value}")


def _said(number: JudgedNumber) -> str:
    text = shown(alike(number.text))
    gives = " or ".join(repr(shown(alike(each))) for each in number.now) or "nothing any more"
    rows = shown(" ".join(number.results))
    match number.state:
        case NumberState.UNKNOWN:
            return f"the document prints {text!r}, and the report prints nothing of {rows or 'these rows'}"
        case NumberState.LOST:
            return (
                f"{text!r} was printed; it was deleted, or typed over so that nothing tells what "
                f"stands in its place; the results give {gives} ({rows})"
            )
        case _:
            return f"the document prints {text!r}, the results give {gives} ({rows})"


def _not_checked(found: DocumentVerification) -> Iterator[str]:
    pictures = f"{found.pictures:,} {by_number(found.pictures, 'picture', 'pictures')}"
    passages = sum(found.unmarked.values())
    yield f"{pictures}"
    noun = by_number(passages, "paragraph or row of a table", "paragraphs and rows of tables")
    most = sorted(found.unmarked.items(), key=lambda each: -each[1])[:5]
    under = "; ".join(f"{count:,} under {shown(name)!r}" for name, count in most)
    more = "; \N{HORIZONTAL ELLIPSIS}" if len(found.unmarked) > len(most) else ""
    yield (
        f"{passages:,} {noun} with other digits (dates, heads, the authors' words, references"
        f"{f': {under}{more}' if under else ''})"
    )
