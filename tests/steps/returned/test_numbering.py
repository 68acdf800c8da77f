"""Which paragraphs of a Word file belong to a list."""

from xml.etree.ElementTree import Element, fromstring

from tests.steps.returned.word_parts import W
from trialkit.steps.returned.numbering import DEEPEST, ListPlace, read_numbering

PART = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
</w:numbering>"""


def paragraph(number: str, depth: str = "0") -> Element:
    level = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/>'
    return fromstring(f"<w:p {W}><w:pPr><w:numPr>{level}</w:numPr></w:pPr></w:p>")


def test_a_list_counts_from_where_it_says_or_has_bullets() -> None:
    numbering = read_numbering(fromstring(PART))
    assert numbering.place(paragraph("4"), "") == ListPlace(of="4", depth=0, first=1)
    assert numbering.place(paragraph("4", "1"), "") == ListPlace(of="4", depth=1, first=None)
    assert numbering.place(paragraph("5"), "") == ListPlace(of="5", depth=0, first=7)
    assert numbering.place(paragraph("9"), "") == ListPlace(of="9", depth=0, first=None)


def test_number_0_takes_a_paragraph_out_and_depth_has_a_bound() -> None:
    numbering = read_numbering(None)
    assert numbering.place(paragraph("0"), "list bullet") is None
    deep = numbering.place(paragraph("1", "99999"), "")
    assert deep is not None
    assert deep.depth == DEEPEST


def test_styles_of_word_make_lists_too() -> None:
    numbering, plain = read_numbering(None), fromstring(f"<w:p {W}/>")
    assert numbering.place(plain, "list bullet 2") == ListPlace(
        of="list bullet", depth=1, first=None
    )
    assert numbering.place(plain, "list number") == ListPlace(of="list number", depth=0, first=1)
    assert numbering.place(plain, "normal") is None
