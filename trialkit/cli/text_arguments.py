"""The texts of a call: each is text, or the call is refused as any other that cannot be understood."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from trialkit.printable import harmless_on_a_terminal, is_text


class TextArgumentParser(ArgumentParser):
    """A parser, and each below it, by which an argument that states no type of its own is a text.

    Names of files may be any bytes, as on the disk.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.register("type", None, text)

    def parse_known_args(self, *given: Any, **named: Any) -> Any:
        """As a parser does; what a command does not know is refused in the name of that command."""
        arguments, unknown = super().parse_known_args(*given, **named)
        if unknown and self._subparsers is None:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return arguments, unknown

    def add_subparsers(self, **named: Any) -> Any:
        """Those of the commands below, which look at the rest of the call themselves."""
        below = super().add_subparsers(**named)
        below.type = str
        return below


def text(said: str) -> str:
    """What was said; raises :class:`ArgumentTypeError` for bytes that are no text."""
    if not is_text(said):
        raise ArgumentTypeError(f"{no_text(said)}; write it in letters of UTF-8")
    return said


def no_text(said: str) -> str:
    """That something has bytes which are no text, in words."""
    return f"found {harmless_on_a_terminal(said)[:80]!r}, which has bytes that are no text in UTF-8"
