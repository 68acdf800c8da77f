"""Runs of text, numbers and references, and what is missing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias, assert_never

from trialkit.report.content.claims import Claim
from trialkit.report.content.marks import Citation, MarkedText

_FOLLOWED = re.compile(r"https?://[^\s<>\"]+|mailto:[^\s<>\"@?]+@[^\s<>\"@?]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber:
    """A printed number, and the rows of the results that it prints."""

    text: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossReference:
    """A pointer to a numbered table or figure; its label is known when all are placed."""

    anchor: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """An address on the web, or of mail, that a reader may follow; nothing is loaded from it."""

    url: str
    words: str = ""
    """What is printed for it; the address itself where nothing is said."""

    @property
    def is_followed(self) -> bool:
        """Whether it is an address on the web or of mail: a script, or a file, is printed as words."""
        return _FOLLOWED.fullmatch(self.url) is not None

    @property
    def text(self) -> str:
        """What is printed."""
        return self.words or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class ToWrite:
    """What an author is still to write, visible where it belongs in an article."""

    text: str
    advice: str = ""
    """What is asked for, and by whom; Word keeps it as a comment on the text."""


Run: TypeAlias = str | PrintedNumber | CrossReference | WebAddress | MarkedText | Citation | ToWrite


def words_of(runs: Iterable[Run]) -> str:
    """What the runs say, without marks, and without what a citation leads to."""
    said = ""
    for run in runs:
        if isinstance(run, Citation):
            said = said.rstrip() if not run.marks else said + run.text
        else:
            said += _words_of(run)
    return said


def _words_of(run: str | PrintedNumber | CrossReference | WebAddress | MarkedText | ToWrite) -> str:
    match run:
        case str():
            return run
        case CrossReference():
            return run.label
        case PrintedNumber() | WebAddress() | MarkedText() | ToWrite():
            return run.text
        case _:
            assert_never(run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    kind: ClassVar[str] = "paragraph"
    runs: tuple[Run, ...]
    anchor: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of short texts."""

    kind: ClassVar[str] = "bullets"
    items: tuple[tuple[Run, ...], ...]
    lead: str = ""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A term and what is said of it."""

    term: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Terms with what is said of them."""

    kind: ClassVar[str] = "definitions"
    entries: tuple[Definition, ...]
    lead: str = ""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()


class GapKind(StrEnum):
    """Why something is not there."""

    STATEMENT = "statement"
    DATA = "data"
    NOT_REPORTED = "not reported"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A visible hole where the report should say something, and how to fill it."""

    kind: ClassVar[str] = "gap"
    item: str
    reason: GapKind
    title: str
    text: str
    remedy: str = ""
    wanting: str = ""
    """What is still to be said, in a sentence, where ``text`` also says what the item asks for."""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
    checklist: str = "consort"
