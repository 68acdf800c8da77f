"""A file of a statistical program becomes an incoming table of one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from trialkit.errors import DataFileError
from trialkit.imports.statistical.drafting import drafted_names
from trialkit.imports.statistical.stat_file import StatFile
from trialkit.imports.taking_in.incoming import Incoming
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping
from trialkit.imports.taking_in.placing import place_table
from trialkit.imports.taking_in.source_tables import SourceTable
from trialkit.protocol.tables.meaning import meaning
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas

SUBJECT = "subject_id"
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfFile:
    """What a call says of a file beside the mapping."""

    subject: str = ""
    """The variable that names the participant."""
    reasons: Mapping[str, str] | None = None
    """By code that the file declares missing the trial's."""


def from_statistical(
    source: StatFile, form_id: str, schemas: Schemas, mapping: FileMapping, said: SaidOfFile
) -> Incoming:
    """The rows that a file has for a form.

    Raises :class:`ProtocolError` for a mapping that does not fit, and :class:`DataFileError` where
    nobody said what a code means that the file declares missing, or somebody did of a value.
    """
    form = schemas.form(form_id)
    tables = [table for table in mapping.tables if table.form == form_id]
    table = _with_namesakes(tables[0] if tables else TableMapping(form=form_id), form, source, said)
    used = {*table.columns.values(), *form.entered}
    used |= {column for own in table.visits.values() for column in own.values()}
    _refuse_undeclared(source, used, said.reasons or {})
    placed = place_table(
        SourceTable(
            place=source.file,
            sheet="",
            cells=_cells(source, used, schemas.data, said.reasons or {}),
            places=tuple(f"{source.file}, row {row}" for row in range(1, source.cells.height + 1)),
            troubles={},
            formulas={},
        ),
        form,
        mapping=table,
        file=mapping,
        data=schemas.data,
        written=DataFormat(missing_codes=schemas.data.missing_codes),
    )
    return Incoming(
        source=source.file,
        tables=(placed.table,),
        left_out=placed.left_out,
        whole=frozenset({form_id}),
    )


def namesake(name: str, names: Sequence[str]) -> str:
    """The one variable with a name but for capitals, which SAS does not tell apart; else nothing."""
    same = [each for each in names if each == name] or [
        each for each in names if each.casefold() == name.casefold()
    ]
    return same[0] if len(same) == 1 else ""


def _with_namesakes(
    table: TableMapping, form: Form, source: StatFile, said: SaidOfFile
) -> TableMapping:
    """The mapping, with the variable of each key and item that it does not name."""
    names = list(source.cells.columns)
    columns = dict(table.columns)
    if said.subject:
        columns[SUBJECT] = said.subject
    taken = {*columns.values(), *table.ignore}
    for name in form.entered:
        same = namesake(name, names)
        if name not in columns and name not in table.fixed and same and same not in taken:
            columns[name] = same
    free = [name for name in names if name not in {*columns.values(), *table.ignore}]
    people = columns.get(SUBJECT, "")
    own = [name for name in names if name != people]
    drafted = dict(zip(drafted_names(own), own, strict=True))
    for name in form.entered:
        if name not in columns and name not in table.fixed and drafted.get(name) in free:
            columns[name] = drafted[name]
    return replace(table, columns=columns)


def _refuse_undeclared(source: StatFile, used: set[str], reasons: Mapping[str, str]) -> None:
    """Raise :class:`DataFileError` for a reason of what is a value wherever it stands."""
    declared = {code for variable in source.variables for code in variable.missing}
    declared |= {code for column in source.missing for code in column.drop_nulls().unique()}
    for code, means in reasons.items():
        holders = [name for name in source.cells.columns if name in used]
        holders = [name for name in holders if (source.cells[name] == code).any()]
        if code not in declared and holders:
            raise DataFileError(
                f"--missing={code}={means}: in {source.file} {code} is a value of {holders[0]}, and "
                f"nowhere declared missing; leave --missing out, or pass a --mapping with "
                f'[missing] "{code}" = "{means}" where it stands for a missing value'
            )


def _cells(
    source: StatFile, used: set[str], data: DataFormat, reasons: Mapping[str, str]
) -> pl.DataFrame:
    """The cells, with the trial's code where the file declares a value missing."""
    known = {meaning(code.label): code.code for code in data.all_missing_codes}
    codes = {code.code for code in data.all_missing_codes}
    columns, open_codes = [], []
    for variable in source.variables:
        column, declared = source.cells[variable.name], source.missing[variable.name]
        there = declared.drop_nulls().unique().sort().to_list()
        if there and variable.name in used:
            means = {
                code: reasons.get(code)
                or known.get(meaning(variable.missing.get(code) or code), "")
                for code in there
            }
            open_codes += [
                f"{variable.name}: {code}" + (f" ({label!r})" if label else "")
                for code in there
                if not means[code]
                for label in [variable.missing.get(code, "")]
            ]
            strange = sorted({each for each in means.values() if each and each not in codes})
            if strange:
                raise DataFileError(
                    f"{source.file}: {strange[0]!r} is no missing code of the trial; expected one of "
                    f"{', '.join(sorted(codes))}, or declare it in [data] missing_codes"
                )
            meant = declared.replace_strict(means, default=None, return_dtype=pl.String)
            column = meant.fill_null(column).alias(variable.name)
        columns.append(column)
    if open_codes:
        code = open_codes[0].split(": ", 1)[1].split(" ")[0]
        more = len(open_codes) - _LISTED
        raise DataFileError(
            f"{source.file}: declares values missing, and nobody said what they mean here:\n  - "
            + "\n  - ".join(open_codes[:_LISTED])
            + (f"\n  and {more} more" if more > 0 else "")
            + f"\nSay it for each code, such as --missing={code}=UNK; a label that is the trial's own "
            "needs no word"
        )
    return pl.DataFrame(columns)
