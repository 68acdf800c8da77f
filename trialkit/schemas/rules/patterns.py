r"""Patterns of texts: regular expressions that an engine of linear time runs, within bounds.

A pattern is that of the whole text. ``\d`` and ``\w`` are the digits, letters and underscore of
ASCII, as in the languages that forms are imported from: a full-width 1 is no digit. Look-around and
back-references do not exist, since no engine of linear time has them.
"""

import re

import polars as pl
from polars.exceptions import PolarsError

from trialkit.errors import ProtocolError
from trialkit.limits import LONGEST_MATCHED, LONGEST_PATTERN, WIDEST_PATTERN

_ASCII = {
    r"\d": "[0-9]",
    r"\D": "[^0-9]",
    r"\w": "[0-9A-Za-z_]",
    r"\W": "[^0-9A-Za-z_]",
}
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|.", re.DOTALL)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_WHY = re.compile(r"^error: (.+)$", re.MULTILINE)


def whole_text_pattern(stated: str) -> str:
    """A pattern as polars runs it.

    Raises :class:`ProtocolError` for one that is too long, or that cannot be run in linear time.
    """
    shown = stated if len(stated) <= 60 else f"{stated[:57]}..."
    if not stated:
        raise ProtocolError("an empty pattern; write IS NULL for a blank")
    if len(stated) > LONGEST_PATTERN:
        raise ProtocolError(
            f"a pattern of {len(stated):,} characters; {LONGEST_PATTERN:,} are read at most"
        )
    if _width(stated) > WIDEST_PATTERN:
        raise ProtocolError(
            f"the pattern '{shown}', whose repeats come to more than {WIDEST_PATTERN:,} characters "
            "when they are written out; write * or + for a repeat without end"
        )
    in_ascii = _ESCAPE.sub(lambda each: _ASCII.get(each[0], each[0]), stated)
    _refuse_what_cannot_run(in_ascii, shown)
    found = f"^(?:{in_ascii})$"
    _refuse_what_cannot_run(found, shown)
    return found


def matched(text: pl.Expr, pattern: str) -> pl.Expr:
    """Whether a text is what a pattern says; no pattern is for a text of more than some length."""
    short = text.str.len_chars() <= LONGEST_MATCHED
    return short & text.str.head(LONGEST_MATCHED).str.contains(pattern)


def _refuse_what_cannot_run(pattern: str, shown: str) -> None:
    try:
        pl.Series([""]).str.contains(pattern)
    except PolarsError as error:
        said = _WHY.search(str(error))
        why = said[1] if said else "it is too large when its repeats are written out"
        raise ProtocolError(
            f"the pattern '{shown}', which cannot be run: {why}; a pattern is a regular expression "
            "without look-around and back-references"
        ) from None


def _width(pattern: str) -> int:
    """How many characters a pattern has when its counted repeats are written out."""
    open_groups, last = [0], 0
    for piece in _PIECE.findall(pattern):
        if piece == "(":
            open_groups.append(0)
            last = 0
        elif piece == ")" and len(open_groups) > 1:
            last = open_groups.pop()
            open_groups[-1] += last
        elif piece[0] == "{" and len(piece) > 1:
            times = max(int(each) for each in piece[1:-1].split(",") if each)
            open_groups[-1] += last * (times - 1)
            last *= times
        elif piece not in {"?", "*", "+", "|"}:
            last = 1
            open_groups[-1] += 1
    return sum(open_groups)
