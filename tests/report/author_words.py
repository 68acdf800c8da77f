"""An author's words, as tests write them."""

from collections.abc import Iterable

from trialkit.report.content.text import Paragraph


def in_paragraphs(texts: Iterable[str]) -> tuple[Paragraph, ...]:
    """Plain texts as blocks, nothing in them interpreted."""
    return tuple(Paragraph(runs=(text,)) for text in texts)
