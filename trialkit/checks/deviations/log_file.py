"""The log of deviations as a file, ``deviations.csv`` in the trial's folder, which people complete.

It may come back from a spreadsheet: separated by semicolons, in another encoding, with further
columns and rows. What people wrote is kept cell by cell.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from trialkit.checks.deviations.log import LOG_COLUMNS, DeviationLog, LogRow
from trialkit.disk.content import Content
from trialkit.errors import DataFileError
from trialkit.files.csv_reading import listed
from trialkit.files.loose_tables import csv_sheet
from trialkit.files.spreadsheets import as_entered, csv_bytes, harmless
from trialkit.files.whole_files import read_whole, unless_moved

LOG = "deviations.csv"
_MOVED = f"{LOG}: has changed while this command ran, so nothing was written; run the command again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLog:
    """The log as it stood, and the file that it was read from."""

    path: Path
    content: bytes | None
    log: DeviationLog

    def files(self, log: DeviationLog) -> dict[Path, Content]:
        """The file with another log, unless nothing changes: to be written while nobody else did."""
        changed = log_bytes(log)
        if changed == self.content:
            return {}
        before = "" if self.content is None else sha256(self.content).hexdigest()
        return {self.path: unless_moved(self.path, changed, sha256=before, otherwise=_MOVED)}


def read_log(trial: Path) -> ReadLog:
    """The log of a trial, empty where there is none.

    Raises :class:`DataFileError` for a file that cannot be the log.
    """
    path = trial / LOG
    if not path.resolve().is_relative_to(trial.resolve()):
        raise DataFileError(
            f"{path}: leads out of the trial's folder; remove the link, and keep the log beside "
            "the data"
        )
    content = read_whole(path)
    log = DeviationLog() if content is None else log_in(content)
    return ReadLog(path=path, content=content, log=log)


def log_in(content: bytes) -> DeviationLog:
    """The log in the content of its file."""
    sheet = csv_sheet(content, file=LOG)
    lines = [
        (number, tuple(_cell(cell.text) for cell in row.values()))
        for number, row in sheet.rows.items()
    ]
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise DataFileError(f"{LOG}: is empty; bring it back from a backup, or remove it")
    (_, heads), *rows = filled
    heads = tuple(head.strip() for head in heads)
    _refuse_other_columns(heads)
    return DeviationLog(
        heads=heads,
        rows=tuple(LogRow(heads=heads, cells=cells, number=number) for number, cells in rows),
    )


def log_bytes(log: DeviationLog) -> bytes:
    """The file of a log; a spreadsheet runs nothing in it."""
    return csv_bytes([harmless(head) for head in log.heads], [row.cells for row in log.rows])


def _cell(text: str) -> str:
    return as_entered(text.replace("\r\n", "\n").replace("\r", "\n"))


def _refuse_other_columns(heads: Sequence[str]) -> None:
    missing = [name for name in LOG_COLUMNS if name not in heads]
    twice = [name for name, n in Counter(heads).items() if n > 1 and name in LOG_COLUMNS]
    if missing or twice:
        which = f"column {listed(missing)} is missing" if missing else ""
        again = f"column {listed(twice)} is there more than once" if twice else ""
        raise DataFileError(
            f"{LOG}: {'; '.join(filter(None, (which, again)))}. Its first line should name "
            f"{','.join(LOG_COLUMNS)}; further columns may follow. Put it back, or bring the file "
            "back from a backup"
        )
