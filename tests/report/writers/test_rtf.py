r"""The tables as RTF: where each cell ends, which rows are heads, what is escaped, which page."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.report.contents import content
from trialkit.report.content.content import DRAFT_MARK, Content, Fact, Section
from trialkit.report.content.tables import Cell, ColumnHead, Footnote, Row, RowGroup, Table
from trialkit.report.content.text import Paragraph
from trialkit.report.numbers.styles import JAMA
from trialkit.report.writers import rtf
from trialkit.report.writers.column_widths import TableLayout
from trialkit.report.writers.rtf import escaped, render_rtf

RULE, HAIR = r"\brdrs\brdrw15", r"\brdrs\brdrw5"
TABLE = Table(
    anchor="t",
    caption="What came of it",
    label="Table 3",
    stub="Outcome",
    spanning=(ColumnHead(text="Both", span=2, note="First"), ColumnHead(text="Other")),
    heads=(ColumnHead(text="n (%)"), ColumnHead(text="Said", words=True), ColumnHead(text="p")),
    groups=(
        RowGroup(
            head="Pain",
            note="First",
            rows=(
                Row(
                    head="Week 4",
                    indented=True,
                    cells=(Cell(text="1 (2)"), Cell(text="a b", words=True), Cell(text="0.1")),
                ),
                Row(
                    head="Week 8",
                    note="Second",
                    cells=(Cell(text="3", note="Third"), Cell(text="d"), Cell(text="0.2")),
                ),
            ),
        ),
        RowGroup(
            head="",
            rows=(Row(head="Last", cells=(Cell(text="4"), Cell(text="e"), Cell(text="0.3"))),),
        ),
    ),
    footnotes=(
        Footnote(mark="a", text="First"),
        Footnote(mark="b", text="Second"),
        Footnote(mark="c", text="Third"),
    ),
    notes=("For all of it.",),
)
WIDTHS = (100.0, 50.5, 25.0, 12.5)
"""In points; cells end at 2000, 3010, 3510 and 3760 twentieths."""


def whole(*tables: Table, **changes: object) -> Content:
    sections = (Section(anchor="s", title="S", blocks=(Paragraph(runs=("Not in it",)), *tables)),)
    return content(sections=sections, **changes)


@pytest.fixture(autouse=True)
def laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of known widths; the checklist at the end has its own five."""

    def layout(table: Table) -> TableLayout:
        own = WIDTHS if table.columns == len(WIDTHS) else (10.0,) * table.columns
        return TableLayout(turned=table.anchor == "wide", size=8.5, widths=own)

    monkeypatch.setattr(rtf, "lay_out_table", layout)


def page(table: Table = TABLE, **changes: object) -> str:
    """The page of a table, which stands before that of the checklist."""
    return render_rtf(whole(table, **changes)).split(r"\sect ")[0]


def rows(made: str) -> list[str]:
    return re.findall(r"\\trowd.*?\\row", made, flags=re.DOTALL)


def ends(row: str) -> list[int]:
    return [int(each) for each in re.findall(r"\\cellx(\d+)", row)]


def texts(row: str) -> list[str]:
    return re.findall(r"\\fs17 (.*?)\\cell(?!x)", row)


def test_cells_end_where_their_columns_do_counted_from_the_left() -> None:
    assert [ends(row) for row in rows(page())] == [
        [2000, 3510, 3760],
        [2000, 3010, 3510, 3760],
        [3760],
        [2000, 3010, 3510, 3760],
        [2000, 3010, 3510, 3760],
        [2000, 3010, 3510, 3760],
    ]


def test_each_row_has_its_texts_with_their_marks_raised() -> None:
    assert [texts(row) for row in rows(page())] == [
        ["", r"{\b Both{\super a}}", r"{\b Other}"],
        [r"{\b Outcome}", r"{\b n (%)}", r"{\b Said}", r"{\b p}"],
        [r"{\b Pain{\super a}}"],
        ["Week 4", r"1\~(2)", "a b", "0.1"],
        [r"Week 8{\super b}", r"3{\super c}", "d", "0.2"],
        ["Last", "4", "e", "0.3"],
    ]


def test_heads_are_repeated_and_stay_with_what_follows_and_no_row_is_cut() -> None:
    found = rows(page())
    assert [r"\trhdr" in row for row in found] == [True, True, False, False, False, False]
    assert [r"\keepn" in row for row in found] == [True, True, True, False, False, False]
    assert all(r"\trkeep" in row for row in found)


def sides(row: str) -> list[str]:
    return re.findall(r"\\q([lcr])", row)


def test_numbers_stand_at_the_right_words_at_the_left() -> None:
    assert [sides(row) for row in rows(page())] == [
        ["l", "c", "c"], ["l", "r", "l", "r"], ["l"], ["l", "r", "l", "r"],
        ["l", "r", "r", "r"], ["l", "r", "r", "r"],
    ]  # fmt: skip


def test_only_the_head_of_an_indented_row_is_moved_by_ten_points() -> None:
    assert [re.findall(r"\\li(\d+)", row) for row in rows(page())] == [
        [], [], [], ["200"], [], [],
    ]  # fmt: skip
    assert rows(page())[3].index(r"\li200") < rows(page())[3].index("Week 4")


def edges(row: str) -> list[str]:
    """What stands before the end of each cell."""
    start = row.index("\\trgaph60\\trkeep") + len("\\trgaph60\\trkeep")
    return re.split(r"\\cellx\d+", row[start:].removeprefix(r"\trhdr"))[:-1]


def test_rules_stand_above_and_below_the_heads_and_below_the_last_row() -> None:
    both = rf"\clbrdrt{RULE}\clbrdrb{HAIR}"
    assert [edges(row) for row in rows(page())] == [
        [rf"\clbrdrt{RULE}", both, both],
        [rf"\clvertalb\clbrdrb{RULE}"] * 4,
        [""],
        [""] * 4,
        [""] * 4,
        [rf"\clbrdrb{RULE}"] * 4,
    ]
    plain = rows(page(replace(TABLE, spanning=())))
    assert edges(plain[0]) == [rf"\clvertalb\clbrdrt{RULE}\clbrdrb{RULE}"] * 4


def test_a_style_with_rules_parts_the_rows_of_a_group() -> None:
    ruled = rows(page(style=JAMA))
    assert [edges(row)[0] for row in ruled[3:]] == ["", rf"\clbrdrt{HAIR}", rf"\clbrdrb{RULE}"]


def test_a_page_is_upright_a4_or_turned_with_margins_of_two_centimetres() -> None:
    """A4 is 11906 by 16838 twentieths of a point, and 20 mm are 1134."""
    margins = r"\marglsxn1134\margrsxn1134\margtsxn1134\margbsxn1134"
    assert rf"\sectd\sbkpage\pgwsxn11906\pghsxn16838{margins}" in page()
    turned = page(replace(TABLE, anchor="wide"))
    assert rf"\sectd\sbkpage\lndscpsxn\pgwsxn16838\pghsxn11906{margins}" in turned


def lines(made: str) -> list[str]:
    """The paragraphs outside the rows."""
    rest = re.sub(r"\\trowd.*?\\row", "", made, flags=re.DOTALL)
    return re.findall(r"\\fs(1[469] .*?)\\par\b", rest)


def test_caption_footnotes_notes_and_source_stand_around_the_table() -> None:
    facts = (
        Fact(term="Protocol", text="abc"), Fact(term="Other", text="no"),
        Fact(term="Data cut", text="31 March"),
    )  # fmt: skip
    head, page_number, caption, *below = lines(page(facts=facts))
    assert head == "16 Short title"
    assert page_number.startswith("16 Page ")
    assert caption == r"19 {\b Table 3.} What came of it"
    assert below == [
        r"16 {\super a} First", r"16 {\super b} Second", r"16 {\super c} Third",
        "16 For all of it.", "14 Source: results.csv; Data cut: 31 March; Protocol: abc",
    ]  # fmt: skip
    assert lines(page())[-1] == "14 Source: results.csv"


def test_made_up_data_are_labelled_in_the_head_and_at_every_table_that_shows_them() -> None:
    labelled = lines(page(synthetic="Not {real}", draft=True))
    assert labelled[0] == f"16 Short title \\u8211? {DRAFT_MARK} \\u8211? Not \\{{real\\}}"
    assert labelled[2] == r"19 {\b Table 3.} What came of it {\b [Not \{real\}]}"
    definitions = replace(TABLE, shown_as_data=False)
    assert lines(page(definitions, synthetic="Not real"))[2].endswith("What came of it")


def test_the_document_has_its_title_date_language_and_font() -> None:
    made = page(title="A {title}")
    assert made.startswith(r"{\rtf1\ansi\ansicpg1252\uc1\deff0\deflang2057")
    assert r"{\title A \{title\}}{\creatim\yr2025\mo3\dy31}" in made
    assert r"{\f0\fswiss\fcharset0 Arial;}" in made
    assert r"\creatim" not in page(dated=None)
    assert r"\yr2024\mo12\dy9" in page(dated=date(2024, 12, 9))
    assert r"{\field{\*\fldinst PAGE}{\fldrslt 1}}" in made
    assert r"{\field{\*\fldinst NUMPAGES}{\fldrslt 1}}" in made


def test_every_table_has_a_page_and_nothing_else_is_in_the_file() -> None:
    other = replace(TABLE, anchor="u", caption="Another")
    made = render_rtf(whole(TABLE, other))
    pages = made.split(r"\sect ")
    assert len(pages) == 3, "two tables and the checklist"
    assert "What came of it" in pages[0]
    assert "Another" in pages[1]
    assert "Not in it" not in made
    assert made.endswith("}\n")
    assert made.count("{") - made.count("\\{") == made.count("}") - made.count("\\}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain ~ text", "plain ~ text"),
        ("a\\b{c}", r"a\\b\{c\}"),
        ("a\nb\rc\r\nd\te", r"a\line b\line c\line d\tab e"),
        ("a\N{NO-BREAK SPACE}b", r"a\~b"),
        ("\N{MINUS SIGN}1", r"\u8722?1"),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}", r"\u233?"),
        # above 32767 numbers are negative, and beyond 65535 there are two
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}", r"\u-223?"),
        ("\N{GRINNING FACE}", r"\u-10179?\u-8704?"),
        ("\x01", r"\u-3?"),
        ("\x7f", r"\u127?"),
    ],
)
def test_what_is_not_plain_ascii_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written
