"""Text from a user becomes a member of an enum in one place, and unknown text lists the known."""

from collections.abc import Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol, TypeVar

from trialkit.errors import AnalysisError

Choice = TypeVar("Choice", bound=StrEnum)


def choose(kind: type[Choice], value: str, *, parameter: str) -> Choice:
    """The member of ``kind`` that ``value`` is or names.

    Raises :class:`AnalysisError` that lists the known names and suggests the nearest.
    """
    try:
        return kind(value)
    except ValueError:
        known = [member.value for member in kind]
        message = f"{parameter}={value!r} is not known; known are {', '.join(known)}"
        raise AnalysisError(message + suggestion(str(value), known)) from None


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that ``word`` is most likely meant for, None when none is near."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return near[0] if near else None


def suggestion(word: str, known: list[str]) -> str:
    """``; did you mean 'x'?`` when a known word is near, else nothing."""
    near = nearest(word, known)
    return f"; did you mean {near!r}?" if near else ""


class KnownByCode(Protocol):
    """What is known by its code."""

    @property
    def code(self) -> str:
        """By which it is named."""


CodedNoun = TypeVar("CodedNoun", bound=KnownByCode)


def by_code(nouns: Sequence[CodedNoun], code: str, *, what: str) -> CodedNoun:
    """The noun with this code.

    Raises :class:`AnalysisError` that lists the codes there are and suggests the nearest.
    """
    for each in nouns:
        if each.code == code:
            return each
    known = [each.code for each in nouns]
    listed = f"codes are {', '.join(known)}" if known else "there is none"
    raise AnalysisError(f"no {what} has the code {code!r}; {listed}{suggestion(str(code), known)}")
