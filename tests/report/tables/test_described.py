"""The outcomes of all participants together: each number from its row, at each visit that asks."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, rows
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.pooled import ALL, pooled
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.tables.described import described_table
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

WRITTEN = made_up_protocol(arms=3)
FIRST, LAST = WRITTEN.visits[0].code, WRITTEN.visits[-1].code


def one_arm(protocol: Protocol) -> Protocol:
    return pooled(
        protocol,
        outcomes=[each.code for each in protocol.outcomes],
        characteristics=[each.name for each in protocol.characteristics],
    )


def of(visit: str, numbers: dict[Stat, float | None], term: str = "") -> tuple[Result, ...]:
    found = rows(
        numbers,
        analysis_id="descriptive",
        outcome=WRITTEN.primary.code,
        visit=visit,
        term=term,
        arm=ALL,
    )
    return tuple(replace(row, population=WRITTEN.populations[0].code) for row in found)


NUMBERS: dict[Stat, float | None] = {
    Stat.N: 31, Stat.MEAN: 52.04, Stat.SD: 10.96, Stat.MEDIAN: 54.25, Stat.Q1: 43.7,
    Stat.Q3: 60.11, Stat.MIN: 29.4, Stat.MAX: 75.08,
}  # fmt: skip


def test_each_visit_has_its_row_and_the_change_stands_beside_the_value() -> None:
    later = NUMBERS | {Stat.N: 28, Stat.MEAN: 59.7}
    change: dict[Stat, float | None] = {Stat.N: 28, Stat.MEAN: -6.46, Stat.SD: 9.12}
    index = index_of(*of(FIRST, NUMBERS), *of(LAST, later), *of(LAST, change, "change"))
    table = described_table(one_arm(WRITTEN), index)
    assert table is not None
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["31", "52.0 (11.0)", "54.3 (43.7 to 60.1)", "29.4 to 75.1", "\N{EM DASH}"],
        ["28", "59.7 (11.0)", "54.3 (43.7 to 60.1)", "29.4 to 75.1", "\N{MINUS SIGN}6.5 (9.1)"],
    ]
    assert [row.head for row in table.rows] == [
        WRITTEN.visits[0].label,
        WRITTEN.visits[-1].label,
    ]
    for row in table.rows:
        assert all(cell.results for cell in row.cells[:4])


def test_an_event_is_told_as_participants_and_has_no_other_cell() -> None:
    counts: dict[Stat, float | None] = {Stat.N: 28, Stat.EVENTS: 17, Stat.PERCENT: 60.7}
    outcomes = (replace(WRITTEN.primary, type=OutcomeType.BINARY), *WRITTEN.outcomes[1:])
    told = one_arm(replace(WRITTEN, outcomes=outcomes))
    table = described_table(told, index_of(*of(LAST, counts)))
    assert table is not None
    (row,) = table.rows
    assert [cell.text for cell in row.cells] == ["28", "17/28 (61%)", *["\N{EM DASH}"] * 3]


def test_a_rate_has_its_events_beside_it() -> None:
    counts: dict[Stat, float | None] = {
        Stat.N: 80, Stat.N_EVENTS: 90, Stat.RATE: 2.59, Stat.CONF_LOW: 2.08,
        Stat.CONF_HIGH: 3.18,
    }  # fmt: skip
    outcomes = (replace(WRITTEN.primary, type=OutcomeType.COUNT), *WRITTEN.outcomes[1:])
    told = one_arm(replace(WRITTEN, outcomes=outcomes))
    table = described_table(told, index_of(*of(LAST, counts)))
    assert table is not None
    (row,) = table.rows
    assert row.cells[1].text.startswith("90 events, 2.6 (2.1 to 3.2) per ")
    assert "events, rate" in table.heads[1].text


def test_nothing_described_is_no_table() -> None:
    assert described_table(one_arm(WRITTEN), index_of()) is None
