from dataclasses import replace

import pandas as pd

from tests.line import Line
from tests.report.factory import made_up_line
from tests.report.rows import result
from trialkit.datasets.collected import NotCollected
from trialkit.datasets.measurements import NOT_ASKED, NOT_YET_DUE
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Table
from trialkit.report.tables.delivery import (
    adherence_table,
    concomitant_table,
    deviations_table,
)
from trialkit.report.tables.participants import missing_table, populations_table
from trialkit.results.flow import Stage
from trialkit.results.lookup import ResultIndex, Shelf
from trialkit.results.vocabulary import Stat


def index_of(protocol: Protocol, datasets: Datasets) -> ResultIndex:
    return ResultIndex(carry_out(protocol, datasets))


def missing_of(line: Line) -> Table:
    return missing_table(line.protocol, ResultIndex(line.results))


def test_everybody_is_in_a_population_or_left_out_with_a_reason(three_arms: Line) -> None:
    index = ResultIndex(three_arms.results)
    table = populations_table(three_arms.protocol, index)
    randomised = three_arms.datasets.disposition.randomised
    for group in table.groups:
        assert sum(int(cell.text) for row in group.rows for cell in row.cells) == randomised


def test_missing_and_present_values_make_up_all_that_were_expected(three_arms: Line) -> None:
    table = missing_of(three_arms)
    measured = three_arms.datasets.measurements
    expected = measured[
        ~measured["not_applicable"] & (measured["missing_reason"] != NOT_YET_DUE).fillna(True)
    ]
    cells = [cell.text for row in table.rows for cell in row.cells[:3]]
    assert sum(int(text.split("/")[0]) for text in cells) == int(expected["value"].isna().sum())
    assert sum(int(text.split("/")[1].split()[0]) for text in cells) == len(expected)
    assert int(measured["not_applicable"].sum()) > 0
    assert table.heads[-1].text == "Not expected"
    assert any("not applicable" in row.cells[-1].text for row in table.rows)


def test_what_is_still_to_come_is_not_missing() -> None:
    line = made_up_line()
    measured = line.datasets.measurements.copy()
    first = measured.index[measured["visit"] == "V1"][0]
    measured.loc[first, ["value", "change"]] = float("nan")
    measured.loc[first, "missing_reason"] = NOT_YET_DUE
    datasets = replace(line.datasets, measurements=measured)
    table = missing_table(line.protocol, index_of(line.protocol, datasets))
    words = [cell.text for row in table.rows for cell in row.cells]
    assert "Arm 0: not yet due at the data cut 1" in words
    assert "0/7 (0%)" in words


def test_reasons_are_counted_by_arm(three_arms: Line) -> None:
    for row in missing_of(three_arms).rows:
        counts = [int(cell.text.split("/")[0]) for cell in row.cells[:3]]
        reasons = row.cells[3].text
        assert (reasons == "none missing") == (sum(counts) == 0)
        assert bool(row.cells[3].results) == (sum(counts) > 0)


def test_sessions_that_nobody_knows_of_are_stated(example: Line) -> None:
    attendance = example.datasets.attendance.assign(unknown=[2, *[0] * 12])
    datasets = replace(example.datasets, attendance=attendance)
    table = adherence_table(example.protocol, index_of(example.protocol, datasets))
    assert table is not None
    row = next(row for row in table.rows if "not known" in row.head)
    assert row.cells[0].text == "2"


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
    datasets = replace(line.datasets, concomitant=taken)
    table = concomitant_table(line.protocol, index_of(line.protocol, datasets))
    assert table is not None
    assert [cell.text for cell in table.rows[0].cells] == ["1 (13%)", "1 (13%)"]
    by_head = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert by_head["Massage"] == ["1 (13%)", "0 (0%)"]


def test_nobody_with_other_care_is_none_and_what_nobody_asked_is_no_table() -> None:
    line = made_up_line()
    table = concomitant_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert [(row.head, *(cell.text for cell in row.cells)) for row in table.rows] == [
        ("Any other care", "0 (0%)", "0 (0%)")
    ]
    lacks = NotCollected(care=frozenset(line.protocol.arm_codes))
    results = carry_out(line.protocol, replace(line.datasets, not_collected=lacks))
    assert concomitant_table(line.protocol, ResultIndex(results)) is None
    assert deviations_table(line.protocol, ResultIndex(line.results)) is None


def test_deviations_of_the_data_are_shown_also_where_nobody_had_them(example: Line) -> None:
    table = deviations_table(example.protocol, ResultIndex(example.results))
    assert table is not None
    by_head = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert by_head["Visit outside its window"] == ["1 (8%)", "0 (0%)"]
    assert by_head["Randomised although not eligible"] == ["0 (0%)", "0 (0%)"]
    assert all(cell.results for row in table.rows for cell in row.cells)


def test_what_was_not_to_be_asked_stands_beside_what_was_expected() -> None:
    line = made_up_line()
    rows = line.datasets.measurements.copy()
    here = (rows["outcome"] == "pain") & (rows["visit"] == "V1")
    nobody = here & (rows["arm"] == "A0")
    one = here & (rows["subject_id"] == "A1-02")
    rows.loc[nobody | one, ["value", "change"]] = float("nan")
    rows.loc[nobody | one, "missing_reason"] = NOT_ASKED
    index = index_of(line.protocol, replace(line.datasets, measurements=rows))
    table = missing_table(line.protocol, index)
    (row,) = [row for row in table.groups[-1].rows if row.head == line.protocol.primary.label]
    texts = dict(zip([head.text for head in table.heads], row.cells, strict=True))
    labels = [arm.label for arm in line.protocol.arms]
    assert [cell.text for cell in row.cells[:2]] == ["0/0", "0/7 (0%)"]
    assert texts["Reasons"].text == "none missing"
    assert (
        texts["Not expected"].text
        == f"{labels[0]}: not to be asked 8; {labels[1]}: not to be asked 1"
    )
    assert table.notes[-1] == "Nor are values expected that the forms do not ask for."


def test_who_counts_as_allocated_since_the_form_is_to_come_is_told(three_arms: Line) -> None:
    protocol, results = three_arms.protocol, three_arms.results

    def notes(**to_come: int) -> str:
        more = tuple(
            result(
                Stat.N,
                count,
                analysis_id="flow",
                outcome="",
                term=Stage.RECEIPT_TO_COME,
                arm=arm,
            )
            for arm, count in to_come.items()
        )
        table = populations_table(
            protocol, ResultIndex(replace(results, rows=(*results.rows, *more)))
        )
        return " ".join(table.notes)

    assert "to be recorded" not in notes() + notes(HIGH=0)
    told = notes(CTRL=0, HIGH=2, LOW=1)
    assert "(Two sessions a week 2, One session a week 1, Leaflet 0)" in told


def test_outcomes_of_which_nothing_is_missing_stand_in_one_row(example: Line) -> None:
    """Eighteen times 0/13 say one thing; all results stand behind it, and what differs stands apart."""
    table = missing_of(example)
    assert [[row.head for row in group.rows] for group in table.groups] == [
        ["Each of the nine outcomes"], ["Each of the nine outcomes"],
    ]  # fmt: skip
    names = {row.result_id for row in example.results.rows if row.analysis_id == Shelf.MISSING}
    shown = {name for row in table.rows for cell in row.cells for name in cell.results}
    assert len({name for name in names if name.endswith("/n_missing")} - shown) == 0
    measured = example.datasets.measurements.copy()
    first = measured.index[(measured["outcome"] == "vas") & (measured["visit"] == "W6")][0]
    measured.loc[first, ["value", "change"]] = float("nan")
    measured.loc[first, "missing_reason"] = "ill"
    datasets = replace(example.datasets, measurements=measured)
    lacking = missing_table(example.protocol, index_of(example.protocol, datasets))
    assert [row.head for row in lacking.groups[1].rows] == [
        "Pain (visual analogue scale)", "Each of the other eight outcomes",
    ]  # fmt: skip
