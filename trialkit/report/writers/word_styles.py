"""The styles that a report needs in Word: those of the author's own document, and what it lacks."""

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from trialkit.report.writers.word_table_styles import (
    TEXT,
    TEXT_SIZE,
    add_table_styles,
    styles_by_name,
)
from trialkit.report.writers.word_xml import Element, element, tree

SERIF = "Times New Roman"
SANS = "Arial"
INK = RGBColor(0x1B, 0x1F, 0x24)
SOFT = RGBColor(0x57, 0x60, 0x6A)
AMBER = RGBColor(0x5F, 0x37, 0x00)
RED = RGBColor(0x7A, 0x1B, 0x12)

BEFORE_DECORATION = (
    "w:pStyle",
    "w:keepNext",
    "w:keepLines",
    "w:pageBreakBefore",
    "w:framePr",
    "w:widowControl",
    "w:numPr",
)
"""What stands before borders and shades among the properties of a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLook:
    """How the paragraphs of a style look."""

    name: str
    parent: str = "Normal"
    font: str = SERIF
    size: float = 11
    bold: bool = False
    italic: bool = False
    colour: RGBColor = INK
    before: float = 0
    after: float = 0
    line: float = 1.0
    left: float = 0
    hanging: float = 0
    keep_with_next: bool = False
    keep_together: bool = False
    centred: bool = False
    shade: str = ""
    bar: str = ""
    """The colour of a bar at the left."""


NORMAL = WordLook(name="Normal", parent="", after=6, line=1.15)
TITLE = WordLook(name="Title", font=SANS, size=20, bold=True, after=8, keep_with_next=True)
HEADINGS = (
    WordLook(
        name="Heading 1", font=SANS, size=15, bold=True, before=20, after=6, keep_with_next=True
    ),
    WordLook(
        name="Heading 2", font=SANS, size=12, bold=True, before=14, after=4, keep_with_next=True
    ),
    WordLook(
        name="Heading 3", font=SANS, size=11, bold=True, before=10, after=3, keep_with_next=True
    ),
)
CAPTION = WordLook(
    name="Caption", font=SANS, size=9.5, before=10, after=4, keep_with_next=True, keep_together=True
)
BULLET = WordLook(name="List Bullet", after=2, line=1.1)
OWN = (
    WordLook(name="Report Identity", font=SANS, size=9.5, colour=SOFT, after=1),
    WordLook(
        name="Report Checklist Items", font=SANS, size=8, colour=SOFT, after=3, keep_with_next=True
    ),
    WordLook(
        name="Report Lead", font=SANS, size=10, bold=True, before=6, after=2, keep_with_next=True
    ),
    WordLook(name="Report Definition", after=3, left=99, hanging=99, line=1.1),
    WordLook(name=TEXT, font=SANS, size=TEXT_SIZE, before=1.5, after=1.5),
    WordLook(name="Report Table Note", font=SANS, size=8, colour=SOFT, after=1, keep_together=True),
    WordLook(name="Report Figure", before=8, after=2, centred=True, keep_with_next=True),
    WordLook(name="Report Figure Caption", font=SANS, size=9.5, after=10, keep_together=True),
    WordLook(
        name="Report Synthetic",
        font=SANS,
        size=9,
        bold=True,
        colour=AMBER,
        after=4,
        shade="FFF3D1",
        keep_together=True,
    ),
    WordLook(
        name="Report Caution",
        font=SANS,
        size=9.5,
        colour=RED,
        before=4,
        after=4,
        left=6,
        shade="FBE5E2",
        bar="7A1B12",
        keep_together=True,
    ),
    WordLook(
        name="Report Gap Title",
        font=SANS,
        size=9.5,
        bold=True,
        colour=RED,
        before=6,
        left=6,
        shade="FDF3F1",
        bar="D9887E",
        keep_with_next=True,
    ),
    WordLook(
        name="Report Gap",
        font=SANS,
        size=9.5,
        colour=RED,
        after=6,
        left=6,
        shade="FDF3F1",
        bar="D9887E",
        keep_together=True,
    ),
    WordLook(name="Report Statement", after=6, line=1.15),
)


def style_ids(document: Document) -> dict[str, str]:
    """The identifier of each style by its name."""
    return {style.name: style.style_id for style in document.styles if style.name}


def add_styles(document: Document, *, own_document: bool) -> None:
    """Give the document every style that a report uses.

    Into an author's own document only what it lacks is added: its own looks stay as they are.
    """
    known = styles_by_name(document)
    for look in (NORMAL, TITLE, *HEADINGS, CAPTION, BULLET, *OWN):
        if look.name in known and own_document:
            continue
        found = known.get(look.name)
        if found is None:
            found = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
            known[look.name] = found
        assert isinstance(found, ParagraphStyle)
        if look.parent:
            found.base_style = known[look.parent]
        _set(found, look, apart=not own_document)
    add_table_styles(document)


def _set(style: ParagraphStyle, look: WordLook, *, apart: bool) -> None:
    """Put a look into a style; in an author's own document its font stays the author's."""
    if apart:
        _set_font(style, look.font)
    style.font.size = Pt(look.size)
    style.font.bold = look.bold
    style.font.italic = look.italic
    style.font.color.rgb = look.colour
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = look.line
    layout.left_indent = Pt(look.left) if look.left else None
    layout.first_line_indent = Pt(-look.hanging) if look.hanging else None
    layout.keep_with_next = look.keep_with_next
    layout.keep_together = look.keep_together
    layout.widow_control = True
    if look.centred:
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _decorate(style, look)


def _set_font(style: ParagraphStyle, font: str) -> None:
    """One font for Latin, and for what Word counts as complex; East Asian text finds its own."""
    style.font.name = font
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:cs"), font)


def _decorate(style: ParagraphStyle, look: WordLook) -> None:
    """The shade behind a paragraph, and the bar at its left."""
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:shd"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    decorations = []
    if look.bar:
        edge = {"w:val": "single", "w:sz": 24, "w:space": 6, "w:color": look.bar}
        decorations.append(element("w:pBdr", element("w:left", attributes=edge)))
    if look.shade:
        shade = {"w:val": "clear", "w:color": "auto", "w:fill": look.shade}
        decorations.append(element("w:shd", attributes=shade))
    position = _after(properties, BEFORE_DECORATION)
    for decoration in reversed(decorations):
        properties.insert(position, tree(decoration))


def _after(properties: Element, tags: tuple[str, ...]) -> int:
    """Where an element belongs that stands behind these; Word minds the order."""
    names = {qn(tag) for tag in tags}
    places = [number for number, child in enumerate(properties) if child.tag in names]
    return places[-1] + 1 if places else 0
