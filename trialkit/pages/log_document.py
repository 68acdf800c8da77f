"""The log of an evidence store as a PDF to print: a table, whose texts are data and never markup."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from trialkit.errors import EvidenceError, GlyphError
from trialkit.limits import LONGEST_PRINTED_LOG, MOST_PRINTED_EVENTS
from trialkit.pages.log_head import LogHead, in_brackets, shown
from trialkit.pages.missing_glyphs import without_glyph
from trialkit.pages.setting import set_as_pdf
from trialkit.report.lettering.fonts import lacking

TEMPLATE = "log.typ"
_NOTE = (
    "What cannot be seen stands as its number in Unicode, as [U+202E]; ⏎ is a new line, ⇥ a tab."
)
_BOXES = " So do characters that no font of the computer has on which this was made."
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
"""Where a word may break, which the template sets as a place and not as a character."""
_LONG_WORD = re.compile(r"[!-\u02af\u0370-\u052f]{19,}|\S{61,}")
"""What has no place to break and is wider than the narrowest column of texts; in scripts whose letters
join, or that break anywhere, only what nobody writes."""
_PART = re.compile(r".{1,18}[\u0300-\u036f]*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDocument:
    """A PDF of a log, and which of its characters no font has."""

    content: bytes
    numbered: str
    """The characters that stand there as their numbers, each once."""


def render_log(
    head: LogHead,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    templates: Path,
    *,
    what: str,
) -> LogDocument:
    """The log on A4 across, its heads on each page; the same bytes for the same log, moment and fonts.

    ``what`` names the file in messages. Raises :class:`EvidenceError` for more than fits
    :data:`~trialkit.limits.MOST_PRINTED_EVENTS`, and :class:`ReportError` when ``templates`` has no
    usable ``log.typ``.
    """
    printed = _within_limits(rows, what)
    about = [*head.about, ("Events", f"{len(printed):,}")]
    texts = chain(
        *printed, *about, (head.title, head.trial, head.synthetic, head.end, head.registration)
    )
    characters = "".join(set(chain.from_iterable(map(shown, texts))))

    def made(boxes: str) -> LogDocument:
        numbers = {ord(each): f"{in_brackets(each)}{_MAY_BREAK}" for each in boxes}
        document = _document(head, heads, printed, about, numbers)
        content = set_as_pdf(document, TEMPLATE, templates, what="the log", is_accessible=True)
        return LogDocument(content=content, numbered="".join(sorted(boxes)))

    try:
        return made(without_glyph(characters))
    except (
        GlyphError
    ):  # one that stands by itself, and not where it is, as an accent of another font
        return made(lacking(characters))


def _document(
    head: LogHead,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    about: Iterable[tuple[str, str]],
    numbers: Mapping[int, str],
) -> dict[str, object]:
    """What the template places, its texts with nothing in them that cannot be printed."""

    def set_text(text: str) -> str:
        return _breakable(shown(text).translate(numbers))

    return {
        "title": set_text(head.title),
        "trial": set_text(head.trial),
        "synthetic": set_text(head.synthetic),
        "end": set_text(head.end),
        "about": [[label, set_text(text)] for label, text in about],
        "note": _NOTE + (_BOXES if numbers else ""),
        "heads": list(heads),
        "rows": [[set_text(text) for text in row] for row in rows],
    }


def _within_limits(rows: Iterable[Sequence[str]], what: str) -> list[tuple[str, ...]]:
    printed, characters = [], 0
    for row in rows:
        printed.append(tuple(row))
        characters += sum(map(len, row))
        if len(printed) > MOST_PRINTED_EVENTS or characters > LONGEST_PRINTED_LOG:
            raise EvidenceError(
                f"{what}: a PDF holds {MOST_PRINTED_EVENTS:,} events and {LONGEST_PRINTED_LOG:,} characters "
                "at most, and more was asked for; ask for less (--subject, --form, --person, --since, "
                "--until), or write .html or .csv, which hold any number"
            )
    return printed


def _breakable(text: str) -> str:
    """The text with places to break in words that no column holds."""
    return _LONG_WORD.sub(lambda word: _MAY_BREAK.join(_PART.findall(word[0])), text)
