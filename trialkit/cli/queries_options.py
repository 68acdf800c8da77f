"""The options of ``trialkit queries``."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_queries_actions(
    parser: ArgumentParser, *, folder: Callable[[str], Path], day: Callable[[str], date]
) -> None:
    """The actions of the command: list what was asked, send it, record what was answered."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser(
        "list",
        help="how many are open, answered and closed, by site, and for how long",
        allow_abbrev=False,
    )
    listed.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    listed.add_argument("--site", metavar="CODE", help="those of one site only")
    listed.add_argument(
        "--all", action="store_true", help="list every query that is not closed, not the oldest ten"
    )
    send = actions.add_parser(
        "send",
        help="validate, and write one workbook for each site that has something to answer",
        allow_abbrev=False,
    )
    send.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    send.add_argument(
        "--cut",
        metavar="DATE",
        type=day,
        help="data up to this day (default: the protocol's [data] cut, else today)",
    )
    send.add_argument(
        "--out", metavar="DIR", type=folder, help="where to write (default: TRIAL/output/sites)"
    )
    answer = actions.add_parser(
        "answer",
        help="record the answers of a findings.xlsx that a site filled in and sent back",
        allow_abbrev=False,
    )
    answer.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    answer.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="a workbook (.xlsx) or a CSV file"
    )
    answer.add_argument(
        "--by", metavar="NAME", default="", help="who answered, where a row does not say it"
    )
    answer.add_argument(
        "--on",
        metavar="DATE",
        type=day,
        help="the day of the answers (default: today)",
    )
    answer.add_argument(
        "--dry-run", action="store_true", help="say what would be recorded, and write nothing"
    )
    _add_apply(actions, folder)
    _add_by_hand(actions, folder, day)


def _add_apply(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    apply = actions.add_parser(
        "apply",
        help="show what the right values in the answers change in the data, and write it",
        allow_abbrev=False,
    )
    apply.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    apply.add_argument(
        "--query",
        metavar="ID",
        action="append",
        default=[],
        help="this query only, by its key or the beginning of it; once for each",
    )
    apply.add_argument(
        "--confirm", action="store_true", help="write what was shown, and keep it in changes.csv"
    )
    apply.add_argument(
        "--allow-hard", action="store_true", help="write it although hard findings come of it"
    )
    _add_by(apply)


def _add_by_hand(
    actions: Subparsers, folder: Callable[[str], Path], day: Callable[[str], date]
) -> None:
    ask = actions.add_parser(
        "raise", help="ask about a cell that no rule found", allow_abbrev=False
    )
    ask.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    ask.add_argument("subject", metavar="SUBJECT", help="the participant")
    ask.add_argument("place", metavar="FORM.ITEM", help="the form and the item, as pain.vas_mm")
    ask.add_argument("text", metavar="TEXT", help="the question, as the site is to read it")
    ask.add_argument("--visit", metavar="CODE", default="", help="of a form with visits: which")
    ask.add_argument("--number", metavar="N", default="", help="of a form with several rows: which")
    comment = actions.add_parser(
        "comment", help="say something about a query; the site reads it", allow_abbrev=False
    )
    close = actions.add_parser(
        "close", help="close a soft query, while its value stays as it is", allow_abbrev=False
    )
    for parser, what in ((comment, "what is to be said"), (close, "why it is closed")):
        parser.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
        parser.add_argument(
            "query", metavar="ID", help="the query_key, or the beginning of it that no other has"
        )
        parser.add_argument("text", metavar="TEXT", help=what)
    for parser in (ask, comment, close):
        parser.add_argument(
            "--on",
            metavar="DATE",
            type=day,
            help="the day (default: today)",
        )
        _add_by(parser)


def _add_by(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--by",
        metavar="NAME",
        default="",
        help="who does this (default: TRIALKIT_BY, else the name you are logged in with)",
    )
