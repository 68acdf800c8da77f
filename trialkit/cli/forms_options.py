"""The options of ``trialkit forms``."""

from argparse import ArgumentParser
from pathlib import Path


def add_forms_actions(parser: ArgumentParser) -> None:
    """``check``: read the forms and try them on the rows that they bring along."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="read every form, and try its rules on its own tests",
        description="Read every form, and try its rules on the rows of its [[tests]].",
        allow_abbrev=False,
    )
    check.add_argument(
        "trial", metavar="TRIAL", type=Path, help="the trial's folder, with protocol.toml in it"
    )
    check.add_argument(
        "--strict", action="store_true", help="exit with 1 when a rule has no test that breaks it"
    )
