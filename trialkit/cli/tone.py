"""How grave a line is, and whether a stream may show it by colour."""

import os
from enum import Enum
from typing import IO


class Tone(Enum):
    """How grave a line is; its value is the style that shows it on a terminal."""

    PLAIN = ""
    GOOD = "green"
    WARNING = "yellow"
    ERROR = "red"
    HEAD = "bold"


def is_watched(stream: IO[str]) -> bool:
    """Whether a person looks at the stream: lines are wrapped there, and progress is shown."""
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False


def has_colours(stream: IO[str]) -> bool:
    """Whether the stream may have colours: on a terminal, unless the environment says otherwise.

    ``NO_COLOR`` forbids them (no-color.org), ``FORCE_COLOR`` asks for them also in a pipe, and a
    terminal of the kind ``dumb`` knows none.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_watched(stream) and os.environ.get("TERM", "").lower() not in {"dumb", "unknown"}
