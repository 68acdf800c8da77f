"""The options of ``trialkit store``."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path

from trialkit.cli.data_door_options import moment
from trialkit.cli.event_argument import event_number
from trialkit.cli.identifier_option import add_show_identifiers
from trialkit.cli.import_options import add_each_source, taking
from trialkit.cli.store_control_options import add_control_actions
from trialkit.cli.store_double_entry_options import add_double_entry_actions
from trialkit.cli.store_people_options import add_people_actions
from trialkit.cli.store_places import Subparsers, acting, action, place

DESCRIPTION = """The evidence store of a trial: who entered what, when and why, in a log that is only ever
added to. It is the file evidence.sqlite in the trial's folder, or a PostgreSQL database (--url), whose
password comes from PGPASSWORD or ~/.pgpass and never from the call.
"""


def add_store_actions(
    parser: ArgumentParser, *, folder: Callable[[str], Path], day: Callable[[str], date]
) -> None:
    """The actions of the command, each with where the store is and, where it writes, who acts."""
    parser.description = DESCRIPTION
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    begun = action(actions, "init", "begin the store of a trial", folder)
    begun.add_argument(
        "--application",
        metavar="ACCOUNT",
        default="",
        help="with --url: the account that enters data; it may read and add, and nothing else",
    )
    begun.add_argument(
        "--open",
        action="store_true",
        help="whoever reaches the store may act in it, until the first role is granted (default: you alone)",
    )
    acting(begun)
    _import(actions, folder)
    _export(actions, folder, moment(day))
    _log(actions, folder, day)
    _diff(actions, folder, moment(day))
    _keeping(actions, folder)
    _redact(actions, folder)
    _migrate(actions, folder)
    add_double_entry_actions(actions, folder)
    add_control_actions(actions, folder)
    add_people_actions(actions, folder)


def _log(actions: Subparsers, folder: Callable[[str], Path], day: Callable[[str], date]) -> None:
    log = action(actions, "log", "what was entered, by whom, when and why", folder)
    log.add_argument("--subject", metavar="SUBJECT", default="", help="of this participant only")
    log.add_argument("--person", metavar="NAME", default="", help="by this account or printed name")
    log.add_argument("--form", metavar="FORM", default="", help="of this form only")
    log.add_argument("--since", metavar="DATE", type=day, help="from this day on (UTC)")
    log.add_argument("--until", metavar="DATE", type=day, help="up to this day (UTC)")
    log.add_argument(
        "--to",
        metavar="FILE",
        type=Path,
        help="write all of it there, as its ending says: .csv, or .pdf or .html to print",
    )
    add_show_identifiers(log, where="in the log")


def _migrate(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    taken = action(
        actions,
        "migrate",
        "take the store to a newer version of the forms, or, with --tables, to this version of trialkit",
        folder,
    )
    taken.add_argument(
        "--mapping", metavar="FILE", type=Path, help="what becomes of data entered before, as TOML"
    )
    taken.add_argument("--all", action="store_true", help="list every cell that changes")
    taken.add_argument(
        "--tables",
        action="store_true",
        help="take a store that an earlier trialkit made to this one; a file is copied before, beside it",
    )
    taken.add_argument(
        "--dump",
        metavar="FILE",
        type=Path,
        help="with --tables, of a store on a server: the copy that pg_dump made, whose SHA-256 the log keeps",
    )
    taken.add_argument(
        "--even-so",
        action="store_true",
        help="with --tables: also where something does not fit in the store, which is listed",
    )
    taken.add_argument(
        "--write", action="store_true", help="write it; without, it is shown and nothing is written"
    )
    add_show_identifiers(taken, where="in the list of cells")
    acting(taken)


def _import(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    taken = actions.add_parser(
        "import",
        help="data from a folder, a workbook, REDCap ...: shown cell by cell, then written as one batch",
        description="Shows what a source holds that the store does not, cell by cell, and writes nothing "
        "unless --write is given: then all of it as one batch, or nothing.",
        allow_abbrev=False,
    )
    sources = taken.add_subparsers(dest="source", metavar="SOURCE", required=True)
    add_each_source(sources, _into_store)
    own = sources.add_parser(
        "folder",
        help="CSV files, as a trial's folder has them in data/",
        description="CSV files, as a trial's folder has them in data/. What stands there is to stand in the "
        "store: other values are taken, and a cell that is blank is emptied, both with a --reason. What tells an "
        "arm is emptied with --empty alone, and rows that the files do not have stay.",
        allow_abbrev=False,
    )
    own.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    own.add_argument(
        "file",
        metavar="FOLDER",
        type=folder,
        nargs="?",
        help="the folder with data/ in it (default: that of the trial)",
    )
    own.set_defaults(remove_rows=False)
    add_show_identifiers(own, where="on the screen")
    _writing(own)
    own.add_argument(
        "--remove-rows",
        action="store_true",
        help="take out the rows that the files do not have, which are listed",
    )
    own.add_argument(
        "--empty",
        action="store_true",
        help="empty also what tells an arm where the files are blank, as those of a blinded person are",
    )


def _into_store(parser: ArgumentParser) -> None:
    taking(parser)
    _writing(parser)


def _writing(parser: ArgumentParser) -> None:
    """Whether it is written, why, where to, and by whom."""
    parser.add_argument(
        "--write", action="store_true", help="write what was shown, all of it or nothing"
    )
    parser.add_argument(
        "--reason", metavar="TEXT", default="", help="why values that are there change or go"
    )
    parser.add_argument("--all", action="store_true", help="show every cell, not the first twenty")
    place(parser)
    acting(parser)


def _export(
    actions: Subparsers, folder: Callable[[str], Path], at: Callable[[str], date | int]
) -> None:
    export = action(actions, "export", "the folder as it stood: data and definitions", folder)
    export.add_argument("out", metavar="OUT", type=folder, help="a new folder for it")
    export.add_argument(
        "--as-of",
        metavar="DATE|EVENT",
        type=at,
        help="at the end of this day (UTC), or after this event of the log (default: now)",
    )


def _diff(
    actions: Subparsers, folder: Callable[[str], Path], at: Callable[[str], date | int]
) -> None:
    diff = action(actions, "diff", "what lies between two moments, cell by cell", folder)
    for name, which in (("first", "earlier"), ("second", "later")):
        diff.add_argument(
            name,
            metavar="DATE|EVENT",
            type=at,
            help=f"the {which} moment: the end of a day (UTC), or an event",
        )
    diff.add_argument("--all", action="store_true", help="show every cell, not the first twenty")
    add_show_identifiers(diff, where="among the cells")


def _keeping(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    verify = action(actions, "verify", "whether anything was altered, lost or put back", folder)
    anchor = action(
        actions,
        "anchor",
        "write the end of the log down outside the store, to find it again",
        folder,
    )
    backup = action(
        actions,
        "backup",
        "a copy in one file while others write, checked before it is kept",
        folder,
    )
    backup.add_argument("copy", metavar="FILE", type=Path, help="a new file for the copy")
    restore = action(actions, "restore", "a copy in the place of a store that is lost", folder)
    restore.add_argument("copy", metavar="FILE", type=Path, help="what 'store backup' wrote")
    restore.add_argument(
        "--sha256", metavar="HASH", default="", help="the SHA-256 that 'store backup' said"
    )
    restore.add_argument(
        "--even-so",
        action="store_true",
        help="restore a copy also where an anchor is missing in it, or something does not fit",
    )
    restore.add_argument(
        "--application",
        metavar="ACCOUNT",
        default="",
        help="with --url: the account of the server that enters data, as of 'store init'",
    )
    for parser in (verify, anchor, restore):
        parser.add_argument(
            "--anchors",
            metavar="FILE",
            type=Path,
            help="the file of anchors (default: TRIAL/evidence-anchors.txt)",
        )
    anchor.add_argument(
        "--authority",
        metavar="URL",
        default="",
        help="also ask this time-stamp authority (RFC 3161) for a time stamp, which stands in the file; it is "
        "sent a hash, and nothing else",
    )
    for parser in (anchor, verify):
        parser.add_argument(
            "--authority-certificates",
            metavar="FILE",
            type=Path,
            help="certificates (PEM) to which a time stamp is to go back; without, nobody's signature is "
            "looked at",
        )
    acting(anchor)


def _redact(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    redact = action(
        actions, "redact", "take out a text that should never have been entered, as a name", folder
    )
    redact.add_argument(
        "event", metavar="EVENT", type=event_number, help="the event that brought it"
    )
    redact.add_argument(
        "--reason", metavar="TEXT", required=True, help="why, without the text itself"
    )
    redact.add_argument(
        "--text",
        choices=("new", "reason"),
        default="new",
        help="which text of the event: the value (default), or the reason",
    )
    redact.add_argument("--write", action="store_true", help="do it; it does not come back")
    acting(redact)
