"""A report with every kind of block, whose every word tries to be something else than a word."""

from dataclasses import replace
from datetime import date

from tests.report.author_words import in_paragraphs
from trialkit.report.composing import numbered
from trialkit.report.content.author_text import (
    AuthorBlock,
    AuthorList,
    AuthorTable,
    AuthorText,
    ColumnSide,
)
from trialkit.report.content.checklists import Checklist, ChecklistRow, Place, RowStatus
from trialkit.report.content.claims import ClaimSource
from trialkit.report.content.content import Content, Fact, Figure, Section
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.marks import (
    Citation,
    CitationMark,
    CitedWork,
    MarkedText,
    Position,
)
from trialkit.report.content.references import CitedReference, References
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import (
    Bullets,
    CrossReference,
    Definition,
    Definitions,
    Gap,
    GapKind,
    Paragraph,
    PrintedNumber,
    Run,
    WebAddress,
)
from trialkit.report.lettering.svg import escaped

LONG = "a reason that goes on and on " * 7
HOSTILE = (
    "<script>alert(1)</script>",
    "a < b & c > d",
    "{\\rtf1 \\par}",
    "C:\\new\\table {x}",
    '#eval("1+1") #read("/etc/passwd") #panic()',
    "$ x^2 $ *bold* _it_ `code`",
    "[link](https://evil.example) ![i](x) | a | b |",
    "# heading",
    "- item 1. item",
    "漢字かな交じり文",
    "עברית וטקסט",
    "العربية ١٢٣",
    "\N{OLD PERSIAN SIGN A}\N{GRINNING FACE}",
    "bell\x07 null\x00 escape\x1b vertical\x0b \ud800 \ufffe",
    "tab\there\nnew line",
    "&#65; &amp; &lt;",
    "{{ 7 * 7 }} {% raw %}",
    "--> ]]> <!--",
    "a\u00a0b\u202fc\u2212d–e—f…",
    LONG,
)
READABLE = tuple(
    text for text in HOSTILE if text.isprintable() and "漢" not in text and max(text) < "\U00010300"
)
"""Those that a PDF of our own fonts can show letter by letter."""


def hostile_content(words: tuple[str, ...] = HOSTILE, *, draft: bool = False) -> Content:
    """Every kind of block, in every place of which stands each of the words."""
    everything = " ".join(words)
    sections = (
        Section(
            anchor='sec-"tion\\one',
            title=words[0],
            items=("1a", "22a"),
            blocks=(
                Paragraph(
                    runs=(
                        everything,
                        PrintedNumber(text=words[1], results=("r1",)),
                        CrossReference(anchor="table-words"),
                        CrossReference(anchor="figure-words"),
                        WebAddress(url="https://example.org/a?b=c&d=<e>"),
                        WebAddress(url="javascript:alert(1)"),
                    )
                ),
                Bullets(lead=words[2], items=tuple((text,) for text in words)),
                Definitions(
                    lead=words[3],
                    entries=tuple(Definition(term=text[:40], runs=(text,)) for text in words),
                ),
                AuthorText(item="6", blocks=author_blocks(words), source=everything),
                References(
                    entries=tuple(
                        CitedReference(
                            key=text, anchor=f"reference-{number}", runs=(text, *marked_runs(text))
                        )
                        for number, text in enumerate(words, start=1)
                    )
                ),
                *(
                    Gap(item="8", reason=reason, title=text, text=text, remedy=text)
                    for reason, text in zip(GapKind, words, strict=False)
                ),
            ),
            sections=(
                Section(
                    anchor="inner",
                    title=everything[:90],
                    blocks=(table_of(words), figure_of(everything)),
                ),
            ),
        ),
    )
    return Content(
        title=f"{words[0]} {words[-1]}",
        short_title=everything[:60],
        identity=words[:4],
        synthetic=words[1],
        warnings=words[:3],
        sections=numbered(sections),
        checklist=checklist_of(words),
        facts=(Fact(term="Data cut", text=words[0]), Fact(term=words[2], text=everything)),
        dated=date(2025, 3, 31),
        draft=draft,
    )


def marked_runs(text: str) -> tuple[Run, ...]:
    """The text with every mark, as a link and as the mark of a citation."""
    marks = (CitationMark(text=text, anchor="reference-1"), CitationMark(text=f"(p {text})"))
    return (
        MarkedText(text=text, italic=True),
        MarkedText(text=text, bold=True, italic=True, position=Position.RAISED),
        MarkedText(text=text, position=Position.LOWERED),
        WebAddress(url="https://example.org/(a)?b=\\c", words=text),
        WebAddress(url=f"javascript:{text}", words=text),
        Citation(works=(CitedWork(key=text),), marks=marks, raised=True),
        Citation(works=(CitedWork(key=text),), marks=marks),
    )


def author_blocks(words: tuple[str, ...]) -> tuple[AuthorBlock, ...]:
    """Plain paragraphs, marks, lists in lists and a table, of each of the words."""
    inner = AuthorList(items=tuple((each,) for each in in_paragraphs(words[:3])))
    return (
        *in_paragraphs(words),
        *(Paragraph(runs=(text, *marked_runs(text))) for text in words),
        AuthorList(items=((*in_paragraphs(words[:2]), inner), (inner,), ()), first=7),
        AuthorTable(
            heads=((words[0],), marked_runs(words[1])),
            rows=tuple(((text,), marked_runs(text)) for text in words),
            sides=(ColumnSide.LEFT, ColumnSide.RIGHT),
        ),
    )


def table_of(words: tuple[str, ...]) -> Table:
    """A table with heads over heads, groups, indents and notes everywhere."""
    rows = tuple(
        Row(
            head=text,
            cells=(Cell(text=text, words=True), Cell(text="−1.2 (−3.4 to 5.6)", note=words[0])),
            indented=bool(number % 2),
            note=words[number % 3],
        )
        for number, text in enumerate(words)
    )
    return Table(
        anchor="table-words",
        caption=" ".join(words),
        stub=words[1],
        spanning=(ColumnHead(text=words[2], span=2, note=words[1]),),
        heads=(ColumnHead(text=words[0], words=True), ColumnHead(text="Number", note=words[2])),
        groups=(
            RowGroup(head=words[1], rows=rows, note=words[3]),
            RowGroup(head="", rows=rows[:2]),
        ),
        notes=words,
    )


def figure_of(words: str) -> Figure:
    """A small drawing with the words in it."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 40" width="300" height="40" '
        f"font-family=\"'DejaVu Sans'\"><text x='0' y='20'>{escaped(words[:300])}</text></svg>\n"
    )
    return Figure(
        anchor="figure-words",
        name="words",
        drawing=FigureDrawing(lambda: svg),
        title=words,
        description=words,
        caption=words,
        notes=("See ", CrossReference(anchor="table-words")),
    )


def checklist_of(words: tuple[str, ...]) -> Checklist:
    """Two rows of a guideline."""
    row = ChecklistRow(
        number="1a",
        group=words[0],
        topic=words[1],
        requirement=words[2],
        status=RowStatus.PARTIAL,
        places=(Place(anchor="inner", text=words[3]),),
        sources=(ClaimSource.DATA,),
        note=words[0],
    )
    return Checklist(
        guideline="CONSORT 2025",
        attribution=words[1],
        rows=(row, replace(row, number="22a", status=RowStatus.MISSING)),
    )
