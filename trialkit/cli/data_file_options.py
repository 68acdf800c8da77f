"""The options of ``trialkit validate`` for one data file of any size."""

from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

COMMAND = "validate_file"
"""What carries the command out when a file is named: it imports no analysis and no report."""
LIMIT = 1000


def add_data_file_options(parser: ArgumentParser) -> None:
    """``--data FILE`` and what belongs to it."""
    group = parser.add_argument_group(
        "one data file of any size, instead of the trial's data",
        "Every row is judged by itself as the file streams by; what needs other rows, forms or "
        "visits is named as not checked.",
    )
    group.add_argument(
        "--data",
        metavar="FILE",
        type=Path,
        action=_OneFile,
        help="a Parquet or CSV file with the columns of a form",
    )
    group.add_argument(
        "--form", metavar="FORM", help="the form whose data it holds (default: the file's name)"
    )
    group.add_argument(
        "--limit",
        metavar="N",
        type=_count,
        default=LIMIT,
        help=f"how many findings are listed; all are counted (default: {LIMIT})",
    )
    group.add_argument(
        "--no-keys", action="store_true", help="do not look for keys that several rows have"
    )


class _OneFile(Action):
    """The file, which makes another command of it."""

    def __call__(
        self,
        parser: ArgumentParser,  # noqa: ARG002 - argparse's signature
        namespace: Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        namespace.data = values
        namespace.command = COMMAND


def _count(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise ArgumentTypeError(f"{text!r} is no count; write a whole number such as 1000")
    return int(text)
