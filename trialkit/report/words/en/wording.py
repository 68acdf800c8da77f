"""Small pieces of English that the report's sentences are made of."""

from collections.abc import Sequence

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
    """The text with its first letter large; the others as they are."""
    return text[:1].upper() + text[1:]


def number_word(count: int) -> str:
    """Small counts in words, as running text has them."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else str(count)


def counted(count: int, singular: str, plural: str = "") -> str:
    """``one arm``, ``two arms``."""
    noun = singular if count == 1 else plural or f"{singular}s"
    return f"{number_word(count)} {noun}"


def lowered(text: str) -> str:
    """The text with its first letter small; the others as they are."""
    return text[:1].lower() + text[1:]
