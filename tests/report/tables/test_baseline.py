from dataclasses import replace

import numpy as np
import pandas as pd

from tests.line import Line
from tests.report.factory import made_up_datasets, made_up_protocol
from trialkit.datasets.model import CharacteristicKind
from trialkit.planned.counts.baseline import state_baseline
from trialkit.protocol.trial.people import Characteristic
from trialkit.report.content.tables import Table
from trialkit.report.tables.baseline import OF_EACH, SEVERAL, STANDARDISED, baseline_table
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
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


ANSWERS = {
    "said": (None, "m", "m", "y", "y", "y", None, None),
    "ill": ("h l", "h", "none_of_these", "l", "h l", None, None, "h"),
    "nobody": (None,) * 8,
}
KINDS = {
    "said": (False, {"m": "Missing", "y": "0", "a": "not  asked"}),
    "ill": (True, {"h": "Heart", "l": "Lung", "none_of_these": "None of these"}),
    "nobody": (False, {}),
}


def answered() -> Table:
    """Two arms of eight who answered alike; of those without an answer the last was not asked."""
    protocol = made_up_protocol(arms=2)
    listed = tuple(Characteristic(form="history", item=name) for name in ANSWERS)
    report = replace(protocol.report, standardised_differences=True)
    protocol = replace(protocol, characteristics=listed, report=report)
    made = made_up_datasets(protocol)
    people = made.subjects[["subject_id", "arm"]]
    last = np.arange(len(people)) % 8 == 7
    frames = [
        people.assign(
            characteristic=f"history.{name}",
            value=np.nan,
            category=list(answers) * 2,
            not_asked=last & (answers[-1] is None),
            not_applicable=False,
        )
        for name, answers in ANSWERS.items()
    ]
    kinds = {
        f"history.{name}": CharacteristicKind(several=several, labels=labels)
        for name, (several, labels) in KINDS.items()
    }
    data = replace(made, characteristics=pd.concat(frames), characteristic_kinds=kinds)
    data = replace(data, characteristics=data.characteristics.reset_index(drop=True))
    index = ResultIndex(Results(rows=tuple(state_baseline(protocol, data))))
    table = baseline_table(protocol, index)
    assert table is not None
    return table


def printed(table: Table, head: str) -> list[list[str]]:
    group = next(group for group in table.groups if group.head == head)
    return [[row.head, *(cell.text for cell in row.cells)] for row in group.rows]


def test_a_category_may_be_called_as_the_row_of_those_without_one() -> None:
    assert printed(answered(), "said") == [
        ["Missing", "2 (40%)", "2 (40%)", "0.00"],
        ["0", "3 (60%)", "3 (60%)", ""],
        ["not  asked", "0 (0%)", "0 (0%)", ""],
        ["Missing (no answer)", "2", "2", ""],
        ["Not asked (no answer)", "1", "1", ""],
    ]


def test_of_several_choices_each_has_its_row_and_its_difference_and_the_note_says_so() -> None:
    table = answered()
    assert printed(table, "ill") == [
        ["Heart", "4 (67%)", "4 (67%)", "0.00"],
        ["Lung", "3 (50%)", "3 (50%)", "0.00"],
        ["None of these", "1 (17%)", "1 (17%)", "0.00"],
        ["Missing", "2", "2", ""],
    ]
    assert [group.note for group in table.groups] == ["", SEVERAL, ""]
    assert not [cell.note for row in table.groups[1].rows for cell in row.cells if cell.note]
    assert table.notes[-2:] == (STANDARDISED, OF_EACH)
    sizes = [head.text.partition("(")[2].replace("\N{NO-BREAK SPACE}", " ") for head in table.heads]
    assert sizes == ["n = 8)", "n = 8)", ""]


def test_free_text_that_nobody_gave_has_no_mean() -> None:
    assert printed(answered(), "nobody") == [
        ["Missing", "7", "7", "\N{EM DASH}"],
        ["Not asked", "1", "1", ""],
    ]


def test_nobody_of_an_arm_with_a_value_is_nobody_of_nobody(example: Line) -> None:
    name, protocol = "demographics.sex", example.protocol
    own = example.datasets.characteristics
    empty = own.assign(category=own["category"].mask(own["characteristic"] == name))
    data = replace(example.datasets, characteristics=empty)
    table = baseline_table(
        protocol, ResultIndex(Results(rows=tuple(state_baseline(protocol, data))))
    )
    assert table is not None
    nothing = ["0 of 0 (no value)"] * 2
    assert [row[:3] for row in printed(table, "Sex")[:2]] == [
        ["Female", *nothing],
        ["Male", *nothing],
    ]
