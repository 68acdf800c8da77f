"""Where a line may break inside a cell: numbers that belong together stay on one line."""

import re

from trialkit.report.numbers.numbers import NO_BREAK

SHORT = 14
IN_PARENTHESES = re.compile(r"(\([^()]{1,40}\))")


def kept_together(text: str) -> str:
    """The text with blanks that do not break: all of them in a short one, else in parentheses."""
    if len(text) <= SHORT:
        return text.replace(" ", NO_BREAK)
    pieces = IN_PARENTHESES.split(text)
    return "".join(
        piece.replace(" ", NO_BREAK) if number % 2 else piece for number, piece in enumerate(pieces)
    )
