from tests.report.author_words import in_paragraphs
from trialkit.report.content.author_text import AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import Citation, CitationMark, CitedWork, MarkedText, Position
from trialkit.report.content.text import CrossReference, PrintedNumber, WebAddress
from trialkit.report.writers.pdf_words import WordSetter

WORDS = WordSetter(anchors={"table-1", "reference-1"})


def test_only_places_that_are_there_are_led_to() -> None:
    assert WORDS.runs(
        (
            CrossReference(anchor="table-1", label="Table 1"),
            CrossReference(anchor="gone", label="Table 2"),
        )
    ) == [
        {"kind": "link", "anchor": "table-1", "text": "Table\N{NO-BREAK SPACE}1"},
        {"kind": "text", "text": "Table 2"},
    ]
    marks = tuple(CitationMark(text=each, anchor=f"reference-{each}") for each in "12")
    cited = Citation(works=(CitedWork(key="a"),), marks=marks, raised=True)
    assert WORDS.runs((cited,)) == [
        {
            "kind": "citation",
            "raised": True,
            "marks": [{"text": "1", "anchor": "reference-1"}, {"text": "2", "anchor": ""}],
        }
    ]


def test_words_lose_what_xml_forbids_and_scripts_are_no_links() -> None:
    lowered = MarkedText(text="2\x00", position=Position.LOWERED)
    assert WORDS.runs((lowered, WebAddress(url="javascript:x", words="w"))) == [
        {
            "kind": "marked",
            "text": "2\ufffd",
            "bold": False,
            "italic": False,
            "position": "lowered",
        },
        {"kind": "text", "text": "w"},
    ]
    assert WORDS.runs((PrintedNumber(text="1", results=()), WebAddress(url="https://a.b"))) == [
        {"kind": "text", "text": "1"},
        {"kind": "web", "url": "https://a.b", "text": "https://a.b"},
    ]


def test_lists_and_tables_keep_their_form() -> None:
    words = {"kind": "text", "text": "x"}
    table = AuthorTable(heads=(("x",),), rows=((("x",),), ((),)), sides=(ColumnSide.CENTRE,))
    assert WORDS.blocks((AuthorList(items=(in_paragraphs(("x",)), ()), first=3), table)) == [
        {"kind": "list", "first": 3, "items": [[{"kind": "paragraph", "runs": [words]}], []]},
        {"kind": "grid", "sides": ["center"], "heads": [[words]], "rows": [[[words]], [[]]]},
    ]
