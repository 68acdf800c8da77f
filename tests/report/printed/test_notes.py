"""Whatever the results note beside a number that a table prints stands below that table."""

from dataclasses import replace

import pytest

from tests.line import line_of
from tests.report.factory import content_of
from tests.report.printed.conftest import Written
from tests.report.printed.reading import READERS
from trialkit.report.content.content import Content
from trialkit.report.content.tables import Table
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def tables_of(content: Content) -> list[Table]:
    """Every table of a report, as it is printed."""
    blocks = (block for section in content.sections for block in section.all_blocks())
    return [block for block in blocks if isinstance(block, Table)]


def words_of(table: Table) -> str:
    """All that a reader of the table sees."""
    heads = [head.text for head in table.heads]
    rows = [text for row in table.rows for text in (row.head, *(cell.text for cell in row.cells))]
    below = [*table.notes, *(each.text for each in table.footnotes)]
    return "\n".join([*heads, *rows, *below])


def test_any_note_of_any_printed_row_is_below_its_table(written: Written) -> None:
    line = line_of(written.trial)
    noted = [
        replace(row, note="; ".join(filter(None, (row.note, f"zq{place}z"))))
        for place, row in enumerate(line.results.rows)
    ]
    by_id: dict[str, Result] = {row.result_id: row for row in noted}
    results = replace(line.results, rows=tuple(noted))
    seen = 0
    for table in tables_of(content_of(line, results=results)):
        words = words_of(table)
        for cell in (cell for row in table.rows for cell in row.cells):
            if cell.words or table.anchor == "table-flow":
                continue  # reasons in words, and sums over arms: they print what rows are named for
            for name in cell.results:
                row = by_id.get(name)
                if row is None:
                    continue
                word = row.note.rpartition("; ")[2]
                assert word in words.casefold(), (table.anchor, name)
                seen += 1
    assert seen > 100


def test_who_is_not_analysed_is_below_the_table_with_the_reason(written: Written) -> None:
    line = line_of(written.trial)
    printed = "\n".join(words_of(table) for table in tables_of(content_of(line)))
    planned = {each.id for each in line.protocol.plan.analyses}
    excluded = [
        row
        for row in line.results.rows
        if row.analysis_id in planned and row.stat_name is Stat.N_EXCLUDED and row.stat
    ]
    assert excluded
    for row in excluded:
        assert row.note in printed, row.result_id


@pytest.mark.parametrize("file", READERS)
def test_every_file_has_the_same_notes(written: Written, file: str) -> None:
    page, own = (
        [table.notes for table in written.tables[name] if table.heads[0] != "Item"]
        for name in ("report.html", file)
    )
    assert own == page
