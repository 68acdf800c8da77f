"""The options of ``trialkit statements``."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path


def add_statements_actions(parser: ArgumentParser, *, folder: Callable[[str], Path]) -> None:
    """``import``: the statements of a Word report come back."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    taken = actions.add_parser(
        "import",
        help="take the statements of an edited Word report back",
        description="Shows what the authors changed in the statements of a Word report, as a "
        "difference of their Markdown, and writes nothing unless asked. Tracked changes are read as "
        "if all were accepted. A statement that was also changed in the trial since the document was "
        "made is not taken.",
        allow_abbrev=False,
    )
    taken.add_argument(
        "document", metavar="DOCUMENT", type=folder, help="the Word report (.docx) as it came back"
    )
    taken.add_argument(
        "trial", metavar="TRIAL", type=folder, help="the trial's folder, with protocol.toml in it"
    )
    taken.add_argument(
        "--write",
        action="store_true",
        help="write what was edited into statements/, all or nothing",
    )
    taken.add_argument(
        "--only",
        metavar="KEYS",
        type=_keys,
        default=(),
        help="these statements and no others, by the names of their files, as 6,20b",
    )


def _keys(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in text.split(","))))
