"""The sources of ``trialkit import`` and their options, declared without importing what reads them."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from trialkit.cli.identifier_option import add_show_identifiers

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"

DESCRIPTION = """Take data or forms from elsewhere into a trial. Nothing is overwritten unasked, whatever
cannot be taken is listed, and importing twice changes nothing. With --dry-run the differences are
shown and nothing is written.
"""


def add_import_sources(parser: ArgumentParser) -> None:
    """The sources under ``import`` and their options."""
    parser.description = DESCRIPTION
    parser.set_defaults(command="importing")  # "import" is no name for a module
    sources = parser.add_subparsers(dest="source", metavar="SOURCE", required=True)
    add_each_source(sources, writing)


def add_each_source(sources: Subparsers, writing: Callable[[ArgumentParser], None]) -> None:
    """Every source; ``writing`` adds the options of what is written, and under whose name."""
    _redcap(sources, writing)
    _workbook(sources, writing)
    _csv(sources, writing)
    _statfile(sources, writing)
    _xlsform(sources, writing)


def _redcap(sources: Subparsers, writing: Callable[[ArgumentParser], None]) -> None:
    redcap = source(sources, "redcap", "a REDCap project: its data dictionary and its exports")
    redcap.add_argument(
        "dictionary", metavar="DICTIONARY.csv", type=Path, help="the data dictionary, 18 columns"
    )
    redcap.add_argument(
        "exports",
        metavar="EXPORT.csv",
        type=Path,
        nargs="*",
        help="records as CSV, raw values; events and the instrument-event mapping (files are told "
        "apart by their headers, in any order)",
    )
    redcap.add_argument(
        "--into",
        metavar="TRIAL",
        type=Path,
        default=Path(),
        help="the trial's folder, made where there is none (default: the current folder)",
    )
    redcap.add_argument(
        "--events",
        metavar="EVENTS.csv",
        type=Path,
        help="the instrument-event mapping, or the events; may also stand among the exports",
    )
    redcap.add_argument(
        "--encoding",
        metavar="NAME",
        default="utf-8",
        help="how the files are written, where another program saved them: cp1252, utf-16 ...",
    )
    redcap.add_argument(
        "--extra-columns",
        action="store_true",
        help="leave out the dictionary's columns that REDCap does not have, and list them",
    )
    redcap.add_argument(
        "--missing",
        metavar="CODE=REASON",
        action="append",
        default=[],
        help="what a missing data code of the project means, as --missing=-99=UNK; once for each",
    )
    writing(redcap)
    removing(redcap)
    redcap.add_argument(
        "--replace-forms",
        action="store_true",
        help="take the dictionary's forms also where somebody changed them by hand",
    )


def _workbook(sources: Subparsers, writing: Callable[[ArgumentParser], None]) -> None:
    workbook = source(sources, "workbook", "a filled entry workbook, or any with one sheet a form")
    trial(workbook)
    workbook.add_argument("file", metavar="FILE.xlsx", type=Path, help="the workbook")
    mapping(workbook, required=False)
    writing(workbook)


def _csv(sources: Subparsers, writing: Callable[[ArgumentParser], None]) -> None:
    table = source(sources, "csv", "a CSV file with columns of its own, for one form")
    trial(table)
    table.add_argument("file", metavar="FILE.csv", type=Path, help="the file")
    table.add_argument("--form", required=True, metavar="FORM", help="the form that it is for")
    mapping(table, required=False)
    writing(table)
    removing(table)


def _statfile(sources: Subparsers, writing: Callable[[ArgumentParser], None]) -> None:
    table = source(sources, "statfile", "a SAS transport, SPSS or Stata file, for one form")
    trial(table)
    table.add_argument(
        "file", metavar="FILE", type=Path, help="it ends in .xpt, .sav, .zsav or .dta"
    )
    table.add_argument(
        "--form", required=True, metavar="FORM", help="its form, drafted first where there is none"
    )
    table.add_argument(
        "--subject", metavar="VARIABLE", default="", help="the variable that names the participant"
    )
    table.add_argument(
        "--missing",
        metavar="CODE=REASON",
        action="append",
        default=[],
        help="what a value means that the file declares missing, as --missing=.A=REF; once for each",
    )
    mapping(table, required=False)
    writing(table)
    removing(table)


def _xlsform(sources: Subparsers, writing: Callable[[ArgumentParser], None]) -> None:
    form = source(sources, "xlsform", "the forms of an XLSForm (ODK, KoboToolbox …)")
    form.add_argument(
        "file", metavar="FORM.xlsx", type=Path, help="survey, choices, settings; also .csv, .md"
    )
    trial(form)
    form.add_argument(
        "--subject", metavar="QUESTION", default="", help="the question that names the participant"
    )
    form.add_argument(
        "--submissions",
        metavar="FILE",
        type=Path,
        help="what was submitted: ODK's ZIP of CSV files, a CSV file, or KoboToolbox's workbook",
    )
    writing(form)
    form.add_argument(
        "--replace-forms", action="store_true", help="take the XLSForm's forms where others are"
    )


def source(sources: Subparsers, name: str, is_what: str) -> ArgumentParser:
    """The parser of one source."""
    return sources.add_parser(
        name,
        help=is_what,
        description=f"{is_what[0].upper()}{is_what[1:]}.",
        allow_abbrev=False,
    )


def trial(parser: ArgumentParser) -> None:
    """The trial that the data are for."""
    parser.add_argument("trial", metavar="TRIAL", type=Path, help="the trial's folder")


def mapping(parser: ArgumentParser, *, required: bool) -> None:
    """The file that says which column means what."""
    parser.add_argument(
        "--mapping",
        metavar="MAP.toml",
        type=Path,
        required=required,
        help="which column is which item, and what its values mean (docs/import.md)",
    )


def writing(parser: ArgumentParser) -> None:
    """What may be written."""
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would change, and write nothing"
    )
    taking(parser)
    signing(parser, why="why values are changed (default: the name of the file)")


def taking(parser: ArgumentParser) -> None:
    """What may be taken where something else is there."""
    parser.set_defaults(remove_rows=False)
    parser.add_argument(
        "--replace", action="store_true", help="take the file's values where others are there"
    )
    parser.add_argument(
        "--empty", action="store_true", help="empty cells that are blank in the file"
    )
    parser.add_argument(
        "--new-subjects",
        action="store_true",
        help="take subjects whose name looks like another's (1 and 001) for other people",
    )
    add_show_identifiers(parser, where="on the screen")


def removing(parser: ArgumentParser) -> None:
    """What may be taken out, where a source has all rows."""
    parser.add_argument(
        "--remove-rows",
        action="store_true",
        help="take out the rows that the file no longer has, which are listed",
    )


def signing(parser: ArgumentParser, *, why: str) -> None:
    """Whose name stands beside what is changed, and the reason."""
    parser.add_argument(
        "--by",
        metavar="NAME",
        default="",
        help="who changes them (default: TRIALKIT_BY, else the name you are logged in with)",
    )
    parser.add_argument("--reason", metavar="TEXT", default="", help=why)
