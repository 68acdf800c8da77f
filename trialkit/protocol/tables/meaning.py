"""What two texts have in common that a person reads as one: all but capitals and white space."""

from unicodedata import normalize


def meaning(text: str) -> str:
    """What all spellings of a text have in common, whatever their capitals and white space."""
    return normalize("NFC", tidy(text).casefold())


def tidy(text: str) -> str:
    """The text with single spaces between its words, none around them, in composed letters."""
    return " ".join(normalize("NFC", text).split())
