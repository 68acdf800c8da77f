"""The options of ``trialkit due``."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path

from trialkit.cli.data_door_options import add_data_door


def add_due_options(
    parser: ArgumentParser, *, folder: Callable[[str], Path], day: Callable[[str], date]
) -> None:
    """The span of days, the site, and where to write."""
    parser.add_argument("trial", metavar="TRIAL", type=folder, help="the trial's folder")
    for option, dest, which in (("--from", "first", "first"), ("--to", "last", "last")):
        parser.add_argument(
            option, dest=dest, metavar="DATE", type=day, required=True, help=f"the {which} day"
        )
    add_data_door(parser, day=day)
    parser.add_argument("--site", metavar="CODE", help="the visits of one site only")
    parser.add_argument(
        "--out", metavar="DIR", type=folder, help="where to write (default: TRIAL/output)"
    )
