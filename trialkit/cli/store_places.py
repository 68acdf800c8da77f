"""What every action of ``trialkit store`` asks: which trial, where its store is, who acts."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"


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
    place(parser)
    return parser


def place(parser: ArgumentParser) -> None:
    """Where the store is."""
    parser.add_argument(
        "--url",
        metavar="URL|FILE",
        default="",
        help="where the store is: postgresql://HOST/DATABASE without a password, or a file "
        "(default: what [data] store of the protocol says, else TRIAL/evidence.sqlite)",
    )


def acting(parser: ArgumentParser) -> None:
    """Who acts: the account is that of the operating system, the name is printed in the log."""
    parser.add_argument(
        "--person",
        metavar="NAME",
        default="",
        help="your name as it is printed (default: TRIALKIT_BY, else the name you are logged in with)",
    )
    parser.add_argument(
        "--role",
        metavar="ROLE",
        default="",
        help="in which of your roles (default: the one that you have, where it is one)",
    )
    parser.add_argument(
        "--site",
        metavar="CODE",
        default="",
        help="of which of your sites (default: the one that you have, where it is one)",
    )
