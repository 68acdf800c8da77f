"""The tables of an export of submissions: ODK's ZIP of CSV files, one CSV file, or KoboToolbox's workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from trialkit.disk.reading import bytes_within
from trialkit.disk.refusals import why
from trialkit.errors import DataFileError
from trialkit.files.loose_tables import csv_sheet, read_loose_tables
from trialkit.files.office_archive import ZIP, Archive
from trialkit.files.workbook_reading import Sheet
from trialkit.imports.taking_in.source_tables import SourceTable, sheet_table
from trialkit.limits import LARGEST_WORKBOOK
from trialkit.protocol.trial.data_format import DataFormat

PARENTS = ("PARENT_KEY", "_parent_index", "_submission__id")
"""Columns of a repeat's rows that name the submission, or the row, that they belong to."""
KEYS = ("KEY", "_index", "_id")
"""Columns that name a row for those that belong to it."""
_TEXT = DataFormat()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Submissions:
    """What an export holds."""

    file: str
    tables: tuple[SourceTable, ...]
    others: tuple[str, ...] = ()
    """Parts of a ZIP that are no tables, such as pictures, which stay in it."""


def read_submissions(path: Path) -> Submissions:
    """The tables of an export; nothing is unpacked to the disk.

    Raises :class:`DataFileError` for a file that is none, or too large.
    """
    others: list[str] = []
    sheets = list(_of_zip(path, others)) if path.suffix.lower() == ".zip" else _of_file(path)
    tables = [
        SourceTable(
            place=f"{path.name}, {name}" if name else path.name,
            sheet=name,
            cells=table.cells,
            places=tuple(f"{name or path.name}, row {n}" for n in range(2, table.cells.height + 2)),
            troubles=table.troubles,
            formulas=table.formulas,
            merged=table.merged,
        )
        for name, table in ((sheet.name, _table(sheet, path.name)) for sheet in sheets)
        if table is not None and table.cells.height
    ]
    if not tables:
        raise DataFileError(f"{path.name}: holds no submission; export them as CSV or as a ZIP")
    return Submissions(file=path.name, tables=tuple(tables), others=tuple(others))


def _of_file(path: Path) -> list[Sheet]:
    return list(read_loose_tables(path))


def _of_zip(path: Path, others: list[str]) -> Iterator[Sheet]:
    try:
        bytes_within(path, LARGEST_WORKBOOK)
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read: {why(error)}") from None
    archive = Archive(path, file=path.name, kind=ZIP)
    for name in archive.names:
        part = PurePosixPath(name)
        if name.endswith("/"):
            continue
        if part.suffix.lower() != ".csv" or part.parent.name == "media":
            others.append(part.name)
            continue
        yield csv_sheet(archive.content(name), file=f"{path.name}, {part.name}", name=part.stem)


def _table(sheet: Sheet, file: str) -> SourceTable | None:
    """The rows of a sheet below its first, which names the columns."""
    head = next(iter(sheet.rows.values()), {})
    first = next((cell.text for cell in head.values() if cell.text.strip()), "")
    name = " ".join(first.split())
    return sheet_table(sheet, file=file, subject=name, data=_TEXT) if name else None


def joined(tables: list[pl.Series]) -> pl.Series:
    """Several columns as one, what is blank left out, with spaces between."""
    frame = pl.DataFrame([each.alias(str(n)) for n, each in enumerate(tables)])
    blank = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in frame.columns]
    return frame.select(pl.concat_str(blank, separator=" ", ignore_nulls=True)).to_series()
