from dataclasses import replace

import pandas as pd

from tests.conftest import Line
from tests.report.factory import made_up_line
from trialkit.report.lookup import ResultIndex
from trialkit.report.tables.participants import (
    adherence_table,
    concomitant_table,
    missing_table,
    populations_table,
)


def test_everybody_is_in_a_population_or_left_out_with_a_reason(three_arms: Line) -> None:
    table = populations_table(three_arms.protocol, three_arms.datasets)
    randomised = three_arms.datasets.disposition.randomised
    for group in table.groups:
        assert sum(int(cell.text) for row in group.rows for cell in row.cells) == randomised


def test_missing_and_present_values_make_up_all_that_were_planned(three_arms: Line) -> None:
    table = missing_table(three_arms.protocol, three_arms.datasets)
    measured = three_arms.datasets.measurements
    missing = sum(int(cell.text.split("/")[0]) for row in table.rows for cell in row.cells[:-1])
    planned = sum(
        int(cell.text.split("/")[1].split()[0]) for row in table.rows for cell in row.cells[:-1]
    )
    assert missing == int(measured["value"].isna().sum())
    assert planned == len(measured)


def test_reasons_are_counted_by_arm(three_arms: Line) -> None:
    table = missing_table(three_arms.protocol, three_arms.datasets)
    for row in table.rows:
        counts = [int(cell.text.split("/")[0]) for cell in row.cells[:-1]]
        reasons = row.cells[-1].text
        assert (reasons == "none missing") == (sum(counts) == 0)


def test_attendance_is_what_the_results_hold(example: Line) -> None:
    table = adherence_table(example.protocol, ResultIndex(example.results))
    assert table is not None
    attended = int(example.datasets.attendance["attended"].sum())
    prescribed = int(example.datasets.attendance["prescribed"].sum())
    row = next(row for row in table.rows if row.head.startswith("Sessions attended"))
    assert row.cells[0].text.startswith(f"{attended}/{prescribed} (")
    assert [head.text for head in table.heads] == ["Balance and hamstring training"]


def test_a_participant_with_two_treatments_is_counted_once_in_any() -> None:
    line = made_up_line()
    people = line.datasets.subjects.iloc[[0, 0, 9]][["subject_id", "arm"]]
    taken = people.assign(term=pd.Series(["Gel", "Massage", "Gel"], index=people.index[:3]).array)
    table = concomitant_table(line.protocol, replace(line.datasets, concomitant=taken))
    assert table is not None
    assert [cell.text for cell in table.rows[0].cells] == ["1 (13%)", "1 (13%)"]
    by_head = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert by_head["Massage"] == ["1 (13%)", "0 (0%)"]


def test_nothing_recorded_is_no_table() -> None:
    line = made_up_line()
    assert concomitant_table(line.protocol, line.datasets) is None
