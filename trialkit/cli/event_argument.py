"""The number of an event of the log, as a call names it."""

from argparse import ArgumentTypeError

_DIGITS = 18
"""More than any log has, and few enough for the numbers of every database."""


def event_number(text: str) -> int:
    """The number; :class:`ArgumentTypeError` for what is none, or larger than that of any log."""
    if not is_number(text):
        raise ArgumentTypeError(f"{text!r} is no event; write its number, as 'store log' shows it")
    if len(text) > _DIGITS:
        raise ArgumentTypeError(f"{text!r} is no event; a log has no such number")
    return int(text)


def is_number(text: str) -> bool:
    """Whether a text is meant as the number of an event."""
    return text.isdecimal() and text.isascii()
