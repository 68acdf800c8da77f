"""What participants got is tabled by arm: sessions, other care, and deviations."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, rows, statistics
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Table
from trialkit.report.tables.delivery import (
    adherence_table,
    attended_cell,
    concomitant_table,
    deviations_table,
)
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

NB = "\N{NO-BREAK SPACE}"
TRIAL = made_up_protocol(arms=3)


def of_sessions(arm: str, term: str, numbers: dict[Stat, float | None]) -> tuple[Result, ...]:
    return rows(numbers, analysis_id="adherence", outcome="", term=term, arm=arm)


TOTALS: dict[Stat, float | None] = {
    Stat.N: 13, Stat.PLANNED: 240, Stat.PRESCRIBED: 234, Stat.ATTENDED: 203.5, Stat.UNKNOWN: 2,
    Stat.PERCENT: 87.0,
}  # fmt: skip
SHARES: dict[Stat, float | None] = {
    Stat.MEAN: 86.44, Stat.SD: 9.96, Stat.MEDIAN: 88, Stat.Q1: 80.5, Stat.Q3: 95.25,
    Stat.MIN: 55.5, Stat.MAX: 100,
}  # fmt: skip
LOG = [
    *of_sessions("A2", "", TOTALS), *of_sessions("A2", "percent of prescribed", SHARES),
    *of_sessions("A2", "minutes", {Stat.MEAN: 433.6, Stat.SD: 60.2}),
    *of_sessions("A1", "", TOTALS | {Stat.N: 14, Stat.ATTENDED: 117}),
]  # fmt: skip


DOSE = [
    *of_sessions("A2", "sets", {Stat.N: 12, Stat.N_MISSING: 1, Stat.MEAN: 34.4, Stat.SD: 5.6}),
    *of_sessions("A2", "progression", {Stat.N: 13, Stat.N_MISSING: 0, Stat.MEAN: 2.24, Stat.SD: 1}),
]


def test_the_dose_is_told_as_far_as_it_is_collected_and_the_rest_is_no_zero() -> None:
    table = adherence_table(TRIAL, index_of(*LOG, *DOSE))
    told = cells(table)
    assert told["Sets completed by a participant in all, mean (SD)"] == "34 (6)"
    assert told["Participants of whom it is not known"] == "1"
    assert told["Change of the load from the first to the last session, mean (SD)"] == "2.2 (1.0)"
    assert not any("epetitions" in head for head in told)
    assert table is not None
    assert table.notes[-1] == "Not collected: repetitions of the sessions."


def test_nothing_is_said_of_a_dose_that_no_log_asks_for() -> None:
    table = adherence_table(TRIAL, index_of(*LOG))
    assert table is not None
    assert not any("ollected" in note for note in table.notes)


def cells(table: Table | None, column: int = -1) -> dict[str, str]:
    assert table is not None
    return {row.head: row.cells[column].text for row in table.rows}


def test_sessions_are_told_of_the_arms_that_log_them_each_number_in_its_row() -> None:
    table = adherence_table(TRIAL, index_of(*LOG))
    assert cells(table) == {
        "Participants": "13",
        "Sessions planned": "240",
        "Sessions attended of those prescribed, n/N (%)": "203.5/234 (87.0%)",
        "Sessions of which attendance is not known": "2",
        "Attendance of a participant, % of prescribed, mean (SD)": "86.4 (10.0)",
        "Attendance of a participant, median (quartiles)": "88.0 (80.5 to 95.3)",
        "Attendance of a participant, lowest to highest": "55.5 to 100.0",
        "Minutes of a participant in all, mean (SD)": "434 (60)",
    }
    assert table is not None
    assert [head.text for head in table.heads] == ["Arm 1", "Arm 2"]
    assert cells(table, 0)["Sessions attended of those prescribed, n/N (%)"] == "117/234 (50.0%)"
    assert cells(table, 0)["Participants"] == "14"
    assert [(claim.item, claim.part) for claim in table.claims] == [("24a", "attendance")]
    assert table.notes == (
        (
            "Prescribed: sessions planned up to withdrawal or the data cut, without those of which "
            "attendance is not known."
        ),
    )


def test_minutes_have_a_row_only_where_any_arm_logs_them() -> None:
    none = [row for row in LOG if row.term != "minutes"]
    assert not any("Minutes" in head for head in cells(adherence_table(TRIAL, index_of(*none))))


def test_of_whom_the_minutes_are_not_known_is_said_where_there_is_anybody() -> None:
    head = "Participants with a session of unknown minutes"
    assert head not in cells(adherence_table(TRIAL, index_of(*LOG)))
    some = index_of(*LOG, *of_sessions("A2", "minutes", {Stat.N_MISSING: 3}))
    assert cells(adherence_table(TRIAL, some))[head] == "3"


def test_of_sessions_that_nobody_knows_of_there_is_no_lowest_nor_highest() -> None:
    unknown = TOTALS | {Stat.PRESCRIBED: 0, Stat.ATTENDED: 0, Stat.PERCENT: None}
    table = cells(adherence_table(TRIAL, index_of(*of_sessions("A2", "", unknown))))
    assert table["Attendance of a participant, lowest to highest"] == "—"


def test_without_a_log_there_is_no_table() -> None:
    planned = of_sessions("A1", "", {Stat.N: 14, Stat.PLANNED: 6})
    assert adherence_table(TRIAL, index_of(*planned)) is None


def test_attended_sessions_stand_over_those_prescribed_and_lead_to_their_rows() -> None:
    found = statistics(TOTALS, analysis_id="adherence", outcome="", arm="A2")
    cell = attended_cell(found)
    assert cell.text == "203.5/234 (87.0%)"
    assert cell.results == tuple(
        f"adherence/A2/{stat}" for stat in ("attended", "prescribed", "percent")
    )


def people(shelf: str, term: str, *counts: tuple[str, int, int]) -> list[Result]:
    return [
        row
        for arm, events, of in counts
        for row in rows(
            {Stat.EVENTS: events, Stat.N: of, Stat.PERCENT: 1.0},
            analysis_id=shelf, outcome="", term=term, arm=arm,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "shelf", "before", "everything"),
    [
        (concomitant_table, "concomitant", "care: ", "Any other care"),
        (deviations_table, "deviations", "deviation: ", "Any deviation"),
    ],
)
def test_a_term_that_reads_like_the_row_of_all_of_them_is_told_from_it(
    make: Callable[[Protocol, ResultIndex], Table | None], shelf: str, before: str, everything: str
) -> None:
    typed = everything.upper()
    index = index_of(
        *people(shelf, "any", ("A0", 3, 8)), *people(shelf, f"{before}{typed}", ("A0", 1, 8))
    )
    assert list(cells(make(TRIAL, index))) == [everything, f"{typed} (as recorded)"]


@pytest.mark.parametrize(
    ("make", "shelf", "before", "everything", "anchor", "item"),
    [
        (concomitant_table, "concomitant", "care: ", "Any other care", "table-concomitant", "24b"),
        (deviations_table, "deviations", "deviation: ", "Any deviation", "table-deviations", ""),
    ],
)  # fmt: skip
def test_people_are_counted_by_arm_under_everything_and_each_term(  # noqa: PLR0917
    make: object, shelf: str, before: str, everything: str, anchor: str, item: str
) -> None:
    sizes = {"A0": 10, "A1": 20, "A2": 25}

    def row(term: str, *numbers: int) -> list[Result]:
        counts = zip(sizes, numbers, strict=True)
        return people(shelf, term, *((arm, n, sizes[arm]) for arm, n in counts))

    found = [*row("any", 4, 5, 6), *row(f"{before}yoga", 1, 2, 3), *row(f"{before}any", 3, 0, 1)]
    table: Table | None = make(TRIAL, index_of(*found))  # type: ignore[operator]
    assert table is not None
    assert table.anchor == anchor
    assert [head.text for head in table.heads] == [
        f"Arm {n} (n{NB}={NB}{size})" for n, size in enumerate(sizes.values())
    ]
    assert [
        (each.head, each.indented, [cell.text for cell in each.cells]) for each in table.rows
    ] == [
        (everything, False, ["4 (40%)", "5 (25%)", "6 (24%)"]),
        ("yoga", True, ["1 (10%)", "2 (10%)", "3 (12%)"]),
        ("any", True, ["3 (30%)", "0 (0%)", "1 (4%)"]),
    ]
    assert table.rows[1].cells[2].results == tuple(
        f"{shelf}/{before}yoga/A2/{stat}" for stat in ("events", "n", "percent")
    )
    assert [claim.item for claim in table.claims] == ([item] if item else [])
    assert table.supplementary is not bool(item)
    assert make(TRIAL, index_of()) is None  # type: ignore[operator]


def test_of_whom_a_deviation_is_not_known_stands_in_a_row_of_its_own() -> None:
    open_of = [
        row
        for arm, count in (("A0", 0), ("A1", 2), ("A2", 1))
        for row in rows(
            {Stat.N_UNKNOWN: count},
            analysis_id="deviations", outcome="", term="deviation: Late", arm=arm,
        )
    ]  # fmt: skip
    late = people("deviations", "deviation: Late", ("A0", 1, 10), ("A1", 0, 20), ("A2", 2, 25))
    table = deviations_table(TRIAL, index_of(*late, *open_of))
    assert table is not None
    assert [(each.head, [cell.text for cell in each.cells]) for each in table.rows] == [
        ("Late", ["1 (10%)", "none known", "at least 2 (8%)"]),
        ("Late: not known", ["0", "2", "1"]),
    ]


def test_the_order_of_arms_is_the_protocol_s() -> None:
    turned: Protocol = replace(TRIAL, arms=TRIAL.arms[::-1])
    table = adherence_table(turned, index_of(*LOG))
    assert table is not None
    assert [head.text for head in table.heads] == ["Arm 2", "Arm 1"]
