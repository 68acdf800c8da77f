"""Each delta has its difference, where it tips is a row, and that nothing of the grid changes it is said."""

from collections.abc import Sequence
from dataclasses import replace

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, result, rows
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Table
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.tipping import tipping_tables
from trialkit.report.tables.tipping_grid import stated_grids
from trialkit.results.deltas import delta_term
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

MINUS = "\N{MINUS SIGN}"
GRID = DeltaGrid(first=-2, last=4, step=2)
ONE = TippingPoint(arm="A1", deltas=GRID)
TWO = replace(ONE, other_deltas=DeltaGrid(first=-1, last=1))
PLACE = {"analysis_id": "tip", "method": "tipping_point", "visit": "V1"}


def trial(specification: TippingPoint = ONE, arms: int = 2, **changes: object) -> Protocol:
    made = made_up_protocol(arms=arms)
    planned = replace(
        made.plan.analyses[0],
        id="tip",
        role=AnalysisRole.SENSITIVITY,
        specification=specification,
        family="",
    )
    pain, better = made.outcomes
    return replace(
        made,
        outcomes=(replace(pain, **changes), better),
        plan=replace(made.plan, analyses=(*made.plan.analyses, planned)),
    )


def point(term: str, estimate: float, p: float) -> list[Result]:
    stats = {
        Stat.ESTIMATE: estimate, Stat.CONF_LOW: estimate - 3, Stat.CONF_HIGH: estimate + 3,
        Stat.P_VALUE: p, Stat.CONF_LEVEL: 0.95,
    }  # fmt: skip
    return list(rows(stats, **PLACE, term=term))


def grid(specification: TippingPoint = ONE, contrast: str = "A1 - A0") -> list[Result]:
    """Differences of -6 with 1 more for each delta, and p of 0.035 with 0.01 more."""
    moves = specification.moves
    return [
        row
        for delta in moves.deltas
        for other in moves.other_deltas
        for row in point(
            delta_term(contrast, delta, other if moves.is_two_way else None),
            -6 + delta - other,
            max(0.001, 0.035 + delta / 100 - other / 1000),
        )
    ]


def tips(significance: float | None, importance: float | None = None) -> list[Result]:
    found = {Stat.TIPPING_DELTA: significance, Stat.IMPORTANCE_DELTA: importance}
    return list(rows(found, **PLACE, term="A1 - A0"))


def cells(table: Table) -> list[list[str]]:
    return [[row.head, *(cell.text for cell in row.cells)] for row in table.rows]


def drawn(protocol: Protocol, found: Sequence[Result]) -> Table:
    (table,) = tipping_tables(protocol, index_of(*found))
    return table


def test_one_way_has_a_row_for_each_delta_and_says_where_it_tips() -> None:
    table = drawn(trial(important_difference=5.0), [*grid(), *tips(2.0, 1.25)])
    assert cells(table) == [
        [f"{MINUS}2", f"{MINUS}8.0 ({MINUS}11.0 to {MINUS}5.0)", "0.015"],
        ["0 (nothing added)", f"{MINUS}6.0 ({MINUS}9.0 to {MINUS}3.0)", "0.035"],
        ["2", f"{MINUS}4.0 ({MINUS}7.0 to {MINUS}1.0)", "0.055"],
        ["4", f"{MINUS}2.0 ({MINUS}5.0 to 1.0)", "0.075"],
        ["p is 0.05 at", "2.00", ""],
        [f"The difference is the important one ({MINUS}5 mm) at", "1.25", ""],
    ]
    assert [head.text for head in table.heads] == ["Difference (95% CI)", "p"]
    assert table.stub == "Delta in Arm 1, mm"
    assert table.caption == (
        "Pain, week 4: difference between arms with a delta added to imputed values of Arm 1"
    )
    assert table.notes[0] == "Positive deltas are worse values: lower is better."
    assert table.notes[1] == "Difference: Arm 1 vs Arm 0. P values are not adjusted."


def test_every_number_leads_to_its_row_of_the_results() -> None:
    found = [*grid(), *tips(2.0, 1.25)]
    table = drawn(trial(important_difference=5.0), found)
    behind = {name for row in table.rows for cell in row.cells for name in cell.results}
    printed = {Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.P_VALUE}
    printed |= {Stat.TIPPING_DELTA, Stat.IMPORTANCE_DELTA}
    assert behind == {row.result_id for row in found if row.stat_name in printed}


def test_that_no_delta_of_the_grid_changes_it_is_said_plainly() -> None:
    table = drawn(trial(), [*grid(), *tips(None)])
    assert cells(table)[-1] == ["p is 0.05 at", "no delta of the grid changes it", ""]
    assert not table.rows[-1].cells[0].note


def test_where_no_value_is_moved_the_table_says_why_all_rows_are_alike() -> None:
    still = [
        row for delta in ONE.moves.deltas for row in point(delta_term("A1 - A0", delta), -6.0, 0.02)
    ]
    said = "none of its values is imputed at or after an event"
    assert said in drawn(trial(), still).notes[0]
    assert not any(said in note for note in drawn(trial(), grid()).notes)


def test_which_sign_is_worse_follows_from_what_is_better() -> None:
    table = drawn(trial(direction=Direction.HIGHER), grid())
    assert table.notes[0] == "Negative deltas are worse values: higher is better."


def test_two_ways_are_a_compact_table_of_differences_with_p() -> None:
    table = drawn(trial(TWO), [*grid(TWO), *tips(2.0)])
    assert [head.text for head in table.heads] == [
        f"{MINUS}1 in Arm 0", "0 in Arm 0", "1 in Arm 0",
    ]  # fmt: skip
    assert cells(table)[1] == [
        "0 (nothing added)", f"{MINUS}5.0 (0.036)", f"{MINUS}6.0 (0.035)", f"{MINUS}7.0 (0.034)",
    ]  # fmt: skip
    assert cells(table)[-1] == ["p is 0.05 at", "", "2.00", ""]
    assert table.caption.endswith("imputed values of Arm 1 and of Arm 0")
    assert "Not every point" not in " ".join(table.notes)


def test_of_a_large_grid_even_steps_from_nothing_added_are_printed() -> None:
    large = DeltaGrid(first=-10, last=10)
    both = replace(ONE, deltas=large, other_deltas=large)
    table = drawn(trial(both), [*grid(both), *tips(None)])
    assert [head.text.split()[0] for head in table.heads] == [
        f"{MINUS}9", f"{MINUS}6", f"{MINUS}3", "0", "3", "6", "9",
    ]  # fmt: skip
    heads = [row.head for row in table.rows[:-1]]
    assert heads[0] == f"{MINUS}10"
    assert heads[5] == "0 (nothing added)"
    assert len(heads) == 11
    assert table.notes[-1].startswith("Not every point of the grid is printed")


def test_what_could_not_be_carried_out_is_not_estimable_with_the_reason() -> None:
    why = result(
        Stat.ESTIMATE, None, **PLACE, term="analysis", status=Status.NOT_ESTIMABLE,
        note="not estimable: nobody has a value",
    )  # fmt: skip
    table = drawn(trial(), [why])
    assert cells(table) == [["Every delta", "not estimable", ""]]
    assert "nobody has a value" in table.rows[0].cells[0].note
    assert table.claims[0].lacks == "no result of tip"


def test_where_the_reference_is_moved_each_arm_has_a_part() -> None:
    own = replace(ONE, arm="A0")
    found = [*grid(own, "A1 - A0"), *grid(own, "A2 - A0")]
    table = drawn(trial(own, arms=3), found)
    assert [group.head for group in table.groups] == ["Arm 1 vs Arm 0", "Arm 2 vs Arm 0"]
    assert table.stub == "Delta in Arm 0, mm"
    assert table.notes[-1] == (
        "Difference: Arm 1 vs Arm 0 and Arm 2 vs Arm 0. P values are not adjusted."
    )


def test_it_stands_in_its_own_table_and_not_among_additional_analyses() -> None:
    protocol, index = trial(), index_of(*grid(), *tips(2.0))
    assert additional_table(protocol, index) is None
    (found,) = stated_grids(protocol, index)
    assert found.is_stated
    assert (found.moved.code, found.other.code) == ("A1", "A0")
    assert tipping_tables(made_up_protocol(), index) == ()
