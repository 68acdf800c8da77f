"""Small pieces of English that the report's sentences are made of."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from trialkit.grammar import plural as with_count

T = TypeVar("T")
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def listing(words: Sequence[str], *, last: str = "and") -> str:
    """``a, b and c``."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends as a sentence does."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "\N{IDEOGRAPHIC FULL STOP}")) else f"{text}."


def capitalised(text: str) -> str:
    """The text with its first letter large; names such as ``pH`` and ``mRNA`` as they are."""
    return text if any(c.isupper() for c in _rest(text)) else text[:1].upper() + text[1:]


def alike(said: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """Who has the same said of them, so that a sentence says it once: by the words, in their order."""
    found: dict[str, list[T]] = {}
    for words, of in said:
        found.setdefault(words, []).append(of)
    return found


def number_word(count: int) -> str:
    """Small counts in words, as running text has them."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else str(count)


def counted(count: int, singular: str, plural: str = "") -> str:
    """``one arm``, ``two arms``."""
    return f"{number_word(count)} {with_count(count, singular, plural)}"


def lowered(text: str) -> str:
    """The text with its first letter small; ``PH``, ``B12`` and ``Berg Balance Scale`` as they are."""
    if any(c.isupper() or c.isdigit() for c in _rest(text)) or _TITLE.match(text):
        return text
    return text[:1].lower() + text[1:]


_WORD = re.compile(r"[^\W_]+")
_TITLE = re.compile(r"[^\W\d_][^\W_]*[ -][A-Z][a-z]")
"""Two words that both begin with a capital: a name, not the beginning of a sentence."""


def _rest(text: str) -> str:
    """The first word without its first letter: capitals in it make a name of the word."""
    first = _WORD.match(text)
    return "" if first is None else first.group()[1:]
