"""The tables of outcomes print what the results hold, and nothing else."""

from dataclasses import replace

import pytest

from tests.line import Line
from tests.report.factory import made_up_line, made_up_protocol
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.report.content.tables import Row, RowGroup, Table
from trialkit.report.numbers.numbers import (
    mean_sd,
    median_quartiles,
    p_value,
    percent_points,
    with_interval,
)
from trialkit.report.tables.headlines import headlines
from trialkit.report.tables.outcome_heads import outcome_head
from trialkit.report.tables.outcomes import outcomes_table
from trialkit.report.tables.proportions import proportions_table
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat


def table_of(line: Line) -> Table:
    table = outcomes_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    return table


def group_of(table: Table, label: str) -> RowGroup:
    return next(group for group in table.groups if group.head.startswith(label))


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


@pytest.mark.parametrize(
    ("outcome", "analysis", "label"),
    [("vas", "primary", "Pain"), ("hamstring_left", "secondary", "Hamstring strength, left")],
)
def test_a_row_is_the_results_of_its_outcome(
    example: Line, outcome: str, analysis: str, label: str
) -> None:
    index = ResultIndex(example.results)
    row = group_of(table_of(example), label).rows[0]
    assert row.head == "Balance and hamstring training"
    end = index.find("descriptive", outcome=outcome, visit="W6", term="", arm="EG")
    effect = index.find(analysis, outcome=outcome, visit="W6", term="EG - CG", arm="")
    cells = texts(row)
    assert cells[:2] == ["13", "13"]
    assert cells[3] == mean_sd(end[Stat.MEAN].stat, end[Stat.SD].stat, digits=1)
    assert cells[5] == with_interval(
        effect[Stat.ESTIMATE].stat,
        effect[Stat.CONF_LOW].stat,
        effect[Stat.CONF_HIGH].stat,
        digits=1,
    )
    assert cells[7] == p_value(effect[Stat.P_VALUE].stat)


def test_the_published_p_values_are_printed_at_their_precision(example: Line) -> None:
    printed = {
        group.head.split(" – ")[0].split(",")[0]: group.rows[0].cells[7].text
        for group in table_of(example).groups
    }
    assert printed["Pain (visual analogue scale)"] == "<0.001"
    assert printed["Back strength"] == "0.015"
    assert printed["Abdominal endurance"] == "0.032"
    assert printed["Back endurance"] == "0.027"


def test_the_reference_arm_is_named_as_such(example: Line) -> None:
    for group in table_of(example).groups:
        assert texts(group.rows[1])[5:] == ["reference", "", "", ""]


def test_adjusted_p_values_stand_beside_the_raw_ones(example: Line) -> None:
    table = table_of(example)
    assert [head.text for head in table.heads][-2:] == ["p", "Adjusted p"]
    assert texts(group_of(table, "Pain").rows[0])[-1] == "—"
    raw, adjusted = texts(group_of(table, "Back strength").rows[0])[-2:]
    assert float(adjusted) >= float(raw)
    assert any("Holm's method" in note for note in table.notes)


def test_three_arms_have_an_effect_each(three_arms: Line) -> None:
    group = group_of(table_of(three_arms), "Knee function")
    effects = [texts(row)[5] for row in group.rows]
    assert effects[2] == "reference"
    assert all("(" in effect for effect in effects[:2])


def test_risks_are_compared_absolutely_and_relatively(three_arms: Line) -> None:
    index = ResultIndex(three_arms.results)
    table = proportions_table(three_arms.protocol, index)
    assert table is not None
    row = table.rows[0]
    outcome = next(
        each for each in three_arms.protocol.outcomes if each.label in table.groups[0].head
    )
    analysis = next(
        each for each in three_arms.protocol.plan.analyses if outcome.code in each.outcomes
    )
    arm = three_arms.protocol.arms[0]
    reference = three_arms.protocol.reference
    found = index.find(
        analysis.id,
        outcome=outcome.code,
        visit=outcome.time_point,
        term=f"{arm.code} - {reference.code}",
        arm="",
        method="risk_difference",
    )
    assert texts(row)[2].startswith(percent_points(found[Stat.ESTIMATE].stat))
    assert [head.text.split(" (")[0] for head in table.heads[2:5]] == [
        "Risk difference, percentage points", "Risk ratio", "Odds ratio",
    ]  # fmt: skip
    assert "/" in texts(row)[1]


def test_without_a_binary_outcome_there_is_no_such_table(example: Line) -> None:
    assert proportions_table(example.protocol, ResultIndex(example.results)) is None


def test_an_interval_of_another_level_says_its_level() -> None:
    one = made_up_protocol()
    margin = MarginComparison(method=Method.EQUIVALENCE, margin=20, alpha=0.05)
    first = replace(one.plan.analyses[0], specification=margin)
    plan = replace(one.plan, analyses=(first, one.plan.analyses[1]))
    table = table_of(made_up_line(protocol=replace(one, plan=plan)))
    assert texts(table.groups[0].rows[1])[5].endswith("[90% CI]")


def test_an_outcome_that_the_plan_sums_up_by_its_median_is_printed_so() -> None:
    trial = made_up_protocol()
    pain, better = trial.outcomes
    protocol = replace(trial, outcomes=(replace(pain, aggregation="median"), better))
    line = made_up_line(protocol=protocol)
    table = outcomes_table(protocol, ResultIndex(line.results))
    assert table is not None
    assert table.spanning[1].text == "Median (lower to upper quartile)"
    row = line.results.find(
        analysis_id="descriptive", outcome="pain", visit="V1", term="", arm="A1"
    )
    middle, low, high = (row.value(stat) for stat in (Stat.MEDIAN, Stat.Q1, Stat.Q3))
    shown = table.groups[0].rows[1].cells[3].text
    assert shown == median_quartiles(middle, low, high, digits=1)
    assert any(note.startswith("Means, medians") for note in table.notes)


def test_a_column_of_others_than_those_with_data_says_of_how_many() -> None:
    """Baseline of eight, follow-up and change of six."""
    line = made_up_line()
    rows = line.datasets.measurements.copy()
    gone = (rows["outcome"] == "pain") & (rows["visit"] == "V1") & (rows["arm"] == "A1")
    lost = rows[gone]["subject_id"].iloc[:2]
    here = gone & rows["subject_id"].isin(lost)
    rows.loc[here, ["value", "change"]] = float("nan")
    rows.loc[here, "missing_reason"] = "not done"
    results = carry_out(line.protocol, replace(line.datasets, measurements=rows))
    table = outcomes_table(line.protocol, ResultIndex(results))
    assert table is not None
    reference, treated = table.groups[0].rows
    assert treated.cells[1].text == "6"
    assert treated.cells[2].text.endswith("; n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}8")
    assert all("n" not in cell.text for cell in (*treated.cells[3:5], *reference.cells[2:5]))


@pytest.mark.parametrize(
    ("specification", "own"), [(Ancova(), True), (MeanComparison(method=Method.WELCH_T), False)]
)
def test_observed_means_beside_the_effect_of_a_model_say_that_they_are_observed(
    specification: Specification, own: bool
) -> None:
    trial = made_up_protocol()
    first, second = trial.plan.analyses
    plan = replace(trial.plan, analyses=(replace(first, specification=specification), second))
    line = made_up_line(protocol=replace(trial, plan=plan))
    table = outcomes_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    assert (
        any(note.startswith("What is printed of the arms is as observed") for note in table.notes)
        is own
    )


@pytest.mark.parametrize(
    ("label", "unit", "kept"),
    [
        ("Vitamin C", "C", True),
        ("Time to stand, s", "s", False),
        ("Walk (m)", "m", False),
        ("Walk in m", "m", False),
        ("Distance in six minutes", "m", True),
        ("Weight in kg at rest", "kg", False),
        ("Weight", "kg", True),
    ],
)
def test_a_unit_is_left_out_only_where_the_label_has_it_as_a_unit(
    label: str, unit: str, kept: bool
) -> None:
    trial = made_up_protocol()
    pain = replace(trial.outcomes[0], label=label, unit=unit)
    protocol = replace(trial, outcomes=(pain, trial.outcomes[1]))
    (first, *_) = headlines(protocol, ResultIndex(Results(rows=())))
    head = outcome_head(pain, first, protocol)
    assert head.startswith(f"{label}, {unit} " if kept else f"{label} ")


def test_an_outcome_keeps_its_role_where_its_analysis_has_another() -> None:
    trial = made_up_protocol()
    first = replace(trial.plan.analyses[0], role=AnalysisRole.SECONDARY)
    protocol = replace(trial, plan=replace(trial.plan, analyses=(first,)))
    (headline,) = headlines(protocol, ResultIndex(Results(rows=())))
    head = outcome_head(trial.outcomes[0], headline, protocol)
    assert "primary outcome, secondary analysis" in head
