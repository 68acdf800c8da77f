"""A table of Word has its cells where they belong: widths, spans, rules, sides, marks and repeats."""

from dataclasses import replace

import pytest
from docx.oxml.ns import qn

from trialkit.report.content.tables import (
    Cell,
    ColumnHead,
    Footnote,
    Row,
    RowGroup,
    Table,
)
from trialkit.report.writers import word_tables
from trialkit.report.writers.column_widths import TURNED, UPRIGHT, TableLayout
from trialkit.report.writers.word_numbers import NumberMarks
from trialkit.report.writers.word_table_styles import CELLS, RULED, TEXT
from trialkit.report.writers.word_table_styles import TABLE as STYLE
from trialkit.report.writers.word_tables import TableWriter
from trialkit.report.writers.word_xml import Element, tree

NB = "\N{NO-BREAK SPACE}"
HEBREW = "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}"
WIDTHS = (100.0, 50.0, 25.0, 12.5)
"""The row heads and three columns, in points: 2000, 1000, 500 and 250 twentieths."""


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text=text) for text in texts)


TABLE = Table(
    anchor="t",
    caption="What came of it",
    label="Table 3",
    stub="Outcome",
    spanning=(ColumnHead(text="Arm A", span=2, note="First note"), ColumnHead(text="Arm B")),
    heads=(
        ColumnHead(text="n (%)"),
        ColumnHead(text="Said why", words=True),
        ColumnHead(text="p"),
    ),
    groups=(
        RowGroup(
            head="Pain",
            rows=(
                Row(head="Week 4", cells=cells("1 (2)", "a", "b"), indented=True),
                Row(head="Week 8", cells=cells("3", "c", "d"), note="Second note"),
            ),
        ),
        RowGroup(
            head="Sleep",
            note="First note",
            rows=(
                Row(
                    head=HEBREW,
                    cells=(
                        Cell(text="4 mm", note="Third note"),
                        Cell(text="in words", words=True),
                        Cell(text=HEBREW, words=True),
                    ),
                ),
            ),
        ),
    ),
    footnotes=(
        Footnote(mark="a", text="First note"),
        Footnote(mark="b", text="Second note"),
        Footnote(mark="c", text="Third note"),
    ),
)


@pytest.fixture(autouse=True)
def laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of known widths; how wide they should be has tests of its own."""
    layout = TableLayout(turned=False, size=8.5, widths=WIDTHS)
    monkeypatch.setattr(word_tables, "lay_out_table", lambda _: layout)


def written(
    table: Table = TABLE, *, upright: float = UPRIGHT, turned: float = TURNED, rules: bool = False
) -> Element:
    names = (STYLE, RULED, TEXT, *(look.name for look in CELLS))
    styles = {name: name.removeprefix("Report Table").strip() for name in names}
    writer = TableWriter(
        styles, NumberMarks(), upright_room=upright, turned_room=turned, row_rules=rules
    )
    return tree(writer.write(table))


def rows(made: Element) -> list[Element]:
    return made.findall(qn("w:tr"))


def texts(row: Element) -> list[str]:
    return ["".join(node.text or "" for node in cell.iter(qn("w:t"))) for cell in row.tc_lst]


def attribute(node: Element, path: str, name: str = "w:val") -> str | None:
    found = node.find("/".join(qn(step) for step in path.split("/")))
    value: str | None = None if found is None else found.get(qn(name))
    return value


def edges(cell: Element) -> dict[str, str]:
    """The rules of a cell, by side, in eighths of a point."""
    borders = cell.find(f"{qn('w:tcPr')}/{qn('w:tcBorders')}")
    found = [] if borders is None else list(borders)
    return {
        each.tag.rpartition("}")[2]: each.get(qn("w:sz")) or each.get(qn("w:val")) for each in found
    }


def has(node: Element, tag: str) -> bool:
    return next(iter(node.iter(qn(tag))), None) is not None


def test_heads_groups_and_rows_stand_in_order_with_their_marks() -> None:
    assert [texts(row) for row in rows(written())] == [
        ["", "Arm Aa".replace(" ", NB), f"Arm{NB}B"],
        ["Outcome", f"n{NB}(%)", "Said why", "p"],
        ["Pain"],
        ["Week 4", f"1{NB}(2)", "a", "b"],
        ["Week 8b", "3", "c", "d"],
        ["Sleepa"],
        [HEBREW, f"4{NB}mmc", "in words", HEBREW],
    ]


def test_marks_are_raised_and_nothing_else_is() -> None:
    raised = [
        "".join(node.text or "" for node in run.iter(qn("w:t")))
        for run in written().iter(qn("w:r"))
        if has(run, "w:vertAlign")
    ]
    assert raised == ["a", "b", "a", "c"]


def test_widths_are_in_twentieths_of_a_point_and_add_up_over_a_span() -> None:
    made = written()
    grid = [each.get(qn("w:w")) for each in made.tblGrid.gridCol_lst]
    assert grid == ["2000", "1000", "500", "250"]
    assert attribute(made, "w:tblPr/w:tblW", "w:w") == "3750"
    assert attribute(made, "w:tblPr/w:tblLayout", "w:type") == "fixed"

    def widths(row: Element) -> list[tuple[str | None, str | None]]:
        return [
            (attribute(cell, "w:tcPr/w:tcW", "w:w"), attribute(cell, "w:tcPr/w:gridSpan"))
            for cell in row.tc_lst
        ]

    spanning, heads, group, row, *_ = rows(made)
    assert widths(spanning) == [("2000", None), ("1500", "2"), ("250", None)]
    assert widths(heads) == widths(row)
    assert widths(row) == [("2000", None), ("1000", None), ("500", None), ("250", None)]
    assert widths(group) == [("3750", "4")]
    units = {each.get(qn("w:type")) for each in made.iter(qn("w:tcW"), qn("w:tblW"))}
    assert units == {"dxa"}


@pytest.mark.parametrize(
    ("room", "first"), [(UPRIGHT, "2000"), (UPRIGHT / 2, "1000"), (UPRIGHT * 2, "2000")]
)
def test_on_narrower_paper_columns_shrink_and_on_wider_they_do_not_grow(
    room: float, first: str
) -> None:
    made = written(upright=room, turned=1.0)
    assert made.tblGrid.gridCol_lst[0].get(qn("w:w")) == first


def test_a_turned_table_is_fitted_to_the_turned_page(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = TableLayout(turned=True, size=7, widths=WIDTHS)
    monkeypatch.setattr(word_tables, "lay_out_table", lambda _: layout)
    made = written(upright=1.0, turned=TURNED / 4)
    assert [each.get(qn("w:w")) for each in made.tblGrid.gridCol_lst] == ["500", "250", "125", "62"]


def test_heads_are_repeated_on_every_page_and_no_row_is_cut() -> None:
    found = rows(written())
    assert [has(row, "w:tblHeader") for row in found] == [True, True] + [False] * 5
    assert all(has(row, "w:cantSplit") for row in found)
    single = rows(written(replace(TABLE, spanning=())))
    assert [has(row, "w:tblHeader") for row in single] == [True] + [False] * 5


def test_the_style_draws_the_rules_and_cells_only_what_two_rows_of_heads_need() -> None:
    single = written(replace(TABLE, spanning=()))
    assert attribute(single, "w:tblPr/w:tblStyle") == ""
    assert attribute(written(rules=True), "w:tblPr/w:tblStyle") == "Ruled"
    for tag in ("w:tblBorders", "w:tcBorders", "w:tblCellMar", "w:vAlign", "w:jc", "w:ind", "w:b"):
        assert not has(single, tag), f"{tag}: a house template could not restyle it"
    spanning, heads, *others = rows(written())
    assert [edges(cell) for cell in spanning.tc_lst] == [{"bottom": "nil"}, {}, {}]
    assert [edges(cell) for cell in heads.tc_lst] == [{"bottom": "6"}] * 4
    assert not any(edges(cell) for row in others for cell in row.tc_lst)


def styles(row: Element) -> list[str | None]:
    return [attribute(cell, "w:p/w:pPr/w:pStyle") for cell in row.tc_lst]


def test_numbers_words_and_heads_have_styles_by_their_names() -> None:
    spanning, heads, group, indented, row, other, last = rows(written())
    assert styles(spanning) == ["Head", "Spanning Head", "Spanning Head"]
    assert styles(heads) == ["Head", "Number Head", "Head", "Number Head"]
    assert [styles(group), styles(other)] == [["Head"], ["Group"]], "a rule above all but the first"
    assert styles(indented) == ["Indented", "Number", "Number", "Number"]
    assert styles(row) == ["Text", "Number", "Number", "Number"]
    assert styles(last) == ["Text", "Number", "Text", "Text"]
    assert styles(rows(written(rules=True))[5]) == ["Head"], "each row has a rule already"


def test_what_runs_from_the_right_says_so_where_it_is_words() -> None:
    last = rows(written())[-1]
    assert [has(cell, "w:bidi") for cell in last.tc_lst] == [True, False, False, True]


def test_letters_have_a_size_of_their_own_only_where_they_are_smaller_than_the_style_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = list(written().iter(qn("w:r")))
    assert {attribute(run, "w:rPr/w:sz") for run in runs} == {"17"}
    assert {attribute(run, "w:rPr/w:szCs") for run in runs} == {"17"}
    for run in runs:
        order = [each.tag.rpartition("}")[2] for each in run.find(qn("w:rPr"))]
        known = [name for name in ("sz", "szCs", "vertAlign", "rtl") if name in order]
        assert order == known, "Word minds the order"
    layout = TableLayout(turned=False, size=9.0, widths=WIDTHS)
    monkeypatch.setattr(word_tables, "lay_out_table", lambda _: layout)
    assert not has(written(), "w:sz")


def kept(table: Table) -> list[bool]:
    """Of each row whether it stays with the next."""
    found = []
    for row in rows(written(table)):
        (own,) = {has(cell, "w:keepNext") for cell in row.tc_lst}
        found.append(own)
    return found


def test_a_small_table_is_kept_whole_with_its_notes() -> None:
    assert kept(TABLE) == [True] * 7
    assert kept(replace(TABLE, footnotes=())) == [True] * 6 + [False]
    assert kept(replace(TABLE, footnotes=(), notes=("A note",))) == [True] * 7


def test_of_a_long_table_only_heads_stay_with_what_follows() -> None:
    many = tuple(Row(head=f"{n}", cells=cells("1", "2", "3")) for n in range(24))
    long = replace(TABLE, groups=(RowGroup(head="Many", rows=many),))
    assert kept(long) == [True] * 3 + [False] * 24


def test_the_table_has_words_for_who_cannot_see_it() -> None:
    made = written()
    assert attribute(made, "w:tblPr/w:tblCaption") == "Table 3"
    assert attribute(made, "w:tblPr/w:tblDescription") == "What came of it"
