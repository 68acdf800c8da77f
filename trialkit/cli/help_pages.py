"""The end of each page of help: calls to copy, and how the command ends."""

from argparse import ArgumentParser, HelpFormatter, _SubParsersAction
from collections.abc import Iterator
from textwrap import fill

from trialkit.cli.command_ends import CommandEnds
from trialkit.cli.ends import ENDS

GENERAL = """exit codes:
  0  done, no hard finding
  1  hard findings, differences, or something to decide; with --strict also a missing statement or an error of the lint
  2  the protocol, a form, a file or the call cannot be carried out, or a primary analysis that is due; all the rest is written then
  3  a fault of trialkit itself
Each command's own help says what its codes mean.
"""


class HelpPage(HelpFormatter):
    """Paragraphs are filled; a line that begins with blanks is kept, and hangs where it is too long."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks: list[str] = []
        is_open = False
        for line in text.strip("\n").split("\n"):
            is_running = bool(line.strip()) and not line.startswith(" ") and not line.endswith(":")
            if is_running and is_open:
                blocks[-1] = f"{blocks[-1]} {line}"
            else:
                blocks.append(line)
            is_open = is_running
        return "\n".join(indent + _filled(each, width) for each in blocks)


def _filled(block: str, width: int) -> str:
    """An example is kept as it stands: it is to be copied."""
    if block.lstrip().startswith("trialkit "):
        return block
    margin = block[: len(block) - len(block.lstrip())]
    hanging = f"{margin}   " if margin else ""
    return fill(
        block,
        width,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def add_help_pages(parser: ArgumentParser) -> None:
    """To every command and action its examples and its own exit codes; to groups the general ones."""
    parser.formatter_class = HelpPage
    parser.epilog = GENERAL
    for name, each in commands(parser):
        each.formatter_class = HelpPage
        each.epilog = page_end(ENDS[name]) if name in ENDS else GENERAL


def page_end(ends: CommandEnds) -> str:
    """Examples and exit codes of one command."""
    calls = "".join(f"  trialkit {each}\n" for each in ends.examples)
    codes = "".join(f"  {code.value}  {text}\n" for code, text in ends.codes.items())
    return f"examples:\n{calls}\nexit codes:\n{codes}"


def commands(parser: ArgumentParser, name: str = "") -> Iterator[tuple[str, ArgumentParser]]:
    """Every command, group of actions and action that there is, by its words."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for word, inner in action.choices.items():
                path = f"{name} {word}".strip()
                yield path, inner
                yield from commands(inner, path)
