"""The results of the plan's external analyses, read from the files that it names.

Nothing in such a file is trusted: it is text, and what is no name or number of the list below is
refused with its line. A file that is refused stops no other analysis.
"""

import hashlib
import re
from collections.abc import Iterator
from math import inf, isinf
from pathlib import Path

from trialkit.disk.reading import bytes_within
from trialkit.disk.refusals import why
from trialkit.errors import AnalysisError, DataFileError
from trialkit.files.csv_reading import RawTable, read_table
from trialkit.limits import LARGEST_EXTERNAL, LONGEST_EXTERNAL_NOTE
from trialkit.printable import is_printable, printable
from trialkit.protocol.methods.made_outside import MadeOutside
from trialkit.protocol.methods.plan import Plan
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.results.external import ExternalRow, ExternalTable, ExternalTables
from trialkit.results.vocabulary import Stat

REQUIRED = ("arm", "reference", "stat_name", "stat")
OPTIONAL = ("outcome", "note", "data_sha256")
STATISTICS = (
    Stat.N, Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE,
    Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL,
)  # fmt: skip
"""What such a file may state: ``n`` of each arm, the others of each comparison."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_INFINITE = {"Inf": inf, "inf": inf, "-Inf": -inf, "-inf": -inf}
_NONE = frozenset({"", "NA", "NaN", "."})
"""How R, Python and SAS write that there is no number."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_external(folder: Path, plan: Plan, *, data_sha256: str) -> ExternalTables:
    """What the trial's folder holds of each external analysis of the plan, by its id.

    ``data_sha256`` is that of the data of this run: results that say they were made from others are
    refused.
    """
    return {
        each.id: _of_these_data(_table(folder, outside), data_sha256)
        for each in plan.analyses
        if (outside := each.specification.made_outside) is not None
    }


def _table(folder: Path, asked: MadeOutside) -> ExternalTable:
    script, why_not = _script(folder, asked)
    made = ExternalTable(file=asked.file, script=asked.script, script_sha256=script)
    if why_not:
        return _refused(made, why_not)
    try:
        return _read(folder, made)
    except (AnalysisError, DataFileError) as error:
        return _refused(made, str(error))


def _of_these_data(made: ExternalTable, data_sha256: str) -> ExternalTable:
    if made.data_sha256 in {"", data_sha256}:
        return made
    return _refused(made, f"{made.file} was made from other data than those of this run")


def _refused(made: ExternalTable, reason: str) -> ExternalTable:
    return ExternalTable(
        file=made.file, script=made.script, script_sha256=made.script_sha256, refused=reason
    )


def _read(folder: Path, made: ExternalTable) -> ExternalTable:
    path = folder / made.file
    if not path.exists():
        raise AnalysisError(f"{made.file} is not there yet")
    _content(folder, made.file)
    raw = read_table(
        path,
        file=made.file,
        columns=(*REQUIRED, *OPTIONAL),
        optional=OPTIONAL,
        data=DataFormat(),
    )
    return ExternalTable(
        file=made.file,
        sha256=raw.sha256,
        script=made.script,
        script_sha256=made.script_sha256,
        data_sha256=_data(raw),
        rows=tuple(_rows(raw)),
    )


def _script(folder: Path, asked: MadeOutside) -> tuple[str, str]:
    """The digest of the script as it is, and why no results of it are taken, if so."""
    if not asked.script:
        return "", ""
    try:
        found = hashlib.sha256(_content(folder, asked.script)).hexdigest()
    except AnalysisError as error:
        return "", error.reason
    if asked.script_sha256 and found != asked.script_sha256:
        return found, f"{asked.script} is not the script of the plan: its SHA-256 is another one"
    return found, ""


def _content(folder: Path, named: str) -> bytes:
    """The bytes of a file of the trial; one outside its folder is none of it."""
    path = folder / named
    if not path.resolve().is_relative_to(folder.resolve()):
        raise AnalysisError(f"{named} leads out of the trial's folder")
    try:
        return bytes_within(path, LARGEST_EXTERNAL)
    except FileNotFoundError:
        raise AnalysisError(f"{named} is not there") from None
    except OSError as error:
        raise AnalysisError(f"{named} cannot be read: {why(error)}") from None


def _data(raw: RawTable) -> str:
    """The one digest of the data that the file names; blank where it names none."""
    named = {text.strip().lower() for text in raw.cells["data_sha256"].to_list()} - {""}
    if len(named) > 1:
        raise AnalysisError(f"{raw.file} names several data in data_sha256, and is of one")
    found = next(iter(named), "")
    if found and not _SHA256.fullmatch(found):
        raise AnalysisError(f"{raw.file}: data_sha256 is not the 64 digits of a SHA-256")
    return found


def _rows(raw: RawTable) -> Iterator[ExternalRow]:
    seen: set[tuple[str, str, str, str]] = set()
    for cells, line in zip(raw.cells.iter_rows(named=True), raw.lines.tolist(), strict=True):
        row = _row({name: text.strip() for name, text in cells.items()}, line, raw.file)
        key = (row.outcome, row.arm, row.reference, row.stat_name.value)
        if key in seen:
            raise AnalysisError(f"{raw.file}, line {line}: states {row.stat_name.value} again")
        seen.add(key)
        yield row


def _row(cells: dict[str, str], line: int, file: str) -> ExternalRow:
    where = f"{file}, line {line}"
    name = cells["stat_name"]
    known = [each.value for each in STATISTICS]
    if name not in known:
        raise AnalysisError(
            f"{where}: stat_name is {_shown(name)}{suggestion(name, known)}; known are "
            f"{', '.join(known)}"
        )
    note = cells["note"]
    if len(note) > LONGEST_EXTERNAL_NOTE or not is_printable(note):
        raise AnalysisError(
            f"{where}: the note is longer than {LONGEST_EXTERNAL_NOTE} characters, or not plain text"
        )
    number = _number(cells["stat"], where)
    if number is None and not note:
        raise AnalysisError(f"{where}: has neither a number nor a note that says why")
    return ExternalRow(
        line=line,
        outcome=cells["outcome"],
        arm=cells["arm"],
        reference=cells["reference"],
        stat_name=Stat(name),
        stat=number,
        note=note,
    )


def _number(text: str, where: str) -> float | None:
    if text in _NONE:
        return None
    if text in _INFINITE:
        return _INFINITE[text]
    if not _NUMBER.fullmatch(text):
        raise AnalysisError(f"{where}: stat is {_shown(text)}, which is no number such as 0.71")
    number = float(text)
    if isinf(number):
        raise AnalysisError(f"{where}: stat is {_shown(text)}, which is larger than any number")
    return number


def _shown(text: str) -> str:
    clean = printable(text)
    return repr(clean if len(clean) <= 40 else f"{clean[:37]}...")
