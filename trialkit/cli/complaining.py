"""Why a command could not be carried out, said on a terminal: in colour, and in lines that fit."""

from rich.console import Console
from rich.text import Text

from trialkit.cli.tone import Tone, has_colours, is_watched
from trialkit.cli.wrapping import wrapped


def complain(text: str) -> None:
    """The complaint on standard error; raises :class:`OSError` where it cannot be written."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    style = Tone.ERROR.value if has_colours(console.file) else ""
    if is_watched(console.file):
        text = wrapped(text, console.width)
    console.print(Text(text, style=style))
