"""Rows that the protocol prints in its own way, and standardised differences on request."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.line import Line
from trialkit.errors import ProtocolError
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowSetting, RowTable
from trialkit.report.tables.baseline import baseline_table
from trialkit.report.tables.harms import harms_table
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.results.lookup import ResultIndex


def printed_with(line: Line, **changes: Any) -> Protocol:
    return replace(line.protocol, report=replace(line.protocol.report, **changes))


def test_a_row_has_its_own_words_digits_and_footnote(example: Line) -> None:
    rows = (
        RowSetting(
            table=RowTable.OUTCOMES, of="vas", label="Worst pain", digits=3, footnote="By hand."
        ),
        RowSetting(
            table=RowTable.BASELINE, of="demographics.age_years", digits=0, footnote="At W0."
        ),
        RowSetting(table=RowTable.HARMS, of="Muscle soreness", label="Sore muscles", footnote="x"),
    )
    protocol, index = printed_with(example, rows=rows), ResultIndex(example.results)
    outcomes = outcomes_table(protocol, index)
    baseline, harms = baseline_table(protocol, index), harms_table(protocol, index)
    assert outcomes is not None
    assert baseline is not None
    assert harms is not None
    first = outcomes.groups[0]
    assert first.head.startswith("Worst pain \N{EN DASH} primary outcome")
    assert first.note == "By hand."
    assert first.rows[0].cells[5].text == "−12.538 (−18.540 to −6.537)"
    assert outcomes.groups[1].note == ""
    assert baseline.groups[0].rows[0].cells[0].text == "43 (7)"
    assert baseline.groups[0].note == "At W0."
    assert [row.note for row in harms.rows if row.head == "Sore muscles"] == ["x"]
    assert "Muscle soreness" not in [row.head for row in harms.rows]


def test_standardised_differences_stand_in_the_table_only_on_request(example: Line) -> None:
    assert "standardised_difference" not in {row.stat_name for row in example.results.rows}
    protocol = printed_with(example, standardised_differences=True)
    table = baseline_table(protocol, ResultIndex(carry_out(protocol, example.datasets)))
    assert table is not None
    assert table.heads[-1].text == "Standardised difference"
    for group in table.groups:
        assert group.rows[0].cells[-1].text
        assert group.rows[0].cells[-1].results
        assert all(row.cells[-1].text == "" for row in group.rows[1:])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('table = "outcomes"\nof = "vsa"\ndigits = 1', "'vas'"),
        ('table = "baseline"\nof = "demographics.age"\ndigits = 1', "demographics.age_years"),
        ('table = "outcomes"\nof = "vas"\ndigits = 9', "from 0 to 6"),
        ('table = "outcomes"\nof = "vas"', "a label, digits or a footnote"),
        ('table = "harms"\nof = "Headache"\ndigits = 1', "counts"),
        ('table = "else"\nof = "vas"\ndigits = 1', "one of baseline, outcomes, harms"),
    ],
)
def test_a_row_that_is_none_is_refused(
    table: str, complaint: str, example: Line, tmp_path: Path
) -> None:
    text = (example.folder / "protocol.toml").read_text(encoding="utf-8")
    (tmp_path / "protocol.toml").write_text(f"{text}\n[[report.rows]]\n{table}\n", encoding="utf-8")
    with pytest.raises(ProtocolError, match=complaint):
        load_protocol(tmp_path)


def test_the_same_row_twice_is_refused() -> None:
    row = RowSetting(table=RowTable.OUTCOMES, of="vas", digits=1)
    with pytest.raises(ProtocolError, match="more than once"):
        replace(Protocol.__dataclass_fields__["report"].default_factory(), rows=(row, row))
