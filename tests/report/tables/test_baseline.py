from dataclasses import replace

from tests.conftest import Line
from trialkit.report.content.tables import Table
from trialkit.report.tables.baseline import baseline_table
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat


def table_of(line: Line) -> Table:
    table = baseline_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    return table


def test_nothing_is_tested_at_baseline(example: Line) -> None:
    table = table_of(example)
    heads = " ".join(head.text for head in table.heads)
    assert "p" not in heads.split()
    assert all("p value" not in note for note in table.notes)
    assert len(table.heads) == len(example.protocol.arms)


def test_numbers_and_categories_are_described_as_what_they_are(example: Line) -> None:
    groups = {group.head: group for group in table_of(example).groups}
    assert [row.head for row in groups["Age, years"].rows] == ["Mean (SD)", "Median (quartiles)"]
    assert [row.head for row in groups["Sex"].rows] == ["Female", "Male"]
    women, men = (int(row.cells[0].text.split()[0]) for row in groups["Sex"].rows)
    assert women + men == 13


def test_a_count_leads_to_its_own_rows_its_denominator_among_them(example: Line) -> None:
    by_id = {row.result_id: row for row in example.results.rows}
    groups = {group.head: group for group in table_of(example).groups}
    for row in groups["Sex"].rows:
        for arm, cell in zip(example.protocol.arms, row.cells, strict=True):
            found = [by_id[each] for each in cell.results]
            assert [each.stat_name for each in found] == [Stat.EVENTS, Stat.N, Stat.PERCENT]
            assert {(each.arm, each.term) for each in found} == {(arm.code, row.head)}


def test_missing_values_are_counted_where_there_are_any(example: Line) -> None:
    groups = {group.head: group for group in table_of(example).groups}
    missing = groups["Duration of pain, months"].rows[-1]
    assert missing.head == "Missing"
    known = example.datasets.characteristics
    own = known[known["characteristic"] == "demographics.pain_duration_months"]
    assert [int(cell.text) for cell in missing.cells] == [
        int(own.loc[own["arm"] == arm.code, "value"].isna().sum()) for arm in example.protocol.arms
    ]


def test_a_characteristic_without_results_is_named_in_the_claim(example: Line) -> None:
    kept = tuple(row for row in example.results.rows if row.outcome != "demographics.sex")
    index = ResultIndex(type(example.results)(rows=kept))
    table = baseline_table(example.protocol, index)
    assert table is not None
    assert table.claims[0].lacks == "without Sex"


def test_without_characteristics_there_is_no_table(example: Line) -> None:
    protocol = replace(example.protocol, characteristics=())
    assert baseline_table(protocol, ResultIndex(example.results)) is None
