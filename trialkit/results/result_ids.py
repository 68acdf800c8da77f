"""What a result is called: the same from run to run, in one word."""

from collections.abc import Iterable

_IN_AN_ID = str.maketrans(
    {
        " ": "+",
        "+": "%2B",
        "/": "%2F",
        "%": "%25",
        "\t": "%09",
        "\n": "%0A",
        "\r": "%0D",
        "\f": "%0C",
    }
)
"""Ids stand in a row with spaces between, and their parts with slashes; nothing is lost."""
_EMPTY = "-"


def result_id(parts: Iterable[str]) -> str:
    """The parts with slashes between, ``-`` for one that is empty, ``%2D`` for one that is a dash."""
    return "/".join(map(_part, parts))


def _part(text: str) -> str:
    return "%2D" if text == _EMPTY else text.translate(_IN_AN_ID) or _EMPTY
