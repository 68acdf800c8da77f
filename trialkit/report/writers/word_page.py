"""The pages of a Word document: paper, heads, feet, and the sections of turned pages."""

from copy import deepcopy

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Emu, Mm

from trialkit.report.content.content import Content
from trialkit.report.writers.word_styles import style_ids
from trialkit.report.writers.word_xml import (
    Element,
    Markup,
    element,
    field,
    paragraph,
    text_run,
    tree,
    trees,
    valued,
    written,
)

WIDTH, HEIGHT = 210, 297
MARGIN = 20
_REFERENCES = frozenset({qn("w:headerReference"), qn("w:footerReference")})


def set_paper(document: Document, content: Content, *, own_document: bool) -> None:
    """A4 and its margins unless the author's document has its own; and the language of the text."""
    if not own_document:
        section = document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
        section.left_margin = section.right_margin = Mm(MARGIN)
        section.top_margin, section.bottom_margin = Mm(22), Mm(20)
        section.header_distance, section.footer_distance = Mm(10), Mm(10)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(
            tree(
                element(
                    "w:lang",
                    attributes={
                        "w:val": content.language,
                        "w:eastAsia": "zh-CN",
                        "w:bidi": "ar-SA",
                    },
                )
            )
        )


def room(document: Document, *, turned: bool) -> float:
    """How wide the text may be on the document's own paper, in points."""
    section = document.sections[0]
    width, height = section.page_width or Mm(WIDTH), section.page_height or Mm(HEIGHT)
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    long, short = max(width, height), min(width, height)
    return float(Emu((long if turned else short) - margins).pt)


def number_pages(document: Document, content: Content, *, own_document: bool) -> None:
    """The short title at the head and the page's number at the foot of every page.

    What the author's document has there stays, and what the report must say is added to it.
    """
    ids = style_ids(document)
    section = document.sections[0]
    head, foot = section.header, section.footer
    own_head = own_document and not head.is_linked_to_previous
    own_foot = own_document and not foot.is_linked_to_previous
    head.is_linked_to_previous = foot.is_linked_to_previous = False
    lines = [] if own_head else [paragraph(text_run(content.short_title), style=ids["Header"])]
    lines += [
        paragraph(text_run(text, bold=True), style=ids["Report Synthetic"], alignment="center")
        for text in (content.mark, content.synthetic)
        if text
    ]
    _put(head._element, lines, replacing=not own_head)
    if not own_foot:
        pages = (
            text_run("Page "),
            *field("PAGE", "1"),
            text_run(" of "),
            *field("NUMPAGES", "1"),
        )
        foot_line = paragraph(*pages, style=ids["Footer"], alignment="center")
        _put(foot._element, [foot_line], replacing=True)


def section_end(last: Element, *, turned: bool) -> None:
    """End a section before ``last``, the properties of the document's final section.

    The break stands in a paragraph of its own, too small to be seen.
    """
    properties = deepcopy(last)
    for child in list(properties):
        if child.tag in _REFERENCES:
            properties.remove(child)
    if turned:
        turn(properties)
    tiny = element(
        "w:pPr",
        element(
            "w:spacing",
            attributes={"w:before": 0, "w:after": 0, "w:line": 20, "w:lineRule": "exact"},
        ),
        written(properties),
    )
    run = element("w:r", element("w:rPr", valued("w:sz", 2)))
    last.addprevious(tree(element("w:p", tiny, run)))


def heads_first(document: Document) -> None:
    """Move the author's heads and feet to the first section: the others take after it."""
    first, *others = document.element.body.iter(qn("w:sectPr"))
    if not others:
        return
    last = others[-1]
    references = [child for child in last if child.tag in _REFERENCES]
    for place, reference in enumerate(references):
        first.insert(place, reference)


def turn(properties: Element) -> None:
    """Lay the pages of a section on their side."""
    size = properties.find(qn("w:pgSz"))
    width, height = size.get(qn("w:w")), size.get(qn("w:h"))
    size.set(qn("w:w"), height)
    size.set(qn("w:h"), width)
    size.set(qn("w:orient"), "landscape")


def _put(part: Element, lines: list[Markup], *, replacing: bool) -> None:
    if replacing:
        for old in list(part):
            part.remove(old)
    for line in trees(lines):
        part.append(line)
    if not len(part):
        part.append(tree(element("w:p")))
