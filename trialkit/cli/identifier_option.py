"""The option of whoever may see answers that name a person."""

from argparse import ArgumentParser


def add_show_identifiers(parser: ArgumentParser, *, where: str) -> None:
    """``--show-identifiers``; without it such answers are masked."""
    parser.add_argument(
        "--show-identifiers",
        action="store_true",
        help=f"show answers to items marked as identifiers {where}, where they are masked otherwise",
    )
