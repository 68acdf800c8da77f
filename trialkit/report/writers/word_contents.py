"""The contents list of a Word document: filled as it is written, and a field that Word fills anew."""

from collections.abc import Iterator, Mapping, Sequence

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from trialkit.report.writers.paper import PaperHeading
from trialkit.report.writers.word_xml import (
    Markup,
    bookmark_name,
    element,
    field_mark,
    field_start,
    page_numbers,
    paragraph,
    text_run,
    valued,
)

TITLE = "Report Contents"
LEVELS = ("toc 1", "toc 2")
"""The style of the entries of each level of heading, by the names that Word itself gives them."""
_INSTRUCTION = rf'TOC \o "1-{len(LEVELS)}" \h \z'


def add_contents_styles(document: Document, *, width: float) -> None:
    """Give the document the styles of a contents list that it lacks.

    ``width`` is that of the text, in points: page numbers end there.
    """
    known = {style.name.lower() for style in document.styles if style.name}
    if TITLE.lower() not in known:
        title = _style(document, TITLE, builtin=False)
        title.font.bold, title.font.size = True, Pt(12)
        title.paragraph_format.space_before = Pt(14)
        title.paragraph_format.keep_with_next = True
    for level, name in enumerate(LEVELS):
        if name not in known:
            layout = _style(document, name, builtin=True).paragraph_format
            layout.left_indent = Pt(12 * level)
            layout.space_before, layout.space_after = Pt(0 if level else 4), Pt(1)
            layout.tab_stops.add_tab_stop(Pt(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def contents_list(
    headings: Sequence[PaperHeading], styles: Mapping[str, str]
) -> tuple[Markup, ...]:
    """The list as Word's own part of a document, which offers to update it; none of no headings.

    Each entry leads to its heading; pages are counted by Word when it opens the document.
    """
    listed = [each for each in headings if each.level <= len(LEVELS)]
    if not listed:
        return ()
    entries = [list(_entry(each)) for each in listed]
    entries[0][:0] = field_start(_INSTRUCTION)
    entries[-1].append(field_mark("end"))
    made = (
        paragraph(*runs, style=styles[LEVELS[each.level - 1]])
        for each, runs in zip(listed, entries, strict=True)
    )
    title = paragraph(text_run("Contents"), style=styles[TITLE], keep_with_next=True)
    gallery = valued("w:docPartGallery", "Table of Contents")
    return (
        element(
            "w:sdt",
            element("w:sdtPr", element("w:docPartObj", gallery, element("w:docPartUnique"))),
            element("w:sdtContent", title, *made),
        ),
    )


def _entry(heading: PaperHeading) -> Iterator[Markup]:
    runs = (text_run(f"{heading.title}\t"), *page_numbers([heading.anchor]))
    target = {"w:anchor": bookmark_name(heading.anchor), "w:history": 1}
    yield element("w:hyperlink", *runs, attributes=target)


def _style(document: Document, name: str, *, builtin: bool) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles["Normal"]
    return style
