"""The author's blocks in a Word document, as Word and python-docx read them."""

from io import BytesIO
from zipfile import ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import nsmap, qn
from docx.table import Table
from lxml import etree

from trialkit.report.content.author_text import AuthorBlock
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.writers.word_author import AuthorWriter
from trialkit.report.writers.word_lists import ListNumbering
from trialkit.report.writers.word_styles import add_styles, style_ids
from trialkit.report.writers.word_xml import text_run, trees

TEXT = """Words.

- a
- b
  1. c

     under c
- d

7. e
8. f

| g | h |
|---|--:|
| 1 | 2 |
"""


def document(*, with_numbering: bool = True) -> WordDocument:
    made = Document()
    if not with_numbering:
        for key, relation in list(made.part.rels.items()):
            if relation.reltype.endswith("/numbering"):
                del made.part.rels[key]
    add_styles(made, own_document=False)
    lists = ListNumbering(made)
    author = AuthorWriter(
        style_ids(made), lists, lambda runs: (text_run(str(each)) for each in runs)
    )
    last = made.element.body.find(qn("w:sectPr"))
    for each in trees(author.write(blocks())):
        last.addprevious(each)
    saved = BytesIO()
    made.save(saved)
    return Document(BytesIO(saved.getvalue()))


def blocks() -> tuple[AuthorBlock, ...]:
    return read_blocks(TEXT, TextPlace(file="statements/6.md"))


def find(numbering: etree._Element, path: str) -> list[str]:
    return numbering.xpath(path, namespaces=nsmap)


def listed(made: WordDocument) -> list[tuple[str, str, int, int]]:
    """Each paragraph of a list: its words, how it is marked, its depth, and what its list counts from."""
    numbering = etree.fromstring(etree.tostring(made.part.numbering_part.element))
    found = []
    for each in made.paragraphs:
        place = each._p.xpath("w:pPr/w:numPr/*/@w:val")
        if not place:
            continue
        depth, number = map(int, place)
        own = f"w:num[@w:numId='{number}']"
        (of,) = find(numbering, f"{own}/w:abstractNumId/@w:val")
        level = f"w:abstractNum[@w:abstractNumId='{of}']/w:lvl[@w:ilvl='{depth}']"
        (kind,) = find(numbering, f"{level}/w:numFmt/@w:val")
        start = find(numbering, f"{own}/w:lvlOverride[@w:ilvl='{depth}']/w:startOverride/@w:val")
        found.append((each.text, kind, depth, int(start[0]) if start else 0))
    return found


def test_lists_are_counted_by_word_each_from_its_own_number() -> None:
    assert listed(document()) == [
        ("a", "bullet", 0, 0),
        ("b", "bullet", 0, 0),
        ("c", "decimal", 1, 1),
        ("d", "bullet", 0, 0),
        ("e", "decimal", 0, 7),
        ("f", "decimal", 0, 7),
    ]


def test_what_follows_in_an_item_stands_under_it_without_a_number() -> None:
    (under,) = [each for each in document().paragraphs if each.text == "under c"]
    assert not under._p.xpath("w:pPr/w:numPr")
    assert under.paragraph_format.left_indent is not None


def test_a_table_has_a_head_and_sides() -> None:
    (table,) = document().tables
    assert isinstance(table, Table)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["g", "h"], ["1", "2"]]
    assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
    assert table.cell(0, 0).paragraphs[0].runs[0].bold
    assert table.cell(1, 1).paragraphs[0].alignment is not None


def test_an_authors_own_document_without_lists_gets_a_part_for_them() -> None:
    made = document(with_numbering=False)
    assert [words for words, *_ in listed(made)] == ["a", "b", "c", "d", "e", "f"]
    saved = BytesIO()
    made.save(saved)
    with ZipFile(saved) as parts:
        assert [name for name in parts.namelist() if "numbering" in name] == ["word/numbering.xml"]


def test_a_document_without_lists_is_left_alone() -> None:
    made = Document()
    before = len(made.part.numbering_part.element)
    ListNumbering(made)
    assert len(made.part.numbering_part.element) == before
