"""A file of a statistical program: its variables with their labels, and its cells as text.

pyreadstat, an extra, reads SAS transport (versions 5 and 8), SPSS (``.sav``, ``.zsav``) and Stata
(``.dta``). Dates stay the numbers that the file has until they become days here, since a library's
nanoseconds end in 2262; a value that the file itself declares missing keeps its code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import DataFileError
from trialkit.imports.statistical.apart import apart
from trialkit.imports.statistical.moments import MomentKind, Program, moments
from trialkit.imports.statistical.special_missing import special_missing
from trialkit.imports.statistical.written_numbers import written_number, written_numbers
from trialkit.imports.taking_in.export_day import ExportDay
from trialkit.limits import LARGEST_CONTENT, LARGEST_WORKBOOK, MOST_PLACES

if find_spec("pyreadstat"):
    import pyreadstat

AVAILABLE = find_spec("pyreadstat") is not None
_INSTALL = "pyreadstat, which is not installed; pip install 'trialkit[statfiles]'"
_MEMBER = b"HEADER RECORD*******MEM"
_SECOND = "holds {} datasets, of which one file can be read; write each into a file of its own"

_FIRST_YEAR = 1980
"""Of an earlier day no file was made: its head is blank or damaged."""

Columns: TypeAlias = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A column of the file, and what the file says of it."""

    name: str
    label: str
    is_text: bool
    moment: MomentKind | None = None
    """The kind of date or time that its format makes of it."""
    is_whole: bool = False
    """Whether its type or format leaves no room for decimals."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """By value as text its label, without those of missing values."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """By code that the file declares missing, as ``9`` or ``.A``, its label, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatFile:
    """The first table of a file."""

    file: str
    title: str
    variables: tuple[Variable, ...]
    cells: pl.DataFrame
    """By variable the text of each cell; what is missing is blank."""
    missing: pl.DataFrame
    """By variable the code of each cell that the file declares missing, else null."""
    made: ExportDay | None = None
    """The day on which a SAS transport or an SPSS file was made, by its own head."""

    def variable(self, name: str) -> Variable:
        """A variable by its name."""
        return next(each for each in self.variables if each.name == name)


def read_stat_file(path: Path) -> StatFile:
    """The table in a file.

    Raises :class:`DataFileError` for a file that is none of these, is damaged, or is too large.
    """
    program = _PROGRAMS.get(path.suffix.lower())
    if program is None:
        raise DataFileError(
            f"{path.name}: is no file of a statistical program by its name; expected one that ends in "
            f"{', '.join(_PROGRAMS)}"
        )
    if not AVAILABLE:
        raise DataFileError(f"{path.name}: reading it needs {_INSTALL}")
    with reading(path):
        content = bytes_within(path, LARGEST_WORKBOOK)
    return apart(path.name, table_of, path.name, program, content)


def table_of(file: str, program: Program, content: bytes) -> StatFile:
    """The table in the content of a file, read in this process.

    Raises :class:`DataFileError` as :func:`read_stat_file` does.
    """
    if program is Program.SAS and content.count(_MEMBER) > 1:
        raise DataFileError(f"{file}: {_SECOND.format(content.count(_MEMBER))}")
    opened = _Opened(file=file, program=program, content=content)
    _, meta = opened.read(metadataonly=True)
    most = _most_rows(meta, file)
    more = {"user_missing": True} if program is Program.SPSS else {}
    columns, meta = opened.read(row_limit=most + 1, **more)
    rows = max((len(each) for each in columns.values()), default=0)
    if rows > most:
        raise DataFileError(
            f"{file}: has more than {most:,} rows of {len(columns):,} variables, more than is read; "
            "write fewer variables into it, or export it as CSV"
        )
    declared = _declared_missing(opened, columns, meta)
    return _stat_file(file, program, columns, meta, declared)


_PROGRAMS = {
    ".xpt": Program.SAS,
    ".xport": Program.SAS,
    ".sav": Program.SPSS,
    ".zsav": Program.SPSS,
    ".dta": Program.STATA,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """The content of a file, and the program that made it."""

    file: str
    program: Program
    content: bytes

    def read(self, **options: object) -> tuple[Columns, Any]:
        """What the library makes of the content; whatever it makes of damage is one refusal."""
        read: Any = {
            Program.SAS: pyreadstat.read_xport,
            Program.SPSS: pyreadstat.read_sav,
            Program.STATA: pyreadstat.read_dta,
        }[self.program]
        plain = {"output_format": "dict", "disable_datetime_conversion": True}
        try:
            columns, meta = read(BytesIO(self.content), **plain, **options)
        except Exception as error:  # noqa: BLE001  # a parser in C says what it likes of other bytes
            said = " ".join(str(error).split())[:200] or type(error).__name__
            raise DataFileError(
                f"{self.file}: cannot be read as a file of this kind ({said}); write it anew from the "
                "program that made it"
            ) from None
        return columns, meta


def _most_rows(meta: Any, file: str) -> int:
    """How many rows are read: what a table may have in places, and in bytes."""
    names = list(meta.column_names)
    if not names:
        raise DataFileError(f"{file}: has no variables")
    widths = meta.variable_storage_width or {}
    width = sum(max(int(widths.get(name) or 8), 1) for name in names)
    return max(min(MOST_PLACES // len(names), 10 * LARGEST_CONTENT // width), 1)


def _declared_missing(opened: _Opened, columns: Columns, meta: Any) -> dict[str, pl.Series]:
    """By variable the codes of the cells that the file declares missing, else null."""
    if opened.program is Program.SAS:
        rows = max((len(each) for each in columns.values()), default=0)
        return special_missing(opened.content, list(columns), rows)
    if opened.program is Program.SPSS:
        ranges = meta.missing_ranges or {}
        return {name: _within(columns[name], ranges[name]) for name in columns if ranges.get(name)}
    tagged, with_tags = opened.read(user_missing=True)
    return {
        name: pl.Series(
            name,
            [f".{each}" if isinstance(each, str) else None for each in tagged[name]],
            dtype=pl.String,
        )
        for name in with_tags.missing_user_values or {}
        if name in tagged and len(tagged[name]) == len(columns[name])
    }


def _within(values: Sequence[Any], ranges: Sequence[Mapping[str, Any]]) -> pl.Series:
    """The values in the ranges that SPSS calls user-missing, as text."""
    if any(isinstance(each, str) for each in values):
        codes = {str(each["lo"]).rstrip() for each in ranges}
        texts = [
            each if isinstance(each, str) and each.rstrip() in codes else None for each in values
        ]
        return pl.Series(texts, dtype=pl.String)
    numbers = pl.Series("number", values, dtype=pl.Float64, strict=False)
    inside = pl.any_horizontal(
        pl.col("number").is_between(float(each["lo"]), float(each["hi"]))
        for each in ranges
        if not isinstance(each["lo"], str)
    )
    return (
        pl.DataFrame({"number": numbers})
        .select(pl.when(inside).then(written_numbers(pl.col("number"))))
        .to_series()
    )


def _stat_file(
    file: str, program: Program, columns: Columns, meta: Any, declared: Mapping[str, pl.Series]
) -> StatFile:
    variables, cells, missing = [], {}, {}
    for place, name in enumerate(columns):
        codes = declared.get(name, pl.Series([None] * len(columns[name]), dtype=pl.String))
        variable = _variable(program, meta, place, name, codes)
        variables.append(variable)
        cells[name] = _texts(columns[name], program, variable, meta).set(codes.is_not_null(), "")
        missing[name] = codes
    return StatFile(
        file=file,
        title=str(meta.file_label or ""),
        variables=tuple(variables),
        cells=pl.DataFrame(cells),
        missing=pl.DataFrame(missing),
        made=_made(file, program, meta),
    )


def _made(file: str, program: Program, meta: Any) -> ExportDay | None:
    """The day in the head of a file; Stata's may be blank, and then it is not told from another."""
    made = meta.creation_time
    if program is Program.STATA or not isinstance(made, datetime) or made.year < _FIRST_YEAR:
        return None
    return ExportDay(day=made.date(), told_by=f"the head of {file}")


def _variable(program: Program, meta: Any, place: int, name: str, codes: pl.Series) -> Variable:
    kind = str((meta.readstat_variable_types or {}).get(name, ""))
    form = str((meta.original_variable_types or {}).get(name) or "")
    is_text = kind == "string"
    tags = program is Program.STATA and not is_text
    labelled = {
        _value(value, tags=tags): str(label)
        for value, label in ((meta.variable_value_labels or {}).get(name) or {}).items()
    }
    gone = set(codes.drop_nulls().unique().to_list())
    ranges = (meta.missing_ranges or {}).get(name) or []
    gone |= {_value(each["lo"], tags=False) for each in ranges if each["lo"] == each["hi"]}
    label = meta.column_labels[place] if place < len(meta.column_labels or ()) else ""
    return Variable(
        name=name,
        label=str(label or ""),
        is_text=is_text,
        moment=None if is_text else MomentKind.of(program, form),
        is_whole=kind.startswith("int") or (program is Program.SPSS and form.endswith(".0")),
        labels={
            value: text
            for value, text in labelled.items()
            if value not in gone and not (tags and value.startswith("."))
        },
        missing={code: labelled.get(code, "") for code in sorted(gone)},
    )


def _value(value: object, *, tags: bool) -> str:
    """A value that has a label, as text; with ``tags`` a text is one of Stata's missing values."""
    if isinstance(value, str):
        return f".{value}" if tags else value.rstrip()
    return written_number(float(value)) if isinstance(value, int | float) else str(value)


def _texts(values: Sequence[Any], program: Program, variable: Variable, meta: Any) -> pl.Series:
    """The cells of a variable as text: numbers in their fewest digits, moments as ISO writes them."""
    if variable.is_text:
        return pl.Series(
            variable.name, ["" if each is None else str(each) for each in values], dtype=pl.String
        )
    single = (meta.readstat_variable_types or {}).get(variable.name) == "float"
    numbers = pl.Series(variable.name, values, dtype=pl.Float64, strict=False)
    text = (
        moments(pl.col(variable.name), variable.moment, program)
        if variable.moment
        else written_numbers(pl.col(variable.name), single=single)
    )
    return pl.DataFrame({variable.name: numbers}).select(text.fill_null("")).to_series()
