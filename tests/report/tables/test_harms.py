"""Harms are tabled by arm as participants and as events, with differences, and none is none."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.rows import harms_difference as difference
from tests.report.rows import index_of, result, rows
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Table
from trialkit.report.tables.harms import harms_differences_table, harms_table
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

MINUS, NB = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
TRIAL = replace(
    made_up_protocol(arms=3), plan=replace(made_up_protocol().plan, confidence_level=0.9)
)
SIZES = {"A0": 40, "A1": 50, "A2": 80, "A3": 100}


def counted(
    term: str, arm: str, people: int, events: int, high: float | None = None
) -> tuple[Result, ...]:
    numbers: dict[Stat, float | None] = {
        Stat.N: SIZES[arm], Stat.EVENTS: people, Stat.PERCENT: 1.0, Stat.N_EVENTS: events,
    }  # fmt: skip
    if high is not None:
        numbers[Stat.CONF_HIGH] = high
    return rows(numbers, analysis_id="harms", outcome="", term=term, arm=arm)


def unknown(found: tuple[Result, ...]) -> tuple[Result, ...]:
    """The same where it is not known of one more whether they had the event."""
    first = found[0]
    return (
        *found,
        replace(first, result_id=f"{first.result_id}/u", stat_name=Stat.N_UNKNOWN, stat=1),
    )


FOUND = [
    *counted("any", "A0", 4, 6), *counted("any", "A1", 10, 13), *counted("any", "A2", 8, 9),
    *difference("any", "A1", 0.1, -0.025, 0.25), *difference("any", "A2", 0.0, -0.1, 0.1),
    *counted("any: serious", "A0", 0, 0, 0.072), *counted("any: serious", "A1", 1, 2),
    *counted("any: serious", "A2", 0, 0, 0.0368),
    *difference("any: serious", "A1", 0.02, -0.05, 0.1),
    *counted("event: nausea", "A0", 3, 5), *counted("event: nausea", "A1", 2, 2),
    *counted("event: nausea", "A2", 7, 11),
]  # fmt: skip


def table_of(index: ResultIndex, protocol: Protocol = TRIAL) -> Table:
    found = harms_table(protocol, index)
    assert found is not None
    return found


def texts(table: Table) -> list[tuple[str, str, list[str]]]:
    return [
        (group.head, row.head, [cell.text for cell in row.cells])
        for group in table.groups
        for row in group.rows
    ]


def test_every_arm_has_its_participants_and_its_events_and_others_a_difference() -> None:
    kinds, single = "Participants with at least one event", "By event"
    dash = "\N{EM DASH}"
    assert texts(table_of(index_of(*FOUND))) == [
        (
            kinds, "Any adverse event",
            ["4 (10%)", "6", "10 (20%)", "13", "8 (10%)", "9", f"10.0 ({MINUS}2.5 to 25.0)",
             f"0.0 ({MINUS}10.0 to 10.0)"],
        ),
        (
            kinds, "Serious",
            ["0 (0%)", "0", "1 (2%)", "2", "0 (0%)", "0", f"2.0 ({MINUS}5.0 to 10.0)", dash],
        ),
        (single, "nausea", ["3 (8%)", "5", "2 (4%)", "2", "7 (9%)", "11", dash, dash]),
    ]  # fmt: skip


def test_the_heads_name_arms_with_their_size_and_differences_with_the_level() -> None:
    table = table_of(index_of(*FOUND))
    assert [(head.text, head.span) for head in table.spanning] == [
        (f"Arm 0 (n{NB}={NB}40)", 2), (f"Arm 1 (n{NB}={NB}50)", 2), (f"Arm 2 (n{NB}={NB}80)", 2),
        ("Risk difference, percentage points (90% CI)", 2),
    ]  # fmt: skip
    pair = ["Participants, n (%)", "Events, n"]
    assert [head.text for head in table.heads] == [
        *pair, *pair, *pair, "Arm 1 vs reference", "Arm 2 vs reference",
    ]  # fmt: skip
    two = table_of(index_of(*FOUND), made_up_protocol())
    assert [head.text for head in two.heads] == [*pair, *pair, "vs reference"]


def test_cells_lead_to_the_rows_they_print() -> None:
    row = table_of(index_of(*FOUND)).rows[0]
    place = "harms/any/A1/"
    assert row.cells[2].results == (f"{place}events", f"{place}n", f"{place}percent")
    assert row.cells[3].results == (f"{place}n_events",)
    assert row.cells[6].results[0] == "harms/any/A1 - A0/risk_difference/estimate"


def test_what_none_may_mean_is_noted_once_an_arm_by_its_first_empty_row() -> None:
    first, method, note = table_of(index_of(*FOUND)).notes
    assert method == "Differences have Newcombe's hybrid score 90% limits."
    assert first.startswith("Participants are counted once in each row")
    assert note == (
        "Where nobody in an arm had an event, the risk may still be up to 7.2% in Arm 0 "
        f"(n{NB}={NB}40) and 3.7% in Arm 2 (n{NB}={NB}80) (upper exact 90% limits)."
    )
    some = [row for row in FOUND if row.term != "any: serious"]
    assert len(table_of(index_of(*some)).notes) == 2


def test_the_table_answers_item_27_and_has_no_group_without_rows() -> None:
    kinds = [row for row in FOUND if not row.term.startswith("event")]
    table = table_of(index_of(*kinds))
    assert [group.head for group in table.groups] == ["Participants with at least one event"]
    assert [(claim.item, claim.part) for claim in table.claims] == [
        ("27", "harms"),
        ("13a", "analysed for harms"),
    ]
    assert all(row.indented for row in table.rows)


FOUR = replace(made_up_protocol(arms=4), plan=TRIAL.plan)
OF_FOUR = [*FOUND, *counted("any", "A3", 25, 31), *difference("any", "A3", 0.15, 0.01, 0.3)]


def test_many_arms_share_a_cell_and_their_differences_have_a_table_of_their_own() -> None:
    index = index_of(*OF_FOUR)
    table = table_of(index, FOUR)
    assert table.spanning == ()
    assert [head.text for head in table.heads] == [
        f"Arm {n} (n{NB}={NB}{size})" for n, size in enumerate(SIZES.values())
    ]
    assert [cell.text for cell in table.rows[0].cells] == [
        "4 (10%) [6]", "10 (20%) [13]", "8 (10%) [9]", "25 (25.0%) [31]",
    ]  # fmt: skip
    assert "Participants, n (%), and in brackets the number of events." in table.notes
    apart = harms_differences_table(FOUR, index)
    assert apart is not None
    assert apart.caption.endswith("percentage points (90% CI)")
    assert [head.text for head in apart.heads] == [f"Arm {n} vs reference" for n in (1, 2, 3)]
    assert [cell.text for cell in apart.rows[0].cells] == [
        f"10.0 ({MINUS}2.5 to 25.0)", f"0.0 ({MINUS}10.0 to 10.0)", "15.0 (1.0 to 30.0)",
    ]  # fmt: skip
    assert apart.supplementary
    assert apart.notes == ("Differences have Newcombe's hybrid score 90% limits.",)


def test_both_tables_of_many_arms_say_once_which_events_no_arm_counts() -> None:
    note = "2 events of participants outside the population"
    index = index_of(*(replace(row, note=note) for row in OF_FOUR))
    apart = harms_differences_table(FOUR, index)
    assert apart is not None
    assert apart.notes[1:] == (f"Not counted: {note}.",)
    for table in (apart, table_of(index, FOUR)):
        assert not [cell.note for row in table.rows for cell in row.cells if cell.note]


def test_three_arms_need_no_second_table_and_without_counts_there_is_none() -> None:
    assert harms_differences_table(TRIAL, index_of(*FOUND)) is None
    assert harms_differences_table(FOUR, index_of()) is None
    assert harms_table(TRIAL, index_of()) is None


def test_what_is_not_known_is_printed_as_that() -> None:
    some = [
        *counted("any", "A0", 4, 6), *counted("any", "A1", 10, 13),
        *unknown(counted("any: serious", "A0", 0, 0)), *unknown(counted("any: serious", "A1", 2, 2)),
        result(Stat.ESTIMATE, None, analysis_id="harms", outcome="", term="any: serious",
               arm="A1 - A0", method="risk_difference", status=Status.NOT_ESTIMABLE),
        *counted("any: seriousness not recorded", "A0", 1, 1),
        *counted("any: seriousness not recorded", "A1", 0, 0),
        *counted("worst severity: mild", "A0", 4, 6), *counted("worst severity: mild", "A1", 10, 13),
    ]  # fmt: skip
    table = table_of(index_of(*some), made_up_protocol())
    dash = "\N{EM DASH}"
    assert [(row, cells) for _, row, cells in texts(table)][1:] == [
        ("Serious", ["none known", "0", "at least 2 (4%)", "2", "not estimable"]),
        ("Seriousness not recorded", ["1 (3%)", "1", "0 (0%)", "0", dash]),
        ("Mild", ["4 (10%)", "6", "10 (20%)", "13", dash]),
    ]
    assert table.notes[1:] == (
        (
            "By severity, participants are counted by the worst of their events, and events by "
            "their own."
        ),
        (
            "At least, none known: of some participants it is not known whether they had such "
            "an event; no limits and no difference are given."
        ),
    )


def test_what_no_arm_counts_and_what_may_be_too_much_are_notes() -> None:
    note = "1 event of participants whose received care is not recorded"
    some = [
        *(replace(row, note=note) for row in counted("any", "A0", 4, 6)),
        *counted("any: severity not recorded", "A0", 1, 1),
        *counted("worst severity: mild", "A0", 4, 6),
        *counted("any: start before or after randomisation not known", "A0", 1, 1),
    ]
    table = table_of(index_of(*some), made_up_protocol())
    assert not [
        cell.note for group in table.groups for row in group.rows for cell in row.cells if cell.note
    ]
    notes = table.notes
    assert "by the worst known of their events" in notes[1]
    assert notes[2:] == (
        "Events that may have begun before the randomisation are counted.", f"Not counted: {note}.",
    )  # fmt: skip


CLASSED = [
    *counted("any", "A0", 4, 6), *counted("any", "A1", 10, 13),
    *counted("any: class not recorded", "A0", 1, 1), *counted("any: class not recorded", "A1", 0, 0),
    *counted("class: Nerves", "A0", 3, 4), *counted("class: Nerves", "A1", 5, 6),
    *counted("class: Nerves | ache", "A0", 2, 2), *counted("class: Nerves | ache", "A1", 3, 3),
    *counted("event: ache", "A0", 2, 2), *counted("event: ache", "A1", 3, 3),
    *counted("event: itch", "A0", 1, 1), *counted("event: itch", "A1", 0, 0),
    *counted("rare event: rash", "A0", 1, 1), *counted("rare event: rash", "A1", 1, 1),
    *counted("other terms", "A0", 1, 1), *counted("other terms", "A1", 1, 1),
    *counted("serious event: itch", "A0", 1, 1), *counted("serious event: itch", "A1", 0, 0),
]  # fmt: skip


def test_terms_stand_under_their_class_serious_ones_apart_and_rare_ones_together() -> None:
    protocol = replace(made_up_protocol(), harms=replace(TRIAL.harms, rare_below_percent=5))
    table = table_of(index_of(*CLASSED), protocol)
    rows = {group.head: [row.head for row in group.rows] for group in table.groups}
    assert rows == {
        "Participants with at least one event": ["Any adverse event", "Class not recorded"],
        "Serious events, by term": ["itch"],
        "Nerves": ["Any event: Nerves", "ache"],
        "Other events": ["itch", "Other terms"],
    }
    assert "rash" not in str(table)
    assert any(note.startswith("Other terms: those that fewer than 5%") for note in table.notes)


def test_without_classes_terms_stand_by_themselves() -> None:
    table = table_of(
        index_of(*(row for row in CLASSED if "lass" not in row.term)), made_up_protocol()
    )
    assert [group.head for group in table.groups][-1] == "By event"
    assert [row.head for row in table.groups[-1].rows] == ["ache", "itch", "Other terms"]
