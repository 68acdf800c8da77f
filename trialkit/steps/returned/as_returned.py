"""How Word would give blocks back that nobody edited: written into a document, and read from it."""

from collections.abc import Mapping, Sequence

from trialkit.files.office_archive import WORD, Archive
from trialkit.report.content.author_text import AuthorBlock, AuthorText
from trialkit.report.content.content import Content, Section
from trialkit.report.content.marks import CitedWork
from trialkit.report.guidelines.checklist import consort_2025, fill_checklist
from trialkit.report.writers.word import render_word
from trialkit.steps.returned.author_words import read_words
from trialkit.steps.returned.controls import statement_controls
from trialkit.steps.returned.word_file import word_in


def as_returned(
    texts: Sequence[tuple[AuthorBlock, ...]], cited: Mapping[str, tuple[CitedWork, ...]]
) -> list[tuple[AuthorBlock, ...]]:
    """Each of these texts as it is after the way into Word and out of it."""
    blocks = tuple(
        AuthorText(item="", blocks=each, file=f"{number}.md") for number, each in enumerate(texts)
    )
    content = Content(
        title="", short_title="", identity=(), synthetic="", warnings=(),
        sections=(Section(anchor="all", title="All", blocks=blocks),),
        checklist=fill_checklist(consort_2025(), (), head=(), not_reported=()),
        facts=(),
    )  # fmt: skip
    word = word_in(Archive(render_word(content, {}), file="", kind=WORD))
    found = {
        each.tag.key: read_words(each.content, word, cited).blocks
        for each in statement_controls(word)
    }
    return [found.get(str(number), ()) for number in range(len(texts))]
