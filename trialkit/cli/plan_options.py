"""The options of ``trialkit plan``."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path


def add_plan_actions(parser: ArgumentParser, *, folder: Callable[[str], Path]) -> None:
    """``check``: what is lacking in a trial, by the step that needs it."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="everything that a trial lacks, by the step that needs it",
        description="Everything that is lacking or wrong in protocol.toml and forms/, by the step "
        "that needs it, and what to write.",
        allow_abbrev=False,
    )
    check.add_argument(
        "trial", metavar="TRIAL", type=folder, help="the trial's folder, with protocol.toml in it"
    )
