"""The options of ``trialkit queries``."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path


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
