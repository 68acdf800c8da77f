"""Taking statements back: all that were edited are written together, or none."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.files.whole_files import read_whole, unless_moved, write_together
from trialkit.steps.returned.statements import (
    STOPS,
    ReturnedStatement,
    ReturnedStatements,
    StatementState,
)

_BOM = b"\xef\xbb\xbf"


def chosen(returned: ReturnedStatements, only: Collection[str]) -> tuple[ReturnedStatement, ...]:
    """The statements that a call names; all of them where it names none.

    Raises :class:`DataFileError` for a name that is in neither the document nor the trial.
    """
    known = {each.key for each in returned.statements}
    for key in only:
        if key not in known:
            raise DataFileError(
                f"argument --only: {key[:40]!r} is no statement of the document or the trial; they "
                f"are {', '.join(sorted(known))}"
            )
    return tuple(each for each in returned.statements if not only or each.key in only)


def write_back(statements: Iterable[ReturnedStatement], trial: Path) -> list[Path]:
    """Write each edited statement into its file, all of them or none, and tell where they are.

    Raises :class:`DataFileError`, and nothing is changed, where one of them has to be looked at
    first, or a file was changed since it was read.
    """
    asked = tuple(statements)
    stops = [each for each in asked if each.state in STOPS]
    if stops:
        raise DataFileError(
            f"nothing was written: {', '.join(f'{each.key} ({each.state.value})' for each in stops)}; "
            "settle these by hand, or name the others by --only"
        )
    files = {}
    for each in asked:
        if each.state is StatementState.EDITED:
            path = trial / each.file
            was = read_whole(path) or b""
            files[path] = unless_moved(
                path,
                _like(was, each),
                sha256=hashlib.sha256(was).hexdigest(),
                otherwise=f"{each.file}: was changed while this command ran; call it again",
            )
    return write_together(files)


def _like(was: bytes, statement: ReturnedStatement) -> bytes:
    """The new text with the line ends that the file has.

    Raises :class:`DataFileError` where the file no longer holds what was read.
    """
    text = was.removeprefix(_BOM).decode("utf-8", errors="replace")
    if text.replace("\r\n", "\n").replace("\r", "\n") != statement.before:
        raise DataFileError(f"{statement.file}: was changed while this command ran; call it again")
    ends = "\r\n" if "\r\n" in text else "\n"
    return statement.after.replace("\n", ends).encode()
