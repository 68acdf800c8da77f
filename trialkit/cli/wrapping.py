"""Lines as wide as the terminal: broken between words alone, and hanging under their first line."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

_HANGING = "  "
NARROWEST = 20
"""A terminal with fewer columns breaks the lines by itself."""
_HELD = "\ue000"
"""Stands for a blank that holds words together, while they are laid out."""


def wrapped(text: str, width: int, *, whole: Sequence[str] = ()) -> str:
    """The text with no line wider than ``width`` columns, unless a single word is wider.

    A line goes on two columns further in than it began. Words are never broken, so that an id, a
    path or a hash can be copied; each of ``whole`` counts as one word, whatever blanks it has.
    """
    held = text
    for each in whole:
        held = held.replace(each, each.replace(" ", _HELD))
    lines = (part for line in held.split("\n") for part in _parts(line, max(width, NARROWEST)))
    return "\n".join(lines).replace(_HELD, " ")


def _parts(line: str, width: int) -> Iterator[str]:
    if cell_len(line) <= width:
        yield line
        return
    words = line.lstrip(" ").split(" ")
    margin = line[: len(line) - len(line.lstrip(" "))]
    so_far = margin + words[0]
    for word in words[1:]:
        if cell_len(so_far) + 1 + cell_len(word) <= width:
            so_far = f"{so_far} {word}"
        else:
            yield so_far.rstrip(" ")
            so_far = margin + _HANGING + word
    yield so_far
