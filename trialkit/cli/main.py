"""The command line: a door to the pipeline, and the one place where errors become exit codes."""

import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from importlib import import_module
from io import TextIOWrapper

from trialkit import __version__
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.memory import give_back_what_is_freed, seek_garbage_seldom
from trialkit.cli.options import build_parser
from trialkit.cli.speaking import say_the_last
from trialkit.cli.threads import start_no_idle_threads
from trialkit.cli.tone import has_colours, is_watched
from trialkit.disk.handles import refuse_too_few_handles
from trialkit.disk.refusals import REASONS, refusal, why
from trialkit.errors import DataFileError, FindingsError, TrialkitError
from trialkit.printable import harmless_on_a_terminal


def main(
    argv: Sequence[str] | None = None,
    *,
    today: date | None = None,
    moment: datetime | None = None,
) -> int:
    """Run one command; its module is imported only now, so that ``--help`` needs no pandas.

    ``argv`` is what follows the name of the command; None is the call of this process, which has then no
    other work. ``today`` is the day of the run and ``moment`` its time, which the clock tells where
    nobody states them: here alone.
    """
    if argv is None:
        _have_the_process_to_oneself()
    _write_what_the_terminal_can()
    arguments = build_parser().parse_args(argv)
    arguments.moment = moment or datetime.now().astimezone()
    arguments.today = today or arguments.moment.date()
    try:
        refuse_too_few_handles()
        _refuse_a_cut_to_come(getattr(arguments, "cut", None), arguments.today)
        command = import_module(f"trialkit.cli.commands.{arguments.command}")
        code = int(command.run(arguments))
        say_the_last()
    except BrokenPipeError:
        return ExitCode.FINE
    except KeyboardInterrupt:
        return _end(ExitCode.CANNOT, "stopped; files already written are whole")
    except FindingsError as error:
        return _end(ExitCode.FINDINGS, str(error))
    except TrialkitError as error:
        return _end(ExitCode.CANNOT, str(error))
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the door: a fault of ours must not look like theirs
        return _unforeseen(error)  # a library of Rust has faults that are no Exception
    return code


def _have_the_process_to_oneself() -> None:
    """What a command may ask of Python and its libraries that a notebook's process is not asked for."""
    seek_garbage_seldom()
    give_back_what_is_freed()
    start_no_idle_threads()


def _refuse_a_cut_to_come(cut: date | None, today: date) -> None:
    """A year typed wrong is no data cut; as one it would stand in the history of the queries."""
    if cut is not None and cut > today:
        raise DataFileError(f"argument --cut: {cut} has not come yet; today is {today}")


def _end(code: ExitCode, text: str) -> ExitCode:
    with suppress(OSError):  # where nothing can be said, the code says it
        if is_watched(sys.stderr) or has_colours(sys.stderr):
            import_module("trialkit.cli.complaining").complain(
                f"trialkit: {harmless_on_a_terminal(text)}"
            )
        else:
            sys.stderr.write(f"trialkit: {harmless_on_a_terminal(text)}\n")
    return code


def _write_what_the_terminal_can() -> None:
    """A letter that the terminal has no sign for becomes a question mark, not an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _unforeseen(error: BaseException) -> ExitCode:
    """What the system refuses is named; of all else trialkit says that it is at fault."""
    refused = refusal(error)
    if refused is not None and (refused.filename is not None or refused.errno in REASONS):
        return _end(
            ExitCode.CANNOT, f"{refused.filename or 'a file'}: cannot be used: {why(refused)}"
        )
    _confess(error)
    return ExitCode.FAULT


def _confess(error: BaseException) -> None:
    """Say that trialkit is at fault, with what its makers need to find the fault."""
    steps = traceback.extract_tb(error.__traceback__)
    last = steps[-1] if steps else None
    place = f"{last.filename}:{last.lineno} in {last.name}" if last else "an unknown place"
    sys.stderr.write(
        f"trialkit {__version__}: this is a fault of trialkit, not of your trial.\n"
        f"  {type(error).__name__}: {error}\n  at {place}\n"
        "Please report these lines, and what you ran, to the makers of trialkit.\n"
    )
