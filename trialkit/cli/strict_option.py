"""``trialkit validate --strict``: asked of a trial's own data, it is another command."""

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

COMMAND = "validate_strictly"
"""What carries a strict validation out: it loads the statistics and the report, as others do not."""


class Strictly(Action):
    """The switch; a file of any size, named by ``--data``, keeps the command that refuses it."""

    def __init__(
        self, option_strings: Sequence[str], dest: str, *, default: bool, help: str
    ) -> None:
        super().__init__(option_strings, dest, nargs=0, default=default, help=help)

    def __call__(
        self,
        parser: ArgumentParser,  # noqa: ARG002 - argparse's signature
        namespace: Namespace,
        values: str | Sequence[Any] | None,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Say so, and choose the command."""
        namespace.strict = True
        if namespace.data is None:
            namespace.command = COMMAND
