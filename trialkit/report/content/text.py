"""Runs of text, numbers and references, the author's words, and what is missing."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from trialkit.report.content.claims import Claim

_ON_THE_WEB = re.compile(r"https?://[^\s<>\"]+")


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
    """An address on the web that a reader may follow; nothing is loaded from it."""

    url: str

    @property
    def is_followed(self) -> bool:
        """Whether it is an address on the web: another, such as a script, is printed as words."""
        return _ON_THE_WEB.fullmatch(self.url) is not None


Run: TypeAlias = str | PrintedNumber | CrossReference | WebAddress


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorText:
    """The author's own words on a checklist item."""

    kind: ClassVar[str] = "statement"
    item: str
    paragraphs: tuple[str, ...]
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
    file: str = ""
    """The file of the trial that holds the words."""


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
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
    checklist: str = "consort"
