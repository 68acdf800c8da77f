"""The options of ``trialkit store``."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

from trialkit.cli.identifier_option import add_show_identifiers

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"

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
    acting(begun)
    _log(actions, folder, day)


def _log(actions: Subparsers, folder: Callable[[str], Path], day: Callable[[str], date]) -> None:
    log = action(actions, "log", "what was entered, by whom, when and why", folder)
    log.add_argument("--subject", metavar="SUBJECT", default="", help="of this participant only")
    log.add_argument("--person", metavar="NAME", default="", help="by this account or printed name")
    log.add_argument("--form", metavar="FORM", default="", help="of this form only")
    log.add_argument("--since", metavar="DATE", type=day, help="from this day on (UTC)")
    log.add_argument("--until", metavar="DATE", type=day, help="up to this day (UTC)")
    log.add_argument(
        "--to", metavar="FILE", type=Path, help="write all of it there, as its ending says: .csv"
    )
    add_show_identifiers(log, where="in the log")


def action(
    actions: Subparsers, name: str, does: str, folder: Callable[[str], Path]
) -> ArgumentParser:
    """The parser of one action: the trial, and where its store is."""
    parser = actions.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        allow_abbrev=False,
    )
    parser.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    parser.add_argument(
        "--url",
        metavar="URL|FILE",
        default="",
        help="where the store is: postgresql://HOST/DATABASE without a password, or a file "
        "(default: TRIAL/evidence.sqlite)",
    )
    return parser


def acting(parser: ArgumentParser) -> None:
    """Who acts: the account is that of the operating system, the name is printed in the log."""
    parser.add_argument(
        "--person",
        metavar="NAME",
        default="",
        help="your name as it is printed (default: TRIALKIT_BY, else the name you are logged in with)",
    )
    parser.add_argument(
        "--role", metavar="ROLE", default="", help="in which role, as coordinator (default: none)"
    )
    parser.add_argument("--site", metavar="CODE", default="", help="of which site (default: none)")
