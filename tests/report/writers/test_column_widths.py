"""Tables fit their page: columns as wide as they must be, letters as large as they may be."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.report.hostile import table_of
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.writers.column_widths import (
    SIZES,
    SIZES_TURNED,
    TURNED,
    UPRIGHT,
    fits_upright,
    is_kept_whole,
    lay_out_table,
)


def table(*, columns: int, text: str, words: bool = False, rows: int = 3) -> Table:
    row = Row(
        head="Balance and hamstring training", cells=(Cell(text=text, words=words),) * columns
    )
    return Table(
        anchor="t",
        caption="c",
        stub="Arm",
        heads=(ColumnHead(text="Change", words=words),) * columns,
        groups=(RowGroup(head="", rows=(row,) * rows),),
    )


@given(
    columns=st.integers(min_value=1, max_value=30),
    text=st.text(alphabet="ab1 (−.)", max_size=60),
    words=st.booleans(),
)
@settings(max_examples=examples(60), deadline=None)
def test_no_table_is_wider_than_its_page(columns: int, text: str, *, words: bool) -> None:
    layout = lay_out_table(table(columns=columns, text=text, words=words))
    assert len(layout.widths) == columns + 1
    assert all(width > 0 for width in layout.widths)
    assert layout.width <= (TURNED if layout.turned else UPRIGHT) + 0.01
    assert layout.size in (SIZES_TURNED if layout.turned else SIZES)


@pytest.mark.parametrize(("columns", "upright"), [(2, True), (5, True), (9, False)])
def test_many_numbers_turn_the_page(columns: int, *, upright: bool) -> None:
    assert fits_upright(table(columns=columns, text="−12.5 (−18.5 to −6.5)")) is upright


def test_words_break_before_numbers_do() -> None:
    made = table(columns=4, text="−12.5 (−18.5 to −6.5)")
    long = Row(head="a head of many words " * 5, cells=made.rows[0].cells)
    layout = lay_out_table(replace(made, groups=(RowGroup(head="", rows=(long,)),)))
    assert not layout.turned
    assert min(layout.widths[1:]) > 80


def test_small_tables_of_numbers_stay_whole_and_others_may_run_over_pages() -> None:
    assert is_kept_whole(table(columns=2, text="1.2"))
    assert not is_kept_whole(table(columns=2, text="1.2", rows=40))
    assert not is_kept_whole(table_of(("words " * 30, "b", "c", "d")))
