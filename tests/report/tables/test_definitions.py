"""The tables of definitions say, under each head, what the protocol says there."""

from dataclasses import replace

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Row, Table
from trialkit.report.tables.definitions import estimands_table, outcome_definitions

TRIAL = made_up_protocol(visits=3)
PAIN = TRIAL.outcome("pain")
WALK = replace(
    PAIN, code="walk", label="Walking distance", role=OutcomeRole.SECONDARY, unit="m",
    metric="final value", aggregation="median", time_point="V1", direction=Direction.HIGHER,
    minimal_important_change=2.5, minimal_important_change_source="a survey",
    assumed="That a walk is straight",
)  # fmt: skip
SLEEP = replace(
    PAIN, code="sleep", label="Sleep", unit="", role=OutcomeRole.EXPLORATORY,
    minimal_important_change=None, minimal_important_change_source="nobody knows",
)  # fmt: skip
REST = replace(
    SLEEP, code="rest", label="Rest", role=OutcomeRole.SECONDARY, minimal_important_change=3
)


def trial(*outcomes: Outcome) -> Protocol:
    return replace(TRIAL, outcomes=outcomes)


def by_head(table: Table, row: Row) -> dict[str, str]:
    return {head.text: cell.text for head, cell in zip(table.heads, row.cells, strict=True)}


def test_an_outcome_is_defined_by_what_the_protocol_says_of_it() -> None:
    table = outcome_definitions(trial(PAIN, WALK))
    pain, walk = table.rows
    assert (pain.head, walk.head) == ("Pain", "Walking distance")
    assert by_head(table, pain) == {
        "Unit": "mm",
        "Metric": "change from baseline",
        "Aggregation": "mean",
        "Time point": "Week 8",
        "Better": "lower",
        "Minimal important change": "15 mm",
        "Assumed": "nothing",
    }
    assert by_head(table, walk) == {
        "Unit": "m",
        "Metric": "final value",
        "Aggregation": "median",
        "Time point": "Week 4",
        "Better": "higher",
        "Minimal important change": "2.5 m",
        "Assumed": "That a walk is straight",
    }
    assert all(row.indented for row in table.rows)
    assert all(cell.words for row in table.rows for cell in row.cells)
    assert all(head.words for head in table.heads)


def test_what_an_outcome_lacks_is_said_in_words() -> None:
    table = outcome_definitions(trial(SLEEP, REST))
    sleep, rest = (by_head(table, row) for row in table.rows)
    assert sleep["Unit"] == "none"
    assert sleep["Minimal important change"] == "not stated"
    assert rest["Minimal important change"] == "3"


def test_outcomes_stand_under_their_role_in_the_order_of_the_protocol() -> None:
    table = outcome_definitions(trial(WALK, PAIN, REST, SLEEP))
    assert [(group.head, [row.head for row in group.rows]) for group in table.groups] == [
        ("Secondary outcomes", ["Walking distance", "Rest"]),
        ("Primary outcomes", ["Pain"]),
        ("Exploratory outcomes", ["Sleep"]),
    ]


def test_the_source_of_a_minimal_important_change_is_noted_once_and_only_with_the_change() -> None:
    again = replace(PAIN, code="again")
    unsourced = replace(PAIN, label="Other", minimal_important_change_source="")
    table = outcome_definitions(trial(PAIN, again, WALK, SLEEP, unsourced))
    assert table.notes == (
        "Minimal important change, Pain: a consensus.",
        "Minimal important change, Walking distance: a survey.",
    )


def test_the_definitions_answer_item_14_and_show_no_data() -> None:
    table = outcome_definitions(TRIAL)
    assert (table.anchor, table.stub) == ("table-outcome-definitions", "Outcome")
    assert [(claim.item, claim.part) for claim in table.claims] == [("14", "every outcome")]
    assert table.supplementary
    assert not table.shown_as_data


def test_an_estimand_is_told_by_its_five_attributes() -> None:
    events = (
        IntercurrentEvent(event="Stopping", strategy=Strategy.TREATMENT_POLICY),
        IntercurrentEvent(event="Death", strategy=Strategy.COMPOSITE),
    )
    first = Estimand(
        code="E1", treatment="Care against none", population="safety", variable="Change of pain",
        intercurrent_events=events, summary="Difference in means",
    )  # fmt: skip
    second = replace(
        first, code="E2", treatment="Other care", population="itt", variable="Recovery",
        intercurrent_events=(), summary="Risk difference",
    )  # fmt: skip
    table = estimands_table(replace(TRIAL, estimands=(first, second)))
    assert table is not None
    assert table.stub == "Estimand"
    one, two = table.rows
    assert (one.head, two.head) == ("E1", "E2")
    assert by_head(table, one) == {
        "Treatment conditions": "Care against none",
        "Population": "Safety",
        "Variable": "Change of pain",
        "Intercurrent events (strategy)": "Stopping (treatment policy); Death (composite)",
        "Population-level summary": "Difference in means",
    }
    assert [cell.text for cell in two.cells] == [
        "Other care", "Intention to treat", "Recovery", "none named", "Risk difference",
    ]  # fmt: skip
    assert (table.supplementary, table.shown_as_data) == (True, False)
    assert all(each.words for each in (*table.heads, *one.cells, *two.cells))


def test_a_protocol_without_estimands_has_no_table_of_them() -> None:
    assert estimands_table(replace(TRIAL, estimands=())) is None
