"""The files of a run against those that the trial's folder gives when it is analysed again."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from trialkit.checks.listings.marking import MARKS
from trialkit.disk.content import Content, whole
from trialkit.outputs.names import FINDINGS, MANIFEST, RESULTS
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.manifest import Manifest, as_json
from trialkit.report.writers.editions import FILES
from trialkit.results.results import COLUMNS
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.page import different_numbers
from trialkit.verifying.recorded import Recorded, read_inside, shown
from trialkit.verifying.rows import DRAWN_COLUMNS, different_rows
from trialkit.verifying.same_text import is_same_content, is_same_text

PAGE = FILES[ReportFormat.HTML]
WORD = FILES[ReportFormat.WORD]
_TABLES = {RESULTS[0]: COLUMNS, RESULTS[2]: DRAWN_COLUMNS}
"""The files that are compared row by row."""


def different_results(out: Path, files: Mapping[str, bytes]) -> Iterator[Difference]:
    """Every cell of the results that is not what the analysis gives."""
    for name, columns in _TABLES.items():
        content = read_inside(out, name)
        if content is not None:
            for text in different_rows(content, files[name], columns):
                yield Difference(kind=DifferenceKind.RESULT, file=name, text=text)


def different_printed(out: Path, files: Mapping[str, bytes]) -> Iterator[Difference]:
    """Every number of the page that is not what the results give."""
    content = read_inside(out, PAGE)
    if content is None:
        return
    page, true = content.decode("utf-8", errors="replace"), files[PAGE].decode()
    for results, here, there in different_numbers(page, true):
        text = _otherwise(shown(results), shown(here), shown(there))
        yield Difference(kind=DifferenceKind.NUMBER, file=PAGE, text=text)


def different_words(out: Path, files: Mapping[str, bytes]) -> Iterator[Difference]:
    """The first of all other characters of the page that is not what the folder gives."""
    content = read_inside(out, PAGE)
    if content is not None and not is_same_content(content, files[PAGE]):
        text = _first_line(content.decode("utf-8", errors="replace"), files[PAGE].decode())
        yield Difference(kind=DifferenceKind.WORDS, file=PAGE, text=text)


def different_others(
    out: Path, files: Mapping[str, bytes], recorded: Recorded
) -> Iterator[Difference]:
    """Every other listed file that is not what the folder gives, whatever its hash says."""
    for name, true in files.items():
        if name in {PAGE, *_TABLES} or name not in recorded.outputs:
            continue
        content = read_inside(out, name)
        if content is not None and not is_same_content(content, true):
            yield _file(name, "is not what the trial's folder gives")


def different_manifest(
    files: Mapping[str, bytes], recorded: Recorded, manifest: Manifest
) -> Iterator[Difference]:
    """What the manifest says that is neither a hash of an input nor one of a file."""
    made = replace(manifest, reference_sha256=recorded.reference).to_table()
    table = json.loads(recorded.content)
    # tuples are lists in JSON
    right = json.loads(as_json(made)) | {"documents": table["documents"]}
    wrong = [name for name in (*right, *table) if table.get(name) != right.get(name)]
    if wrong:
        yield _file(MANIFEST, f"{shown(wrong[0])} is not what the trial's folder gives")
    listed = recorded.outputs.keys()
    for name in sorted(files.keys() - listed - {PAGE}):
        yield _file(MANIFEST, f"does not list {name}, which the run makes")
    # a Word file with looks of its own is not made again
    for name in sorted(listed - files.keys() - ({WORD} if recorded.reference else set())):
        yield _file(MANIFEST, f"lists {shown(name)}, which the run does not make")
    if not wrong and recorded.content.decode() != as_json(right):
        yield _file(MANIFEST, "is not written as trialkit writes it")


def different_listing(out: Path, listing: Mapping[str, Content]) -> Iterator[Difference]:
    """The listing of findings, which no manifest lists, since it changes with the queries."""
    files = {name: whole(content) for name, content in listing.items()}
    found = {name: content for name in files if (content := read_inside(out, name)) is not None}
    table = FINDINGS[0]
    moved_on = (
        table in found
        and found[table] != files[table]
        and _without_marks(found[table]) == _without_marks(files[table])
    )
    what = "has other marks of queries than" if moved_on else "is not the listing that"
    text = f"{what} the trial's folder gives now; 'trialkit validate' writes it anew"
    yield from (_file(name, text) for name in found if found[name] != files[name])


def listed_on(out: Path) -> date | None:
    """The day of the run that a listing is of, by the ages of its queries; None where it has none.

    Where the protocol states the cut nothing else of an output tells the day of its run.
    """
    content = read_inside(out, FINDINGS[0]) or b""
    try:
        rows = list(csv.DictReader(StringIO(content.decode("utf-8"), newline="")))
        days = [
            date.fromisoformat(row["asked_on"]) + timedelta(days=int(row["age_days"]))
            for row in rows
            if row.get("asked_on") and row.get("age_days")
        ]
    except (ValueError, OverflowError, csv.Error):
        return None
    return max(days, default=None)


def _without_marks(table: bytes) -> list[list[str]] | None:
    """The rows of a listing without what became of the queries; None for what is no listing."""
    try:
        rows = list(csv.reader(StringIO(table.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None
    kept = [place for place, name in enumerate(rows[0] if rows else ()) if name not in MARKS]
    return [[row[place] for place in kept if place < len(row)] for row in rows]


def _otherwise(rows: str, here: str, there: str) -> str:
    if not here:
        return f"{rows}: the results give {there!r}, which the page does not print"
    if not there:
        return f"{rows}: the page prints {here!r}, which no results give"
    return f"{rows}: the page prints {here!r}, the results give {there!r}"


def _first_line(page: str, true: str) -> str:
    own, right = page.splitlines(), true.splitlines()
    for number, (here, there) in enumerate(zip(own, right, strict=False), start=1):
        if not is_same_text(here, there):
            start = next(
                (at for at, (a, b) in enumerate(zip(here, there, strict=False)) if a != b),
                min(len(here), len(there)),
            )
            since = max(start - 20, 0)
            return (
                f"line {number} has {shown(here[since : since + 60])!r}, the trial's folder gives "
                f"{shown(there[since : since + 60])!r}"
            )
    return f"has {len(own)} lines, the trial's folder gives {len(right)}"


def _file(name: str, text: str) -> Difference:
    return Difference(kind=DifferenceKind.FILE, file=name, text=text)
