"""The options of ``trialkit instruments``, declared without importing what carries them out."""

from argparse import ArgumentParser
from pathlib import Path


def add_instruments_actions(parser: ArgumentParser) -> None:
    """The actions under ``instruments`` and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the instruments that trialkit knows", allow_abbrev=False)
    show = actions.add_parser(
        "show", help="what is known of one: scores, thresholds, sources", allow_abbrev=False
    )
    show.add_argument("instrument", metavar="ID")
    add = actions.add_parser(
        "add", help="write its form into a trial, and its empty table", allow_abbrev=False
    )
    add.add_argument("trial", metavar="TRIAL", type=Path, help="the trial's folder")
    add.add_argument("instrument", metavar="ID")
    add.add_argument(
        "--visits", metavar="CODES", default="", help="where it is asked, such as BL,W6"
    )
