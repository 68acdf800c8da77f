"""The tags of content controls: which statement an author's words are, and which works are cited.

Word keeps a tag of 64 characters at most and shows it to nobody; the author's words alone stand in
a control with one of these.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from trialkit.report.content.marks import CitedWork
from trialkit.report.marks.writing import citation_source
from trialkit.report.writers.word_marks import alike

_STATEMENT = "trialkit:statement:"
_CITATION = "trialkit:cites:"
_CITATION_TAG = re.compile(rf"(?P<works>{_CITATION}[0-9a-f]{{16}}):(?P<words>[0-9a-f]{{8}})")
_TAG = re.compile(
    rf"{_STATEMENT}(?P<key>[0-9A-Za-z-]{{1,19}}):(?P<source>[0-9a-f]{{16}}):(?P<words>[0-9a-f]{{8}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTag:
    """Which statement stands in a control, and as what it was written into the document."""

    key: str
    """The name of its file without its ending, such as ``6`` or ``npt-5b``."""
    source: str
    """The first 16 digits of the SHA-256 of its Markdown."""
    words: str
    """The first 8 digits of that of its words as the document had them."""

    @property
    def text(self) -> str:
        """The tag as the control has it."""
        return f"{_STATEMENT}{self.key}:{self.source}:{self.words}"


def statement_tag(key: str, *, source: str, words: str) -> StatementTag:
    """The tag of a statement: its Markdown, and its words as they are written into a document."""
    return StatementTag(key=key, source=source_hash(source), words=words_hash(words))


def statement_tagged(text: str) -> StatementTag | None:
    """The statement that a control with this tag holds; None for another control."""
    found = _TAG.fullmatch(text)
    if found is None:
        return None
    return StatementTag(key=found["key"], source=found["source"], words=found["words"])


def is_damaged(text: str) -> bool:
    """Whether a tag begins as that of a statement does, and names none."""
    return text.startswith(_STATEMENT) and statement_tagged(text) is None


def source_hash(source: str) -> str:
    """What a tag says of a statement's Markdown."""
    return sha256(_bytes(source)).hexdigest()[:16]


def words_hash(words: str) -> str:
    """What a tag says of the words in its control, but for blanks and kinds of minus."""
    return sha256(_bytes(alike(words))).hexdigest()[:8]


def citation_tag(works: Iterable[CitedWork], *, printed: str = "") -> str:
    """The tag of the control in which the number of cited works stands, and what was ``printed``."""
    tag = f"{_CITATION}{sha256(_bytes(citation_source(works))).hexdigest()[:16]}"
    return f"{tag}:{words_hash(printed)}" if printed else tag


def citation_tagged(text: str) -> tuple[str, str]:
    """The tag of the works alone, and the hash of what was printed for them; empty where none is said."""
    found = _CITATION_TAG.fullmatch(text)
    return (text, "") if found is None else (found["works"], found["words"])


def _bytes(text: str) -> bytes:
    """The text for a digest; half of a pair of signs, which no encoding has, is spelled out."""
    return text.encode(errors="backslashreplace")
